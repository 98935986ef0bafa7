"""Marks of a log find the first row that another log has otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.journal.trace import BLOCK, first_difference, marks
from enforcement_sim.plan.build import build

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"


@pytest.fixture(scope="module")
def log() -> EventLog:
    return run(build(load(SMALL)), 0)


def other(log: EventLog, row: int, column: str) -> EventLog:
    values = getattr(log, column).copy()
    values[row] = values[row - 1] if values[row] != values[row - 1] else values[row] + 1
    return replace(log, **{column: values})


def test_equal_logs_have_equal_marks(log: EventLog) -> None:
    assert first_difference(log, marks(log, 10**9)) == ""
    assert first_difference(log, marks(log, 50)) == ""
    assert first_difference(log, marks(log, 0)) == ""


@pytest.mark.parametrize("column", ["time", "case", "what", "stage", "team"])
def test_the_first_row_that_differs_is_named(log: EventLog, column: str) -> None:
    kept = marks(log, 10**9)
    said = {row: first_difference(other(log, row, column), kept) for row in range(40)}
    named = {row: one for row, one in said.items() if one}

    assert len(named) > 35  # two different rows have the same mark once in 256 times
    for row, one in named.items():
        changed = other(log, row, column)
        number = int(changed.stage[row])
        where = f"stage '{log.names.stages[number]}'" if number >= 0 else "at the door"
        assert one.startswith(f"row {row:,}: case {int(changed.case[row])}, {where}, ")


def test_of_later_rows_the_block_is_named(log: EventLog) -> None:
    assert len(log) > 20 + 3 * BLOCK
    kept = marks(log, 20)
    for row in (20, 20 + BLOCK - 1, 20 + BLOCK, len(log) - 1):
        first = 20 + (row - 20) // BLOCK * BLOCK
        for column in ("time", "stage"):
            said = first_difference(other(log, row, column), kept)
            assert said.startswith(f"row {first:,} or one of the {BLOCK - 1} after it: case {int(log.case[first])}, ")
    assert len(kept.tobytes()) == 20 + -(-(len(log) - 20) // BLOCK)


@pytest.mark.parametrize("alone", [0, 10**9])
def test_a_log_that_ends_early_is_told(log: EventLog, alone: int) -> None:
    end = len(log) // BLOCK * BLOCK  # so that the last block is whole in both
    columns = ("time", "case", "what", "stage", "team")
    fewer = replace(log, **{name: getattr(log, name)[:end] for name in columns})

    said = first_difference(fewer, marks(log, alone))
    assert said == f"the end: the log has {end:,} rows, and had {len(log):,}"


def test_another_stage_elsewhere_moves_no_mark(log: EventLog) -> None:
    names = replace(log.names, stages=(*log.names.stages[:-1], log.names.stages[-1], "new"))

    assert first_difference(replace(log, names=names), marks(log, 10**9)) == ""
