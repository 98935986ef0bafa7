"""Days as the law counts them: working days, calendar days, months, and the day on which a limit runs out."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import numpy.typing as npt

from ..errors import CalendarError
from ..records import DAY

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class DayTable:
    """Working-day flags of calendar days; day 0 is `first`, and the flags begin `back` days before it.

    Days are counted from `first`, instants are seconds since its midnight; both are negative before it. Where an
    argument may be an array, an array (int64, any shape that broadcasts) gives an array. Days outside the table
    raise CalendarError.
    """

    flags: Bools
    first: dt.date
    back: int = 0
    _flags: list[bool] = field(init=False, repr=False)
    _before: list[int] = field(init=False, repr=False)
    _days: list[int] = field(init=False, repr=False)
    _before_array: Int64s = field(init=False, repr=False)
    _days_array: Int64s = field(init=False, repr=False)

    def __post_init__(self) -> None:
        flags = np.array(self.flags, dtype=np.bool_)
        flags.setflags(write=False)
        before = np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)
        days = np.flatnonzero(flags).astype(np.int64) - self.back
        for name, value in (
            ("flags", flags), ("_before_array", before), ("_days_array", days),
            ("_flags", flags.tolist()), ("_before", before.tolist()), ("_days", days.tolist()),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @overload
    def is_working_day(self, day: int) -> bool: ...
    @overload
    def is_working_day(self, day: Int64s) -> Bools: ...
    def is_working_day(self, day: int | Int64s) -> bool | Bools:
        """Whether this day is a working day."""
        if isinstance(day, np.ndarray):
            return self.flags[self._places(day)]
        return self._flags[self._place(day)]

    @overload
    def nth_working_day_after(self, day: int, n: int) -> int: ...
    @overload
    def nth_working_day_after(self, day: Int64s, n: int | Int64s) -> Int64s: ...
    @overload
    def nth_working_day_after(self, day: int, n: Int64s) -> Int64s: ...
    def nth_working_day_after(self, day: int | Int64s, n: int | Int64s) -> int | Int64s:
        """The n-th working day after a day, which itself is not counted; the day itself for n = 0."""
        if isinstance(day, np.ndarray) or isinstance(n, np.ndarray):
            return self._nth_of_each(*_both(day, n))
        if n <= 0:
            return self._place(day) - self.back if n == 0 else _refuse_negative()
        at = self._before[self._place(day) + 1] + n - 1
        if at >= len(self._days):
            raise self._ends()
        return self._days[at]

    def _nth_of_each(self, day: Int64s, n: Int64s) -> Int64s:
        if (n < 0).any():
            _refuse_negative()
        at = self._before_array[self._places(day) + 1] + n - 1
        counted = n > 0
        if (at[counted] >= len(self._days)).any():
            raise self._ends()
        found = day.copy()
        found[counted] = self._days_array[at[counted]]
        return found

    @overload
    def working_days_between(self, a: int, b: int) -> int: ...
    @overload
    def working_days_between(self, a: Int64s, b: Int64s) -> Int64s: ...
    def working_days_between(self, a: int | Int64s, b: int | Int64s) -> int | Int64s:
        """Working days in [a, b): `a` is counted, `b` is not; negative if b is before a."""
        if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
            first, last = _both(a, b)
            return self._before_array[self._places(last, 1)] - self._before_array[self._places(first, 1)]
        return self._before[self._place(b, 1)] - self._before[self._place(a, 1)]

    @overload
    def rolled(self, day: int) -> int: ...
    @overload
    def rolled(self, day: Int64s) -> Int64s: ...
    def rolled(self, day: int | Int64s) -> int | Int64s:
        """The day itself if it is a working day, else the next one that is."""
        if isinstance(day, np.ndarray):
            at = self._before_array[self._places(day)]
            if (at >= len(self._days)).any():
                raise self._ends()
            return self._days_array[at]
        at_ = self._before[self._place(day)]
        if at_ >= len(self._days):
            raise self._ends()
        return self._days[at_]

    @overload
    def due(self, start: int, limit: int, counts: str, *, rolls: bool) -> int: ...
    @overload
    def due(self, start: Int64s, limit: int | Int64s, counts: str, *, rolls: bool) -> Int64s: ...
    @overload
    def due(self, start: int, limit: Int64s, counts: str, *, rolls: bool) -> Int64s: ...
    def due(self, start: int | Int64s, limit: int | Int64s, counts: str, *, rolls: bool) -> int | Int64s:
        """The first second that is too late for a limit in days: the midnight after its last day.

        `counts` is `calendar` or `working`. The first day is not counted; if `rolls`, a last day that is no
        working day moves to the next one (Civil Procedure Law Art. 85, and the statutes that refer to it). A
        limit in calendar days that does not roll needs no flags, so it may end beyond the table.
        """
        if counts not in ("calendar", "working"):
            raise ValueError(f"counts is calendar or working, not {counts!r}")
        if isinstance(start, np.ndarray) or isinstance(limit, np.ndarray):
            starts, limits = _both(start, limit)
            if (limits < 0).any():
                _refuse_negative()
            days = starts // DAY
            lasts = self._nth_of_each(days, limits) if counts == "working" else days + limits
            return ((self.rolled(lasts) if rolls else lasts) + 1) * DAY
        if limit < 0:
            _refuse_negative()
        day = start // DAY
        last = self.nth_working_day_after(day, limit) if counts == "working" else day + limit
        return ((self.rolled(last) if rolls else last) + 1) * DAY

    def due_months(self, start: int, months: int, *, rolls: bool, more_days: int = 0) -> int:
        """The first second that is too late for a limit in months (12 to a year).

        The last day is the day of the same number in the month of expiry, or that month's last day if it has no
        such day (Civil Code Art. 202), and `more_days` later if the limit stood still so long; then as in `due`.
        """
        if months < 0:
            _refuse_negative()
        began = self.first + dt.timedelta(days=start // DAY)
        year, month0 = divmod(began.year * 12 + began.month - 1 + months, 12)
        if year > dt.MAXYEAR:
            raise self._ends()
        end = dt.date(year, month0 + 1, min(began.day, calendar.monthrange(year, month0 + 1)[1]))
        last = (end - self.first).days + more_days
        return ((self.rolled(last) if rolls else last) + 1) * DAY

    def _place(self, day: int, past: int = 0) -> int:
        """The place of a day among the flags; `past` is 1 where the day after the last one will do too."""
        place = day + self.back
        if place < 0:
            raise self._begins()
        if place >= len(self._flags) + past:
            raise self._ends()
        return place

    def _places(self, day: Int64s, past: int = 0) -> Int64s:
        if day.size:
            self._place(int(day.min()), past)
            self._place(int(day.max()), past)
        return day + self.back

    def _begins(self) -> CalendarError:
        begin = self.first - dt.timedelta(days=self.back)
        return CalendarError(
            f"the calendar begins on {begin} and knows no working days before it",
            try_=f"an earlier start of the period, or no limit that starts before {begin}",
        )

    def _ends(self) -> CalendarError:
        missing = self.first + dt.timedelta(days=len(self._flags) - self.back)
        return CalendarError(
            f"a limit runs beyond the calendar: it has no working days of {missing.year} from {missing} on",
            try_="a shorter limit, or one in calendar days that does not move to a working day",
        )


def _both(a: int | Int64s, b: int | Int64s) -> tuple[Int64s, Int64s]:
    """Two int64 arrays of one shape."""
    one, other = np.broadcast_arrays(np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64))
    return one, other


def _refuse_negative() -> int:
    raise ValueError("a limit cannot be negative")
