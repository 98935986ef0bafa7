"""The findings in words: what the scenario did where, with intervals, before any chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..measures.tables import ScenarioTables
from ..model.figures import Language
from . import theme
from .html import both, say
from .words import Names, name, word


def findings_box(tables: Sequence[ScenarioTables], names: Names) -> str:
    """A box with one sentence a finding."""
    sentences = [_level(tables[0])]
    for one in tables[1:]:
        sentences += _changes(one, names)
    sentences.append(_published(tables[0]))
    caution = f'<p class="box caution">{say("not_forecast")}</p>' if tables[-1].scenario.stylised_on else ""
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences if sentence)
    return (
        f'<section id="findings"><h2>{say("findings")}</h2><div class="box"><ul>{items}</ul></div>{caution}</section>'
    )


def _total(table: pd.DataFrame, measure: str) -> pd.Series | None:
    rows = table[(table["measure"] == measure) & (table["jurisdiction"] == "all") & (table["field"] == "all")]
    return None if rows.empty else rows.iloc[0]


def _said(sentence: str, one: ScenarioTables, place: str, names: Names, **numbers: str) -> str:
    def in_language(language: Language) -> str:
        title = one.title.en if language == "en" else one.title.zh
        return word(sentence, language).format(title=title, place=name(place, names, language), **numbers)

    return both(in_language)


def _level(one: ScenarioTables) -> str:
    filed, left = _total(one.balance, "filed"), _total(one.balance, "open_at_end")
    if filed is None or left is None:
        return ""
    numbers = {"filed": filed["mean"], "open": left["mean"], "low": left["low"], "high": left["high"]}
    return _said("said_level", one, "all", {}, **{key: theme.number(value, 0) for key, value in numbers.items()})


def _changes(one: ScenarioTables, names: Names) -> list[str]:
    """Open cases at the end against the base, for every jurisdiction where chance does not explain the difference."""
    table = one.balance_change
    if table is None:
        return []
    rows = table[(table["measure"] == "open_at_end") & (table["field"] == "all")]
    real = rows[(rows["low"] > 0) | (rows["high"] < 0)].sort_values("mean", ascending=False)
    found = [_change(one, row, names) for row in real.to_dict("records")]
    return found or [_said("said_none", one, "all", names)]


def _change(one: ScenarioTables, row: dict[Any, Any], names: Names) -> str:
    numbers = {
        "mean": theme.number(abs(row["mean"]), 0),
        "low": theme.signed(row["low"], 0),
        "high": theme.signed(row["high"], 0),
    }
    return _said("said_more" if row["mean"] > 0 else "said_fewer", one, row["jurisdiction"], names, **numbers)


def _published(one: ScenarioTables) -> str:
    if one.published.empty:
        return ""
    within = one.published["within"]
    chance = int((one.published["by_chance"] & ~within).sum())
    counts = {"met": int(within.sum()), "count": len(one.published), "chance": chance}
    return _said("said_published", one, "all", {}, **{key: str(value) for key, value in counts.items()})
