"""What each level of a staffing lever does to missed limits and long times, and where a target is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..model.scenario import Scenario
from ..model.staffing import officers_at, rosters
from .sweep_kept import PointState, flat

COLUMNS = [
    "axis",
    "level",
    "beside",
    "others",
    "teams",
    "item",
    "overdue",
    "overdue_low",
    "overdue_high",
    "days",
    "days_low",
    "days_high",
    "target",
    "verdict",
]
WORDS_OF_STAFF = ("officers", "staff", "roster", "hiring")
"""What stands in the path of a lever that moves staff."""


def staffing_curves(
    table: pd.DataFrame, points: Sequence[PointState], scenarios: Mapping[int, Scenario], target: float
) -> pd.DataFrame:
    """For each staffing lever a row for each level and setting of the other levers, with COLUMNS.

    `table` is that of a sweep, `points` its points, `scenarios` those of its points by their place among them, `target`
    the share of cases that may be overdue. `teams` tells the officers at the end of the period of each team whose
    number the lever moves; `item` is the clock of which the sweep moves most how many are overdue. `verdict` is holds
    where the whole 95 % interval of the share lies at or below the target, fails where it lies above, else unclear.
    `others` are the levels of the other levers by axis, `beside` the same as text. Empty without such a lever.
    """
    levers = list(dict.fromkeys(axis for point in points for axis in (point.labels or point.changes)))
    found: list[dict[str, Any]] = []
    clock = _clock(table)
    for axis in levers if clock else []:
        # A lever that moves several values together has a name of its own: its values are those that name no lever.
        own = {axis} if axis in points[0].changes else {path for path in points[0].changes if path not in levers}
        if not any(word in path for path in own for word in WORDS_OF_STAFF):
            continue
        moved = _teams(points, scenarios)
        for number, point in enumerate(points):
            told = _told(table, point, str(clock))
            if told is None:
                continue
            values = point.labels or point.changes
            others = {other: flat(value) for other, value in values.items() if other != axis}
            if point.scenario_name:
                others["scenario"] = point.scenario_name
            found.append(
                {
                    "axis": axis,
                    "level": flat(values[axis]),
                    "beside": str(others),
                    "others": others,
                    "teams": {team: counts[number] for team, counts in moved.items() if number in counts},
                    "item": clock,
                    **told,
                    "target": target,
                    "verdict": _verdict(told, target),
                }
            )
    return pd.DataFrame(found, columns=COLUMNS)


def _clock(table: pd.DataFrame) -> str | None:
    """The clock of which the sweep moves most the number of cases that are overdue."""
    rows, started = _whole(table, "overdue_share"), _whole(table, "clock_started")
    if rows.empty:
        return None
    both = rows.merge(started[["point", "item", "mean"]], on=["point", "item"], suffixes=("", "_started"))
    late = (both["mean"] * both["mean_started"]).groupby(both["item"], sort=False)
    return str((late.max() - late.min()).idxmax())


def _whole(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    if table.empty:
        return table
    rows = table[(table["measure"] == measure) & (table["field"] == "all") & (table["jurisdiction"] == "all")]
    last: pd.DataFrame = rows[rows["period"] == rows["period"].max()]
    return last


def _told(table: pd.DataFrame, point: PointState, clock: str) -> dict[str, float] | None:
    found: dict[str, float] = {}
    for key, measure in (("overdue", "overdue_share"), ("days", "days_p90")):
        rows = _whole(table, measure)
        rows = rows[(rows["point"] == point.number) & (rows["item"] == clock)]
        rows = rows[rows["scenario"] == point.scenario_name] if point.scenario_name else rows
        if rows.empty:
            return None
        row = rows.iloc[0]
        found |= {key: float(row["mean"]), f"{key}_low": float(row["low"]), f"{key}_high": float(row["high"])}
    found["overdue_low"] = (
        max(found["overdue_low"], 0.0) if found["overdue_low"] == found["overdue_low"] else found["overdue_low"]
    )
    return found


def _verdict(told: Mapping[str, float], target: float) -> str:
    if told["overdue_high"] <= target:
        return "holds"
    return "fails" if told["overdue_low"] > target else "unclear"


def _teams(points: Sequence[PointState], scenarios: Mapping[int, Scenario]) -> dict[str, dict[int, int]]:
    """The officers of each team at the end of the period by point, of teams that do not have as many everywhere."""
    counts: dict[str, dict[int, int]] = {}
    for number in range(len(points)):
        if number not in scenarios:
            continue
        scenario = scenarios[number]
        for team, steps in rosters(scenario).items():
            counts.setdefault(team, {})[number] = officers_at(steps, scenario.period.seconds - 1)
    return {team: by_point for team, by_point in counts.items() if len(set(by_point.values())) > 1}
