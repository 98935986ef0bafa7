"""How much of the beginning of a run belongs to its start and not to its steady state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import Floats, floats
from .reasons import Reason

FEWEST_BATCHES = 10
"""Fewer batches than so many say nothing about a warm-up."""


@dataclass(frozen=True, slots=True)
class Truncation:
    """How many observations to leave out at the beginning, or None with a reason.

    `least_at` is where the rule has its minimum, in observations, `error` the squared standard error there, in the
    square of the values' unit. AT_LIMIT: the minimum is the last place that was allowed, the series may not have
    settled at all, and only a longer run can tell; `observations` is None then. TOO_FEW: the series is too short.
    """

    observations: int | None
    least_at: int
    error: float
    reason: Reason


def mser(series: npt.ArrayLike, batch: int = 5, limit: float = 0.5) -> Truncation:
    """The marginal standard error rule on means of batches: MSER-5 for batches of five.

    `series` has the shape (observations,), or (replications, observations) with the rule applied to the mean over
    replications; observations are equally spaced. Of all truncations within the first `limit` of the batches the one
    with the least sum of squares around the mean of what is left, divided by the square of its number, is taken; of
    several the first. Observations that fill no batch at the end are left out. The rule looks for a beginning and not
    for growth: a backlog that grows ever faster may be told to need no truncation; `overload` is for that.

    White, Simulation 69 (1997) 323-334; White, Cobb and Spratt, Winter Simulation Conference 2000; the limit to the
    first half after Franklin and White, Winter Simulation Conference 2008.

    Raises ValueError for NaN, for a batch below 1 and for a limit that is not between 0 and 1.
    """
    if batch < 1 or not 0.0 < limit < 1.0:
        raise ValueError(f"a batch has at least one value and the limit lies between 0 and 1, got {batch}, {limit}")
    values = _mean_over_replications(series)
    count = len(values) // batch
    if count < FEWEST_BATCHES:
        return Truncation(None, 0, math.nan, Reason.TOO_FEW)
    means = values[: count * batch].reshape(count, batch).mean(axis=1)
    # Sums of squares are taken around a late value: around zero, a large level would swallow the differences.
    shifted = means - means[-1]
    left = np.arange(count, 0, -1, dtype=np.float64)
    sums = np.cumsum(shifted[::-1])[::-1]
    squares = np.cumsum((shifted**2)[::-1])[::-1]
    last = int(count * limit)
    errors = ((squares - sums**2 / left) / left**2)[: last + 1]
    at = int(np.argmin(errors))
    reason = Reason.AT_LIMIT if at == last else Reason.NONE
    return Truncation(None if reason else at * batch, at * batch, max(float(errors[at]), 0.0), reason)


def welch(runs: npt.ArrayLike, window: int) -> Floats:
    """Welch's moving average of the mean over replications, for the eye to find where it levels off.

    `runs` has the shape (replications, observations). With w = `window`, value i (from 0) is the mean of the 2w + 1
    observations around i, and near the beginning of the 2i + 1 around it; there are observations - w values.

    Welch, in Lavenberg (ed.), Computer Performance Modeling Handbook, 1983; Law, Simulation Modeling and Analysis,
    section 9.5.1, where w is at most a quarter of the observations.

    Raises ValueError for NaN and for a window below 0 or above a quarter of the observations.
    """
    means = floats(runs, 2, may_miss=False).mean(axis=0)
    if not 0 <= window <= len(means) // 4:
        raise ValueError(f"the window lies between 0 and a quarter of {len(means)} observations, got {window}")
    at = np.arange(len(means) - window)
    reach = np.minimum(at, window)
    sums = np.concatenate([[0.0], np.cumsum(means)])
    smoothed: Floats = (sums[at + reach + 1] - sums[at - reach]) / (2 * reach + 1)
    return smoothed


def levelled(smoothed: npt.ArrayLike, tolerance: float = 0.05) -> int | None:
    """From which value on a smoothed series stays near the mean of its second half; None if not in its first half.

    Near is within `tolerance` of that mean. Welch leaves this to the eye; the rule is only a stand-in for it where
    nobody looks. Raises ValueError for NaN, an empty series and a tolerance that is not above 0.
    """
    values = floats(smoothed, may_miss=False)
    if not len(values) or tolerance <= 0.0:
        raise ValueError("a series has values and a tolerance is above 0")
    half = len(values) // 2
    level = float(values[half:].mean())
    far = np.flatnonzero(np.abs(values - level) > tolerance * abs(level))
    first = int(far[-1]) + 1 if len(far) else 0
    return first if first <= half else None


def _mean_over_replications(series: npt.ArrayLike) -> Floats:
    array = np.asarray(series, dtype=np.float64)
    if array.ndim == 2 and len(array):
        return floats(floats(array, 2, may_miss=False).mean(axis=0))
    return floats(array, may_miss=False)
