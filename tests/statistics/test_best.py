"""Multiple comparisons with the best: beside Hsu's definition, and how often all intervals hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.best import Method, against_best, within
from enforcement_sim.statistics.critical import largest_t
from enforcement_sim.statistics.reasons import Reason

METHODS: tuple[Method, ...] = ("bonferroni", "sphericity", "independent")


def sample(seed: int = 1, count: int = 8, means: tuple[float, ...] = (0.0, 0.3, 1.0, 1.2)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(count, 1))
    return np.array(means) + common + 0.4 * rng.normal(size=(count, len(means)))


def width(values: np.ndarray, one: int, two: int, method: Method) -> float:
    """The half width for a pair, written out from the definitions."""
    n, k = values.shape
    if method == "bonferroni":
        return float(stats.t.ppf(1 - 0.05 / (k - 1), n - 1) * stats.sem(values[:, one] - values[:, two]))
    if method == "sphericity":
        pairs = [np.var(values[:, i] - values[:, j], ddof=1) for i in range(k) for j in range(i)]
        # The mean of all pairs' variances is the same estimate.
        return largest_t(k - 1, (n - 1) * (k - 1), 0.95) * math.sqrt(np.mean(pairs) / n)
    return largest_t(k - 1, (n - 1) * k, 0.95) * math.sqrt(2 * values.var(axis=0, ddof=1).mean() / n)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(4))
def test_intervals_are_those_of_the_definition(method: Method, seed: int) -> None:
    values = sample(seed)
    k = values.shape[1]
    means = values.mean(axis=0)
    others = [[j for j in range(k) if j != i] for i in range(k)]
    most = [min(means[i] - means[j] + width(values, i, j, method) for j in others[i]) for i in range(k)]
    candidates = [i for i in range(k) if most[i] >= 0]

    found = against_best(values, method=method)

    assert found.high == pytest.approx([max(0.0, one) for one in most])
    assert np.flatnonzero(found.could_be_best).tolist() == candidates
    for i in range(k):
        rivals = [means[i] - means[j] - width(values, i, j, method) for j in candidates if j != i]
        assert found.low[i] == pytest.approx(min([0.0, *rivals]))
        assert found.difference[i] == pytest.approx(means[i] - max(means[j] for j in others[i]))


def test_two_systems_are_a_one_sided_paired_t_interval_by_both_methods() -> None:
    values = sample(means=(0.0, 0.5))
    ends = stats.ttest_rel(values[:, 1], values[:, 0]).confidence_interval(0.9)

    by_pairs, by_sphericity = against_best(values), against_best(values, method="sphericity")

    assert by_pairs.high[1] == pytest.approx(ends.high)
    assert by_pairs.low[0] == pytest.approx(-ends.high)
    assert by_sphericity.high == pytest.approx(by_pairs.high, rel=1e-5)
    assert by_sphericity.low == pytest.approx(by_pairs.low, rel=1e-5)


def test_a_clear_best_has_nothing_below_zero_and_the_others_nothing_above() -> None:
    found = against_best(sample(means=(0.0, 1.0, 9.0)))

    assert found.could_be_best.tolist() == [False, False, True]
    assert found.low[2] == 0.0
    assert found.high[:2].tolist() == [0.0, 0.0]


def test_where_small_is_good_the_smallest_is_best() -> None:
    values = sample(means=(0.0, 5.0, 9.0))

    found = against_best(values, smallest=True)

    assert found.could_be_best.tolist() == [True, False, False]
    assert found.difference[0] == pytest.approx(values[:, 1].mean() - values[:, 0].mean())


def test_twins_can_both_be_the_best() -> None:
    values = sample(means=(0.0, 1.0, 9.0))[:, [0, 2, 2]]

    found = against_best(values)

    assert found.could_be_best.tolist() == [False, True, True]
    assert found.low[1:].tolist() == found.high[1:].tolist() == [0.0, 0.0]


def test_after_a_selection_the_indifference_is_the_width() -> None:
    found = within([1.0, 4.0, 4.5], 1.0)

    assert found.difference.tolist() == [-3.5, -0.5, 0.5]
    assert found.high.tolist() == [0.0, 0.5, 1.5]
    assert found.low.tolist() == [-4.5, -1.5, -0.5]


def test_only_candidates_are_rivals_where_widths_differ() -> None:
    wide_apart = np.array([[0.0, 0.1, 99.0], [0.1, 0.0, 0.1], [99.0, 0.1, 0.0]])

    found = within([5.0, 4.5, 0.0], wide_apart)

    # The last is too much worse than the second to be the best, so its wide pair with the first says nothing.
    assert found.could_be_best.tolist() == [True, False, False]
    assert found.low.tolist() == pytest.approx([0.0, -0.6, -104.0])


def test_too_little_rules_nothing_out() -> None:
    one, gap = against_best([[1.0, 2.0]]), against_best([[1.0, 2.0], [1.5, math.nan]])

    assert (one.reason, gap.reason) == (Reason.TOO_FEW, Reason.MISSING)
    assert one.could_be_best.all()
    assert np.isnan(gap.low).all()


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="two systems"):
        against_best([[1.0], [2.0]])
    with pytest.raises(ValueError, match="bonferroni"):
        against_best([[1.0, 2.0], [2.0, 5.0]], method="other")  # type: ignore[arg-type]


def held(method: Method, runs: int, seed: int, common: float) -> float:
    """How often the best is among the candidates where all means are equal, the hardest case."""
    rng = np.random.default_rng(seed)
    right = 0
    for _ in range(runs):
        values = common * rng.normal(size=(6, 1)) + rng.normal(size=(6, 4))
        right += bool(against_best(values, 0.9, method=method).could_be_best[0])
    return right / runs


def inside(method: Method, runs: int, seed: int, common: float) -> float:
    """How often all intervals hold at once where two are good, one is little better, and two are far off."""
    rng = np.random.default_rng(seed)
    truth = np.array([0.1, -0.1, -0.6, -3.0, -3.5])
    right = 0
    for _ in range(runs):
        values = truth + common * rng.normal(size=(6, 1)) + rng.normal(size=(6, 5))
        found = against_best(values, 0.9, method=method)
        right += bool(((found.low <= truth) & (truth <= found.high)).all())
    return right / runs


@pytest.mark.parametrize(("method", "common"), [("bonferroni", 2.0), ("sphericity", 2.0), ("independent", 0.0)])
def test_the_best_is_among_the_candidates_as_often_as_promised(method: Method, common: float) -> None:
    assert 0.86 < held(method, 400, 11, common) < 0.97


@pytest.mark.parametrize(("method", "common"), [("bonferroni", 2.0), ("sphericity", 2.0), ("independent", 0.0)])
def test_all_intervals_hold_at_once_as_often_as_promised(method: Method, common: float) -> None:
    assert 0.9 - 0.03 < inside(method, 400, 13, common) < 0.99


@pytest.mark.long
@pytest.mark.parametrize(("method", "common"), [("bonferroni", 2.0), ("sphericity", 2.0), ("independent", 0.0)])
def test_the_best_is_among_the_candidates_closely(method: Method, common: float) -> None:
    share = held(method, 20_000, 12, common)

    assert share > 0.9 - 3 * math.sqrt(0.09 / 20_000)
    if method != "bonferroni":
        assert share < 0.9 + 3 * math.sqrt(0.09 / 20_000), "exact where its assumption holds"
    assert inside(method, 20_000, 14, common) > 0.9 - 3 * math.sqrt(0.09 / 20_000)
