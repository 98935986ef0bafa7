"""Rows of the report's tables: numbers set for people, names in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ..measures.levels import overloaded, without_level
from ..measures.tables import ScenarioTables
from . import theme
from .html import both, say
from .words import Names, name, word

Row = tuple[str, list[str]]
NO_LEVEL = f' <span class="missed" title="{word("no_level", "en")} · {word("no_level", "zh")}">⚠</span>'
"""What stands beside a mean that depends on how long the run is."""


def named(key: str, names: Names) -> str:
    """The name of a thing of the scenario, in both languages."""
    return both(lambda language: name(key, names, language))


def _spread(low: float, high: float, form: str) -> str:
    show = {"share": theme.percent, "signed": theme.signed}.get(form, theme.number)
    return f"{show(low)} … {show(high)}"


def _mean(value: float, form: str) -> str:
    return {"share": theme.percent, "signed": theme.signed}.get(form, theme.number)(value)


def long_rows(
    tables: Sequence[ScenarioTables], pick: str, names: Names, columns: Sequence[str], form: str
) -> Iterator[Row]:
    """One row for each finding of a table: jurisdiction, scenario, further columns, mean, interval.

    `form` is number, share or signed. Fields are left to the exported tables; the page shows their total. Means
    that are no level, as what they tell of is overloaded, are marked.
    """
    for one in tables:
        table: pd.DataFrame | None = getattr(one, pick)
        if table is None:
            continue
        label = both(lambda language, title=one.title: title.en if language == "en" else title.zh)  # type: ignore[misc]
        shown = table[table["field"] == "all"]
        no_level = without_level(shown, overloaded(one.overload))
        for row, has_no_level in zip(shown.to_dict("records"), no_level, strict=True):
            cells = [named(row["jurisdiction"], names), label]
            cells += [_cell(column, row[column], names) for column in columns]
            mark = NO_LEVEL if has_no_level else ""
            yield row["jurisdiction"], [*cells, _mean(row["mean"], form) + mark, _spread(row["low"], row["high"], form)]


def _cell(column: str, value: object, names: Names) -> str:
    if isinstance(value, pd.Timestamp):
        return f'<span class="date">{value.date()}</span>'
    if column == "measure":
        return say(str(value))
    return named(str(value), names)


def monthly(table: pd.DataFrame) -> pd.DataFrame:
    """The first week of each month, totals only: enough to read beside the chart."""
    total = table[table["item"] == "all"]
    month = total["date"].dt.to_period("M").rename("month")
    first: pd.DataFrame = total.groupby(["jurisdiction", "field", month], sort=False).head(1)
    return first
