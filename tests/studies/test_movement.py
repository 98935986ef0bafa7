"""Movements of cases: every number counted again from visits, and the bytes of a page read back."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unpacked import numbers, unpacked_counts, unpacked_moves

from enforcement_sim.files.read import load
from enforcement_sim.measures.clocks import closing_times
from enforcement_sim.measures.matching import Identities
from enforcement_sim.measures.pairs import Side
from enforcement_sim.measures.visits import visits
from enforcement_sim.records import DAY, NONE
from enforcement_sim.studies.movement import Flow, Movements, movements
from enforcement_sim.studies.replicate import one_log
from enforcement_sim.views.packing import packed_counts, packed_moves, varints

DATA = Path(__file__).parents[1] / "data"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
PREEMPTED = """
format: 1
title: {en: Broken off, zh: 中断}
purpose: theory
period: {length: 9 days}
teams: {staff: {officers: 1, preempts: true}}
procedures:
  p:
    stages:
      routine: {kind: work, team: staff, duration: 40 h, priority: 2, then: rest}
      rest: {kind: wait, duration: 30 h, then: again}
      again: {kind: work, team: staff, duration: 1 h, priority: 2, then: closed}
      urgent: {kind: work, team: staff, duration: 10 h, priority: 1, then: closed}
origins:
  routine: {process: listed, enters: routine, at: [0 h, 24 h, 30 h]}
  urgent: {process: listed, enters: urgent, at: [20 h, 66 h, 71 h]}
"""


def side(file: Path) -> Side:
    return Side(*one_log(load(file), 0, None))


@pytest.fixture(scope="module")
def small() -> tuple[Side, Side]:
    return side(DATA / "small_shift.yaml"), side(DATA / "small_base.yaml")


@pytest.fixture(scope="module")
def city() -> tuple[Side, Side]:
    folder = SCENARIOS / "tianjin"
    return side(folder / "shift_without_staff.yaml"), side(folder / "base.yaml")


@pytest.fixture(scope="module", params=["small", "town", "city", "city base", "backlog", "broken off"])
def moved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Movements, list[Side]]:
    if request.param in ("small", "city"):
        sides = list(request.getfixturevalue(request.param))
    elif request.param == "town":
        sides = [side(DATA / "town" / "change.yaml"), side(DATA / "town" / "base.yaml")]
    elif request.param == "city base":
        sides = [request.getfixturevalue("city")[1]]
    elif request.param == "backlog":
        sides = [side(SCENARIOS / "backlog" / "reconsideration_2024.yaml")]
    else:
        file = tmp_path_factory.mktemp("broken") / "office.yaml"
        file.write_text(PREEMPTED, encoding="utf-8")
        sides = [side(file)]
    return movements(*sides), sides


def flows(moved: Movements) -> list[Flow]:
    return [moved.changed] if moved.base is None else [moved.changed, moved.base]


def midnights(moved: Movements, one: Side) -> Iterator[tuple[int, int]]:
    """Some midnights of the span and their seconds; all of them in short spans."""
    first = (moved.first - one.plan.day_tables[0].first).days
    for day in range(0, moved.days, max(moved.days // 60, 1)):
        yield day, (first + day) * DAY


def test_lines_and_work_are_those_of_the_visits(moved: tuple[Movements, list[Side]]) -> None:
    found, sides = moved
    for flow, one in zip(flows(found), sides, strict=True):
        names, seen = one.plan.names, visits(one.log)
        field = one.log.cases["field"][seen.case]
        is_ours = np.isin(field, [names.fields.index(name) for name in found.fields])
        begun = np.where(seen.before, -1, seen.entered)
        own = [(names.jurisdictions[team["jurisdiction"]], names.roles[team["role"]]) for team in one.plan.teams]
        offices = [found.offices.index(name) if name in found.offices else -2 for name in own]
        office = np.array([*offices, NONE])[seen.team]
        for day, second in midnights(found, one):
            inside = is_ours & (begun < second) & (second <= seen.left)
            services = seen.services
            at_work = np.zeros(len(seen), dtype=bool)
            at_work[services.visit[(services.start < second) & (second <= services.end)]] = True
            in_line = [int((inside & (office == o) & ~at_work).sum()) for o in range(len(found.offices))]
            in_work = [int((inside & (office == o) & at_work).sum()) for o in range(len(found.offices))]

            assert flow.waiting[:, day].tolist() == in_line
            assert flow.in_work[:, day].tolist() == in_work
            assert flow.outside[day] == (inside & (seen.team == NONE)).sum()
            assert (inside & (office == -2)).sum() == 0  # an office that is left out has no case


def test_filed_is_closed_plus_open_at_every_midnight(moved: tuple[Movements, list[Side]]) -> None:
    for flow in flows(moved[0]):
        is_open = flow.waiting.sum(axis=0) + flow.in_work.sum(axis=0) + flow.outside

        assert flow.filed.tolist() == (flow.closed + is_open).tolist()
        assert flow.filed[-1] <= moved[0].chosen


def keys(one: Side) -> list[tuple[int, int, int]]:
    who = Identities.of(one.log)
    return list(zip(who.address.tolist(), who.ordinal.tolist(), who.begun.tolist(), strict=True))


def test_chosen_are_the_cases_of_the_fields_that_a_midnight_sees_open(moved: tuple[Movements, list[Side]]) -> None:
    found, sides = moved
    start = (found.first - sides[0].plan.day_tables[0].first).days
    seen, in_span, ours = set(), set(), set()
    for one in sides:
        fields = one.plan.names.fields
        closed = closing_times(one.log).tolist()
        rows = zip(keys(one), one.log.cases["field"].tolist(), one.log.cases["filed"].tolist(), closed, strict=True)
        for who, field, filed, over in rows:
            if fields[field] not in found.fields:
                continue
            ours.add(who)
            first, last = start * DAY, (start + found.days - 1) * DAY
            if filed < last and over >= first:
                in_span.add(who)
            midnight = max((filed // DAY + 1) * DAY, first)  # the first that could see it
            if midnight <= min(over, last):
                seen.add(who)

    assert found.chosen == len(seen)
    assert found.same_day == len(in_span - seen)
    assert found.elsewhen == len(ours - in_span)


def test_the_moves_of_all_cases_add_up_to_the_counts(moved: tuple[Movements, list[Side]]) -> None:
    sides = moved[1]
    found = movements(*sides, most=10**9)

    assert found.every == 1
    for flow in flows(found):
        standing = replayed(flow, found)
        assert standing[0:-2:2].tolist() == flow.waiting.tolist()
        assert standing[1:-2:2].tolist() == flow.in_work.tolist()
        assert standing[-2:].tolist() == [flow.outside.tolist(), flow.closed.tolist()]


def replayed(flow: Flow, found: Movements) -> np.ndarray[Any, Any]:
    """How many drawn cases stand at each place at each midnight, from their moves alone."""
    standing = np.zeros((2 * len(found.offices) + 2, found.days), dtype=np.int64)
    for begin, end in itertools.pairwise(flow.start.tolist()):
        days = [*flow.day[begin:end].tolist(), found.days]
        places = flow.place[begin:end].tolist()
        assert all(one != other for one, other in itertools.pairwise(places))
        for place, (since, until) in zip(places, itertools.pairwise(days), strict=True):
            assert since < until
            standing[place, since:until] += 1
    return standing


def test_of_many_cases_every_kth_is_drawn_and_all_are_counted(small: tuple[Side, Side]) -> None:
    whole, part = movements(*small), movements(*small, most=100)

    assert part.every == -(-whole.chosen // 100)
    assert whole.every == 1
    assert len(part.changed.start) - 1 == len(range(0, whole.chosen, part.every)) <= 100
    for some, every in zip(flows(part), flows(whole), strict=True):
        assert some.waiting.tolist() == every.waiting.tolist()
        for number in range(len(some.start) - 1):
            mine = slice(*some.start[number : number + 2])
            same = slice(*every.start[number * part.every : number * part.every + 2])
            assert some.day[mine].tolist() == every.day[same].tolist()
            assert some.place[mine].tolist() == every.place[same].tolist()


def test_both_sides_show_the_same_cases_and_part_only_after_the_change(small: tuple[Side, Side]) -> None:
    found = movements(*small)
    assert found.base is not None
    assert found.reform is not None

    def before(flow: Flow, number: int) -> list[tuple[int, int]]:
        mine = slice(*flow.start[number : number + 2])
        moves = zip(flow.day[mine].tolist(), flow.place[mine].tolist(), strict=True)
        return [move for move in moves if move[0] <= found.reform]

    assert len(found.changed.start) == len(found.base.start) == found.chosen + 1
    assert all(before(found.changed, number) == before(found.base, number) for number in range(found.chosen))
    assert found.changed.waiting.tolist() != found.base.waiting.tolist()


def test_the_span_is_a_year_before_and_after_the_reform(city: tuple[Side, Side]) -> None:
    found = movements(*city)

    assert (found.first, found.days, found.reform) == (dt.date(2023, 1, 1), 365 + 366 + 1, 365)
    assert found.fields == ("urban",)
    assert {place for place, _ in found.offices} == {"tianjin", "binhai", "jinghai", "baodi"}


def test_without_a_reform_all_fields_and_all_of_the_time_are_shown(small: tuple[Side, Side]) -> None:
    found = movements(small[1])

    assert (found.first, found.days, found.reform) == (dt.date(2023, 1, 1), 732, None)
    assert found.fields == ("urban", "market")
    roles = ("enforcement", "reviewers")
    assert found.offices == (*(("city", role) for role in roles), ("east", roles[0]), ("west", roles[0]))


def test_cases_of_one_day_are_shown_if_asked_for(small: tuple[Side, Side]) -> None:
    without, found = movements(*small), movements(*small, same_day=True)

    assert without.same_day > 0
    assert found.same_day == 0
    assert found.chosen == without.chosen + without.same_day
    assert found.changed.waiting.tolist() == without.changed.waiting.tolist()
    assert found.changed.closed[-1] > without.changed.closed[-1]


def test_a_span_can_be_given_and_must_lie_in_the_run(small: tuple[Side, Side]) -> None:
    whole = movements(*small)
    found = movements(*small, span=(dt.date(2023, 12, 1), dt.date(2024, 2, 1)))

    at = (found.first - whole.first).days
    assert (found.days, found.reform) == (63, 31)
    shown = dict(zip(found.offices, found.changed.waiting.tolist(), strict=True))
    for office, line in zip(whole.offices, whole.changed.waiting[:, at : at + 63].tolist(), strict=True):
        assert shown.get(office, [0] * 63) == line
    for span in ((dt.date(2022, 1, 1), dt.date(2024, 1, 1)), (dt.date(2024, 2, 1), dt.date(2024, 1, 1))):
        with pytest.raises(ValueError, match="is no span of the time of the runs"):
            movements(*small, span=span)


def test_runs_of_other_days_are_not_laid_beside_each_other(small: tuple[Side, Side], city: tuple[Side, Side]) -> None:
    with pytest.raises(ValueError, match="do not begin on the same day"):
        movements(small[0], city[1])


def test_what_is_packed_can_be_read_back(moved: tuple[Movements, list[Side]]) -> None:
    found, _ = moved
    for flow in flows(found):
        assert unpacked_moves(packed_moves(flow), len(flow.start) - 1) == (
            flow.start.tolist(), flow.day.tolist(), flow.place.tolist(),
        )  # fmt: skip
        rows = unpacked_counts(packed_counts(flow), found.days)
        assert rows[0:-3:2] == flow.waiting.tolist()
        assert rows[1:-3:2] == flow.in_work.tolist()
        assert rows[-3:] == [flow.outside.tolist(), flow.closed.tolist(), flow.filed.tolist()]


def test_numbers_of_any_size_have_bytes_and_those_below_zero_have_none() -> None:
    told = [0, 1, 127, 128, 300, 16_383, 16_384, 2_097_152, 2**40]

    assert list(numbers(varints(np.array(told)))) == told
    assert varints(np.zeros(0, dtype=np.int64)) == b""
    with pytest.raises(ValueError, match="only numbers from 0 on"):
        varints(np.array([3, -1]))


def test_fifty_thousand_cases_take_less_than_three_hundred_kilobytes(city: tuple[Side, Side]) -> None:
    found = movements(city[1])

    assert len(found.changed.start) - 1 > 40_000
    assert len(packed_moves(found.changed)) < 300_000
