"""Findings as one long table: measure, where, what, when, value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

COLUMNS = ["measure", "jurisdiction", "field", "item", "period", "value"]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the long table: of each column a list, or one word that stands for every row.

    There are thousands of them in a table, and a DataFrame for each would take most of the time of all measures.
    """

    measure: str | list[str]
    jurisdiction: str | list[str]
    field: str | list[str]
    item: str | list[str]
    period: int | list[int]
    value: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.value)


def table(
    measure: str | Iterable[str],
    jurisdiction: Iterable[str] | str,
    field: Iterable[str] | str,
    item: Iterable[str] | str,
    period: Iterable[int] | int,
    value: npt.NDArray[np.float64] | Iterable[float],
) -> Part:
    """Rows of one measure; single words stand for every row."""

    def words(given: Iterable[str] | str) -> list[str] | str:
        return given if isinstance(given, str) else list(given)

    values = value if isinstance(value, np.ndarray) else list(value)
    return Part(
        words(measure), words(jurisdiction), words(field), words(item),
        period if isinstance(period, int) else list(period), np.asarray(values, dtype=np.float64),
    )  # fmt: skip


def joined(parts: Iterable[Part]) -> pd.DataFrame:
    """One table of many parts, with the columns COLUMNS."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return _empty()
    counts = [len(part) for part in filled]
    columns: dict[str, npt.NDArray[np.generic]] = {
        name: np.array(_column([getattr(part, name) for part in filled], counts), dtype=kind)
        for name, kind in zip(COLUMNS[:-1], (object, object, object, object, np.int64), strict=True)
    }
    return pd.DataFrame(columns | {"value": np.concatenate([part.value for part in filled])})


def stacked(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of many, without the empty ones."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else _empty()


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in COLUMNS[:-1]} | {"value": np.zeros(0)})


def _column(given: list[object], counts: list[int]) -> list[object]:
    column: list[object] = []
    for one, count in zip(given, counts, strict=True):
        column += one if isinstance(one, list) else [one] * count
    return column
