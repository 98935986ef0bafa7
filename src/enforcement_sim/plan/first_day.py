"""The first day: when each open case was filed, since when it stands in its stage, and which of its clocks run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..decisions.dice import Dice, question, unit
from ..decisions.durations import drawn, listed, whole_seconds
from ..records import DAY, NONE, Family
from .tables import FROM_ENTERING, FROM_FILING, RUNNING, Plan, Records, StandingRow, StreamRow

Seconds = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

_AGE = question("door:age")
_IN_STAGE = question("door:in_stage")


def standing(plan: Plan, row: StreamRow, dice: Dice) -> tuple[Seconds, Seconds, Numbers, Numbers]:
    """For each open case of a stream: second of filing, second of entering its stage, stage, kind (or NONE).

    Both seconds lie before the start, or at it for a case that has just come to its stage. Raises CalendarError for
    cases older than the calendars.
    """
    told = _Lengths(plan, row, dice)
    filed, since, stages, kinds = [], [], [], []
    for ordinal, (rows, nth) in enumerate(_each(row)):
        age = whole_seconds(told.length(rows.age, ordinal, nth, _AGE), 1)
        stood = 0
        if rows.in_stage != NONE:
            stood = min(age, whole_seconds(told.length(rows.in_stage, ordinal, nth, _IN_STAGE), 0))
        filed.append(-age)
        since.append(-stood)
        stages.append(rows.stage)
        kinds.append(rows.kind)
    _refuse_before(plan, min(filed, default=0))
    return (
        np.array(filed, dtype=np.int64),
        np.array(since, dtype=np.int64),
        np.array(stages, dtype=np.int32),
        np.array(kinds, dtype=np.int32),
    )


def running_clocks(plan: Plan, replication: int, cases: Records) -> Records:
    """The legal clocks that run when the run starts (RUNNING records), by case and clock.

    A clock of several versions follows the one that was in force when it started. A case that has stood in its stage
    longer than a clock is said to run has that clock from its entering on: nothing has happened to it since.
    """
    if not any(row.standing for row in plan.streams):
        return np.zeros(0, dtype=RUNNING)
    dice = Dice(plan.seed, replication)
    told_by = {number: _Lengths(plan, row, dice) for number, row in enumerate(plan.streams) if row.standing}
    places = {number: list(_each(plan.streams[number])) for number in told_by}
    found = []
    for number in np.flatnonzero(cases["filed"] < cases["arrived"]).tolist():
        case = cases[number]
        stream, ordinal = int(case["stream"]), int(case["ordinal"])
        told, (rows, nth) = told_by[stream], places[stream][ordinal]
        for name, start in rows.clocks:
            if start in (FROM_FILING, FROM_ENTERING):
                started = int(case["filed"] if start == FROM_FILING else case["since"])
            else:
                asked = question(f"door:clock:{plan.names.clocks[name]}")
                started = -whole_seconds(told.length(start, ordinal, nth, asked), 0)
            started = min(started, int(case["since"]))
            _refuse_before(plan, started)
            found += [(number, clock, started) for clock in _versions(plan, rows.stage, name, started)]
    return np.array(sorted(found), dtype=RUNNING)


def _each(row: StreamRow) -> Iterator[tuple[StandingRow, int]]:
    """For each open case of a stream, in order, its row and its number among the cases of that row."""
    for rows in row.standing:
        for n in range(rows.count):
            yield rows, rows.first + n


def _versions(plan: Plan, stage: int, name: int, started: int) -> list[int]:
    clocks = plan.clocks
    mine = (clocks["procedure"] == plan.stages["procedure"][stage]) & (clocks["name"] == name)
    in_force = (clocks["since"] <= started) & (started < clocks["until"])
    return [int(clock) for clock in np.flatnonzero(mine & in_force)]


def _refuse_before(plan: Plan, second: int) -> None:
    """Raise CalendarError if a second lies before a calendar's first day."""
    for days in sorted(plan.day_tables, key=lambda table: table.back) if second < 0 else ():
        days.is_working_day(second // DAY)


class _Lengths:
    """Lengths drawn for the cases of one stream before time begins."""

    def __init__(self, plan: Plan, row: StreamRow, dice: Dice) -> None:
        self.plan = plan
        self.dice = dice
        self.address = row.address
        self.tail: list[float] = plan.tail.tolist()

    def length(self, length: int, ordinal: int, nth: int, asked: int) -> float:
        """Seconds for the case of this ordinal; a list tells the nth of its row."""
        family, a, b, c, at, count, width = self.plan.lengths[length].tolist()
        if family == Family.LISTED:
            return listed(self.tail, at, count, width, nth, 0)

        def uniform(n: int) -> float:
            return unit(self.dice.block(self.address, ordinal, 0, asked, n // 4)[n % 4])

        return drawn(family, a, b, c, self.tail, at, count, uniform)
