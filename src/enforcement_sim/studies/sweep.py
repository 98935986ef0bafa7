"""Sweeps: one scenario at every point of a grid of changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, ValidationError

from ..errors import ScenarioError
from ..files import explain
from ..files.merge import inner_tree
from ..files.read import load
from ..files.tree import parse_file, problem
from ..model.figures import Strict, TitleField
from ..model.scenario import Scenario
from .replicate import Progress, Results, replicate

Axis = Annotated[list[float | int | str], Field(min_length=1)]


class Sweep(Strict):
    """A sweep file."""

    title: TitleField = Field(description="Name in the report.")
    of: str = Field(description="The scenario file that is changed, beside this one.")
    axes: dict[str, Axis] = Field(min_length=1, description="Dotted path of a value, and the values it takes.")
    replications: int | None = Field(None, ge=1, description="Replications at each point.")


@dataclass(frozen=True)
class Point:
    """One point of a sweep."""

    number: int
    changes: dict[str, Any]
    scenario: Scenario

    @property
    def name(self) -> str:
        """Its folder's name."""
        return f"point-{self.number:03d}"


def load_sweep(path: Path) -> tuple[Sweep, list[Point]]:
    """A sweep file and its points, every one checked before any runs."""
    tree = parse_file(path)
    if set(tree.data) != {"sweep"}:
        key = next((key for key in tree.data if key != "sweep"), "")
        what = "a sweep file holds one key: sweep"
        raise ScenarioError(
            problem(tree, (key,) if key else (), what, got=key, try_="sweep: {title, of, axes}", of_key=True)
        )
    try:
        sweep = Sweep.model_validate(tree.data["sweep"])
    except ValidationError as error:
        raise ScenarioError(explain.problems(error, inner_tree(tree, ("sweep",)))) from None
    base = path.parent / sweep.of
    points = []
    for number, values in enumerate(itertools.product(*sweep.axes.values())):
        changes = dict(zip(sweep.axes, values, strict=True))
        points.append(Point(number, changes, load(base, changes)))
    return sweep, points


def run_sweep(
    sweep: Sweep,
    points: list[Point],
    *,
    folder: Path,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = 1,
    progress: Progress | None = None,
) -> Iterator[tuple[Point, Results]]:
    """Run every point, in order; finished ones are taken from the folder."""
    for point in points:
        results = replicate(
            point.scenario,
            name=point.name,
            replications=replications or sweep.replications,
            seed=seed,
            workers=workers,
            folder=folder / point.name,
            progress=progress,
        )
        yield point, results


def sweep_table(done: list[tuple[Point, Results]]) -> pd.DataFrame:
    """One row for each point and finding: the axes' values beside the summary (without the weekly backlog)."""
    parts = []
    for point, results in done:
        weekly = results.summary["measure"] == "backlog"
        last = results.summary[weekly & (results.summary["period"] == results.summary["period"][weekly].max())]
        part = pd.concat([results.summary[~weekly], last.assign(measure="backlog_at_end")], ignore_index=True)
        for axis, value in point.changes.items():
            part.insert(0, axis, value)
        parts.append(part.assign(point=point.number))
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table
