"""A crew: a team whose officers have names, timetables, skills and cases of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..calendars import WorkTable
from ..errors import CalendarError
from ..records import NONE, AtClose
from .desk import Desk, Hand, Waiter


@dataclass(slots=True, eq=False)
class Person:
    """One officer: number, hours with absences taken out, skills, speed as a function of time, and open cases."""

    number: int
    hours: WorkTable
    until: int
    skills: int
    speed: Callable[[int], float]
    busy: bool = False
    files: int = 0

    def is_there(self, now: int) -> bool:
        """Whether he or she may begin something now."""
        return now < self.until and self.hours.is_open(now)

    def comes_next(self, now: int) -> int:
        """When he or she comes to work next. CalendarError if never again."""
        opens = self.hours.next_open(now)
        if opens >= self.until:
            raise CalendarError(f"officer {self.number} has left by second {opens}")
        return opens


@dataclass(slots=True, eq=False)
class Crew(Desk):
    """One team during a run, its officers by name."""

    people: list[Person] = field(default_factory=list)
    keeps: bool = False
    by_lot: bool = False
    cap: int = NONE

    def choose(self, now: int) -> Iterator[Waiter]:
        """As for a desk, but a case that waits for its own officer holds nobody up who needs another."""
        for waiter in list(self.line):
            if not waiter.waiting:
                self.line.remove(waiter)
            elif self._fits(waiter, now):
                self.line.remove(waiter)
                self._seize(waiter, now)
                yield waiter
            elif not self.skips and not self.keeps:
                break

    def _able(self, waiter: Waiter, now: int) -> list[Person]:
        """Officers free for a case, in the order in which they are asked; its own officer first."""
        free = [
            person
            for person in self.people
            if not person.busy and person.skills & waiter.skills == waiter.skills and person.is_there(now)
        ]
        if self.by_lot and waiter.lot is not None:
            draw = waiter.lot
            return sorted(free, key=lambda person: (draw(person.number), person.number))
        owner = self._owner(waiter)
        if self.keeps and waiter.desk == self.number and owner == NONE:
            # A case that nobody handles yet needs one with room for it; the least loaded is asked first.
            first = sorted(free, key=lambda person: (person.files, person.number))
            if self.cap != NONE:
                first = [person for person in first if person.files < self.cap]
            return first[:1] + [person for person in free if person not in first[:1]] if first else []
        return sorted(free, key=lambda person: person.number != owner)

    def can_give(self, waiter: Waiter, officers: int, now: int) -> bool:
        """Whether so many officers, the case's own among them, are free for it."""
        owner = self._owner(waiter)
        if owner != NONE and (not self.keeps or self._has_left(owner, now)):
            waiter.owner = owner = NONE  # somebody else takes the case over
        able = self._able(waiter, now)
        return len(able) >= officers and owner in (NONE, able[0].number)

    def give(self, waiter: Waiter, officers: int, now: int) -> Hand:
        """Officers seized for a case; the first of them becomes its handling officer where cases are kept."""
        taken = self._able(waiter, now)[:officers]
        for person in taken:
            person.busy = True
        self.busy += officers
        if self.keeps and waiter.desk == self.number and waiter.owner == NONE:
            waiter.owner = taken[0].number
            taken[0].files += 1
        speed = 0.0
        for person in taken:  # not sum(), which from Python 3.12 on rounds in another way
            speed += person.speed(now)
        waiter.speed *= speed / officers
        return Hand(self, officers, self.shift, tuple(person.number for person in taken))

    def _owner(self, waiter: Waiter) -> int:
        """The handling officer of a case in whose line it stands; a crew that only lends officers has none for it."""
        return waiter.owner if waiter.desk == self.number else NONE

    def _has_left(self, owner: int, now: int) -> bool:
        return self._person(owner).until <= now

    def _person(self, number: int) -> Person:
        return self.people[number - self.people[0].number]

    def take_back(self, hand: Hand) -> None:
        """Officers come back."""
        self.busy -= hand.officers
        for number in hand.people:
            self._person(number).busy = False

    def forget(self, owner: int) -> None:
        """A case of a handling officer has closed."""
        self._person(owner).files -= 1

    def assign(self, keeps: bool, by_lot: bool, cap: int) -> None:
        """Officers get cases by another rule from now on."""
        self.keeps, self.by_lot, self.cap = keeps, by_lot, cap

    def is_open(self, now: int) -> bool:
        """Whether anybody of the crew is at work."""
        return any(person.is_there(now) for person in self.people)

    def opens_next(self, now: int) -> int | None:
        """When the next officer comes to work who is not there now."""
        found = []
        for person in self.people:
            if not person.is_there(now):
                try:
                    found.append(person.comes_next(now))
                except CalendarError:
                    continue  # does not come back within the calendar
        return min(found, default=None)

    def end_of(self, now: int, work: int, hand: Hand, redraw: Callable[[int], int]) -> int | None:
        """Work goes on while all who do it are there."""
        if self.at_close is AtClose.OVERTIME:
            return now + work
        tables = [self._person(number).hours for number in hand.people]
        try:
            return together(tables, now, work)
        except CalendarError:
            return None

    def most_from(self, now: int, skills: int) -> int:
        """The most officers with these skills that are there at once from now on, timetables left aside."""
        return sum(person.skills & skills == skills and person.until > now for person in self.people)

    def idle(self) -> int:
        """Officers by name take up no other duties."""
        return 0


def together(tables: list[WorkTable], now: int, work: int) -> int:
    """The second by which `work` seconds have passed in which all tables were open. CalendarError if never."""
    if len(tables) == 1:
        return tables[0].clock_after(now, work)
    while True:
        begins = max(table.next_open(now) for table in tables)
        if begins > now:
            now = begins
            continue
        closes = min(table.next_close(now) for table in tables)
        if work <= closes - now:
            return now + work
        work -= closes - now
        now = closes
