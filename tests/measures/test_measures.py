"""What a log means: hand-made logs, and brute force beside every measure."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import load, scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.backlog import backlog
from enforcement_sim.measures.clocks import Runs, clock_findings, clock_runs
from enforcement_sim.measures.findings import findings
from enforcement_sim.measures.intervals import difference, summary
from enforcement_sim.measures.queueing import station_of
from enforcement_sim.measures.staff import staff
from enforcement_sim.measures.survival import quantiles
from enforcement_sim.measures.visits import OPEN, visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, Op, What
from enforcement_sim.studies.replicate import replicate

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def small() -> tuple[Plan, EventLog]:
    plan = build(load(DATA / "small_shift.yaml"))
    return plan, run(plan, 0)


def office(stages: str, origins: str, clocks: str = "", team: str = "officers: 1") -> tuple[Plan, EventLog]:
    text = f"""
format: 1
title: story
purpose: theory
period: {{start: 2024-04-01, end: 2024-08-01}}
calendars: {{office: {{days: china, hours: ["09:00-12:00", "13:00-18:00"]}}}}
teams: {{staff: {{{team}, calendar: office}}}}
procedures:
  story:
    stages:
{stages}
{clocks}
origins:
{origins}
"""
    plan = build(scenario_of(parse_text(text, "story.yaml")))
    return plan, run(plan, 0)


def test_visits_follow_a_case_through_its_stages(small: tuple[Plan, EventLog]) -> None:
    _, log = small
    stays = visits(log)
    for case in (0, 17, 400):
        rows = [
            (int(t), int(w), int(s))
            for t, c, w, s in zip(log.time, log.case, log.what, log.stage, strict=True)
            if c == case and w not in (What.ARRIVED, What.CLOSED)
        ]
        mine = np.flatnonzero(stays.case == case)
        told = []
        for row in mine:
            told.append((int(stays.entered[row]), int(What.ENTERED), int(stays.stage[row])))
            if stays.started[row] != OPEN:
                told.append((int(stays.started[row]), int(What.STARTED), int(stays.stage[row])))
            if stays.left[row] != OPEN:
                told.append((int(stays.left[row]), int(stays.how[row]), int(stays.stage[row])))

        assert told == rows


def test_a_second_visit_is_numbered(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    stays = visits(log)
    again = np.flatnonzero((stays.nth == 1) & (stays.stage == plan.names.stages.index("investigation")))

    assert len(again)
    for row in again[:5]:
        first = np.flatnonzero((stays.case == stays.case[row]) & (stays.stage == stays.stage[row]))
        assert len(first) >= 2
        assert stays.entered[first[0]] < stays.entered[row]


def test_backlog_is_what_a_count_day_by_day_gives(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    stays = visits(log)
    table = backlog(log, plan, stays)
    for day in (0, 210, 714):
        inside = (stays.entered < day * DAY) & (stays.left >= day * DAY)
        for place in ("all", "west"):
            here = (
                inside
                if place == "all"
                else inside & (log.cases["handler"][stays.case] == plan.names.jurisdictions.index(place))
            )
            rows = table[(table["jurisdiction"] == place) & (table["field"] == "all") & (table["period"] == day)]
            rows = rows[rows["measure"] == "backlog"].set_index("item")["value"]
            assert rows["all"] == here.sum()
            for number, phase in enumerate(plan.names.phases):
                assert rows[phase] == (here & (plan.phase_of[stays.stage] == number)).sum()


def test_who_arrives_at_midnight_is_not_yet_open_at_midnight() -> None:
    stages = "      wait: {kind: wait, duration: 3 days, then: closed}"
    plan, log = office(stages, "  one: {process: listed, enters: wait, at: [7 days]}")
    table = backlog(log, plan, visits(log), every_days=1)
    rows = table[(table["measure"] == "backlog") & (table["jurisdiction"] == "all") & (table["item"] == "all")]

    assert rows.set_index("period")["value"].loc[6:11].tolist() == [0, 0, 1, 1, 1, 0]


def test_hours_on_duty_follow_the_roster_within_a_year() -> None:
    text = "      work: {kind: work, team: staff, duration: 1 h, then: closed}"
    origins = "  one: {process: listed, enters: work, at: [12 h]}"
    plan, log = office(text, origins, team="officers: 2, roster: [{on: 2024-06-01, officers: 5}]")
    told = staff(log, plan, visits(log)).set_index("measure")["value"]

    # April has 22 working days, May 21, June 19, July 23, of 8 hours.
    assert told["officer_hours"] == (2 * (22 + 21) + 5 * (19 + 23)) * 8


def test_open_cases_of_the_phases_sum_to_all(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    table = backlog(log, plan, visits(log))
    table = table[(table["measure"] == "backlog") & (table["field"] == "all")]
    wide = table.pivot_table(index=["jurisdiction", "period"], columns="item", values="value", fill_value=0)

    assert (wide.drop(columns="all").sum(axis=1) == wide["all"]).all()


def test_staff_use_is_what_a_count_of_seconds_gives(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    stays = visits(log)
    table = staff(log, plan, stays)
    team = plan.names.teams.index("east_urban")
    hours = plan.work_tables[int(plan.teams[team]["calendar"])]
    worked = np.zeros(plan.horizon // 60, dtype=np.int64)  # officers at work in each minute
    for row in np.flatnonzero((stays.team == team) & stays.was_served):
        officers = int(plan.stages["officers"][stays.stage[row]])
        worked[int(stays.started[row]) // 60 : min(int(stays.left[row]), plan.horizon) // 60] += officers
    open_minutes = np.array([hours.is_open(minute * 60) for minute in range(len(worked))])
    second_year = slice(plan.years[1][1] // 60, plan.years[1][2] // 60)
    brute = (worked * open_minutes)[second_year].sum() / 60
    told = table[(table["item"] == "east_urban") & (table["period"] == 2024)].set_index("measure")["value"]

    assert told["work_hours"] == pytest.approx(brute, rel=0.002)
    assert told["officer_hours"] == pytest.approx(6 * open_minutes[second_year].sum() / 60)


def test_kaplan_meier_by_hand() -> None:
    times, over = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([True, False, True, True, False])
    # still running after 1: 4/5; after 3: 4/5 * 2/3; after 4: 4/5 * 2/3 * 1/2 = 0.267

    assert quantiles(times, over, (0.2, 0.4, 0.5, 0.7)) == [1.0, 3.0, 4.0, 4.0]
    assert math.isnan(quantiles(times, over, (0.9,))[0])


WAIT = "      wait: {kind: wait, duration: %s, calendar: office, then: %s}"
CLOCK = "    clocks: {limit: {rule: story, limit: %s, starts: {stage: wait, when: entered}, stops: {stage: done}, calendar: office%s}}"
DONE = "      done: {kind: decision, then: closed}"
ONE = "  one: {process: listed, enters: wait, at: [9 days]}"  # Wednesday 2024-04-10


def _clock(limit: str, wait: str, more: str = "") -> tuple[Plan, Runs]:
    plan, log = office("\n".join([WAIT % (wait, "done"), DONE]), ONE, CLOCK % (limit, more))
    closed = np.full(len(log.cases), OPEN)
    return plan, clock_runs(log, plan, visits(log), 0, closed)


@pytest.mark.parametrize(
    ("limit", "last_day"),
    [
        ("3 working days", dt.date(2024, 4, 15)),  # the 11th, the 12th and Monday the 15th
        ("14 working days", dt.date(2024, 4, 29)),  # Sunday the 28th is a make-up working day
        ("20 calendar days", dt.date(2024, 4, 30)),
        ("21 calendar days", dt.date(2024, 5, 6)),  # the holiday lasts from the 1st to the 5th of May
    ],
)
def test_a_limit_runs_out_at_the_end_of_its_last_day(limit: str, last_day: dt.date) -> None:
    _, runs = _clock(limit, "1 days")

    assert runs.due.tolist() == [((last_day - dt.date(2024, 4, 1)).days + 1) * DAY]


def test_the_share_of_overdue_clocks_leaves_out_those_that_nobody_can_tell_of_yet() -> None:
    stages = "\n".join([WAIT % ("200 days", "done"), DONE])
    two = "  two: {process: listed, enters: wait, at: [9 days, 115 days]}"
    plan, log = office(stages, two, CLOCK % ("20 calendar days", ""))
    table = clock_findings(log, plan, visits(log))
    told = table[table["jurisdiction"] == "all"].set_index("measure")["value"]

    assert told["clock_started"] == 2
    assert told["overdue_share"] == 1
    assert told["extended_share"] == 0
    assert np.isnan(told["days_mean"])


@pytest.mark.parametrize(("wait", "overdue"), [("19.99 days", False), ("20.99 days", False), ("21 days", True)])
def test_a_clock_is_overdue_from_the_first_second_after_its_last_day(wait: str, overdue: bool) -> None:
    plan, runs = _clock("20 calendar days", wait, ", rolls: false")

    assert runs.overdue(plan.horizon).tolist() == [overdue]


def test_a_suspended_clock_stands_still() -> None:
    stages = "\n".join([
        "      wait: {kind: wait, duration: 2 calendar days, calendar: office, then: testing}",
        "      testing: {kind: wait, duration: 10 calendar days, calendar: office, then: done}",
        DONE,
    ])  # fmt: skip
    plain, log = office(stages, ONE, CLOCK % ("5 calendar days", ", rolls: false"))
    stopped, other = office(stages, ONE, CLOCK % ("5 calendar days", ", rolls: false, suspended_in: [testing]"))
    closed = np.full(1, OPEN)

    late = clock_runs(log, plain, visits(log), 0, closed)
    in_time = clock_runs(other, stopped, visits(other), 0, closed)

    assert late.overdue(plain.horizon).tolist() == [True]
    assert in_time.overdue(stopped.horizon).tolist() == [False]
    # Entered at the end of the 12th, ten days without the first: left at the end of the 22nd.
    assert in_time.due[0] - late.due[0] == 10 * DAY


def test_a_clock_of_working_days_stands_still_for_working_days_only() -> None:
    stages = "\n".join([
        "      wait: {kind: wait, duration: 1 calendar days, calendar: office, then: testing}",
        "      testing: {kind: wait, duration: 7 calendar days, calendar: office, then: done}",
        DONE,
    ])  # fmt: skip
    plan, log = office(stages, ONE, CLOCK % ("3 working days", ", rolls: false, suspended_in: [testing]"))

    runs = clock_runs(log, plan, visits(log), 0, np.full(1, OPEN))

    # Away from the end of Thursday the 11th to that of Thursday the 18th: five working days.
    assert runs.still.tolist() == [5]


def test_differences_on_the_same_cases_are_narrower_than_on_others() -> None:
    base, shift = (replicate(load(DATA / f"small_{name}.yaml"), replications=6) for name in ("base", "shift"))
    other = replicate(load(DATA / "small_shift.yaml"), replications=6, seed=77)

    def spread(changed: object) -> float:
        table = difference(changed.findings, base.findings)  # type: ignore[attr-defined]
        rows = table[(table["measure"] == "count") & (table["item"] == "penalties") & (table["jurisdiction"] == "all")]
        return float(rows[(rows["period"] == 2023)]["sd"].iloc[0])

    assert spread(shift) == 0.0  # nothing differs before the reform
    assert spread(other) > 1.0


def test_an_interval_covers_the_mean_with_student_t() -> None:
    results = replicate(load(DATA / "small_base.yaml"), replications=4)
    row = (
        summary(results.findings)
        .query("measure == 'count' and item == 'penalties' and jurisdiction == 'city' and period == 2024")
        .iloc[0]
    )
    values = results.findings.query(
        "measure == 'count' and item == 'penalties' and jurisdiction == 'city' and field == 'all' and period == 2024"
    )["value"].to_numpy()

    assert row["mean"] == values.mean()
    assert row["high"] - row["mean"] == pytest.approx(3.182446 * values.std(ddof=1) / 2, rel=1e-5)


def test_counts_that_are_missing_in_a_replication_count_as_none(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    one = findings(log, plan).assign(replication=0)
    two = one[one["measure"] != "count"].assign(replication=1)
    import pandas as pd

    table = summary(pd.concat([one, two], ignore_index=True))
    counts = table[table["measure"] == "count"]

    assert (counts["n"] == 2).all()
    assert counts["mean"].max() == one[one["measure"] == "count"]["value"].max() / 2


def test_littles_law_holds_on_every_station() -> None:
    plan = build(load(Path(__file__).parents[2] / "scenarios/theory/mm1.yaml"))
    log = run(plan, 0)
    whole = station_of(visits(log), log, plan, 3600.0, (), (Op.WORK,))

    rate = len(whole.stays()) / ((plan.horizon - plan.warm_up) / 3600 * 0.98)

    assert whole.mean_number() == pytest.approx(rate * whole.stays().mean(), rel=0.05)
