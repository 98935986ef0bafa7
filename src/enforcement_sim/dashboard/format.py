"""Numbers and dates as readers of each language write them."""

from __future__ import annotations

import datetime as dt
import math

from ..model.figures import Language
from .results import Kind, Spread

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
NOTHING = "–"
MINUS = "−"


def number(value: float, digits: int = 1) -> str:
    """A number, with its thousands apart; nothing is not below zero."""
    if math.isnan(value):
        return NOTHING
    told = f"{abs(value):,.{digits}f}"
    return MINUS + told if value < 0 and told.strip("0.,") else told


def signed(value: float, digits: int = 1) -> str:
    """A difference, with its sign."""
    told = number(value, digits)
    return told if told == NOTHING or told.startswith(MINUS) or not told.strip("0.,") else f"+{told}"


def percent(value: float, language: Language, digits: int = 1) -> str:
    """A share in percent; Chinese sets no space before the sign."""
    return number(100 * value, digits) + (" %" if language == "en" else "%")


def date(value: dt.date, language: Language) -> str:
    """A day, in words."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def level(spread: Spread | None, kind: Kind, language: Language) -> str:
    """The mean of a measure."""
    if spread is None:
        return NOTHING
    return percent(spread.mean, language) if kind == "overdue" else number(spread.mean)


def change(spread: Spread | None, kind: Kind) -> str:
    """A difference; of shares in percentage points."""
    return NOTHING if spread is None else signed(spread.mean * _scale(kind))


def interval(spread: Spread | None, kind: Kind) -> str:
    """The interval of a difference, as low … high; nothing where it is not known."""
    if spread is None or math.isnan(spread.low):
        return NOTHING
    return f"{signed(spread.low * _scale(kind))} … {signed(spread.high * _scale(kind))}"


def _scale(kind: Kind) -> float:
    return 100.0 if kind == "overdue" else 1.0
