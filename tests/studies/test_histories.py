"""Case stories: why a case was chosen, that its stays follow each other, and that its clocks are those of the register."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.register import dated, register
from enforcement_sim.measures.visits import visits
from enforcement_sim.plan.tables import Plan
from enforcement_sim.studies.histories import CASES, CLOCKS, STAYS, Histories, histories
from enforcement_sim.studies.replicate import one_log

DATA = Path(__file__).parents[1] / "data"
Told = tuple[EventLog, Plan, pd.DataFrame, Histories]


@pytest.fixture(scope="module")
def told() -> Told:
    log, plan = one_log(load(DATA / "small_shift.yaml"), 0)
    seen = visits(log)
    missed = register(log, plan, seen)
    return log, plan, missed, histories(log, plan, seen, missed)


def test_the_tables_have_their_columns_and_each_case_its_stays(told: Told) -> None:
    *_, found = told

    assert [list(one.columns) for one in (found.cases, found.stays, found.clocks)] == [CASES, STAYS, CLOCKS]
    assert found.cases["case"].is_unique
    assert set(found.stays["case"]) == set(found.cases["case"])


def test_the_late_case_is_the_one_with_most_days_over(told: Told) -> None:
    _, _, missed, found = told
    [late] = found.cases[found.cases["why"] == "late"]["case"]

    assert late == missed.loc[missed["days_over"].idxmax(), "case"]


def test_the_returned_case_was_sent_back_as_often_as_any(told: Told) -> None:
    log, *_, found = told
    seen = visits(log)
    returns = pd.Series(seen.case[seen.nth > 0]).value_counts()
    [case] = found.cases[found.cases["why"] == "returned"]["case"]

    assert returns[case] == returns.max()


def test_the_moved_case_is_the_middle_one_of_those_that_the_reform_moved(told: Told) -> None:
    log, *_, found = told
    [row] = found.cases[found.cases["why"] == "moved"].to_dict("records")

    assert log.cases["moved"][row["case"]] == 1
    assert row["jurisdiction"] in ("east", "west")
    assert not row["is_open"]


def test_stays_follow_each_other_and_their_times_add_up(told: Told) -> None:
    *_, found = told
    for _, stays in found.stays.groupby("case"):
        assert (stays["entered"].iloc[1:].to_numpy() >= stays["left"].iloc[:-1].to_numpy()).all()
        assert ((stays["waited"] + stays["worked"]) == (stays["left"] - stays["entered"])).all()
        assert (stays.loc[stays["team"] == "", "worked"] == pd.Timedelta(0)).all()


def test_clocks_are_overdue_where_the_register_says_so(told: Told) -> None:
    _, _, missed, found = told
    listed = dated(missed, pd.Timestamp("2023-01-01").date())
    over = found.clocks[found.clocks["is_overdue"]]

    assert len(over)
    for row in over.to_dict("records"):
        [entry] = listed[(listed["case"] == row["case"]) & (listed["clock"] == row["clock"])].to_dict("records")
        assert (row["started"], row["due"]) == (entry["started"], entry["due"])
        assert (row["stopped"] - row["due"]) / pd.Timedelta(days=1) == pytest.approx(entry["days_over"])
