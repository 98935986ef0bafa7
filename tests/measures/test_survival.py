"""Means and quantiles, to the last bit beside the formulas written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.measures.survival import interpolated, mean, mean_and_quantiles, quantiles

SHARES = 0.1, 0.5, 0.9, 1.0
SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=60)


def by_the_formula(times: np.ndarray, over: np.ndarray, share: float) -> float:
    """Kaplan and Meier's estimate for one share: everything sorted, and a factor for each span that is over."""
    order = np.argsort(times, kind="stable")
    at, ended = times[order], over[order]
    at_risk = len(at) - np.arange(len(at))
    left = np.cumprod(np.where(ended, 1.0 - 1.0 / at_risk, 1.0))
    reached = np.flatnonzero(left <= 1.0 - share + 1e-12)
    return float(at[reached[0]]) if len(reached) else math.nan


def same(times: np.ndarray, over: np.ndarray) -> bool:
    told, expected = quantiles(times, over, SHARES), [by_the_formula(times, over, share) for share in SHARES]
    return np.array_equal(told, expected, equal_nan=True)


@given(SPANS, st.integers(1, 4))
def test_quantiles_of_few_spans_are_those_of_the_formula(spans: list[tuple[int, int]], of: int) -> None:
    times, kind = np.array(spans, dtype=np.int64).T

    assert same(times / 7, kind >= of)  # of 4: none is over


@pytest.mark.parametrize("count", [1, 2, 3, 10, 999, 1000, 20_000])
@pytest.mark.parametrize("running", [0.0, 0.001, 0.02, 0.3, 1.0])
@pytest.mark.parametrize("values", [3, 500, 10**9])
def test_quantiles_of_many_spans_are_those_of_the_formula(count: int, running: float, values: int) -> None:
    chance = np.random.default_rng(count)
    times, over = chance.integers(0, values, count) / 86_400, chance.random(count) >= running

    assert same(times, over)


def test_of_equal_times_the_order_in_which_they_stand_counts() -> None:
    times = np.array([1.0, 1.0, 2.0])

    assert quantiles(times, np.array([True, False, True]), (0.6,)) == [2.0]
    assert quantiles(times, np.array([False, True, True]), (0.5,)) == [1.0]
    assert quantiles(times, np.array([True, False, True]), (0.5,)) == [2.0]


def test_what_is_given_stays_as_it_is() -> None:
    times = np.array([3.0, 1.0, 2.0])
    mean_and_quantiles(times, np.array([True, True, True]))
    interpolated(times, 0.9)

    assert times.tolist() == [3.0, 1.0, 2.0]


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=300), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_means_and_interpolated_quantiles_have_the_bits_of_numpys(values: list[int], share: float) -> None:
    days = np.array(values) / 86_400

    assert mean(days) == days.mean()
    assert interpolated(days, share) == np.quantile(days, share)


def test_the_mean_is_over_what_is_over() -> None:
    times, over = np.array([1.0, 2.0, 4.0]), np.array([True, False, True])

    assert mean_and_quantiles(times, over)[0] == 2.5
    assert math.isnan(mean_and_quantiles(times, ~over & False)[0])
