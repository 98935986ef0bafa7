"""What the questions of a sweep choose between: its points, or in a crossed design combinations of levers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from . import sweep_kept
from .sweep_kept import PointState

LEFT_OUT = ["kind", "question", "point", "why"]
"""Columns of the table of points of which nothing could be said."""


@dataclass
class Choice:
    """A point, or levers over all futures, with the values of one question by replication: a series for each point.

    `told` are its name, scenario and levels by axis; `levels` the same levels as they were written; `futures` how many
    futures it stands for, 0 where it is a point.
    """

    told: dict[str, Any]
    levels: dict[str, Any]
    futures: int = 0
    points: list[PointState] = field(default_factory=list)
    values: list[pd.Series] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all of its points have all that was asked for."""
        return all(point.is_met for point in self.points)

    @property
    def lacks_findings(self) -> bool:
        """Whether some replication has no value, or a point none at all."""
        return any(
            len(mine) < point.used or not len(mine) for point, mine in zip(self.points, self.values, strict=True)
        )

    @property
    def why_not(self) -> str:
        """Why it cannot be compared: `incomplete`, `no_finding`, or empty if it can."""
        return "incomplete" if not self.is_whole else "no_finding" if self.lacks_findings else ""


def choices(points: Sequence[PointState], values: Sequence[pd.Series]) -> list[Choice]:
    """The choices of a sweep in the order of its points, `values` being a series for each of them."""
    found: dict[str, Choice] = {}
    for point, mine in zip(points, values, strict=True):
        levels = point.labels or point.changes
        told = {"name": point.name, "scenario": point.scenario_name or None}
        key = point.name
        if point.future is not None:
            key = json.dumps([point.scenario_name, point.labels], sort_keys=True, ensure_ascii=False)
            told["name"] = ", ".join(str(flat(level)) for level in levels.values()) or point.scenario_name or "all"
        cells = {axis: flat(value) for axis, value in levels.items()} if point.labels or point.future is None else {}
        choice = found.setdefault(key, Choice({**told, **cells}, levels if cells else {}))
        choice.futures += point.future is not None
        choice.points.append(point)
        choice.values.append(mine)
    return list(found.values())


def flat(value: Any) -> Any:
    """A level as a cell of a table; of a figure with its evidence the value."""
    if isinstance(value, dict) and "value" in value:
        return flat(value["value"])
    return sweep_kept.flat(value)
