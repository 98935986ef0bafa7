"""Intervals of simulated measures hold their truth as often as they say, and the benches that measure it work."""

from __future__ import annotations

import importlib.util
import math
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

BENCH = Path(__file__).parents[2] / "bench"


def bench(name: str) -> ModuleType:
    """A file of the bench folder by its path: a library there is may have the same name."""
    sys.path.insert(0, str(BENCH))
    try:
        spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCH))
    return module


coverage, common = bench("coverage"), bench("common_numbers")
samples, single_stream = coverage.samples, common.single_stream

SHORT = {"period.length": "2250 days"}
"""A thousand days after the warm-up: about 1,200 cases in a replication."""
A04 = "validation/A04.yaml"
SHORTER_WORK = {"procedures.queue.stages.work.duration.mean": "1.8 days"}
QUEUE = samples.Model(
    "M/M/3 at a load of 0.8",
    (samples.Side(samples.of_file(A04, SHORT)), samples.Side(samples.of_file(A04, SHORT | SHORTER_WORK))),
    samples.in_system("queue"),
)
TIME, P90, NUMBER = QUEUE.picks


def made_up(draw: str, count: int, spread: float = 1.0) -> object:
    """Values of no simulation, base and changed, for every pick of the queue."""
    rng = np.random.default_rng(5)
    values = rng.exponential(size=(count, 1, 1)) if draw == "skewed" else 100.0 + rng.normal(size=(count, 1, 1))
    changed = values + spread * rng.normal(size=(count, 1, 1))
    return samples.Samples(QUEUE.picks, np.repeat(np.concatenate([values, changed], axis=1), 3, axis=2))


def test_a_share_is_told_with_what_missed_on_either_side_and_what_the_truth_is_unsure_of() -> None:
    values = np.array([0.0, 2.0] * 50)
    intervals = np.array([[0.5, 1.5]] * 6 + [[1.1, 3.0]] * 3 + [[-1.0, 0.7]] + [[0.0, 1.05]] * 10)

    found = coverage.counted("queue", "x", "mean", 10, intervals, values)

    assert (found.share, found.experiments, found.truth) == (0.8, 20, 1.0)
    assert (found.above, found.below) == (0.15, 0.05)
    assert found.truth_error == pytest.approx(values.std(ddof=1) / 10)
    assert found.at_ends == (0.8, 0.45), "at 0.8 and 1.2: the last ten do not reach the upper end, three hold it"
    assert (found.low, found.high) == pytest.approx((0.584, 0.919), abs=1e-3)
    exact = coverage.counted("queue", "x", "mean", 10, intervals, values, exact=True)
    assert (exact.at_ends, exact.truth_error) == ((0.8, 0.8), 0.0)


def test_what_has_no_value_has_no_interval_and_is_told() -> None:
    found = coverage.counted(
        "queue", "x", "mean", 4, np.array([[0.0, 2.0], [np.nan, np.nan], [2.0, 3.0]]), np.array([0.0, 1.0, 2.0, np.nan])
    )

    assert (found.experiments, found.share, found.width, found.missing) == (2, 0.5, 1.5, 0.25)


def test_the_report_and_the_statistics_print_the_same_and_both_cover_normal_values() -> None:
    rows = list(coverage.fixed("queue", made_up("normal", 4000), 10, compared=20))

    assert [(row.what, row.of, row.experiments) for row in rows] == [
        (name, of, 400) for of in ("mean", "difference") for name in QUEUE.picks
    ]
    for row in rows:
        assert 0.92 <= row.share <= 0.98
        width = 2 * stats.t.ppf(0.975, 9) / math.sqrt(10) * 0.973  # what a standard deviation of ten is on average
        assert row.width == pytest.approx(width, rel=0.05)


def test_a_difference_between_report_and_statistics_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "mean_interval", lambda values: replace(real(values), low=0.0))
    with pytest.raises(SystemExit, match="different intervals"):
        list(coverage.fixed("queue", made_up("normal", 40), 10))


real = coverage.mean_interval


def test_what_does_not_vary_has_no_row() -> None:
    rows = list(coverage.fixed("queue", made_up("normal", 40, spread=0.0), 10))

    assert {row.of for row in rows} == {"mean"}


def test_the_rule_of_stopping_is_tried_as_it_is() -> None:
    values = made_up("skewed", 3000).of(TIME)[0]
    widths = coverage.wanted_widths(values)

    used, ends, unmet = coverage.stopped(values, coverage.Wanted(relative=widths[0]), 60)

    assert 35 < np.mean(used) < 50
    assert min(used) >= coverage.FIRST
    half, middle = (ends[:, 1] - ends[:, 0]) / 2, ends.mean(axis=1)
    assert unmet == 0
    assert (half <= widths[0] / (1 + widths[0]) * middle * (1 + 1e-12)).all()
    assert coverage.stopped(values, coverage.Wanted(relative=1e-3), 2)[::2] == ([200, 200], 2)
    assert coverage.stopped(values, coverage.Wanted(relative=0.99), 2)[::2] == ([20, 20], 0)


def test_values_are_kept_and_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "KEPT_EVERY", 0.0)
    samples.collect("queue", QUEUE, 2, folder=tmp_path)
    found = samples.collect("queue", QUEUE, 5, folder=tmp_path)

    whole = samples.collect("other", QUEUE, 5, folder=tmp_path)
    assert found.values.shape == (5, 2, 3)
    np.testing.assert_array_equal(found.values, whole.values)
    np.testing.assert_array_equal(samples.kept("queue", QUEUE, tmp_path).values, whole.values)
    assert (found.of(TIME)[1] < found.of(TIME)[0]).all(), "shorter work, on the same cases"
    assert samples.collect("queue", QUEUE, 9, until=0.0, folder=tmp_path).done == 5

    samples.keep("queue", samples.Samples(QUEUE.picks, found.values + 1e-9), tmp_path)
    with pytest.raises(SystemExit, match="another program or scenario"):
        samples.collect("queue", QUEUE, 6, folder=tmp_path)
    with pytest.raises(SystemExit, match="other measures"):
        samples.kept("queue", replace(QUEUE, picks={"days": QUEUE.picks[TIME]}), tmp_path)


def test_a_single_stream_gives_the_same_model_but_ties_everything_to_everything() -> None:
    plans = [samples.plan_of(side) for side in QUEUE.sides]
    one, again, changed, other = (
        single_stream.run(plan, number) for plan, number in ((plans[0], 0), (plans[0], 0), (plans[1], 0), (plans[0], 1))
    )

    assert one.digest == again.digest != other.digest
    assert len(one.cases) == pytest.approx(2700, abs=4 * math.sqrt(2700))
    first = next(n for n in range(len(changed.cases)) if one.cases["arrived"][n] != changed.cases["arrived"][n])
    assert 0 < first < 100, "after the first changes in the order of events, other cases come"
    keyed = [samples.fast(plan, 0).cases["arrived"] for plan in plans]
    np.testing.assert_array_equal(*keyed)


def test_ratios_of_variances_have_intervals_that_hold_them() -> None:
    rng = np.random.default_rng(2)
    ours, other = rng.normal(size=400), 3.0 * rng.normal(size=400)

    for together in (False, True):
        found, low, high = common.ratio(other, ours, together)
        assert low < found < high
        assert low < 9.0 < high
        # The logarithm of such a ratio has a variance of about 2 / 400 from either side.
        assert high / low == pytest.approx(math.exp(2 * 1.96 * math.sqrt(4 / 400)), rel=0.07)


def within(count: int) -> tuple[float, float]:
    """Between which shares coverage of 93 to 97 % comes to lie in so many experiments, but for one time in 10,000.

    The binomial quantile at 0.0001 for 93 %, and that at 0.9999 for 97 %.
    """
    low, high = stats.binom.ppf(1e-4, count, 0.93), stats.binom.ppf(1 - 1e-4, count, 0.97)
    return low / count, high / count


@pytest.mark.long
def test_intervals_of_a_queue_hold_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    """3,000 replications of M/M/3 and of the same with shorter work: 300 experiments of 10, 750 of 4.

    The truth is the mean over all 3,000; its error is a fortieth of the half width of an interval of 10. bench/coverage
    does the same with 20,000 replications of other lengths.
    """
    found = samples.collect("queue", QUEUE, 3000, folder=tmp_path)

    assert found.of(TIME)[0].mean() == pytest.approx(erlang_time(1.2, 2.0, 3), rel=0.01)
    for size in (10, 4):
        low, high = within(3000 // size)
        for row in coverage.fixed("queue", found, size, compared=20):
            assert low <= row.share <= high, row
    # Stopping at the first chance may cost some per cent: 91 % in place of 93.
    low, (_, high) = stats.binom.ppf(1e-4, 600, 0.91) / 600, within(600)
    for row in coverage.sequential("queue", found, 600):
        assert low <= row.share <= high, row


def erlang_time(rate: float, work: float, officers: int) -> float:
    """Mean time in an M/M/c system, in the unit of `work` (Erlang C)."""
    load = rate * work
    terms = [load**n / math.factorial(n) for n in range(officers)]
    last = load**officers / math.factorial(officers) * officers / (officers - load)
    return work + last / (sum(terms) + last) * work / (officers - load)
