"""The compiled engine writes the very log of the reference engine; here without its compiler, which takes minutes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.decisions.dice import Dice
from enforcement_sim.decisions.limits import due
from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import chance, engine, hours, laying
from enforcement_sim.errors import CalendarError
from enforcement_sim.files.read import load
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


def test_the_compiler_is_off_in_this_suite() -> None:
    assert os.environ["NUMBA_DISABLE_JIT"] == "1"


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


def test_draws_are_those_of_the_dice() -> None:
    dice, keys = Dice(20240101, 3), np.array(Dice(20240101, 3).keys, dtype=np.uint64).reshape(-1)
    rng = np.random.default_rng(1)
    with np.errstate(over="ignore"):
        for _ in range(300):
            address, asked = (int(word) for word in rng.integers(0, 2**63, 2))
            ordinal, visit, number = (int(part) for part in rng.integers(0, 5_000, 3))
            words = chance.block(keys, np.int64(address), np.int64(ordinal), np.int64(visit), np.int64(asked), number)
            assert tuple(int(word) for word in words) == dice.block(address, ordinal, visit, asked, number)


def test_office_hours_and_legal_days_are_those_of_the_calendars() -> None:
    plan = plan_of(SCENARIOS / "backlog" / "reconsideration_2024.yaml")
    laid = laying.Laid(0)
    day_rows, hour_rows = laying.day_tables(laid, plan.day_tables), laying.hour_tables(laid, plan.work_tables)
    numbers = laid.whole()
    rng = np.random.default_rng(2)

    for h, d, table, days in zip(hour_rows, day_rows, plan.work_tables, plan.day_tables, strict=True):
        edges = [*table.opens.tolist(), *table.closes.tolist()]
        for t in [*rng.integers(0, table.covers, 200).tolist(), *rng.choice(edges, 100).tolist()]:
            work = int(rng.integers(0, 500_000))
            assert hours.is_open(numbers, h, t) == table.is_open(t)
            assert hours.next_open(numbers, h, t) == tried(table.next_open, t)
            assert hours.worked(numbers, h, t) == table.worked(t)
            assert hours.clock_after(numbers, h, t, work) == tried(table.clock_after, t, work)
            assert hours.end_of_restart(numbers, h, t, work) == tried(table.end_of_work, t, work, "restart")
            for counts in (1, 2, 3):
                limit, still, rolls = int(rng.integers(0, 14)), int(rng.integers(0, 9)), bool(rng.integers(0, 2))
                told = tried(due, days, counts, t, limit, still, rolls)
                assert hours.due(numbers, d, counts, t, limit, still, rolls) == told


def tried(function: Callable[..., int], *given: object) -> int:
    """What the reference says; NEVER where its calendar ends."""
    try:
        return int(function(*given))
    except CalendarError:
        return hours.NEVER


@pytest.mark.long
def test_compiled_it_writes_the_log_of_a_city(tmp_path: Path) -> None:
    script = """import sys
from pathlib import Path
from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import engine
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
for name in sys.argv[1:]:
    plan = build(load(Path(name)))
    assert engine.run(plan, 0).digest == reference.run(plan, 0).digest, name
"""
    files = [SCENARIOS / "tianjin" / "shift_with_staff.yaml", SCENARIOS / "wenzhou" / "base.yaml"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0", "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script, *map(str, files)], env=environment, check=True)
