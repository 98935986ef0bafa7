"""Cases by the month in which they were filed, and how soon each month's were closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY
from .censored import Curve
from .clocks import closing_times
from .frame import ALL
from .grouping import Grouping
from .visits import OPEN, visits

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Span = Literal["month", "quarter"]
DAYS = (30, 60, 90, 180)
KEYS = ["period", "jurisdiction", "procedure"]
COUNTS = ["filed", "closed", "open"]
TIMES = ("median", "p90")
_SHARES = (0.5, 0.9)
_NEVER = -1
_LEAST_SEEN = 0.1
"""Of the last few cases that could be followed for so long, no curve is drawn: it would be theirs, not the cohort's."""


def measured(days: Sequence[int] = DAYS) -> list[str]:
    """The names of what is measured of a cohort besides counts: `within_30` and so on, `median` and `p90`."""
    return [*(f"within_{n}" for n in days), *TIMES]


def cohorts(
    log: EventLog, plan: Plan, by: Span = "month", since: str | None = None, days: Sequence[int] = DAYS
) -> pd.DataFrame:
    """For each month (or quarter) of filing, jurisdiction and procedure: how many were filed, and how soon closed.

    Columns: `period` (2024-03, or 2024-Q1), `jurisdiction` that handles them and `procedure`, `all` for all together;
    `filed`, and of these `closed` and `open` at the horizon; `within_30` and so on, the share closed so many days after
    filing; `median` and `p90`, days by which that share is closed; of each but counts also `_low` and `_high`, its 95 %
    interval over the cases of this one replication. Open cases count as longer than they are so far (Kaplan and Meier).
    A number of days is told of a cohort if a tenth of its cases began that long before the horizon, else it is NaN.

    With `since`, days count from when a case first entered the stage of this name, and months are those of that; a case
    that never did is in no cohort. Cases that were filed before the start are left out, since those of their month that
    were closed by then are not told of, and so is what the warm-up brings.
    """
    begun = _begun(log, since)
    closed = closing_times(log)
    over = closed != OPEN
    times, followed = (np.where(over, closed, plan.horizon) - begun) / DAY, (plan.horizon - begun) / DAY
    period = _period(plan, begun, by)
    parts = []
    for jurisdiction, procedure, rows in _groups(log, plan, period != _NEVER):
        first = int(period[rows].min())
        each = Grouping.of(period[rows] - first, int(period[rows].max()) - first + 1)
        for key, start, end in each.filled():
            mine = rows[each.order[start:end]]
            values = _told(times[mine], over[mine], followed[mine], days)
            parts.append((_name(first + key, by), jurisdiction, procedure, *values))
    columns = [*KEYS, *COUNTS, *(f"{name}{part}" for name in measured(days) for part in ("", "_low", "_high"))]
    return pd.DataFrame(parts, columns=columns)


def _begun(log: EventLog, since: str | None) -> Int64s:
    """For each case the second from which its days count, OPEN for one that is in no cohort."""
    if since is None:
        return np.ascontiguousarray(log.cases["filed"])  # before second 0 for those that were open at the start
    begun = np.full(len(log.cases), OPEN, dtype=np.int64)
    seen = visits(log)
    named = np.array([name == since for name in log.names.stages], dtype=np.bool_)
    rows = np.flatnonzero(named[seen.stage])[::-1]
    begun[seen.case[rows]] = seen.entered[rows]  # the first one is written last
    return begun


def _period(plan: Plan, begun: Int64s, by: Span) -> Int64s:
    """The month (or quarter) of each second, counted from the year 1970; _NEVER outside the measured time."""
    is_counted = (begun >= max(plan.warm_up, 0)) & (begun < plan.horizon)
    days = (np.where(is_counted, begun, 0) // DAY).astype("timedelta64[D]")
    months = (np.datetime64(plan.day_tables[0].first) + days).astype("datetime64[M]").astype(np.int64)
    return np.where(is_counted, months // 3 if by == "quarter" else months, _NEVER)


def _name(period: int, by: Span) -> str:
    year, nth = divmod(period, 4 if by == "quarter" else 12)
    return f"{1970 + year}-Q{nth + 1}" if by == "quarter" else f"{1970 + year}-{nth + 1:02d}"


def _groups(log: EventLog, plan: Plan, is_counted: npt.NDArray[np.bool_]) -> Iterator[tuple[str, str, Int64s]]:
    """All cases, each jurisdiction's, each procedure's, and both, with the numbers of their cases; no empty ones."""
    procedure, handler = plan.stages["procedure"].take(log.cases["enters"]), log.cases["handler"]
    counted = np.flatnonzero(is_counted)
    places = [(ALL, counted)] if len(counted) else []
    for number, place in enumerate(plan.names.jurisdictions):
        rows = counted[handler[counted] == number]
        if len(rows) and len(plan.names.jurisdictions) > 1:
            places.append((place, rows))
    for place, rows in places:
        yield place, ALL, rows
        for number, name in enumerate(plan.names.procedures if len(plan.names.procedures) > 1 else ()):
            those = rows[procedure[rows] == number]
            if len(those):
                yield place, name, those


def _told(times: Floats, over: npt.NDArray[np.bool_], followed: Floats, days: Sequence[int]) -> list[float]:
    most = len(times) - math.ceil(_LEAST_SEEN * len(times))
    curve = Curve.of(times, over, float(np.partition(followed, most)[most]))
    closed = int(np.count_nonzero(over))
    values: list[float] = [len(times), closed, len(times) - closed]
    for n in days:
        values += curve.over_by(n)
    for share in _SHARES:
        values += curve.quantile(share)
    return values
