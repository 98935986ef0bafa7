"""How large a part of some times is over by when, where some are not over yet (Kaplan and Meier 1958)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
_SMALL = 1e-12
"""Products of many factors are off by a few bits: 0.5 may come out as a little more."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of cases that are not over, as it falls with time.

    `times` are the rising times at which some are over; behind each of them `left` is the share that is not, and `low`
    and `high` are its pointwise 95 % interval (Greenwood's variance on the scale of log(-log)), NaN where `left` is 0.
    `seen_to` is the time behind which nothing is told. Of equal times those that are over come first. The interval
    takes cases as independent of each other, as those that share a line are not.
    """

    times: Floats
    left: Floats
    low: Floats
    high: Floats
    seen_to: float

    @classmethod
    def of(cls, times: Floats, over: Bools, seen_to: float = math.inf) -> Curve:
        """From times of shape (cases,), at least one, and whether each is over; one that is not is longer than that.

        Behind `seen_to`, or else the longest time of any case, nothing is told.
        """
        rising = np.sort(times)
        at, ended = np.unique(times[over], return_counts=True)
        at_risk = len(times) - np.searchsorted(rising, at, side="left")
        left = np.multiply.accumulate(1.0 - ended / at_risk)
        low, high = _interval(left, ended, at_risk)
        limit = min(seen_to, float(rising[-1]))
        told = slice(0, int(np.searchsorted(at, limit, side="right")))
        return cls(at[told], left[told], low[told], high[told], limit)

    def over_by(self, time: float) -> tuple[float, float, float]:
        """The share that is over by a time, and its interval; NaN behind `seen_to`, unless all are over by then."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        is_done = len(self.left) > 0 and self.left[-1] <= 0.0
        if not (time <= self.seen_to or is_done):
            return math.nan, math.nan, math.nan
        if place < 0:
            return 0.0, math.nan, math.nan
        return 1.0 - float(self.left[place]), 1.0 - float(self.high[place]), 1.0 - float(self.low[place])

    def quantile(self, share: float) -> tuple[float, float, float]:
        """The time by which a share is over, and its interval (Brookmeyer and Crowley 1982); NaN where not seen.

        The interval holds the times at which that of the curve holds the share.
        """
        return self._first(self.left, share), self._first(self.low, share), self._first(self.high, share)

    def _first(self, left: Floats, share: float) -> float:
        reached = np.flatnonzero(left <= 1.0 - share + _SMALL)
        return float(self.times[reached[0]]) if len(reached) else math.nan


def _interval(left: Floats, ended: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    low, high = np.full(len(left), np.nan), np.full(len(left), np.nan)
    inside = np.flatnonzero(at_risk > ended)  # behind the last time, if all are over by then, nothing is left
    n, d = at_risk[inside].astype(np.float64), ended[inside]
    logs = np.log(left[inside])
    half = _Z * np.sqrt(np.add.accumulate(d / (n * (n - d)))) / -logs
    low[inside], high[inside] = left[inside] ** np.exp(half), left[inside] ** np.exp(-half)
    return low, high
