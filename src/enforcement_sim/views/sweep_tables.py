"""The tables of a sweep as its pages show them, and what is chosen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..model.figures import Language, Title
from .html import both
from .levers import lever_name
from .words import Names, name, word

SWEEP_MEASURES = {
    "backlog_at_end": "open_at_end",
    "overdue_share": "overdue",
    "days_median": "resolution",
    "use": "staff",
}
"""What a sweep page maps, and the word that stands for it."""
SHARES = ("overdue_share", "use")
"""Measures that are told in percent."""
LEAST_CHANGE = 0.02
"""A team whose use never changes by more than this over the sweep gets no map of its own."""


MANY = 200
"""With more points only all jurisdictions together are shown: nobody reads more, and no browser shows it in time."""
EXTREMES = 20
"""Of more than MANY points the table beside a map tells so many with the least and so many with the largest values."""


FIXED = ("name", "scenario", "future", "used", "asked", "complete", "failures", "overloaded")
"""Columns of the table of points that every sweep has; the others are its axes and paths."""


@dataclass(frozen=True, slots=True)
class SweepTables:
    """What a sweep page shows.

    `table` is the table of the sweep (with `complete` and `overloaded`), `axes` its columns over which the measures are
    mapped, and `points` a row for each point: name, scenario, future, its values by axis and path, used and asked
    replications, complete, why some failed, and the names of what is overloaded. `ended` says which budget was used up
    ("", runs or time). `effects` has what `studies.main_effects` gives.
    """

    title: Title
    table: pd.DataFrame
    axes: Sequence[str]
    points: pd.DataFrame
    ended: str
    names: Names
    effects: pd.DataFrame = field(default_factory=pd.DataFrame)


def last_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last period of each jurisdiction and item."""
    last: pd.DataFrame = rows[rows["period"] == rows.groupby(["jurisdiction", "item"])["period"].transform("max")]
    return last


def mapped_items(rows: pd.DataFrame, measure: str, most: int) -> list[str]:
    """The items of a measure that the sweep moves most, as far as they get a map."""
    if measure == "backlog_at_end":
        return ["all"] if len(rows) else []
    spread_ = rows.groupby("item", sort=False)["mean"].agg(lambda means: means.max() - means.min())
    if measure == "use":
        spread_ = spread_[spread_ > LEAST_CHANGE]
    first = spread_.sort_values(ascending=False, kind="stable").index[:most]
    return [str(item) for item in first]


def map_title(measure: str, item: str, names: Names, language: Language) -> str:
    """A measure of an item in words."""
    return word(SWEEP_MEASURES.get(measure, f"measure_{measure}"), language) + (
        "" if item == "all" else f" · {name(item, names, language)}"
    )


def map_heading(measure: str, item: str, names: Names) -> str:
    """The same as HTML, in both languages."""
    return both(lambda code: map_title(measure, item, names, code))


def extremes(values: pd.Series) -> pd.Index:
    """Where the least and the largest values stand, the least first; all of few."""
    order = values.sort_values(kind="stable").index
    return order[:EXTREMES].append(order[-EXTREMES:]) if len(order) > 2 * EXTREMES else order


def axis_html(axis: str, names: Names) -> str:
    """A lever in words."""
    return both(lambda code: lever_name(axis, names, code))
