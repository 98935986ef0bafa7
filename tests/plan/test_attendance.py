"""Who is there when: absence against renewal theory, leave to the day, leavings to their yearly share."""

from __future__ import annotations

import math

import numpy as np
import pytest

from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.plan.attendance import attendance
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, HOUR

YEAR = 365


def plan_of(team: str, period: str) -> Plan:
    text = f"""format: 1
title: staff
purpose: theory
period: {{{period}}}
calendars: {{office: {{days: china, hours: ["09:00-12:00", "13:00-17:00"], beyond_published: weekends}}}}
teams: {{staff: {{{team}}}}}
procedures: {{p: {{stages: {{work: {{kind: work, team: staff, duration: 1 h, then: closed}}}}}}}}
origins: {{cases: {{process: listed, enters: work, at: [1 h]}}}}
"""
    return build(scenario_of(parse_text(text, "staff.yaml")))


def steps(plan: Plan, replication: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(seconds, officers from then on) of the one team, up to the horizon."""
    roster = [step for step in attendance(plan, replication).rosters[0] if step[0] < plan.horizon]
    return np.array([step[0] for step in roster]), np.array([step[1] for step in roster])


def officers_at(plan: Plan, moments: np.ndarray, replication: int = 0) -> np.ndarray:
    seconds, officers = steps(plan, replication)
    return officers[np.searchsorted(seconds, moments, side="right") - 1]


def mean_officers(plan: Plan, first: int, replication: int) -> float:
    """Mean number of officers from a second to the horizon."""
    seconds, officers = steps(plan, replication)
    lasts = np.diff(np.append(np.maximum(seconds, first), plan.horizon)).clip(0)
    return float((officers * lasts).sum() / (plan.horizon - first))


@pytest.mark.parametrize(
    ("between", "lasts", "share"),
    [
        # In the long run an officer is away for the mean absence in each mean cycle, whatever the distributions.
        ("{family: exponential, mean: 40 days}", "{family: exponential, mean: 10 days}", 0.2),
        ("{family: uniform, low: 10 days, high: 30 days}", "5 days", 0.2),
        ("{family: erlang, mean: 27 days, phases: 3}", "{family: uniform, low: 1 days, high: 5 days}", 0.1),
    ],
)
def test_in_the_long_run_officers_are_away_as_renewal_theory_says(between: str, lasts: str, share: float) -> None:
    plan = plan_of(f"officers: 20, absence: {{between: {between}, lasts: {lasts}}}", "length: 3000 days")
    away = np.array([1 - mean_officers(plan, 500 * DAY, n) / 20 for n in range(12)])

    assert away.mean() == pytest.approx(share, abs=4 * away.std(ddof=1) / math.sqrt(len(away)))
    assert away.std(ddof=1) < 0.02  # so that the comparison says something


def test_one_more_officer_changes_nobody_elses_absence() -> None:
    team = "officers: %d, absence: {between: {family: exponential, mean: 20 days}, lasts: {family: exponential, mean: 5 days}}"
    few, many = (plan_of(team % officers, "length: 600 days") for officers in (4, 5))
    moments = np.arange(0, few.horizon, HOUR)
    more = officers_at(many, moments) - officers_at(few, moments)

    assert set(more.tolist()) == {0, 1}  # the fifth officer is there or away; the four are as they were


def test_another_replication_has_other_absences() -> None:
    plan = plan_of(
        "officers: 3, absence: {between: {family: exponential, mean: 20 days}, lasts: 5 days}", "length: 600 days"
    )
    moments = np.arange(0, plan.horizon, HOUR)

    assert (officers_at(plan, moments, 0) == officers_at(plan, moments, 0)).all()
    assert (officers_at(plan, moments, 0) != officers_at(plan, moments, 1)).any()


@pytest.mark.parametrize("blocks", [1, 3, 12])
@pytest.mark.parametrize("days", [5, 10])
def test_leave_takes_its_working_days_of_every_officer_and_year(days: int, blocks: int) -> None:
    team = f"officers: 3, calendar: office, leave: {{days: {days} working days, blocks: {blocks}}}"
    plan = plan_of(team, "start: 2023-01-01, end: 2026-01-01")
    hours = plan.work_tables[int(plan.teams[0]["calendar"])]
    mornings = np.array([second for second in range(10 * HOUR, plan.horizon, DAY) if hours.is_open(second)])
    for replication in range(4):
        there = officers_at(plan, mornings, replication)
        for _, first, last in plan.years:
            year = (mornings >= first) & (mornings < last)
            assert (3 - there[year]).sum() == 3 * days


def test_leave_does_not_fall_on_the_same_days_for_all() -> None:
    plan = plan_of(
        "officers: 6, calendar: office, leave: {days: 10 working days}", "start: 2023-01-01, end: 2024-01-01"
    )
    mornings = np.arange(10 * HOUR, plan.horizon, DAY)

    assert officers_at(plan, mornings).min() > 0


@pytest.mark.parametrize("yearly", [0.08, 0.3])
def test_so_many_officers_leave_within_a_year_as_the_share_says(yearly: float) -> None:
    # Posts stay vacant for longer than the year, so whoever is missing at its end has left within it.
    plan = plan_of(f"officers: 300, attrition: {{yearly: {yearly}, vacant: 1000 days}}", f"length: {YEAR} days")
    left = np.array([300 - officers_at(plan, np.array([plan.horizon - 1]), n)[0] for n in range(5)])
    error = math.sqrt(yearly * (1 - yearly) / (300 * 5))

    assert left.sum() / 1500 == pytest.approx(yearly, abs=4 * error)


def test_a_post_stays_vacant_for_as_long_as_it_says() -> None:
    plan = plan_of("officers: 1, attrition: {yearly: 0.9, vacant: 30 days}", "length: 4000 days")
    seconds, officers = steps(plan)
    gone = np.flatnonzero(officers[:-1] == 0)

    assert len(gone) > 10
    assert set(np.diff(seconds)[gone].tolist()) == {30 * DAY}
    assert officers[0] == 1


def test_with_vacancies_a_post_is_filled_for_the_share_that_renewal_theory_says() -> None:
    # Leaving at a share of 1 - 1/e a year is leaving at rate 1 a year: a year in the post, then a quarter vacant.
    yearly = 1 - math.exp(-1)
    plan = plan_of(f"officers: 30, attrition: {{yearly: {yearly:.15f}, vacant: {YEAR / 4} days}}", "length: 6000 days")
    there = np.array([mean_officers(plan, 1000 * DAY, n) / 30 for n in range(10)])

    assert there.mean() == pytest.approx(0.8, abs=4 * there.std(ddof=1) / math.sqrt(len(there)))


def test_new_officers_pull_the_mean_speed_down_and_learn() -> None:
    team = "officers: 1, hires: [{decided: 0 h, lag: 10 days, officers: 1}], new_hires: {extra_time: 1.0, half_life: 30 days}"
    speeds = {step[0] // DAY: step[1:] for step in attendance(plan_of(team, "length: 200 days"), 0).rosters[0]}

    assert speeds[0] == (1, 1.0)
    # Half speed on the first day: two officers work like 1.5; after one half-life like 1 + 1/1.5, after two like 1.8.
    assert speeds[10] == (2, pytest.approx(0.75))
    assert speeds[40] == (2, pytest.approx((1 + 1 / 1.5) / 2))
    assert speeds[70] == (2, pytest.approx(0.9))


def test_random_absence_of_a_named_officer_leaves_the_others_hours_alone() -> None:
    people = "people: {li: {}, wang: {}%s}, absence: {between: {family: exponential, mean: 20 days}, lasts: 3 days}"
    two, three = (attendance(plan_of(people % more, "length: 300 days"), 0) for more in ("", ", zhao: {}"))

    for one, other in zip(two.hours, three.hours, strict=False):
        assert one.opens.tolist() == other.opens.tolist()
        assert one.closes.tolist() == other.closes.tolist()
    assert len(two.hours[0].opens) > 3
    assert two.hours[0].opens.tolist() != two.hours[1].opens.tolist()
