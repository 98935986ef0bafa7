"""How long cases stand in each stage, and how long they take as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY, Op
from .clocks import closing_times
from .frame import ALL, joined, table
from .groups import cohort_of, cohorts, groups
from .survival import quantile
from .visits import OPEN, Visits

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Spans:
    """Days that each of some spans lasts so far, whether it is over, and in which year it began."""

    days: npt.NDArray[np.float64]
    over: npt.NDArray[np.bool_]
    year: Int64s

    def of(self, rows: Int64s) -> _Spans:
        """Some of the spans."""
        return _Spans(self.days[rows], self.over[rows], self.year[rows])


def _spans(plan: Plan, begun: Int64s, ended: Int64s) -> _Spans:
    over = ended != OPEN
    return _Spans((np.where(over, ended, plan.horizon) - begun) / DAY, over, cohort_of(plan, begun))


def stays(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each stage, jurisdiction and year of entering: `stay_mean`, `stay_median`, `stay_p90`, in days.

    The mean is over stays that are over; quantiles take those that are not as longer than they are so far. Decisions
    take no time and are left out. Procedures share a row where their stages share a name.
    """
    timed = plan.stages["op"][visits.stage] != Op.DECIDE
    names = sorted(set(plan.names.stages))
    stage = np.array([names.index(name) for name in plan.names.stages])[visits.stage]
    spans = _spans(plan, visits.entered, visits.left)
    tables = []
    for number in np.unique(stage[timed]):
        rows = np.flatnonzero(timed & (stage == number))
        tables += _of_places(log, "stay", names[number], visits.case[rows], spans.of(rows))
    return joined(tables)


def resolution(log: EventLog, plan: Plan) -> pd.DataFrame:
    """From filing to the archive, for each procedure, jurisdiction and year of filing, in days.

    `resolution_mean` of closed cases, `resolution_median` and `resolution_p90` with open ones as censored.
    """
    procedure = plan.stages["procedure"][log.cases["enters"]]
    spans = _spans(plan, log.cases["filed"], closing_times(log))
    tables = []
    for number, name in enumerate(plan.names.procedures):
        rows = np.flatnonzero(procedure == number)
        tables += _of_places(log, "resolution", name, rows, spans.of(rows))
    return joined(tables)


def _of_places(log: EventLog, what: str, item: str, case: Int64s, spans: _Spans) -> list[pd.DataFrame]:
    """The measures of some spans, each of a case, for every jurisdiction and all together."""
    tables = []
    for group in groups(log, case):
        if group.field == ALL and len(case):
            tables += _of_years(what, group.jurisdiction, item, spans.of(np.flatnonzero(group.rows)))
    return tables


def _of_years(what: str, place: str, item: str, spans: _Spans) -> list[pd.DataFrame]:
    tables = []
    for year in cohorts(spans.year):
        mine = spans.of(np.flatnonzero(spans.year == year))
        done = mine.days[mine.over]
        values = {
            f"{what}_mean": float(done.mean()) if len(done) else np.nan,
            f"{what}_median": quantile(mine.days, mine.over, 0.5),
            f"{what}_p90": quantile(mine.days, mine.over, 0.9),
        }
        tables.append(table(values, place, ALL, item, year, values.values()))
    return tables
