"""Means and quantiles of times, also where some are not over yet (Kaplan and Meier 1958)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
_MANY = 50
"""More times than so many that both run and are over are worth a sort that keeps the order of equal ones."""


def mean(values: npt.NDArray[np.float64]) -> float:
    """Like `values.mean()`, which takes several times as long to begin; NaN where there are no values."""
    return float(np.add.reduce(values)) / len(values) if len(values) else math.nan


def interpolated(values: npt.NDArray[np.float64], share: float) -> float:
    """Like `np.quantile(values, share)` of at least one value, which takes several times as long to begin."""
    at = (len(values) - 1) * share
    place = int(at)
    behind = min(place + 1, len(values) - 1)
    found = np.partition(values, (place, behind))
    low, high, part = float(found[place]), float(found[behind]), at - place
    # From the nearer end, as numpy does: the same bits.
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def mean_and_quantiles(times: npt.NDArray[np.float64], over: Bools) -> list[float]:
    """The mean of the times that are over, and the median and the 90 % quantile of all (as in `quantiles`)."""
    done = times if np.count_nonzero(over) == len(over) else times[over]
    return [mean(done), *quantiles(times, over, (0.5, 0.9))]


def quantiles(times: npt.NDArray[np.float64], over: Bools, shares: tuple[float, ...]) -> list[float]:
    """The times by which each share is over; running ones (over = False) count as longer than they are so far.

    NaN where fewer than that share can be seen to end.
    """
    if np.count_nonzero(over) == len(over):
        # Then the places of the quantiles depend on the number alone, and nothing else need be sorted.
        places, at = _places_of(len(times), shares), times.copy()
        at.partition([place for place in places if place < len(times)])
    else:
        at, ended = _in_order(times, over)
        places = _places(ended, len(times), shares)
    return [float(at[place]) if place < len(times) else math.nan for place in places]


@lru_cache(maxsize=1 << 14)
def _places_of(count: int, shares: tuple[float, ...]) -> tuple[int, ...]:
    return _places(None, count, shares)


def _places(ended: Bools | None, count: int, shares: tuple[float, ...]) -> tuple[int, ...]:
    """Of times in rising order, the first by which each share is over, `count` for none; `ended` is None if all are."""
    left = np.arange(count, 0, -1, dtype=np.float64)
    np.divide(1.0, left, out=left)
    np.subtract(1.0, left, out=left)
    if ended is not None:
        left[~ended] = 1.0
    np.multiply.accumulate(left, out=left)
    return tuple(int(np.count_nonzero(left > 1.0 - share + 1e-12)) for share in shares)


def _in_order(times: npt.NDArray[np.float64], over: Bools) -> tuple[npt.NDArray[np.float64], Bools]:
    """The times rising, equal ones as they stood, and which of them are over."""
    # Running ones are few, so they are put between those that are over: those need no more than a plain sort.
    rows = np.flatnonzero(~over)
    rows = rows[np.argsort(times[rows], kind="stable")]
    done, running = np.sort(times[over]), times[rows]
    before = np.searchsorted(done, running, side="left")
    ties = np.flatnonzero(before < np.searchsorted(done, running, side="right"))
    if len(ties) > _MANY:
        order = np.argsort(times, kind="stable")
        return times[order], over[order]
    for tie in ties:
        earlier = slice(0, rows[tie])
        before[tie] += np.count_nonzero(over[earlier] & (times[earlier] == running[tie]))
    ended = np.ones(len(times), dtype=np.bool_)
    ended[before + np.arange(len(rows))] = False
    return np.insert(done, before, running), ended
