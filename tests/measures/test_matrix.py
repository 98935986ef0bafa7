"""Findings side by side: from frames and from tables alike, with zeros where a count is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.measures.intervals import difference, summary
from enforcement_sim.measures.matrix import KEYS, Matrix

Row = tuple[str, str, int, float]
MEASURES = ("filed", "use", "backlog")


def findings(*rows: Row) -> pd.DataFrame:
    """Findings of one replication: measure, item, period, value."""
    frame = pd.DataFrame(rows, columns=["measure", "item", "period", "value"])
    return frame.assign(jurisdiction="all", field="all")[[*KEYS, "value"]]


def beside(*each: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one.assign(replication=number) for number, one in enumerate(each)], ignore_index=True)


rows = st.lists(
    st.tuples(st.sampled_from(MEASURES), st.sampled_from("ab"), st.integers(2020, 2022), st.floats(-9, 9)),
    min_size=1, max_size=12, unique_by=lambda row: row[:3],
)  # fmt: skip


@given(st.lists(rows, min_size=1, max_size=4))
def test_a_table_for_each_replication_is_the_same_as_one_long_frame(each: list[list[Row]]) -> None:
    frames = [findings(*one) for one in each]
    long = Matrix.of_frame(beside(*frames))
    tables = Matrix.of_tables([pa.Table.from_pandas(one, preserve_index=False) for one in frames], range(len(frames)))
    assert long.keys.astype(object).values.tolist() == tables.keys.astype(object).values.tolist()
    np.testing.assert_array_equal(long.values, tables.values)


@given(st.lists(rows, min_size=2, max_size=4))
def test_the_summary_is_that_of_each_finding_by_itself(each: list[list[Row]]) -> None:
    found = summary(beside(*(findings(*one) for one in each))).set_index(["measure", "item", "period"])
    for key in {row[:3] for one in each for row in one}:
        values = [{row[:3]: row[3] for row in one}.get(key) for one in each]
        filled = [0.0 if value is None and key[0] != "use" else value for value in values]
        known = np.array([value for value in filled if value is not None])
        told = found.loc[key]
        assert told["n"] == len(known)
        assert told["mean"] == pytest.approx(known.mean(), abs=1e-12)
        if len(known) > 1:
            assert told["sd"] == pytest.approx(known.std(ddof=1), abs=1e-12)


def test_a_count_that_one_scenario_never_has_is_zero_there_and_another_measure_is_not_compared() -> None:
    changed = beside(
        findings(("filed", "new", 2024, 5.0), ("use", "new", 2024, 0.5)), findings(("filed", "new", 2024, 7.0))
    )
    base = beside(findings(("filed", "old", 2024, 2.0)), findings(("filed", "old", 2024, 2.0)))
    found = difference(changed, base)
    assert found[["item", "mean", "n"]].values.tolist() == [["new", 6.0, 2], ["old", -2.0, 2]]


def test_a_difference_is_of_the_replications_that_both_have() -> None:
    three = beside(*(findings(("use", "a", 2024, value)) for value in (1.0, 2.0, 9.0)))
    two = beside(*(findings(("use", "a", 2024, value)) for value in (0.0, 0.0)))
    assert Matrix.of_frame(three).minus(Matrix.of_frame(two)).values.tolist() == [[1.0, 2.0]]


def test_no_value_is_no_finding() -> None:
    assert summary(beside(findings(("use", "a", 2024, float("nan"))))).empty
