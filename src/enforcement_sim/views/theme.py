"""Colours, fonts and number formats."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

from ..model.figures import Language

# Okabe and Ito's palette (2008): told apart by readers with any common colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star")
MARK = "#555555"
# Nuñez, Anderton and Renslow's scale (2018), from low to high: even in lightness, and read alike by the colour-blind.
_CIVIDIS = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip
CIVIDIS = [[i / 9, colour] for i, colour in enumerate(_CIVIDIS)]
FONTS = (
    "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, "
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
)


def colour(number: int) -> str:
    """The colour of the n-th series."""
    return COLOURS[number % len(COLOURS)]


def faded(hex_colour: str, share: float = 0.18) -> str:
    """The same colour, see-through, for bands."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def symbols(marked: Iterable[bool]) -> list[str]:
    """The symbol of each point of a chart: open circles for those that are marked."""
    return ["circle-open" if one else "circle" for one in marked]


def number(value: float | None, digits: int = 1) -> str:
    """A number for people; a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    told = f"{value:,.{digits}f}"
    return told[1:] if told.startswith("-") and not told.strip("-0.,") else told  # nothing is not below zero


def signed(value: float, digits: int = 1) -> str:
    """A difference, with its sign, which nothing has none of."""
    told = "–" if math.isnan(value) else f"{value:+,.{digits}f}"
    return told if told.strip("+-0.,") else told.strip("+-")


def percent(value: float, digits: int = 1) -> str:
    """A share in percent; of one that is small and not nothing, a digit more is told."""
    digits += 0 < abs(value) < 0.001 and digits == 1
    return "–" if math.isnan(value) else f"{100 * value:.{digits}f} %"


def signed_percent(value: float, digits: int = 1) -> str:
    """A difference of shares in percentage points, with its sign."""
    return "–" if math.isnan(value) else f"{100 * value:+.{digits}f}"


def date(day: dt.date, language: Language) -> str:
    """A date as each language writes it."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not by the machine's locale: the same page everywhere."""


WEEK_MILLISECONDS = 7 * 24 * 3600 * 1000


def rounded(values: Iterable[float], digits: int = 1) -> list[float | None]:
    """Numbers with few digits, more of which no chart shows; None where there is none."""
    return [None if value != value else round(float(value), digits) for value in values]


HEIGHT = 400
LEGEND_LINE = 24
"""Height of a line of the legend, which stands below the plot and must not eat into it."""


def short(value: float) -> str:
    """A number as the cell of a map has room for it: whole from 1,000 on, else four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def layout(title: str, x: str, y: str) -> dict[str, Any]:
    """What all charts have in common."""
    return {
        "title": {"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
        "font": {"family": FONTS, "size": 13},
        "xaxis": {"title": {"text": x, "standoff": 8}, "gridcolor": "#eee", "zeroline": False, "ticklabelstandoff": 4},
        "yaxis": {"title": {"text": y}, "gridcolor": "#eee", "rangemode": "tozero", "ticklabelstandoff": 4},
        "plot_bgcolor": "white",
        "paper_bgcolor": "white",
        "hovermode": "x unified",
        "margin": {"l": 64, "r": 16, "t": 48 if title else 16, "b": 48},
        "legend": {"orientation": "h", "y": -0.28},
        "height": HEIGHT,
    }


def mark(number: int) -> dict[str, Any]:
    """The mark of the n-th series: later ones are open and larger, so that equal values of several are all seen."""
    symbol = SYMBOLS[number % len(SYMBOLS)]
    return {
        "color": colour(number),
        "size": 8 + 3 * (number > 0),
        "symbol": symbol + "-open" * (number > 0),
        "line": {"width": 2},
    }
