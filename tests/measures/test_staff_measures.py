"""Work, overtime and waits of teams that lend each other officers, beside a count of every quarter of an hour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.staff import line_waits, staff
from enforcement_sim.measures.visits import OPEN, Visits, visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import HOUR

TEXT = """format: 1
title: staff
purpose: theory
period: {start: 2023-12-20, end: 2024-01-20}
calendars: {office: {days: china, hours: ["09:00-12:00", "13:00-18:00"]}}
jurisdictions: {east: {}, west: {}}
teams:
  staff_east: {role: staff, jurisdiction: east, officers: 2, calendar: office, at_close: overtime}
  staff_west: {role: staff, jurisdiction: west, officers: 2, calendar: office, at_close: overtime}
  helpers_east: {role: helpers, jurisdiction: east, officers: 4, calendar: office, at_close: overtime}
  helpers_west: {role: helpers, jurisdiction: west, officers: 3, calendar: office, at_close: overtime}
  experts_east: {role: experts, jurisdiction: east, officers: 3, calendar: office}
  experts_west: {role: experts, jurisdiction: west, officers: 3, calendar: office}
procedures:
  p:
    stages:
      look: {kind: work, team: helpers, duration: 5 h, then: joint}
      joint: {kind: work, team: staff, also: {helpers: 2, experts: 1}, duration: 10 h, then: write}
      write: {kind: work, team: staff, officers: 2, also: {helpers: 1}, duration: 3.25 h, then: {again: 0.5, rest: 0.5}}
      again: {kind: wait, duration: 20 h, then: look}
      rest: {kind: decision, then: closed}
origins:
  east: {process: regular, enters: look, every: 7.5 h, jurisdiction: east}
  west: {process: regular, enters: look, every: 9 h, jurisdiction: west}
"""
QUARTER = HOUR // 4


@pytest.fixture(scope="module")
def told() -> tuple[Plan, EventLog, Visits]:
    plan = build(scenario_of(parse_text(TEXT, "staff.yaml")))
    log = run(plan, 0)
    return plan, log, visits(log)


def rows_of(table: pd.DataFrame) -> dict[tuple[str, str, int], float]:
    keys = zip(table["measure"], table["item"], table["period"], strict=True)
    return dict(zip(keys, table["value"].tolist(), strict=True))


@pytest.mark.parametrize("place", ["east", "west"])
@pytest.mark.parametrize(
    ("role", "officers_in"),
    [("staff", {"joint": 1, "write": 2}), ("helpers", {"look": 1, "joint": 2, "write": 1}), ("experts", {"joint": 1})],
)
def test_work_and_overtime_are_those_of_officers_led_and_lent(
    told: tuple[Plan, EventLog, Visits], place: str, role: str, officers_in: dict[str, int]
) -> None:
    plan, log, seen = told
    rows, team = rows_of(staff(log, plan, seen)), f"{role}_{place}"
    quarters = np.arange(plan.horizon // QUARTER) * QUARTER
    is_open = np.array([plan.work_tables[int(plan.teams[0]["calendar"])].is_open(int(time)) for time in quarters])
    here = log.cases["handler"][seen.case] == plan.names.jurisdictions.index(place)
    busy = np.zeros(len(quarters))
    for visit, start, end in zip(seen.services.visit, seen.services.start, seen.services.end, strict=True):
        assert start % QUARTER == 0
        assert end == OPEN or end % QUARTER == 0
        during = (quarters >= start) & (quarters < end)
        busy[during] += here[visit] * officers_in.get(plan.names.stages[seen.stage[visit]], 0)

    assert len(plan.years) == 2
    for year, first, last in plan.years:
        inside = (quarters >= first) & (quarters < last)
        work, over = busy[inside & is_open].sum() / 4, busy[inside & ~is_open].sum() / 4
        assert min(work, over) > 2
        assert rows["work_hours", team, year] == work
        assert rows["overtime_hours", team, year] == (0 if role == "experts" else over)
        assert rows["use", team, year] == work / rows["officer_hours", team, year]


def waits_of(plan: Plan, log: EventLog, seen: Visits) -> dict[tuple[str, str, int], float]:
    expected = {}
    for j, place in enumerate(plan.names.jurisdictions):
        for role, stage in (("staff", "joint"), ("staff", "write"), ("helpers", "look")):
            here = (log.cases["handler"][seen.case] == j) & (seen.stage == plan.names.stages.index(stage))
            for year, first, last in plan.years:
                mine = here & (seen.started >= max(first, plan.warm_up)) & (seen.started < last)
                waits = (seen.started[mine] - seen.entered[mine]) / HOUR
                if len(waits):
                    expected["wait_mean", f"{role}_{place}/{stage}", year] = waits.mean()
                    expected["wait_p90", f"{role}_{place}/{stage}", year] = np.quantile(waits, 0.9)
    return expected


def test_waits_in_line_are_those_of_each_visit_that_began_in_the_year(told: tuple[Plan, EventLog, Visits]) -> None:
    plan, log, seen = told

    assert rows_of(line_waits(plan, seen)) == waits_of(plan, log, seen)
    assert len(waits_of(plan, log, seen)) == 2 * 3 * 2 * 2


def test_waits_before_the_end_of_the_warm_up_do_not_count() -> None:
    text = TEXT.replace("end: 2024-01-20}", "end: 2024-01-20, warm_up: 15 days}")
    plan = build(scenario_of(parse_text(text, "staff.yaml")))
    log = run(plan, 0)
    expected = waits_of(plan, log, visits(log))

    assert rows_of(line_waits(plan, visits(log))) == expected
    assert {year for _, _, year in expected} == {2024}
