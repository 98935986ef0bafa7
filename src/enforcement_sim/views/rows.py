"""Rows of the report's tables: numbers set for people, names in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pandas as pd

from ..measures.levels import overloaded, without_level
from ..measures.tables import ScenarioTables
from . import theme
from .html import Number, Span, both, say, titled
from .words import Names, name, word

Row = tuple[str, list[str]]
NO_LEVEL = f' <span class="missed" title="{word("no_level", "en")} · {word("no_level", "zh")}">⚠</span>'
"""What stands beside a mean that depends on how long the run is."""


def named(key: str, names: Names) -> str:
    """The name of a thing of the scenario, in both languages."""
    return both(lambda language: name(key, names, language))


def spread(low: float, high: float, form: str = "number") -> Span:
    """An interval as a cell; `form` is number, share or signed."""
    show = _FORMS[form]
    return Span(low, high, f"{show(low)} … {show(high)}" if low == low and high == high else "–")


def figure(value: float, form: str = "number", mark: str = "") -> Number:
    """A number as a cell, with HTML that marks it."""
    return Number(value, _FORMS[form](value) + mark)


_FORMS: dict[str, Callable[[float], str]] = {
    "number": theme.number, "share": theme.percent, "signed": theme.signed,
    "whole": lambda value: theme.number(value, 0),
    "signed_whole": lambda value: theme.signed(value, 0), "fine": lambda value: theme.number(value, 2),
    "signed_share": theme.signed_percent,
}  # fmt: skip
"""The ways in which numbers are written for people."""


def beside(
    tables: Sequence[ScenarioTables],
    pick: str,
    names: Names,
    columns: Sequence[str],
    form: str,
    *,
    keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    places: Sequence[str] | None = None,
    largest_first: bool = False,
) -> tuple[list[str], list[Row]]:
    """Headings and rows of a table with a mean and an interval for each scenario, in the last period of each.

    A row belongs to a jurisdiction, one of `places` if given, which has no column, as the page shows those of one at a
    time. `keep` chooses among the rows of a scenario. Rows stand as the first scenario has them, or those with the
    largest mean of any first. Means that are no level are marked.
    """
    found: dict[tuple[str, ...], dict[int, list[str]]] = {}
    for number, one in enumerate(tables):
        table: pd.DataFrame = getattr(one, pick)
        shown = table[table["field"] == "all"]
        shown = shown[shown["period"] == shown["period"].max()]
        shown = shown if keep is None else keep(shown)
        shown = shown if places is None else shown[shown["jurisdiction"].isin(places)]
        no_level = without_level(shown, overloaded(one.overload))
        for row, has_no_level in zip(shown.to_dict("records"), no_level, strict=True):
            key = (row["jurisdiction"], *(str(row[column]) for column in columns))
            cells = [figure(row["mean"], form, NO_LEVEL if has_no_level else ""), spread(row["low"], row["high"], form)]
            found.setdefault(key, {})[number] = cells
    lines = []
    order = sorted(found, key=lambda key: -_largest(found[key])) if largest_first else list(found)
    for place, *keys in order:
        by_scenario = found[place, *keys]
        cells = [_cell(column, key, names) for column, key in zip(columns, keys, strict=True)]
        for number in range(len(tables)):
            cells += by_scenario.get(number, ["–", "–"])
        lines.append((place, cells))
    heads = [part for one in tables for part in (titled(one.title), say("interval"))]
    return heads, lines


def _largest(by_scenario: dict[int, list[str]]) -> float:
    return max(
        (one.value for cells in by_scenario.values() for one in cells[:1] if isinstance(one, Number)), default=0.0
    )


def _cell(column: str, value: object, names: Names) -> str:
    if isinstance(value, pd.Timestamp):
        return day(value.date())
    if column == "measure":
        return say(str(value))
    return named(str(value), names)


def day(date: dt.date) -> str:
    """A date as each language writes it."""
    told = both(lambda language: theme.date(date, language))
    return f'<span class="date">{told}</span>'


def monthly(table: pd.DataFrame) -> pd.DataFrame:
    """The first week of each month, totals only: enough to read beside the chart."""
    total = table[table["item"] == "all"]
    month = total["date"].dt.to_period("M").rename("month")
    first: pd.DataFrame = total.groupby(["jurisdiction", "field", month], sort=False).head(1)
    return first
