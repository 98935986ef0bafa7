"""What is different about cases that a reform has moved: slower work and more reversals at first, and no way to go."""

from __future__ import annotations

import numpy as np
import pytest

from enforcement_sim.decisions.ways import by_share, by_tilted_share
from enforcement_sim.engines.reference import run
from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.plan.build import build
from enforcement_sim.records import DAY, HOUR, What

CITY = """format: 1
title: city
purpose: theory
period: {{start: 2001-01-01, length: 700 days}}
jurisdictions:
  city: {{level: city}}
  east: {{parent: city{travel}}}
teams:
  city: {{role: enforcement, jurisdiction: city, officers: 40}}
  east: {{role: enforcement, jurisdiction: east, officers: 40}}
procedures:
  p:
    outcomes: {{upheld: upheld, redone: redone, changed: changed}}
    stages:
      visit: {{kind: work, team: enforcement, duration: 2 h{on_site}, then: papers}}
      papers: {{kind: work, team: enforcement, duration: 1 h, then: review}}
      review: {{kind: fork, children: {{review: {{procedure: review, enters: decided}}}}, join: all, then: upheld}}
  review:
    outcomes: {{upheld: upheld, redone: redone, changed: changed}}
    stages:
      decided: {{kind: decision, then: {{redone: 0.1, upheld: 0.8, changed: 0.1}}}}
origins:
  cases: {{process: poisson, enters: visit, rate: 24 per day, jurisdiction: city, home: {{east: 1}}}}
fields: {{f: {{procedure: p}}}}
{reform}
"""
SHIFT = "reform: {on: 2001-01-21, giver: city, share: {f: 0.5}%s}"


def city(reform: str = "", travel: str = "", on_site: str = "") -> EventLog:
    text = CITY.format(reform=reform, travel=travel, on_site=on_site)
    return run(build(scenario_of(parse_text(text, "city.yaml"))), 0)


def shares(log: EventLog, moved: int, first: int, last: int) -> dict[str, float]:
    """How the children of moved or other cases closed between two days."""
    rows = (log.what == What.CLOSED) & (log.cases["parent"][log.case] >= 0) & (log.cases["moved"][log.case] == moved)
    rows &= (log.time >= first * DAY) & (log.time < last * DAY)
    names = np.array(log.names.stages)[log.stage[rows]]
    return {name: float((names == name).mean()) for name in ("redone", "upheld", "changed")}


def hours(log: EventLog, stage: str, moved: int) -> list[float]:
    """Hours of work of a stage, each length once."""
    at = log.names.stages.index(stage)
    rows = (log.stage == at) & (log.cases["moved"][log.case] == moved)
    begun = dict(
        zip(*(getattr(log, column)[rows & (log.what == What.STARTED)] for column in ("case", "time")), strict=True)
    )
    ended = dict(
        zip(*(getattr(log, column)[rows & (log.what == What.ENDED)] for column in ("case", "time")), strict=True)
    )
    return sorted({(ended[case] - begun[case]) / HOUR for case in ended})


REVERSALS = ", learning: {extra_time: 0, half_life: 100 days, reversals: {ways: [redone, changed], extra_share: 1.5}}"


def test_decisions_on_moved_cases_fall_more_often_at_first_and_less_so_later() -> None:
    log = city(SHIFT % REVERSALS)

    # In the first 20 days after the reform the factor lies between 2.5 and 1 + 1.5 * 0.87, in the last 80 at 1.02.
    early, late = shares(log, 1, 20, 40), shares(log, 1, 620, 700)
    assert early["redone"] == pytest.approx(0.24, abs=0.08)
    assert early["changed"] == pytest.approx(0.24, abs=0.08)
    assert late["redone"] == pytest.approx(0.1, abs=0.03)
    assert late["upheld"] == pytest.approx(0.8, abs=0.05)


def test_decisions_on_cases_that_stay_fall_as_ever() -> None:
    kept = city(SHIFT % REVERSALS)
    plain = city(SHIFT % "")

    assert shares(kept, 0, 20, 700) == shares(plain, 0, 20, 700)
    assert shares(kept, 1, 20, 120) != shares(plain, 1, 20, 120)


def test_the_way_to_a_case_takes_time_until_its_own_county_handles_it() -> None:
    log = city(SHIFT % "", travel=", travel: 1.5", on_site=", on_site: true")

    assert hours(log, "visit", 0) == [3.5]
    assert hours(log, "visit", 1) == [2.0]
    assert hours(log, "papers", 0) == hours(log, "papers", 1) == [1.0]


def test_without_a_distance_or_work_on_site_there_is_no_way_to_go() -> None:
    assert hours(city(travel=", travel: 1.5"), "visit", 0) == [2.0]
    assert hours(city(on_site=", on_site: true"), "visit", 0) == [2.0]


@pytest.mark.parametrize(
    ("u", "more", "to"),
    [
        # Shares 0.1, 0.6, 0.3, the first and last marked: with factor 2 they become 0.2, 0.2, 0.6.
        (0.19, 2.0, 7), (0.21, 2.0, 8), (0.39, 2.0, 8), (0.41, 2.0, 9),
        # Factor 1 changes nothing; a factor beyond 1 / 0.4 leaves the others no share: 0.25, 0, 0.75.
        (0.09, 1.0, 7), (0.69, 1.0, 8), (0.71, 1.0, 9), (0.24, 9.0, 7), (0.26, 9.0, 9),
    ],
)  # fmt: skip
def test_larger_shares_are_taken_from_the_others_in_proportion(u: float, more: float, to: int) -> None:
    assert by_tilted_share([0.1, 0.7, 1.0], [7, 8, 9], [0b10, 0b01, 0b11], 1, 0, 3, more, u) == to


def test_where_all_ways_or_none_are_marked_nothing_is_larger() -> None:
    for marked in ([1] * 3, [2] * 3):
        for u in (0.05, 0.5, 0.95):
            plain = by_share([0.1, 0.7, 1.0], [7, 8, 9], 0, 3, u)
            assert by_tilted_share([0.1, 0.7, 1.0], [7, 8, 9], marked, 0, 0, 3, 2.0, u) == plain


@pytest.mark.parametrize(
    ("reform", "travel", "said"),
    [
        (SHIFT % REVERSALS.replace("redone", "redoe"), "", "try:  redone"),
        (SHIFT % REVERSALS.replace("redone", "papers"), "", "chance leads to no"),
        (SHIFT % REVERSALS.replace("1.5", "-1"), "", "a surplus below 0"),
        (SHIFT % "", ", travel: -1", "less than no time"),
    ],
)
def test_a_slip_says_what_to_try(reform: str, travel: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=r"city\.yaml:") as caught:
        city(reform, travel)

    assert said in str(caught.value)
