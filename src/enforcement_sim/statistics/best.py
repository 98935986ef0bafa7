"""Which of several scenarios may be the best: each against the best of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from .critical import largest_t
from .inputs import Bools, Floats, check_level, floats, t_quantile
from .reasons import Reason

Method = Literal["bonferroni", "sphericity", "independent"]


@dataclass(frozen=True, slots=True)
class AgainstBest:
    """For each system its mean minus the best of the other means, with intervals that hold together.

    All arrays have the shape (systems,); differences are in the unit of the values and above 0 for a better system,
    also where small values are good. `low` is never above 0 nor `high` below. The best is among those of
    `could_be_best` at the level; the others have a `high` of 0. A system with a `low` of 0 is the best, or one of
    several that are equal in every replication. With a reason (TOO_FEW, MISSING) all are NaN and none is ruled out.
    """

    difference: Floats
    low: Floats
    high: Floats
    could_be_best: Bools
    reason: Reason


def against_best(
    values: npt.ArrayLike, level: float = 0.95, *, smallest: bool = False, method: Method = "bonferroni"
) -> AgainstBest:
    """Multiple comparisons with the best; `values` has the shape (replications, systems), at least two systems.

    Intervals after Hsu, Annals of Statistics 12 (1984) 1136-1144, for widths that may differ between pairs. Widths by
    - `bonferroni` (as is): paired t intervals at 1 - (1 - level) / (systems - 1). It holds for any dependence of
      systems on common random numbers, which here is uneven: neighbours in a sweep go together more than far ones.
    - `sphericity`: one variance of differences for all pairs and Dunnett's value with (n - 1)(systems - 1) degrees of
      freedom, after Nelson and Matejcik, Management Science 41 (1995) 1935-1945. Narrower for few replications, exact
      if all differences have the same variance.
    - `independent`: Hsu's own, for systems run apart with equal variances.

    Raises ValueError for fewer than two systems and for an unknown method.
    """
    check_level(level)
    given = floats(values, 2)
    count, systems = given.shape
    if systems < 2:
        raise ValueError("at least two systems can be compared")
    if count < 2 or np.isnan(given).any():
        nothing, all_of_them = np.full(systems, np.nan), np.ones(systems, dtype=np.bool_)
        return AgainstBest(nothing, nothing, nothing, all_of_them, Reason.TOO_FEW if count < 2 else Reason.MISSING)
    signed = -given if smallest else given
    return within(signed.mean(axis=0), _widths(signed, level, method))


def within(means: npt.ArrayLike, widths: npt.ArrayLike) -> AgainstBest:
    """Hsu's intervals from means (systems,), large ones good, and a width for every pair (systems, systems) or for all.

    After a selection with an indifference of `widths` they hold with the probability of that selection's promise
    (Nelson and Matejcik 1995).
    """
    means = floats(means, may_miss=False)
    systems = len(means)
    width = np.broadcast_to(np.asarray(widths, dtype=np.float64), (systems, systems))
    gaps = means[:, None] - means[None, :]
    apart = ~np.eye(systems, dtype=np.bool_)
    difference = np.where(apart, gaps, math.inf).min(axis=1)
    most = np.where(apart, gaps + width, math.inf).min(axis=1)
    # Twins that are equal in every replication have no width between them, and both could be the best.
    high, could_be = np.maximum(most, 0.0), most >= 0.0
    # Only those that could be the best are the best of the others; a system without such rivals is the best.
    rivals = apart & could_be[None, :]
    low = np.minimum(np.where(rivals, gaps - width, math.inf).min(axis=1), 0.0)
    return AgainstBest(difference, low, high, could_be, Reason.NONE)


def _widths(values: Floats, level: float, method: Method) -> Floats:
    count, systems = values.shape
    if method == "bonferroni":
        deviations = values[:, :, None] - values[:, None, :]
        t = t_quantile(count - 1, 1.0 - (1.0 - level) / (systems - 1))
        widths: Floats = t * deviations.std(axis=0, ddof=1) / math.sqrt(count)
        return widths
    if method == "sphericity":
        free = (count - 1) * (systems - 1)
        width = largest_t(systems - 1, free, level) * math.sqrt(difference_variance(values) / count)
    elif method == "independent":
        free = (count - 1) * systems
        width = largest_t(systems - 1, free, level) * math.sqrt(2.0 * float(values.var(axis=0, ddof=1).mean()) / count)
    else:
        raise ValueError(f"bonferroni, sphericity or independent, got {method}")
    return np.full((systems, systems), width)


def difference_variance(values: Floats) -> float:
    """The variance of a difference of two systems, if it is the same for all pairs; `values` (replications, systems).

    Twice the mean square of what row and column means leave over, with (n - 1)(systems - 1) degrees of freedom.
    """
    count, systems = len(values), len(values.T)
    left = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    return 2.0 * float((left**2).sum()) / ((count - 1) * (systems - 1))
