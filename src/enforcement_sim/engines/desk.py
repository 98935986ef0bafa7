"""A desk: the line of a team, its officers, and the choice of whom to serve once an instant has settled."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import simpy

from ..calendars import WorkTable
from ..decisions.order import Key, place
from ..errors import CalendarError
from ..records import NONE, AtClose

SERVED, GAVE_UP, TURNED_AWAY, LAPSED = "served", "gave up", "turned away", "lapsed"
FINISHED, BROKEN_OFF = "finished", "broken off"


Entry = tuple[int, int, int, int, int, int]
"""What decides a place in line: priority of stage and case, severity, due second, second of joining, case number."""


@dataclass(slots=True)
class Hand:
    """Officers whom a desk has given to a case."""

    desk: Desk
    officers: int
    shift: int
    people: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Stay:
    """Where a case is until something happens: the event that ends its stay, and whether it still waits for it."""

    turn: simpy.Event
    waiting: bool = True
    children: int = 0

    def end(self, answer: str, _: simpy.Event | None = None) -> None:
        """End the stay, if nothing has ended it before."""
        if self.waiting:
            self.waiting = False
            self.turn.succeed(answer)


@dataclass(slots=True, eq=False)
class Waiter(Stay):
    """A case in line: its place, and what it needs."""

    entry: Entry = (0, 0, 0, 0, 0, 0)
    place: Key = (0, 0, 0, 0, 0)
    case: int = NONE
    stage: int = NONE
    officers: int = 0
    also: list[tuple[Desk, int]] = field(default_factory=list)
    limit: int = NONE
    blocks: bool = False
    skills: int = 0
    desk: int = NONE
    owner: int = NONE
    lot: Callable[[int], int] | None = None
    hands: list[Hand] = field(default_factory=list)
    held: list[Hand] = field(default_factory=list)
    speed: float = 1.0

    def __lt__(self, other: Waiter) -> bool:
        return self.place < other.place


@dataclass(slots=True, eq=False)
class Service:
    """Work in hand that may be broken off."""

    waiter: Waiter
    end: int
    over: simpy.Event
    left: int = 0


@dataclass(slots=True, eq=False)
class Desk:
    """One team during a run, its officers a number."""

    number: int
    name: str
    hours: WorkTable
    at_close: AtClose
    skips: bool
    new_team: bool
    sheds: bool
    preempts: bool
    rule: int
    roster: tuple[tuple[int, int, float], ...]
    posts: tuple[tuple[int, int], ...]  # the roster without absence
    pressure: tuple[tuple[float, float], ...]
    officers: int = 0
    speed: float = 1.0
    busy: int = 0
    shift: int = 0
    line: list[Waiter] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    helps: list[Desk] = field(default_factory=list)
    wakes_at: int = -1
    duties: bool = False

    def join(self, waiter: Waiter) -> None:
        """Stand in line at one's place."""
        waiter.place = place(self.rule, *waiter.entry)
        insort(self.line, waiter)

    def reorder(self, rule: int) -> None:
        """Serve by another rule from now on; the line stands accordingly."""
        self.rule = rule
        for waiter in self.line:
            waiter.place = place(rule, *waiter.entry)
        self.line.sort()

    def choose(self, now: int) -> Iterator[Waiter]:
        """Whom to serve now, one after the other; each is seized before the next is chosen."""
        if self.skips:
            yield from self._choose_any(now)
            return
        while (first := self.first_waiting()) is not None and (self._fits(first, now) or self._makes_room(first, now)):
            self.line.pop(0)
            self._seize(first, now)
            yield first

    def _choose_any(self, now: int) -> Iterator[Waiter]:
        for waiter in list(self.line):
            if waiter.waiting and (self._fits(waiter, now) or self._makes_room(waiter, now)):
                self.line.remove(waiter)
                self._seize(waiter, now)
                yield waiter

    def too_many(self) -> Iterator[Waiter]:
        """Those for whom their stage has no room in line, the last first."""
        waiting = Counter(waiter.stage for waiter in self.line if waiter.waiting and waiter.limit >= 0)
        for waiter in reversed(self.line.copy() if waiting else []):
            if waiter.waiting and 0 <= waiter.limit < waiting[waiter.stage]:
                waiting[waiter.stage] -= 1
                if not waiter.blocks:
                    self.line.remove(waiter)
                yield waiter

    def _fits(self, waiter: Waiter, now: int) -> bool:
        if not self.can_give(waiter, waiter.officers, now):
            return False
        return all(desk.can_give(waiter, officers, now) for desk, officers in waiter.also)

    def can_give(self, waiter: Waiter, officers: int, now: int) -> bool:
        """Whether so many officers are free for a case."""
        return self.officers - self.busy >= officers

    def give(self, waiter: Waiter, officers: int, now: int) -> Hand:
        """Officers seized for a case."""
        self.busy += officers
        return Hand(self, officers, self.shift)

    def _seize(self, waiter: Waiter, now: int) -> None:
        waiter.waiting = False
        waiter.speed = self.speed * self._under_pressure()
        waiter.hands = [self.give(waiter, waiter.officers, now)]
        waiter.hands += [desk.give(waiter, officers, now) for desk, officers in waiter.also]

    def _under_pressure(self) -> float:
        if not self.pressure:
            return 1.0
        each = sum(waiter.waiting for waiter in self.line) / max(1, self.officers)
        return next((speed for least, speed in reversed(self.pressure) if each >= least), 1.0)

    def take_back(self, hand: Hand) -> None:
        """Officers come back; those of a team that has gone off meanwhile are not counted any more."""
        if not self.new_team or hand.shift == self.shift:
            self.busy -= hand.officers

    def change(self, officers: int, speed: float) -> None:
        """A new number of officers from now on."""
        self.officers, self.speed = officers, speed
        if self.new_team:
            self.busy = 0
            self.shift += 1

    def shed(self, now: int) -> None:
        """Break off work in excess of the officers who are left, the last in order of the line first."""
        while self.sheds and self.busy > self.officers and self.services:
            self._break_off(max(self.services, key=lambda service: service.waiter), now)

    def _makes_room(self, waiter: Waiter, now: int) -> bool:
        """Break off work of worse classes if that lets this case begin."""
        if not self.preempts:
            return False
        worse = sorted(
            (service for service in self.services if service.waiter.place[:2] > waiter.place[:2]),
            key=lambda service: service.waiter,
        )
        gained = sum(service.waiter.officers for service in worse)
        others_fit = all(desk.can_give(waiter, officers, now) for desk, officers in waiter.also)
        if not others_fit or self.officers - self.busy + gained < waiter.officers:
            return False
        while not self.can_give(waiter, waiter.officers, now):
            self._break_off(worse.pop(), now)
        return True

    def _break_off(self, service: Service, now: int) -> None:
        self.services.remove(service)
        waiter = service.waiter
        if self.at_close is AtClose.OVERTIME:
            service.left = service.end - now
        else:
            service.left = self.hours.worked(service.end) - self.hours.worked(now)
        for hand in waiter.hands:
            hand.desk.take_back(hand)
        waiter.hands = []
        waiter.waiting = True
        self.join(waiter)
        service.over.succeed(BROKEN_OFF)

    def finish(self, service: Service) -> None:
        """Work comes to its end, unless it was broken off before."""
        if service in self.services:
            self.services.remove(service)
            service.over.succeed(FINISHED)

    def is_open(self, now: int) -> bool:
        """Whether anybody may begin work now."""
        return self.hours.is_open(now)

    def opens_next(self, now: int) -> int | None:
        """When somebody comes to work who is not there now, or None if nobody does in sight."""
        try:
            return None if self.hours.is_open(now) else self.hours.next_open(now)
        except CalendarError:
            return None

    def end_of(self, now: int, work: int, hand: Hand, redraw: Callable[[int], int]) -> int | None:
        """The instant at which work begun now ends; None if it never does in sight."""
        try:
            if self.at_close is AtClose.REDRAW:
                return self._redrawn_end(now, work, redraw)
            return self.hours.end_of_work(now, work, self.at_close.name.lower())
        except CalendarError:
            return None

    def _redrawn_end(self, now: int, work: int, redraw: Callable[[int], int]) -> int:
        attempt = 0
        while now + work > self.hours.next_close(now):
            now = self.hours.next_open(self.hours.next_close(now))
            attempt += 1
            work = redraw(attempt)
        return now + work

    def most_from(self, now: int, skills: int) -> int:
        """The most officers that it will ever have from now on."""
        past = [officers for at, officers in self.posts if at <= now]
        return max([*past[-1:], *(officers for at, officers in self.posts if at > now)])

    def idle(self) -> int:
        """Officers for whom no case waits."""
        return 0 if self.first_waiting() is not None else self.officers - self.busy

    def first_waiting(self) -> Waiter | None:
        """The case that is first in line, if one waits; those who left the line before it are forgotten."""
        while self.line and not self.line[0].waiting:
            self.line.pop(0)
        return self.line[0] if self.line else None

    def forget(self, owner: int) -> None:
        """A case of a handling officer has closed; only officers by name keep cases."""

    def assign(self, keeps: bool, by_lot: bool, cap: int) -> None:
        """Officers get cases by another rule from now on; only where they have names does it matter."""
