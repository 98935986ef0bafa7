"""Rounds: what each point is asked for depends on what was found, on nothing else, and never exceeds the budget."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.errors import ResultsError
from enforcement_sim.measures.matrix import KEYS
from enforcement_sim.model.precision import Precision
from enforcement_sim.studies.rounds import Rounds, passes, shared
from enforcement_sim.studies.stopping import Stopping

Values = Callable[[int, int], float]


def finding(value: float, measure: str = "days_median", item: str = "all") -> pa.Table:
    return pa.table(
        {"measure": [measure, "other"], "jurisdiction": ["all"] * 2, "field": ["all"] * 2, "item": [item] * 2}
        | {"period": [2024, 2024], "value": [value, 1.0]}
    )


def precision(**keys: object) -> Precision:
    return Precision.model_validate({"until": [{"measure": "days_median", "half_width": 0.5}], **keys})


def run(rounds: Rounds, values: Values) -> list[list[range]]:
    """All rounds, with every replication that is asked for done."""
    asked = []
    wanted = rounds.first()
    while any(wanted):
        asked.append(wanted)
        for course, one in zip(rounds.courses, wanted, strict=True):
            course.done |= set(one)
        wanted = rounds.next(lambda number, reps: [finding(values(number, r)) for r in reps])
    return asked


def noise(point: int, replication: int) -> float:
    return float(np.random.default_rng([point, replication]).normal(10, 1 + point))


def test_a_number_is_one_round() -> None:
    rounds = Rounds(3, 4)
    assert run(rounds, noise) == [[range(4)] * 3]
    assert all(course.is_met and course.used == (0, 1, 2, 3) for course in rounds.courses)


def test_a_rule_goes_on_until_every_point_is_known_and_the_wider_ones_take_longer() -> None:
    rounds = Rounds(2, precision(at_least=5, at_most=400))
    asked = run(rounds, noise)
    used = [len(course.used) for course in rounds.courses]
    assert all(course.is_met for course in rounds.courses)
    assert 5 <= used[0] < used[1] < 400
    assert len(asked) > 2
    for number, course in enumerate(rounds.courses):
        values = np.array([noise(number, r) for r in course.used])
        assert course.widest is not None
        assert course.widest[1].interval.half <= 0.5
        assert course.widest[1].interval.mean == pytest.approx(values.mean())


def test_replications_beyond_the_first_moment_do_not_count() -> None:
    rounds = Rounds(30, precision(at_least=5, at_most=400))
    run(rounds, lambda number, r: noise(1, 1000 * number + r))
    for number, course in enumerate(rounds.courses):
        tables = [finding(noise(1, 1000 * number + r)) for r in range(200)]
        assert len(course.used) == Stopping(precision(at_least=5)).look(tables).enough
    assert any(len(course.used) < course.asked for course in rounds.courses)  # else nothing was run beyond


def test_the_rule_stops_at_the_same_number_however_many_are_there() -> None:
    one_by_one, at_once = Stopping(precision(at_least=5)), Stopping(precision(at_least=5))
    tables = [finding(noise(1, r)) for r in range(200)]
    stopped = next(n for n, table in enumerate(tables, 1) if one_by_one.look([table]).enough)
    assert at_once.look(tables).enough == stopped
    assert 5 < stopped < 200


def test_what_never_gets_narrow_enough_ends_at_most_and_says_so() -> None:
    rounds = Rounds(1, precision(at_least=2, at_most=9))
    run(rounds, lambda _, r: 100.0 * (-1) ** r)
    assert rounds.courses[0].used == tuple(range(9))
    assert not rounds.courses[0].is_met
    assert rounds.widest is None  # nobody waits for it any more


def test_a_finding_that_is_not_there_is_an_error_that_names_the_target() -> None:
    rule = Precision.model_validate({"until": [{"measure": "use", "item": "staf", "half_width": 1}], "at_least": 2})
    with pytest.raises(ResultsError, match="measure: use, item: staf"):
        Stopping(rule).look([finding(1.0), finding(2.0)])


def test_each_finding_keeps_the_width_of_the_first_target_that_names_it() -> None:
    wide, narrow = ({"measure": "days_median", "half_width": width} for width in (50, 0.5))
    for targets, enough in (([wide, narrow], 2), ([narrow, wide], None)):
        rule = Precision.model_validate({"until": targets, "at_least": 2, "at_most": 3})
        look = Stopping(rule).look([finding(1.0), finding(5.0)])
        assert look.enough == enough
        assert look.widest is not None
        assert look.widest[0] == "days_median 2024"


def test_replications_that_failed_are_replaced_by_further_ones() -> None:
    rounds = Rounds(1, precision(at_least=4, at_most=400))
    rounds.first()
    rounds.courses[0].done |= {0, 2, 3}
    rounds.courses[0].failures[1] = "stuck"
    assert rounds.next(lambda _, reps: [finding(noise(0, r)) for r in reps]) == [range(4, 5)]


def test_a_budget_of_runs_is_shared_evenly_and_marks_what_lacks() -> None:
    rounds = Rounds(3, 4, runs=8)
    assert run(rounds, noise) == [[range(3), range(3), range(2)]]
    assert rounds.ended == "runs"
    assert [course.is_met for course in rounds.courses] == [False] * 3


def test_a_budget_that_is_enough_is_not_told() -> None:
    rounds = Rounds(3, 4, runs=12)
    run(rounds, noise)
    assert rounds.ended == ""
    assert all(course.is_met for course in rounds.courses)


def test_a_rule_stays_within_its_budget() -> None:
    rounds = Rounds(2, precision(at_least=5, at_most=400), runs=20)
    run(rounds, noise)
    assert sum(course.asked for course in rounds.courses) == 20
    assert (rounds.ended, [course.is_met for course in rounds.courses]) == ("runs", [True, False])


def test_after_the_time_nothing_is_begun() -> None:
    assert Rounds(1, 4, until=time.monotonic() + 1000).in_time()
    late = Rounds(1, 4, until=time.monotonic() - 1)
    assert not late.in_time()
    assert late.ended == "time"


@given(st.integers(0, 100), st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_shares_are_even_and_use_the_budget_up(budget: int, asked: list[int]) -> None:
    given_ = shared(budget, asked)
    assert sum(given_) == min(budget, sum(asked))
    assert all(0 <= share <= want for share, want in zip(given_, asked, strict=True))
    cut = [share for share, want in zip(given_, asked, strict=True) if share < want]
    assert not cut or max(given_) <= min(cut) + 1


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(1, 4))
def test_passes_hold_every_replication_once_and_go_round(counts: list[int], most: int) -> None:
    wanted = [range(10, 10 + count) for count in counts]
    found = list(passes(wanted, most))
    assert sorted((n, r) for n, some in found for r in some) == [(n, r) for n, one in enumerate(wanted) for r in one]
    starts = [some.start for _, some in found]
    assert starts == sorted(starts)


def test_the_keys_of_a_finding_are_those_of_the_table() -> None:
    assert finding(1.0).column_names[:-1] == KEYS
