"""What the scenarios of chance are put together from: choices, and times on a coarse grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Body = dict[str, Any]

SWITCHES: dict[str, int] = {}
"""Every construct that a scenario may have or not, and in how many of a hundred draws it is asked for."""


def switches(**percent: int) -> None:
    """Make constructs known by name, so that a test can count them."""
    SWITCHES.update(percent)


@dataclass
class Chance:
    """Draws for one scenario; the simplest answer is the one that a failing example shrinks to."""

    draw: Callable[..., Any]
    start: dt.date = dt.date(2024, 3, 4)
    days: int = 10
    used: set[str] = field(default_factory=set)
    by_outcome: bool = False
    """Whether ways may follow how a child matter ended. Then no case goes on before its children have closed: nothing
    says whether it knows of one that closes in the very second in which its own stage ends."""

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)] if len(options) > 1 else options[0]

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """Between one and so many of the options, each once, in their order."""
        wanted = {self.number(0, len(options) - 1) for _ in range(self.number(1, most))}
        return [option for n, option in enumerate(options) if n in wanted]

    def likely(self, percent: int) -> bool:
        return self.number(0, 99) >= 100 - percent

    def on(self, name: str) -> bool:
        """Whether the scenario gets a construct; it counts as used."""
        wanted = self.likely(SWITCHES[name])
        if wanted:
            self.used.add(name)
        return wanted

    def hours(self, low: int, high: int) -> str:
        return f"{self.number(low, high)} h"

    def moment(self, first_day: int = 0) -> str:
        """A time since the start inside the period: a midnight, or an hour at which offices open, close or work."""
        return f"{24 * self.number(first_day, self.days - 1) + self.pick([0, 9, 8, 10, 12, 14, 17, 18])} h"

    def midnight(self, first_day: int = 1) -> str:
        return f"{self.number(first_day, self.days - 1)} days"

    def date(self, first_day: int = 1) -> str:
        return self.day(self.number(first_day, self.days - 1))

    def day(self, number: int) -> str:
        return (self.start + dt.timedelta(days=number)).isoformat()

    def rising(self, moments: Callable[[], str], most: int) -> list[str]:
        """Some different moments, the earliest first."""
        found = {moments() for _ in range(self.number(1, most))}
        return sorted(
            found, key=lambda told: (float(told.split()[0]) * (24 if "day" in told else 1) if " " in told else 0, told)
        )

    def shares(self, names: Sequence[str]) -> dict[str, float]:
        """Shares of some names that sum to one."""
        if len(names) == 1:
            return {names[0]: 1.0}
        first = self.pick([0.5, 0.25, 0.75])
        rest = (1.0 - first) / (len(names) - 1)
        return {name: first if n == 0 else rest for n, name in enumerate(names)}

    def work(self) -> Any:
        """Working time: mostly a whole number of hours."""
        return self._length([2, 1, 3, 4, 6, 8, 5], "h")

    def span(self) -> Any:
        """Time on the clock for a wait or for patience."""
        return self._length([1, 0, 2, 4, 8, 15, 24], "h")

    def days_off(self) -> Any:
        """A length of some days."""
        return self._length([1, 2, 3], "days", told=False)

    def _length(self, amounts: list[int], unit: str, told: bool = True) -> Any:
        family = self.number(0, 11)
        one, other = (f"{self.pick(amounts)} {unit}" for _ in range(2))
        if family == 8:
            return {"family": "discrete", "values": [one, other], "shares": [0.5, 0.5]}
        if family == 9 and told:
            return {"family": "listed", "values": [[one, other], other, [other, one, one]]}
        if family == 10:
            return {"family": "uniform", "low": f"0 {unit}", "high": f"{amounts[-1]} {unit}"}
        if family == 11:
            return {"family": "exponential", "mean": f"{amounts[2]} {unit}"}
        return one
