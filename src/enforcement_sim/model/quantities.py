"""Numbers with units, as they are written in a scenario file: `3 h`, `15 working days`, `120 per year`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

CLOCK_SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400, "week": 604_800}
PER_SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400, "week": 604_800, "year": 31_536_000}
WORKING_DAY = "working day"
CALENDAR_DAY = "calendar day"
MONTH = "month"

_SPELLINGS = {
    "s": "s", "second": "s", "seconds": "s", "min": "min", "minute": "min", "minutes": "min",
    "h": "h", "hour": "h", "hours": "h", "day": "day", "days": "day", "week": "week", "weeks": "week",
    "calendar day": CALENDAR_DAY, "calendar days": CALENDAR_DAY,
    "working day": WORKING_DAY, "working days": WORKING_DAY, "month": MONTH, "months": MONTH,
    "year": "year", "years": "year",
}  # fmt: skip
_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*(-?{_NUMBER})\s*([a-zA-Z ]*?)\s*$")
_RATE = re.compile(rf"\s*(-?{_NUMBER})\s*per\s+([a-zA-Z]+)\s*$")
_UNITS_SAID = "s, min, h, days, weeks, calendar days, working days or months"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as written: an amount and one of the units above."""

    amount: float
    unit: str

    @property
    def is_days(self) -> bool:
        """Whether it counts whole legal days (or months of the calendar) and not hours on a clock."""
        return self.unit in (WORKING_DAY, CALENDAR_DAY, MONTH)

    @property
    def seconds(self) -> float:
        """Seconds on the clock; legal days have none of their own and count 24 h each here, months 30 days."""
        return self.amount * CLOCK_SECONDS.get(self.unit, 30 * 86_400 if self.unit == MONTH else 86_400)

    def __str__(self) -> str:
        return f"{self.amount:g} {self._units}"

    @property
    def _units(self) -> str:
        return self.unit if self.amount == 1 or self.unit in ("s", "min", "h") else f"{self.unit}s"

    def written(self) -> str:
        """As `str`, with every digit: what `parse_length` reads as the same length again."""
        return f"{_exact(self.amount)} {self._units}"


@dataclass(frozen=True, slots=True)
class Rate:
    """Events for each unit of time, as written."""

    amount: float
    per: str

    @property
    def per_second(self) -> float:
        """Events a second on the clock of the calendar in use."""
        return self.amount / PER_SECONDS[self.per]

    def __str__(self) -> str:
        return f"{self.amount:g} per {self.per}"

    def written(self) -> str:
        """As `str`, with every digit: what `parse_rate` reads as the same rate again."""
        return f"{_exact(self.amount)} per {self.per}"


def _exact(number: float) -> str:
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def parse_length(written: Any) -> Length:
    """`"3 h"` as a Length; a bare number is refused since nobody can know its unit."""
    if isinstance(written, Length):
        return written
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        raise ValueError(f"a length of time needs a number and a unit||for example '3 h' ({_UNITS_SAID})")
    match = _LENGTH.match(str(written))
    if match is None:
        raise ValueError(f"not a length of time||a number and a unit, for example '3 h' ({_UNITS_SAID})")
    amount, unit = float(match[1]), match[2].lower()
    if not unit:
        raise ValueError(f"this number has no unit||add one: '{written} h' ({_UNITS_SAID})")
    if unit not in _SPELLINGS or _SPELLINGS[unit] == "year":
        raise ValueError(f"unknown unit of time '{unit}'||one of {_UNITS_SAID}")
    if amount < 0:
        raise ValueError("a length of time cannot be negative||a number of 0 or more")
    return Length(amount, _SPELLINGS[unit])


def parse_rate(written: Any) -> Rate:
    """`"120 per year"` as a Rate."""
    if isinstance(written, Rate):
        return written
    match = _RATE.match(str(written))
    if match is None:
        raise ValueError("not a rate||a number for each unit of time, for example '120 per year'")
    amount, unit = float(match[1]), match[2].lower()
    per = _SPELLINGS.get(unit, "")
    if per not in PER_SECONDS:
        raise ValueError(f"unknown unit of time '{unit}'||per s, min, h, day, week or year")
    if amount <= 0:
        raise ValueError("a rate must be above 0||leave the origin out if nothing arrives")
    return Rate(amount, per)


def _schema(example: str, meaning: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": meaning, "examples": [example]})


LengthField = Annotated[
    Length,
    BeforeValidator(parse_length),
    PlainSerializer(Length.written, return_type=str),
    _schema("3 h", f"A length of time with its unit: {_UNITS_SAID}."),
]
RateField = Annotated[
    Rate,
    BeforeValidator(parse_rate),
    PlainSerializer(Rate.written, return_type=str),
    _schema("120 per year", "Events for each unit of time: per s, min, h, day, week or year (365 days)."),
]
