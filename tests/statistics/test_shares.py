"""Shares with intervals: beside SciPy, and replications as clusters by trial."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.statistics.shares import clustered, exact, pooled, wilson


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


def test_clustered_by_hand() -> None:
    plain = pooled([1, 4, 4], [10, 10, 20], 0.9)
    shrink = (stats.norm.ppf(0.95) / stats.t.ppf(0.95, 2)) ** 2
    cases = min(40 / plain.design_effect * shrink, 40)

    found = clustered([1, 4, 4], [10, 10, 20], 0.9)

    assert found.low == pytest.approx(stats.beta.ppf(0.05, cases * 9 / 40, cases * 31 / 40 + 1))
    assert found.high == pytest.approx(stats.beta.ppf(0.95, cases * 9 / 40 + 1, cases * 31 / 40))
    assert (found.share, found.n, found.design_effect) == (plain.share, 3, plain.design_effect)


def test_clustered_cases_that_tell_more_than_independent_ones_count_as_these() -> None:
    # All but equal shares: the estimated variance is far below that of 400 independent cases.
    found, most = clustered([40, 41, 40, 39], [100] * 4), exact(160, 400)

    assert (found.low, found.high) == pytest.approx((most.low, most.high))


@pytest.mark.parametrize("hits", [[3], [3, math.nan], [0, 0], [9, 9]])
def test_clustered_knows_no_more_than_pooled_where_that_knows_nothing(hits: list[float]) -> None:
    totals = [9.0] * len(hits)

    assert clustered(hits, totals).reason == pooled(hits, totals).reason != Reason.NONE


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400)), min_size=2, max_size=8),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_clustered_lies_around_the_share_and_turns_with_it(cells: list[tuple[int, int]], level: float) -> None:
    hits, totals = [hit for hit, _ in cells], [hit + rest for hit, rest in cells]
    found = clustered(hits, totals, level)
    turned = clustered([total - hit for hit, total in zip(hits, totals, strict=True)], totals, level)

    assert found.reason == turned.reason
    if found.reason == Reason.NONE:
        assert 0.0 <= found.low < found.share < found.high <= 1.0
        assert (turned.low, turned.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-9)


def covers(share: float, correlation: float, size: int, replications: int, runs: int) -> tuple[float, float]:
    """How often `pooled` and `clustered` hold the true share of beta-binomial cases."""
    rng = np.random.default_rng(8)
    held = np.zeros(2)
    for _ in range(runs):
        totals = np.maximum(rng.poisson(size, replications), 1)
        spread = 1 / correlation - 1
        hits = rng.binomial(totals, rng.beta(share * spread, (1 - share) * spread, replications))
        for at, function in enumerate((pooled, clustered)):
            found = function(hits, totals)
            held[at] += found.low <= share <= found.high
    return float(held[0] / runs), float(held[1] / runs)


def test_clustered_covers_a_small_share_that_pooled_misses() -> None:
    t, beta = covers(0.02, 0.02, 200, 4, 400)

    assert t < 0.92  # measured: 0.88
    assert beta > 0.93  # measured: 0.96


@pytest.mark.long
@pytest.mark.parametrize("replications", [4, 10, 20])
@pytest.mark.parametrize("size", [200, 2000])
@pytest.mark.parametrize(("share", "least"), [(0.02, 0.92), (0.1, 0.94)])
def test_clustered_covers_closely(replications: int, size: int, share: float, least: float) -> None:
    t, beta = covers(share, 0.02, size, replications, 3000)

    assert beta >= max(least - 0.015, t)
