"""Working days in China: public holidays and make-up working days as the State Council publishes them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..errors import CalendarError


def china_days(first: dt.date, last: dt.date, beyond: str = "refuse") -> npt.NDArray[np.bool_]:
    """Working-day flags from `first` to `last`, both included.

    `beyond` says what to do in a year without published data: `refuse` raises CalendarError, `weekends`
    counts Monday to Friday of that year.
    """
    if beyond not in ("refuse", "weekends"):
        raise ValueError(f"beyond is refuse or weekends, not {beyond!r}")
    return _flags(first, last, beyond).copy()


@lru_cache(maxsize=64)  # every point of a sweep asks for the same period
def _flags(first: dt.date, last: dt.date, beyond: str) -> npt.NDArray[np.bool_]:
    # Imported only here: scenarios with other calendars do not pay for its tables.
    import chinese_calendar

    flags = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        try:
            flags.append(bool(chinese_calendar.is_workday(day)))
        except NotImplementedError:
            if beyond == "refuse":
                raise CalendarError(
                    f"no public holidays are published for {day.year}",
                    try_="a period inside the published years, or set `beyond_published: weekends` in the calendar",
                ) from None
            flags.append(day.weekday() < 5)
    return np.array(flags, dtype=np.bool_)
