"""How far each lever of a sweep moves each main measure, all others averaged: what a tornado chart shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = [
    "measure",
    "item",
    "jurisdiction",
    "axis",
    "low_level",
    "low",
    "high_level",
    "high",
    "half",
    "overall",
]
MEASURES = ("backlog_at_end", "overdue_share", "days_p90", "use")
MOST_LEVELS = 8
"""A lever with more levels, as of a sample, is cut into THIRDS of as many points each."""
THIRDS = 3
MOST_ITEMS = 2
"""Items of a measure (clocks, teams) of which effects are told: those that differ most between points."""


def main_effects(table: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """Of each measure, jurisdiction and lever the levels with the least and the largest mean, in the last period.

    `table` is that of a sweep, `axes` its columns that are moved. A level's mean is that of all points that have it,
    so that of a grid it is the main effect; of a sample, points are grouped by thirds of the lever. `half` is the half
    width at 95 % of the difference, from the spread between replications (points of a sweep share their cases, so it
    is rather too wide). `overall` is the mean over all points. Levers of one level are left out.
    """
    rows = table[(table["field"] == "all") & table["measure"].isin(MEASURES)] if len(table) else table
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    groups = {axis: _levels(rows, axis) for axis in axes}
    found: list[dict[str, Any]] = []
    for measure in MEASURES:
        mine = _last(rows[rows["measure"] == measure])
        for item in _items(mine, measure):
            of_item = mine[mine["item"] == item]
            for place, here in of_item.groupby("jurisdiction", sort=False):
                told = {"measure": measure, "item": item, "jurisdiction": place}
                found += [
                    told | effect
                    for axis, levels in groups.items()
                    if (effect := _effect(here, axis, levels)) is not None
                ]
    return pd.DataFrame(found, columns=COLUMNS)


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period"] == rows.groupby(["jurisdiction", "item"])["period"].transform("max")]


def _items(rows: pd.DataFrame, measure: str) -> list[str]:
    if measure == "backlog_at_end":
        return ["all"] if len(rows) else []
    own = rows if measure == "use" else rows[rows["jurisdiction"] == "all"]
    spread = own.groupby("item", sort=False)["mean"].agg(lambda means: means.max() - means.min())
    most = spread[spread > 0].sort_values(ascending=False, kind="stable").index[:MOST_ITEMS]
    return [str(item) for item in most]


def _levels(rows: pd.DataFrame, axis: str) -> pd.Series | None:
    """By point, the level of a lever, or the third that its value lies in; None where it does not move."""
    points = rows.drop_duplicates("point").set_index("point")[axis]
    if points.astype(str).nunique() < 2:
        return None
    if points.nunique(dropna=False) <= MOST_LEVELS:
        return points.astype(str) if points.dtype == object else points
    numbers = pd.to_numeric(points.astype(str).str.split(" ").str[0], errors="coerce")
    if numbers.isna().any():
        return None
    third = pd.qcut(numbers.rank(method="first"), THIRDS, labels=False)
    ends = numbers.groupby(third).agg(["min", "max"])
    return third.map(
        {number: f"{ends.loc[number, 'min']:.4g} … {ends.loc[number, 'max']:.4g}" for number in ends.index}
    )


def _effect(here: pd.DataFrame, axis: str, levels: pd.Series | None) -> dict[str, Any] | None:
    if levels is None:
        return None
    told = here[here["mean"].notna()].assign(level=here["point"].map(levels))
    if told.empty:
        return None
    error = told["sd"].fillna(0.0) / np.sqrt(told["n"].clip(lower=1))
    squares = (error**2).groupby(told["level"], sort=True).sum()
    by_level = told.groupby("level", sort=True)["mean"]
    means, points = by_level.mean(), by_level.size()
    if len(means) < 2:
        return None
    low, high = int(means.argmin()), int(means.argmax())
    spread = sum(float(squares.iloc[at]) / float(points.iloc[at]) ** 2 for at in (low, high))
    return {
        "axis": axis,
        "low_level": means.index[low],
        "low": float(means.min()),
        "high_level": means.index[high],
        "high": float(means.max()),
        "half": 1.96 * math.sqrt(spread),
        "overall": float(told["mean"].mean()),
    }
