"""Intervals of quantiles: beside SciPy, by counting all orders, and where there is none."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.means import mean_interval
from enforcement_sim.statistics.quantiles import fewest_values, mean_of_quantiles, quantile_interval
from enforcement_sim.statistics.reasons import Reason


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("count", [5, 6, 30, 44, 45, 200])
def test_ends_are_those_of_scipy(share: float, level: float, count: int) -> None:
    values = np.random.default_rng(count).exponential(size=count)
    expected = stats.quantile_test(values, q=1.0, p=share).confidence_interval(level)

    found = quantile_interval(values, share, level)

    if found.reason == Reason.TOO_FEW:
        assert math.isnan(expected.low) or math.isnan(expected.high)
        assert math.isnan(found.low)
        assert math.isnan(found.high)
    else:
        assert (found.low, found.high) == (expected.low, expected.high)


def test_median_of_six_by_hand() -> None:
    found = quantile_interval([3.0, 1.0, 6.0, 2.0, 5.0, 4.0], 0.5)

    assert (found.estimate, found.low, found.high, found.ranks) == (3.0, 1.0, 6.0, (1, 6))
    # It fails only if all six lie on one side.
    assert found.coverage == pytest.approx(1 - 2 / 2**6)


@pytest.mark.parametrize(("share", "level", "count"), [(0.5, 0.8, 9), (0.25, 0.7, 9), (0.75, 0.7, 8)])
def test_coverage_is_that_of_all_sides(share: float, level: float, count: int) -> None:
    found = quantile_interval(np.arange(float(count)), share, level)
    assert found.ranks is not None
    low, high = found.ranks
    inside = above = below = 0.0
    for sides in itertools.product((True, False), repeat=count):  # below the true quantile, or not
        number = sum(sides)
        weight = share**number * (1 - share) ** (count - number)
        inside += weight * (low <= number < high)
        above += weight * (number < low)
        below += weight * (number >= high)

    assert found.coverage == pytest.approx(inside)
    assert found.coverage >= level
    assert max(above, below) <= (1 - level) / 2
    # One value closer on either side would be too close.
    assert above + math.comb(count, low) * share**low * (1 - share) ** (count - low) > (1 - level) / 2
    assert (
        below + math.comb(count, high - 1) * share ** (high - 1) * (1 - share) ** (count - high + 1) > (1 - level) / 2
    )


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_fewest_values_are_the_fewest(share: float, level: float) -> None:
    fewest = fewest_values(share, level)
    values = np.arange(float(fewest))

    assert quantile_interval(values, share, level).reason == Reason.NONE
    short = quantile_interval(values[:-1], share, level)
    assert (short.reason, short.fewest, short.ranks) == (Reason.TOO_FEW, fewest, None)
    assert math.isnan(short.coverage)


def test_fewest_values_where_the_tail_is_met_to_the_bit() -> None:
    # Half of 0.0625 is 1 / 32: five values all on one side.
    assert fewest_values(0.5, 1 - 0.0625) == 5
    # Here the ratio of logarithms comes out a bit above 29.
    assert fewest_values(0.5, 1 - 2.0**-28) == 29


def test_missing_values_and_none_at_all() -> None:
    some = quantile_interval([*range(20), math.nan], 0.5)
    none = quantile_interval([], 0.5)

    assert (some.n, some.missing, some.reason) == (20, 1, Reason.MISSING)
    assert math.isnan(none.estimate)
    assert none.reason == Reason.TOO_FEW


@pytest.mark.parametrize(("share", "expected"), [(0.1, 1.0), (0.3, 3.0), (0.31, 4.0), (0.9, 9.0), (0.999, 10.0)])
def test_estimate_is_the_least_value_that_the_share_lies_at_or_below(share: float, expected: float) -> None:
    values = np.arange(10.0, 0.0, -1.0)

    assert quantile_interval(values, share).estimate == expected
    assert expected == np.quantile(values, share, method="inverted_cdf")


def test_mean_of_quantiles_is_over_replications() -> None:
    rng = np.random.default_rng(7)
    replications = [rng.exponential(size=size) for size in (10, 25, 40, 7)]
    each = [float(np.quantile(values, 0.8, method="inverted_cdf")) for values in replications]

    assert mean_of_quantiles(replications, 0.8, 0.9) == mean_interval(each, 0.9)


def test_a_replication_without_cases_is_missing() -> None:
    found = mean_of_quantiles([[1.0], [], [3.0]], 0.5)

    assert (found.mean, found.n, found.missing, found.reason) == (2.0, 2, 1, Reason.MISSING)


@pytest.mark.parametrize(("share", "level"), [(0.0, 0.95), (1.0, 0.95), (0.5, 0.0)])
def test_what_is_no_share_is_refused(share: float, level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_interval([1.0], share, level)
