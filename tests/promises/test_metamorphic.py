"""What must hold between two runs: more officers, longer days, other names, an origin in two halves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.visits import OPEN, visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, HOUR, What

POOL = """format: 1
title: pool
purpose: theory
period: {length: 200 days}
calendars: {office: {hours: ["09:00-12:00", "13:00-18:00"]}}
teams: {staff: {officers: %d%s}}
procedures:
  p: {stages: {work: {kind: work, team: staff, duration: {family: exponential, mean: 6 h}, then: closed}}}
origins: {cases: {process: poisson, rate: 8 per day, enters: work}}
"""


def told(text: str, replication: int = 0) -> tuple[Plan, EventLog]:
    plan = build(scenario_of(parse_text(text, "metamorphic.yaml")))
    return plan, run(plan, replication)


@pytest.mark.parametrize("more", ["", ", calendar: office", ", calendar: office, at_close: overtime"])
@pytest.mark.parametrize("officers", [1, 2, 6])
def test_one_more_officer_makes_no_case_start_later_and_no_backlog_larger(officers: int, more: str) -> None:
    _, few = told(POOL % (officers, more))
    _, many = told(POOL % (officers + 1, more))
    a, b = visits(few), visits(many)

    assert a.case.tolist() == b.case.tolist()
    assert (b.started <= a.started).all()
    # Departures in the order in which they happen: the n-th of the larger team is no later than that of the smaller.
    assert (np.sort(b.left) <= np.sort(a.left)).all()
    assert (b.started < a.started).any()


def test_days_and_work_of_twice_the_length_give_the_same_log_in_working_time() -> None:
    """An office of 4 hours a day beside one of 8, in which everything comes and lasts twice as long."""
    text = """format: 1
title: hours
purpose: theory
period: {length: 120 days}
calendars: {office: {hours: ["08:00-%s"]}}
teams: {staff: {officers: 2, calendar: office, line: skip}, head: {officers: 1, calendar: office}}
procedures:
  p:
    stages:
      inquiry: {kind: work, team: staff, officers: 2, duration: {family: discrete, values: [%s], shares: [0.5, 0.3, 0.2]}, then: {sign: 0.6, desk: 0.4}}
      desk: {kind: work, team: staff, duration: %s, then: sign}
      sign: {kind: work, team: head, priority: 1, duration: %s, then: closed}
origins: {cases: {process: listed, enters: inquiry, at: [%s]}}
"""
    arrivals = [(n * 7 % 100, (n * 1237) % (4 * HOUR)) for n in range(150)]  # day, seconds of working time in it

    def office(times: int) -> tuple[Plan, EventLog]:
        at = ", ".join(f"{day * DAY + 8 * HOUR + times * second} s" for day, second in sorted(arrivals))
        lengths = ", ".join(f"{times * hours} h" for hours in (1, 3, 7))
        closes = f"{8 + 4 * times:02d}:00"
        return told(text % (closes, lengths, f"{times * 2} h", f"{times} h", at))

    (short_plan, short), (long_plan, long) = office(1), office(2)
    worked = [plan.work_tables[1].worked(log.time) for plan, log in ((short_plan, short), (long_plan, long))]

    assert len(short) > 1000
    for column in ("case", "what", "stage", "team"):
        assert getattr(short, column).tolist() == getattr(long, column).tolist()
    assert (2 * worked[0]).tolist() == worked[1].tolist()


TWO = """format: 1
title: two
purpose: theory
period: {{length: 100 days}}
fields: {{food: {{procedure: {first}}}, water: {{procedure: {second}}}}}
teams: {{{teams}}}
procedures: {{{procedures}}}
origins:
  food: {{process: poisson, rate: 4 per day, enters: check, fields: food}}
  water: {{process: poisson, rate: 5 per day, enters: measure, fields: water}}
"""


def two(names: tuple[str, str], order: tuple[int, int]) -> EventLog:
    """Two fields, each with a team of its own, in an order and under names."""
    teams = [f"{names[0]}: {{officers: 2, fields: [food]}}", f"{names[1]}: {{officers: 3, fields: [water]}}"]
    procedures = [
        f"a: {{stages: {{check: {{kind: work, team: {names[0]}, duration: {{family: exponential, mean: 10 h}}, then: closed}}}}}}",
        f"b: {{stages: {{measure: {{kind: work, team: {names[1]}, duration: {{family: exponential, mean: 12 h}}, then: closed}}}}}}",
    ]
    return told(
        TWO.format(
            first="a",
            second="b",
            teams=", ".join(teams[i] for i in order),
            procedures=", ".join(procedures[i] for i in order),
        )
    )[1]


def facts(log: EventLog, names: dict[str, str]) -> list[tuple[object, ...]]:
    """Rows with names instead of numbers; `names` says what a team is called elsewhere."""
    stages, teams = log.names.stages, log.names.teams
    columns = zip(
        log.time.tolist(), log.case.tolist(), log.what.tolist(), log.stage.tolist(), log.team.tolist(), strict=True
    )
    return [
        (
            time,
            case,
            what,
            stages[stage] if stage >= 0 else "",
            names.get(teams[team], teams[team]) if team >= 0 else "",
        )
        for time, case, what, stage, team in columns
    ]


def test_other_names_and_another_order_of_teams_change_nothing_but_the_names() -> None:
    plain = facts(two(("one", "two"), (0, 1)), {})

    assert len(plain) > 2000
    assert facts(two(("zebra", "ape"), (0, 1)), {"zebra": "one", "ape": "two"}) == plain
    assert facts(two(("one", "two"), (1, 0)), {}) == plain
    assert facts(two(("two", "one"), (1, 0)), {"two": "one", "one": "two"}) == plain


def test_an_origin_in_two_halves_changes_totals_only_by_chance() -> None:
    whole = POOL % (3, "")
    half = "{process: poisson, rate: 4 per day, enters: work}"
    halves = whole.split("origins:")[0] + f"origins: {{one: {half}, other: {half}}}\n"

    def totals(text: str) -> tuple[np.ndarray, np.ndarray]:
        """Cases that closed, and the mean hours in line, replication by replication."""
        plan = build(scenario_of(parse_text(text, "halves.yaml")))
        logs = [run(plan, n) for n in range(20)]
        closed = np.array([log.rows(What.CLOSED).sum() for log in logs])
        stays = [visits(log) for log in logs]
        waits = [((s.started - s.entered)[s.started != OPEN] / HOUR).mean() for s in stays]
        return closed, np.array(waits)

    for one, other in zip(totals(whole), totals(halves), strict=True):
        error = math.sqrt((one.var(ddof=1) + other.var(ddof=1)) / len(one))
        assert abs(one.mean() - other.mean()) < 4 * error
        assert one.tolist() != other.tolist()
        assert error < 0.15 * one.mean()


def test_a_stage_that_takes_no_time_and_nobody_changes_no_other_moment() -> None:
    plain = POOL % (2, "")
    more = plain.replace("then: closed}}}", "then: noted}, noted: {kind: decision, then: closed}}}")
    _, one = told(plain)
    _, other = told(more)
    rows = (other.stage != 1) | (other.what == What.CLOSED)

    assert "noted" in more
    assert other.time[rows].tolist() == one.time.tolist()
    assert other.case[rows].tolist() == one.case.tolist()
