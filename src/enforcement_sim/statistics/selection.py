"""Picking the best of several scenarios on common random numbers, with a promise of how often it is the right one.

The promise: where the best is better than every other by at least the indifference, it is picked with probability
`level` or more; a system that is worse by less is as good. It is proven for normal values that may depend on each
other within a replication in any way, or in an even one for `nelson_matejcik`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .best import difference_variance
from .critical import largest_t
from .inputs import Floats, check_level, floats, t_quantile
from .reasons import Reason


def clark_yang(first: npt.ArrayLike, indifference: float, level: float = 0.95) -> int:
    """Replications that every system needs in all, from a first stage of shape (replications, systems).

    Afterwards the system with the best mean over all of them is the pick. Bonferroni: any dependence between systems.
    Clark and Yang, Winter Simulation Conference 1986, 228-235.

    Raises ValueError for NaN, fewer than two replications or systems, and an indifference that is not above 0.
    """
    values = _checked(first, indifference, level)
    count, systems = len(values), len(values.T)
    t = t_quantile(count - 1, 1.0 - (1.0 - level) / (systems - 1))
    largest = float(_pair_variances(values).max())
    return max(count, math.ceil(t**2 * largest / indifference**2))


def nelson_matejcik(first: npt.ArrayLike, indifference: float, level: float = 0.95) -> int:
    """The same as `clark_yang` if all differences have the same variance: fewer replications for many systems.

    Nelson and Matejcik, Management Science 41 (1995) 1935-1945, who found it to stand uneven variances well. Raises
    ValueError like `clark_yang`.
    """
    values = _checked(first, indifference, level)
    count, systems = len(values), len(values.T)
    value = largest_t(systems - 1, (count - 1) * (systems - 1), level)
    return max(count, math.ceil(value**2 * difference_variance(values) / indifference**2))


@dataclass(frozen=True, slots=True)
class Selection:
    """How far picking has come.

    `best` is the system picked, or None as long as there is none. `alive` are the systems still in question; only
    they need more replications. `used` replications have been looked at, and after `most` there will be a pick; None
    before the first ones are there. NOT_YET: run more of those alive. MISSING: one of those alive has no value at
    replication `used`.
    """

    best: int | None
    alive: tuple[int, ...]
    used: int
    most: int | None
    reason: Reason


def fully_sequential(
    values: npt.ArrayLike, first: int, indifference: float, level: float = 0.95, *, smallest: bool = False
) -> Selection:
    """Replication by replication, throws out what is clearly worse, until one system is left.

    `values` has the shape (replications so far, systems), the same luck in a row; a system that is out may have NaN
    from then on. Variances come from the `first` replications, so a call with more rows repeats all that a call with
    fewer decided. Kim and Nelson, ACM Transactions on Modeling and Computer Simulation 11 (2001) 251-273, with c = 1.

    Raises ValueError for fewer than two first replications or systems, NaN among the first, and an indifference that
    is not above 0.
    """
    given = floats(values, 2)
    signed = -given if smallest else given
    systems = signed.shape[1]
    if len(signed) < first:
        return Selection(None, tuple(range(systems)), len(signed), None, Reason.NOT_YET)
    variances = _pair_variances(_checked(signed[:first], indifference, level))
    # With eta as in the paper, h2 is 2 eta (first - 1).
    h2 = (first - 1) * ((2.0 * (1.0 - level) / (systems - 1)) ** (-2.0 / (first - 1)) - 1.0)
    most = int(np.floor(h2 * variances / indifference**2).max()) + 1
    sums, alive = np.cumsum(signed, axis=0), np.arange(systems)
    for used in range(first, len(signed) + 1):
        now = sums[used - 1, alive]
        if np.isnan(now).any():
            return Selection(None, tuple(alive.tolist()), used, max(most, first), Reason.MISSING)
        # Sums, and so widths that are `used` times those of the paper, which are for means.
        width = h2 * variances[np.ix_(alive, alive)] / (2 * indifference) - indifference * used / 2
        behind = now[None, :] - now[:, None] > np.maximum(width, 0.0)
        is_last = used >= most
        alive = alive[~behind.any(axis=1)]
        if len(alive) == 1 or is_last:
            best = int(alive[np.argmax(sums[used - 1, alive])])
            return Selection(best, (best,), used, max(most, first), Reason.NONE)
    return Selection(None, tuple(alive.tolist()), len(signed), max(most, first), Reason.NOT_YET)


def _checked(values: npt.ArrayLike, indifference: float, level: float) -> Floats:
    check_level(level)
    array = floats(values, 2, may_miss=False)
    if array.shape[0] < 2 or array.shape[1] < 2:
        raise ValueError(f"at least two replications of two systems are needed, got {array.shape}")
    if not indifference > 0.0:
        raise ValueError(f"the indifference lies above 0, got {indifference}")
    return array


def _pair_variances(values: Floats) -> Floats:
    """The variance of the difference of every two systems, (systems, systems)."""
    deviations = values[:, :, None] - values[:, None, :]
    variances: Floats = deviations.var(axis=0, ddof=1)
    return variances
