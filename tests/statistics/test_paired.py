"""Paired differences beside SciPy, Holm beside its definition, and the worth of common random numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.paired import difference, differences, holm, variance_ratio
from enforcement_sim.statistics.reasons import Reason


def two(seed: int = 1, shape: int | tuple[int, int] = 12, shift: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=shape)
    return common + shift + 0.5 * rng.normal(size=shape), common + 0.5 * rng.normal(size=shape)


def test_difference_is_the_paired_t_test_of_scipy() -> None:
    changed, base = two()
    expected = stats.ttest_rel(changed, base)
    ends = expected.confidence_interval(0.9)

    found = difference(changed, base, 0.9)

    assert (found.interval.low, found.interval.high) == pytest.approx((ends.low, ends.high))
    assert found.p == found.adjusted == pytest.approx(expected.pvalue)
    assert found.interval.mean == pytest.approx(changed.mean() - base.mean()), "changed minus base"


def test_pairs_with_a_missing_half_are_left_out() -> None:
    found = difference([1.0, 2.0, math.nan, 9.0], [0.0, 0.0, 1.0, math.nan])

    assert (found.interval.mean, found.interval.n, found.interval.reason) == (1.5, 2, Reason.MISSING)


def test_scenarios_that_never_differ_are_told_apart_from_a_constant_shift() -> None:
    base = np.array([0.1, 0.7, 3.0])

    assert difference(base, base).p == 1.0
    shifted = difference([1.0, 2.0, 3.0], [0.0, 1.0, 2.0])
    assert math.isnan(shifted.p)
    assert (shifted.interval.low, shifted.interval.reason) == (1.0, Reason.NO_SPREAD)
    assert math.isnan(difference([1.0], [2.0]).p)


def test_scenarios_of_other_replications_are_refused() -> None:
    with pytest.raises(ValueError, match="pairs"):
        difference([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="pairs"):
        variance_ratio([1.0, 2.0], [1.0])


def closed_test(p_values: np.ndarray) -> list[float]:
    """Holm by closure: each test's largest Bonferroni p-value of all sets of tests that hold it."""
    numbers = range(len(p_values))
    sets = [one for size in range(1, len(p_values) + 1) for one in itertools.combinations(numbers, size)]
    return [max(min(1.0, len(one) * p_values[list(one)].min()) for one in sets if at in one) for at in numbers]


@pytest.mark.parametrize("seed", range(8))
def test_holm_is_the_closed_test_of_bonferroni(seed: int) -> None:
    p_values = np.random.default_rng(seed).beta(0.4, 2.0, 6)

    assert holm(p_values) == pytest.approx(closed_test(p_values))


def test_holm_by_hand_with_ties_and_a_missing_one() -> None:
    found = holm([0.01, math.nan, 0.04, 0.03, 0.04])

    assert found == pytest.approx([0.04, math.nan, 0.09, 0.09, 0.09], nan_ok=True)
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []


def test_holm_refuses_what_is_no_p_value() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.2])


def test_many_measures_have_wider_intervals_and_larger_p_values() -> None:
    changed, base = two(shape=(15, 3))

    found = differences(changed, base, 0.94)

    for at, one in enumerate(found):
        alone = stats.ttest_rel(changed[:, at], base[:, at])
        ends = alone.confidence_interval(0.98)
        assert (one.interval.low, one.interval.high) == pytest.approx((ends.low, ends.high))
        assert one.p == pytest.approx(alone.pvalue)
    assert [one.adjusted for one in found] == pytest.approx(holm([one.p for one in found]).tolist())


def wrongly_found(runs: int, seed: int) -> float:
    """How often Holm finds at least one of five measures that do not differ, at 0.1, beside one that does."""
    rng = np.random.default_rng(seed)
    wrong = 0
    for _ in range(runs):
        values = rng.normal(size=(8, 6)) + rng.normal(size=(8, 1))
        values[:, 0] += 3.0
        found = differences(values, np.zeros((8, 6)))
        wrong += any(one.adjusted <= 0.1 for one in found[1:])
    return wrong / runs


def test_holm_keeps_its_promise() -> None:
    assert 0.02 < wrongly_found(300, 5) < 0.15


@pytest.mark.long
def test_holm_keeps_its_promise_closely() -> None:
    assert wrongly_found(5000, 6) < 0.1 + 3 * math.sqrt(0.09 / 5000)


def test_common_numbers_by_hand() -> None:
    found = variance_ratio([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])

    # Both vary by 1, their difference 0, -1, 1 by 1 as well.
    assert (found.ratio, found.correlation, found.n) == pytest.approx((0.5, 0.5, 3))
    assert found.reason == Reason.NONE


def test_common_numbers_are_worth_what_the_correlation_says() -> None:
    common = np.random.default_rng(4).normal(size=(3, 40_000))

    found = variance_ratio(2 * common[0] + common[1], 2 * common[0] + common[2])

    assert found.correlation == pytest.approx(0.8, abs=0.01)
    assert found.ratio == pytest.approx(0.2, abs=0.01)
    assert variance_ratio(common[0], common[1]).ratio == pytest.approx(1.0, abs=0.02)


def test_common_numbers_without_spread_are_not_judged() -> None:
    assert variance_ratio([1.0, 1.0], [2.0, 2.0]).reason == Reason.NO_SPREAD
    assert variance_ratio([1.0], [2.0]).reason == Reason.TOO_FEW
    assert variance_ratio([1.0, 2.0, math.nan], [2.0, 2.0, 1.0]).reason == Reason.MISSING
    one_constant = variance_ratio([1.0, 2.0], [5.0, 5.0])
    assert one_constant.ratio == pytest.approx(1.0)
    assert math.isnan(one_constant.correlation)
