"""How many replications each point gets: a number, or until it is known well enough, within a budget.

Points go on in rounds. What a round asks for depends only on what the points have found so far, never on who is done
first, so that every machine asks for the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from ..model.precision import Precision
from ..statistics.precision import Reached
from .stopping import Stopping

Ended = Literal["", "runs", "time"]
"""Which budget was used up before everything was done."""


@dataclass
class Course:
    """How far one point has come."""

    asked: int = 0
    failures: dict[int, str] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    used: tuple[int, ...] = ()
    """The replications that count: with a rule, those up to where it stopped."""
    is_over: bool = False
    is_met: bool = True
    """Whether it has all replications that were wanted, or is known as well as was wanted."""
    widest: tuple[str, Reached] | None = None
    _looked: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sweep is: points, replications, how many could not be finished, and what is known worst.

    `replications` grows while points ask for more; `most` is as many as there can be. `widest` names the measure that
    is farthest from the width that is wanted.
    """

    points_done: int
    points: int
    done: int
    replications: int
    most: int
    failed: int
    widest: tuple[str, Reached] | None


@dataclass
class Rounds:
    """The rounds of a study of so many points.

    `wanted` is a number of replications or a rule; `runs` and `until` are what the budget allows: replications in all,
    and the moment (of `time.monotonic`) from which on nothing more is begun.
    """

    points: int
    wanted: int | Precision
    runs: int | None = None
    until: float | None = None
    ended: Ended = ""
    courses: list[Course] = field(init=False)

    def __post_init__(self) -> None:
        self.courses = [Course() for _ in range(self.points)]
        rule = self.wanted
        self._rules = [Stopping(rule) for _ in self.courses] if isinstance(rule, Precision) else None

    @property
    def most(self) -> int:
        """Replications that a point can come to."""
        return self.wanted if isinstance(self.wanted, int) else self.wanted.at_most

    @property
    def widest(self) -> tuple[str, Reached] | None:
        """The measure that is farthest from its wanted width at the point that was looked at last and is not over."""
        if self._rules is None:
            return None  # asked after every replication: a thousand points need not be looked through for nothing
        return next((c.widest for c in self.courses if not c.is_over and c.widest is not None), None)

    def first(self) -> list[range]:
        """The first round: for each point the replications to run."""
        each = self.wanted if isinstance(self.wanted, int) else self.wanted.at_least
        return self._granted([each] * self.points)

    def _granted(self, asked: Sequence[int]) -> list[range]:
        """What is asked for, or as much of it as the budget allows."""
        grants = list(asked)
        if self.runs is not None:
            left = self.runs - sum(course.asked for course in self.courses)
            if sum(asked) > left:
                self.ended = "runs"
                grants = shared(left, asked)
        found = []
        for course, grant in zip(self.courses, grants, strict=True):
            found.append(range(course.asked, course.asked + grant))
            course.asked += grant
        return found

    def in_time(self) -> bool:
        """Whether something more may be begun."""
        if self.until is not None and time.monotonic() >= self.until:
            self.ended = "time"
            return False
        return True

    def next(self, tables: Callable[[int, list[int]], list[pa.Table]]) -> list[range]:
        """The next round, after all of the last one is done; `tables` reads some replications' findings of a point.

        All ranges are empty when nothing is left to do.
        """
        asked = [
            0 if course.is_over else self._settled(number, course, tables) for number, course in enumerate(self.courses)
        ]
        found = self._granted(asked)
        for course, granted in zip(self.courses, found, strict=True):
            course.is_over = not granted
        return found

    def _settled(self, number: int, course: Course, tables: Callable[[int, list[int]], list[pa.Table]]) -> int:
        """Take in what is new at a point; how many replications it asks for."""
        order = sorted(course.done)
        if self._rules is None:
            course.used, course.is_met = tuple(order), len(order) == self.wanted
            return 0
        look = self._rules[number].look(tables(number, order[course._looked :]))
        course._looked, course.widest, course.is_met = len(order), look.widest, look.enough is not None
        course.used = tuple(order[: look.enough])
        return 0 if course.is_met or self.ended else self._rules[number].batch(look, course.asked)


def shared(budget: int, asked: Sequence[int]) -> list[int]:
    """A budget shared out among points as evenly as may be, to none more than it asks for; first ones before others."""
    given = [0] * len(asked)
    while budget > 0 and (open_ := [n for n, want in enumerate(asked) if given[n] < want]):
        each = max(1, budget // len(open_))
        for n in open_:
            grant = min(each, asked[n] - given[n], budget)
            given[n] += grant
            budget -= grant
    return given


def passes(wanted: Sequence[range], most: int) -> Iterator[tuple[int, range]]:
    """A few replications of every point, then the next few: what is done when time is up is spread evenly."""
    for at in range(0, max((len(one) for one in wanted), default=0), most):
        for number, one in enumerate(wanted):
            if one[at : at + most]:
                yield number, one[at : at + most]
