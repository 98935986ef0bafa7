"""Verdicts on overload: each rule by hand, and how often they err on M/M/1 queues whose load is known."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest

from enforcement_sim.statistics.overload import Load, Trend, Verdict, overload

LOADS = {Load.BELOW: [0.8, 0.81, 0.79], Load.ABOVE: [1.2, 1.21, 1.19], Load.AROUND: [0.9, 1.0, 1.1], Load.UNKNOWN: None}
TIMES = np.arange(20.0)
SERIES = {
    Trend.GROWS: np.array([5 * TIMES, 6 * TIMES, 5.5 * TIMES]),
    Trend.STEADY: np.array([50 + TIMES % 2, 50 - TIMES % 2, 51 + TIMES % 3]),
    Trend.UNSURE: np.array([50 + 4 * TIMES, 50 - 1 * TIMES, 60 + 2 * TIMES]),
    Trend.UNKNOWN: None,
}
EXPECTED = {
    (Load.BELOW, Trend.GROWS): Verdict.UNCLEAR,
    (Load.BELOW, Trend.STEADY): Verdict.STABLE,
    (Load.BELOW, Trend.UNSURE): Verdict.STABLE,
    (Load.BELOW, Trend.UNKNOWN): Verdict.STABLE,
    (Load.ABOVE, Trend.GROWS): Verdict.OVERLOADED,
    (Load.ABOVE, Trend.STEADY): Verdict.UNCLEAR,
    (Load.ABOVE, Trend.UNSURE): Verdict.OVERLOADED,
    (Load.ABOVE, Trend.UNKNOWN): Verdict.OVERLOADED,
    (Load.AROUND, Trend.GROWS): Verdict.OVERLOADED,
    (Load.AROUND, Trend.STEADY): Verdict.STABLE,
    (Load.AROUND, Trend.UNSURE): Verdict.UNCLEAR,
    (Load.AROUND, Trend.UNKNOWN): Verdict.UNCLEAR,
    (Load.UNKNOWN, Trend.GROWS): Verdict.OVERLOADED,
    (Load.UNKNOWN, Trend.STEADY): Verdict.STABLE,
    (Load.UNKNOWN, Trend.UNSURE): Verdict.UNCLEAR,
}


@pytest.mark.parametrize(("load", "trend"), EXPECTED)
def test_verdict_follows_the_table(load: Load, trend: Trend) -> None:
    found = overload(LOADS[load], SERIES[trend])

    assert (found.load, found.trend, found.verdict) == (load, trend, EXPECTED[load, trend])
    assert found.disagree == ((load, trend) in ((Load.BELOW, Trend.GROWS), (Load.ABOVE, Trend.STEADY)))


def test_the_table_is_whole() -> None:
    assert set(EXPECTED) == set(product(Load, Trend)) - {(Load.UNKNOWN, Trend.UNKNOWN)}
    with pytest.raises(ValueError, match="needed"):
        overload()


def test_growth_is_that_of_straight_lines_through_the_second_half() -> None:
    rng = np.random.default_rng(1)
    series = rng.uniform(5, 30, size=(4, 24))
    slopes = [np.polyfit(np.arange(12), row[12:], 1)[0] for row in series]

    found = overload(None, series)

    assert found.growth.mean == pytest.approx(np.mean(slopes) * 11)
    assert found.growth.sd == pytest.approx(np.std(slopes, ddof=1) * 11)
    assert found.tolerated == pytest.approx(series[:, 12:].mean() / 4)


def test_growth_that_is_sure_but_small_is_tolerated() -> None:
    series = np.array([100 + TIMES, 101 + 1.1 * TIMES, 99 + 0.9 * TIMES])

    assert overload(None, series).trend == Trend.STEADY
    assert overload(None, series).growth.low > 0.0
    assert overload(None, series, tolerance=0.05).trend == Trend.GROWS


def test_fewer_than_three_cases_are_no_growth() -> None:
    series = np.array([0.2 * TIMES, 0.25 * TIMES, 0.22 * TIMES])

    assert overload(None, series).trend == Trend.STEADY
    assert overload(None, series, cases=0.1).trend == Trend.GROWS


def test_one_replication_or_a_missing_value_leaves_it_open() -> None:
    alone = overload([1.5], SERIES[Trend.GROWS][:1])
    assert (alone.load, alone.trend, alone.verdict) == (Load.UNKNOWN, Trend.UNKNOWN, Verdict.UNCLEAR)
    series = SERIES[Trend.GROWS].copy()
    series[0, -1] = math.nan

    gap = overload([1.2, 1.2, math.nan], series)

    assert (gap.load, gap.trend, gap.verdict) == (Load.UNKNOWN, Trend.UNKNOWN, Verdict.UNCLEAR)
    assert overload([1.2, 1.2]).load == Load.ABOVE, "a load that is the same in all replications is known"


@pytest.mark.parametrize(
    ("rho", "series", "options"),
    [([-1.0, 1.0], None, {}), (None, -np.ones((2, 9)), {}), (None, np.ones((2, 7)), {}), ([1.0], None, {"tolerance": 0.0}),
     ([1.0], None, {"cases": 0.0}), ([1.0], None, {"level": 1.0})],
)  # fmt: skip
def test_what_nothing_can_be_said_of_is_refused(rho: object, series: object, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"negative|eight|above 0|between 0 and 1"):
        overload(rho, series, **options)  # type: ignore[arg-type]


def queue(rng: np.random.Generator, rho: float, horizon: float, times: int) -> tuple[float, np.ndarray]:
    """An M/M/1 queue that starts empty, services of mean one: work that came against time, and its open cases."""
    arrivals = np.cumsum(rng.exponential(1 / rho, int(rho * horizon + 8 * math.sqrt(rho * horizon)) + 20))
    assert arrivals[-1] > horizon
    arrivals = arrivals[arrivals < horizon]
    services = rng.exponential(1.0, len(arrivals))
    # Lindley's recursion, solved: what was left to do is a walk above its lowest point so far.
    walk = np.concatenate([[0.0], np.cumsum(services[:-1] - np.diff(arrivals))])
    waits = walk - np.minimum.accumulate(walk)
    left = arrivals + waits + services
    at = np.linspace(0.0, horizon, times + 1)[1:]
    return float(services.sum()) / horizon, np.searchsorted(arrivals, at) - np.searchsorted(left, at).astype(float)


def verdicts(
    rho: float, runs: int, seed: int, *, load: bool, series: bool, horizon: float = 3000.0
) -> Counter[Verdict]:
    """Verdicts on ten replications each, of 3,000 mean services, from the load, from the backlog, or from both."""
    rng = np.random.default_rng(seed)
    found: Counter[Verdict] = Counter()
    for _ in range(runs):
        replications = [queue(rng, rho, horizon, 100) for _ in range(10)]
        loads, paths = [one for one, _ in replications], np.array([path for _, path in replications])
        found[overload(loads if load else None, paths if series else None).verdict] += 1
    return found


def test_the_queue_of_these_tests_is_the_one_of_the_textbook() -> None:
    rng = np.random.default_rng(50)
    number = [queue(rng, 0.7, 20_000.0, 2000)[1][200:].mean() for _ in range(10)]

    # The mean number in an M/M/1 queue is its load over what is left of one.
    assert np.mean(number) == pytest.approx(0.7 / 0.3, rel=0.05)


SOURCES = [(True, True), (True, False), (False, True)]
SURE = {(0.95, False): 0.02, (1.05, False): 0.9}
"""Least share of right verdicts where the backlog alone is too little to go by: it seldom clears a load of 0.95."""


@pytest.mark.parametrize(("load", "series"), SOURCES)
@pytest.mark.parametrize("rho", [0.7, 0.95, 1.05, 1.3])
def test_a_verdict_is_seldom_wrong(rho: float, load: bool, series: bool) -> None:
    found = verdicts(rho, 25, 51, load=load, series=series)
    wrong, right = (Verdict.OVERLOADED, Verdict.STABLE) if rho < 1 else (Verdict.STABLE, Verdict.OVERLOADED)

    assert found[wrong] <= 2
    if rho in (0.7, 1.3):
        assert found[right] == 25


@pytest.mark.long
@pytest.mark.parametrize(("load", "series"), SOURCES)
@pytest.mark.parametrize("rho", [0.7, 0.95, 1.05, 1.3])
def test_a_verdict_is_seldom_wrong_closely(rho: float, load: bool, series: bool) -> None:
    found = verdicts(rho, 500, 52, load=load, series=series)
    wrong, right = (Verdict.OVERLOADED, Verdict.STABLE) if rho < 1 else (Verdict.STABLE, Verdict.OVERLOADED)

    assert found[wrong] <= 500 * 0.02
    assert found[right] >= 500 * SURE.get((rho, load), 0.97)
