"""Quantiles with intervals: of values as they are, and of replications that each have a quantile of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import check_level, floats
from .means import MeanInterval, mean_interval
from .reasons import Reason


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile of n independent values and its interval between two of them, in the unit of the values.

    `ranks` are those of the two values, from 1; `coverage` is the exact probability, at least the level, if values do
    not tie, and a lower bound if they do. TOO_FEW: no two values are far enough apart for the level; `low`, `high` and
    `coverage` are NaN, `ranks` None, and `fewest` values would be needed. Without any value the estimate is NaN too.
    """

    estimate: float
    low: float
    high: float
    coverage: float
    ranks: tuple[int, int] | None
    n: int
    fewest: int
    missing: int
    reason: Reason


def quantile_interval(values: npt.ArrayLike, share: float, level: float = 0.95) -> QuantileInterval:
    """The value by which a `share` of independent values lies, shape (n,), with a distribution-free interval.

    The estimate is the least value with at least that share of values at or below it. At most (1 - level) / 2 of
    samples have their interval wholly on either side. David and Nagaraja, Order Statistics, 3rd ed. 2003, section
    7.1. `scipy.stats.quantile_test` gives the same ends but neither ranks nor coverage, and loads far more. Cases of
    one replication are not independent of each other: give values of replications, or one per replication. NaN are
    left out (reason MISSING).
    """
    from scipy.special import bdtr

    check_level(share)
    check_level(level)
    given = floats(values)
    ordered = np.sort(given[~np.isnan(given)])
    n, missing, fewest = len(ordered), len(given) - len(ordered), fewest_values(share, level)
    estimate = float(ordered[_place(n, share)]) if n else math.nan
    if n < fewest:
        return QuantileInterval(estimate, math.nan, math.nan, math.nan, None, n, fewest, missing, Reason.TOO_FEW)
    tail = (1.0 - level) / 2
    # Element k: the chance that at most k of n values lie below the quantile.
    below = bdtr(np.arange(n, dtype=np.float64), n, share)
    low = int(np.count_nonzero(below <= tail))
    high = int(np.flatnonzero(below >= 1.0 - tail)[0]) + 1
    reason = Reason.MISSING if missing else Reason.NONE
    return QuantileInterval(
        estimate, float(ordered[low - 1]), float(ordered[high - 1]), float(below[high - 1] - below[low - 1]),
        (low, high), n, fewest, missing, reason,
    )  # fmt: skip


def fewest_values(share: float, level: float = 0.95) -> int:
    """The least number of values for which an interval of a quantile stands: each end must lie within the sample."""
    check_level(share)
    check_level(level)
    tail = (1.0 - level) / 2
    further = max(share, 1.0 - share)
    n = math.floor(math.log(tail) / math.log(further))
    return n if further**n <= tail else n + 1


def mean_of_quantiles(replications: Sequence[npt.ArrayLike], share: float, level: float = 0.95) -> MeanInterval:
    """The mean over replications of each one's quantile, with a t interval over replications.

    `replications` holds the values of each, as many as it has. Replications are independent though their values are
    not. The mean of quantiles of small samples is off from the quantile of all values, more so far out in the tail: it
    answers what a replication's quantile is on average. A replication without values counts as missing.
    """
    check_level(share)
    found = []
    for values in replications:
        ordered = np.sort(floats(values, may_miss=False))
        found.append(float(ordered[_place(len(ordered), share)]) if len(ordered) else math.nan)
    return mean_interval(np.asarray(found, dtype=np.float64), level)


def _place(count: int, share: float) -> int:
    """Where in rising order the least value stands that has at least a share of values at or below it."""
    # A product that ought to be whole may come out a bit above it.
    return min(max(math.ceil(count * share - 1e-9) - 1, 0), count - 1)
