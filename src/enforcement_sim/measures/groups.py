"""Groups of cases: by jurisdiction, by field, and the totals over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY
from .frame import ALL

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """A set of rows with the names it is reported under."""

    jurisdiction: str
    field: str
    rows: npt.NDArray[np.bool_]


def groups(log: EventLog, case: Int64s) -> Iterator[Group]:
    """Rows (each of a case) by handling jurisdiction and field, by jurisdiction alone, and all together."""
    handler, field = log.cases["handler"][case], log.cases["field"][case]
    places, fields = log.names.jurisdictions, log.names.fields
    yield Group(ALL, ALL, np.ones(len(case), dtype=np.bool_))
    for j, place in enumerate(places):
        here = handler == j
        if not here.any():
            continue
        yield Group(place, ALL, here)
        for f, name in enumerate(fields):
            rows = here & (field == f)
            if len(fields) > 1 and rows.any():
                yield Group(place, name, rows)


def year_of(plan: Plan, time: Int64s) -> Int64s:
    """Which of the plan's years each second lies in, by number; -1 outside the measured time."""
    starts = np.array([first for _, first, _ in plan.years], dtype=np.int64)
    number = np.searchsorted(starts, time, side="right") - 1
    return np.where((time >= plan.warm_up) & (time < plan.horizon), number, -1)


def cohort_of(plan: Plan, time: Int64s) -> Int64s:
    """The calendar year that each second is counted under: one of the plan's, or for what began before the start the
    year in which that was; -1 outside the measured time.
    """
    labels = np.array([*(year for year, _, _ in plan.years), -1], dtype=np.int64)[year_of(plan, time)]
    days = np.datetime64(plan.day_tables[0].first) + (np.minimum(time, 0) // DAY).astype("timedelta64[D]")
    before: Int64s = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(time < 0, before, labels)


def cohorts(labels: Int64s) -> list[int]:
    """The years under which something is counted, rising."""
    return [int(year) for year in np.unique(labels) if year >= 0]
