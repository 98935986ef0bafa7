"""Distributions as rows of numbers."""

from __future__ import annotations

from ..model.distributions import (
    AnyDistribution,
    Discrete,
    Erlang,
    Exponential,
    Fixed,
    Hyperexponential,
    Legal,
    Listed,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    Weibull,
    units_of,
)
from ..model.quantities import CALENDAR_DAY, MONTH, WORKING_DAY, Length
from ..records import Days, Family

Row = tuple[int, float, float, float, int, int, int]


class LengthTable:
    """Collects the rows of `Plan.lengths` and their common tail."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.tail: list[float] = []

    def add(self, given: AnyDistribution) -> int:
        """The number of the row for a distribution; amounts in seconds, or in days if it counts legal days."""
        self.rows.append(self._row(given))
        return len(self.rows) - 1

    def add_numbers(self, values: list[float], shares: list[float]) -> int:
        """A row that picks plain numbers by share."""
        self.rows.append(self._mixture(Family.DISCRETE, values, shares))
        return len(self.rows) - 1

    def _row(self, given: AnyDistribution) -> Row:
        match given:
            case Fixed():
                return _plain(Family.FIXED, _amount(given.value))
            case Exponential():
                return _plain(Family.EXPONENTIAL, _amount(given.mean))
            case Erlang():
                return _plain(Family.ERLANG, _amount(given.mean), given.phases)
            case Uniform():
                return _plain(Family.UNIFORM, _amount(given.low), _amount(given.high))
            case Triangular():
                return _plain(Family.TRIANGULAR, _amount(given.low), _amount(given.mode), _amount(given.high))
            case Normal():
                return _plain(Family.NORMAL, _amount(given.mean), _amount(given.sd), _amount(given.min))
            case Weibull():
                return _plain(Family.WEIBULL, _amount(given.scale), given.shape)
            case Lognormal():
                return self._lognormal(given)
            case Discrete():
                return self._mixture(Family.DISCRETE, [_amount(v) for v in given.values], given.shares)
            case Hyperexponential():
                return self._mixture(Family.HYPEREXPONENTIAL, [_amount(m) for m in given.means], given.shares)
            case Listed():
                return self._listed(given)
            case Legal():
                raise AssertionError("a legal period is made a fixed length before (plan/legal_waits.py)")

    def _lognormal(self, given: Lognormal) -> Row:
        import math

        mu, sigma = given.mu_sigma()
        one = given.mean or given.median
        assert one is not None
        return _plain(Family.LOGNORMAL, mu + math.log(_amount(Length(1.0, one.unit))), sigma)

    def _mixture(self, family: Family, values: list[float], shares: list[float]) -> Row:
        at, total = len(self.tail), 0.0
        for value, share in zip(values, shares, strict=True):
            total += share
            self.tail += [total, value]
        return family, 0.0, 0.0, 0.0, at, len(values), 0

    def _listed(self, given: Listed) -> Row:
        rows = [[_amount(v) for v in entry] if isinstance(entry, list) else [_amount(entry)] for entry in given.values]
        width = max(len(row) for row in rows)
        at = len(self.tail)
        for row in rows:
            self.tail += row + [row[-1]] * (width - len(row))
        return Family.LISTED, 0.0, 0.0, 0.0, at, len(rows), width


def _plain(family: Family, a: float, b: float = 0.0, c: float = 0.0) -> Row:
    return family, a, b, c, 0, 0, 0


def _amount(length: Length) -> float:
    return length.amount if length.is_days else length.seconds


def days_of(given: AnyDistribution) -> Days:
    """Whether a distribution counts seconds, calendar days, working days or months; a sound one counts one of them."""
    units = units_of(given)
    if MONTH in units:
        return Days.MONTHS
    if WORKING_DAY in units:
        return Days.WORKING_DAYS
    return Days.CALENDAR_DAYS if CALENDAR_DAY in units else Days.SECONDS
