"""Critical values beside the t distribution, the multivariate t of SciPy, and what is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.critical import largest_t


@pytest.mark.parametrize("free", [1, 2, 7, 40, 999, math.inf])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_against_one_other_it_is_the_t_distribution(free: float, level: float) -> None:
    expected = stats.norm.ppf(level) if math.isinf(free) else stats.t.ppf(level, free)

    assert largest_t(1, free, level) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("others", [2, 4, 9])
def test_two_normal_variables_and_more_by_what_ranks_say(others: int) -> None:
    # All are below 0 exactly if the shared one of others + 1 equal variables is the largest.
    level = 1 / (others + 1)

    assert largest_t(others, math.inf, level) == pytest.approx(0.0, abs=1e-8)
    assert largest_t(others, 6, level) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("others", "free"), [(2, 5), (2, 30), (3, 10)])
def test_the_multivariate_t_of_scipy_stays_below_with_the_level(others: int, free: int) -> None:
    shape = np.full((others, others), 0.5) + np.eye(others) / 2

    inside = stats.multivariate_t(shape=shape, df=free, seed=1).cdf(np.full(others, largest_t(others, free, 0.95)))

    assert inside == pytest.approx(0.95, abs=1e-3)


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        largest_t(0, 5, 0.95)
    with pytest.raises(ValueError, match="at least one"):
        largest_t(2, 0, 0.95)
