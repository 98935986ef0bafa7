"""The office: all desks and gates of a plan, and the moment at which an instant has settled.

Order within one instant, as docs/why/order.md tells it: (1) work and clocks that end, end; (2) rosters
change; (3) cases arrive, pass gates or join a line; (4) only then the gates that meet and after them each
team, in team order, choose. SimPy fires events of one time by priority, so phase 4 is one event of the
lowest priority: whatever else happens at this time has happened before it. If a choice makes something
happen at the same time, that comes first and the instant settles again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, cast

import simpy

from ..errors import GridlockError
from ..journal.log import LogWriter
from ..plan.tables import Plan
from ..records import AtClose
from .desk import GAVE_UP, SERVED, TURNED_AWAY, Desk, Waiter

if TYPE_CHECKING:
    from simpy.events import EventPriority

LAST = cast("EventPriority", 9)
"""SimPy priority of the settling event; SimPy's own are 0 and 1."""


class Office:
    """Desks, gates and the log of one replication."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.env = simpy.Environment(initial_time=0)
        self.log = LogWriter()
        self.desks = [self._desk(number) for number in range(len(plan.teams))]
        self.gates: dict[int, list[Waiter]] = {}
        self._stirred: set[int] = set()
        self._meeting: dict[int, int] = {}
        self._settling = False
        for desk in self.desks:
            if len(desk.roster) > 1:
                self.env.process(self._roster(desk))
        for number in range(len(plan.gates)):
            self.gates[number] = []
            self.env.process(self._meetings(number))

    def _desk(self, number: int) -> Desk:
        row = self.plan.teams[number]
        at, count = int(row["roster_at"]), int(row["roster_count"])
        roster = [(int(step["time"]), int(step["officers"])) for step in self.plan.roster[at : at + count]]
        return Desk(
            number=number,
            name=self.plan.names.teams[number],
            hours=self.plan.work_tables[int(row["calendar"])],
            at_close=AtClose(int(row["at_close"])),
            skips=bool(row["skips"]),
            new_team=bool(row["new_team"]),
            roster=roster,
            officers=roster[0][1],
        )

    def _roster(self, desk: Desk) -> Generator[simpy.Event, None, None]:
        for time, officers in desk.roster[1:]:
            yield self.env.timeout(time - self.env.now)
            desk.change(officers)
            self.stir(desk)

    def _meetings(self, gate: int) -> Generator[simpy.Event, None, None]:
        at, count = int(self.plan.gates[gate]["at"]), int(self.plan.gates[gate]["count"])
        for meeting in self.plan.meetings[at : at + count]:
            yield self.env.timeout(int(meeting["time"]) - self.env.now)
            self._meeting[gate] = int(meeting["quota"])
            self._settle_later()

    def stir(self, desk: Desk) -> None:
        """Something changed at a desk: it chooses again when the instant has settled."""
        self._stirred.add(desk.number)
        for other in desk.helps:
            self._stirred.add(other.number)
        self._settle_later()

    def _settle_later(self) -> None:
        if not self._settling:
            self._settling = True
            event = simpy.Event(self.env)
            event._ok = True
            event.callbacks = [self._settle]
            self.env.schedule(event, priority=LAST)

    def _settle(self, _: simpy.Event) -> None:
        self._settling = False
        if self._meeting:
            self._meet()
            return
        now = int(self.env.now)
        while self._stirred:
            number = min(self._stirred)
            self._stirred.discard(number)
            desk = self.desks[number]
            if not desk.is_open(now):
                self._wake_at_opening(desk, now)
                continue
            for waiter in desk.choose():
                waiter.turn.succeed(SERVED)
            self._refuse_gridlock(desk, now)
            for waiter in desk.too_many():
                waiter.waiting = False
                waiter.turn.succeed(TURNED_AWAY)

    def _meet(self) -> None:
        """Gates choose before teams do; whom they let pass may join a line before these choose."""
        for gate in sorted(self._meeting):
            quota = self._meeting[gate]
            self.gates[gate].sort()
            passing, self.gates[gate] = self.gates[gate][:quota], self.gates[gate][quota:]
            for waiter in passing:
                waiter.turn.succeed(SERVED)
        self._meeting.clear()
        self._settle_later()

    def _wake_at_opening(self, desk: Desk, now: int) -> None:
        opening = desk.opens_next(now)
        if desk.first_waiting() is None or opening is None or opening == desk.wakes_at:
            return
        desk.wakes_at = opening
        event = self.env.timeout(opening - now)
        event.callbacks.append(lambda _: self.stir(desk))

    def _refuse_gridlock(self, desk: Desk, now: int) -> None:
        first = desk.first_waiting()
        if first is None:
            return
        for team, needed in [(desk, first.officers), *first.also]:
            most = team.most_from(now)
            if most < needed:
                stage = self.plan.names.stages[first.stage]
                raise GridlockError(
                    f"gridlock: case {first.case} waits for {needed} officers of team '{team.name}' at stage '{stage}' "
                    f"since second {first.place[3]}, but the team never has more than {most} again",
                    try_=f"give team '{team.name}' at least {needed} officers, or let another team take the case",
                )

    def refuse_standstill(self) -> None:
        """Raise GridlockError if cases wait although no event is left that could move them."""
        if self.env.peek() != float("inf"):
            return
        for desk in self.desks:
            first = desk.first_waiting()
            if first is not None:
                stage = self.plan.names.stages[first.stage]
                raise GridlockError(
                    f"gridlock: case {first.case} waits at team '{desk.name}', stage '{stage}', "
                    "and nothing can move any more",
                    try_="check the roster and the calendar of this team",
                )

    def after(self, seconds: int, do: Callable[[simpy.Event], None]) -> None:
        """Call `do` later, before that instant settles."""
        event = self.env.timeout(seconds)
        event.callbacks.append(do)

    def give_up_later(self, waiter: Waiter, seconds: int) -> None:
        """Let a waiting case go away when its patience has run out."""

        def leave(_: simpy.Event) -> None:
            if waiter.waiting:
                waiter.waiting = False
                waiter.turn.succeed(GAVE_UP)

        self.after(seconds, leave)
