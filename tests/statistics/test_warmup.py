"""Truncation rules, beside the formulas written out and on series whose beginning is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.statistics.warmup import levelled, mser, welch


def by_the_formula(values: np.ndarray, batch: int, limit: float) -> tuple[int, float]:
    """MSER, one truncation after the other."""
    count = len(values) // batch
    means = [values[at * batch : (at + 1) * batch].mean() for at in range(count)]
    errors = []
    for cut in range(int(count * limit) + 1):
        rest = np.array(means[cut:])
        errors.append(((rest - rest.mean()) ** 2).sum() / len(rest) ** 2)
    return int(np.argmin(errors)) * batch, float(min(errors))


@pytest.mark.parametrize("batch", [1, 5, 7])
@pytest.mark.parametrize("seed", range(5))
def test_mser_is_the_formula(batch: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = 1e6 + rng.normal(size=333) + 9.0 * np.exp(-np.arange(333) / 20.0)

    found = mser(values, batch)

    at, error = by_the_formula(values, batch, 0.5)
    assert found.least_at == at
    assert found.error == pytest.approx(error, rel=1e-6)
    assert found.reason == Reason.NONE
    assert found.observations == at > 0


def test_a_step_is_cut_where_it_is() -> None:
    series = np.where(np.arange(200) < 60, 50.0, 0.0) + np.tile([1.0, -1.0, 1.0, -1.0, 0.0], 40)

    found = mser(series)

    assert (found.observations, found.reason) == (60, Reason.NONE)


def test_a_step_within_a_batch_takes_the_whole_batch() -> None:
    series = np.where(np.arange(200) < 61, 50.0, 0.0)

    assert mser(series).observations == 65


@pytest.mark.parametrize("limit", [0.5, 0.25])
def test_a_series_that_never_settles_has_no_truncation(limit: float) -> None:
    found = mser(np.arange(400.0), limit=limit)

    assert (found.observations, found.least_at, found.reason) == (None, int(400 * limit), Reason.AT_LIMIT)


def test_ever_faster_growth_is_not_what_the_rule_finds() -> None:
    assert mser(np.arange(400.0) ** 2).observations == 0


def test_a_constant_series_needs_no_truncation() -> None:
    found = mser(np.full(100, 0.1))

    assert (found.observations, found.error) == (0, 0.0)


def test_replications_are_averaged_first() -> None:
    runs = np.random.default_rng(8).normal(size=(6, 120)) + 5.0 * (np.arange(120) < 30)

    assert mser(runs) == mser(runs.mean(axis=0))


def test_a_short_series_is_too_few() -> None:
    found = mser(np.ones(49))

    assert (found.observations, found.reason) == (None, Reason.TOO_FEW)
    assert mser(np.ones(50)).observations == 0


@pytest.mark.parametrize(("series", "batch", "limit"), [([1.0, math.nan], 5, 0.5), ([1.0], 0, 0.5), ([1.0], 5, 1.0)])
def test_mser_refuses_what_it_cannot_mean(series: list[float], batch: int, limit: float) -> None:
    with pytest.raises(ValueError, match=r"missing|batch"):
        mser(series, batch, limit)


def test_welch_is_the_mean_of_neighbours() -> None:
    runs = np.random.default_rng(2).normal(size=(4, 30))
    means = runs.mean(axis=0)
    window = 4

    found = welch(runs, window)

    expected = [means[at - min(at, window) : at + min(at, window) + 1].mean() for at in range(30 - window)]
    assert found == pytest.approx(np.array(expected), abs=1e-12)


def test_welch_with_no_window_is_the_mean_over_replications() -> None:
    assert welch([[1.0, 2.0], [3.0, 6.0]], 0).tolist() == [2.0, 4.0]


def test_welch_keeps_a_straight_line() -> None:
    assert welch([np.arange(40.0)], 10) == pytest.approx(np.arange(30.0))


@pytest.mark.parametrize("window", [-1, 11])
def test_welch_refuses_a_window_beyond_a_quarter(window: int) -> None:
    with pytest.raises(ValueError, match="quarter"):
        welch(np.ones((2, 40)), window)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ([9.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 2),
        ([1.04] + [1.0] * 7, 0),
        ([1.0] * 7 + [2.0], None),
        ([0.0] * 6, 0),
    ],
)
def test_a_series_is_level_after_its_last_value_far_off(series: list[float], expected: int | None) -> None:
    assert levelled(series) == expected
