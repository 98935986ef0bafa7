"""Whether a team is overloaded: more work comes than it can do, so that its backlog grows without end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from .inputs import Floats, check_level, floats
from .means import MeanInterval, mean_interval
from .reasons import Reason


class Verdict(StrEnum):
    """What can be said of a team."""

    STABLE = "stable"
    OVERLOADED = "overloaded"
    UNCLEAR = "unclear"


class Load(StrEnum):
    """Where the interval of the offered load lies, or that there is none."""

    BELOW = "below_one"
    ABOVE = "above_one"
    AROUND = "around_one"
    UNKNOWN = "unknown"


class Trend(StrEnum):
    """What the backlog did in the second half, or that nobody can say."""

    GROWS = "grows"
    STEADY = "steady"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Overload:
    """The verdict and what it rests on, as fields to make a sentence of.

    `rho` is the offered load, work that comes against what can be done (1 is as much as can be done). `growth` is how
    many cases the backlog grew over the second half of the time, by a straight line through each replication, and
    `tolerated` the growth that still counts as none, in cases. Both intervals are over replications, NaN if not known.
    `disagree`: load and trend point in opposite directions, as in a team that starts empty, turns cases away, or whose
    load changed midway.
    """

    verdict: Verdict
    load: Load
    trend: Trend
    rho: MeanInterval
    growth: MeanInterval
    tolerated: float
    disagree: bool


def overload(
    rho: npt.ArrayLike | None = None, open_cases: npt.ArrayLike | None = None, *, level: float = 0.95,
    tolerance: float = 0.25, cases: float = 3.0,
) -> Overload:  # fmt: skip
    """A verdict from offered loads, shape (replications,), open cases, shape (replications, times), or both.

    Times are equally spaced, at least eight. The load is above (below) one if its whole interval is. The backlog grows
    if the interval of its growth over the second half lies above 0 and the mean growth above what is tolerated:
    `tolerance` of the mean backlog of the second half, at least `cases`. It is steady if the whole interval lies below
    that. A backlog that grows evenly from nothing grows by two thirds of that mean and one that grows like the square
    root of time, as at a load of just one, by about a third, hence a quarter.

    - overloaded: load above one unless the backlog is steady, or a growing backlog unless the load is below one;
    - stable: load below one unless the backlog grows, or a steady backlog unless the load is above one;
    - unclear: all else.

    The rule is made for this package. Measured by its long tests, 500 times each on ten replications of an M/M/1 queue
    that starts empty, of 3,000 mean services: by both sources no verdict was wrong at loads of 0.7, 0.95, 1.05 and 1.3,
    and 2 % unclear at 0.95. By the backlog alone 0.4 % were unclear at 0.7; at 0.95 93 % and 2 % wrong; at 1.05 6 %.

    Raises ValueError for
    neither load nor series, negative values, too short a series and a tolerance or `cases` not above 0.
    """
    check_level(level)
    if rho is None and open_cases is None:
        raise ValueError("a load or a series of open cases is needed")
    if not (tolerance > 0.0 and cases > 0.0):
        raise ValueError(f"what is tolerated lies above 0, got {tolerance}, {cases}")
    loads = floats([] if rho is None else rho)
    if (loads < 0.0).any():
        raise ValueError("a load is not negative")
    load_interval = mean_interval(loads, level)
    load = _load(load_interval)
    growth, tolerated = _growth(open_cases, level, tolerance, cases)
    trend = _trend(growth, tolerated)
    disagree = (load, trend) in ((Load.ABOVE, Trend.STEADY), (Load.BELOW, Trend.GROWS))
    if disagree:
        verdict = Verdict.UNCLEAR
    elif load == Load.ABOVE or trend == Trend.GROWS:
        verdict = Verdict.OVERLOADED
    elif load == Load.BELOW or trend == Trend.STEADY:
        verdict = Verdict.STABLE
    else:
        verdict = Verdict.UNCLEAR
    return Overload(verdict, load, trend, load_interval, growth, tolerated, disagree)


def _load(interval: MeanInterval) -> Load:
    if interval.reason in (Reason.TOO_FEW, Reason.MISSING) or interval.missing:
        return Load.UNKNOWN
    if interval.low > 1.0:
        return Load.ABOVE
    return Load.BELOW if interval.high < 1.0 else Load.AROUND


def _growth(
    open_cases: npt.ArrayLike | None, level: float, tolerance: float, cases: float
) -> tuple[MeanInterval, float]:
    """Growth over the second half with its interval, and the growth that is tolerated, in cases."""
    if open_cases is None:
        return mean_interval([], level), math.nan
    series = floats(open_cases, 2)
    if series.shape[1] < 8:
        raise ValueError(f"at least eight times are needed, got {series.shape[1]}")
    if (series < 0.0).any():
        raise ValueError("open cases are not negative")
    second: Floats = series[:, series.shape[1] // 2 :]
    at = np.arange(second.shape[1]) - (second.shape[1] - 1) / 2
    slopes = second @ at / (at @ at)
    growth = mean_interval(slopes * (second.shape[1] - 1), level)
    means = second.mean(axis=1)
    level_of_all = float(np.nanmean(means)) if not np.isnan(means).all() else math.nan
    return growth, max(tolerance * level_of_all, cases)


def _trend(growth: MeanInterval, tolerated: float) -> Trend:
    if growth.reason in (Reason.TOO_FEW, Reason.MISSING) or growth.missing:
        return Trend.UNKNOWN
    if growth.low > 0.0 and growth.mean > tolerated:
        return Trend.GROWS
    return Trend.STEADY if growth.high < tolerated else Trend.UNSURE
