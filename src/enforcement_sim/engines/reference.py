"""The reference engine: SimPy, one process a case, written to be read aloud."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from ..decisions.dice import Dice, unit
from ..decisions.durations import drawn, listed, whole_seconds
from ..decisions.order import place
from ..decisions.ways import by_share, by_value
from ..errors import CalendarError
from ..journal.log import EventLog
from ..plan.intake import intake
from ..plan.tables import CASE, Plan, Records
from ..records import NONE, Attribute, Days, Family, Op, What
from .desk import GAVE_UP, SERVED, Desk, Waiter
from .due import Dues
from .office import Office

Steps = Generator[simpy.Event, Any, None]

_DURATION, _WAY, _PATIENCE, _OFFICERS = 0, 1, 2, 3
"""Which of the four words of a visit's block answers what; a family that asks for more reads further blocks."""

_ANEW = 1 << 12
"""First block of draws for work that is begun anew; the blocks below it belong to the phases of one draw."""


class _Case:
    """One case on its way; what it is, and what only the way so far tells."""

    __slots__ = (
        "address",
        "field",
        "handler",
        "kind",
        "moved",
        "number",
        "ordinal",
        "origin",
        "priority",
        "severity",
        "visits",
    )

    def __init__(self, number: int, row: tuple[Any, ...]) -> None:
        facts = dict(zip(CASE.names or (), row, strict=True))
        self.number = number
        self.address: int = facts["address"]
        self.ordinal: int = facts["ordinal"]
        self.origin: int = facts["origin"]
        self.field: int = facts["field"]
        self.handler: int = facts["handler"]
        self.kind: int = facts["kind"]
        self.priority: int = facts["priority"]
        self.severity: int = facts["severity"]
        self.moved: int = facts["moved"]
        self.visits: dict[int, int] = {}


class _Stage:
    """A stage as plain numbers: reading a record array in the loop would cost more than the model."""

    def __init__(self, row: Any) -> None:
        for name in row.dtype.names:
            setattr(self, name, int(row[name]))

    def __getattr__(self, name: str) -> int:  # for the type checker: every column is a whole number
        raise AttributeError(name)


class Reference:
    """One replication of a plan."""

    def __init__(self, plan: Plan, replication: int, cases: Records | None = None) -> None:
        self.plan = plan
        self.replication = replication
        self.cases = intake(plan, replication) if cases is None else cases
        self.dice = Dice(plan.seed, replication)
        self.office = Office(plan)
        self.env = self.office.env
        self.stages = [_Stage(row) for row in plan.stages]
        self.lengths = [tuple(row) for row in plan.lengths.tolist()]
        self.tail: list[float] = plan.tail.tolist()
        self.cumulated: list[float] = plan.ways["cumulated"].tolist()
        self.values: list[int] = plan.ways["value"].tolist()
        self.to: list[int] = plan.ways["to"].tolist()
        self.also: list[tuple[int, int]] = plan.also.tolist()
        self.rules: list[int] = plan.teams["rule"].tolist()
        self.team_of = plan.team_of.tolist()
        self.dues = Dues(plan)
        for row in self.stages:
            self._who_helps_whom(row)

    def _who_helps_whom(self, stage: _Stage) -> None:
        """A desk that lends officers to another's work wakes that one when it has some free."""
        for role, _ in self.also[stage.also_at : stage.also_at + stage.also_count]:
            for teams, firsts in zip(self.team_of[role], self.team_of[stage.role], strict=True):
                for team, first in zip(teams, firsts, strict=True):
                    if NONE not in (team, first) and self.office.desks[first] not in self.office.desks[team].helps:
                        self.office.desks[team].helps.append(self.office.desks[first])

    @property
    def now(self) -> int:
        """The present second."""
        return int(self.env.now)

    def happens(self, case: _Case, what: What, stage: int, team: int = NONE) -> None:
        """Write a fact down, and let it start or stop the legal clocks of the case."""
        now = self.now
        self.office.log.note(now, case.number, what, stage, team)
        if self.dues.asked:
            self.dues.moved(case.number, stage, what, now)

    def run(self) -> EventLog:
        """Simulate up to the horizon and hand over the facts."""
        self.env.process(self.door())
        self.env.run(until=self.plan.horizon)
        self.office.refuse_standstill()
        return EventLog.of(self.office.log, self.cases, self.plan.names, self.plan.horizon, self.replication)

    def door(self) -> Steps:
        """Cases arrive."""
        for number, row in enumerate(self.cases.tolist()):
            arrived, enters = row[0], row[-1]
            if arrived > self.now:
                yield self.env.timeout(arrived - self.now)
            self.env.process(self.life(_Case(number, row), enters))

    def life(self, case: _Case, stage: int) -> Steps:
        """A case from the door to the archive."""
        self.happens(case, What.ARRIVED, NONE)
        while True:
            at = self.stages[stage]
            if at.op == Op.EXIT:
                self.happens(case, What.CLOSED, stage)
                self.dues.closed(case.number)
                return
            visit = case.visits.get(stage, 0)
            case.visits[stage] = visit + 1
            luck = self.dice.block(case.address, case.ordinal, visit, at.question)
            left = NONE
            if at.op == Op.WORK:
                left = yield from self.work(case, stage, at, visit, luck)
            elif at.op == Op.WAIT:
                yield from self.wait(case, stage, at, visit, luck)
            elif at.op == Op.GATE:
                yield from self.gate(case, stage, at)
            else:
                self.happens(case, What.ENTERED, stage)
                self.happens(case, What.ENDED, stage)
            stage = self.way_out(case, at, visit, luck) if left == NONE else left

    def work(
        self, case: _Case, stage: int, at: _Stage, visit: int, luck: tuple[int, ...]
    ) -> Generator[simpy.Event, Any, int]:
        """Stand in the team's line, be worked on, go on; returns where to, if it left the line unserved."""
        desk = self.office.desks[self.team_of[at.role][case.field][case.handler]]
        officers = at.officers or int(self._length(at.officers_length, case, stage, visit, luck, _OFFICERS))
        self.happens(case, What.ENTERED, stage, desk.number)
        waiter = self._in_line(case, stage, at, desk, officers)
        if at.patience != NONE:
            patience = self._length(at.patience, case, stage, visit, luck, _PATIENCE)
            self.office.give_up_later(waiter, whole_seconds(patience, 0))
        answer = yield waiter.turn
        if answer != SERVED:
            what, to = (What.GAVE_UP, at.give_up) if answer == GAVE_UP else (What.TURNED_AWAY, at.full)
            self.happens(case, what, stage, desk.number)
            return to
        self.happens(case, What.STARTED, stage, desk.number)
        shifts = [(desk, officers, desk.shift), *((other, count, other.shift) for other, count in waiter.also)]
        work = self._work(case, stage, at, visit, luck)
        end = desk.end_of(self.now, work, lambda attempt: self._again(case, stage, at, visit, attempt))
        yield self.env.timeout(end - self.now) if end is not None else self.env.event()
        self.happens(case, What.ENDED, stage, desk.number)
        for team, count, shift in shifts:
            team.release(count, shift)
            self.office.stir(team)
        return NONE

    def _in_line(self, case: _Case, stage: int, at: _Stage, desk: Desk, officers: int) -> Waiter:
        due = self.dues.due(case.number)
        rule = self.rules[desk.number]
        key = place(rule, at.priority, case.priority, case.severity, due, self.now, case.number)
        also = [
            (self.office.desks[self.team_of[role][case.field][case.handler]], count)
            for role, count in self.also[at.also_at : at.also_at + at.also_count]
        ]
        waiter = Waiter(key, case.number, stage, officers, also, at.limit, self.env.event())
        desk.join(waiter)
        self.office.stir(desk)
        return waiter

    def wait(self, case: _Case, stage: int, at: _Stage, visit: int, luck: tuple[int, ...]) -> Steps:
        """Let a legal or outside period pass."""
        self.happens(case, What.ENTERED, stage)
        length = self._length(at.length, case, stage, visit, luck, _DURATION)
        yield self._until_over(at, length)
        self.happens(case, What.ENDED, stage)

    def _until_over(self, at: _Stage, length: float) -> simpy.Event:
        if at.days == Days.SECONDS:
            return self.env.timeout(whole_seconds(length, 0))
        counts = "working" if at.days == Days.WORKING_DAYS else "calendar"
        try:
            over = self.plan.day_tables[at.calendar].due(self.now, math.floor(length + 0.5), counts, rolls=False)
        except CalendarError:
            return self.env.event()  # it ends behind all that the calendar covers, and so behind the horizon
        return self.env.timeout(over - self.now)

    def gate(self, case: _Case, stage: int, at: _Stage) -> Steps:
        """Wait for a meeting that has room."""
        self.happens(case, What.ENTERED, stage)
        key = place(0, at.priority, case.priority, case.severity, 0, self.now, case.number)
        waiter = Waiter(key, case.number, stage, 0, [], NONE, self.env.event())
        self.office.gates[at.gate].append(waiter)
        yield waiter.turn
        self.happens(case, What.ENDED, stage)

    def way_out(self, case: _Case, at: _Stage, visit: int, luck: tuple[int, ...]) -> int:
        """Where the case goes next."""
        if at.by == Attribute.SHARE:
            if at.ways_count == 1:
                return self.to[at.ways_at]
            return by_share(self.cumulated, self.to, at.ways_at, at.ways_count, unit(luck[_WAY]))
        value = {Attribute.KIND: case.kind, Attribute.ORIGIN: case.origin}.get(Attribute(at.by), visit)
        return by_value(self.values, self.to, at.ways_at, at.ways_count, value)

    def _again(self, case: _Case, stage: int, at: _Stage, visit: int, attempt: int) -> int:
        """Seconds of work that a closing has made begin anew, with new luck; told lengths take the next one."""
        luck = self.dice.block(case.address, case.ordinal, visit, at.question, _ANEW + attempt)
        return self._work(case, stage, at, visit + attempt, luck)

    def _work(self, case: _Case, stage: int, at: _Stage, visit: int, luck: tuple[int, ...]) -> int:
        """Seconds of work; a case moved down takes longer while the new team still learns."""
        length = self._length(at.length, case, stage, visit, luck, _DURATION)
        if case.moved and self.plan.learning_from != NONE:
            since = self.now - self.plan.learning_from
            length *= 1.0 + self.plan.learning_extra * math.pow(0.5, since / self.plan.learning_half_life)
        return whole_seconds(length, 1)

    def _length(self, row: int, case: _Case, stage: int, visit: int, luck: tuple[int, ...], word: int) -> float:
        family, a, b, c, at, count, width = self.lengths[row]
        if family == Family.LISTED:
            return listed(self.tail, at, count, width, case.ordinal, visit)

        def uniform(n: int) -> float:
            if n == 0:
                return unit(luck[word])
            # Further numbers of one draw: block 4(n - 1) + word + 1 keeps the questions of a visit apart.
            further = self.dice.block(
                case.address, case.ordinal, visit, self.stages[stage].question, 4 * (n - 1) + word + 1
            )
            return unit(further[0])

        return drawn(family, a, b, c, self.tail, at, count, uniform)


def run(plan: Plan, replication: int) -> EventLog:
    """The event log of one replication (numbered from 0), checked for conservation.

    Raises GridlockError where cases wait that nothing can move, ConservationError if the log does not balance.
    """
    log = Reference(plan, replication).run()
    log.check()
    return log
