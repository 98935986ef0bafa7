"""What a sweep keeps beside its points' folders: how far it came, and its table."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ResultsError
from ..model.figures import Title
from .disk import write_bytes, write_text, written
from .rounds import Course, Ended
from .sweep import Point
from .sweep_file import Crossed, Grid, Sweep

STATE, TABLE, CSV, EXTRACTS = "sweep.json", "sweep.parquet", "sweep.csv", "questions.parquet"
COPY = "sweep.yaml"
"""Of the file of the sweep."""


@dataclass(frozen=True)
class PointState:
    """How far one point came.

    `asked` replications were asked for, `used` of them count, and `failures` says why others could not be finished.
    `is_met` is false where some are lacking, or where it is less sure than was asked for. `overloaded` names the
    jurisdictions and teams that are.
    """

    number: int
    name: str
    scenario_name: str
    labels: dict[str, Any]
    changes: dict[str, Any]
    future: int | None
    asked: int = 0
    used: int = 0
    is_met: bool = False
    failures: dict[str, str] = field(default_factory=dict)
    overloaded: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, point: Point) -> PointState:
        """A point that has not begun."""
        return cls(point.number, point.name, point.scenario_name, point.labels, point.changes, point.future)

    def after(self, course: Course) -> PointState:
        """The point after its course."""
        failures = {str(replication): why for replication, why in sorted(course.failures.items())}
        return replace(self, asked=course.asked, used=len(course.used), is_met=course.is_met, failures=failures)


@dataclass(frozen=True)
class State:
    """How far a sweep came.

    `ended` says which budget was used up; `digest` is the checksum of the table, if that is written.
    """

    title: Title
    axes: tuple[str, ...]
    points: tuple[PointState, ...]
    ended: Ended = ""
    digest: str = ""

    @classmethod
    def begun(cls, sweep: Sweep, points: Sequence[Point]) -> State:
        """A sweep that has not begun."""
        return cls(sweep.title, tuple(map_axes(sweep)), tuple(map(PointState.of, points)))

    def after(self, courses: Sequence[Course], overloaded: Sequence[list[str]], ended: Ended) -> State:
        """The sweep after the courses of all points, with what is overloaded at each."""
        after = (point.after(course) for point, course in zip(self.points, courses, strict=True))
        points = tuple(replace(point, overloaded=names) for point, names in zip(after, overloaded, strict=True))
        return replace(self, points=points, ended=ended)

    @property
    def lacking(self) -> list[PointState]:
        """The points that are not what was asked for."""
        return [point for point in self.points if not point.is_met]


def points_table(state: State) -> pd.DataFrame:
    """A row for each point.

    Name, scenario, future, values by axis and path, used, asked, complete, failures, and names of what is overloaded.
    """
    rows = []
    for point in state.points:
        values = {axis: flat(value) for axis, value in {**point.labels, **point.changes}.items()}
        why = "; ".join(f"{replication}: {cause}" for replication, cause in point.failures.items())
        rows.append(
            {"name": point.name, "scenario": point.scenario_name or None, "future": point.future}
            | values
            | {"used": point.used, "asked": point.asked, "complete": point.is_met, "failures": why}
            | {"overloaded": point.overloaded}
        )
    return pd.DataFrame(rows).astype({"future": "Int64"})


def flat(value: Any) -> Any:
    """A value as a cell of a table."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def map_axes(sweep: Sweep) -> list[str]:
    """The columns of the table over which the page maps its measures, the two foremost first."""
    beside = ["scenario"] if sweep.scenarios else []
    match sweep.chosen:
        case Grid():
            return [*beside, *sweep.axes]
        case Crossed():
            return [*beside, *sweep.axes, "future"]
        case _:
            return [*beside, "point"]


def keep_state(folder: Path, state: State) -> None:
    """Write how far a sweep is."""
    told = {
        "format": 1, "title": state.title.model_dump(mode="json"), "axes": state.axes, "ended": state.ended,
        "digest": state.digest, "points": [asdict(point) for point in state.points],
    }  # fmt: skip
    with written(folder):
        write_text(folder / STATE, json.dumps(told, ensure_ascii=False))


def keep_table(folder: Path, table: pd.DataFrame, state: State) -> State:
    """Write the table of a sweep for programs and for people, and how far it came; gives it with the digest."""
    content = parquet(table)
    ended = replace(state, digest=hashlib.sha256(content).hexdigest())
    with written(folder):
        write_bytes(folder / TABLE, content)
        write_bytes(folder / CSV, table.to_csv(index=False).encode())
        keep_state(folder, ended)
    return ended


def parquet(table: pd.DataFrame) -> bytes:
    """A table as the content of a Parquet file."""
    sink = io.BytesIO()
    table.to_parquet(sink, index=False)
    return sink.getvalue()


def keep_extracts(folder: Path, extracts: Sequence[pd.DataFrame]) -> None:
    """Write what the points' findings say to the questions of the sweep."""
    whole = pd.concat([one.assign(point=number) for number, one in enumerate(extracts)], ignore_index=True)
    with written(folder):
        write_bytes(folder / EXTRACTS, parquet(whole))


def kept_extracts(folder: Path, points: int) -> list[pd.DataFrame] | None:
    """What `keep_extracts` has written, for each point; None if nothing that can be read is there."""
    try:
        whole = pd.read_parquet(io.BytesIO((folder / EXTRACTS).read_bytes()))
    except (OSError, ValueError):
        return None
    return [whole[whole["point"] == number].drop(columns="point") for number in range(points)]


def kept_state(folder: Path) -> State:
    """How far the sweep in a folder came; ResultsError if there is none."""
    try:
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))
        points = tuple(PointState(**point) for point in told["points"])
        return State(Title(**told["title"]), tuple(told["axes"]), points, told["ended"], told["digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"no sweep in {folder}: {error}", try_="name a folder that `sweep` has written") from None


def kept_table(folder: Path, state: State) -> pd.DataFrame | None:
    """The table of the sweep in a folder, if it is the one that was written when the sweep ended."""
    try:
        content = (folder / TABLE).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != state.digest:
        return None
    return pd.read_parquet(io.BytesIO(content))
