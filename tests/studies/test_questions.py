"""Questions of a sweep: what their form refuses, what is taken of findings, and answers that are known beforehand."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import laid

import enforcement_sim as es
from enforcement_sim.errors import ResultsError, ScenarioError
from enforcement_sim.files.check_wanted import items
from enforcement_sim.files.read import read_tree
from enforcement_sim.measures.frame import COLUMNS
from enforcement_sim.model.questions import Best, Limit, Questions
from enforcement_sim.model.wanted import MEASURES
from enforcement_sim.statistics.best import against_best
from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.statistics.shares import exact, pooled
from enforcement_sim.studies.limit_answers import Verdict, fewest
from enforcement_sim.studies.questions import EXTRACT, answers, extract, extract_tables, questions_of
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.sweep_kept import PointState

ROOT = Path(__file__).parents[2]
AXES = "{teams.staff.officers: [1, 2]}"
SWEEP = """
sweep:
  title: x
  of: base.yaml
  axes: AXES
"""


def refused(folder: Path, body: str, axes: str = AXES) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_sweep(laid(folder, SWEEP.replace("AXES", axes) + body))
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "at", "said"),
    [
        ("  limits: [{measure: uze, item: staff, at_most: 0.9}]", "uze", "use"),
        ("  limits: [{measure: use, item: stff, at_most: 0.9}]", "stff", "staff"),
        ("  limits: [{measure: use, jurisdiction: all, at_most: 0.9}]", "all", "leave `jurisdiction` out"),
        ("  limits: [{measure: backlog, item: casez, at_most: 0.9}]", "casez", "cases"),
        ("  limits: [{measure: backlog, field: fire, at_most: 0.9}]", "fire", "case, all"),
        ("  limits: [{measure: use, field: case, at_most: 0.9}]", "case", "leave `field` out"),
        ("  limits: [{measure: use, period: 2002, at_most: 0.9}]", "2002", "2001"),
        ("  limits: [{measure: use, period: first, at_most: 0.9}]", "first", "2025"),
        ("  limits: [{measure: start_age, jurisdiction: office, at_most: 0.9}]", "office", "leave `jurisdiction` out"),
        ("  limits: [{measure: wait_mean, item: all, at_most: 0.9}]", "all", "staff/work"),
        ("  best: [{measure: stay_men, smallest: true}]", "stay_men", "stay_mean"),
        ("  replications: {until: [{measure: used, half_width: 1}]}", "used", "use"),
        ("  limits: [{measure: use, item: staff}]", "{", "at_most"),
        ("  limits: [{measure: use, at_most: 1, at_least: 0}]", "{", "at_most"),
        ("  best: [{measure: use}]", "{", "smallest"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(tmp_path: Path, body: str, at: str, said: str) -> None:
    told = refused(tmp_path, body)

    assert f"sweep.yaml:6:{body.index(at) + 1}:" in told
    assert said in told


def test_the_best_of_what_is_no_choice_is_refused(tmp_path: Path) -> None:
    best = "  best: [{measure: use, item: staff, smallest: true}]\n"
    assert "nothing to compare" in refused(tmp_path, best, "{teams.staff.officers: [1]}")
    assert "301" in refused(tmp_path, best, f"{{teams.staff.officers: {list(range(1, 302))}}}")
    drawn = "  uncertain: {procedures.queue.stages.work.duration.mean: {family: uniform, low: 1 h, high: 2 h}}\n"
    assert "crossed" in refused(tmp_path, best + drawn + "  design: {kind: sobol, points: 4}")
    load_sweep(laid(tmp_path, SWEEP.replace("AXES", AXES) + best + drawn + "  design: {kind: crossed, points: 4}"))


def test_a_name_that_only_another_scenario_has_may_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("extends: base.yaml\nteams: {helpers: {officers: 1}}\n", encoding="utf-8")
    asked = "  limits: [{measure: use, item: helpers, at_most: 0.9}]\n"

    load_sweep(laid(tmp_path, SWEEP.replace("AXES", AXES) + asked + "  scenarios: [more.yaml]\n"))

    assert "helpers" in refused(tmp_path, asked)


@pytest.mark.parametrize(
    "file", ["tests/data/small_base.yaml", "scenarios/backlog/reconsideration_2024.yaml", "scenarios/inspection/double_random.yaml"]
)  # fmt: skip
def test_every_finding_of_a_run_can_be_asked_for(file: str) -> None:
    found = es.run(ROOT / file, replications=1).findings
    data = read_tree(ROOT / file).data

    for measure, rows in found.groupby("measure"):
        kind = MEASURES[str(measure)]
        assert set(rows["item"]) <= {*items(data, kind), "all"}, measure


# What is taken of findings


def row(measure: str, value: float, replication: int, **where: Any) -> dict[str, Any]:
    told = {"jurisdiction": "all", "field": "all", "item": "all", "period": 2024, **where}
    return {"measure": measure, "value": value, "replication": replication, **told}


FOUND = pd.DataFrame(
    [row("overdue_share", 0.1 * r + 0.01 * p, r, period=2020 + p, item="decision") for r in range(3) for p in range(2)]
    + [row("overdue_share", 0.9, r, item="other") for r in range(3)]
    + [row("overdue_share", math.nan, 1, item="rare"), row("overdue_share", 0.5, 2, item="rare")]
    + [row("count", 7.0, 1, item="lenient")]
    + [row("days_mean", 30.0 + r, r, jurisdiction=place, item="decision") for r in range(3) for place in ("all", "a")]
)


def values(question: Limit | Best, found: pd.DataFrame = FOUND) -> dict[int, float]:
    asked = Questions(limits=[question]) if isinstance(question, Limit) else Questions(best=[question])
    told = extract(found, asked)
    assert list(told.columns) == EXTRACT
    return {int(r): round(float(v), 9) for r, v in zip(told["replication"], told["value"], strict=True)}


def test_a_limit_is_judged_by_the_worst_finding_of_each_replication() -> None:
    decision = {"measure": "overdue_share", "item": "decision"}
    assert values(Limit(**decision, at_most=0.2)) == {0: 0.01, 1: 0.11, 2: 0.21}
    assert values(Limit(**decision, at_least=0.2)) == {0: 0.0, 1: 0.1, 2: 0.2}
    assert values(Limit(**decision, period=2020, at_most=0.2)) == {0: 0.0, 1: 0.1, 2: 0.2}
    assert values(Limit(measure="overdue_share", at_most=0.2)) == {0: 0.9, 1: 0.9, 2: 0.9}


def test_what_is_counted_is_zero_where_nothing_is_and_what_is_not_is_missing() -> None:
    assert values(Limit(measure="count", item="lenient", at_most=1)) == {0: 0.0, 1: 7.0, 2: 0.0}
    assert values(Limit(measure="overdue_share", item="rare", at_most=1)) == {2: 0.5}


def test_points_are_compared_by_the_total_in_the_last_period() -> None:
    assert values(Best(measure="days_mean", smallest=True)) == {0: 30.0, 1: 31.0, 2: 32.0}
    assert values(Best(measure="overdue_share", item="decision", smallest=True)) == {0: 0.01, 1: 0.11, 2: 0.21}
    with pytest.raises(ResultsError, match="several findings"):
        values(Best(measure="overdue_share", smallest=True))


def test_tables_of_replications_give_the_same_extract() -> None:
    asked = Questions(limits=[Limit(measure="count", at_most=1)], best=[Best(measure="days_mean", smallest=True)])
    tables = [pa.Table.from_pandas(FOUND[FOUND["replication"] == r][COLUMNS]) for r in range(3)]

    pd.testing.assert_frame_equal(extract_tables(tables, range(3), asked), extract(FOUND, asked), check_dtype=False)


def test_questions_stand_in_the_copy_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text("sweep: {title: x, of: gone.yaml, limits: [{measure: use, at_most: 1}]}", encoding="utf-8")

    assert questions_of(path) == Questions(limits=[Limit(measure="use", at_most=1)])


# Answers


def points(levels: list[Any], used: int, axis: str = "teams.staff.officers", futures: int = 0) -> list[PointState]:
    spots = [(level, f) for f in range(futures) for level in levels] if futures else [(level, None) for level in levels]
    return [
        PointState(n, f"point-{n:03d}", "", {axis: level}, {axis: level}, future, used, used, True)
        for n, (level, future) in enumerate(spots)
    ]


def limit_extracts(rows: list[list[float]], kind: str = "limit") -> list[pd.DataFrame]:
    return [
        pd.DataFrame({"kind": kind, "question": 0, "replication": range(len(one)), "value": one}, columns=EXTRACT)
        for one in rows
    ]


LIMIT = Limit(measure="overdue_share", at_most=0.5, holds_in=0.8)
assert fewest(LIMIT) == 17


def test_fewest_is_the_first_number_from_which_a_limit_can_hold() -> None:
    for holds_in, level in itertools.product((0.5, 0.8, 0.95, 0.99), (0.8, 0.95, 0.99)):
        limit = Limit(measure="use", at_most=1, holds_in=holds_in, level=level)
        enough = fewest(limit)
        assert exact(0, enough, level).high <= 1 - holds_in + 1e-12 < exact(0, enough - 1, level).high


def test_a_limit_holds_fails_or_is_unclear_by_the_whole_interval() -> None:
    breaches = [40, 10, 1, 0]
    rows = [[1.0] * hit + [0.5] * (40 - hit) for hit in breaches]  # at the limit itself nothing is in breach

    table = answers(Questions(limits=[LIMIT]), points([9, 11, 14, 18], 40), limit_extracts(rows))

    assert table.limits["breaches"].tolist() == breaches
    assert table.limits["verdict"].tolist() == [Verdict.FAILS, Verdict.UNCLEAR, Verdict.HOLDS, Verdict.HOLDS]
    for told, hit in zip(table.limits.to_dict("records"), breaches, strict=True):
        expected = exact(hit, 40)
        assert (told["low"], told["high"]) == (expected.low, expected.high)
    [smallest] = table.smallest.to_dict("records")
    assert (smallest["smallest"], smallest["largest"], smallest["between"]) == (14, 18, True)


def test_with_too_few_replications_nothing_holds_and_the_number_is_told() -> None:
    told = answers(Questions(limits=[LIMIT]), points([9, 11], 10), limit_extracts([[0.0] * 10, [1.0] * 10])).limits

    assert told["verdict"].tolist() == [Verdict.UNCLEAR, Verdict.FAILS]
    assert told["reason"].tolist() == [Reason.TOO_FEW, Reason.NONE]
    assert told["needed"].tolist() == [17, 17]


def test_an_incomplete_point_is_told_marked_and_is_no_smallest_level() -> None:
    state = points([9, 11], 20)
    state[0] = PointState(**{**state[0].__dict__, "asked": 30, "is_met": False})

    found = answers(Questions(limits=[LIMIT]), state, limit_extracts([[0.0] * 20, [0.0] * 20]))

    assert found.limits["complete"].tolist() == [False, True]
    assert found.smallest["smallest"].tolist() == [11]


def test_a_point_without_the_finding_is_named() -> None:
    found = answers(Questions(limits=[LIMIT]), points([9, 11], 20), limit_extracts([[], [0.0] * 20]))

    assert found.limits["name"].tolist() == ["point-001"]
    assert found.left_out[["point", "why"]].to_numpy().tolist() == [["point-000", "no_finding"]]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["9 days", "11 days", "14 days"], ("11 days", "14 days")),
        ([14, 9, 11], (9, 11)),
        (["a", "b", "c"], None),
        (["9 days", "11 h", "14 h"], None),
    ],
)
def test_the_smallest_level_is_by_number_and_in_its_unit(levels: list[Any], expected: Any) -> None:
    rows = [[1.0] * 20, [0.0] * 20, [0.0] * 20]

    found = answers(Questions(limits=[LIMIT]), points(levels, 20), limit_extracts(rows)).smallest

    assert (None if found.empty else tuple(found[["smallest", "largest"]].iloc[0])) == expected


def test_levels_are_put_in_the_order_of_their_numbers() -> None:
    rows = [[0.0] * 20, [1.0] * 20, [0.0] * 20]

    found = answers(Questions(limits=[LIMIT]), points([14, 9, 11], 20), limit_extracts(rows)).smallest
    gap = answers(Questions(limits=[LIMIT]), points([14, 11, 9], 20), limit_extracts(rows)).smallest

    assert found[["smallest", "largest", "between"]].to_numpy().tolist() == [[11, 14, True]]
    assert gap[["smallest", "largest", "between"]].to_numpy().tolist() == [[9, 14, False]]


def test_futures_are_clusters_of_replications() -> None:
    # Two levels over four futures: the first breaches in 4, 2, 0 and 1 of four replications, the second in none.
    first = [[1.0] * hit + [0.0] * (4 - hit) for hit in (4, 2, 0, 1)]
    rows = [one for hit in first for one in (hit, [0.0] * 4)]

    table = answers(Questions(limits=[LIMIT]), points([9, 11], 4, futures=4), limit_extracts(rows)).limits

    expected = pooled([4, 2, 0, 1], [4] * 4)
    assert table["breaches"].tolist() == [7, 0]
    assert (table["low"][0], table["high"][0]) == (expected.low, expected.high)
    assert table["high"][1] == exact(0, 4).high  # four futures, not sixteen replications
    assert table["futures"].tolist() == [4, 4]


@given(st.lists(st.lists(st.floats(0, 1), min_size=20, max_size=20), min_size=2, max_size=5), st.floats(0, 1))
def test_a_bound_above_and_its_mirror_below_say_the_same(rows: list[list[float]], bound: float) -> None:
    above = Limit(measure="use", at_most=bound, holds_in=0.8)
    below = Limit(measure="use", at_least=-bound, holds_in=0.8)
    state = points(list(range(len(rows))), 20)
    one = answers(Questions(limits=[above]), state, limit_extracts(rows))
    other = answers(Questions(limits=[below]), state, limit_extracts([[-v for v in row] for row in rows]))

    pd.testing.assert_frame_equal(one.limits, other.limits)
    pd.testing.assert_frame_equal(one.smallest, other.smallest)


def test_a_looser_bound_never_takes_a_holding_point_away() -> None:
    rows = np.random.default_rng(1).random((6, 40)).tolist()
    held: set[str] = set()
    for bound in np.linspace(0, 1, 11):
        limit = Limit(measure="use", at_most=float(bound), holds_in=0.8)
        table = answers(Questions(limits=[limit]), points(list(range(6)), 40), limit_extracts(rows)).limits
        now = set(table["name"][table["verdict"] == Verdict.HOLDS])
        assert held <= now
        held = now
    assert len(held) == 6


def luck(replications: int = 12) -> np.ndarray:
    return np.random.default_rng(4).normal(0, 5, replications)


def best(rows: list[list[float]], state: list[PointState], **options: Any) -> Any:
    question = Best(measure="days_mean", **{"smallest": True, **options})
    return answers(Questions(best=[question]), state, limit_extracts(rows, "best"))


def test_the_same_luck_everywhere_tells_small_differences() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, (3, 12))
    rows = (luck() + noise + np.array([[31.0], [30.0], [30.05]])).tolist()

    found = best(rows, points([9, 11, 14], 12)).best

    expected = against_best(np.array(rows).T, smallest=True)
    assert found["name"].tolist()[2] == "point-000"
    assert not found.set_index("name").loc["point-000", "could_be_best"]
    at = [int(name[-3:]) for name in found["name"]]
    assert found["low"].tolist() == expected.low[at].tolist()
    assert found["rows"].tolist() == [12] * 3
    assert not found["picked"].any()


def test_large_values_are_good_where_small_ones_are_not() -> None:
    rows = (luck() + np.array([[31.0], [30.0]])).tolist()

    assert best(rows, points([9, 11], 12)).best["name"].iloc[0] == "point-001"
    large = best(rows, points([9, 11], 12), smallest=False).best
    assert large["name"].tolist() == ["point-000", "point-001"]
    assert large["difference"].tolist() == pytest.approx([1.0, -1.0])
    assert large["could_be_best"].tolist() == [True, False]


def test_points_that_are_not_whole_are_left_out_and_named() -> None:
    state = points([9, 11, 14, 18], 12)
    state[1] = PointState(**{**state[1].__dict__, "asked": 13, "is_met": False})
    rows = (luck() + np.array([[31.0], [0.0], [30.0], [29.0]])).tolist()
    rows[3] = rows[3][:11]

    found = best(rows, state)

    assert set(found.best["name"]) == {"point-000", "point-002"}
    assert dict(found.left_out[["point", "why"]].to_numpy()) == {"point-001": "incomplete", "point-003": "no_finding"}


def test_only_replications_that_all_have_are_compared() -> None:
    state = [
        PointState(**{**one.__dict__, "used": used}) for one, used in zip(points([9, 11], 12), (12, 10), strict=True)
    ]
    rows = (luck() + np.array([[31.0], [30.0]])).tolist()
    rows[1] = rows[1][:10]

    found = best(rows, state).best

    assert found["rows"].tolist() == [10, 10]
    assert found["difference"].tolist() == pytest.approx([1.0, -1.0])


def test_one_replication_rules_nobody_out() -> None:
    found = best([[1.0], [99.0]], points([9, 11], 1)).best

    assert found["could_be_best"].all()
    assert set(found["reason"]) == {Reason.TOO_FEW}


def test_in_a_crossed_design_levers_are_compared_over_futures() -> None:
    futures = np.array([0.0, 20.0, 40.0, 60.0])
    rows = [(future + level + np.array([-1.0, 1.0])).tolist() for future in futures for level in (1.0, 0.5)]

    found = best(rows, points([9, 11], 2, futures=4)).best

    assert found["name"].tolist() == ["11", "9"]
    assert found["rows"].tolist() == [4, 4]
    assert found["mean"].tolist() == [30.5, 31.0]
    assert found["could_be_best"].tolist() == [True, False]


def test_with_an_indifference_one_is_picked_as_soon_as_the_promise_stands() -> None:
    noise = np.random.default_rng(6).normal(0, 1.0, (3, 60))
    rows = (noise + np.array([[30.5], [30.0], [35.0]])).tolist()
    few = [one[:9] for one in rows]

    wide = best(rows, points([9, 11, 14], 60), indifference=0.4).best
    narrow = best(rows, points([9, 11, 14], 60), indifference=0.01).best
    early = best(few, points([9, 11, 14], 9), indifference=0.4).best

    assert wide.loc[wide["picked"], "name"].tolist() == ["point-001"]
    took = int(wide["needed"].iloc[0])
    assert 10 < took < 60
    # It was picked then, and not before; more replications do not change that.
    assert best([one[:took] for one in rows], points([9, 11, 14], took), indifference=0.4).best["picked"].any()
    before = best([one[: took - 1] for one in rows], points([9, 11, 14], took - 1), indifference=0.4).best
    assert not before["picked"].any()
    assert before["needed"].iloc[0] >= took
    assert not narrow["picked"].any()
    assert narrow["needed"].iloc[0] > 60
    assert not early["picked"].any()
    assert math.isnan(early["needed"].iloc[0])


@given(st.permutations(range(5)))
def test_the_order_of_points_changes_no_answer(order: list[int]) -> None:
    rows = np.random.default_rng(2).normal(30, 3, (5, 20)).tolist()
    state = points([9, 10, 11, 12, 13], 20)
    asked = Questions(
        limits=[Limit(measure="days_mean", at_most=31, holds_in=0.5)], best=[Best(measure="days_mean", smallest=True)]
    )
    parts = [pd.concat(pair) for pair in zip(limit_extracts(rows), limit_extracts(rows, "best"), strict=True)]
    here = answers(asked, state, parts)
    there = answers(asked, [state[at] for at in order], [parts[at] for at in order])

    for one, other in ((here.limits, there.limits), (here.best, there.best)):
        keyed = [table.sort_values("name").reset_index(drop=True) for table in (one, other)]
        pd.testing.assert_frame_equal(*keyed)
    pd.testing.assert_frame_equal(here.smallest, there.smallest)


def test_the_example_is_read_and_asks_what_it_says() -> None:
    sweep, _ = load_sweep(ROOT / "scenarios" / "backlog" / "sweep_staff_and_unknowns.yaml")

    assert len(sweep.limits) == len(sweep.best) == 1
    assert re.search("late", sweep.limits[0].title.en)  # type: ignore[union-attr]
    assert fewest(sweep.limits[0]) == 8  # as many as it has futures
