"""Single functions of the kernel beside those of the reference engine; run with NUMBA_DISABLE_JIT=1.

Compiled, they have no way in from Python (compiling/jit.py), and the logs of whole runs are held against each other.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.decisions.dice import Dice
from enforcement_sim.decisions.limits import due
from enforcement_sim.engines.compiled import chance, hours, laying
from enforcement_sim.errors import CalendarError
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build

SCENARIOS = Path(__file__).parents[2] / "scenarios"

pytestmark = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") != "1", reason="run with NUMBA_DISABLE_JIT=1")


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
    plan = build(load(SCENARIOS / "backlog" / "reconsideration_2024.yaml"))
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
