"""What every function of this package asks of its numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def floats(values: npt.ArrayLike, dimensions: int = 1, *, may_miss: bool = True) -> Floats:
    """Values as floats of so many dimensions. NaN is a missing value.

    Raises ValueError for another number of dimensions, for infinite values, and for NaN unless it `may_miss`.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise ValueError(f"{dimensions} dimensions are needed, got {array.ndim}")
    if np.isinf(array).any():
        raise ValueError("infinite values have no mean")
    if not may_miss and np.isnan(array).any():
        raise ValueError("missing values (NaN) are not allowed here")
    return array


def same_shape(first: Floats, second: Floats) -> None:
    """Raises ValueError if two arrays cannot be paired value by value."""
    if first.shape != second.shape:
        raise ValueError(f"values must come in pairs, got {first.shape} and {second.shape}")


def check_level(level: float) -> None:
    """Raises ValueError unless a level of confidence or a probability lies strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a level lies between 0 and 1, got {level}")


def t_quantile(free: float, probability: float) -> float:
    """The quantile of Student's t with so many degrees of freedom, above 0."""
    from scipy.special import stdtrit  # scipy.stats would take longer to open than a small run

    return float(stdtrit(free, probability))
