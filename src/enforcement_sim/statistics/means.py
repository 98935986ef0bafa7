"""A mean over replications with Student's t interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import Floats, check_level, floats, t_quantile
from .reasons import Reason


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean and its two-sided interval, in the unit of the values.

    `n` values have been used and `missing` ones (NaN) left out. With fewer than two values `low`, `high` and `sd`
    are NaN and the reason is TOO_FEW. Equal values have an interval without width and the reason NO_SPREAD; it tells
    what was seen, not how sure it is.
    """

    mean: float
    low: float
    high: float
    sd: float
    n: int
    missing: int
    reason: Reason

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def spread(values: Floats) -> float:
    """The standard deviation with n - 1 below; exactly 0 for equal values, NaN for fewer than two."""
    if len(values) < 2:
        return math.nan
    # The mean of equal numbers may be off by a bit, and then they would seem to vary.
    return 0.0 if float(values.min()) == float(values.max()) else float(values.std(ddof=1))


def mean_interval(values: npt.ArrayLike, level: float = 0.95) -> MeanInterval:
    """The mean of independent values, shape (n,), and its t interval at a level.

    Exact for normal values. Law, Simulation Modeling and Analysis, section 4.5. MISSING is the reason where some values
    are left out and no graver one holds.
    """
    check_level(level)
    given = floats(values)
    used = given[~np.isnan(given)]
    n, missing = len(used), len(given) - len(used)
    mean, sd = (float(used.mean()) if n else math.nan), spread(used)
    if n < 2:
        return MeanInterval(mean, math.nan, math.nan, sd, n, missing, Reason.TOO_FEW)
    if sd == 0.0:
        same = float(used[0])
        return MeanInterval(same, same, same, 0.0, n, missing, Reason.NO_SPREAD)
    half = t_quantile(n - 1, (1.0 + level) / 2) * sd / math.sqrt(n)
    return MeanInterval(mean, mean - half, mean + half, sd, n, missing, Reason.MISSING if missing else Reason.NONE)
