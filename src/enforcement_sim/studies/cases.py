"""Which cases a change lets miss a limit, over replications of two scenarios that meet the same cases."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engines.choice import engine, prepare
from ..errors import ResultsError
from ..files.explain import nearest
from ..measures.counterfactual import COUNT_COLUMNS, Counterfactual, counterfactual
from ..measures.pairs import OUTCOMES, Side, clock_names
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from ..statistics.means import mean_interval
from .replicate import Progress

Floats = npt.NDArray[np.float64]

PLACES = COUNT_COLUMNS[:3]
MISSED_IN_BASE = ("only_base", "both", "base_changed_unknown", "case_only_base")
MISSED_IN_CHANGED = ("only_changed", "both", "changed_base_unknown", "case_only_changed")
SUMMARY_COLUMNS = [*PLACES, "what", "mean", "low", "high", "sd", "n"]
CAUSE_COLUMNS = ["clock", "outcome", "of", "cause", "cause_stage", "mean", "low", "high", "sd", "n", "cause_days"]


@dataclass(frozen=True)
class CaseChanges:
    """Cases that missed a limit in one of two scenarios or in both, over some replications.

    `table` has a row for each replication, case and clock (`measures.case_list.COLUMNS`); `counts` the number of
    cases for each replication, clock, places and outcome, `summary` their means with 95 % intervals over replications
    (NaN for a single one), with `missed_base`, `missed_changed`, their `difference`, and `days_later`: by how many
    days more (in the mean) the cases of `both` are over. `causes` are those of cases missed in one scenario only:
    cases a replication, and the mean days. `of` says what they are causes of: `limit`, what took most of the time where
    it was missed, and `difference`, what took longer (or, below 0, shorter) in changed than in base. `cases` has a row
    for each replication: cases in both scenarios, only in base, only in changed.
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    summary: pd.DataFrame
    causes: pd.DataFrame
    cases: pd.DataFrame


def case_changes(
    base: Scenario,
    changed: Scenario,
    replications: Iterable[int],
    seed: int | None = None,
    clock: str | None = None,
    progress: Progress | None = None,
) -> CaseChanges:
    """Run both scenarios and match their cases; both have the seed of `base` unless another one is given.

    Raises ResultsError for scenarios of different periods, and for a clock that neither has.
    """
    _comparable(base, changed)
    chosen, numbers = base.seed if seed is None else seed, list(replications)
    plans = build(base, chosen), build(changed, chosen)
    known = clock_names(*plans)
    if clock is not None and clock not in known:
        raise ResultsError(f"no clock '{clock}' in either scenario", try_=nearest(clock, known))
    for name in {base.engine, changed.engine}:
        prepare(name)
    found = []
    for done, replication in enumerate(numbers):
        if progress is not None:
            progress("cases", done, len(numbers))
        found.append(_held_together((base, changed), plans, replication, clock))
    if progress is not None:
        progress("cases", len(numbers), len(numbers))
    return _together(found, numbers)


def _comparable(base: Scenario, changed: Scenario) -> None:
    if (base.period.start, base.period.seconds) != (changed.period.start, changed.period.seconds):
        raise ResultsError(
            "the two scenarios run over different periods, so their cases cannot be matched",
            try_="the same start and end in both, for example by `extends`",
        )


def _held_together(
    scenarios: tuple[Scenario, Scenario], plans: tuple[Plan, Plan], replication: int, clock: str | None
) -> Counterfactual:
    # Logs are large, and those of one replication are gone before the next ones are made.
    base, changed = (
        Side(engine(scenario.engine)(plan, replication), plan) for scenario, plan in zip(scenarios, plans, strict=True)
    )
    return counterfactual(base, changed, clock)


def _together(found: list[Counterfactual], numbers: list[int]) -> CaseChanges:
    def stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
        told = [table.assign(replication=number) for table, number in zip(tables, numbers, strict=True)]
        filled = [table for table in told if len(table)] or told[:1]
        table = pd.concat(filled, ignore_index=True)
        return table[["replication", *table.columns.drop("replication")]]

    table, counts = stacked([one.table for one in found]), stacked([one.counts for one in found])
    cases = pd.DataFrame([one.cases for one in found], columns=["in_both", "only_base", "only_changed"])
    cases.insert(0, "replication", numbers)
    return CaseChanges(table, counts, _summary(counts, table, numbers), _causes(table, numbers), cases)


def _summary(counts: pd.DataFrame, table: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    wide = counts.assign(
        missed_base=counts[list(MISSED_IN_BASE)].sum(axis=1), missed_changed=counts[list(MISSED_IN_CHANGED)].sum(axis=1)
    )
    wide["difference"] = wide["missed_changed"] - wide["missed_base"]
    measures = ["missed_base", "missed_changed", "difference", *OUTCOMES]
    rows = []
    for places, part in wide.groupby(PLACES, sort=False):
        whole = part.set_index("replication")[measures].reindex(numbers, fill_value=0)
        rows += [(*places, what, *_interval(whole[what].to_numpy(dtype=np.float64))) for what in measures]
        rows.append((*places, "days_later", *_interval(_days_later(table, places, numbers))))
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def _days_later(table: pd.DataFrame, places: tuple[Hashable, ...], numbers: list[int]) -> Floats:
    """Of the cases missed in both scenarios, the mean of days over in changed minus those in base."""
    rows = table[(table["outcome"] == "both") & (table["clock"] == places[0])]
    for column, place in zip(PLACES[1:], places[1:], strict=True):
        rows = rows if place == "all" else rows[rows[column] == place]
    later = (rows["days_over_changed"] - rows["days_over_base"]).groupby(rows["replication"]).mean()
    return later.reindex(numbers).to_numpy(dtype=np.float64)


def _causes(table: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    rows = []
    for outcome, side in (("only_changed", "changed"), ("only_base", "base")):
        mine = table[table["outcome"] == outcome]
        for of, names in (
            ("difference", ("differs", "differs_stage", "differs_days")),
            ("limit", (f"cause_{side}", f"cause_stage_{side}", f"cause_days_{side}")),
        ):
            for (clock, cause, stage), part in mine.groupby(["clock", *names[:2]], sort=False):
                each = part.groupby("replication").size().reindex(numbers, fill_value=0)
                days = float(part[names[2]].mean())
                rows.append((clock, outcome, of, cause, stage, *_interval(np.asarray(each, dtype=np.float64)), days))
    found = pd.DataFrame(rows, columns=CAUSE_COLUMNS)
    return found.sort_values("mean", ascending=False, kind="stable").reset_index(drop=True)


def _interval(values: Floats) -> tuple[float, float, float, float, int]:
    told = mean_interval(values)
    return told.mean, told.low, told.high, told.sd, told.n
