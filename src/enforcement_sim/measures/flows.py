"""Who went where: how many cases of each label were done each year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE, What
from .frame import joined, table
from .groups import groups, year_of
from .visits import Visits


def flows(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """`count`: ends of stages by label and year, for each jurisdiction and field; and those of `balance`."""
    label = plan.label_of[visits.stage]
    year = year_of(plan, visits.left)
    done = (label != NONE) & (visits.how == What.ENDED) & (year >= 0)
    rows = np.flatnonzero(done)
    tables = []
    for group in groups(log, visits.case[rows]):
        counts = _two_way(label[rows][group.rows], year[rows][group.rows], len(plan.names.labels), len(plan.years))
        for number, name in enumerate(plan.names.labels):
            years = [year for year, _, _ in plan.years]
            tables.append(table("count", group.jurisdiction, group.field, name, years, counts[number]))
    return joined([*tables, balance(log, plan)])


def balance(log: EventLog, plan: Plan) -> pd.DataFrame:
    """Cases of the whole run, for each jurisdiction and field: open at the start + filed = closed + open at the end.

    `open_at_start` is told only where the run starts from open cases.
    """
    case = np.arange(len(log.cases))
    before = log.cases["filed"] < log.cases["arrived"]
    closed = np.zeros(len(case), dtype=np.bool_)
    closed[log.case[log.rows(What.CLOSED)]] = True
    tables = []
    for group in groups(log, case):
        everyone, done = int(group.rows.sum()), int((group.rows & closed).sum())
        old = int((group.rows & before).sum())
        counts = {"open_at_start": old} if before.any() else {}
        counts |= {"filed": everyone - old, "closed": done, "open_at_end": everyone - done}
        tables.append(table(counts, group.jurisdiction, group.field, "cases", plan.years[0][0], counts.values()))
    return joined(tables)


def _two_way(rows: np.ndarray, columns: np.ndarray, height: int, width: int) -> np.ndarray:
    return np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)
