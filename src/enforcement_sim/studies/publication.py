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
import pyarrow as pa

from ..errors import ResultsError
from ..journal.trace import BLOCK, Marks, marks
from ..model.result import Result
from .claims import Number, claimed, has_no_level, shown
from .patches import patch, patched
from .points import ALONE, How, Place, all_of
from .points_named import matches
from .provenance import dumped, environment, moving, scenario_digest
from .replicate import one_log
from .store import Folder
from .sweep import Point
from .sweep_file import Sweep
from .sweep_run import asked_for
from .sweep_table import overloaded_in

FORMAT = 2
MANIFEST, MARKS, SCENARIOS = "manifest.json", "marks.bin", "scenarios.json"
MANY_ALONE, FEW_ALONE = 200_000, 20_000
"""Rows at the beginning of a log that have a mark alone: of the first point's first replication, and of the others'."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What the points of a published sweep found, in their order.

    `no_level` names claims, and points of the shown finding, that depend on how long the run is, as something is
    overloaded. `logs` holds for each point the digest of every replication's event log.
    """

    points: Sequence[Point]
    claims: Mapping[str, Number]
    shown: pd.DataFrame
    no_level: frozenset[str]
    logs: Mapping[str, Sequence[str]]


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

    def one_more(_: int) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    keys = all_of(folder, places, replications, how, one_more)
    return [(place.folder, key) for place, key in zip(places, keys, strict=True)]


def found(result: Result, points: Sequence[Point], replications: int, kept: Sequence[tuple[Folder, str]]) -> Found:
    """What is found by the points that `run_points` has run."""
    numbers = range(replications)
    read = [folder.tables(key, numbers) for folder, key in kept]  # once, for every claim and the figure

    def tables(number: int) -> tuple[Sequence[pa.Table], Sequence[int]]:
        return read[number][0], numbers

    over = {p.name: overloaded_in(p.scenario, *tables(number)) for number, p in enumerate(points)}
    return Found(
        points=points,
        claims=claimed(result, points, tables),
        shown=shown(result, points, tables),
        no_level=frozenset(_without_level(result, points, over)),
        logs={point.name: digests for point, (_, digests) in zip(points, read, strict=True)},
    )


def _without_level(result: Result, points: Sequence[Point], over: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, claim in result.claims.items():
        meant = [*matches(points, claim.at), *([] if claim.beside is None else matches(points, claim.beside))]
        if any(has_no_level(claim, over[point.name]) for point in meant):
            yield name
    yield from (point.name for point in points if has_no_level(result.shows, over[point.name]))


def first_marks(point: Point) -> Marks:
    """The marks that are kept of a point's first log."""
    return marks(one_log(point.scenario, 0)[0], FEW_ALONE if point.number else MANY_ALONE)


def told_scenarios(points: Sequence[Point]) -> dict[str, Any]:
    """The first point's scenario, as far as it can move a result, and what makes each of the others of it."""
    first, *others = [moving(dumped(point.scenario)) for point in points]
    ways = {point.name: patch(first, other) for point, other in zip(points[1:], others, strict=True)}
    return {"first": first, "others": ways}


def kept_scenario(folder: Path, point: str) -> dict[str, Any] | None:
    """The scenario of a point as it was published; None where that is lost."""
    try:
        told = json.loads((folder / SCENARIOS).read_bytes())
        return dict(patched(told["first"], told["others"].get(point, {})))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def drawn_up(name: str, file: str, replications: int, it: Found, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a publication by name: the texts, the marks, the scenarios, and the manifest of all.

    `file` is the sweep file as seen from the publication's folder.
    """
    files = {key: text.encode() for key, text in texts.items()}
    marked = {point.name: first_marks(point) for point in it.points}
    files[MARKS] = b"".join(one.tobytes() for one in marked.values())
    told_ = json.dumps(told_scenarios(it.points), ensure_ascii=False, separators=(",", ":"))
    files[SCENARIOS] = f"{told_}\n".encode()
    told = {
        "format": FORMAT, "name": name, "file": file, "replications": replications, "environment": environment(),
        "claims": {key: number.as_data() for key, number in it.claims.items()},
        "points": {
            point.name: {
                "scenario": scenario_digest(point.scenario),
                "rows": marked[point.name].rows,
                "rows_marked_alone": len(marked[point.name].each),
                "logs": list(it.logs[point.name]),
            }
            for point in it.points
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
    found_, at = {}, 0
    for name, point in told["points"].items():
        alone = int(point["rows_marked_alone"])
        end = at + alone + -(-(int(point["rows"]) - alone) // BLOCK)
        found_[name] = Marks(int(point["rows"]), content[at : at + alone], content[at + alone : end])
        at = end
    return found_


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
