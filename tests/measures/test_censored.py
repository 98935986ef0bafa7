"""Shares over by a time where some are not over yet, beside SciPy's estimate and counts by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from enforcement_sim.measures.censored import Curve

SPANS = st.lists(st.tuples(st.integers(0, 15), st.booleans()), min_size=1, max_size=60)


def beside_scipy(times: np.ndarray, over: np.ndarray) -> None:
    told = Curve.of(times, over)
    theirs = ecdf(CensoredData(uncensored=times[over], right=times[~over])).sf
    for mark in [0.0, 0.5, *np.unique(times), *(np.unique(times) + 0.25)]:
        share, low, high = told.over_by(mark)
        expected = 1.0 - float(theirs.evaluate(mark))
        if mark > times.max() and expected < 1.0 - 1e-12:
            assert math.isnan(share)
            continue
        assert share == pytest.approx(expected, abs=1e-12)
        if 1e-12 < expected < 1.0 - 1e-12:
            with np.errstate(divide="ignore", invalid="ignore"):
                band = theirs.confidence_interval(confidence_level=0.95, method="log-log")
            assert low == pytest.approx(1.0 - float(band.high.evaluate(mark)), abs=1e-9)
            assert high == pytest.approx(1.0 - float(band.low.evaluate(mark)), abs=1e-9)


@given(SPANS)
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
def test_shares_and_intervals_of_few_are_those_of_scipy(spans: list[tuple[int, bool]]) -> None:
    times, over = np.array([t for t, _ in spans], dtype=np.float64), np.array([o for _, o in spans])
    beside_scipy(times, over)


@pytest.mark.parametrize("count", [200, 3000])
@pytest.mark.parametrize("running", [0.0, 0.1, 0.6])
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
def test_shares_and_intervals_of_many_are_those_of_scipy(count: int, running: float) -> None:
    chance = np.random.default_rng(count)
    beside_scipy(chance.integers(0, 40, count).astype(np.float64), chance.random(count) >= running)


def test_an_example_by_hand() -> None:
    # Over after 1, 2 and 4 days; one seen for 3 days and one for 5. After day 2 three of five are left, after day 4
    # half of those: one of the two that can still be seen.
    curve = Curve.of(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([True, True, False, True, False]))

    assert [curve.over_by(day)[0] for day in (0.5, 1, 2, 3.5)] == pytest.approx([0.0, 0.2, 0.4, 0.4])
    assert curve.over_by(4)[0] == curve.over_by(5)[0] == pytest.approx(0.7)
    assert math.isnan(curve.over_by(5.1)[0])
    assert curve.quantile(0.5)[0] == 4.0
    assert math.isnan(curve.quantile(0.9)[0])


def test_behind_what_is_seen_nothing_is_told_unless_all_are_over() -> None:
    times = np.array([1.0, 2.0, 3.0, 9.0])
    done = Curve.of(times, np.array([True, True, True, True]))
    cut = Curve.of(times, np.array([True, True, True, True]), 4.0)

    assert done.over_by(100)[0] == 1.0
    assert cut.over_by(4)[0] == pytest.approx(0.75)
    assert math.isnan(cut.over_by(9)[0])
    assert math.isnan(cut.quantile(0.9)[0])
    assert Curve.of(times[:3], np.array([True, True, True]), 4.0).over_by(30)[0] == 1.0


def test_the_interval_of_a_quantile_is_where_that_of_the_curve_crosses_it() -> None:
    chance = np.random.default_rng(1)
    times = chance.exponential(30.0, 400)
    curve = Curve.of(times, times < 80)
    value, low, high = curve.quantile(0.5)

    assert low < value < high
    assert curve.over_by(low)[2] >= 0.5 > curve.over_by(low - 1e-9)[2]
    assert curve.over_by(high)[1] >= 0.5 > curve.over_by(high - 1e-9)[1]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    chance = np.random.default_rng(7)
    held = []
    for _ in range(600):
        times, end = chance.exponential(30.0, 150), chance.uniform(20.0, 90.0, 150)
        _, low, high = Curve.of(np.minimum(times, end), times <= end).over_by(25.0)
        held.append(low <= 1.0 - math.exp(-25.0 / 30.0) <= high)

    assert 0.92 < np.mean(held) < 0.98  # 95 % of 600, five standard errors to the one side and three to the other
