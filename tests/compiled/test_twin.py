"""The compiled engine writes the very log of the reference engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import engine
from enforcement_sim.files.read import is_sweep, load
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SMALL = [
    SCENARIOS / "theory" / "mm1.yaml", ROOT / "tests" / "data" / "small_base.yaml",
    ROOT / "tests" / "data" / "small_shift.yaml", SCENARIOS / "backlog" / "reconsideration_2024.yaml",
]  # fmt: skip


def plan_of(path: Path) -> Plan:
    return build(load(path))


@pytest.mark.parametrize("path", SMALL, ids=[path.stem for path in SMALL])
def test_both_engines_write_the_same_log(path: Path) -> None:
    plan = plan_of(path)

    assert engine.run(plan, 1).digest == reference.run(plan, 1).digest


TRACES = sorted([*(SCENARIOS / "validation").glob("J*.yaml"), *(SCENARIOS / "validation").glob("[DFGI]0*.yaml")])


@pytest.mark.parametrize("path", TRACES, ids=[path.stem for path in TRACES])
def test_both_engines_agree_on_cases_with_known_answers(path: Path) -> None:
    plan = plan_of(path)
    # A hundredth of the horizon is enough to meet every construct of the case.
    short = plan if path.stem.startswith("J") else _shorter(plan, max(20 * 86_400, plan.horizon // 100))

    assert engine.run(short, 0).digest == reference.run(short, 0).digest


def _shorter(plan: Plan, horizon: int) -> Plan:
    from dataclasses import replace

    return replace(plan, horizon=min(horizon, plan.horizon), warm_up=0)


SHIPPED = sorted(
    path
    for path in SCENARIOS.rglob("*.yaml")
    if path.relative_to(SCENARIOS).parts[0] not in ("procedures", "law", "validation")
    and path.name not in ("systems.yaml",)
    and not is_sweep(path)
)


@pytest.mark.long
@pytest.mark.parametrize(
    "path", SHIPPED, ids=[path.relative_to(SCENARIOS).with_suffix("").as_posix() for path in SHIPPED]
)
def test_both_engines_agree_on_every_shipped_scenario(path: Path) -> None:
    plan = plan_of(path)
    # Its first ten months: a whole run takes the reference a minute for each of some sixty files.
    short = _shorter(plan, max(300 * 86_400, plan.horizon // 10))

    assert engine.run(short, 0).digest == reference.run(short, 0).digest


@pytest.mark.long
@pytest.mark.parametrize("name", ["tianjin/shift_with_staff", "wenzhou/base"])
def test_it_writes_the_log_of_a_city(name: str) -> None:
    plan = plan_of(SCENARIOS / f"{name}.yaml")

    assert engine.run(plan, 0).digest == reference.run(plan, 0).digest
