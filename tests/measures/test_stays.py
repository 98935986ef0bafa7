"""How long cases stand in stages and take as a whole, beside a count by hand."""

from __future__ import annotations

import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.measures.stays import resolution, stays
from enforcement_sim.measures.visits import visits
from enforcement_sim.plan.build import build

# Three cases of one officer: work of two days each, then a wait of ten days that the last one does not live to end.
TEXT = """format: 1
title: stays
purpose: theory
period: {length: 15 days}
teams: {staff: {officers: 1}}
procedures:
  p:
    stages:
      work: {kind: work, team: staff, duration: 48 h, then: fast}
      fast: {kind: decision, then: wait}
      wait: {kind: wait, duration: 10 days, then: closed}
origins: {cases: {process: listed, enters: work, at: [0 h, 0 h, 24 h]}}
"""


def told(table: object) -> dict[tuple[str, str], float]:
    rows = table[table["jurisdiction"] == "all"]  # type: ignore[index]
    return {(row["measure"], row["item"]): row["value"] for row in rows.to_dict("records")}


def test_stays_and_resolution_are_those_counted_by_hand() -> None:
    plan = build(scenario_of(parse_text(TEXT, "stays.yaml")))
    log = run(plan, 0)
    seen = visits(log)
    found = told(stays(plan, seen)) | told(resolution(log, plan, seen))

    # Work: in at 0, 0 and 1, out at 2, 4 and 6: 2, 4 and 5 days.
    assert found["stay_mean", "work"] == pytest.approx((2 + 4 + 5) / 3)
    assert found["stay_median", "work"] == 4
    # Waits end at 12 and 14; the third stands for 9 days at the horizon and says nothing about the tenth day.
    assert found["stay_mean", "wait"] == 10
    assert found["stay_median", "wait"] == 10
    assert found["stay_p90", "wait"] == 10
    assert ("stay_mean", "fast") not in found
    # Filed at 0 and 0, closed at 12 and 14.
    assert found["resolution_mean", "p"] == 13
    assert found["resolution_median", "p"] == 14
