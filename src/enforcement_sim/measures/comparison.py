"""Several scenarios beside one base: who loses, who gains, when it is over, and what the offices beside it need."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model import derive
from ..model.figures import Title
from ..model.reforms import Reform
from ..model.scenario import Scenario
from ..model.staffing import home_shares, officers_at, rosters, second_of
from .frame import ALL
from .intervals import difference, summary
from .overload import overload_table
from .tables import assumptions_table

WEEKS_OF_A_QUARTER = 13
TOLERANCE_SHARE, TOLERANCE_CASES = 0.05, 1.0
"""Extra open cases are over when a quarter has on average no more of them than this share of the level before the
reform, or than so many cases."""
COMFORTABLE_USE = 0.8
"""The use of a small office that leaves it room for its busy weeks; queues grow fast beyond it."""


@dataclass(frozen=True)
class Compared:
    """One scenario beside the base.

    `open_cases` and `days` have the columns jurisdiction, base (mean), mean, low, high (of the difference in `year`);
    `recovery` has jurisdiction, level, peak, recovered, replications, days, earliest, latest; `offices` has team,
    base_hours, hours, low, high (work a week; the interval is that of the difference), use, officers, needed;
    `assumptions` has where, value, why, low, high; `overload` is that of `overload_table`.
    """

    title: Title
    scenario: Scenario
    year: int
    open_cases: pd.DataFrame
    days: pd.DataFrame
    change: pd.DataFrame
    recovery: pd.DataFrame
    offices: pd.DataFrame
    assumptions: pd.DataFrame
    overload: pd.DataFrame


def compared(scenario: Scenario, findings: pd.DataFrame, base: Scenario, base_findings: pd.DataFrame) -> Compared:
    """A scenario beside the base, over the replications that both have, in the last year that both measure."""
    ours, theirs = summary(findings), summary(base_findings)
    change = difference(findings, base_findings)
    yearly = change[change["measure"] == "backlog_mean"]
    year = int(yearly["period"].max())
    known = set(assumptions_table(base)["where"])
    added = assumptions_table(scenario)
    dates = np.datetime64(scenario.period.start) + change["period"].to_numpy().clip(0, 40_000).astype("timedelta64[D]")
    shift = next(iter(derive.shifts(scenario).values()), None)
    fields = [] if shift is None else shift.fields
    procedures = [derive.procedure_name(scenario, field) for field in fields]
    return Compared(
        title=scenario.title,
        scenario=scenario,
        year=year,
        open_cases=_beside(theirs, change, "backlog_mean", [ALL], year),
        days=_beside(theirs, change, "resolution_mean", procedures, year),
        change=change.assign(date=dates)[change["measure"] == "backlog"],
        recovery=_recovery(findings, base_findings, scenario, shift),
        offices=_offices(ours, theirs, change, scenario, shift, year),
        assumptions=added[~added["where"].isin(known)].reset_index(drop=True),
        overload=overload_table(scenario, findings),
    )


def _beside(base: pd.DataFrame, change: pd.DataFrame, measure: str, items: list[str], year: int) -> pd.DataFrame:
    """The difference of a measure by jurisdiction, with the mean of the base; the first item that a place has."""
    keys = ["jurisdiction", "item"]

    def rows(table: pd.DataFrame) -> pd.DataFrame:
        mine = (table["measure"] == measure) & (table["field"] == ALL) & (table["period"] == year)
        return table[mine & table["item"].isin(items)]

    before = rows(base).rename(columns={"mean": "base"})[[*keys, "base"]]
    both = rows(change).merge(before, on=keys, how="left")
    return both.drop_duplicates("jurisdiction")[["jurisdiction", "base", "mean", "low", "high"]].reset_index(drop=True)


def _recovery(
    findings: pd.DataFrame, base_findings: pd.DataFrame, scenario: Scenario, shift: Reform | None
) -> pd.DataFrame:
    """By jurisdiction, from when on a quarter has no extra open cases any more, replication by replication."""
    columns = [
        "jurisdiction", "level", "peak", "rose", "recovered", "replications", "days", "earliest", "latest",
    ]  # fmt: skip
    if shift is None:
        return pd.DataFrame(columns=columns)
    on = second_of(scenario, shift.on) // 86_400
    ours, theirs = _weekly(findings), _weekly(base_findings)
    rows = []
    for place in theirs:
        if place not in ours:
            continue
        shared = [replication for replication in ours[place] if replication in theirs[place]]
        extra = ours[place][shared] - theirs[place][shared]
        before = theirs[place][shared].loc[on - 365 : on - 1]
        level = float(before.to_numpy().mean()) if len(before) else math.nan
        # The mean of the quarter that begins with each week.
        quarters = extra.loc[on:].rolling(WEEKS_OF_A_QUARTER).mean().shift(1 - WEEKS_OF_A_QUARTER).dropna()
        if quarters.empty or math.isnan(level):
            continue
        most = max(TOLERANCE_CASES, TOLERANCE_SHARE * level)
        ends = [_over(quarters[replication], most, on) for replication in shared]
        over = sorted(end for end in ends if end is not None)
        rows.append(
            (
                place, level, float(quarters.max().mean()), sum(end != 0 for end in ends), len(over), len(shared),
                float(np.median(over)) if over else math.nan, *((over[0], over[-1]) if over else (math.nan, math.nan)),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _weekly(findings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Open cases by jurisdiction: a row for each day of counting, a column for each replication."""
    rows = findings[(findings["measure"] == "backlog") & (findings["field"] == ALL) & (findings["item"] == ALL)]
    return {
        str(place): table.pivot_table(index="period", columns="replication", values="value").fillna(0.0)
        for place, table in rows.groupby("jurisdiction", sort=False)
    }


def _over(quarters: pd.Series, most: float, on: int) -> int | None:
    """Days from the reform until no large quarter comes any more: 0 if none ever was, None if the last one is."""
    large = quarters.index[quarters > most]
    if large.empty:
        return 0
    later = quarters.index[quarters.index > large[-1]]
    return None if later.empty else int(later[0]) - on


def _offices(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    change: pd.DataFrame,
    scenario: Scenario,
    shift: Reform | None,
    year: int,
) -> pd.DataFrame:
    """The teams of other roles where the reform takes from and gives to: their work a week and what they would need."""
    columns = ["team", "base_hours", "hours", "low", "high", "use", "officers", "needed"]
    if shift is None:
        return pd.DataFrame(columns=columns)
    places = [shift.giver, *home_shares(scenario, shift.giver)]
    end = second_of(scenario, dt.date(year, 12, 31))
    steps = rosters(scenario)
    rows = []
    for name, team in scenario.teams.items():
        if team.jurisdiction not in places or derive.team_role(scenario, name) == shift.role:
            continue
        work, before = _of_team(ours, name, "work_hours", year), _of_team(theirs, name, "work_hours", year)
        more, use = _of_team(change, name, "work_hours", year), _of_team(ours, name, "use", year)
        if work is None or before is None or more is None or use is None:
            continue
        officers = officers_at(steps[name], end)
        needed = math.ceil(officers * use["mean"] / COMFORTABLE_USE - 1e-9)
        weeks = 365 / 7
        spread = (more["low"] / weeks, more["high"] / weeks)
        rows.append((name, before["mean"] / weeks, work["mean"] / weeks, *spread, use["mean"], officers, needed))
    return pd.DataFrame(rows, columns=columns)


def _of_team(table: pd.DataFrame, team: str, measure: str, year: int) -> dict[str, float] | None:
    rows = table[(table["measure"] == measure) & (table["item"] == team) & (table["period"] == year)]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return {key: float(row[key]) for key in ("mean", "low", "high")}
