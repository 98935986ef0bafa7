"""Critical values for comparing several systems with one at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .inputs import check_level

_NODES = 128


@lru_cache(maxsize=256)  # a value takes some hundredths of a second, and all of a sweep ask for the same few
def largest_t(others: int, free: float, level: float) -> float:
    """What the largest of so many t variables, correlated by one half each, stays below with probability `level`.

    `free` are the degrees of freedom, at least 1 (`inf` for a known variance). These are the one-sided critical values
    of Dunnett, Journal of the American Statistical Association 50 (1955) 1096-1121. Public libraries give the
    comparison with them but not the value itself. Raises ValueError for fewer than one other or degree of freedom.
    """
    from scipy.optimize import brentq
    from scipy.special import gammaincinv, ndtr, ndtri, stdtrit

    check_level(level)
    if others < 1 or not free >= 1.0:
        raise ValueError(f"at least one other and one degree of freedom are needed, got {others}, {free}")
    common, common_weights = np.polynomial.hermite_e.hermegauss(_NODES)
    common_weights /= common_weights.sum()
    if np.isinf(free):
        scale, scale_weights = np.ones(1), np.ones(1)
    else:
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        scale = np.sqrt(gammaincinv(free / 2, (nodes + 1) / 2) * 2 / free)
        scale_weights = weights / 2

    def excess(value: float) -> float:
        # Given the shared part and the estimated spread, the others are independent.
        inside = ndtr(common[None, :] + np.sqrt(2.0) * value * scale[:, None]) ** others
        return float(scale_weights @ inside @ common_weights) - level

    # The quantile lies between that of one t and Bonferroni's; both ends are moved out a little for the numerics.
    alone, bonferroni = (
        (float(ndtri(p)) if np.isinf(free) else float(stdtrit(free, p))) for p in (level, 1 - (1 - level) / others)
    )
    return float(brentq(excess, alone - 0.5, bonferroni + 0.5, xtol=1e-10))
