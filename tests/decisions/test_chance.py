"""Chance: the generator against NumPy's, distributions against SciPy's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from enforcement_sim.decisions.dice import Dice, question, round_keys, unit, word_arrays, words
from enforcement_sim.decisions.durations import drawn, listed, whole_seconds
from enforcement_sim.decisions.normal import quantile
from enforcement_sim.decisions.order import place
from enforcement_sim.decisions.ways import by_share, by_value
from enforcement_sim.records import Family, QueueRule

WORD = st.integers(0, 2**64 - 1)
INSIDE = st.floats(1e-12, 1 - 1e-12)
NO_TAIL: list[float] = []


@given(WORD, WORD, WORD, WORD, WORD, WORD)
def test_words_are_those_of_numpys_philox(seed: int, replication: int, c0: int, c1: int, c2: int, c3: int) -> None:
    # NumPy counts one up before it makes its first block.
    whole = (c0 + (c1 << 64) + (c2 << 128) + (c3 << 192) - 1) % 2**256
    counter = [(whole >> 64 * i) & (2**64 - 1) for i in range(4)]
    numpy = np.random.Philox(
        key=np.array([seed, replication], dtype=np.uint64), counter=np.array(counter, dtype=np.uint64)
    )

    assert words(round_keys(seed, replication), c0, c1, c2, c3) == tuple(int(word) for word in numpy.random_raw(4))


@given(WORD, WORD, st.lists(WORD, min_size=1, max_size=5), st.integers(0, 2**40), WORD)
def test_a_stream_at_once_is_the_same_as_case_by_case(seed: int, c0: int, c1: list[int], c2: int, c3: int) -> None:
    keys = round_keys(seed, 3)

    arrays = word_arrays(keys, c0, np.array(c1, dtype=np.uint64), c2, c3)

    assert [tuple(int(array[i]) for array in arrays) for i in range(len(c1))] == [
        words(keys, c0, n, c2, c3) for n in c1
    ]


@given(WORD)
def test_a_uniform_number_is_never_0_or_1(word: int) -> None:
    assert 0.0 < unit(word) < 1.0


def test_the_outermost_words_give_numbers_inside_too() -> None:
    assert 0.0 < unit(0) < unit(2**64 - 1) < 1.0


def test_uniform_numbers_are_uniform() -> None:
    drawn_numbers = Dice(7, 0).units(question("stream"), np.arange(200_000), question("asked"))

    assert stats.kstest(drawn_numbers, "uniform").pvalue > 1e-3


def test_questions_of_other_names_get_other_numbers() -> None:
    assert len({question(f"stage:{n}") for n in range(10_000)}) == 10_000


@given(INSIDE)
def test_the_normal_quantile_is_scipys(p: float) -> None:
    assert quantile(p) == pytest.approx(special.ndtri(p), rel=1e-13, abs=1e-14)


FAMILIES = {
    "exponential": (Family.EXPONENTIAL, (3.0, 0.0, 0.0), stats.expon(scale=3.0)),
    "lognormal": (Family.LOGNORMAL, (0.5, 0.8, 0.0), stats.lognorm(s=0.8, scale=math.exp(0.5))),
    "uniform": (Family.UNIFORM, (2.0, 5.0, 0.0), stats.uniform(2.0, 3.0)),
    "triangular": (Family.TRIANGULAR, (1.0, 2.0, 6.0), stats.triang(0.2, 1.0, 5.0)),
    "normal": (Family.NORMAL, (4.0, 2.0, -1e9), stats.norm(4.0, 2.0)),
    "weibull": (Family.WEIBULL, (3.0, 1.7, 0.0), stats.weibull_min(1.7, scale=3.0)),
}


@pytest.mark.parametrize("name", FAMILIES)
@given(u=INSIDE)
def test_a_family_is_sampled_by_inversion(name: str, u: float) -> None:
    family, (a, b, c), reference = FAMILIES[name]

    assert drawn(family, a, b, c, NO_TAIL, 0, 0, lambda _: u) == pytest.approx(reference.ppf(u), rel=1e-9, abs=1e-9)


def test_erlang_is_the_sum_of_its_phases() -> None:
    us = [0.2, 0.5, 0.9]
    phases = [-math.log1p(-u) for u in us]

    assert drawn(Family.ERLANG, 6.0, 3.0, 0.0, NO_TAIL, 0, 0, us.__getitem__) == pytest.approx(sum(phases) * 2.0)


def test_a_normal_is_cut_at_its_lowest_value() -> None:
    assert drawn(Family.NORMAL, 4.0, 2.0, 3.5, NO_TAIL, 0, 0, lambda _: 0.01) == 3.5


def test_mixtures_read_their_part_of_the_table() -> None:
    tail = [9.0, 9.0, 0.25, 10.0, 1.0, 20.0]

    assert [drawn(Family.DISCRETE, 0, 0, 0, tail, 2, 2, lambda _, u=u: u) for u in (0.1, 0.3)] == [10.0, 20.0]
    assert drawn(Family.HYPEREXPONENTIAL, 0, 0, 0, tail, 2, 2, [0.1, 0.5].__getitem__) == pytest.approx(
        10 * math.log(2)
    )


def test_told_lengths_go_by_case_and_visit_and_the_last_repeats() -> None:
    tail = [1.0, 2.0, 3.0, 4.0]

    assert [listed(tail, 0, 2, 2, case, visit) for case, visit in ((0, 0), (0, 1), (0, 7), (1, 0), (9, 1))] == [
        1,
        2,
        2,
        3,
        4,
    ]


def test_lengths_are_rounded_to_whole_seconds_with_a_floor() -> None:
    assert [whole_seconds(length, 1) for length in (0.2, 1.49, 1.5, 7.0)] == [1, 1, 2, 7]
    assert whole_seconds(0.2, 0) == 0


CASE = st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2))


@given(st.sampled_from(list(QueueRule)), st.lists(CASE, min_size=2, max_size=8))
def test_two_cases_never_share_a_place(rule: QueueRule, cases: list[tuple[int, int, int, int, int]]) -> None:
    places = [
        place(rule, stage, own, severity, due, entered, n)
        for n, (stage, own, severity, due, entered) in enumerate(cases)
    ]

    assert len(set(places)) == len(places)


def test_the_order_of_a_line() -> None:
    first_come = [
        place(QueueRule.FIRST_COME, 0, 0, 0, due, entered, n) for n, (due, entered) in enumerate(((9, 5), (1, 7)))
    ]
    earliest_due = [
        place(QueueRule.EARLIEST_DUE, 0, 0, 0, due, entered, n) for n, (due, entered) in enumerate(((9, 5), (1, 7)))
    ]
    severe = [place(QueueRule.SEVERITY, 0, 0, severity, 0, 5, n) for n, severity in enumerate((1, 2))]

    assert first_come[0] < first_come[1]
    assert earliest_due[1] < earliest_due[0]
    assert severe[1] < severe[0]
    assert place(QueueRule.EARLIEST_DUE, -1, 5, 0, 99, 99, 99) < place(QueueRule.EARLIEST_DUE, 0, 0, 9, 0, 0, 0)


def test_ways_by_share_and_by_value() -> None:
    cumulated, to = [0.0, 0.3, 0.8, 1.0], [9, 1, 2, 3]

    assert [by_share(cumulated, to, 1, 3, u) for u in (0.0, 0.29, 0.3, 0.79, 0.99)] == [1, 1, 2, 2, 3]
    assert [by_value([0, 4, 5, 0], to, 1, 3, value) for value in (4, 5, 6)] == [1, 2, 3]
