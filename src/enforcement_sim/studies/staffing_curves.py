"""What each level of a staffing lever does to missed limits and long times, and where a target is held."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

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
FEWEST_LEVELS = 2
"""Levels that a setting of the other levers has on average, so that it makes a curve."""
MOST_LEVELS = 20
"""Of a sample a lever with more levels has no curve: few points would stand at each."""
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
    `others` are the levels of the other levers by axis, `beside` the same as text. Where the other levers are another
    at every point, as of a sample, there is a row for each level over all of its points. Empty without such a lever.
    """
    levers = list(dict.fromkeys(axis for point in points for axis in (point.labels or point.changes)))
    clock, found = _clock(table), []
    for axis in levers if clock else []:
        # A lever that moves several values together has a name of its own: its values are those that name no lever.
        own = {axis} if axis in points[0].changes else {path for path in points[0].changes if path not in levers}
        if any(word in path for path in own for word in WORDS_OF_STAFF):
            rows = _at_points(table, points, axis, str(clock), _teams(points, scenarios))
            is_sample = rows["beside"].value_counts().mean() < FEWEST_LEVELS
            if is_sample:
                nothing = pd.Series([{}] * len(rows), index=rows.index)
                rows = rows.assign(beside="", others=nothing)
            found.append(_together(rows) if is_sample or rows.duplicated(["level", "beside"]).any() else rows)
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    curves = pd.concat(found, ignore_index=True)
    verdicts = [
        _verdict(low, high, target) for low, high in zip(curves["overdue_low"], curves["overdue_high"], strict=True)
    ]
    return curves.assign(target=target, verdict=verdicts, item=clock)[COLUMNS]


def _at_points(
    table: pd.DataFrame, points: Sequence[PointState], axis: str, clock: str, moved: Mapping[str, Mapping[int, int]]
) -> pd.DataFrame:
    """A row for each point that has the findings."""
    rows, findings = [], _findings(table, clock)
    for number, point in enumerate(points):
        told = findings.get((point.number, point.scenario_name))
        if told is None or len(told) < len(FOUND):
            continue
        values = point.labels or point.changes
        others = {other: flat(value) for other, value in values.items() if other != axis}
        if point.future is not None:
            others["future"] = point.future
        if point.scenario_name:
            others["scenario"] = point.scenario_name
        teams = {team: counts[number] for team, counts in moved.items() if number in counts}
        facts = {"axis": axis, "level": flat(values[axis]), "beside": str(others), "others": others, "teams": teams}
        rows.append({**facts, **told})
    return pd.DataFrame(rows, columns=[column for column in COLUMNS if column not in ("item", "target", "verdict")])


def _together(rows: pd.DataFrame) -> pd.DataFrame:
    """Of levels that have several points each, as in a sample, what these have in common.

    The ends are those of the middle 95 % of the points' means. None if there are more than MOST_LEVELS levels.
    """
    if rows["level"].nunique() > MOST_LEVELS:
        return rows.iloc[:0]
    found = []
    for _, some in rows.groupby(["beside", "level"], sort=False):
        means = {key: float(some[key].mean()) for key in ("overdue", "days")}
        ends = {
            f"{key}{side}": float(some[key].quantile(at))
            for key in ("overdue", "days")
            for side, at in (("_low", 0.025), ("_high", 0.975))
        }
        first: dict[Hashable, object] = some.iloc[0].to_dict()
        found.append(first | means | ends)
    return pd.DataFrame(found, columns=rows.columns).sort_values("level", kind="stable")


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


FOUND = ("overdue", "overdue_low", "overdue_high", "days", "days_low", "days_high")


def _findings(table: pd.DataFrame, clock: str) -> dict[tuple[int, str], dict[str, float]]:
    """The share overdue (never below 0) and the long time of a clock at each point and scenario, with their ends."""
    found: dict[tuple[int, str], dict[str, float]] = {}
    for key, measure in (("overdue", "overdue_share"), ("days", "days_p90")):
        rows = _whole(table, measure)
        for row in rows[rows["item"] == clock].to_dict("records"):
            told = found.setdefault((row["point"], row.get("scenario") or ""), {})
            low = row["low"] if key == "days" or row["low"] != row["low"] else max(row["low"], 0.0)
            told |= {key: float(row["mean"]), f"{key}_low": float(low), f"{key}_high": float(row["high"])}
    return found


def _verdict(low: float, high: float, target: float) -> str:
    if high <= target:
        return "holds"
    return "fails" if low > target else "unclear"


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
