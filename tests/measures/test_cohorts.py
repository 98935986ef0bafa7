"""Cases by month of filing, beside counts by hand; what is seen of a cohort does not hang on how long one looks on."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.engines.choice import engine
from enforcement_sim.files.read import load, scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.cohorts import DAYS, cohorts, measured
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import What

ROOT = Path(__file__).parents[2]

# One officer, work of 20 days. Filed on 1 and 11 January, 15 and 16 February, and 30 March.
TEXT = """format: 1
title: cohorts
purpose: theory
period: {start: 2023-01-01, end: END}
jurisdictions: {north: {}, south: {}}
teams:
  one: {role: staff, jurisdiction: north, officers: 1}
  two: {role: staff, jurisdiction: south, officers: 1}
procedures:
  p:
    stages:
      desk: {kind: wait, duration: 2 days, then: work}
      work: {kind: work, team: staff, duration: 480 h, then: closed}
origins:
  cases: {process: listed, enters: desk, jurisdiction: north, at: [0 h, 240 h, 1080 h, 1104 h, 2112 h]}
  others: {process: listed, enters: desk, jurisdiction: south, at: [0 h]}
"""


def told(end: str = "2023-04-10", **options: object) -> pd.DataFrame:
    plan = build(scenario_of(parse_text(TEXT.replace("END", end), "cohorts.yaml")))
    found = cohorts(engine("reference")(plan, 0), plan, **options)  # type: ignore[arg-type]
    return found.set_index(["jurisdiction", "period"])


def test_cohorts_are_those_counted_by_hand() -> None:
    found = told()

    # North: desk two days, then work of 20: days 2 to 22 and 22 to 42 (filed on days 0 and 10: 22 and 32 days).
    january = found.loc["north", "2023-01"]
    assert january[["filed", "closed", "open"]].tolist() == [2, 2, 0]
    assert january[["within_30", "within_60", "median", "p90"]].tolist() == pytest.approx([0.5, 1.0, 22.0, 32.0])
    # Filed on days 45 and 46: work on days 47 to 67 and 67 to 87, so 22 and 41 days.
    assert found.loc["north", "2023-02"][["within_30", "within_60"]].tolist() == pytest.approx([0.5, 1.0])
    # Filed on day 88: 11 days to the horizon are seen of it.
    march = found.loc["north", "2023-03"]
    assert march[["filed", "closed", "open"]].tolist() == [1, 0, 1]
    assert march[measured()].isna().all()
    assert found.loc["all", "2023-01"]["filed"] == 3
    assert found.loc["all", "2023-01"]["within_30"] == pytest.approx(2 / 3)
    assert found.loc["south"].index.tolist() == ["2023-01"]


def test_quarters_put_months_together() -> None:
    found = told(by="quarter")

    assert found.loc["north"].index.tolist() == ["2023-Q1"]
    assert found.loc["north", "2023-Q1"][["filed", "open"]].tolist() == [5, 1]


def test_days_can_count_from_a_stage() -> None:
    found = told(since="work")

    assert found.loc["north", "2023-01"][["filed", "median", "p90"]].tolist() == [2, 20.0, 30.0]
    assert found.loc["north", "2023-04"]["filed"] == 1
    assert found["filed"].sum() == told()["filed"].sum()


def test_cases_of_a_horizon_just_ahead_are_not_counted_as_failures() -> None:
    early = told(end="2023-02-20").loc["north", "2023-02"]  # five days after the first was filed

    assert early[["filed", "open"]].tolist() == [2, 2]
    assert math.isnan(early["within_30"])


def seen_until(log: EventLog, plan: Plan, horizon: int) -> tuple[EventLog, Plan]:
    """The same run, broken off earlier: cases at the door by then, and rows before it."""
    rows = log.time < horizon
    there = np.bincount(log.case[rows & log.rows(What.ARRIVED)], minlength=len(log.cases)) > 0
    last = int(np.flatnonzero(there).max()) + 1
    assert there[:last].all()  # so that the numbers of cases stay
    columns = {name: getattr(log, name)[rows] for name in ("time", "case", "what", "stage", "team")}
    cut = dataclasses.replace(log, **columns, cases=log.cases[:last], horizon=horizon)
    return cut, dataclasses.replace(plan, horizon=horizon)


@pytest.mark.parametrize("file", ["scenarios/wenzhou/base.yaml", "tests/data/small_shift.yaml"])
def test_a_longer_horizon_never_changes_what_a_cohort_was_long_enough_observed_for(file: str) -> None:
    plan = build(load(ROOT / file), 3)
    log = engine("fast")(plan, 0)
    keys = ["period", "jurisdiction", "procedure"]
    whole = cohorts(log, plan).set_index(keys)
    compared = 0
    for days_less in (31, 92, 200):
        horizon = plan.horizon - days_less * 86_400
        short = cohorts(*seen_until(log, plan, horizon)).set_index(keys)
        end = np.datetime64(plan.day_tables[0].first) + np.timedelta64(horizon // 86_400, "D")
        for key, row in short.iterrows():
            next_month = np.datetime64(key[0], "M") + 1
            for days in DAYS:
                if next_month.astype("datetime64[D]") + days <= end:  # all of the month was observed for longer
                    columns = [f"within_{days}{part}" for part in ("", "_low", "_high")]
                    assert row[columns].to_numpy(dtype=float) == pytest.approx(
                        whole.loc[key, columns].to_numpy(dtype=float), abs=0, nan_ok=True
                    )
                    compared += 1
    assert compared > 100


def test_a_run_that_goes_on_longer_says_the_same_of_old_cohorts() -> None:
    short, long = told(end="2023-03-20"), told(end="2023-06-01")

    for month in ("2023-01", "2023-02"):
        assert short.loc["north", month]["within_30"] == long.loc["north", month]["within_30"]
    assert math.isnan(short.loc["north", "2023-02"]["within_60"])
    assert long.loc["north", "2023-02"]["within_60"] == 1.0


def test_what_was_open_at_the_start_is_in_no_cohort() -> None:
    plan = build(load(ROOT / "scenarios/backlog/reconsideration_2024.yaml"))
    log = engine("fast")(plan, 0)
    before = log.cases["filed"] < log.cases["arrived"]
    counted = cohorts(log, plan)
    since = cohorts(log, plan, since="reply")
    entered = (log.what == What.ENTERED) & (log.stage == plan.names.stages.index("reply"))
    standing = before & (log.cases["enters"] == plan.names.stages.index("reply"))

    assert before.any()
    assert standing.any()
    for found, expected in ((counted, (~before).sum()), (since, len(set(log.case[entered])) - standing.sum())):
        everything = found[(found["jurisdiction"] == "all") & (found["procedure"] == "all")]
        assert everything["filed"].sum() == expected
        assert (everything["closed"] + everything["open"] == everything["filed"]).all()
        assert everything["period"].min() == "2024-01"


def test_the_warm_up_is_left_out_and_days_count_from_the_first_visit() -> None:
    text = """format: 1
title: twice
purpose: theory
period: {start: 2023-01-01, end: 2023-04-01, warm_up: 10 days}
procedures:
  p:
    stages:
      check: {kind: wait, duration: {family: listed, values: [[10 days, 5 days]]}, then: {by: visit, ways: {0: check}, otherwise: closed}}
origins: {cases: {process: listed, enters: check, at: [0 h, 239 h, 240 h]}}
"""
    plan = build(scenario_of(parse_text(text, "twice.yaml")))
    log = engine("reference")(plan, 0)
    assert len(log.cases) == 3
    for since in (None, "check"):
        found = cohorts(log, plan, since=since)
        assert found["filed"].tolist() == [1]
        assert found["median"].tolist() == [cohorts(log, plan)["median"][0]]
