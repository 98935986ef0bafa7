"""Officers by name, handling officers, pre-emption and a reform's moved cases, on offices drawn by chance."""

from __future__ import annotations

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.visits import visits
from enforcement_sim.plan.build import build
from enforcement_sim.records import What

OFFICE = """format: 1
title: staff
purpose: theory
period: {start: 2024-03-04, end: 2024-06-01}
calendars: {office: {days: china, hours: ["09:00-12:00", "13:00-18:00"]}}
teams: {staff: {calendar: office, %s}}
procedures:
  p:
    stages:
      inquiry: {kind: work, team: staff, officers: %d, duration: {family: exponential, mean: 3 h}, then: reply}
      reply: {kind: wait, duration: {family: exponential, mean: 30 h}, then: decision}
      decision: {kind: work, team: staff, duration: {family: exponential, mean: 1 h}, then: {closed: 0.8, inquiry: 0.2}}
origins: {cases: {process: poisson, rate: 5 per day, enters: inquiry, calendar: office}}
"""


def told(team: str, pairs: int = 1) -> EventLog:
    return run(build(scenario_of(parse_text(OFFICE % (team, pairs), "staff.yaml"))), 0)


def takers(log: EventLog) -> list[tuple[int, int, int]]:
    """(second, case, officer) of every time at which an officer took part in work."""
    rows = log.rows(What.TAKEN)
    return list(zip(log.time[rows].tolist(), log.case[rows].tolist(), log.team[rows].tolist(), strict=True))


@pytest.mark.parametrize("pairs", [1, 2])
def test_officers_by_name_do_what_as_many_officers_without_a_name_do(pairs: int) -> None:
    named, counted = told("people: {li: {}, wang: {}, zhao: {}}", pairs), told("officers: 3", pairs)
    rows = ~named.rows(What.TAKEN)

    assert len(counted) > 1000
    for column in ("time", "case", "what", "stage", "team"):
        assert (getattr(named, column)[rows] == getattr(counted, column)).all()


def test_as_many_officers_take_part_as_the_stage_asks_for_and_none_in_two_works_at_once() -> None:
    log = told("people: {li: {}, wang: {}, zhao: {}, sun: {}}", pairs=2)
    stays = visits(log)
    until = {(int(c), int(s)): int(e) for c, s, e in zip(stays.case, stays.started, stays.left, strict=True)}
    free_from: dict[int, int] = {}
    asked = dict(zip(log.names.stages, (2, 0, 1), strict=False))
    for second, case, officer in takers(log):
        assert free_from.get(officer, 0) <= second
        free_from[officer] = until[case, second]
    for stage, officers in asked.items():
        of_stage = log.stage == log.names.stages.index(stage)
        assert (log.rows(What.TAKEN) & of_stage).sum() == officers * (log.rows(What.STARTED) & of_stage).sum()


def test_a_case_is_handled_by_one_officer_from_the_first_work_to_the_last() -> None:
    log = told("people: {li: {}, wang: {}, zhao: {}}, assignment: handling_officer")
    handled: dict[int, set[int]] = {}
    for _, case, officer in takers(log):
        handled.setdefault(case, set()).add(officer)

    assert len(handled) > 200
    assert {len(officers) for officers in handled.values()} == {1}
    assert len(set.union(*handled.values())) == 3


@pytest.mark.parametrize("cap", [2, 5])
def test_no_officer_ever_has_more_open_cases_than_the_cap(cap: int) -> None:
    log = told(f"people: {{li: {{}}, wang: {{}}, zhao: {{}}}}, assignment: handling_officer, cap: {cap}")
    owner: dict[int, int] = {}
    files: dict[int, set[int]] = {}
    most = 0
    # Within one second cases close before others are taken: rows are gone through in that order.
    rows = sorted(range(len(log)), key=lambda row: (log.time[row], log.what[row] != What.CLOSED))
    for row in rows:
        case = int(log.case[row])
        if log.what[row] == What.TAKEN:
            owner[case] = int(log.team[row])
            files.setdefault(owner[case], set()).add(case)
        elif log.what[row] == What.CLOSED and case in owner:
            files[owner[case]].discard(case)
        most = max([most, *map(len, files.values())])

    assert most == cap


def test_a_case_that_comes_back_waits_only_while_its_officer_is_busy_or_away() -> None:
    log = told("people: {li: {}, wang: {}}, assignment: handling_officer")
    hours = build(scenario_of(parse_text(OFFICE % ("officers: 1", 1), "staff.yaml"))).work_tables[1]
    stays = visits(log)
    served = stays.was_served
    keys = list(zip(stays.case[served].tolist(), stays.started[served].tolist(), strict=True))
    entered = dict(zip(keys, stays.entered[served].tolist(), strict=True))
    left = dict(zip(keys, stays.left[served].tolist(), strict=True))
    all_taken = takers(log)
    free = dict.fromkeys((officer for _, _, officer in all_taken), 0)
    seen: set[int] = set()
    came_back = 0
    for second, case, officer in all_taken:
        if case in seen:
            could = hours.next_open(max(free[officer], entered[case, second]))
            assert second == could  # her next work, begun in the first second in which she is free and there
            came_back += 1
        seen.add(case)
        free[officer] = left[case, second]
    assert came_back > 100


PREEMPTING = """format: 1
title: preemption
purpose: theory
period: {length: 3000 h}
teams: {staff: {officers: 2, preempts: %s, calendar: day}}
calendars: {day: {hours: ["08:00-16:00"]}}
procedures:
  p:
    stages:
      routine: {kind: work, team: staff, priority: 2, duration: {family: exponential, mean: 6 h}, then: closed}
      urgent: {kind: work, team: staff, priority: 1, duration: {family: exponential, mean: 2 h}, then: closed}
origins:
  routine: {process: poisson, rate: 1.5 per day, enters: routine}
  urgent: {process: poisson, rate: 2 per day, enters: urgent}
"""


def work_done(log: EventLog, hours: object) -> dict[int, int]:
    """Working seconds spent on each case that has closed, all its stretches of work together."""
    stays = visits(log)
    spent: dict[int, int] = {}
    for visit, start, end in zip(stays.services.visit, stays.services.start, stays.services.end, strict=True):
        case = int(stays.case[visit])
        end = min(int(end), log.horizon)
        spent[case] = spent.get(case, 0) + hours.worked(end) - hours.worked(int(start))  # type: ignore[attr-defined]
    closed = set(log.case[log.rows(What.CLOSED)].tolist())
    return {case: seconds for case, seconds in spent.items() if case in closed}


def test_work_that_is_broken_off_loses_nothing_and_gains_nothing() -> None:
    plans = [build(scenario_of(parse_text(PREEMPTING % how, "p.yaml"))) for how in ("true", "false")]
    broken, whole = (run(plan, 0) for plan in plans)
    spent, without = (work_done(log, plans[0].work_tables[1]) for log in (broken, whole))
    both = sorted(set(spent) & set(without))

    assert broken.rows(What.BROKEN_OFF).sum() > 50
    assert whole.rows(What.BROKEN_OFF).sum() == 0
    assert len(both) > 300
    assert [spent[case] for case in both] == [without[case] for case in both]


def test_urgent_cases_do_not_notice_routine_ones() -> None:
    with_routine = run(build(scenario_of(parse_text(PREEMPTING % "true", "p.yaml"))), 0)
    alone_text = PREEMPTING.replace(
        "  routine: {process: poisson, rate: 1.5 per day", "  routine: {process: poisson, rate: 0.00001 per day"
    )
    alone = run(build(scenario_of(parse_text(alone_text % "true", "p.yaml"))), 0)

    def urgent(log: EventLog) -> list[int]:
        stays = visits(log)
        return stays.left[stays.stage == log.names.stages.index("urgent")].tolist()

    assert len(urgent(alone)) > 200
    assert urgent(with_routine) == urgent(alone)


MOVED = """format: 1
title: moved
purpose: theory
period: {length: 100 days}
jurisdictions: {city: {level: city}, east: {parent: city}}
teams:
  city: {role: enforcement, jurisdiction: city, officers: 3}
  east: {role: enforcement, jurisdiction: east, officers: 3}
procedures:
  p:
    stages:
      work: {kind: work, team: enforcement, duration: 2 h, then: {by: moved, ways: {moved: county, stayed: city}}}
      county: {kind: decision, then: closed}
      city: {kind: decision, then: closed}
origins: {cases: {process: poisson, rate: 6 per day, enters: work, jurisdiction: city, home: {city: 0.5, east: 0.5}}}
reform: {on: 2001-02-20, giver: city, share: {case: 0.5}}
"""


def test_a_way_by_moved_is_taken_by_those_whom_the_reform_moves_and_by_no_others() -> None:
    log = run(build(scenario_of(parse_text(MOVED, "moved.yaml"))), 0)

    def came_to(stage: str) -> set[int]:
        return set(log.case[log.rows(What.ENTERED) & (log.stage == log.names.stages.index(stage))].tolist())

    moved = set(np.flatnonzero(log.cases["moved"] == 1).tolist())
    assert 30 < len(moved) < 120
    assert came_to("county") == {case for case in moved if case in came_to("county") | came_to("city")}
    assert not came_to("city") & moved


def test_under_pressure_more_is_done_in_the_same_order() -> None:
    plain, pressed = (told(f"officers: 1{more}") for more in ("", ", pressure: [{waiting_each: 3, speed: 1.5}]"))

    def first_starts(log: EventLog) -> list[int]:
        rows = log.rows(What.STARTED) & (log.stage == log.names.stages.index("inquiry"))
        return list(dict.fromkeys(log.case[rows].tolist()))

    n = min(len(first_starts(plain)), len(first_starts(pressed)))
    assert len(first_starts(pressed)) > len(first_starts(plain)) > 50
    assert first_starts(plain)[:n] == first_starts(pressed)[:n]


LISTED = "{family: listed, values: [2 h, 3 h]}"


@pytest.mark.parametrize(
    "team",
    [
        f"officers: 2, absence: {{between: {LISTED}, lasts: 1 h}}",
        f"officers: 2, absence: {{between: 10 h, lasts: {LISTED}}}",
        f"officers: 2, attrition: {{yearly: 0.5, vacant: {LISTED}}}",
    ],
)
def test_lengths_told_case_by_case_are_no_lengths_of_officers(team: str) -> None:
    with pytest.raises(ScenarioError, match="lengths told one by one are those of cases"):
        told(team)
