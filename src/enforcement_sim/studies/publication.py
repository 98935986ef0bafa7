"""What is kept of a published result: what its points found, and the manifest that another run is held against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import EnforcementSimError, ResultsError
from ..journal.log import EventLog
from ..journal.trace import Marks, marks
from ..model.result import Result
from .claims import Number, claimed, has_no_level, shown
from .points import ALONE, How, Place, working
from .points_named import matches
from .provenance import environment, manifest, moving, scenario_digest
from .replicate import one_log
from .store import Folder
from .sweep import Point
from .sweep_file import Sweep
from .sweep_run import asked_for
from .sweep_table import overloaded_in

FORMAT = 1
MANIFEST, MARKS, SCENARIO = "manifest.json", "marks.bin", "scenario.json"
MOST_MARKS, FEWER_MARKS = 200_000, 20_000
"""Rows of a log that have a mark, from the beginning on: of the first point's first replication, and of the others'."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What the points of a published sweep found, in their order.

    `no_level` names claims, and points of the shown finding, that depend on how long the run is, as something is
    overloaded. `logs` holds for each point the digest of every replication's event log, `scenarios` the short names of
    scenario and seed; `marks` are those of every point's first log, and `first` is the first point's scenario, as far
    as it can move a result.
    """

    points: Sequence[Point]
    claims: Mapping[str, Number]
    shown: pd.DataFrame
    no_level: frozenset[str]
    logs: Mapping[str, Sequence[str]]
    scenarios: Mapping[str, str]
    marks: Mapping[str, Marks]
    first: Mapping[str, Any]


def replications_of(sweep: Sweep, points: Sequence[Point]) -> int:
    """How many replications each point has. Raises ResultsError where that hangs on what is found."""
    asked = asked_for(sweep, points)
    if not isinstance(asked, int) or sweep.budget is not None:
        raise ResultsError(
            "a published result has a number of replications and no budget: others must come to the same",
            try_="`replications: 20`",
        )
    return asked


def run_points(
    points: Sequence[Point],
    replications: int,
    more_seed: int,
    folder: Path,
    how: How = ALONE,
    progress: Progress | None = None,
) -> list[tuple[Folder, str]]:
    """Run the replications of every point, but for those that `folder` has; where each is kept, and under which key.

    `more_seed` is added to every seed. Raises what stops a replication, and ResultsError for a folder of no use.
    """
    places = [Place(Folder(folder / p.name), p.name, p.scenario, p.scenario.seed + more_seed) for p in points]
    done, total = 0, len(places) * replications

    def told(_: int, __: int, error: EnforcementSimError | None) -> None:
        nonlocal done
        if error is not None:
            raise error
        done += 1
        if progress is not None:
            progress(done, total)

    with working(folder, places, how, replications) as work:
        work.run([(number, range(replications)) for number in range(len(places))], told)
        return [(place.folder, work.key(number)) for number, place in enumerate(places)]


def found(
    result: Result, points: Sequence[Point], replications: int, kept: Sequence[tuple[Folder, str]], more_seed: int = 0
) -> Found:
    """What is found by the points that `run_points` has run."""
    numbers = range(replications)

    def tables(number: int) -> tuple[Any, Any]:
        folder, key = kept[number]
        return folder.tables(key, numbers)[0], numbers

    logs = {p.name: folder.tables(key, numbers)[1] for p, (folder, key) in zip(points, kept, strict=True)}
    over = {p.name: overloaded_in(p.scenario, *tables(number)) for number, p in enumerate(points)}
    told = [_scenario(point) for point in points]
    seeds = [point.scenario.seed + more_seed for point in points]
    return Found(
        points=points,
        claims=claimed(result, points, tables),
        shown=shown(result, points, tables),
        no_level=frozenset(_without_level(result, points, over)),
        logs=logs,
        scenarios={p.name: scenario_digest(one, seed) for p, one, seed in zip(points, told, seeds, strict=True)},
        marks={p.name: marks_of(one_log(p.scenario, 0, p.scenario.seed + more_seed)[0], p) for p in points},
        first=moving(told[0]),
    )


def _without_level(result: Result, points: Sequence[Point], over: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, claim in result.claims.items():
        meant = [*matches(points, claim.at), *([] if claim.beside is None else matches(points, claim.beside))]
        if any(has_no_level(claim, over[point.name]) for point in meant):
            yield name
    yield from (point.name for point in points if has_no_level(result.shows, over[point.name]))


def marks_of(log: EventLog, point: Point) -> Marks:
    """The marks that are kept of a point's first log."""
    return marks(log, FEWER_MARKS if point.number else MOST_MARKS)


def _scenario(point: Point) -> dict[str, Any]:
    told: dict[str, Any] = manifest(point.name, point.scenario, point.scenario.seed, None)["scenario"]
    return told


def scenario_digests(points: Sequence[Point]) -> dict[str, str]:
    """The short name of every point's scenario and seed."""
    return {point.name: scenario_digest(_scenario(point), point.scenario.seed) for point in points}


def first_scenario(point: Point) -> dict[str, Any]:
    """A point's scenario, as far as it can move a result."""
    return moving(_scenario(point))


def drawn_up(name: str, file: str, replications: int, it: Found, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a publication by name: the texts, the marks, the first scenario, and the manifest of all.

    `file` is the sweep file as seen from the publication's folder.
    """
    files = {key: text.encode() for key, text in texts.items()}
    files[MARKS] = b"".join(one.tobytes() for one in it.marks.values())
    files[SCENARIO] = (json.dumps(it.first, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    told = {
        "format": FORMAT, "name": name, "file": file, "replications": replications, "environment": environment(),
        "claims": {key: number.as_data() for key, number in it.claims.items()},
        "points": {
            key: {"scenario": digest, "marks": len(it.marks[key]), "logs": list(it.logs[key])}
            for key, digest in it.scenarios.items()
        },
        "files": {key: hashlib.sha256(content).hexdigest() for key, content in sorted(files.items())},
    }  # fmt: skip
    files[MANIFEST] = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def kept_marks(folder: Path, told: Mapping[str, Any]) -> dict[str, Marks]:
    """The marks of every point's first log; what is lost of them is not there."""
    try:
        content = np.frombuffer((folder / MARKS).read_bytes(), dtype=np.uint8)
    except OSError:
        content = np.zeros(0, dtype=np.uint8)
    ends = np.cumsum([int(point["marks"]) for point in told["points"].values()])
    parts = np.split(content, ends[:-1])
    return dict(zip(told["points"], parts, strict=True))


def kept_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a publication. Raises ResultsError."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"nothing is published in {folder}: {error}", try_="a name that `enforcement-sim publish` has written"
        ) from None
    needed = {"format", "name", "file", "replications", "environment", "claims", "points", "files"}
    if not isinstance(told, dict) or not needed <= told.keys() or told["format"] != FORMAT:
        raise ResultsError(f"{folder / MANIFEST} is spoilt or of another version", try_="`publish` it again")
    return told
