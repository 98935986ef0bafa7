"""Which cases miss a limit because of a change: beside counts by hand, the register, and a plain count of made tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.engines.choice import engine
from enforcement_sim.files.read import load, scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.measures.counterfactual import counterfactual
from enforcement_sim.measures.matching import Identities, partners
from enforcement_sim.measures.pairs import KEPT, MISSED, OUTCOMES, UNKNOWN, Half, Side, paired
from enforcement_sim.measures.register import register
from enforcement_sim.measures.visits import visits
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import CASE
from enforcement_sim.records import NONE

ROOT = Path(__file__).parents[2]
IN_BASE = ["only_base", "both", "base_changed_unknown", "case_only_base"]
IN_CHANGED = ["only_changed", "both", "changed_base_unknown", "case_only_changed"]


def side_of(scenario: Scenario, name: str = "fast", seed: int | None = None) -> Side:
    plan = build(scenario, seed)
    return Side(engine(name)(plan, 0), plan)


def register_of(side: Side) -> pd.DataFrame:
    return register(side.log, side.plan, visits(side.log))


# Work of two days each by one officer; a limit of three days. The first is done on day 2, the others wait for it.
STORY = """format: 1
title: limits
purpose: theory
period: {length: HORIZON}
teams: {staff: {officers: OFFICERS}}
procedures:
  p:
    stages:
      work: {kind: work, team: staff, duration: 48 h, then: closed}
    clocks:
      three: {rule: made up, limit: 3 calendar days, rolls: false, starts: {stage: work, when: entered}, stops: {stage: work}}
origins: {cases: {process: listed, enters: work, at: [0 h, 0 h, 0 h, 192 h]}}
"""


def story(officers: int, horizon: str = "20 days", more: str = "") -> Side:
    text = STORY.replace("OFFICERS", str(officers)).replace("HORIZON", horizon).replace("192 h", f"192 h{more}")
    return side_of(scenario_of(parse_text(text, "story.yaml")), "reference")


def test_cases_saved_and_lost_are_those_counted_by_hand() -> None:
    one, three = story(1), story(3)
    found = counterfactual(three, one)

    # With one officer work ends on days 2, 4 and 6; day 4 begins the first second that is too late for all of them.
    assert found.table["case"].tolist() == ["cases/office/case/office/1", "cases/office/case/office/2"]
    assert set(found.table["outcome"]) == {"only_changed"}
    assert found.table["days_over_changed"].tolist() == [0.0, 2.0]
    assert found.table["days_over_base"].isna().all()
    assert (found.table["last_day_base"] == found.table["last_day_changed"]).all()
    assert set((found.table["last_day_base"] - found.table["filed"]).dt.days) == {3}
    assert found.table["cause_changed"].tolist() == ["line", "line"]
    assert found.table["cause_days_changed"].tolist() == [2.0, 4.0]
    assert found.table[["differs", "differs_stage"]].drop_duplicates().to_numpy().tolist() == [["line", "work"]]
    assert found.table["differs_days"].tolist() == [2.0, 4.0]  # with three officers none waits
    assert found.cases == (4, 0, 0)
    told = found.counts[found.counts["jurisdiction_base"] == "all"].iloc[0]
    assert (told["only_changed"], told["neither"], told["unknown"]) == (2, 2, 0)
    saved = counterfactual(one, three)
    assert saved.table["outcome"].tolist() == ["only_base", "only_base"]
    assert saved.table["cause_base"].tolist() == ["line", "line"]
    assert saved.table["differs_days"].tolist() == [-2.0, -4.0]


def test_what_runs_on_at_the_end_is_missed_if_its_limit_is_over_and_unknown_if_not() -> None:
    late, early = story(1, "5 days"), story(3, "5 days")
    found = counterfactual(early, late)

    assert found.table["runs_on_changed"].tolist() == [False, True]
    assert found.table["days_over_changed"].tolist() == [0.0, 1.0]  # so far
    young = counterfactual(story(3, "3 days"), story(1, "3 days"))
    assert young.table.empty
    assert young.counts[["unknown", "neither"]].iloc[0].tolist() == [2, 1]


def test_missed_in_one_scenario_and_open_in_the_other_is_neither_saved_nor_lost() -> None:
    # The limit runs from the work on: the third case has not begun on the horizon where there is one officer.
    text = STORY.replace("HORIZON", "5 days").replace("when: entered", "when: started").replace("3 cal", "1 cal")
    sides = [side_of(scenario_of(parse_text(text.replace("OFFICERS", n), "s.yaml")), "reference") for n in ("3", "1")]
    found = counterfactual(*sides)

    assert found.table["outcome"].tolist() == ["both", "both", "base_changed_unknown"]
    assert found.table["state_changed"].tolist()[-1] == "unknown"


def test_cases_of_one_scenario_alone_are_told_apart() -> None:
    found = counterfactual(story(1), story(1, more=", 192 h"))

    assert found.cases == (4, 0, 1)
    assert found.table["outcome"].tolist() == ["both", "both", "case_only_changed"]
    assert found.table["state_base"].tolist()[-1] == "no_case"
    assert found.table["jurisdiction_base"].tolist()[-1] == ""
    assert found.table["differs"].tolist() == ["", "", ""]
    assert found.table["differs_days"].isna().tolist() == [False, False, True]
    assert found.table["number_base"].isna().tolist() == [False, False, True]


TWICE = """format: 1
title: a clock that runs twice
purpose: theory
period: {length: 20 days}
procedures:
  p:
    stages:
      check: {kind: wait, duration: {family: listed, values: [DAYS]}, then: {by: visit, ways: {0: check}, otherwise: closed}}
    clocks:
      three: {rule: made up, limit: 3 calendar days, rolls: false, starts: {stage: check, when: entered}, stops: {stage: check}}
origins: {cases: {process: listed, enters: check, at: [0 h]}}
"""


def twice(first: int, second: int) -> Side:
    text = TWICE.replace("DAYS", f"[{first} days, {second} days]")
    return side_of(scenario_of(parse_text(text, "twice.yaml")), "reference")


def test_a_clock_that_runs_twice_is_missed_once_and_told_of_its_first_miss() -> None:
    [row] = counterfactual(twice(1, 6), twice(6, 5)).table.to_dict("records")

    assert row["outcome"] == "both"
    assert (row["misses_base"], row["misses_changed"]) == (1, 2)
    assert (row["days_over_base"], row["days_over_changed"]) == (2.0, 2.0)  # not 1.0, that of the second run
    assert [(row[f"last_day_{side}"] - row["filed"]).days for side in ("base", "changed")] == [4, 3]
    [row] = counterfactual(twice(1, 1), twice(1, 6)).table.to_dict("records")
    assert row["outcome"] == "only_changed"
    assert (row["differs"], row["differs_stage"], row["differs_days"]) == ("wait", "check", 5.0)
    assert [(row[f"last_day_{side}"] - row["filed"]).days for side in ("base", "changed")] == [4, 4]


def test_what_differs_is_told_of_the_time_while_the_clock_ran() -> None:
    text = TWICE.replace(
        "    stages:\n", "    stages:\n      before: {kind: wait, duration: BEFORE days, then: check}\n"
    )
    text = text.replace("enters: check", "enters: before")
    sides = [
        side_of(scenario_of(parse_text(text.replace("BEFORE", n).replace("DAYS", days), "before.yaml")), "reference")
        for n, days in (("1", "[2 days, 1 days]"), ("9", "[6 days, 1 days]"))
    ]
    [row] = counterfactual(*sides).table.to_dict("records")

    # The first run of the clock is missed after the change. Before it began the case stood eight days longer.
    assert (row["outcome"], row["differs"], row["differs_stage"]) == ("only_changed", "wait", "check")
    assert row["differs_days"] == 6.0 - 1.0  # beside the last run in the base, as none was missed there


def test_a_clock_is_chosen_by_name_and_one_that_no_scenario_has_gives_nothing() -> None:
    assert len(counterfactual(story(3), story(1), "three").table) == 2
    nothing = counterfactual(story(3), story(1), "four")
    assert nothing.table.empty
    assert nothing.counts.empty


PAIRS = [
    ("tests/data/small_base.yaml", "tests/data/small_shift.yaml"),
    ("scenarios/wenzhou/base.yaml", "scenarios/wenzhou/no_added_staff.yaml"),
    ("scenarios/tianjin/base.yaml", "scenarios/tianjin/shift_without_staff.yaml"),
]


@pytest.fixture(scope="module", params=PAIRS, ids=lambda pair: Path(pair[1]).stem)
def sides(request: pytest.FixtureRequest) -> tuple[Side, Side]:
    base, changed = (side_of(load(ROOT / file), seed=5) for file in request.param)
    return base, changed


def test_what_is_missed_more_is_what_is_lost_less_what_is_saved(sides: tuple[Side, Side]) -> None:
    found = counterfactual(*sides)
    total = found.counts[found.counts["jurisdiction_base"] == "all"].set_index("clock")
    apart = found.counts[found.counts["jurisdiction_base"] != "all"].groupby("clock")[list(OUTCOMES)].sum()
    listed = [register_of(side).drop_duplicates(["case", "clock"]) for side in sides]

    for one, columns, name in zip(listed, (IN_BASE, IN_CHANGED), ("base", "changed"), strict=True):
        expected = one.groupby("clock").size().reindex(total.index, fill_value=0)
        assert total[columns].sum(axis=1).tolist() == expected.tolist()
        assert found.table[f"misses_{name}"].sum() == len(register_of(sides[name == "changed"]))
    lost = total[["only_changed", "changed_base_unknown", "case_only_changed"]].sum().sum()
    saved = total[["only_base", "base_changed_unknown", "case_only_base"]].sum().sum()
    assert len(listed[1]) - len(listed[0]) == lost - saved
    pd.testing.assert_frame_equal(apart.loc[total.index], total[list(OUTCOMES)], check_dtype=False)
    assert total.sum(numeric_only=True).sum() > 0


def test_rows_of_the_table_are_those_of_the_register(sides: tuple[Side, Side]) -> None:
    found = counterfactual(*sides).table
    for side, name in zip(sides, ("base", "changed"), strict=True):
        mine = found[found[f"state_{name}"] == "missed"].set_index([f"number_{name}", "clock"])
        told = register_of(side).drop_duplicates(["case", "clock"]).set_index(["case", "clock"])
        assert len(mine) == len(told)
        told = told.loc[mine.index]
        for column in ("jurisdiction", "days_over", "cause", "cause_stage", "cause_days"):
            assert mine[f"{column}_{name}"].tolist() == told[column].tolist()
        last = (pd.Timestamp(side.plan.day_tables[0].first) + pd.to_timedelta(told["due"] - 1, "s")).dt.normalize()
        assert mine[f"last_day_{name}"].tolist() == last.tolist()


def test_a_scenario_beside_itself_has_no_differences(sides: tuple[Side, Side]) -> None:
    for side in sides:
        found = counterfactual(side, side)
        assert found.cases == (len(side.log.cases), 0, 0)
        assert found.counts[[o for o in OUTCOMES if o not in ("both", "unknown", "neither")]].sum().sum() == 0
        assert len(found.table) == len(register_of(side).drop_duplicates(["case", "clock"]))
        assert (found.table["days_over_base"] == found.table["days_over_changed"]).all()
        assert (found.table["differs_days"] == 0.0).all()


def test_the_same_names_are_the_same_cases_with_the_same_facts(sides: tuple[Side, Side]) -> None:
    base, changed = sides
    same = partners(Identities.of(base.log), Identities.of(changed.log))
    mine = np.flatnonzero(same != NONE)
    left, right = base.log.cases[same[mine]], changed.log.cases[mine]

    assert len(np.unique(same[mine])) == len(mine) > 0.99 * len(same)
    for fact in ("address", "ordinal", "stream", "home", "kind", "severity", "enters"):
        assert (left[fact] == right[fact]).all(), fact
    door = right["parent"] == NONE
    assert (left["filed"] == right["filed"])[door].all()
    parents = same[right["parent"][~door]]
    assert (parents == left["parent"][~door]).all()  # child matters of the same case


def test_a_case_that_comes_at_another_time_is_another_case_and_so_are_its_children() -> None:
    address, ordinal = np.array([5, 5, 9], dtype=np.uint64), np.array([0, 1, 1])
    base = Identities(address, ordinal, np.array([10, 20, 20]))

    assert partners(base, base).tolist() == [0, 1, 2]
    assert partners(base, Identities(address, ordinal, np.array([10, 21, 21]))).tolist() == [0, NONE, NONE]
    assert partners(base, Identities(address[::-1], ordinal[::-1], np.array([20, 20, 10]))).tolist() == [2, 1, 0]
    assert partners(Identities(address[:0], ordinal[:0], ordinal[:0]), base).tolist() == [NONE] * 3


def test_a_child_matter_may_begin_at_another_time() -> None:
    def told(child_filed: int, grandchild_filed: int, parent_filed: int = 10) -> Identities:
        cases = np.zeros(4, dtype=CASE)
        cases["address"], cases["parent"] = [7, 8, 9, 7], [NONE, 0, 1, NONE]
        cases["filed"], cases["ordinal"] = [parent_filed, child_filed, grandchild_filed, 12], [0, 0, 0, 1]
        return Identities.of(SimpleNamespace(cases=cases))  # type: ignore[arg-type]

    assert partners(told(20, 30), told(25, 45)).tolist() == [0, 1, 2, 3]
    assert partners(told(20, 30), told(20, 30, 11)).tolist() == [NONE, NONE, NONE, 3]


CASES = 6
ROWS = st.dictionaries(
    st.tuples(st.integers(0, CASES - 1), st.integers(0, 1)), st.sampled_from([MISSED, KEPT, UNKNOWN]), max_size=8
)
FLAGS = st.lists(st.booleans(), min_size=CASES, max_size=CASES)


def half_of(rows: dict[tuple[int, int], int], who: list[int], is_open: list[bool], has: list[bool]) -> Half:
    """A made half: cases that go by numbers of `who`, and what their clocks have come to."""
    keys = sorted((who.index(case), clock) for case, clock in rows if case in who)
    case, clock = np.array(keys, dtype=np.int64).reshape(-1, 2).T
    state = np.array([rows[who[c], k] for c, k in keys], dtype=np.int64)
    numbers = np.array(who, dtype=np.int64)
    identities = Identities(np.zeros(len(who), dtype=np.uint64), numbers, numbers)
    flags = [np.array([given[w] for w in who], dtype=np.bool_) for given in (is_open, has)]
    has_clock = np.stack([flags[1], ~flags[1]], axis=1)
    return Half(identities, flags[0], has_clock, case, clock, state, (state == MISSED).astype(np.int64), *[state] * 3)


@given(ROWS, ROWS, st.permutations(range(CASES)), st.permutations(range(CASES)), FLAGS, FLAGS, st.integers(1, CASES))
def test_made_tables_are_paired_like_a_plain_count(
    base: dict[tuple[int, int], int], changed: dict[tuple[int, int], int], first: list[int], second: list[int],
    is_open: list[bool], has: list[bool], most: int,
) -> None:  # fmt: skip
    halves = half_of(base, first[:most], is_open, has), half_of(changed, second, is_open[::-1], has)
    pairs = paired(*halves, partners(halves[0].who, halves[1].who))

    def state(rows: dict[tuple[int, int], int], key: tuple[int, int], who: list[int], opened: list[bool]) -> str:
        if key[0] not in who:
            return "none"
        if key in rows:
            return {MISSED: "missed", KEPT: "kept", UNKNOWN: "unknown"}[rows[key]]
        return "unknown" if opened[key[0]] and has[key[0]] == (key[1] == 0) else "kept"

    def outcome(one: str, other: str) -> str:
        if one == other == "missed":
            return "both"
        if one == "missed":
            return {"kept": "only_base", "unknown": "base_changed_unknown", "none": "case_only_base"}[other]
        if other == "missed":
            return {"kept": "only_changed", "unknown": "changed_base_unknown", "none": "case_only_changed"}[one]
        return "unknown" if "unknown" in (one, other) else "neither"

    told = {key for key in base if key[0] in first[:most]} | set(changed)
    sides = [(base, first[:most], is_open), (changed, second, is_open[::-1])]
    expected = Counter(outcome(*(state(rows, key, who, opened) for rows, who, opened in sides)) for key in told)
    found = Counter(OUTCOMES[number] for number in pairs.outcome.tolist())
    assert found == expected
    missed = [sum(found[outcome] for outcome in columns) for columns in (IN_BASE, IN_CHANGED)]
    assert missed == [int(half.misses.sum()) for half in halves]
