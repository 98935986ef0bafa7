"""Quantiles of times of which some are not over yet (Kaplan and Meier 1958)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


def quantile(times: npt.NDArray[np.float64], over: npt.NDArray[np.bool_], q: float) -> float:
    """The time by which a share q is over; running ones (over = False) count as longer than they are so far.

    NaN where fewer than a share q can be seen to end.
    """
    order = np.argsort(times, kind="stable")
    at, ended = times[order], over[order]
    at_risk = len(at) - np.arange(len(at))
    left = np.cumprod(np.where(ended, 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero(left <= 1.0 - q + 1e-12)
    return float(at[reached[0]]) if len(reached) else math.nan
