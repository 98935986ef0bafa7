"""The findings in words: what the scenario did where, with intervals, before any chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..measures.tables import ScenarioTables
from ..model.figures import Language
from . import theme
from .html import both, say
from .overload import overload_box
from .words import Names, name, word


def findings_box(tables: Sequence[ScenarioTables], names: Names) -> str:
    """A box with one sentence a finding."""
    sentences = [_level(tables[0])]
    for one in tables[1:]:
        sentences += _changes(one, names)
    sentences.append(_published(tables[0]))
    caution = f'<p class="box caution">{say("not_forecast")}</p>' if tables[-1].scenario.stylised_on else ""
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences if sentence)
    over = overload_box([(one.title, one.overload) for one in tables], names)
    return (
        f'<section id="findings"><h2>{say("findings")}</h2>{over}<div class="box"><ul>{items}</ul></div>'
        f"{caution}</section>"
    )


def _said(sentence: str, one: ScenarioTables, place: str, names: Names, **numbers: str) -> str:
    def in_language(language: Language) -> str:
        title = one.title.en if language == "en" else one.title.zh
        return word(sentence, language).format(title=title, place=name(place, names, language), **numbers)

    return both(in_language)


def _level(one: ScenarioTables) -> str:
    rows = _last_year(one.yearly)
    rows = rows[rows["jurisdiction"] == "all"]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    numbers = {key: theme.number(row[key], 0 if row["mean"] >= 100 else 1) for key in ("mean", "low", "high")}
    return _said("said_level", one, "all", {}, year=str(row["period"]), **numbers)


def _last_year(table: pd.DataFrame) -> pd.DataFrame:
    rows: pd.DataFrame = table[(table["field"] == "all") & (table["period"] == table["period"].max())]
    return rows


def _changes(one: ScenarioTables, names: Names) -> list[str]:
    """Open cases in the last year against the base, wherever chance does not explain the difference."""
    if one.yearly_change is None:
        return []
    rows = _last_year(one.yearly_change)
    real = rows[(rows["low"] > 0) | (rows["high"] < 0)].sort_values("mean", ascending=False)
    found = [_change(one, row, names) for row in real.to_dict("records")]
    return found or [_said("said_none", one, "all", names, year=str(rows["period"].max()))]


def _change(one: ScenarioTables, row: dict[Any, Any], names: Names) -> str:
    numbers = {
        "mean": theme.number(abs(row["mean"])),
        "low": theme.signed(row["low"]),
        "high": theme.signed(row["high"]),
    }
    sentence = "said_more" if row["mean"] > 0 else "said_fewer"
    return _said(sentence, one, row["jurisdiction"], names, year=str(row["period"]), **numbers)


def _published(one: ScenarioTables) -> str:
    if one.published.empty:
        return ""
    within = one.published["within"]
    chance = int((one.published["by_chance"] & ~within).sum())
    counts = {"met": int(within.sum()), "count": len(one.published), "chance": chance}
    return _said("said_published", one, "all", {}, **{key: str(value) for key, value in counts.items()})
