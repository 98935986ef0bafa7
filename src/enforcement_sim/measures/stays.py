"""How long cases stand in each stage, and how long they take as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY, Op
from .clocks import closing_times
from .frame import joined, table
from .groups import Cases, cells, cohort_of
from .survival import mean_and_quantiles
from .visits import OPEN, Visits

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Spans:
    """Spans of cases, from one second to another; `ended` is OPEN where a span is not over."""

    case: Int64s
    begun: Int64s
    ended: Int64s


def stays(plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each stage, jurisdiction and year of entering: `stay_mean`, `stay_median`, `stay_p90`, in days.

    The mean is over stays that are over; quantiles take those that are not as longer than they are so far. Decisions
    take no time and are left out. Procedures share a row where their stages share a name.
    """
    names = sorted(set(plan.names.stages))
    rows = np.flatnonzero((plan.stages["op"] != Op.DECIDE).take(visits.stage))
    item = np.array([names.index(name) for name in plan.names.stages]).take(visits.stage.take(rows))
    spans = _Spans(visits.case.take(rows), visits.entered.take(rows), visits.left.take(rows))
    return _of_spans(plan, visits.cases, "stay", names, item, spans)


def resolution(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """From filing to the archive, for each procedure, jurisdiction and year of filing, in days.

    `resolution_mean` of closed cases, `resolution_median` and `resolution_p90` with open ones as censored.
    """
    procedure = plan.stages["procedure"].take(log.cases["enters"])
    filed = np.ascontiguousarray(log.cases["filed"])
    spans = _Spans(np.arange(len(filed)), filed, closing_times(log))
    return _of_spans(plan, visits.cases, "resolution", plan.names.procedures, procedure, spans)


def _of_spans(
    plan: Plan, cases: Cases, what: str, names: Sequence[str], item: npt.NDArray[np.integer], spans: _Spans
) -> pd.DataFrame:
    """The measures of spans for each item (a number of `names`), jurisdiction and year of beginning."""
    over, year = spans.ended != OPEN, cohort_of(plan, spans.begun)
    days = (np.where(over, spans.ended, plan.horizon) - spans.begun) / DAY
    measures = [f"{what}_mean", f"{what}_median", f"{what}_p90"]
    parts = []
    for cell in cells(cases, spans.case, item, year, (days, over), by_field=False):
        values = mean_and_quantiles(*cell.columns)
        parts.append(table(measures, cell.jurisdiction, cell.field, names[cell.item], cell.year, values))
    return joined(parts)
