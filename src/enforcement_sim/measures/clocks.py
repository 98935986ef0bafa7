"""Legal clocks: how long each ran, and which ran out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan, Records
from ..records import DAY, What
from .frame import joined, table
from .groups import groups, year_of
from .survival import quantile
from .visits import OPEN, Visits

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """Every run of one clock: `stopped` is OPEN while it still runs; `due` is the first second that is too late."""

    case: Int64s
    started: Int64s
    stopped: Int64s
    suspended: Int64s
    due: Int64s

    def overdue(self, horizon: int) -> npt.NDArray[np.bool_]:
        """Whether it ran out before it was stopped (or before the horizon)."""
        return np.minimum(self.stopped, horizon) >= self.due


def clock_runs(plan: Plan, visits: Visits, clock: Records, closed: Int64s) -> Runs:
    """All runs of a clock: each start with the next stop of the same case, or with its closing.

    `closed` holds for each case the second in which it was closed, OPEN if it is not.
    """
    starts = _moments(visits, int(clock["start_stage"]), int(clock["start_what"]))
    stops = _moments(visits, int(clock["stop_stage"]), int(clock["stop_what"]))
    case, started = _by_case(*starts)
    stop_case, stopped = _by_case(*stops)
    key, stop_key = _key(case, started), _key(stop_case, stopped)
    at = np.searchsorted(stop_key, key, side="left")
    inside = np.minimum(at, max(len(stop_case) - 1, 0))
    found = (
        (at < len(stop_case)) & (stop_case[inside] == case) if len(stop_case) else np.zeros(len(case), dtype=np.bool_)
    )
    end = np.where(found, stopped[inside], OPEN) if len(stop_case) else np.full(len(case), OPEN)
    end = np.where(end == OPEN, closed[case], end)
    suspended = _suspended(plan, visits, clock, case, started, end)
    return Runs(case, started, end, suspended, _due(plan, clock, started, suspended))


def _moments(visits: Visits, stage: int, what: int) -> tuple[Int64s, Int64s]:
    here = visits.stage == stage
    if what == What.ENTERED:
        return visits.case[here], visits.entered[here]
    if what == What.STARTED:
        rows = here & (visits.started != OPEN)
        return visits.case[rows], visits.started[rows]
    rows = here & (visits.how == What.ENDED)
    return visits.case[rows], visits.left[rows]


def _by_case(case: Int64s, time: Int64s) -> tuple[Int64s, Int64s]:
    order = np.lexsort((time, case))
    return case[order], time[order]


def _key(case: Int64s, time: Int64s) -> Int64s:
    # 2**38 seconds are 8,700 years: case and time fit into one sortable number.
    return case * (1 << 38) + time


def _suspended(plan: Plan, visits: Visits, clock: Records, case: Int64s, started: Int64s, end: Int64s) -> Int64s:
    """Whole days that the clock stood still: days entered and left count once, as the case was away on them."""
    days = np.zeros(len(case), dtype=np.int64)
    at, count = int(clock["suspended_at"]), int(clock["suspended_count"])
    stages = plan.suspended[at : at + count]
    rows = np.isin(visits.stage, stages)
    if not rows.any() or not len(case):
        return days
    entered, left = visits.entered[rows], np.minimum(visits.left[rows], plan.horizon)
    run = np.searchsorted(_key(case, started), _key(visits.case[rows], entered), side="right") - 1
    fits = (run >= 0) & (case[np.maximum(run, 0)] == visits.case[rows]) & (entered < end[np.maximum(run, 0)])
    first, last = entered[fits] // DAY, left[fits] // DAY
    # A clock of working days stands still for working days only.
    table = plan.day_tables[int(clock["calendar"])]
    np.add.at(days, run[fits], table.working_days_between(first, last) if clock["working"] else last - first)
    return days


def _due(plan: Plan, clock: Records, started: Int64s, suspended: Int64s) -> Int64s:
    table = plan.day_tables[int(clock["calendar"])]
    counts = "working" if clock["working"] else "calendar"
    limit, rolls = int(clock["limit"]), bool(clock["rolls"])
    if not len(started):
        return np.zeros(0, dtype=np.int64)
    return table.due(started // DAY * DAY, limit + suspended, counts, rolls=rolls)


def clock_findings(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each clock, jurisdiction, field and year of start: `clock_started`, `overdue_share`, and the days it ran
    (`days_mean` of those stopped, `days_median` and `days_p90` with running ones as censored).
    """
    tables = []
    seen: dict[str, list[Runs]] = {}
    closed = np.full(len(log.cases), OPEN, dtype=np.int64)
    closed[log.case[log.rows(What.CLOSED)]] = log.time[log.rows(What.CLOSED)]
    for name, clock in zip(plan.clock_name, plan.clocks, strict=True):
        seen.setdefault(name, []).append(clock_runs(plan, visits, clock, closed))
    for name, parts in seen.items():
        runs = Runs(*(np.concatenate([getattr(part, column) for part in parts]) for column in Runs.__slots__))
        tables.append(_of_clock(log, plan, name, runs))
    return joined(tables)


def _of_clock(log: EventLog, plan: Plan, name: str, runs: Runs) -> pd.DataFrame:
    year = year_of(plan, runs.started)
    overdue = runs.overdue(plan.horizon)
    stopped = runs.stopped != OPEN
    days = (np.minimum(runs.stopped, plan.horizon) - runs.started) / DAY - runs.suspended
    tables = []
    for group in groups(log, runs.case):
        for number, (label, _, _) in enumerate(plan.years):
            rows = group.rows & (year == number)
            count = int(rows.sum())
            if not count:
                continue
            decided = rows & (stopped | overdue)
            done = days[rows & stopped]
            values = {
                "clock_started": float(count),
                "overdue_share": float(overdue[rows].sum() / decided.sum()) if decided.any() else np.nan,
                "days_mean": float(done.mean()) if len(done) else np.nan,
                "days_median": quantile(days[rows], stopped[rows], 0.5),
                "days_p90": quantile(days[rows], stopped[rows], 0.9),
            }
            tables.append(table(values, group.jurisdiction, group.field, name, label, values.values()))
    return joined(tables)
