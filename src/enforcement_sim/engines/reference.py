"""The reference engine: SimPy, one process a case, written to be read aloud."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

import simpy

from ..decisions.dice import Dice, unit
from ..decisions.durations import whole_seconds
from ..decisions.order import place
from ..journal.log import EventLog
from ..plan.first_day import running_clocks
from ..plan.intake import intake
from ..plan.tables import CASE, Plan, Records
from ..records import NONE, Op, QueueRule, What
from .case import Births, Case, StageRow, stage_rows
from .clocks import Clocks
from .desk import FINISHED, GAVE_UP, LAPSED, SERVED, TURNED_AWAY, Desk, Service, Stay, Waiter
from .diary import Diary
from .effort import OFFICERS, PATIENCE, Effort, Words
from .office import AFTERWARDS, Office
from .recall import Recall
from .ways import Ways

Steps = Generator[simpy.Event, Any, None]

_LEFT_BY = {GAVE_UP: What.GAVE_UP, TURNED_AWAY: What.TURNED_AWAY, LAPSED: What.LAPSED}


class Reference:
    """One replication of a plan."""

    def __init__(self, plan: Plan, replication: int, cases: Records | None = None) -> None:
        self.plan = plan
        self.replication = replication
        self.cases = intake(plan, replication) if cases is None else cases
        self.running: dict[int, list[tuple[int, int]]] = {}
        for case, clock, started in running_clocks(plan, replication, self.cases).tolist():
            self.running.setdefault(case, []).append((clock, started))
        dice = Dice(plan.seed, replication)
        self.effort = Effort(plan, dice)
        self.clocks = Clocks(plan, dice)
        self.births = Births(plan, len(self.cases))
        self.office = Office(plan, replication, dice, self.deliver, self.effort.of_other_duty)
        self.recall = Recall(plan, self.office.desks)
        self.diary = Diary(self.office, self.clocks, self.recall, plan.horizon)
        self.happens = self.diary.happens
        self.env = self.office.env
        self.stages, self.changes = stage_rows(plan)
        self.ways = Ways(plan, self.effort)
        self.also: list[tuple[int, int]] = plan.also.tolist()
        self.draws: list[int] = plan.teams["draws"].tolist()
        self.team_of = plan.team_of.tolist()
        self.lapsing = bool((plan.clocks["lapses_to"] != NONE).any())
        for at in [*self.stages, *(later for rows in self.changes.values() for *_, later in rows)]:
            self._who_helps_whom(at)

    def _who_helps_whom(self, at: StageRow) -> None:
        """A desk that lends officers to another's work wakes that one when it has some free."""
        for role, _ in self.also[at.also_at : at.also_at + at.also_count]:
            for teams, firsts in zip(self.team_of[role], self.team_of[at.role], strict=True):
                for team, first in zip(teams, firsts, strict=True):
                    if NONE not in (team, first) and self.office.desks[first] not in self.office.desks[team].helps:
                        self.office.desks[team].helps.append(self.office.desks[first])

    @property
    def now(self) -> int:
        """The present second."""
        return int(self.env.now)

    def run(self) -> EventLog:
        """Simulate up to the horizon and hand over the facts."""
        self.env.process(self.door())
        for time, reform in self.plan.evaluations.tolist():
            self.office.at(time, AFTERWARDS, partial(self.recall.evaluate, reform))
        while self.env.peek() < self.plan.horizon:  # not env.run(until=…), whose end would stand among the events
            self.env.step()
        self.office.refuse_standstill()
        cases = self.births.after(self.recall.told_in(self.cases))
        return EventLog.of(self.office.log, cases, self.plan.names, self.plan.horizon, self.replication)

    def door(self) -> Steps:
        """Cases arrive."""
        for number, row in enumerate(self.cases.tolist()):
            case = Case(number, dict(zip(CASE.names or (), row, strict=True)))
            if case.filed < case.arrived:
                case.running = self.running.get(number, [])
            if case.arrived > self.now:
                yield self.env.timeout(case.arrived - self.now)
            self.env.process(self.life(case, case.enters))

    def deliver(self) -> bool:
        """Child matters begin, in the order of their parents; whether there were any."""
        born = self.births.deliver(self.now)
        for child in born:
            self.env.process(self.life(child, child.enters))
        return bool(born)

    def life(self, case: Case, stage: int) -> Steps:
        """A case from the door to the archive."""
        self.recall.arrives(case)
        self.happens(case, What.ARRIVED, NONE)
        while True:
            at = self.stage_now(case, stage)
            if at.op == Op.EXIT:
                self.close(case, stage)
                return
            case.stage = stage
            visit = case.visits.get(stage, 0)
            case.visits[stage] = visit + 1
            luck = self.effort.luck(case, visit, at.question)
            left = NONE
            if at.op == Op.WORK:
                left = yield from self.work(case, at, visit, luck)
            elif at.op == Op.WAIT:
                yield from self.wait(case, at, visit, luck)
            elif at.op == Op.GATE:
                yield from self.gate(case, at)
            elif at.op == Op.FORK:
                yield from self.fork(case, at, visit)
            else:
                self.happens(case, What.ENTERED, stage)
                self.happens(case, What.ENDED, stage)
            case.since = self.now
            stage = self.ways.out(case, at, visit, luck, self.now) if left == NONE else left
            if case.lapses_to != NONE:
                stage, case.lapses_to = case.lapses_to, NONE
            if case.held and not self.stage_now(case, stage).blocks:
                self.office.let_go(case.held)

    def stage_now(self, case: Case, stage: int) -> StageRow:
        """A stage as it is for this case now: dated changes apply from then on, or to cases filed from then on."""
        at = self.stages[stage]
        for since, by_filing, changed in self.changes.get(stage, ()):
            if (case.filed if by_filing else case.since) >= since:
                at = changed
        return at

    def close(self, case: Case, stage: int) -> None:
        """The case goes to the archive; its handling officers have room for another, its parent one child less."""
        self.diary.closed(case, stage)
        for desk, owner in case.keeps:
            self.office.desks[desk].forget(owner)
            self.office.stir(self.office.desks[desk])
        if case.parent is not None:
            is_awaited = case.joins is not None and case.joins.waiting
            case.parent.ended_child(self.now, case.number, stage, is_awaited)
        if case.joins is not None:
            case.joins.children -= 1
            if not case.joins.children:
                case.joins.end(SERVED)

    def work(self, case: Case, at: StageRow, visit: int, luck: Words) -> Generator[simpy.Event, Any, int]:
        """Stand in the team's line, be worked on, go on; returns where to, if it left the line unserved."""
        stage = case.stage
        desk = self.office.desks[self.team_of[at.role][case.field][case.handler]]
        self.happens(case, What.ENTERED, stage, desk.number)
        waiter = self.in_line(case, at, desk, visit, luck)
        seconds = NONE
        while True:
            case.stay = waiter
            answer = yield waiter.turn
            if answer != SERVED:
                self.office.let_go(waiter.held)
                self.happens(case, _LEFT_BY[answer], stage, desk.number)
                return at.give_up if answer == GAVE_UP else at.full
            case.stay = None
            self.starts(case, desk, waiter, goes_on=seconds != NONE)
            if seconds == NONE:
                seconds = self.effort.of_work(case, at, visit, luck, waiter, self.now)
            hand = waiter.hands[0]

            def again(attempt: int) -> int:
                return self.effort.again(case, at, visit, attempt, waiter, self.now)

            end = desk.end_of(self.now, seconds, hand, again)
            how, seconds = yield from self.until_done(desk, waiter, end)
            if how == FINISHED:
                self.happens(case, What.ENDED, stage, desk.number)
                case.held = waiter.hands
                return NONE
            self.happens(case, What.BROKEN_OFF, stage, desk.number)
            for lent, _ in waiter.also:
                self.office.stir(lent)  # its officers are free for its own line

    def in_line(self, case: Case, at: StageRow, desk: Desk, visit: int, luck: Words) -> Waiter:
        """A place in a team's line."""
        officers = at.officers or int(self.effort.length(at.officers_length, case, at, visit, luck, OFFICERS))
        entry = (at.priority, case.priority, case.severity, self.clocks.due(case.number), case.since, case.number)
        waiter = Waiter(
            self.env.event(), entry=entry, case=case.number, stage=case.stage, officers=officers, limit=at.limit,
            blocks=bool(at.blocks), skills=at.skills, desk=desk.number, owner=case.owners.get(desk.number, NONE),
        )  # fmt: skip
        waiter.also = [
            (self.office.desks[self.team_of[role][case.field][case.handler]], count)
            for role, count in self.also[at.also_at : at.also_at + at.also_count]
        ]
        if self.draws[desk.number]:
            waiter.lot = self.effort.lot(case, at, visit)
        waiter.held, case.held = case.held, []
        if at.patience != NONE:
            patience = self.effort.length(at.patience, case, at, visit, luck, PATIENCE)
            stood = self.now - case.since
            self.office.give_up_later(waiter, max(0, whole_seconds(patience, 0) - stood))
        desk.join(waiter)
        self.office.stir(desk)
        return waiter

    def starts(self, case: Case, desk: Desk, waiter: Waiter, goes_on: bool) -> None:
        """Work starts, or goes on, which no clock counts as a start; officers by name are written down."""
        if goes_on:
            self.office.log.note(self.now, case.number, What.STARTED, case.stage, desk.number)
        else:
            self.happens(case, What.STARTED, case.stage, desk.number)
        for hand in waiter.hands:
            for who in hand.people:
                self.happens(case, What.TAKEN, case.stage, len(self.office.desks) + who)
        if waiter.owner != NONE and case.owners.get(desk.number) != waiter.owner:
            case.owners[desk.number] = waiter.owner
            case.keeps.append((desk.number, waiter.owner))

    def until_done(self, desk: Desk, waiter: Waiter, end: int | None) -> Generator[simpy.Event, Any, tuple[str, int]]:
        """Let the work go on to its end, or until it is broken off; how, and the seconds of work that are left."""
        if end is None:
            yield self.env.event()  # it ends behind all that the calendar covers, and so behind the horizon
            raise AssertionError("nothing ends this")
        if not (desk.preempts or desk.sheds):
            yield self.env.timeout(end - self.now)
            return FINISHED, 0
        service = Service(waiter, end, self.env.event())
        waiter.turn = self.env.event()
        desk.services.append(service)
        self.office.after(end - self.now, lambda _: desk.finish(service))
        how = yield service.over
        return how, service.left

    def wait(self, case: Case, at: StageRow, visit: int, luck: Words) -> Steps:
        """Let a legal or outside period pass."""
        self.happens(case, What.ENTERED, case.stage)
        seconds = self.effort.of_wait(case, at, visit, luck, self.now)
        if not self.lapsing:
            yield self.env.timeout(seconds)
            answer = SERVED
        else:
            case.stay = stay = Stay(self.env.event())
            self.office.after(seconds, lambda _: stay.end(SERVED))
            answer = yield stay.turn
        self.leaves(case, answer)

    def leaves(self, case: Case, answer: str) -> None:
        """A stay without work is over."""
        case.stay = None
        # A fork whose last child closes in the second in which it lapses has lapsed, whichever is told first.
        lapsed = answer == LAPSED or case.lapses_to != NONE
        self.happens(case, What.LAPSED if lapsed else What.ENDED, case.stage)

    def gate(self, case: Case, at: StageRow) -> Steps:
        """Wait for a meeting that has room."""
        self.happens(case, What.ENTERED, case.stage)
        key = place(QueueRule.FIRST_COME, at.priority, case.priority, case.severity, 0, case.since, case.number)
        case.stay = waiter = Waiter(self.env.event(), place=key, case=case.number, stage=case.stage)
        self.office.gates[at.gate].append(waiter)
        self.leaves(case, (yield waiter.turn))

    def fork(self, case: Case, at: StageRow, visit: int) -> Steps:
        """Child matters begin; wait for them, or go on."""
        self.happens(case, What.ENTERED, case.stage)
        stay = Stay(self.env.event())
        for child in range(at.children_at, at.children_at + at.children_count):
            row = self.plan.children[child]
            luck = self.effort.luck(case, visit, int(row["question"]))
            if unit(luck[0]) < float(row["share"]) or row["share"] >= 1.0:
                self.births.expect(case, child, luck[1], stay if at.joins else None)
                self.office.settle_later()
        answer = SERVED
        if stay.children:
            case.stay = stay
            answer = yield stay.turn
        self.leaves(case, answer)


def run(plan: Plan, replication: int) -> EventLog:
    """The event log of one replication (numbered from 0), checked for conservation.

    Raises GridlockError where cases wait that nothing can move, ConservationError if the log does not balance.
    """
    log = Reference(plan, replication).run()
    log.check()
    return log
