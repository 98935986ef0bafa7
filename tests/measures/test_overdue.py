"""Shares of overdue cases: over all cases together, with an interval that knows what it cannot tell."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from enforcement_sim.measures.frame import ALL
from enforcement_sim.measures.intervals import summary
from enforcement_sim.measures.overdue import overdue_table
from enforcement_sim.statistics.shares import clustered


def findings(cells: dict[str, list[tuple[float, int] | None]]) -> pd.DataFrame:
    """By clock, for each replication the share overdue and the clocks started."""
    rows = []
    for clock, each in cells.items():
        for replication, cell in enumerate(each):
            if cell is not None:
                for measure, value in zip(("overdue_share", "clock_started"), cell, strict=True):
                    rows.append((measure, ALL, ALL, clock, 2024, float(value), replication))
    return pd.DataFrame(rows, columns=["measure", "jurisdiction", "field", "item", "period", "value", "replication"])


def table(cells: dict[str, list[tuple[float, int] | None]]) -> pd.DataFrame:
    found = findings(cells)
    return overdue_table(found, summary(found)).set_index("item")


def test_every_case_counts_once_and_every_replication_is_a_cluster() -> None:
    row = table({"decision": [(0.5, 2), (0.01, 200), (0.02, 100)]}).loc["decision"]
    expected = clustered([1, 2, 2], [2, 200, 100])

    assert row["mean"] == pytest.approx(5 / 302)  # the mean of the shares would be 18 %
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))


def test_where_nothing_was_late_there_is_no_interval() -> None:
    row = table({"decision": [(0.0, 50), (0.0, 60), (0.0, 40)], "late": [(0.1, 10), (0.2, 10), (0.1, 10)]})

    assert row.loc["decision", "mean"] == 0.0
    assert math.isnan(row.loc["decision", "low"])
    assert not math.isnan(row.loc["late", "low"])


def test_replications_without_such_a_clock_say_nothing() -> None:
    with_one = table({"decision": [(0.5, 4), (0.25, 8), None], "other": [(0.0, 1), (0.0, 1), (0.0, 1)]})
    undecided = table({"decision": [(0.5, 4), (0.25, 8), (math.nan, 3)]})

    assert with_one.loc["decision", "mean"] == undecided.loc["decision", "mean"] == pytest.approx(4 / 12)


def test_one_replication_has_no_interval() -> None:
    row = table({"decision": [(0.5, 4)]}).loc["decision"]

    assert row["mean"] == 0.5
    assert math.isnan(row["high"])
