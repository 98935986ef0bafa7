"""A desk: the line of a team, its officers, and the choice of whom to serve once an instant has settled."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import simpy

from ..calendars import WorkTable
from ..decisions.order import Key
from ..errors import CalendarError
from ..records import AtClose

SERVED, GAVE_UP, TURNED_AWAY = "served", "gave up", "turned away"


@dataclass(slots=True)
class Waiter:
    """A case in line: its place, what it needs, and the event that ends its waiting."""

    place: Key
    case: int
    stage: int
    officers: int
    also: list[tuple[Desk, int]]
    limit: int
    turn: simpy.Event
    waiting: bool = True

    def __lt__(self, other: Waiter) -> bool:
        return self.place < other.place


@dataclass(slots=True)
class Desk:
    """One team during a run."""

    number: int
    name: str
    hours: WorkTable
    at_close: AtClose
    skips: bool
    new_team: bool
    roster: list[tuple[int, int]]
    officers: int = 0
    busy: int = 0
    shift: int = 0
    line: list[Waiter] = field(default_factory=list)
    helps: list[Desk] = field(default_factory=list)
    wakes_at: int = -1

    def join(self, waiter: Waiter) -> None:
        """Stand in line at one's place."""
        insort(self.line, waiter)

    def choose(self) -> Iterator[Waiter]:
        """Whom to serve now, one after the other; each is seized before the next is chosen."""
        if self.skips:
            yield from self._choose_any()
            return
        while (first := self.first_waiting()) is not None and self._fits(first):
            self.line.pop(0)
            self._seize(first)
            yield first

    def _choose_any(self) -> Iterator[Waiter]:
        for waiter in list(self.line):
            if waiter.waiting and self._fits(waiter):
                self.line.remove(waiter)
                self._seize(waiter)
                yield waiter

    def too_many(self) -> Iterator[Waiter]:
        """Those for whom their stage has no room in line, the last first."""
        waiting = Counter(waiter.stage for waiter in self.line if waiter.waiting and waiter.limit >= 0)
        for waiter in reversed(self.line.copy() if waiting else []):
            if waiter.waiting and 0 <= waiter.limit < waiting[waiter.stage]:
                waiting[waiter.stage] -= 1
                self.line.remove(waiter)
                yield waiter

    def _fits(self, waiter: Waiter) -> bool:
        if self.officers - self.busy < waiter.officers:
            return False
        return all(desk.officers - desk.busy >= officers for desk, officers in waiter.also)

    def _seize(self, waiter: Waiter) -> None:
        waiter.waiting = False
        self.busy += waiter.officers
        for desk, officers in waiter.also:
            desk.busy += officers

    def release(self, officers: int, shift: int) -> None:
        """Give officers back; those of a team that has gone off meanwhile are not counted any more."""
        if not self.new_team or shift == self.shift:
            self.busy -= officers

    def change(self, officers: int) -> None:
        """A new number of officers from now on; nobody's work is interrupted."""
        self.officers = officers
        if self.new_team:
            self.busy = 0
            self.shift += 1

    def is_open(self, now: int) -> bool:
        """Whether the office is open."""
        return self.hours.is_open(now)

    def opens_next(self, now: int) -> int | None:
        """The next opening, or None if there is none in sight."""
        try:
            return self.hours.next_open(now)
        except CalendarError:
            return None

    def end_of(self, now: int, work: int, redraw: Callable[[int], int]) -> int | None:
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

    def most_from(self, now: int) -> int:
        """The most officers that it will ever have from now on."""
        return max([self.officers, *(officers for at, officers in self.roster if at > now)])

    def first_waiting(self) -> Waiter | None:
        """The case that is first in line, if one waits; those who gave up before it are forgotten."""
        while self.line and not self.line[0].waiting:
            self.line.pop(0)
        return self.line[0] if self.line else None
