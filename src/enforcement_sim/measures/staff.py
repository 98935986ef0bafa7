"""What officers did: work, waiting for work, overtime; and how long cases waited for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..calendars import WorkTable
from ..decisions.dice import Dice, unit
from ..decisions.durations import picked
from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE, AtClose, Op
from .frame import ALL, joined, table
from .grouping import Grouping
from .groups import year_of
from .survival import interpolated, mean
from .visits import Visits

Int64s = npt.NDArray[np.int64]


def officers_at_work(log: EventLog, plan: Plan, visits: Visits) -> Int64s:
    """Officers of the first team that each visit seizes; drawn numbers are drawn again from their address."""
    officers = plan.stages["officers"].astype(np.int64).take(visits.stage)
    dice = Dice(plan.seed, log.replication)
    tail = plan.tail.tolist()
    for row in np.flatnonzero((plan.stages["officers_length"] != NONE).take(visits.stage) & visits.was_served):
        stage, case = plan.stages[visits.stage[row]], log.cases[visits.case[row]]
        shape = plan.lengths[stage["officers_length"]]
        luck = dice.block(int(case["address"]), int(case["ordinal"]), int(visits.nth[row]), int(stage["question"]))
        officers[row] = int(picked(tail, int(shape["at"]), int(shape["count"]), unit(luck[3])))
    return officers


@dataclass(frozen=True, slots=True)
class _Work:
    """Stretches of work of one team and how many of its officers are at it; in seconds of the clock and of work."""

    start: Int64s
    end: Int64s
    officers: Int64s
    hours: WorkTable
    worked_by_start: Int64s
    worked_by_end: Int64s

    def within(self, first: int, last: int) -> int:
        """Officer-seconds in office hours between two moments."""
        # The time worked only grows, so that of a moment cut to a span is that of the moment, cut to that of the span.
        least, most = self.hours.worked(first), self.hours.worked(last)
        spans = np.clip(self.worked_by_end, least, most) - np.clip(self.worked_by_start, least, most)
        return int((spans * self.officers).sum())

    def beyond(self, first: int, last: int) -> int:
        """Officer-seconds outside office hours between two moments."""
        spans = np.clip(self.end, first, last) - np.clip(self.start, first, last)
        return int((spans * self.officers).sum()) - self.within(first, last)


def staff(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each team and year: `officer_hours` on duty, `work_hours`, `overtime_hours`, `use` (work over duty)."""
    work = _work_of_teams(log, plan, visits)
    measures, parts = ["officer_hours", "work_hours", "overtime_hours", "use"], []
    for number, name in enumerate(plan.names.teams):
        row = plan.teams[number]
        place = plan.names.jurisdictions[int(row["jurisdiction"])]
        for year, first, last in plan.years:
            first = max(first, plan.warm_up)
            if first >= last:
                continue
            duty = on_duty(plan, number, first, last) / 3600
            within = beyond = 0.0
            for part in work[number]:
                within += part.within(first, last) / 3600
                if row["at_close"] == AtClose.OVERTIME:
                    beyond += part.beyond(first, last) / 3600
            values = [duty, within, beyond, within / duty if duty else np.nan]
            parts.append(table(measures, place, ALL, name, year, values))
    return joined(parts)


def _work_of_teams(log: EventLog, plan: Plan, visits: Visits) -> list[list[_Work]]:
    """The work of each team: what it leads, and then what it lends officers to."""
    services = visits.services
    end = np.minimum(services.end, plan.horizon)
    officers = officers_at_work(log, plan, visits).take(services.visit)
    team = visits.team.take(services.visit)
    hours = [plan.work_tables[int(row["calendar"])] for row in plan.teams]

    def work_of(number: int, rows: Int64s, officers: Int64s) -> _Work:
        a, b = services.start.take(rows), end.take(rows)
        return _Work(a, b, officers, hours[number], hours[number].worked(a), hours[number].worked(b))

    led = Grouping.of(np.where(team == NONE, len(hours), team), len(hours))
    work = [[work_of(number, led.rows(number), officers.take(led.rows(number)))] for number in range(len(hours))]
    for number, rows, count in _lent(log, plan, visits):
        work[number].append(work_of(number, rows, np.full(len(rows), count)))
    return work


def _lent(log: EventLog, plan: Plan, visits: Visits) -> Iterator[tuple[int, Int64s, int]]:
    """Services to which a team lends officers while another leads them: the team, services and officers of each."""
    stage = visits.stage.take(visits.services.visit)
    for number in np.flatnonzero(plan.stages["also_count"]).tolist():
        row, here = plan.stages[number], np.flatnonzero(stage == number)
        cases = log.cases[visits.case.take(visits.services.visit.take(here))]
        for also in plan.also[row["also_at"] : row["also_at"] + row["also_count"]]:
            lender = plan.team_of[also["role"]][cases["field"], cases["handler"]]
            for team in np.unique(lender[lender != NONE]).tolist():
                yield team, here[lender == team], int(also["officers"])


def on_duty(plan: Plan, team: int, first: int, last: int) -> float:
    """Officer-seconds on duty between two moments."""
    row = plan.teams[team]
    hours = plan.work_tables[int(row["calendar"])]
    steps = plan.roster[int(row["roster_at"]) : int(row["roster_at"]) + int(row["roster_count"])]
    total = 0
    for i, step in enumerate(steps):
        start = max(first, int(step["time"]))
        end = min(last, int(steps[i + 1]["time"]) if i + 1 < len(steps) else last)
        if end > start:
            total += int(step["officers"]) * (int(hours.worked(end)) - int(hours.worked(start)))
    return float(total)


def line_waits(plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each team, stage and year: `wait_mean` and `wait_p90`, clock hours from joining the line to the start."""
    served = np.flatnonzero(visits.was_served & (plan.stages["op"] == Op.WORK).take(visits.stage))
    start, team = visits.started.take(served), visits.team.take(served).astype(np.int64)
    # Procedures of several fields share names of stages: a planner sees one line for them.
    names = sorted(set(plan.names.stages))
    stage = np.array([names.index(name) for name in plan.names.stages]).take(visits.stage.take(served))
    year, years = year_of(plan, start), len(plan.years)
    count = len(plan.names.teams) * len(names) * years
    lines = Grouping.of(np.where(year < 0, count, (team * len(names) + stage) * years + year), count)
    waited = ((start - visits.entered.take(served)) / 3600).take(lines.order)
    parts = []
    for key, first, last in lines.filled():
        t, s = divmod(key // years, len(names))
        place = plan.names.jurisdictions[int(plan.teams[t]["jurisdiction"])]
        waits, item = waited[first:last], f"{plan.names.teams[t]}/{names[s]}"
        values = [mean(waits), interpolated(waits, 0.9)]
        parts.append(table(["wait_mean", "wait_p90"], place, ALL, item, plan.years[key % years][0], values))
    return joined(parts)
