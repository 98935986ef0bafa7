"""How long things take: the lengths of work, waits and other duties, drawn for a visit of a case."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..decisions.dice import Dice, unit
from ..decisions.durations import drawn, listed, whole_seconds
from ..decisions.limits import due
from ..errors import CalendarError
from ..plan.tables import Plan
from ..records import NONE, Days, Family
from .case import Case, StageRow
from .desk import Waiter

DURATION, WAY, PATIENCE, OFFICERS = 0, 1, 2, 3
"""Which of the four words of a visit's block answers what; a family that asks for more reads further blocks."""

_ANEW = 1 << 12
"""First block of draws for work that is begun anew; the blocks below it belong to the phases of one draw."""
_MOST_TRIES = 100
_BLOCKS_OF_ONE = 1 << 9
"""How often a period that should be over is drawn anew, and the blocks that belong to each try."""

Words = tuple[int, ...]


class Effort:
    """Draws of one replication, addressed by case, visit and question."""

    def __init__(self, plan: Plan, dice: Dice) -> None:
        self.plan = plan
        self.dice = dice
        self.lengths = [tuple(row) for row in plan.lengths.tolist()]
        self.tail: list[float] = plan.tail.tolist()
        self.own_lengths = {
            (who, stage): length
            for who, row in enumerate(plan.people)
            for stage, length in plan.person_lengths[row["lengths_at"] :][: row["lengths_count"]].tolist()
        }
        self.extra_time: list[float] = plan.reforms["learning_extra"].tolist()
        self.learning: list[tuple[int, float]] = plan.reforms[["since", "learning_half_life"]].tolist()
        self.travel: list[float] = plan.travel.tolist()
        self.officers: list[int] = plan.people["question"].tolist()
        self.duties_done: dict[int, int] = {}

    def luck(self, case: Case, visit: int, asked: int, block: int = 0) -> Words:
        """The four words of a question about a visit of a case."""
        return self.dice.block(case.address, case.ordinal, visit, asked, block)

    def length(self, row: int, case: Case, at: StageRow, visit: int, luck: Words, word: int) -> float:
        """A length from a row of the plan, in seconds (or in days, for waits counted in days)."""
        return self._length(row, case.address, case.ordinal, visit, at.question, luck, word)

    def _length(
        self, row: int, address: int, ordinal: int, visit: int, asked: int, luck: Words, word: int, block: int = 0
    ) -> float:
        family, a, b, c, at, count, width = self.lengths[row]
        if family == Family.LISTED:
            return listed(self.tail, at, count, width, ordinal, visit)

        def uniform(n: int) -> float:
            if n == 0:
                return unit(luck[word])
            # Further numbers of one draw: block 4(n - 1) + word + 1 keeps the questions of a visit apart.
            return unit(self.dice.block(address, ordinal, visit, asked, block + 4 * (n - 1) + word + 1)[0])

        return drawn(family, a, b, c, self.tail, at, count, uniform)

    def of_work(self, case: Case, at: StageRow, visit: int, luck: Words, waiter: Waiter, now: int) -> int:
        """Seconds of work; a moved case takes longer while the new team learns, one of another place the way there."""
        people = waiter.hands[0].people
        row = self.own_lengths.get((people[0], case.stage), at.length) if people else at.length
        length = self.length(row, case, at, visit, luck, DURATION) / waiter.speed
        if case.moved and case.reform != NONE and self.extra_time[case.reform]:
            length *= 1.0 + self.extra_time[case.reform] * self.still_new(case.reform, now)
        if at.on_site and case.home != case.handler:
            length += self.travel[case.home]
        return whole_seconds(length, 1)

    def still_new(self, reform: int, now: int) -> float:
        """How new moved cases still are to those who took them: 1 on the day of the reform, half after a half-life."""
        began, half_life = self.learning[reform]
        return math.pow(0.5, (now - began) / half_life)

    def again(self, case: Case, at: StageRow, visit: int, attempt: int, waiter: Waiter, now: int) -> int:
        """Seconds of work that a closing has made begin anew, with new luck; told lengths take the next one."""
        luck = self.luck(case, visit, at.question, _ANEW + attempt)
        return self.of_work(case, at, visit + attempt, luck, waiter, now)

    def of_wait(self, case: Case, at: StageRow, visit: int, luck: Words, now: int) -> int:
        """Seconds until a period is over that began when the case came to its stage; legal days end with their last
        second, so that what follows at once still happens on the last day. Only a period of seconds may take none.

        A case that has stood there since before the run is one whose period was longer: a shorter one is drawn anew.
        """
        end = self._end_of_wait(at, case.since, self.length(at.length, case, at, visit, luck, DURATION))
        for attempt in range(_MOST_TRIES):
            if case.since == now or end > now:
                break
            block = _ANEW + attempt * _BLOCKS_OF_ONE
            anew = self.luck(case, visit, at.question, block)
            length = self._length(at.length, case.address, case.ordinal, visit, at.question, anew, DURATION, block)
            end = self._end_of_wait(at, case.since, length)
        return max(0 if at.days == Days.SECONDS else 1, end - now)

    def _end_of_wait(self, at: StageRow, began: int, length: float) -> int:
        if at.days == Days.SECONDS:
            return began + whole_seconds(length, 0)
        try:
            table = self.plan.day_tables[at.calendar]
            return due(table, at.days, began, math.floor(length + 0.5), 0, bool(at.rolls)) - 1
        except CalendarError:
            # Behind all that the calendar covers, and so behind the horizon.
            return max(began, 0) + self.plan.horizon + 1

    def lot(self, case: Case, at: StageRow, visit: int) -> Callable[[int], int]:
        """The lot that each officer draws for a visit of a case; the lowest goes."""
        return lambda who: self.luck(case, visit, at.question ^ self.officers[who])[0]

    def of_other_duty(self, team: int) -> int:
        """Seconds of the next other duty of a team's officer."""
        row = self.plan.teams[team]
        nth = self.duties_done.get(team, 0)
        self.duties_done[team] = nth + 1
        asked = int(row["question"])
        luck = self.dice.block(asked, nth, 0, asked)
        return whole_seconds(self._length(int(row["duty"]), asked, nth, 0, asked, luck, DURATION), 1)
