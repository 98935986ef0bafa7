"""What is kept of the law beside results: as much as the scenario rests on."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from enforcement_sim.files.read import load
from enforcement_sim.measures.tables import law_table
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.studies.provenance import manifest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def same(one: Any, other: Any) -> bool:
    """Whether two plans are the same, whatever they are made of."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@pytest.mark.parametrize("file", ["wenzhou/base.yaml", "tianjin/shift_without_staff.yaml", "levers/hearings.yaml"])
def test_it_makes_the_same_plan_and_the_same_table_of_the_law(file: str) -> None:
    scenario = load(SCENARIOS / file)
    kept = Scenario.model_validate(manifest("x", scenario, 1, None)["scenario"])

    assert scenario.law is not None
    assert kept.law is not None
    assert 0 < len(kept.law.rows()) < len(scenario.law.rows()) / 2
    assert same(build(kept, 1), build(scenario, 1))
    assert law_table(kept).equals(law_table(scenario))
    assert manifest("x", kept, 1, None) == manifest("x", scenario, 1, None)
