"""Legal clocks: how long each ran, which ran out, and which were extended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..decisions.limits import due
from ..journal.log import EventLog
from ..plan.tables import Plan, Records
from ..records import DAY, NONE, Days, What
from .frame import Part, joined, table
from .groups import cells, cohort_of
from .survival import mean_and_quantiles
from .visits import OPEN, Visits

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """Every run of one clock.

    `started` and `stopped` in seconds, `stopped` OPEN while it still runs; `still` in days for which it stood still;
    `extended` counts the extensions granted; `due` is the first second that is too late.
    """

    case: Int64s
    started: Int64s
    stopped: Int64s
    still: Int64s
    extended: Int64s
    due: Int64s

    def overdue(self, horizon: int) -> npt.NDArray[np.bool_]:
        """Whether it ran out before it was stopped (or before the horizon, the first second not simulated)."""
        return np.where(self.stopped == OPEN, self.due < horizon, self.stopped >= self.due)


def closing_times(log: EventLog) -> Int64s:
    """For each case the second in which it was closed, OPEN if it is not."""
    closed = np.full(len(log.cases), OPEN, dtype=np.int64)
    rows = np.flatnonzero(log.rows(What.CLOSED))
    closed[log.case.take(rows)] = log.time.take(rows)
    return closed


@dataclass(frozen=True, slots=True)
class ClockRows:
    """Rows of a log about clocks: of those that ran before its start, and of extensions."""

    running: Int64s
    extended: Int64s

    @classmethod
    def of(cls, log: EventLog) -> ClockRows:
        """Looked up once for all clocks, as a log is long and they are few."""
        return cls(np.flatnonzero(log.rows(What.RUNNING)), np.flatnonzero(log.rows(What.EXTENDED)))


def clock_runs(
    log: EventLog, plan: Plan, visits: Visits, number: int, closed: Int64s, told: ClockRows | None = None
) -> Runs:
    """All runs of one row of the plan's clocks: each start with the next stop of the same case, or with its closing.

    `closed` is as `closing_times` gives it, `told` as `ClockRows.of` does (if it is at hand). A start while the clock
    runs ends the earlier run, which is left out unless it was overdue by then. Clocks that ran when the run started
    began when the log says.
    """
    told = ClockRows.of(log) if told is None else told
    clock = plan.clocks[number]
    starts = _moments(visits, int(clock["start_stage"]), int(clock["start_what"]))
    stops = _moments(visits, int(clock["stop_stage"]), int(clock["stop_what"]))
    running = told.running[log.team[told.running] == number]
    earlier = Moments(log.case[running], log.time[running], _PLACES * np.searchsorted(visits.case, log.case[running]))
    case, started, place = (
        np.concatenate([getattr(earlier, column), getattr(starts, column)]) for column in Moments.__slots__
    )
    order = np.argsort(place, kind="stable")
    case, started, place, here = case[order], started[order], place[order], np.arange(len(case))[order] < len(running)
    here |= (started >= clock["since"]) & (started < clock["until"])
    next_stop, stopped = _first_behind(stops, case, place)
    again, restarted = _first_behind(Moments(case, started, place), case, place)
    is_replaced = again < next_stop
    end = np.where(is_replaced, restarted, np.where(next_stop == OPEN, closed[case], stopped))
    end_place = np.where(is_replaced, again, next_stop)
    extended = _extended(log, told.extended[log.team[told.extended] == number], case, started)
    runs = Runs(case, started, end, np.zeros(len(case), dtype=np.int64), extended, started)
    still, rolled = _still(plan, visits, clock, runs, place, end_place)
    due = _due(plan, clock, started, still + rolled, extended)
    kept = here & (~is_replaced | (end >= due))
    return Runs(case[kept], started[kept], end[kept], still[kept], extended[kept], due[kept])


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of cases, in seconds; `place` is their order within a log, by case and then as they happened."""

    case: Int64s
    time: Int64s
    place: Int64s


_PLACES = 3
"""Moments of one visit: entered, started, ended."""


def _moments(visits: Visits, stage: int, what: int) -> Moments:
    rows = visits.of_stage.rows(stage)
    if what == What.ENTERED:
        here, time, nth = ~visits.before.take(rows), visits.entered, 0
    elif what == What.STARTED:
        here, time, nth = visits.started.take(rows) != OPEN, visits.started, 1
    else:
        here, time, nth = visits.how.take(rows) == What.ENDED, visits.left, 2
    rows = rows[here]
    return Moments(visits.case.take(rows), time.take(rows), _PLACES * rows + nth)


def _first_behind(moments: Moments, case: Int64s, place: Int64s) -> tuple[Int64s, Int64s]:
    """For each place of a case the place and second of the first moment behind it, both OPEN if there is none."""
    if not len(moments.place):
        none = np.full(len(case), OPEN, dtype=np.int64)
        return none, none
    at = np.searchsorted(moments.place, place, side="right")
    found = np.minimum(at, len(moments.place) - 1)
    is_there = (at < len(moments.place)) & (moments.case[found] == case)
    return np.where(is_there, moments.place[found], OPEN), np.where(is_there, moments.time[found], OPEN)


def _still(
    plan: Plan, visits: Visits, clock: Records, runs: Runs, place: Int64s, end_place: Int64s
) -> tuple[Int64s, Int64s]:
    """Whole days that each run stood still: days entered and left count once, as the case was away on them.

    A suspension that begins when the limit is over mends nothing. One that begins when a limit is over but for the day
    to which it has rolled leaves that day: the second array are the days by which such limits had grown.
    """
    days, rolled = np.zeros(len(runs.case), dtype=np.int64), np.zeros(len(runs.case), dtype=np.int64)
    at, count = int(clock["suspended_at"]), int(clock["suspended_count"])
    stages = set(plan.suspended[at : at + count].tolist())
    if not stages or not len(runs.case):
        return days, rolled
    rows = np.sort(np.concatenate([visits.of_stage.rows(stage) for stage in stages]))
    run = np.searchsorted(place, _PLACES * rows, side="right") - 1
    fits = (run >= 0) & (runs.case[run] == visits.case[rows]) & (_PLACES * rows < end_place[run])
    rows, run = rows[fits], run[fits]
    entered, left = visits.entered[rows], np.minimum(np.minimum(visits.left[rows], runs.stopped[run]), plan.horizon)
    nth = np.arange(len(run)) - np.searchsorted(run, run)
    for n in range(int(nth.max(initial=-1)) + 1):
        these, since, until = run[nth == n], entered[nth == n], left[nth == n]
        facts = (plan, clock, runs.started[these], days[these] + rolled[these], runs.extended[these])
        over, plain = _due(*facts), _due(*facts, rolls=False)
        days[these] += np.where(since < over, _days_away(plan, clock, since, until), 0)
        rolled[these] += np.where((plain <= since) & (since < over), _days_away(plan, clock, plain, over), 0)
    return days, rolled


def _days_away(plan: Plan, clock: Records, left: Int64s, back: Int64s) -> Int64s:
    """Days from leaving to coming back; a clock of working days stands still for working days only."""
    if clock["counts"] == Days.WORKING_DAYS:
        return plan.day_tables[int(clock["calendar"])].working_days_between(left // DAY, back // DAY)
    return back // DAY - left // DAY


def _extended(log: EventLog, rows: Int64s, case: Int64s, started: Int64s) -> Int64s:
    """Extensions (of these rows) granted in each run; the second of a run's start belongs to the run before it."""
    granted = np.zeros(len(case), dtype=np.int64)
    if len(rows):
        # 2**38 seconds are 8,700 years: case and time fit into one sortable number.
        run = np.searchsorted(case * (1 << 38) + started, log.case[rows] * (1 << 38) + log.time[rows], side="left") - 1
        np.add.at(granted, run, 1)
    return granted


def _due(plan: Plan, clock: Records, started: Int64s, still: Int64s, extended: Int64s, rolls: bool = True) -> Int64s:
    if not len(started):
        return np.zeros(0, dtype=np.int64)
    table = plan.day_tables[int(clock["calendar"])]
    at, count = int(clock["extensions_at"]), int(clock["extensions_count"])
    more = np.concatenate([[0], np.cumsum(plan.extensions["days"][at : at + count])])[extended]
    limit, rolls, counts = int(clock["limit"]) + more, rolls and bool(clock["rolls"]), int(clock["counts"])
    if counts == Days.MONTHS:
        each = zip(started.tolist(), limit.tolist(), still.tolist(), strict=True)
        return np.array([due(table, counts, a, n, d, rolls) for a, n, d in each], dtype=np.int64)
    kind = "working" if counts == Days.WORKING_DAYS else "calendar"
    return table.due(started // DAY * DAY, limit + still, kind, rolls=rolls)


def clock_findings(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each clock, jurisdiction, field and year of start: `clock_started`, `overdue_share`, `extended_share`, and
    the days it ran (`days_mean` of those stopped, `days_median` and `days_p90` with running ones as censored).
    """
    closed, told = closing_times(log), ClockRows.of(log)
    parts: list[Runs] = []
    names: dict[int, int] = {}
    item = []
    for number, clock in enumerate(plan.clocks):
        if clock["lapses_to"] == NONE:
            runs = clock_runs(log, plan, visits, number, closed, told)
            parts.append(runs)
            item.append(np.full(len(runs.case), names.setdefault(int(clock["name"]), len(names))))
    if not parts:
        return joined([])
    together = Runs(*(np.concatenate([getattr(part, column) for part in parts]) for column in Runs.__slots__))
    return joined(_of_runs(plan, visits, [plan.names.clocks[name] for name in names], np.concatenate(item), together))


_MEASURES = ["clock_started", "overdue_share", "extended_share", "days_mean", "days_median", "days_p90"]


def _of_runs(plan: Plan, visits: Visits, names: list[str], item: Int64s, runs: Runs) -> list[Part]:
    overdue, stopped = runs.overdue(plan.horizon), runs.stopped != OPEN
    days = (np.minimum(runs.stopped, plan.horizon) - runs.started) / DAY - runs.still
    columns = days, stopped, overdue, stopped | overdue, runs.extended > 0
    parts = []
    for cell in cells(visits.cases, runs.case, item, cohort_of(plan, runs.started), columns, by_field=True):
        mine, is_over, *marks = cell.columns
        late, decided, extended = (np.count_nonzero(mark) for mark in marks)
        shares = [late / decided if decided else np.nan, extended / len(mine)]
        values = [len(mine), *shares, *mean_and_quantiles(mine, is_over)]
        parts.append(table(_MEASURES, cell.jurisdiction, cell.field, names[cell.item], cell.year, values))
    return parts
