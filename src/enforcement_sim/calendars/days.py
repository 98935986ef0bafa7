"""Days as the law counts them: working days, calendar days, and the day on which a limit runs out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..errors import CalendarError
from ..records import DAY


@dataclass(frozen=True)
class DayTable:
    """Working-day flags of calendar days from `first` on; day 0 is `first`."""

    flags: npt.NDArray[np.bool_]
    first: dt.date
    _before: list[int] = field(init=False, repr=False)
    _days: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_before", np.concatenate([[0], np.cumsum(self.flags)]).tolist())
        object.__setattr__(self, "_days", np.flatnonzero(self.flags).tolist())

    def is_working_day(self, day: int) -> bool:
        """Whether this day is a working day."""
        return bool(self.flags[self._inside(day)])

    def nth_working_day_after(self, day: int, n: int) -> int:
        """The n-th working day after a day, which itself is not counted."""
        at = self._before[self._inside(day) + 1] + n - 1
        if at >= len(self._days):
            self._inside(len(self.flags))
        return self._days[at] if n > 0 else day

    def working_days_between(self, a: int, b: int) -> int:
        """Working days in [a, b)."""
        return self._before[b] - self._before[a]

    def rolled(self, day: int) -> int:
        """The day itself if it is a working day, else the next one that is."""
        return day if self.is_working_day(day) else self.nth_working_day_after(day, 1)

    def due(self, start: int, limit: int, counts: str, *, rolls: bool) -> int:
        """The first second that is too late for a limit that starts at second `start`.

        The first day is not counted; a limit in calendar days whose last day is no working day moves to the
        next one if it rolls (Civil Procedure Law Art. 85, and the statutes that refer to it).
        """
        day = start // DAY
        last = self.nth_working_day_after(day, limit) if counts == "working" else day + limit
        if rolls:
            last = self.rolled(last)
        return (last + 1) * DAY

    def _inside(self, day: int) -> int:
        if not 0 <= day < len(self.flags):
            date = self.first + dt.timedelta(days=day)
            raise CalendarError(f"the calendar does not reach to {date}", try_="a later end of the calendar's data")
        return day
