"""A measure against each parameter that a sampled sweep moves: as many small charts beside each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..model.figures import Language
from . import theme
from .figure import Figure, trace
from .words import word

MOST = 4
"""More parameters beside each other could not be read; those that the measure follows most closely are shown."""
GAP = 0.04
LARGE = 200
"""With more points than so many intervals are left to the table: they would hide the points and fill the page."""
SIGNIFICANT = 4


def amounts(values: pd.Series) -> pd.Series | None:
    """The numbers of a parameter, written plainly or with one unit for all; None if it is no number."""
    if pd.api.types.is_bool_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float)
    found = values.astype(str).str.fullmatch(r"[-+0-9.eE]+( .*)?")
    if not found.all():
        return None
    parts = values.astype(str).str.split(" ", n=1)
    if parts.str[1].nunique(dropna=False) > 1:
        return None
    numbers = pd.to_numeric(parts.str[0], errors="coerce")
    return None if numbers.isna().any() else numbers.astype(float)


def unit(values: pd.Series) -> str:
    """The unit in which a parameter is written, or nothing."""
    found = re.fullmatch(r"\S+ (.*)", str(values.iloc[0]))
    return found.group(1) if found else ""


def scatter(table: pd.DataFrame, parameters: Sequence[str], title: str, language: Language) -> Figure:
    """The mean of a measure at each point, with its interval, against each of the parameters that are numbers.

    Those of which the column `marked` says so are open circles.
    """
    numbers = {path: found for path in parameters if (found := amounts(table[path])) is not None}
    shown = _closest(table["mean"], numbers)
    figure = Figure(theme.layout(title, "", word("mean", language)))
    figure.change(hovermode="closest", showlegend=False, margin={"b": 64})
    width = (1 - GAP * (len(shown) - 1)) / max(1, len(shown))
    is_large = len(table) > LARGE
    hover: dict[str, Any] = {
        "hovertemplate": f"{word('point', language)} %{{pointNumber}}<br>%{{x}}<br>%{{y}}<extra></extra>"
    }
    if not is_large:
        hover = {"text": [f"{word('point', language)} {number}" for number in table["point"]]}
    for at, path in enumerate(shown):
        axis = "x" if at == 0 else f"x{at + 1}"
        figure.add(
            trace(
                "scatter",
                x=significant(numbers[path]),
                y=significant(table["mean"]),
                xaxis=axis,
                yaxis="y",
                mode="markers",
                **hover,
                marker={
                    "size": 4 if is_large else 6,
                    "opacity": 0.7,
                    "color": theme.colour(0),
                    "symbol": _symbols(table["marked"], is_large) if table["marked"].any() else "circle",
                },
                **({} if is_large else {"error_y": _intervals(table)}),
            )
        )
        begins = at * (width + GAP)
        told = {"text": _short(path, unit(table[path])), "font": {"size": 12}}
        name = "xaxis" if at == 0 else f"xaxis{at + 1}"
        figure.change(
            **{
                name: {
                    "domain": [begins, min(1.0, begins + width)],
                    "title": told,
                    "gridcolor": "#eee",
                    "zeroline": False,
                }
            }
        )
    return figure


def _symbols(marked: pd.Series, is_large: bool) -> list[str] | list[int]:
    """The symbol of each point; of very many the number that stands for it, which is shorter."""
    return [100 if one else 0 for one in marked] if is_large else theme.symbols(marked)


def _intervals(table: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "thickness": 1,
        "width": 0,
        "array": significant(table["high"] - table["mean"]),
        "arrayminus": significant(table["mean"] - table["low"]),
    }


def _closest(means: pd.Series, numbers: Mapping[str, pd.Series]) -> list[str]:
    """The parameters that a measure follows most closely, by rank correlation, in the order of the sweep."""
    ranks = means.rank()

    def follows(path: str) -> float:
        if numbers[path].nunique() < 2 or ranks.nunique() < 2:
            return 0.0
        return abs(float(numbers[path].rank().corr(ranks)))

    best = sorted(numbers, key=follows, reverse=True)[:MOST]
    return [path for path in numbers if path in best]


def _short(path: str, unit_: str) -> str:
    """The end of a path, which says what it is, with its unit; the whole stands in the table of points."""
    end = ".".join(path.split(".")[-3:])
    told = f"…{end}" if end != path else path
    return f"{told} ({unit_})" if unit_ else told


def significant(values: pd.Series) -> list[float | None]:
    """Numbers with four digits, more of which nobody sees."""
    return [None if value != value else float(f"{value:.{SIGNIFICANT}g}") for value in values]
