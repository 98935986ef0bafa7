"""Tables of numbers laid end to end, as the kernel reads them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...calendars import DayTable, WorkTable
from ...plan.tables import Records
from ...records import DAY
from .layout import Floats, Ints

EPOCH = 719_163
"""Day number of 1970-01-01, as Python counts days."""


class Laid:
    """Tables laid end to end behind a header that says where each begins."""

    def __init__(self, header: int) -> None:
        self.header = np.zeros(header, dtype=np.int64)
        self.parts: list[Ints] = []
        self.at = header

    def rows(self, numbers: Any) -> int:
        """Lay a table down; where it begins."""
        flat = np.ascontiguousarray(np.asarray(numbers, dtype=np.int64)).reshape(-1)
        self.parts.append(flat)
        self.at += len(flat)
        return self.at - len(flat)

    def table(self, where: int, numbers: Any) -> None:
        """Lay a table down and note in the header where it begins."""
        self.header[where] = self.rows(numbers)

    def whole(self) -> Ints:
        """All of it, the header first."""
        return np.concatenate([self.header, *self.parts])


def columns(table: Records, *names: str) -> Ints:
    """Some columns of a table, side by side."""
    return (
        np.stack([table[name].astype(np.int64) for name in names], axis=1)
        if len(table)
        else np.zeros((0, len(names)), np.int64)
    )


def bits(numbers: np.ndarray) -> Ints:
    return np.ascontiguousarray(numbers.astype(np.uint64)).view(np.int64)


class Broken:
    """Tables of broken numbers, laid end to end."""

    def __init__(self) -> None:
        self.parts: list[Floats] = [np.zeros(1)]
        self.at = 1

    def rows(self, numbers: Any) -> int:
        """Lay a table down; where it begins."""
        self.parts.append(np.asarray(numbers, dtype=np.float64).reshape(-1))
        self.at += len(self.parts[-1])
        return self.at - len(self.parts[-1])

    def whole(self) -> Floats:
        """All of it; the first number belongs to no table."""
        return np.concatenate(self.parts)


def broken_columns(table: Records, *names: str) -> Floats:
    return np.stack([table[name] for name in names], axis=1) if len(table) else np.zeros((0, len(names)))


def hour_tables(P: Laid, tables: tuple[WorkTable, ...]) -> Ints:
    """Where the row of each table of office hours begins; tables that are one and the same share it."""
    found: dict[int, int] = {}
    for table in tables:
        if id(table) not in found:
            midnights = np.arange(table.covers // DAY + 2) * DAY
            rows = [P.rows(column) for column in (table.opens, table.closes, table._sums)]
            of_day = P.rows(np.searchsorted(table.opens, midnights, side="left"))
            opens, closes, sums = rows
            found[id(table)] = P.rows([opens, len(table.opens), closes, sums, table._longest, of_day])
    return np.array([found[id(table)] for table in tables], dtype=np.int64)


def day_tables(P: Laid, tables: tuple[DayTable, ...]) -> Ints:
    """Where the row of each table of days begins."""
    rows = []
    for table in tables:
        before, working = P.rows(table._before_array), P.rows(table._days_array)
        date = table.first.toordinal() - EPOCH
        rows.append(P.rows([before, len(table.flags), table.back, working, len(table._days_array), date]))
    return np.array(rows, dtype=np.int64)
