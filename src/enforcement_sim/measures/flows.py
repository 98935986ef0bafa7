"""Who went where: how many cases of each label were done each year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE, What
from .frame import joined, stacked, table
from .groups import year_of
from .visits import Visits


def flows(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """`count`: ends of stages by label and year, for each jurisdiction and field; and those of `balance`."""
    label = plan.label_of.take(visits.stage)
    rows = np.flatnonzero((label != NONE) & (visits.how == What.ENDED))
    year = year_of(plan, visits.left.take(rows))
    rows, year = rows[year >= 0], year[year >= 0]
    labels, years, case = len(plan.names.labels), len(plan.years), visits.case.take(rows)
    counts = visits.cases.counted(case, label.take(rows) * years + year, labels * years)
    tables, first = [], [year for year, _, _ in plan.years]
    for group in visits.cases.groups(counts.sum(axis=1)):
        total = counts[group.pairs].sum(axis=0).reshape(labels, years)
        for number, name in enumerate(plan.names.labels):
            tables.append(table("count", group.jurisdiction, group.field, name, first, total[number]))
    return stacked([joined(tables), balance(log, plan, visits)])


def balance(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """Cases of the whole run, for each jurisdiction and field: open at the start + filed = closed + open at the end.

    `open_at_start` is told only where the run starts from open cases.
    """
    cases = visits.cases
    closed = np.zeros(len(log.cases), dtype=np.bool_)
    closed[log.case.take(np.flatnonzero(log.rows(What.CLOSED)))] = True
    everyone, done, old = (
        np.bincount(cases.pair[which], minlength=len(cases.place)) for which in (slice(None), closed, cases.was_open)
    )
    tables = []
    for group in cases.groups(everyone):
        total, ended, opened = (int(count[group.pairs].sum()) for count in (everyone, done, old))
        counts = {"open_at_start": opened} if cases.was_open.any() else {}
        counts |= {"filed": total - opened, "closed": ended, "open_at_end": total - ended}
        tables.append(table(counts, group.jurisdiction, group.field, "cases", plan.years[0][0], counts.values()))
    return joined(tables)
