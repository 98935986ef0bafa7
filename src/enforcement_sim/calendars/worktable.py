"""Office hours on the clock: a table of opening intervals, and look-ups between clock time and working time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import numpy.typing as npt

from ..errors import CalendarError
from ..records import DAY

Int64s = npt.NDArray[np.int64]
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class WorkTable:
    """Half-open intervals [opens, closes) in seconds, and the working seconds before each of them.

    `opens`, `closes` and `worked_before` are read-only int64 arrays of one length, sorted, with gaps between
    the intervals: what touches or overlaps is joined. The table covers [0, covers); what would need to know
    more raises CalendarError. Methods take whole seconds; where an argument may be an array, an array (int64)
    gives an array.
    """

    opens: Int64s
    closes: Int64s
    covers: int
    worked_before: Int64s = field(init=False)
    _sums: Int64s = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)
    # Python lists: `bisect` on them is several times faster than a search in a numpy array for one number.
    _opens: list[int] = field(init=False, repr=False)
    _closes: list[int] = field(init=False, repr=False)
    _before: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        opens, closes = _joined(self.opens, self.closes, self.covers)
        sums = np.concatenate([[0], np.cumsum(closes - opens)]).astype(np.int64)
        for array in (opens, closes, sums):
            array.setflags(write=False)
        for name, value in (
            ("opens", opens), ("closes", closes), ("worked_before", sums[:-1]), ("_sums", sums),
            ("_longest", int((closes - opens).max(initial=0))),
            ("_opens", opens.tolist()), ("_closes", closes.tolist()), ("_before", sums.tolist()),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @classmethod
    def always(cls, covers: int) -> WorkTable:
        """Open day and night."""
        return cls(np.array([0]), np.array([covers]), covers)

    @classmethod
    def cyclic(cls, period: int, intervals: Spans, covers: int, offset: int = 0) -> WorkTable:
        """Intervals that repeat every `period` seconds, counted from `offset`.

        The repetition has neither beginning nor end: an interval may reach over the end of a period, and the
        part of an earlier repetition that reaches into the table is there. A period of `covers` or more does
        not repeat.
        """
        repeats = period < covers
        for a, b in intervals:
            if not 0 <= a < b or (repeats and a >= period):
                raise CalendarError(
                    f"a window opens at second {a} and closes at second {b}",
                    try_="windows that close after they open, and open before they are repeated",
                )
        # As many repetitions before the table as the longest reach of a window needs to end inside it.
        reach = -(-max((b for _, b in intervals), default=0) // period)
        start = offset % period - reach * period if repeats else offset
        starts = np.arange(start, covers, period, dtype=np.int64)
        spans = np.array(intervals, dtype=np.int64).reshape(-1, 2)
        return cls((starts[:, None] + spans[:, 0]).reshape(-1), (starts[:, None] + spans[:, 1]).reshape(-1), covers)

    @classmethod
    def from_days(cls, flags: npt.NDArray[np.bool_], hours: Spans) -> WorkTable:
        """Office hours (seconds of the day, up to 24:00) on every flagged day; covers exactly these days."""
        days = np.flatnonzero(flags).astype(np.int64) * DAY
        spans = np.array(hours, dtype=np.int64).reshape(-1, 2)
        opens, closes = days[:, None] + spans[:, 0], days[:, None] + spans[:, 1]
        return cls(opens.reshape(-1), closes.reshape(-1), len(flags) * DAY)

    def is_open(self, t: int) -> bool:
        """Whether the office is open at this second; outside the table it never is."""
        i = bisect_right(self._opens, t) - 1
        return i >= 0 and t < self._closes[i]

    def next_open(self, t: int) -> int:
        """The first second from t on at which the office is open."""
        i = bisect_right(self._closes, t)
        if i == len(self._opens):
            raise CalendarError(f"the office does not open again after second {t}", try_=_LONGER)
        opens = self._opens[i]
        return opens if opens > t else t

    def next_close(self, t: int) -> int:
        """The closing of the interval that contains t; CalendarError if the office is closed at t."""
        i = bisect_right(self._opens, t) - 1
        if i < 0 or t >= self._closes[i]:
            raise CalendarError(f"the office is closed at second {t}")
        return self._closes[i]

    @overload
    def worked(self, t: int) -> int: ...
    @overload
    def worked(self, t: Int64s) -> Int64s: ...
    def worked(self, t: int | Int64s) -> int | Int64s:
        """Working seconds in [0, t)."""
        if isinstance(t, np.ndarray):
            return self._worked_by_each(t)
        if t > self.covers:
            raise self._ends()
        i = bisect_right(self._opens, t) - 1
        if i < 0:
            return 0
        closes = self._closes[i]
        return self._before[i] + (t if t < closes else closes) - self._opens[i]

    def _worked_by_each(self, t: Int64s) -> Int64s:
        if t.size and int(t.max()) > self.covers:
            raise self._ends()
        if not len(self.opens):
            return np.zeros(t.shape, dtype=np.int64)
        i = np.searchsorted(self.opens, t, side="right") - 1
        at = np.maximum(i, 0)
        return np.where(i < 0, 0, self._sums[at] + np.minimum(t, self.closes[at]) - self.opens[at])

    @overload
    def clock_after(self, t: int, work: int) -> int: ...
    @overload
    def clock_after(self, t: Int64s, work: int | Int64s) -> Int64s: ...
    @overload
    def clock_after(self, t: int, work: Int64s) -> Int64s: ...
    def clock_after(self, t: int | Int64s, work: int | Int64s) -> int | Int64s:
        """The earliest second, not before t, by which `work` working seconds have passed since t.

        Work that ends exactly at closing ends there and not at the next opening.
        """
        if isinstance(t, np.ndarray) or isinstance(work, np.ndarray):
            return self._clock_after_each(np.asarray(t, dtype=np.int64), np.asarray(work, dtype=np.int64))
        if work <= 0:
            return t
        # `worked` is written out here, so that work that ends before closing, the usual case, needs one search.
        i = bisect_right(self._opens, t) - 1
        need = work
        if i >= 0:
            opens, closes = self._opens[i], self._closes[i]
            if t + work <= closes:
                return t + work
            need += self._before[i] + (t if t < closes else closes) - opens
        i = bisect_left(self._before, need) - 1
        if i == len(self._opens):
            raise self._ends()
        return self._opens[i] + need - self._before[i]

    def _clock_after_each(self, t: Int64s, work: Int64s) -> Int64s:
        t, work = np.broadcast_arrays(t, work)
        need = self._worked_by_each(t) + np.maximum(work, 0)
        if need.size and int(need.max()) > self._before[-1]:
            raise self._ends()
        if not len(self.opens):
            return t.copy()
        at = np.maximum(np.searchsorted(self._sums, need, side="left") - 1, 0)
        return np.where(work <= 0, t, self.opens[at] + need - self._sums[at])

    def end_of_work(self, t: int, work: int, at_close: str) -> int:
        """When `work` seconds of work begun at t end, by what becomes of work in hand at closing.

        `suspend`: resumed at the next opening. `overtime`: finished without a break. `restart`: begun again from
        nothing at each opening until the office stays open long enough. CalendarError if it never ends.
        """
        if at_close == "suspend":
            return self.clock_after(t, work)
        if at_close == "overtime":
            return t + work
        if at_close != "restart":
            raise ValueError(f"at_close is suspend, overtime or restart, not {at_close!r}")
        i = bisect_right(self._closes, t)
        if work <= self._longest and i < len(self._opens):
            first = max(t, self._opens[i]) + work
            if first <= self._closes[i]:
                return first
            for j in range(i + 1, len(self._opens)):
                if self._opens[j] + work <= self._closes[j]:
                    return self._opens[j] + work
        raise CalendarError(
            f"work of {work} seconds that begins again at each opening never ends: no office hours are long enough",
            try_="`at_close: suspend`, shorter work, or longer office hours",
        )

    def _ends(self) -> CalendarError:
        return CalendarError(f"work reaches beyond second {self.covers}, where the calendar ends", try_=_LONGER)


_LONGER = "more office hours, or less work at a time"


def _joined(opens: Int64s, closes: Int64s, covers: int) -> tuple[Int64s, Int64s]:
    """Sorted intervals of positive length inside [0, covers); those that touch or overlap made one."""
    opens = np.maximum(np.asarray(opens, dtype=np.int64), 0)
    closes = np.minimum(np.asarray(closes, dtype=np.int64), covers)
    keep = closes > opens
    order = np.argsort(opens[keep], kind="stable")
    opens, closes = opens[keep][order], np.maximum.accumulate(closes[keep][order])
    apart = np.ones(len(opens), dtype=np.bool_)
    apart[1:] = opens[1:] > closes[:-1]
    first = np.flatnonzero(apart)
    last = np.append(first[1:], len(opens))[: len(first)] - 1
    return opens[first], closes[last]
