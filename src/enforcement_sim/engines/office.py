"""The office: all desks and gates of a plan, and the moment at which an instant has settled.

Order within one instant, as docs/why/order.md tells it: (1) work and waits that end, end, and then clocks that
run out, run out; (2) rosters change; (3) cases arrive, pass gates or join a line, and child matters are born;
(4) only then the gates that meet and after them each team, in team order, choose. SimPy fires events of one time
by priority, so phase 4 is one event of the lowest priority: whatever else happens at this time has happened
before it. If a choice makes something happen at the same time, that comes first and the instant settles again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import simpy

from ..decisions.dice import Dice, unit
from ..journal.log import LogWriter
from ..plan.attendance import attendance
from ..plan.tables import Plan
from ..records import NONE
from .desk import GAVE_UP, SERVED, TURNED_AWAY, Desk, Hand, Waiter
from .gridlock import never_enough, standstill
from .staffing import desks_of

if TYPE_CHECKING:
    from simpy.events import EventPriority

BELL = cast("EventPriority", 5)
LAPSES = cast("EventPriority", 6)
LAST = cast("EventPriority", 9)
AFTERWARDS = cast("EventPriority", 10)
"""SimPy priorities of clocks that run out, of stays that lapse by it, of the settling event, and of what looks back on
an instant that has settled; SimPy's own are 0 and 1."""


class Office:
    """Desks, gates and the log of one replication."""

    def __init__(
        self,
        plan: Plan,
        replication: int,
        dice: Dice,
        deliver: Callable[[], bool],
        of_other_duty: Callable[[int], int],
    ) -> None:
        self.plan = plan
        self.dice = dice
        self.env = simpy.Environment(initial_time=0)
        self.log = LogWriter()
        self.desks = desks_of(plan, attendance(plan, replication))
        self.gates: dict[int, list[Waiter]] = {}
        self.deliver = deliver
        self.of_other_duty = of_other_duty
        self._stirred: set[int] = set()
        self._meeting: dict[int, int] = {}
        self._settling = False
        self._lines_end = bool((plan.stages["limit"] != NONE).any() or (plan.later["limit"] != NONE).any())
        for desk in self.desks:
            if len(desk.roster) > 1:
                self.env.process(self._roster(desk))
        for time, team, rule in plan.queue_changes.tolist():
            self.after(time, partial(self._change_rule, self.desks[team], partial(self.desks[team].reorder, rule)))
        for time, team, keeps, by_lot, cap in plan.assignment_changes.tolist():
            assign = partial(self.desks[team].assign, bool(keeps), bool(by_lot), cap)
            self.after(time, partial(self._change_rule, self.desks[team], assign))
        for number in range(len(plan.gates)):
            self.gates[number] = []
            self.env.process(self._meetings(number))
        for desk in self.desks:
            if desk.duties:
                self.stir(desk)  # other duties do not wait for the first case

    def _roster(self, desk: Desk) -> Generator[simpy.Event, None, None]:
        for time, officers, speed in desk.roster[1:]:
            yield self.env.timeout(time - self.env.now)
            desk.change(officers, speed)
            self.stir(desk)

    def _change_rule(self, desk: Desk, change: Callable[[], None], _: simpy.Event) -> None:
        change()
        self.stir(desk)

    def _meetings(self, gate: int) -> Generator[simpy.Event, None, None]:
        _, count, held, asked = self.plan.gates[gate].tolist()
        at = int(self.plan.gates[gate]["at"])
        for number, meeting in enumerate(self.plan.meetings[at : at + count]):
            yield self.env.timeout(int(meeting["time"]) - self.env.now)
            if held >= 1.0 or unit(self.dice.block(asked, number, 0, asked)[0]) < held:
                self._meeting[gate] = int(meeting["quota"])
                self.settle_later()

    def stir(self, desk: Desk) -> None:
        """Something changed at a desk: it chooses again when the instant has settled."""
        self._stirred.add(desk.number)
        for other in desk.helps:
            self._stirred.add(other.number)
        self.settle_later()

    def settle_later(self) -> None:
        """Settle this instant once everything else of it has happened."""
        if not self._settling:
            self._settling = True
            self.at(0, LAST, self._settle)

    def at(self, seconds: int, priority: Any, do: Callable[[simpy.Event], None]) -> None:
        """Call `do` so many seconds later, among that instant's events by priority."""
        event = simpy.Event(self.env)
        event._ok = True
        event.callbacks = [do]
        self.env.schedule(event, priority=priority, delay=seconds)

    def _settle(self, _: simpy.Event) -> None:
        self._settling = False
        if self.deliver():
            self.settle_later()
            return
        if self._meeting:
            self._meet()
            return
        now = int(self.env.now)
        while self._stirred:
            number = min(self._stirred)
            self._stirred.discard(number)
            self._serve(self.desks[number], now)

    def _serve(self, desk: Desk, now: int) -> None:
        desk.shed(now)
        if desk.is_open(now):
            for waiter in desk.choose(now):
                self.let_go(waiter.held)
                waiter.turn.succeed(SERVED)
            self._refuse_gridlock(desk, now)
            for _ in range(desk.idle() if desk.duties else 0):
                self._take_up_duty(desk, now)
        if self._lines_end:
            self._keep_room(desk)
        self._wake_at_opening(desk, now)

    def _keep_room(self, desk: Desk) -> None:
        """Turn away whom the line has no room for; who has found room in it frees the officers of the stage before."""
        full = list(desk.too_many())
        for waiter in full:
            if not waiter.blocks:
                waiter.end(TURNED_AWAY)
        for waiter in desk.line:
            if waiter.held and waiter not in full:
                self.let_go(waiter.held)

    def let_go(self, hands: list[Hand]) -> None:
        """Officers go back to their desks, which choose anew."""
        for hand in hands:
            hand.desk.take_back(hand)
            self.stir(hand.desk)
        hands.clear()

    def _take_up_duty(self, desk: Desk, now: int) -> None:
        """An officer for whom no case waits does something else for a while."""
        hand = [Hand(desk, 1, desk.shift)]
        desk.busy += 1
        end = desk.end_of(now, self.of_other_duty(desk.number), hand[0], lambda _: 1)
        if end is not None:
            self.after(end - now, lambda _: self.let_go(hand))

    def _meet(self) -> None:
        """Gates choose before teams do; whom they let pass may join a line before these choose."""
        for gate in sorted(self._meeting):
            quota = self._meeting[gate]
            waiting = sorted(waiter for waiter in self.gates[gate] if waiter.waiting)
            passing, self.gates[gate] = waiting[:quota], waiting[quota:]
            for waiter in passing:
                waiter.end(SERVED)
        self._meeting.clear()
        self.settle_later()

    def _wake_at_opening(self, desk: Desk, now: int) -> None:
        if desk.first_waiting() is None and not desk.duties:
            return
        opening = desk.opens_next(now)
        if opening is None or opening == desk.wakes_at:
            return
        desk.wakes_at = opening
        self.after(opening - now, lambda _: self.stir(desk))

    def _refuse_gridlock(self, desk: Desk, now: int) -> None:
        first = desk.first_waiting()
        if first is None:
            return
        for team, needed in [(desk, first.officers), *first.also]:
            most = team.most_from(now, first.skills)
            if most < needed:
                raise never_enough(
                    self.plan.names, first.case, first.stage, first.place[3], team.number, needed, most,
                    bool(first.skills),
                )  # fmt: skip

    def refuse_standstill(self) -> None:
        """Raise GridlockError if cases wait although no event is left that could move them."""
        if self.env.peek() != float("inf"):
            return
        for desk in self.desks:
            first = desk.first_waiting()
            if first is not None:
                raise standstill(self.plan.names, first.case, first.stage, desk.number)

    def after(self, seconds: int, do: Callable[[simpy.Event], None]) -> None:
        """Call `do` later, before that instant settles."""
        event = self.env.timeout(seconds)
        event.callbacks.append(do)

    def give_up_later(self, waiter: Waiter, seconds: int) -> None:
        """Let a waiting case go away when its patience has run out."""
        self.after(seconds, lambda _: waiter.end(GAVE_UP))
