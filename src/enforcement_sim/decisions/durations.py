"""From uniform numbers to lengths: one function for every family, all by inversion.

Inversion keeps common random numbers meaningful: the same luck gives the same rank in any distribution.
Parameters a, b, c are in whole or broken seconds (or days, for waits counted in days); `tail` is the table
of further numbers that a family with many parameters reads from `at` on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..records import Family
from .normal import quantile

Uniform = Callable[[int], float]
"""The n-th uniform number of this draw; most families ask for n = 0 only."""


def drawn(
    family: int, a: float, b: float, c: float, tail: Sequence[float], at: int, length: int, uniform: Uniform
) -> float:
    """The length for one draw.

    FIXED a · EXPONENTIAL mean a · ERLANG mean a with b phases · LOGNORMAL mu a, sigma b of the logarithm ·
    UNIFORM a to b · TRIANGULAR a, mode b, to c · NORMAL mean a, sd b, never under c · WEIBULL scale a, shape b ·
    DISCRETE tail = (cumulated share, value)* · HYPEREXPONENTIAL tail = (cumulated share, mean)*.
    """
    if family == Family.FIXED:
        return a
    if family == Family.EXPONENTIAL:
        return -a * math.log1p(-uniform(0))
    if family == Family.LOGNORMAL:
        return math.exp(a + b * quantile(uniform(0)))
    if family == Family.TRIANGULAR:
        return _triangular(a, b, c, uniform(0))
    if family == Family.UNIFORM:
        return a + (b - a) * uniform(0)
    if family == Family.NORMAL:
        return max(c, a + b * quantile(uniform(0)))
    if family == Family.WEIBULL:
        return a * math.pow(-math.log1p(-uniform(0)), 1.0 / b)
    if family == Family.DISCRETE:
        return picked(tail, at, length, uniform(0))
    if family == Family.HYPEREXPONENTIAL:
        return -picked(tail, at, length, uniform(0)) * math.log1p(-uniform(1))
    total = 0.0  # ERLANG: a sum of phases, each of its own uniform
    for phase in range(int(b)):
        total -= math.log1p(-uniform(phase))
    return total * a / b


def listed(tail: Sequence[float], at: int, count: int, width: int, ordinal: int, visit: int) -> float:
    """The length told for a case and a visit; the last case and the last visit told stand for all after."""
    return tail[at + min(ordinal, count - 1) * width + min(visit, width - 1)]


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    cut = (mode - low) / (high - low)
    if u < cut:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def picked(tail: Sequence[float], at: int, length: int, u: float) -> float:
    """The value that u picks from `length` pairs (cumulated share, value) which stand in `tail` from `at` on."""
    for i in range(at, at + 2 * length - 2, 2):
        if u < tail[i]:
            return tail[i + 1]
    return tail[at + 2 * length - 1]


def whole_seconds(length: float, least: int) -> int:
    """A length rounded to whole seconds, at least `least` (1 for work, 0 for a wait)."""
    return max(least, math.floor(length + 0.5))
