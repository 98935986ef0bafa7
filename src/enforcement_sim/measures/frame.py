"""Findings as one long table: measure, where, what, when, value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

COLUMNS = ["measure", "jurisdiction", "field", "item", "period", "value"]
ALL = "all"


def table(
    measure: str | Iterable[str],
    jurisdiction: Iterable[str] | str,
    field: Iterable[str] | str,
    item: Iterable[str] | str,
    period: Iterable[int] | int,
    value: npt.NDArray[np.float64] | Iterable[float],
) -> pd.DataFrame:
    """Rows of one measure; single words stand for every row."""
    values = np.asarray(list(value), dtype=np.float64)
    count = len(values)

    def column(given: Iterable[object] | object) -> list[object]:
        return [given] * count if isinstance(given, (str, int)) else list(given)  # type: ignore[call-overload]

    data = [column(measure), column(jurisdiction), column(field), column(item), column(period), values]
    return pd.DataFrame(dict(zip(COLUMNS, data, strict=True)))


def joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of many, without the empty ones."""
    filled = [part for part in tables if len(part)]
    if not filled:
        return table("", [], [], [], [], [])
    return pd.concat(filled, ignore_index=True)
