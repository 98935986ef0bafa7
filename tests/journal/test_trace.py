"""Marks of a log find the first row that another log has otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.journal.trace import first_difference, marks
from enforcement_sim.plan.build import build

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"


@pytest.fixture(scope="module")
def log() -> EventLog:
    return run(build(load(SMALL)), 0)


def test_equal_logs_have_equal_marks(log: EventLog) -> None:
    assert first_difference(log, marks(log, 10**9)) == ""
    assert first_difference(log, marks(log, 50)) == ""


@pytest.mark.parametrize("column", ["time", "case", "what", "stage", "team"])
def test_the_first_row_that_differs_is_named(log: EventLog, column: str) -> None:
    kept = marks(log, 10**9)
    for row in (0, 7, len(log) - 1):
        values = getattr(log, column).copy()
        values[row] = values[row - 1] if values[row] != values[row - 1] else values[row] + 1
        other = replace(log, **{column: values})
        said = first_difference(other, kept)
        if said:  # two different rows have the same mark once in 256 times
            number = int(other.stage[row])
            where = f"stage '{log.names.stages[number]}'" if number >= 0 else "at the door"
            assert said.startswith(f"row {row:,}: case {int(other.case[row])}, {where}, ")
    values = np.roll(getattr(log, column), 1)
    assert first_difference(replace(log, **{column: values}), kept)


def test_a_log_that_ends_early_is_told(log: EventLog) -> None:
    kept = marks(log, 10**9)
    fewer = replace(log, **{name: getattr(log, name)[:-5] for name in ("time", "case", "what", "stage", "team")})

    assert "the log ends after" in first_difference(fewer, kept)


def test_another_stage_elsewhere_moves_no_mark(log: EventLog) -> None:
    names = replace(log.names, stages=(*log.names.stages[:-1], log.names.stages[-1], "new"))

    assert first_difference(replace(log, names=names), marks(log, 10**9)) == ""
