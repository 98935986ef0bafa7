"""The charts of the page, drawn as those of the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from ..model.figures import Language
from ..views import charts, theme
from ..views.figure import Figure
from .results import Curves
from .words import say

TEXT = "#1d2733"


def harmless(text: str) -> str:
    """A text as a chart shows it letter for letter: charts take some HTML for markup."""
    return escape(text, quote=False)


def backlog(found: Curves, reform_on: dt.date | None, place: str, language: Language) -> dict[str, Any]:
    """Open cases of the scenario as written and changed, each with its band."""
    series = [
        charts.Series(say("side_base", language), theme.colour(0), found.base),
        charts.Series(say("side_changed", language), theme.colour(1), found.changed),
    ]
    return calm(charts.backlog(series, (), reform_on, {}, language), language, place)


def difference(found: Curves, reform_on: dt.date | None, place: str, language: Language) -> dict[str, Any]:
    """Changed minus as written, with its band."""
    series = [charts.Series(say("difference_label", language), theme.colour(2), found.difference)]
    return calm(charts.change(series, reform_on, language), language, place)


def differences(tables: Sequence[tuple[str, pd.DataFrame]], place: str, language: Language) -> dict[str, Any]:
    """The differences of several runs, each with its band."""
    series = [
        charts.Series(harmless(label), theme.colour(number), table) for number, (label, table) in enumerate(tables)
    ]
    return calm(charts.change(series, None, language), language, place)


def calm(figure: Figure, language: Language, place: str = "") -> dict[str, Any]:
    """A figure of the reports as the page shows it: the heading stands above it, and what was zoomed stays so."""
    legend = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom", "font": {"size": 13}}
    figure.change(
        title={"text": ""}, height=None, uirevision=place, legend=legend, autosize=True,
        margin={"l": 70, "r": 12, "t": 30, "b": 40}, font={"color": TEXT}, hoverlabel={"namelength": -1},
    )  # fmt: skip
    if figure.layout.get("xaxis", {}).get("type") == "date" and language == "zh":
        figure.change(xaxis={"tickformat": "%Y-%m", "hoverformat": "%Y-%m-%d"})
    return figure.plain()


def nothing(language: Language) -> dict[str, Any]:
    """A chart before anything is known."""
    return calm(Figure(theme.layout("", "", say("open_cases_axis", language))), language)
