"""Two scenarios on the same replications: replication k met the same cases with the same luck in both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import Floats, check_level, floats, same_shape
from .means import MeanInterval, mean_interval, spread
from .reasons import Reason


@dataclass(frozen=True, slots=True)
class Difference:
    """Changed minus base: mean with interval, and the two-sided p-value of no difference.

    `p` is NaN where no interval stands, and where all differences are the same number other than zero; if all are
    zero it is 1. `adjusted` is the p-value after Holm if several were compared, else `p`.
    """

    interval: MeanInterval
    p: float
    adjusted: float


def difference(changed: npt.ArrayLike, base: npt.ArrayLike, level: float = 0.95) -> Difference:
    """The paired t interval of changed minus base, each of shape (replications,); pairs with a NaN are left out.

    Law, Simulation Modeling and Analysis, section 10.2.1. Raises ValueError if the shapes differ.
    """
    check_level(level)
    left, right = floats(changed), floats(base)
    same_shape(left, right)
    interval = mean_interval(left - right, level)
    p = _p_value(interval)
    return Difference(interval, p, p)


def differences(changed: npt.ArrayLike, base: npt.ArrayLike, level: float = 0.95) -> tuple[Difference, ...]:
    """Paired differences of several measures at once, each array of shape (replications, measures).

    The intervals hold together at the level (Bonferroni); `adjusted` are Holm's p-values. Both hold whatever the
    measures have to do with each other. A measure can be told from zero by Holm though its interval holds zero:
    Bonferroni's intervals are wider than Holm's tests need. Raises ValueError if the shapes differ.
    """
    check_level(level)
    left, right = floats(changed, 2), floats(base, 2)
    same_shape(left, right)
    measures = left.shape[1]
    each = 1.0 - (1.0 - level) / max(measures, 1)
    single = [difference(left[:, at], right[:, at], each) for at in range(measures)]
    adjusted = holm([one.p for one in single])
    return tuple(Difference(one.interval, one.p, float(new)) for one, new in zip(single, adjusted, strict=True))


def holm(p_values: Sequence[float] | Floats) -> Floats:
    """p-values adjusted so that those below a level can all be called found at that level, shape (tests,).

    Holm's step-down: the smallest is multiplied by the number of tests, the next by one fewer, never falling and
    never above 1. NaN stays NaN and is not counted as a test. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Raises ValueError for values outside 0 to 1.
    """
    given = floats(np.asarray(p_values, dtype=np.float64))
    known = np.flatnonzero(~np.isnan(given))
    if ((given[known] < 0.0) | (given[known] > 1.0)).any():
        raise ValueError("p-values lie between 0 and 1")
    order = known[np.argsort(given[known], kind="stable")]
    times = np.arange(len(order), 0, -1)
    adjusted = np.full(len(given), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * times), 1.0)
    return adjusted


@dataclass(frozen=True, slots=True)
class CommonNumbers:
    """What the same luck in both scenarios was worth.

    `ratio` is the variance of the paired difference against that of independent runs of the same number: below 1 the
    same luck helped, and 1 / ratio times as many independent runs would be needed. `correlation` is that of the pairs.
    """

    ratio: float
    correlation: float
    n: int
    reason: Reason


def variance_ratio(changed: npt.ArrayLike, base: npt.ArrayLike) -> CommonNumbers:
    """How much common random numbers took off the variance of a difference, each array of shape (replications,).

    Independent runs would have the sum of both variances. Law, Simulation Modeling and Analysis, section 11.2. Pairs
    with a NaN are left out (reason MISSING). TOO_FEW below two pairs, NO_SPREAD where neither scenario varies; both
    numbers are NaN then, and the correlation also where one scenario does not vary. Raises ValueError if the shapes
    differ.
    """
    left, right = floats(changed), floats(base)
    same_shape(left, right)
    whole = ~(np.isnan(left) | np.isnan(right))
    reason = Reason.NONE if whole.all() else Reason.MISSING
    left, right = left[whole], right[whole]
    n, one, two = len(left), spread(left), spread(right)
    if n < 2:
        return CommonNumbers(math.nan, math.nan, n, Reason.TOO_FEW)
    if one == two == 0.0:
        return CommonNumbers(math.nan, math.nan, n, Reason.NO_SPREAD)
    ratio = spread(left - right) ** 2 / (one**2 + two**2)
    covariance = float(((left - left.mean()) * (right - right.mean())).sum()) / (n - 1)
    return CommonNumbers(ratio, covariance / (one * two) if one and two else math.nan, n, reason)


def _p_value(interval: MeanInterval) -> float:
    from scipy.special import stdtr

    if interval.reason == Reason.TOO_FEW:
        return math.nan
    if interval.sd == 0.0:
        return 1.0 if interval.mean == 0.0 else math.nan
    t = abs(interval.mean) / (interval.sd / math.sqrt(interval.n))
    return float(2.0 * stdtr(interval.n - 1, -t))
