"""The long table, put together from parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.measures.frame import COLUMNS, joined, stacked, table


def test_a_word_stands_for_every_row_of_its_part() -> None:
    some = table(["open", "closed"], "east", "all", "cases", 2024, [1, 2.5])
    none = table("count", "east", "all", "fines", [], [])
    days = table("backlog", "all", "all", "court", [0, 7], np.array([3, 4]))
    told = joined([some, none, days])

    assert told.to_numpy().tolist() == [
        ["open", "east", "all", "cases", 2024, 1.0],
        ["closed", "east", "all", "cases", 2024, 2.5],
        ["backlog", "all", "all", "court", 0, 3.0],
        ["backlog", "all", "all", "court", 7, 4.0],
    ]
    assert [told[column].dtype for column in ("period", "value")] == ["int64", "float64"]
    pd.testing.assert_frame_equal(told, stacked([joined([some]), joined([none]), joined([days])]))


@pytest.mark.parametrize("empty", [joined([table("count", "east", "all", "fines", [], [])]), stacked([joined([])])])
def test_without_rows_there_are_still_columns(empty: pd.DataFrame) -> None:
    assert list(empty.columns) == COLUMNS
    assert empty["value"].dtype == "float64"
    pd.testing.assert_frame_equal(empty, joined([]))
