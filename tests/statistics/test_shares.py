"""Shares with intervals: beside SciPy, and replications as clusters by trial."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.statistics.shares import exact, pooled, wilson


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (1, 1), (0, 9), (9, 9), (3, 9), (50, 1000), (999, 1000)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("function", "method"), [(wilson, "wilson"), (exact, "exact")])
def test_intervals_are_those_of_scipy(hits: int, of: int, level: float, function: object, method: str) -> None:
    expected = stats.binomtest(hits, of).proportion_ci(level, method)

    found = function(hits, of, level)  # type: ignore[operator]

    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert (found.share, found.n, found.reason) == (hits / of, of, Reason.NONE)
    assert 0.0 <= found.low <= found.share <= found.high <= 1.0


def test_nothing_looked_at_is_no_share() -> None:
    for found in (wilson(0, 0), exact(0, 0), pooled([0, 0], [0, 0])):
        assert found.reason == Reason.TOO_FEW
        assert math.isnan(found.share)
        assert math.isnan(found.low)


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3)])
def test_more_hits_than_cases_are_refused(hits: int, of: int) -> None:
    for function in (wilson, exact):
        with pytest.raises(ValueError, match="hits"):
            function(hits, of)
    with pytest.raises(ValueError, match="hits"):
        pooled([hits, 1], [of, 2])
    with pytest.raises(ValueError, match="pairs"):
        pooled([1], [2, 2])


def test_pooled_by_hand() -> None:
    found = pooled([1, 4, 4], [10, 10, 20], 0.9)

    # Share 9 / 40; residuals 1 - 2.25, 4 - 2.25, 4 - 4.5 with the sum of squares 4.875.
    error = math.sqrt(4.875 / 2 / 3) / (40 / 3)
    half = stats.t.ppf(0.95, 2) * error
    assert found.share == pytest.approx(9 / 40)
    assert found.high == pytest.approx(9 / 40 + half)
    assert found.low == pytest.approx(max(9 / 40 - half, 0.0))
    assert found.design_effect == pytest.approx(error**2 / (9 / 40 * 31 / 40 / 40))
    assert found.n == 3


def test_replications_of_equal_size_are_a_mean_of_shares() -> None:
    hits = np.array([3.0, 5.0, 4.0, 9.0, 6.0])
    ends = stats.ttest_1samp(hits / 40, 0.0).confidence_interval(0.95)

    found = pooled(hits, np.full(5, 40.0))

    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))


def test_ends_are_cut_at_what_a_share_can_be() -> None:
    assert pooled([0, 0, 1], [5, 5, 5]).low == 0.0
    assert pooled([5, 5, 4], [5, 5, 5]).high == 1.0


def test_what_a_sample_of_replications_cannot_tell() -> None:
    assert pooled([3], [9]).reason == Reason.TOO_FEW
    assert pooled([3, math.nan], [9, 9]).reason == Reason.MISSING
    for hits, totals, share in (([0, 0, 0], [9, 7, 8], 0.0), ([1, 2, 3], [10, 20, 30], 0.1), ([9, 7], [9, 7], 1.0)):
        found = pooled(hits, totals)
        assert (found.share, found.reason) == (pytest.approx(share), Reason.NO_SPREAD)
        assert math.isnan(found.low)


def covered(runs: int, seed: int, replications: int = 12) -> tuple[float, float]:
    """How often the share of 0.3 is inside, as replications or as if all cases were independent."""
    rng = np.random.default_rng(seed)
    right = naive = 0
    for _ in range(runs):
        sizes = rng.poisson(80, replications)
        hits = rng.binomial(sizes, rng.beta(6.0, 14.0, replications))
        found, alone = pooled(hits, sizes), wilson(int(hits.sum()), int(sizes.sum()))
        right += found.low <= 0.3 <= found.high
        naive += alone.low <= 0.3 <= alone.high
    return right / runs, naive / runs


def test_cases_of_a_replication_that_go_together_need_wider_intervals() -> None:
    right, naive = covered(500, 41)

    assert 0.9 <= right <= 0.985
    assert naive < 0.8, "taking cases for independent claims too much"


@pytest.mark.long
def test_pooled_shares_hold_as_often_as_promised_closely() -> None:
    right, _ = covered(20_000, 42)

    assert 0.935 <= right <= 0.96
