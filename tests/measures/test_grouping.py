"""Rows in groups, beside numpy's own sort and brute force over every row."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.backlog import open_at
from enforcement_sim.measures.grouping import Grouping, stable_order
from enforcement_sim.measures.groups import cells, cohort_of
from enforcement_sim.measures.visits import OPEN, Visits, visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import What

DATA = Path(__file__).parent.parent / "data"
KEYS = st.one_of(
    st.lists(st.integers(0, most), max_size=80) for most in (1, 3, 255, 256, 70_000, 2**24 - 1, 2**24, 2**40)
)


@pytest.fixture(scope="module")
def small() -> tuple[Plan, EventLog, Visits]:
    plan = build(load(DATA / "small_shift.yaml"))
    log = run(plan, 0)
    return plan, log, visits(log)


@given(KEYS, st.sampled_from([np.int64, np.uint64]))
def test_the_order_is_that_of_a_stable_sort(given: list[int], kind: type) -> None:
    keys = np.array(given, dtype=kind)

    assert np.array_equal(stable_order(keys), np.argsort(keys, kind="stable"))


@pytest.mark.parametrize("most", [1, 300, 70_000, 10_000_000, 2**35])
@pytest.mark.parametrize("kind", [np.int64, np.int32])
def test_the_order_of_many_rows_is_that_of_a_stable_sort(most: int, kind: type) -> None:
    keys = np.random.default_rng(3).integers(0, min(most, np.iinfo(kind).max), 30_000).astype(kind)
    before = keys.copy()

    assert np.array_equal(stable_order(keys), np.argsort(keys, kind="stable"))
    assert np.array_equal(keys, before)


def test_a_negative_key_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 on"):
        stable_order(np.array([3, -1]))


@given(st.integers(0, 6).flatmap(lambda count: st.tuples(st.just(count), st.lists(st.integers(0, count), max_size=40))))
def test_groups_hold_the_rows_of_each_key_as_they_stood(given: tuple[int, list[int]]) -> None:
    count, keys = given
    grouping = Grouping.of(np.array(keys, dtype=np.int64), count)
    rows = [[row for row, key in enumerate(keys) if key == wanted] for wanted in range(count)]

    assert [grouping.rows(key).tolist() for key in range(count)] == rows
    assert [row for key in (-2, -1, count, count + 1) for row in grouping.rows(key)] == []
    assert [(key, grouping.order[a:b].tolist()) for key, a, b in grouping.filled()] == [
        (key, mine) for key, mine in enumerate(rows) if mine
    ]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-40, 40), st.integers(0, 60)), max_size=40),
    st.integers(-3, 3), st.integers(1, 9), st.integers(0, 12),
)  # fmt: skip
def test_open_cases_are_those_that_two_sorts_count(
    stays: list[tuple[int, int, int]], first: int, step: int, count: int
) -> None:
    key, entered, lasts = np.array(stays, dtype=np.int64).reshape(-1, 3).T
    left = np.where(lasts > 50, OPEN, entered + lasts)
    moments = range(first, first + step * count, step)
    told = open_at(key, 4, entered, left, moments)

    assert told.shape == (4, count)
    for number in range(4):
        came, went = np.sort(entered[key == number]), np.sort(left[(key == number) & (left != OPEN)])
        assert np.array_equal(told[number], np.searchsorted(came, moments) - np.searchsorted(went, moments))


@pytest.mark.parametrize("by_field", [True, False])
def test_cells_hold_every_row_where_it_belongs_and_in_its_order(
    small: tuple[Plan, EventLog, Visits], by_field: bool
) -> None:
    plan, log, seen = small
    year, row = cohort_of(plan, seen.entered), np.arange(len(seen))
    year[::7] = -1
    told = cells(seen.cases, seen.case, seen.stage, year, (row, seen.left), by_field=by_field)
    handler, field = log.cases["handler"][seen.case], log.cases["field"][seen.case]
    expected = []
    for item in range(len(plan.names.stages)):
        for j, place in enumerate(("all", *plan.names.jurisdictions)):
            for f, name in enumerate(("all", *plan.names.fields)):
                if f and not (j and by_field):
                    continue
                here = (seen.stage == item) & ((j == 0) | (handler == j - 1)) & ((f == 0) | (field == f - 1))
                expected += [
                    (item, place, name, label, np.flatnonzero(here & (year == label)).tolist())
                    for label in sorted(set(year[here & (year >= 0)].tolist()))
                ]

    assert len(plan.names.fields) > 1
    assert len({cell.year for cell in told}) > 1
    assert [(c.item, c.jurisdiction, c.field, c.year, c.columns[0].tolist()) for c in told] == expected
    assert all(np.array_equal(cell.columns[1], seen.left[cell.columns[0]]) for cell in told)


def test_a_field_that_is_the_only_one_has_no_cells_of_its_own() -> None:
    log = run(build(load(DATA.parents[1] / "scenarios/theory/mm1.yaml")), 0)
    seen = visits(log)
    told = cells(seen.cases, seen.case, seen.stage, np.zeros(len(seen), dtype=np.int64), (), by_field=True)

    assert {cell.field for cell in told} == {"all"}
    assert len(told) == 2 * len(set(seen.stage.tolist()))


def test_groups_are_those_that_have_rows(small: tuple[Plan, EventLog, Visits]) -> None:
    _, _, seen = small
    cases = seen.cases
    west = list(cases.places).index("west")
    rows = np.where(cases.place == west, 0, 5)
    rows[0] = 0
    told = [(group.jurisdiction, group.field, rows[group.pairs].tolist()) for group in cases.groups(rows)]
    lost = cases.places[cases.place[0]], cases.fields[cases.field[0]]

    assert told[0] == ("all", "all", [5] * (rows > 0).sum())
    assert not [place for place, _, _ in told if place == "west"]
    assert lost not in [(place, field) for place, field, _ in told]
    assert sum(field != "all" for _, field, _ in told) == (rows > 0).sum()


def test_visits_to_a_stage_are_numbered_within_each_case(small: tuple[Plan, EventLog, Visits]) -> None:
    plan, _, seen = small
    met: dict[tuple[int, int], int] = {}
    for row, place in enumerate(zip(seen.case.tolist(), seen.stage.tolist(), strict=True)):
        met[place] = met.get(place, -1) + 1
        assert seen.nth[row] == met[place]

    assert seen.nth.max() > 0
    for stage in range(len(plan.names.stages)):
        assert np.array_equal(seen.of_stage.rows(stage), np.flatnonzero(seen.stage == stage))


ROWS = st.lists(
    st.sampled_from([What.ENTERED, What.STARTED, What.BROKEN_OFF, What.ENDED, What.LAPSED, What.EXTENDED]), max_size=9
).map(lambda rows: [What.ENTERED, *rows])


@given(st.lists(ROWS, max_size=3), st.randoms(use_true_random=False))
def test_visits_are_those_that_rows_tell_one_by_one(
    small: tuple[Plan, EventLog, Visits], of_cases: list[list[What]], mixed: random.Random
) -> None:
    whose = [case for case, rows in enumerate(of_cases) for _ in rows]
    mixed.shuffle(whose)
    left_over = [iter(rows) for rows in of_cases]
    log = log_of(small[1], [(t, case, next(left_over[case]), mixed.randrange(3)) for t, case in enumerate(whose)])
    stood, worked, stages = [], [], []
    for row in np.argsort(log.case, kind="stable").tolist():
        case, what, time = (int(column[row]) for column in (log.case, log.what, log.time))
        if what == What.ENTERED:
            stood.append([case, time, OPEN, OPEN, -1])
            stages.append((case, log.stage[row]))
            continue
        visit = stood[-1]
        if what == What.STARTED:
            visit[2] = min(visit[2], time)
            worked.append([len(stood) - 1, time, OPEN])
        elif what != What.EXTENDED:
            for service in worked:
                if service[0] == len(stood) - 1:
                    service[2] = min(service[2], time)
            if what != What.BROKEN_OFF and visit[3] == OPEN:
                visit[3], visit[4] = time, what
    told = visits(log)
    services = told.services

    assert np.transpose([told.case, told.entered, told.started, told.left, told.how]).tolist() == stood
    assert told.nth.tolist() == [stages[:at].count(stage) for at, stage in enumerate(stages)]
    assert np.transpose([services.visit, services.start, services.end]).tolist() == worked


def log_of(other: EventLog, rows: list[tuple[int, int, What, int]]) -> EventLog:
    """A log of these rows (time, case, what, stage), with cases of another log."""
    time, case, what, stage = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    what, stage, team = what.astype(np.int8), stage.astype(np.int32), np.zeros(len(rows), dtype=np.int32)
    return EventLog(time, case, what, stage, team, other.cases[:3], other.names, other.horizon, 0)
