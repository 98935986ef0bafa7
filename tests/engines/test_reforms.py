"""Levers of a reform: cases that move by ramp and place, delegation and its recall, posts, lots, rules of the line."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.model.staffing import rosters
from enforcement_sim.plan.build import build
from enforcement_sim.records import DAY, HOUR, What

CITY = """format: 1
title: city
purpose: theory
period: {{start: 2001-01-01, length: {length}}}
jurisdictions:
  city: {{level: city}}
  east: {{parent: city}}
  west: {{parent: city}}
teams:
  city: {{role: enforcement, jurisdiction: city, officers: 20}}
  east: {{role: enforcement, jurisdiction: east, officers: {east}}}
  west: {{role: enforcement, jurisdiction: west, officers: 20}}
procedures:
  p:
    stages:
      work: {{kind: work, team: enforcement, duration: {takes}, then: closed}}
    clocks:
      limit: {{rule: story, limit: 2 calendar days, rolls: false, starts: {{stage: work, when: entered}}, stops: {{stage: work}}}}
origins:
  cases: {{process: poisson, enters: work, rate: 10 per day, jurisdiction: city, home: {{city: 0.2, east: 0.4, west: 0.4}}}}
{reform}
"""


def scenario(reform: str = "", length: str = "400 days", east: int = 20, takes: str = "1 h") -> Scenario:
    text = CITY.format(reform=reform, length=length, east=east, takes=takes)
    return scenario_of(parse_text(text, "city.yaml"))


def handlers(log: EventLog, first: int, last: int, home: str) -> Counter[str]:
    """Who handles the cases of a home that are filed between two days."""
    arrived, names = log.cases["arrived"], log.names.jurisdictions
    rows = (arrived >= first * DAY) & (arrived < last * DAY) & (log.cases["home"] == names.index(home))
    return Counter(names[number] for number in log.cases["handler"][rows].tolist())


def share(counted: Counter[str], place: str) -> float:
    return counted[place] / counted.total()


def test_a_reform_that_grows_moves_more_cases_month_by_month() -> None:
    log = run(build(scenario("reform: {on: 2001-02-20, full_on: 2001-11-17, giver: city, share: {case: 0.9}}")), 0)
    # Days 50 to 320: an even rise from 0 to 0.9, so a half of it at day 185.
    assert share(handlers(log, 0, 50, "east"), "east") == 0
    assert share(handlers(log, 160, 210, "east"), "east") == pytest.approx(0.45, abs=0.12)
    assert share(handlers(log, 330, 400, "east"), "east") == pytest.approx(0.9, abs=0.06)


def test_who_moves_at_a_smaller_share_moves_at_a_larger_one() -> None:
    logs = [
        run(build(scenario(f"reform: {{on: 2001-02-01, giver: city, share: {{case: {part}}}}}")), 0)
        for part in (0.3, 0.6)
    ]
    few, many = (log.cases["moved"] == 1 for log in logs)

    assert few.sum() < many.sum()
    assert (many | ~few).all()


def test_a_receiving_county_can_have_a_share_of_its_own() -> None:
    reform = "reform: {on: 2001-02-01, giver: city, share: {case: 0.5}, share_of: {west: {case: 0}}}"
    log = run(build(scenario(reform)), 0)

    assert handlers(log, 40, 400, "west")["west"] == 0
    assert share(handlers(log, 40, 400, "east"), "east") == pytest.approx(0.5, abs=0.08)


def test_an_evaluation_recalls_powers_from_a_place_that_is_late() -> None:
    # One officer in the east against four cases a day of nine hours each: nothing there is in time after some weeks.
    reform = """delegations:
  powers:
    on: 2001-02-01
    giver: city
    share: {case: 1}
    evaluation: {on: [2001-06-01], measure: overdue_share, above: 0.5}"""
    log = run(build(scenario(reform, east=1, takes="9 h")), 0)
    evaluated = 151

    assert share(handlers(log, 40, evaluated, "east"), "east") == 1
    assert share(handlers(log, evaluated + 1, 400, "east"), "east") == 0
    assert share(handlers(log, evaluated + 1, 400, "west"), "west") == 1  # in time, so it keeps its powers
    # Cases of the east which the city handles again are worked on by the city's officers.
    back = np.flatnonzero((log.cases["arrived"] > (evaluated + 1) * DAY) & (log.cases["home"] == 1))
    worked = log.team[np.isin(log.case, back) & (log.what == What.STARTED)]
    assert set(worked.tolist()) == {0}


def test_cases_taken_before_the_recall_stay_where_they_are() -> None:
    reform = """reform:
  on: 2001-02-01
  giver: city
  share: {case: 1}
  evaluation: {on: [2001-06-01], measure: open_each, above: 20}"""
    log = run(build(scenario(reform, east=1, takes="9 h")), 0)
    before = np.flatnonzero((log.cases["home"] == 1) & (log.cases["arrived"] < 151 * DAY) & (log.cases["moved"] == 1))
    later = (log.time > 152 * DAY) & np.isin(log.case, before) & (log.what == What.STARTED)

    assert later.any()
    assert set(log.team[later].tolist()) == {1}


def test_no_power_is_recalled_below_the_limit_or_with_too_few_cases() -> None:
    for rule in ("above: 0.99, least_cases: 100000", "above: 1"):
        reform = f"""reform:
  on: 2001-02-01
  giver: city
  share: {{case: 1}}
  evaluation: {{on: [2001-06-01], measure: overdue_share, {rule}}}"""
        log = run(build(scenario(reform, east=1, takes="9 h")), 0)

        assert share(handlers(log, 200, 400, "east"), "east") == 1


def test_counties_delegate_to_towns_by_homes_of_their_own() -> None:
    text = CITY.format(reform="", length="200 days", east=20, takes="1 h").replace(
        "  west: {parent: city}",
        """  west: {parent: city}
  town: {level: town, parent: east}""",
    )
    text = text.replace("procedures:", "  town: {role: enforcement, jurisdiction: town, officers: 5}\nprocedures:", 1)
    text += """  county: {process: counted, enters: work, jurisdiction: east, home_of: {east: {east: 0.5, town: 0.5}},
    counts: [{year: 2001, count: 1000}]}
delegations:
  powers: {on: 2001-04-11, giver: east, share: {case: 1}}
"""
    log = run(build(scenario_of(parse_text(text, "towns.yaml"))), 0)

    assert share(handlers(log, 0, 100, "town"), "town") == 0
    assert share(handlers(log, 100, 200, "town"), "town") == 1
    # What the city keeps is the city's own: a county can only delegate its own cases.
    city = (log.cases["origin"] == 0) & (log.cases["home"] == 1)
    assert set(log.cases["handler"][city].tolist()) == {0}


def test_new_posts_are_filled_after_their_lag() -> None:
    made = scenario()
    team = made.teams["east"].model_validate(
        {"officers": 4, "jurisdiction": "east", "role": "enforcement",
         "hires": [{"decided": "2001-02-01", "officers": 3, "lag": "90 days"}]}
    )  # fmt: skip
    steps = rosters(made.model_copy(update={"teams": {**made.teams, "east": team}}))

    assert steps["east"] == [(0, 4), ((31 + 90) * DAY, 7)]


OFFICE = """format: 1
title: office
purpose: theory
period: {{length: 2000 h}}
teams: {{staff: {{{team}}}}}
procedures: {{p: {{stages: {{work: {{kind: work, team: staff, {work}, then: closed}}}}{clocks}}}}}
origins: {{{origins}}}
"""


def office(team: str, work: str, origins: str, clocks: str = "") -> EventLog:
    text = OFFICE.format(team=team, work=work, origins=origins, clocks=clocks)
    return run(build(scenario_of(parse_text(text, "office.yaml"))), 0)


def test_lots_fall_on_all_officers_alike_and_two_different_ones_go() -> None:
    log = office(
        "officers: 6, assignment: by_lot",
        "officers: 2, duration: 1 h",
        "a: {process: regular, enters: work, every: 2 h}",
    )
    rows = log.what == What.TAKEN
    pairs = log.team[rows].reshape(-1, 2)
    drawn = np.bincount(pairs.ravel() - 1, minlength=6)

    assert (pairs[:, 0] != pairs[:, 1]).all()
    # 999 visits of two among six: 333 each, standard deviation 15.
    assert np.abs(drawn - 333).max() < 4 * 15
    assert len({tuple(sorted(pair)) for pair in pairs.tolist()}) == 15


def test_the_first_free_officers_would_go_without_lots() -> None:
    log = office("people: {x: {}, y: {}, z: {}}", "duration: 1 h", "a: {process: regular, enters: work, every: 2 h}")

    assert set(log.team[log.what == What.TAKEN].tolist()) == {1}


def test_who_is_due_first_overtakes_from_the_day_of_the_new_rule_on() -> None:
    text = """format: 1
title: office
purpose: theory
period: {length: 2000 h}
teams: {staff: {officers: 1, queue_from: [{on: CHANGE, queue: earliest_due}]}}
procedures:
  p:
    stages:
      long: {kind: work, team: staff, duration: 60 h, then: closed}
      short: {kind: work, team: staff, duration: 60 h, then: closed}
    clocks:
      l: {rule: story, limit: 30 calendar days, starts: {stage: long, when: entered}, stops: {stage: long}}
      s: {rule: story, limit: 3 calendar days, starts: {stage: short, when: entered}, stops: {stage: short}}
origins:
  x: {process: listed, enters: long, at: [0 h]}
  a: {process: listed, enters: long, at: [1 h]}
  b: {process: listed, enters: short, at: [2 h]}
"""

    def order(change: str) -> list[tuple[int, float]]:
        log = run(build(scenario_of(parse_text(text.replace("CHANGE", change), "office.yaml"))), 0)
        rows = log.what == What.STARTED
        return list(zip(log.case[rows].tolist(), (log.time[rows] / HOUR).tolist(), strict=True))

    # The officer is busy until hour 60; then whoever stands first by the rule of that hour is served.
    assert order("59 h") == [(0, 0.0), (2, 60.0), (1, 120.0)]
    assert order("60 h") == [(0, 0.0), (2, 60.0), (1, 120.0)]
    assert order("61 h") == [(0, 0.0), (1, 60.0), (2, 120.0)]


@pytest.mark.parametrize(
    ("reform", "said"),
    [
        ("reform: {on: 2001-02-01, giver: citty, share: {case: 1}}", "try:  city"),
        ("reform: {on: 2001-02-01, full_on: 2001-01-05, giver: city, share: {case: 1}}", "complete before it begins"),
        ("reform: {on: 2001-02-01, giver: west, share: {case: 1}}", "none can move"),
        ("delegations: {d: {on: 2031-02-01, giver: city, share: {case: 1}}}", "outside the period"),
        (
            "delegations: {d: {on: 2001-02-01, giver: city, share_of: {eastt: {case: 1}}, share: {case: 1}}}",
            "try:  east",
        ),
        (
            "reform: {on: 2001-02-01, giver: city, share: {case: 1}, evaluation: {on: [2001-06-01, 2001-05-01], "
            "measure: open_each, above: 1}}",
            "earliest day first",
        ),
    ],
)
def test_a_reform_that_leads_nowhere_says_what_to_try(reform: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=r"city\.yaml:") as caught:
        scenario(reform)

    assert said in str(caught.value)
