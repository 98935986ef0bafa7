"""The order within one instant, told as stories and checked on generated offices full of ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.engines.reference import run
from enforcement_sim.errors import GridlockError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.visits import OPEN, visits
from enforcement_sim.plan.build import build
from enforcement_sim.records import HOUR, What


def told(body: str, length: str = "100 h") -> EventLog:
    text = f"format: 1\ntitle: story\npurpose: theory\nperiod: {{length: {length}}}\n{body}"
    return run(build(scenario_of(parse_text(text, "story.yaml"))), 0)


def starts(log: EventLog) -> list[tuple[str, float]]:
    """Who was begun when: (origin, hour), in order of time and case."""
    rows = log.what == What.STARTED
    names = log.names.origins
    return [
        (names[log.cases["origin"][case]], time / HOUR)
        for time, case in zip(log.time[rows].tolist(), log.case[rows].tolist(), strict=True)
    ]


def story(origins: dict[str, str], work: str = "", team: str = "officers: 1") -> EventLog:
    """An office with one team; each origin is (stage options, arrivals in hours)."""
    stages = "\n".join(
        f"      {name}: {{kind: work, team: staff, {what.split('|')[0]}, then: closed}}"
        for name, what in origins.items()
    )
    arrive = "\n".join(
        f"  {name}: {{process: listed, enters: {name}, at: [{what.split('|')[1]}]}}" for name, what in origins.items()
    )
    return told(f"teams: {{staff: {{{team}}}}}\nprocedures:\n  p:\n    stages:\n{stages}{work}\norigins:\n{arrive}\n")


def test_whose_patience_ends_as_an_officer_becomes_free_has_left() -> None:
    log = story({"a": "duration: 5 h|0 h", "b": "duration: 1 h, patience: 4 h, on_give_up: closed|1 h"})

    assert starts(log) == [("a", 0.0)]
    assert (log.what == What.GAVE_UP).sum() == 1


def test_one_second_more_patience_is_enough() -> None:
    log = story({"a": "duration: 5 h|0 h", "b": "duration: 1 h, patience: 14401 s, on_give_up: closed|1 h"})

    assert starts(log) == [("a", 0.0), ("b", 5.0)]


@pytest.mark.parametrize("order", [("a", "urgent", "routine"), ("routine", "urgent", "a"), ("urgent", "a", "routine")])
def test_an_urgent_case_that_arrives_as_the_officer_becomes_free_goes_first_wherever_it_stands_in_the_file(
    order: tuple[str, ...],
) -> None:
    parts = {
        "a": "duration: 5 h|0 h",
        "routine": "duration: 1 h, priority: 2|1 h",
        "urgent": "duration: 1 h, priority: 1|5 h",
    }

    log = story({name: parts[name] for name in order})

    assert starts(log) == [("a", 0.0), ("urgent", 5.0), ("routine", 6.0)]


def test_an_urgent_case_does_not_take_the_desk_from_another() -> None:
    log = story({"a": "duration: 5 h, priority: 2|0 h", "urgent": "duration: 1 h, priority: 1|1 h"})

    assert starts(log) == [("a", 0.0), ("urgent", 5.0)]


def test_a_roster_that_grows_as_a_case_arrives_serves_it_at_once() -> None:
    log = story(
        {"a": "duration: 9 h|0 h", "b": "duration: 1 h|3 h"}, team="officers: 1, roster: [{on: 3 h, officers: 2}]"
    )

    assert starts(log) == [("a", 0.0), ("b", 3.0)]


def test_a_roster_that_shrinks_as_work_ends_lets_nobody_begin() -> None:
    team = "officers: 2, roster: [{on: 3 h, officers: 1}]"
    log = story({"a": "duration: 3 h|0 h", "b": "duration: 9 h|0 h", "c": "duration: 1 h|1 h"}, team=team)

    assert starts(log) == [("a", 0.0), ("b", 0.0), ("c", 9.0)]


def test_nothing_begins_at_the_instant_of_closing() -> None:
    calendars = "calendars: {day: {windows: [{opens: 0 h, closes: 8 h}], repeat_every: 24 h}}\n"
    body = """teams: {staff: {officers: 1, calendar: day}}
procedures: {p: {stages: {a: {kind: work, team: staff, duration: 4 h, then: closed}}}}
origins: {a: {process: listed, enters: a, at: [0 h, 0 h, 0 h]}}
"""
    assert starts(told(calendars + body)) == [("a", 0.0), ("a", 4.0), ("a", 24.0)]


def test_two_officers_are_seized_together_or_not_at_all() -> None:
    log = story(
        {"pair": "duration: 2 h, officers: 2|1 h", "a": "duration: 5 h|0 h", "b": "duration: 3 h|0 h"},
        team="officers: 2",
    )

    assert starts(log) == [("a", 0.0), ("b", 0.0), ("pair", 5.0)]


def test_a_case_that_fits_may_overtake_only_where_the_line_says_so() -> None:
    office = {
        "a": "duration: 4 h, officers: 2|0 h",
        "pair": "duration: 3 h, officers: 2|1 h",
        "one": "duration: 5 h|2 h",
    }

    strict, skip = (story(office, team=f"officers: 3, line: {line}") for line in ("strict", "skip"))

    assert starts(strict) == [("a", 0.0), ("pair", 4.0), ("one", 4.0)]
    assert starts(skip) == [("a", 0.0), ("one", 2.0), ("pair", 4.0)]


def test_officers_of_two_teams_are_taken_together() -> None:
    body = """teams: {officer: {officers: 2, line: skip}, interpreter: {officers: 1}}
procedures:
  p:
    stages:
      both: {kind: work, team: officer, also: {interpreter: 1}, duration: 4 h, then: closed}
      plain: {kind: work, team: officer, duration: 1 h, then: closed}
origins:
  both: {process: listed, enters: both, at: [0 h, 0 h]}
  plain: {process: listed, enters: plain, at: [1 h]}
"""
    assert starts(told(body)) == [("both", 0.0), ("plain", 1.0), ("both", 4.0)]


def test_a_gate_takes_who_arrives_as_it_meets_and_the_team_sees_them_at_once() -> None:
    body = """teams: {staff: {officers: 1}}
procedures:
  p:
    stages:
      panel: {kind: gate, every: 7 h, quota: 2, then: work}
      work: {kind: work, team: staff, duration: 1 h, then: closed}
      urgent: {kind: work, team: staff, duration: 1 h, priority: -1, then: closed}
origins:
  cases: {process: listed, enters: panel, at: [1 h, 7 h, 7 h]}
  urgent: {process: listed, enters: urgent, at: [7 h]}
"""
    assert starts(told(body)) == [("urgent", 7.0), ("cases", 8.0), ("cases", 9.0), ("cases", 14.0)]


def test_a_team_chooses_only_after_the_gate_has_let_cases_pass() -> None:
    body = """teams: {staff: {officers: 1}}
procedures:
  p:
    stages:
      panel: {kind: gate, every: 7 h, then: work}
      work: {kind: work, team: staff, duration: 1 h, priority: 1, then: closed}
      routine: {kind: work, team: staff, duration: 1 h, priority: 2, then: closed}
origins:
  decided: {process: listed, enters: panel, at: [1 h]}
  routine: {process: listed, enters: routine, at: [7 h]}
"""
    assert starts(told(body)) == [("decided", 7.0), ("routine", 8.0)]


def test_moved_cases_take_longer_while_the_new_team_learns() -> None:
    def durations(learning: str) -> dict[int, int]:
        body = f"""jurisdictions: {{city: {{level: city}}, east: {{parent: city}}}}
teams:
  city: {{role: staff, jurisdiction: city, officers: 9}}
  east: {{role: staff, jurisdiction: east, officers: 9}}
procedures: {{p: {{stages: {{work: {{kind: work, team: staff, duration: 10 h, then: closed}}}}}}}}
origins: {{cases: {{process: poisson, enters: work, rate: 1 per day, jurisdiction: city, home: {{east: 1}}}}}}
reform: {{on: 2001-02-01, giver: city, share: {{case: 1}}{learning}}}
"""
        log = told(body, "100 days")
        stays = visits(log)
        done = stays.left != OPEN
        return dict(zip(stays.started[done].tolist(), (stays.left - stays.started)[done].tolist(), strict=True))

    reform, half = 31 * 24 * HOUR, 20 * 24 * HOUR
    slow = durations(", learning: {extra_time: 0.5, half_life: 20 days}")

    assert set(durations("").values()) == {10 * HOUR}
    assert slow
    for started, seconds in slow.items():
        surplus = 0.5 * 0.5 ** ((started - reform) / half) if started >= reform else 0.0
        assert seconds == pytest.approx(10 * HOUR * (1 + surplus), abs=1)


def test_who_finds_the_line_full_is_turned_away_after_the_choice() -> None:
    log = story({"a": "duration: 5 h, line_limit: 1, on_full: closed|0 h, 0 h, 0 h"})

    assert starts(log) == [("a", 0.0), ("a", 5.0)]
    assert log.case[log.what == What.TURNED_AWAY].tolist() == [2]


def test_the_earliest_due_goes_first_where_the_team_works_so() -> None:
    clock = """
    clocks:
      short: {rule: story, limit: 3 calendar days, starts: {stage: b, when: entered}, stops: {stage: b}}
      long: {rule: story, limit: 9 calendar days, starts: {stage: a, when: entered}, stops: {stage: a}}
"""
    office = {"x": "duration: 9 h|0 h", "a": "duration: 1 h|1 h", "b": "duration: 1 h|2 h"}

    assert starts(story(office, clock)) == [("x", 0.0), ("a", 9.0), ("b", 10.0)]
    # A clock that starts on entering a line is running before the place in it is taken.
    assert starts(story(office, clock, "officers: 1, queue: earliest_due")) == [("x", 0.0), ("b", 9.0), ("a", 10.0)]


def test_a_team_that_can_never_serve_again_stops_the_run() -> None:
    with pytest.raises(GridlockError, match=r"team 'staff' at stage 'pair'.*never has more than 0"):
        story({"pair": "duration: 1 h, officers: 2|5 h"}, team="officers: 2, roster: [{on: 4 h, officers: 0}]")


AWAY = "absence: {between: {family: fixed, value: 10 h}, lasts: {family: fixed, value: 90 days}}"


@pytest.mark.parametrize("team", ["officers: 2", "people: {li: {}, wang: {}}"])
@pytest.mark.parametrize("needed", [1, 2])
def test_who_is_away_on_the_last_day_comes_back_behind_it(team: str, needed: int) -> None:
    """A run that ends meanwhile is no gridlock, though nothing more happens in it."""
    log = story({"work": f"duration: 1 h, officers: {needed}|1 h, 12 h"}, team=f"{team}, {AWAY}")

    assert [log.rows(what).sum() for what in (What.ENTERED, What.STARTED, What.CLOSED)] == [2, 1, 1]


@dataclass(frozen=True)
class Office:
    officers: int
    skip: bool
    cases: tuple[tuple[int, int, int, int], ...]  # arrives, takes, officers, priority


CASES = st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(1, 2), st.integers(0, 1))
OFFICES = st.builds(Office, st.integers(2, 3), st.booleans(), st.lists(CASES, min_size=1, max_size=9).map(tuple))


def _run(office: Office) -> EventLog:
    origins = {
        f"c{n}": f"duration: {takes} h, officers: {k}, priority: {p}|{at} h"
        for n, (at, takes, k, p) in enumerate(office.cases)
    }
    return story(origins, team=f"officers: {office.officers}, line: {'skip' if office.skip else 'strict'}")


@settings(max_examples=150, deadline=None)
@given(OFFICES)
def test_when_an_instant_has_settled_nobody_waits_who_could_be_served(office: Office) -> None:
    log = _run(office)
    stays = visits(log)
    needs = np.array([office.cases[int(log.cases["origin"][case])][2] for case in stays.case])
    classes = np.array([office.cases[int(log.cases["origin"][case])][3] for case in stays.case])
    for now in np.unique(log.time):
        at_work = (stays.started <= now) & (stays.left > now)
        free = office.officers - int(needs[at_work].sum())
        assert free >= 0
        waiting = np.flatnonzero((stays.entered <= now) & (stays.started > now))
        in_order = sorted(waiting, key=lambda row: (classes[row], stays.entered[row], stays.case[row]))
        could = in_order if office.skip else in_order[:1]
        assert all(needs[row] > free for row in could)


@settings(max_examples=60, deadline=None)
@given(OFFICES)
def test_every_case_is_served_in_the_order_of_the_line(office: Office) -> None:
    log = _run(office)
    stays = visits(log)

    assert (stays.started != OPEN).all()
    if not office.skip:
        classes = np.array([office.cases[int(log.cases["origin"][case])][3] for case in stays.case])
        for a in range(len(stays)):
            for b in range(len(stays)):
                ahead = (classes[a], stays.entered[a], stays.case[a]) < (classes[b], stays.entered[b], stays.case[b])
                if ahead and stays.entered[a] <= stays.started[b]:
                    assert stays.started[a] <= stays.started[b]


def test_a_full_line_of_one_stage_turns_nobody_away_from_another() -> None:
    log = story(
        {"a": "duration: 5 h, line_limit: 1, on_full: closed|0 h, 0 h, 0 h, 1 h", "b": "duration: 1 h|0 h, 1 h, 2 h"}
    )

    assert sorted(log.case[log.what == What.TURNED_AWAY].tolist()) == [2, 4]
    assert [name for name, _ in starts(log)].count("b") == 3


def test_work_begun_anew_after_closing_gets_new_luck() -> None:
    calendars = "calendars: {day: {windows: [{opens: 0 h, closes: 8 h}], repeat_every: 24 h}}\n"
    body = """teams: {staff: {officers: 1, calendar: day, at_close: redraw}}
procedures: {p: {stages: {a: {kind: work, team: staff, duration: {family: uniform, low: 1 h, high: 15 h}, then: closed}}}}
origins: {a: {process: regular, enters: a, every: 100 h}}
"""
    stays = visits(told(calendars + body, "9000 h"))
    took = (stays.left - stays.started)[stays.left != OPEN] / HOUR
    over = took > 8  # those drawn longer than the day; they end on a later day, within its eight hours

    assert 0.3 < over.mean() < 0.7
    assert ((stays.left[stays.left != OPEN] / HOUR) % 24 <= 8).all()
    assert len(np.unique(np.round(took[over] % 24, 6))) > 10
