"""Picking the best: the numbers of the procedures written out, and their promise by trial."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from enforcement_sim.statistics.critical import largest_t
from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.statistics.selection import clark_yang, fully_sequential, nelson_matejcik

INDIFFERENCE, SYSTEMS, FIRST = 0.5, 5, 10
UNEVEN = np.array([0.5, 0.8, 1.0, 1.3, 1.6])


def draw(rng: np.random.Generator, count: int, even: bool) -> np.ndarray:
    """Systems on common luck; the first is better than all others by just the indifference, the hardest case."""
    values = 1.5 * rng.normal(size=(count, 1)) + rng.normal(size=(count, SYSTEMS)) * (1.0 if even else UNEVEN)
    values[:, 0] += INDIFFERENCE
    return values


def by_two_stages(needed: Callable[[np.ndarray, float, float], int]) -> Callable[[np.ndarray], tuple[int, int]]:
    def pick(values: np.ndarray) -> tuple[int, int]:
        count = needed(values[:FIRST], INDIFFERENCE, 0.9)
        assert count <= len(values)
        return int(np.argmax(values[:count].mean(axis=0))), count

    return pick


def by_sequence(values: np.ndarray) -> tuple[int, int]:
    found = fully_sequential(values, FIRST, INDIFFERENCE, 0.9)
    assert found.best is not None
    return found.best, found.used


PROCEDURES = {
    "clark_yang": (by_two_stages(clark_yang), True),
    "clark_yang, uneven": (by_two_stages(clark_yang), False),
    "nelson_matejcik": (by_two_stages(nelson_matejcik), True),
    "fully_sequential": (by_sequence, True),
    "fully_sequential, uneven": (by_sequence, False),
}


def rightly_picked(name: str, runs: int, seed: int, rows: int = 1000) -> tuple[float, float]:
    """How often the best is picked, and after how many replications of each system on average."""
    pick, even = PROCEDURES[name]
    rng = np.random.default_rng(seed)
    picks = [pick(draw(rng, rows, even)) for _ in range(runs)]
    return sum(best == 0 for best, _ in picks) / runs, sum(used for _, used in picks) / runs


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_best_is_picked_as_often_as_promised(name: str) -> None:
    share, used = rightly_picked(name, 400, 21)

    assert share >= 0.9
    assert used > FIRST, "the first stage alone would not have been enough"


@pytest.mark.long
@pytest.mark.parametrize("name", PROCEDURES)
def test_the_best_is_picked_as_often_as_promised_closely(name: str) -> None:
    share, _ = rightly_picked(name, 10_000, 22)

    assert share >= 0.9


def test_two_systems_need_what_a_t_quantile_says() -> None:
    first = draw(np.random.default_rng(3), 12, False)[:, :2]
    by_hand = math.ceil(stats.t.ppf(0.95, 11) ** 2 * np.var(first[:, 0] - first[:, 1], ddof=1) / 0.1**2)

    assert clark_yang(first, 0.1) == by_hand > 12
    assert nelson_matejcik(first, 0.1) == pytest.approx(by_hand, rel=1e-3)


def test_several_systems_need_what_the_worst_pair_or_all_pairs_say() -> None:
    first = draw(np.random.default_rng(4), 12, False)
    pairs = [np.var(first[:, i] - first[:, j], ddof=1) for i in range(SYSTEMS) for j in range(i)]

    assert clark_yang(first, 0.2, 0.9) == math.ceil(stats.t.ppf(1 - 0.1 / 4, 11) ** 2 * max(pairs) / 0.04)
    assert nelson_matejcik(first, 0.2, 0.9) == math.ceil(largest_t(4, 44, 0.9) ** 2 * np.mean(pairs) / 0.04)
    assert clark_yang(first, 100.0) == nelson_matejcik(first, 100.0) == 12, "never fewer than the first stage"


def by_the_paper(values: np.ndarray, first: int, indifference: float, level: float) -> tuple[int, int]:
    """Kim and Nelson's procedure, step by step with means: the pick and after how many replications."""
    k = values.shape[1]
    eta = ((2 * (1 - level) / (k - 1)) ** (-2 / (first - 1)) - 1) / 2
    h2 = 2 * eta * (first - 1)
    s2 = np.array([[np.var(values[:first, i] - values[:first, j], ddof=1) for j in range(k)] for i in range(k)])
    longest = math.floor(h2 * s2.max() / indifference**2)
    inside, r = set(range(k)), first
    while len(inside) > 1 and r <= longest:
        mean = values[:r].mean(axis=0)

        def reach(i: int, j: int, r: int = r) -> float:
            return max(0.0, indifference / (2 * r) * (h2 * s2[i, j] / indifference**2 - r))

        inside = {i for i in inside if all(mean[i] >= mean[j] - reach(i, j) for j in inside if j != i)}
        if len(inside) == 1 or r == longest + 1:
            break
        r += 1
    return max(inside, key=lambda i: values[:r, i].mean()), r


@pytest.mark.parametrize("seed", range(12))
def test_the_sequence_is_that_of_the_paper(seed: int) -> None:
    values = draw(np.random.default_rng(seed), 1000, seed % 2 == 0)

    found = fully_sequential(values, FIRST, INDIFFERENCE, 0.95)

    assert (found.best, found.used) == by_the_paper(values, FIRST, INDIFFERENCE, 0.95)
    assert found.most is not None
    assert FIRST <= found.used <= found.most


def test_more_replications_never_change_what_fewer_decided() -> None:
    values = draw(np.random.default_rng(5), 1000, False)
    end = fully_sequential(values, FIRST, INDIFFERENCE).used
    alive = set(range(SYSTEMS))
    for count in range(FIRST, end):
        found = fully_sequential(values[:count], FIRST, INDIFFERENCE)
        assert (found.best, found.reason, found.used) == (None, Reason.NOT_YET, count)
        assert set(found.alive) <= alive
        alive = set(found.alive)
    assert len(alive) > 1
    assert fully_sequential(values[:end], FIRST, INDIFFERENCE) == fully_sequential(values, FIRST, INDIFFERENCE)


def test_who_is_out_needs_no_more_runs_and_who_is_in_does() -> None:
    values = draw(np.random.default_rng(5), 1000, False)
    whole = fully_sequential(values, FIRST, INDIFFERENCE)
    out_at = {
        system: count
        for count in range(whole.used, FIRST - 1, -1)
        for system in set(range(SYSTEMS)) - set(fully_sequential(values[:count], FIRST, INDIFFERENCE).alive)
    }
    for system, count in out_at.items():
        values[count:, system] = np.nan
    assert fully_sequential(values, FIRST, INDIFFERENCE) == whole

    values[whole.used - 1, whole.best] = np.nan
    broken = fully_sequential(values, FIRST, INDIFFERENCE)
    assert (broken.best, broken.reason, broken.used) == (None, Reason.MISSING, whole.used)


def test_where_small_is_good_the_smallest_is_picked() -> None:
    values = draw(np.random.default_rng(6), 1000, False)

    assert fully_sequential(-values, FIRST, INDIFFERENCE, smallest=True) == fully_sequential(
        values, FIRST, INDIFFERENCE
    )
    assert fully_sequential(-values, FIRST, INDIFFERENCE, smallest=True).best == 0


def test_before_the_first_replications_nothing_is_decided() -> None:
    found = fully_sequential(np.arange(8.0).reshape(4, 2), 5, 1.0)

    assert (found.best, found.alive, found.used, found.most) == (None, (0, 1), 4, None)
    assert found.reason == Reason.NOT_YET


@pytest.mark.parametrize(
    ("first", "indifference"), [([[1.0, 2.0]], 1.0), ([[1.0], [2.0]], 1.0), ([[1.0, 2.0], [math.nan, 0.0]], 1.0),
                                ([[1.0, 2.0], [2.0, 0.0]], 0.0)],
)  # fmt: skip
def test_what_nothing_can_be_promised_for_is_refused(first: list[list[float]], indifference: float) -> None:
    for procedure in (clark_yang, nelson_matejcik, lambda *given: fully_sequential(given[0], len(first), given[1])):
        with pytest.raises(ValueError, match=r"at least two|missing|indifference"):
            procedure(first, indifference)
