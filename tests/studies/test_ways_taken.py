"""Ways that cases took: counted again row by row from the log, with what came back and what arose from what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.visits import visits
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import Op, What
from enforcement_sim.studies.replicate import one_log
from enforcement_sim.studies.ways_taken import COLUMNS, ways_taken

DATA, SCENARIOS = Path(__file__).parents[1] / "data", Path(__file__).parents[2] / "scenarios"
FILES = [DATA / "small_shift.yaml", DATA / "town" / "change.yaml", SCENARIOS / "backlog" / "reconsideration_2024.yaml"]


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def run(request: pytest.FixtureRequest) -> tuple[EventLog, Plan, pd.DataFrame]:
    log, plan = one_log(load(request.param), 0)
    return log, plan, ways_taken(log, plan, visits(log))


def counted(log: EventLog, plan: Plan) -> Counter[tuple[str, str, bool, bool]]:
    """Every step of every case, by stage, stage or outcome, whether it had been there, and whether it ends there."""
    names, found = plan.names.stages, Counter[tuple[str, str, bool, bool]]()
    at: dict[int, tuple[str, int]] = {}
    been: dict[int, set[int]] = {}
    for time, case, what, stage in zip(
        log.time.tolist(), log.case.tolist(), log.what.tolist(), log.stage.tolist(), strict=True
    ):
        if what == What.CLOSED and case in at and time >= plan.warm_up:
            found[at[case][0], names[stage], False, True] += 1
        if what != What.ENTERED or plan.stages["op"][stage] == Op.DECIDE:
            continue
        if case in at and time >= plan.warm_up:
            found[at[case][0], names[stage], stage in been[case], False] += 1
        at[case] = names[stage], time
        been.setdefault(case, set()).add(stage)
    return found


def test_every_step_of_every_case_is_counted_once(run: tuple[EventLog, Plan, pd.DataFrame]) -> None:
    log, plan, ways = run
    own = counted(log, plan)
    told = Counter({
        (row.stage, row.to, bool(row.is_return), bool(row.is_end)): 0 for row in ways.itertuples()
    })  # fmt: skip
    for row in ways.itertuples():
        told[row.stage, row.to, bool(row.is_return), bool(row.is_end)] += row.cases

    assert list(ways.columns) == COLUMNS
    missing = {key: count for key, count in own.items() if told[key] < count}
    assert missing == {}
    children = int((log.cases["parent"] >= 0).sum())
    assert sum(told.values()) - sum(own.values()) in range(children + 1)  # beyond the steps only what arose from others


def test_an_outcome_stands_in_no_part_of_the_procedure(run: tuple[EventLog, Plan, pd.DataFrame]) -> None:
    _, _, ways = run
    ends = ways[ways["is_end"]]

    assert len(ends)
    assert set(ends["to_phase"]) == {""}
    assert not ends["is_return"].any()


def test_what_review_sends_back_is_a_return() -> None:
    log, plan = one_log(load(DATA / "small_shift.yaml"), 0)
    ways = ways_taken(log, plan, visits(log))
    [back] = ways[ways["is_return"] & (ways["to"] == "investigation")].to_dict("records")
    first = ways[~ways["is_return"] & (ways["stage"] == "filing")]["cases"].sum()

    assert back["stage"] == "review"
    assert 0.05 < back["cases"] / first < 0.2  # a tenth is sent back
