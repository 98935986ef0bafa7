"""Cases and cohorts over replications: means, intervals, and what is not told."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import enforcement_sim as es
from enforcement_sim.engines.choice import engine
from enforcement_sim.errors import ResultsError
from enforcement_sim.measures.cohorts import COUNTS, KEYS, measured
from enforcement_sim.measures.counterfactual import Counterfactual, counterfactual
from enforcement_sim.measures.pairs import Side
from enforcement_sim.plan.build import build
from enforcement_sim.statistics.means import mean_interval
from enforcement_sim.studies.cases import CaseChanges, case_changes
from enforcement_sim.studies.cases import _together as _together_cases
from enforcement_sim.studies.cohorts import _together, cohort_table

DATA = Path(__file__).parents[1] / "data"
BASE, SHIFT = es.load(DATA / "small_base.yaml"), es.load(DATA / "small_shift.yaml")


@pytest.fixture(scope="module")
def found() -> CaseChanges:
    return case_changes(BASE, SHIFT, range(4))


def test_the_summary_is_that_of_the_replications(found: CaseChanges) -> None:
    total = found.summary[(found.summary["jurisdiction_base"] == "all")].set_index("what")
    lost = found.table[found.table["outcome"] == "only_changed"].groupby("replication").size().reindex(range(4))
    expected = mean_interval(lost.to_numpy())

    assert expected.mean > 10
    assert total.loc["only_changed", ["mean", "low", "high", "n"]].tolist() == pytest.approx(
        [expected.mean, expected.low, expected.high, 4]
    )
    assert total.loc["difference", "mean"] == pytest.approx(
        total.loc["only_changed", "mean"] + total.loc["changed_base_unknown", "mean"] - total.loc["only_base", "mean"]
    )
    told = found.causes[found.causes["of"] == "difference"].set_index(["cause", "cause_stage"])
    mine = found.table[found.table["outcome"] == "only_changed"].groupby(["differs", "differs_stage"])["differs_days"]
    assert (told["mean"] * 4).round().to_dict() == mine.size().to_dict()
    assert told["cause_days"].to_dict() == pytest.approx(mine.mean().to_dict())
    for of in ("limit", "difference"):
        causes = found.causes[found.causes["of"] == of]["mean"]
        assert causes.sum() == pytest.approx(expected.mean + total.loc["only_base", "mean"])
    assert found.causes["mean"].is_monotonic_decreasing


def test_a_place_and_a_cause_that_some_replication_has_not_count_as_none_there() -> None:
    whole = counterfactual(*_sides(0))
    nothing = Counterfactual(whole.table.iloc[:0], whole.counts.iloc[:0], whole.cases)
    told = _together_cases([whole, nothing], [0, 1])
    places = ["clock", "jurisdiction_base", "jurisdiction_changed"]
    means = told.summary[told.summary["what"] == "neither"].set_index(places)["mean"]

    assert means.tolist() == (whole.counts.set_index(places)["neither"] / 2).tolist()
    assert told.causes["mean"].sum() == pytest.approx((whole.table["outcome"] == "only_changed").sum())  # halves of two
    assert set(told.causes["n"]) == {2}
    assert set(told.table["replication"]) == {0}


def _sides(replication: int) -> tuple[Side, Side]:
    plans = [build(one, BASE.seed) for one in (BASE, SHIFT)]
    base, changed = (Side(engine("fast")(plan, replication), plan) for plan in plans)
    return base, changed


def test_cases_over_in_both_are_told_how_much_later_they_are() -> None:
    more = es.load(DATA / "small_shift.yaml", {"reform.learning.extra_time": 0.8})
    found = case_changes(SHIFT, more, [0, 1])
    both = found.table[found.table["outcome"] == "both"]
    later = (both["days_over_changed"] - both["days_over_base"]).groupby(both["replication"]).mean()
    total = found.summary[(found.summary["jurisdiction_base"] == "all") & (found.summary["what"] == "days_later")]

    assert len(later) == 2
    assert total["mean"].item() == pytest.approx(later.mean())
    assert later.mean() > 0


def test_one_replication_is_the_same_alone_and_among_others(found: CaseChanges) -> None:
    alone = es.cases(BASE, SHIFT, replication=2)
    among = found.table[found.table["replication"] == 2].reset_index(drop=True)

    pd.testing.assert_frame_equal(alone.table, among)
    assert alone.summary["low"].isna().all()


def test_both_scenarios_run_with_the_seed_of_the_base() -> None:
    other = SHIFT.model_copy(update={"seed": BASE.seed + 1})
    pd.testing.assert_frame_equal(
        es.cases(BASE, other, replications=1).table, es.cases(BASE, SHIFT, replications=1).table
    )
    found = es.cases(BASE, SHIFT, replications=1, seed=77)
    assert found.cases[["only_base", "only_changed"]].sum().sum() == 0
    assert not found.table.equals(es.cases(BASE, SHIFT, replications=1).table)


def test_what_cannot_be_matched_is_refused() -> None:
    shorter = BASE.model_copy(
        update={"period": BASE.period.model_copy(update={"end": BASE.period.start.replace(year=2024)})}
    )
    with pytest.raises(ResultsError, match="different periods"):
        case_changes(BASE, shorter, [0])
    with pytest.raises(ResultsError, match="try:  decision_90"):
        case_changes(BASE, SHIFT, [0], clock="decision")
    with pytest.raises(ResultsError, match="one of the two"):
        es.cases(BASE, SHIFT, replication=1, replications=2)
    with pytest.raises(ResultsError, match="try:  decision"):
        es.cohorts(BASE, replications=1, since="decison")


def test_cohorts_have_means_and_t_intervals_over_replications() -> None:
    told = cohort_table(BASE, 3)
    key = ("2024-03", "all", "all")

    assert set(cohort_table(BASE, 1)["interval"]) == {"cases"}
    assert set(told["interval"]) == {"replications"}
    row = told.set_index(KEYS).loc[key]
    assert row["within_30_low"] < row["within_30"] < row["within_30_high"] <= 1.0
    assert told["filed"].sum() == 4 * 4700  # all, by place, by procedure, by both
    assert (told[[f"within_{n}" for n in (30, 60, 90, 180)]].diff(axis=1).iloc[:, 1:].fillna(0.0) >= 0).all().all()


def made(**values: float) -> pd.DataFrame:
    row = dict.fromkeys(COUNTS, 5.0) | dict.fromkeys(measured(), 0.5) | values
    return pd.DataFrame([{"period": "2024-01", "jurisdiction": "all", "procedure": "all"} | row])


def test_what_some_replication_cannot_see_is_not_told() -> None:
    nobody = made().iloc[:0]
    told = _together([made(median=10.0), made(median=20.0), made(median=math.nan)]).iloc[0]
    assert math.isnan(told["median"])  # the mean of the two would be that of the quicker ones
    assert told["p90"] == 0.5
    told = _together([made(median=10.0), made(median=20.0), nobody]).iloc[0]
    assert told["median"] == 15.0  # a replication without such cases says nothing of how long they take
    assert told["filed"] == pytest.approx(10 / 3)
    assert told["replications"] == 3


def test_intervals_of_shares_end_where_shares_do() -> None:
    told = _together([made(within_30=1.0), made(within_30=0.6)]).iloc[0]

    assert (told["within_30_low"], told["within_30_high"]) == (0.0, 1.0)
    assert np.isfinite(told["median"])
