"""The commands that publish a result, and that run published ones anew."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from ..errors import EnforcementSimError, ResultsError
from ..files.explain import nearest
from ..files.repository import missing
from ..model.result import Claim, Result
from ..studies import reproducing as again_
from ..studies.claims import Number, told
from ..studies.disk import write_bytes, write_text
from ..studies.points_named import values_of
from ..studies.publication import MANIFEST, Found, drawn_up, found, kept_manifest, replications_of, run_points
from ..studies.results import load_result
from ..studies.sweep import Point
from ..studies.sweep_file import Sweep
from ..views.published import ClaimRow, PointRow, Publication, by_axis, published_texts
from .manner import Manner

HISTORY, CHANGELOG = "history.md", Path("CHANGELOG.md")
MOVED = "### Published numbers that moved"


def reason(again: bool, because: str | None) -> str | None:
    """Why published numbers may move; None if they may not. Raises ResultsError."""
    if again and not (because or "").strip():
        raise ResultsError("--again needs a reason", try_='--because "the law row SAFE-01 was corrected"')
    return because if again else None


def publish_file(file: Path, name: str, into: Path, work: Path, because: str | None, manner: Manner) -> None:
    """Run a sweep and keep its result under a name; one that is there and comes out otherwise needs a reason."""
    sweep, points, result = load_result(file)
    count, folder = replications_of(sweep, points), into / name
    with manner.running(work / name) as (how, told_):
        told_.prepare(*(point.scenario for point in points))
        kept = run_points(points, count, 0, work / name, how, lambda done, total: told_(name, done, total))
        it = found(result, points, count, kept)
    seen_from = Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    files = drawn_up(name, seen_from, count, it, texts_of(name, seen_from, sweep, points, result, count, it))
    if (folder / MANIFEST).exists() and (moved := list(_moved(folder, files, it))):
        if because is None:
            raise ResultsError(
                f"{folder} is published and comes out otherwise: {'; '.join(moved[:5])}",
                try_='--again --because "why the numbers move", which is written beside them',
            )
        _note(folder, name, because, moved)
    folder.mkdir(parents=True, exist_ok=True)
    for key, content in files.items():
        write_bytes(folder / key, content)
    manner.say(f"{name}: {len(points)} points of {count} replications, {len(it.claims)} numbers, in {folder}")
    manner.end(name=name, folder=str(folder), claims={key: number.told for key, number in it.claims.items()})


def _moved(folder: Path, files: dict[str, bytes], it: Found) -> Iterator[str]:
    """In what a publication differs from what is kept: numbers first, then any other file but for the manifest."""
    yield from again_.claim_faults(kept_manifest(folder), it.claims)
    for key, content in files.items():
        if key != MANIFEST and (not (folder / key).exists() or (folder / key).read_bytes() != content):
            yield f"{key} is another"


def _note(folder: Path, name: str, because: str, moved: list[str]) -> None:
    """Write beside the result, and into the changelog where there is one, what moved and why."""
    today = dt.datetime.now(dt.UTC).date()
    before = (folder / HISTORY).read_text(encoding="utf-8") if (folder / HISTORY).exists() else "# Why numbers moved\n"
    lines = "".join(f"  - {one}\n" for one in moved)
    write_text(folder / HISTORY, f"{before}\n- {today}: {because}\n{lines}")
    if CHANGELOG.exists():
        text = CHANGELOG.read_text(encoding="utf-8")
        line = f"- `{name}`: {because} ({'; '.join(moved)})\n"
        at = text.find("## [Unreleased]")
        if MOVED in text[max(at, 0) :]:
            text = text.replace(f"{MOVED}\n\n", f"{MOVED}\n\n{line}", 1)
        elif at >= 0:
            text = text.replace("## [Unreleased]\n", f"## [Unreleased]\n\n{MOVED}\n\n{line}", 1)
        write_text(CHANGELOG, text)


def reproduce_results(
    names: list[str], everything: bool, smoke: bool, elsewhere: bool, exact: bool, where: Path, manner: Manner
) -> None:
    """Run published results anew and say of each whether it is reproduced. Exit code 1 if any is not."""
    if elsewhere and exact:
        raise ResultsError("fresh seeds cannot come out bit for bit", try_="--elsewhere or --exact")
    known = sorted(path.parent.name for path in where.glob(f"*/{MANIFEST}"))
    if not known:
        raise ResultsError(f"nothing is published in {where}", try_=f"{missing(where)} (--results DIR)")
    chosen = known if everything else names
    if unknown := [name for name in chosen if name not in known]:
        raise ResultsError(f"nothing is published as '{unknown[0]}' in {where}", try_=nearest(unknown[0], known))
    if not chosen:
        raise ResultsError("no result is named", try_=f"a name, or --all for all of {where}: {', '.join(known)}")
    outcomes: dict[str, Any] = {}
    tests: list[again_.Tested] = []
    for name in chosen:
        began = time.perf_counter()
        try:
            outcome, faults, tested = _reproduced(where / name, smoke, elsewhere, exact, manner)
        except EnforcementSimError as error:
            outcome, faults, tested = "", [f"{type(error).__name__}: {error}"], []
        tests += tested
        seconds = time.perf_counter() - began
        outcomes[name] = {"outcome": outcome, "faults": faults, "seconds": round(seconds, 1)}
        manner.say(f"{name}: NOT reproduced ({seconds:.0f} s)" if faults else f"{name}: {outcome} ({seconds:.0f} s)")
        for fault in faults:
            manner.say(f"  {fault}")
    for one in again_.failed(tests):
        fault = (
            f"claim {one.claim}: {one.kept.told} was published, a fresh sample says {one.now.told} (p = {one.p:.1e})"
        )
        outcomes[one.result]["faults"].append(fault)
        manner.say(f"{one.result}: NOT reproduced\n  {fault}")
    if tests:
        manner.say(
            f"{len(tests)} numbers tested with fresh seeds; the same program would be faulted "
            f"once in {1 / again_.ERROR_RATE:,.0f} times"
        )
    bad = [name for name, one in outcomes.items() if one["faults"]]
    manner.end(results=outcomes, not_reproduced=bad)
    if bad:
        raise typer.Exit(1)


def _reproduced(
    folder: Path, smoke: bool, elsewhere: bool, exact: bool, manner: Manner
) -> tuple[str, list[str], list[again_.Tested]]:
    """What was done and found equal, what was not, and the numbers to be tested."""
    kept = kept_manifest(folder)
    other = [] if exact else again_.of_another_program(kept)
    faults = list(again_.file_faults(folder, kept))
    file = folder / kept["file"]
    sweep, points, result = load_result(file)
    count = replications_of(sweep, points)
    if not (elsewhere or other):
        faults += again_.scenario_faults(folder, kept, points)
    if list(kept["points"]) != [point.name for point in points]:
        return "", faults or ["the sweep has other points than were published"], []
    with tempfile.TemporaryDirectory() as temporary, manner.running(work := Path(temporary)) as (how, told_):
        told_.prepare(*(point.scenario for point in points))

        def progress(done: int, total: int) -> None:
            told_(folder.name, done, total)

        if elsewhere or other:
            it = found(result, points, count, run_points(points, count, again_.MORE_SEED, work, how, progress))
            why = f" (not bit for bit here: {'; '.join(other)})" if other else ""
            return f"run with fresh seeds{why}", faults, again_.tested(folder.name, kept, it.claims)
        if smoke:
            faults += again_.smoke_faults(folder, kept, points, progress)
            return f"the first log of each of {len(points)} points is the same", faults, []
        it = found(result, points, count, run_points(points, count, 0, work, how, progress))
    faults += again_.log_faults(folder, kept, it)
    faults += again_.claim_faults(kept, it.claims)
    texts = texts_of(folder.name, kept["file"], sweep, points, result, count, it)
    faults += again_.text_faults(folder, texts)
    logs = len(points) * count
    return f"reproduced bit for bit: {logs} logs, {len(it.claims)} numbers, {len(kept['files'])} files", faults, []


def texts_of(
    name: str, file: str, sweep: Sweep, points: list[Point], result: Result, replications: int, it: Found
) -> dict[str, str]:
    """The pages, figures and tables of a result."""
    axes = list(dict.fromkeys(axis for point in points for axis in values_of(point)))
    # Where an axis moves several values together, its own name says enough.
    hidden = {path for point in points if point.labels for path in point.changes if path not in point.labels}
    axes = [axis for axis in axes if axis not in hidden]
    by_name = {point.name: point for point in points}
    rows = [
        PointRow(
            by_axis(values_of(by_name[row["point"]]), axes), row["value"], row["low"], row["high"],
            (told(row["value"], result.shows), told(row["low"], result.shows), told(row["high"], result.shows)),
            row["point"] in it.no_level,
        )
        for row in it.shown.to_dict("records")
    ]  # fmt: skip
    claims = [_claim_row(key, result.claims[key], number, key in it.no_level) for key, number in it.claims.items()]
    published = Publication(name, sweep.title, result, axes, rows, claims, replications, file)
    return published_texts(published)


def _claim_row(name: str, claim: Claim, number: Number, no_level: bool) -> ClaimRow:
    at = ", ".join(f"{key}: {value}" for key, value in claim.at.items())
    beside = "" if claim.beside is None else " − " + ", ".join(f"{key}: {value}" for key, value in claim.beside.items())
    low, high = told(number.low, claim), told(number.high, claim)
    return ClaimRow(name, f"{claim.told} ({at}{beside})", number.told, low, high, number.n, no_level)
