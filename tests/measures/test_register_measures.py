"""Measures of registers, counted again by hand from the cases and the history."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.findings import findings
from enforcement_sim.measures.registers import register_findings, register_history
from enforcement_sim.measures.tables import titles
from enforcement_sim.plan.build import build
from enforcement_sim.plan.entities import Event, history
from enforcement_sim.plan.tables import Plan

ROOT = Path(__file__).parents[2]
CAPPED = ROOT / "scenarios" / "inspection" / "yearly_cap.yaml"
CHANGES = {
    f"registers.firms.classes.{name}.entities": count for name, count in zip("ABCD", (800, 300, 90, 60), strict=True)
}


@pytest.fixture(scope="module")
def small() -> tuple[Plan, EventLog]:
    plan = build(load(CAPPED, CHANGES))
    return plan, run(plan, 0)


def test_visits_and_findings_by_class_and_year_are_those_of_the_cases(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    rows = register_findings(log, plan).set_index(["measure", "item", "period"])["value"]

    for year, first, last in plan.years:
        of_class: dict[str, list[int]] = {name: [0, 0] for name in "ABCD"}
        by_entity: dict[int, int] = {}
        for case in log.cases:
            if first <= case["arrived"] < last:
                counts = of_class[plan.names.credits[case["credit"]]]
                counts[0] += 1
                counts[1] += int(case["offence"] > 0)
                by_entity[int(case["entity"])] = by_entity.get(int(case["entity"]), 0) + 1
        for name, (visits, found) in of_class.items():
            assert rows["entity_visits", f"firms/{name}", year] == visits
            assert rows["entity_findings", f"firms/{name}", year] == found
        assert rows["entity_visits", "firms/all", year] == sum(by_entity.values()) > 300
        assert rows["entity_findings", "firms/all", year] == sum(found for _, found in of_class.values())
        assert rows["visits_each", "firms/all", year] == pytest.approx(sum(by_entity.values()) / 1250)
        assert rows["entities_visited", "firms/all", year] == len(by_entity)
        assert rows["most_visits", "firms/all", year] == max(by_entity.values())


def test_class_sizes_and_cap_hits_are_those_of_the_history(small: tuple[Plan, EventLog]) -> None:
    plan, _ = small
    rows = register_history(plan, 0).set_index(["measure", "item", "period"])["value"]
    told = history(plan, 0)
    credit = told.credit.copy()
    hits = 0
    for event in told.events:
        credit[event["entity"]] = event["after"]
        hits += int(event["what"] == Event.REFUSED)

    assert [rows["class_size", f"firms/{name}", 2025] for name in "ABCD"] == np.bincount(credit, minlength=4).tolist()
    assert rows["cap_hits", "firms/by_lot", 2025] + rows["cap_hits", "firms/key_supervision", 2025] == hits > 0
    assert rows["cap_hits", "firms/leads", 2025] == rows["cap_hits", "firms/by_lot", 2024] == 0


def test_findings_hold_the_measures_and_classes_have_titles(small: tuple[Plan, EventLog]) -> None:
    plan, log = small
    table = findings(log, plan)

    assert {"entity_visits", "entity_findings", "visits_each", "entities_visited", "most_visits"} <= set(
        table["measure"]
    )
    assert titles(load(CAPPED))["firms/D"].en == "class D, high risk"


def test_the_cap_is_a_lever_on_the_same_firms(small: tuple[Plan, EventLog]) -> None:
    base = history(build(load(CAPPED.parent / "double_random.yaml", CHANGES)), 0)
    capped = history(small[0], 0)
    since = 546 * 86_400  # 30 June 2025

    assert (base.events[base.events["time"] < since] == capped.events[capped.events["time"] < since]).all()
    assert len(base.events) != len(capped.events) or not (base.events == capped.events).all()
