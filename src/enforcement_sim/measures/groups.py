"""Groups of cases: by jurisdiction, by field, and the totals over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY
from .frame import ALL
from .grouping import Grouping

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_ANY = -1


@dataclass(frozen=True, slots=True)
class Group:
    """Some pairs of jurisdiction and field, by number, with the names they are reported under."""

    jurisdiction: str
    field: str
    pairs: Int64s


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a log, by pairs of handling jurisdiction and field.

    `pair` is the number of each case's pair, `place` and `field` are those of each pair, as numbers of `places` and
    `fields`. `was_open` says of each case whether it was open when the run started.
    """

    pair: Int64s
    was_open: Bools
    place: Int64s
    field: Int64s
    places: Sequence[str]
    fields: Sequence[str]

    @classmethod
    def of(cls, log: EventLog) -> Cases:
        """Looked up once, as every measure asks for them and a row of the table of cases is long."""
        fields = len(log.names.fields)
        code = log.cases["handler"] * fields + log.cases["field"]
        seen = np.bincount(code, minlength=1) > 0
        pairs = np.flatnonzero(seen)
        return cls(
            (np.cumsum(seen) - 1).take(code), log.cases["filed"] < log.cases["arrived"], pairs // fields,
            pairs % fields, log.names.jurisdictions, log.names.fields,
        )  # fmt: skip

    def counted(self, case: Int64s, what: npt.NDArray[np.integer], width: int) -> Int64s:
        """How many rows, each of a case, have each number `what` below `width`, as [pair, number]."""
        pairs = len(self.place)
        counts = np.bincount(self.pair.take(case) * width + what, minlength=pairs * width)
        return counts.reshape(pairs, width)

    def groups(self, rows: Int64s) -> Iterator[Group]:
        """All together, each jurisdiction, and each field of it, of pairs with that many rows; none without any rows
        but all together.
        """
        yield Group(ALL, ALL, np.flatnonzero(rows))
        for j, place in enumerate(self.places):
            here = np.flatnonzero((rows > 0) & (self.place == j))
            if not len(here):
                continue
            yield Group(place, ALL, here)
            if len(self.fields) > 1:
                for pair in here:
                    yield Group(place, self.fields[self.field[pair]], np.array([pair]))


@dataclass(frozen=True, slots=True)
class Cell:
    """What rows of one item, group and year tell: their part of each column, in their own order."""

    item: int
    jurisdiction: str
    field: str
    year: int
    columns: tuple[npt.NDArray[Any], ...]


def cells(
    cases: Cases,
    case: Int64s,
    item: npt.NDArray[np.integer],
    year: Int64s,
    columns: Sequence[npt.NDArray[Any]],
    by_field: bool,
) -> list[Cell]:
    """Rows, each of a case, an item (a number from 0 on) and a year (negative ones are left out), in cells.

    By item, then as `Cases.groups` orders places (and fields, if `by_field`), then by year.
    """
    is_counted = year >= 0
    if not is_counted.any():
        return []
    first, items = int(year[is_counted].min()), int(item.max()) + 1
    years = int(year.max()) + 1 - first
    found = []
    for where, names in _levels(cases, cases.pair.take(case), by_field):
        count = items * len(names) * years
        rows = Grouping.of(np.where(is_counted, (item * len(names) + where) * years + year - first, count), count)
        parts = [column.take(rows.order) for column in columns]
        for key, start, end in rows.filled():
            (one, at), nth = divmod(key // years, len(names)), key % years
            found.append((one, *names[at], first + nth, tuple(part[start:end] for part in parts)))
    return [
        Cell(one, ALL if j == _ANY else cases.places[j], ALL if f == _ANY else cases.fields[f], label, their)
        for one, j, f, label, their in sorted(found, key=lambda cell: cell[:4])
    ]


def _levels(cases: Cases, pair: Int64s, by_field: bool) -> Iterator[tuple[Int64s | int, list[tuple[int, int]]]]:
    """All together, by jurisdiction, and by field of it: each row's number there, and what place and field that is."""
    yield 0, [(_ANY, _ANY)]
    yield cases.place.take(pair), [(j, _ANY) for j in range(len(cases.places))]
    if by_field and len(cases.fields) > 1:
        yield pair, list(zip(cases.place.tolist(), cases.field.tolist(), strict=True))


def year_of(plan: Plan, time: Int64s) -> Int64s:
    """Which of the plan's years each second lies in, by number; -1 outside the measured time."""
    starts = np.array([first for _, first, _ in plan.years], dtype=np.int64)
    number = np.searchsorted(starts, time, side="right") - 1
    return np.where((time >= plan.warm_up) & (time < plan.horizon), number, -1)


def cohort_of(plan: Plan, time: Int64s) -> Int64s:
    """The calendar year that each second is counted under: one of the plan's, or for what began before the start the
    year in which that was; -1 outside the measured time.
    """
    labels = np.array([*(year for year, _, _ in plan.years), -1], dtype=np.int64).take(year_of(plan, time))
    early = np.flatnonzero(time < 0)
    days = np.datetime64(plan.day_tables[0].first) + (time[early] // DAY).astype("timedelta64[D]")
    labels[early] = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return labels
