"""Cases that are open on the first day: who they are, since when, which clocks run, and what a file may not say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from enforcement_sim.calendars import china_days
from enforcement_sim.errors import CalendarError, ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.model.graph import clocks_in
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.plan.first_day import running_clocks
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY

PENALTY = """
calendars: {office: {days: china}, always: {days: every_day}}
jurisdictions: {city: {level: city}, east: {parent: city}}
fields: {urban: {}, market: {}}
teams: {staff: {officers: 2, calendar: office}}
procedures:
  penalty:
    stages:
      filing: {kind: decision, then: investigation}
      investigation: {kind: work, team: staff, duration: 5 h, then: review}
      review: {kind: work, team: staff, duration: 1 h, then: {hearing: 0.3, decision: 0.6, investigation: 0.1}}
      hearing: {kind: wait, duration: 7 working days, calendar: office, then: decision}
      decision: {kind: work, team: staff, duration: 1 h, then: delivery}
      delivery: {kind: wait, duration: 7 days, then: closed}
    clocks:
      all_90: {rule: a, limit: 90 calendar days, calendar: office, starts: {stage: filing}, stops: {stage: decision}}
      review_10: {rule: b, limit: 10 working days, calendar: office, starts: {stage: review, when: entered}, stops: {stage: review}}
      hearing_20: {rule: c, limit: 20 calendar days, calendar: office, starts: {stage: review}, stops: {stage: hearing}}
      delivery_7: {rule: d, limit: 7 calendar days, calendar: office, starts: {stage: decision}, stops: {stage: delivery}}
"""


def scenario(
    rows: str, period: str = "start: 2024-02-19, end: 2024-06-01", rest: str = "", origin: str = ""
) -> Scenario:
    text = (
        f"format: 1\ntitle: story\npurpose: theory\nperiod: {{{period}}}\n{PENALTY}\norigins:\n"
        f"  new: {{process: regular, enters: filing, every: 30 days, first: 0 s}}\n"
        f"  open:\n    process: backlog\n{origin}    cases:\n{rows}\n{rest}"
    )
    return scenario_of(parse_text(text, "story.yaml"))


def plan_of(rows: str, **more: str) -> Plan:
    return build(scenario(rows, **more))


def clocks_of(plan: Plan) -> dict[tuple[int, str], float]:
    """For each case and clock that runs the day on which it started."""
    rows = running_clocks(plan, 0, intake(plan, 0))
    return {(row["case"], plan.names.clock_rows[row["clock"]]): row["started"] / DAY for row in rows}


def test_the_oldest_come_first_and_new_cases_of_the_first_second_behind_them() -> None:
    plan = plan_of(
        "      - {stage: review, count: 3, age: {family: listed, values: [5 days, 40 days, 12 h]}}\n"
        "      - {stage: hearing, count: 2, age: 20 days, in_stage: {family: listed, values: [3 days, 2 h]}}"
    )

    cases = intake(plan, 0)

    assert (cases["filed"][:6] / DAY).tolist() == [-40, -20, -20, -5, -0.5, 0]
    assert (cases["since"][:6] / DAY).tolist() == [0, -3, -1 / 12, 0, 0, 0]
    assert cases["arrived"][:6].tolist() == [0] * 6
    assert [plan.names.stages[stage] for stage in cases["enters"][:6]] == [
        "review", "hearing", "hearing", "review", "review", "filing",
    ]  # fmt: skip
    new = cases[cases["origin"] == 0]
    assert (new["filed"] == new["arrived"]).all()
    assert (new["since"] == new["arrived"]).all()


def test_drawn_ages_are_each_cases_own_and_the_same_in_every_scenario() -> None:
    row = "      - {stage: review, count: %d, age: {family: exponential, mean: 30 days}, in_stage: {family: exponential, mean: 20 days}}"
    few, many = (plan_of(row % count) for count in (300, 2000))

    def by_ordinal(plan: Plan, replication: int) -> np.ndarray:
        cases = intake(plan, replication)
        mine = cases[cases["origin"] == 1]
        return mine[np.argsort(mine["ordinal"])]

    ages = by_ordinal(many, 0)
    assert (by_ordinal(few, 0)["filed"] == ages["filed"][:300]).all()
    assert (by_ordinal(few, 0)["since"] == ages["since"][:300]).all()
    assert not (by_ordinal(few, 1)["filed"] == ages["filed"][:300]).any()
    assert -ages["filed"].mean() / DAY == pytest.approx(30, rel=0.06)
    assert (ages["since"] >= ages["filed"]).all()
    assert len(np.unique(ages["filed"])) > 1990


def test_a_row_is_split_into_whole_cases_by_field_and_home_and_takes_its_kind() -> None:
    plan = plan_of(
        "      - {stage: review, count: 7, age: {family: listed, values: [1 days, 2 days, 3 days, 4 days, 5 days, 6 days, 7 days]}}\n"
        "      - {stage: review, count: 4, field: market, kind: large, jurisdiction: east, age: 9 days}",
        origin="    jurisdiction: city\n    fields: {urban: 0.6, market: 0.4}\n    kinds: {small: 1}\n",
    )

    cases = intake(plan, 0)
    cases = cases[cases["origin"] == 1]

    city = cases[cases["home"] == 0]
    assert np.bincount(city["field"]).tolist() == [4, 3]
    assert sorted((-city["filed"] / DAY).tolist()) == [1, 2, 3, 4, 5, 6, 7]
    assert {plan.names.kinds[kind] for kind in city["kind"]} == {"small"}
    east = cases[cases["home"] == 1]
    assert east["field"].tolist() == [1] * 4
    assert {plan.names.kinds[kind] for kind in east["kind"]} == {"large"}


@pytest.mark.parametrize(
    ("stage", "running"),
    [
        ("investigation", {"all_90": False}),
        ("review", {"all_90": False, "review_10": True}),
        ("hearing", {"all_90": False, "hearing_20": False}),
        # From review to the decision a way leads past the hearing, which would have stopped that clock.
        ("decision", {"all_90": False, "hearing_20": False}),
        ("delivery", {"hearing_20": False, "delivery_7": False}),
    ],
)
def test_a_clock_can_run_where_a_way_leads_from_its_start_on_which_it_is_not_stopped(
    stage: str, running: dict[str, bool]
) -> None:
    procedure = scenario("      - {stage: review, count: 1, age: 1 days}").procedures["penalty"]

    assert clocks_in(procedure, stage) == running


def test_a_clock_that_only_a_case_can_have_started_which_comes_again_must_be_named() -> None:
    procedure = scenario("      - {stage: review, count: 1, age: 1 days}").procedures["penalty"]

    assert clocks_in(procedure, "investigation", again=True) == {"all_90": False, "hearing_20": False}


def test_clocks_run_from_filing_or_from_entering_their_stage_unless_the_row_says_otherwise() -> None:
    plan = plan_of(
        "      - {stage: review, count: 1, age: 40 days, in_stage: 4 days}\n"
        "      - {stage: hearing, count: 1, age: 30 days, in_stage: 2 days, clocks: {all_90: 25 days, hearing_20: filing}}\n"
        "      - {stage: decision, count: 1, age: 20 days, clocks: {}}\n"
        "      - {stage: review, count: 1, age: 10 days, in_stage: 4 days, clocks: {review_10: 1 days}}"
    )

    assert clocks_of(plan) == {
        (0, "all_90"): -40,
        (0, "review_10"): -4,
        (1, "all_90"): -25,
        (1, "hearing_20"): -30,
        (3, "review_10"): -4,  # it runs from entering, so it has run as long as the case has stood there
    }


def test_calendars_reach_back_only_where_cases_are_open_on_the_first_day() -> None:
    first = dt.date(2024, 2, 19)
    plan = plan_of("      - {stage: review, count: 1, age: 40 days}")
    days = plan.day_tables[plan.names.calendars.index("office")]
    past = china_days(dt.date(2023, 9, 1), first)

    assert days.is_working_day(np.arange(1 - len(past), 1)).tolist() == past.tolist()
    assert days.first - dt.timedelta(days=days.back) == dt.date(2004, 1, 1)
    assert plan.day_tables[0].back == 10_000

    bare = scenario("      - {stage: review, count: 1, age: 40 days}")
    bare = bare.model_copy(update={"origins": {"new": bare.origins["new"]}})
    other = build(bare)
    assert [table.back for table in other.day_tables] == [0, 0, 0]
    assert (other.day_tables[1].flags == days.flags[days.back :]).all()
    assert (
        other.work_tables[1].worked(np.arange(0, 90 * DAY, 777))
        == plan.work_tables[1].worked(np.arange(0, 90 * DAY, 777))
    ).all()


def test_a_drawn_age_beyond_the_calendars_is_refused_when_it_is_drawn() -> None:
    plan = plan_of("      - {stage: review, count: 500, age: {family: exponential, mean: 4000 days}}")

    with pytest.raises(CalendarError, match="begins on 2004-01-01"):
        intake(plan, 0)


@pytest.mark.parametrize(
    ("row", "more", "said"),
    [
        ("stage: reveiw, count: 1, age: 1 days", {}, "cases.0.stage: no stage has this name[\\s\\S]*try:  review"),
        ("stage: filing, count: 1, age: 1 days", {}, "no case stands in a decision"),
        ("stage: review, count: -1, age: 1 days", {}, "cases.0.count"),
        ("stage: review, count: 1.5, age: 1 days", {}, "cases.0.count[\\s\\S]*whole number"),
        ("stage: review, count: 1, age: 0 days", {}, "filed before it[\\s\\S]*an age above 0"),
        ("stage: review, count: 1, age: 3 working days", {}, "cases.0.age: [\\s\\S]*clock time"),
        ("stage: review, count: 1, age: 3 days, in_stage: 4 days", {}, "cannot have stood in the stage for 4 days"),
        ("stage: review, count: 1, age: 9000 days", {}, "cases.0.age: this lies before the first day[\\s\\S]*2004-01-01"),
        ("stage: review, count: 1, age: 1 days, clocks: {all_9: 1 days}", {}, "no clock has this name[\\s\\S]*all_90"),
        ("stage: review, count: 1, age: 1 days, clocks: {delivery_7: filing}", {}, "cannot be running when a case comes to stage 'review'"),
        ("stage: review, count: 1, age: 1 days, clocks: {all_90: 2 months}", {}, "clocks.all_90: [\\s\\S]*clock time"),
        ("stage: review, count: 1, age: 1 days, field: urbn", {}, "no field has this name[\\s\\S]*urban"),
        ("stage: review, count: 1, age: 1 days, jurisdiction: est", {}, "no jurisdiction has this name[\\s\\S]*east"),
        ("stage: review, count: 1, age: 1 days, in_stge: 1 days", {}, "in_stge"),
        (
            "stage: review, count: 1, age: 1 days",
            {"period": "start: 2024-02-19, end: 2024-06-01, warm_up: 30 days"},
            "from open cases or from a warm-up, not from both[\\s\\S]*warm_up: 30 days[\\s\\S]*remove `warm_up`",
        ),
    ],
)  # fmt: skip
def test_what_a_file_may_not_say(row: str, more: dict[str, str], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        scenario(f"      - {{{row}}}", **more)


def test_counts_and_ages_of_a_place_need_their_evidence() -> None:
    text = "format: 1\ntitle: story\nperiod: {start: 2024-02-19, end: 2024-06-01}\n"
    text += "procedures: {p: {stages: {reply: {kind: wait, duration: {family: fixed, value: 5 days, assumed: x, range: [1, 9]}, then: closed}}}}\n"
    text += "origins: {open: {process: backlog, cases: [{stage: reply, count: 3, age: 9 days}]}}\n"

    with pytest.raises(ScenarioError) as refused:
        scenario_of(parse_text(text, "story.yaml"))

    assert "origins.open.cases.0.count: this number has neither a source" in str(refused.value)
    assert "origins.open.cases.0.age: this number has neither a source" in str(refused.value)
