"""Office hours on the clock: a table of opening intervals, and look-ups between clock time and working time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import numpy.typing as npt

from ..errors import CalendarError
from ..records import DAY

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WorkTable:
    """Half-open intervals [opens, closes) in seconds, and the working seconds before each of them.

    The table covers [0, covers); beyond it nothing is known and look-ups raise CalendarError.
    """

    opens: Int64s
    closes: Int64s
    covers: int
    worked_before: Int64s = field(init=False)
    _opens: list[int] = field(init=False, repr=False)
    _closes: list[int] = field(init=False, repr=False)
    _before: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        opens, closes = _joined(self.opens, self.closes)
        before = np.concatenate([[0], np.cumsum(closes - opens)]).astype(np.int64)
        for name, value in (
            ("opens", opens), ("closes", closes), ("worked_before", before),
            ("_opens", opens.tolist()), ("_closes", closes.tolist()), ("_before", before.tolist()),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @classmethod
    def always(cls, covers: int) -> WorkTable:
        """Open day and night."""
        return cls(np.array([0]), np.array([covers]), covers)

    @classmethod
    def cyclic(cls, period: int, intervals: list[tuple[int, int]], covers: int) -> WorkTable:
        """Intervals that repeat every `period` seconds."""
        starts = np.arange(0, covers, period, dtype=np.int64)
        opens = np.concatenate([starts + a for a, _ in intervals]) if intervals else np.zeros(0, dtype=np.int64)
        closes = np.concatenate([starts + b for _, b in intervals]) if intervals else opens
        order = np.argsort(opens, kind="stable")
        keep = opens[order] < covers
        return cls(opens[order][keep], np.minimum(closes[order][keep], covers), covers)

    @classmethod
    def from_days(cls, flags: npt.NDArray[np.bool_], hours: list[tuple[int, int]]) -> WorkTable:
        """Office hours (seconds of the day) on every flagged day."""
        days = np.flatnonzero(flags).astype(np.int64) * DAY
        opens = (days[:, None] + np.array([a for a, _ in hours], dtype=np.int64)).reshape(-1)
        closes = (days[:, None] + np.array([b for _, b in hours], dtype=np.int64)).reshape(-1)
        return cls(opens, closes, len(flags) * DAY)

    def is_open(self, t: int) -> bool:
        """Whether the office is open at this second."""
        i = bisect_right(self._opens, t) - 1
        return i >= 0 and t < self._closes[i]

    def next_open(self, t: int) -> int:
        """The first second from t on at which the office is open."""
        i = bisect_right(self._opens, t) - 1
        if i >= 0 and t < self._closes[i]:
            return t
        if i + 1 >= len(self._opens):
            raise CalendarError(f"the office never opens again after second {t}")
        return self._opens[i + 1]

    def next_close(self, t: int) -> int:
        """The closing of the interval that contains t."""
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
            i = np.searchsorted(self.opens, t, side="right") - 1
            at = np.maximum(i, 0)
            inside = np.minimum(t, self.closes[at]) - self.opens[at]
            return np.where(i < 0, 0, self.worked_before[at] + inside)
        j = bisect_right(self._opens, t) - 1
        return 0 if j < 0 else self._before[j] + min(t, self._closes[j]) - self._opens[j]

    @overload
    def clock_after(self, t: int, work: int) -> int: ...
    @overload
    def clock_after(self, t: int, work: Int64s) -> Int64s: ...
    def clock_after(self, t: int, work: int | Int64s) -> int | Int64s:
        """The earliest second by which `work` working seconds have passed since t."""
        if isinstance(work, np.ndarray):
            goal = self.worked(t) + work
            i = np.searchsorted(self.worked_before, goal, side="left") - 1
            if len(goal) and int(goal.max()) > self._before[-1]:
                raise CalendarError("work reaches beyond the calendar's end")
            at = np.maximum(i, 0)
            return np.where(work <= 0, t, self.opens[at] + goal - self.worked_before[at])
        if work <= 0:
            return t
        need = self.worked(t) + work
        if need > self._before[-1]:
            raise CalendarError("work reaches beyond the calendar's end")
        j = bisect_right(self._before, need - 1) - 1
        return self._opens[j] + need - self._before[j]

    def end_of_work(self, t: int, work: int, at_close: str) -> int:
        """When work begun at t ends, if at closing it is suspended, finished in overtime, or begun again."""
        if at_close == "overtime":
            return t + work
        if at_close == "suspend":
            return self.clock_after(t, work)
        while t + work > self.next_close(t):
            t = self.next_open(self.next_close(t))
        return t + work


def _joined(opens: Int64s, closes: Int64s) -> tuple[Int64s, Int64s]:
    """Intervals of positive length, neighbours that touch made one."""
    keep = closes > opens
    opens, closes = np.asarray(opens, dtype=np.int64)[keep], np.asarray(closes, dtype=np.int64)[keep]
    apart = np.ones(len(opens), dtype=np.bool_)
    apart[1:] = opens[1:] > closes[:-1]
    first = np.flatnonzero(apart)
    last = np.append(first[1:], len(opens)) - 1
    return opens[first], closes[last] if len(first) else closes
