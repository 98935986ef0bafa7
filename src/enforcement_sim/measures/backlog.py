"""Open cases over time: how many stand in which phase on the morning of each day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY
from .frame import ALL, joined, table
from .groups import Group, groups, year_of
from .visits import OPEN, Visits

WEEK = 7
ANY = -2


def backlog(log: EventLog, plan: Plan, visits: Visits, every_days: int = WEEK) -> pd.DataFrame:
    """`backlog`: cases open at midnight, for each jurisdiction, field and phase, and over all phases.

    `period` is the number of the day. A case is counted in the phase of the stage in which it stands at that moment.
    """
    days = np.arange(-(-plan.warm_up // DAY), plan.horizon // DAY + 1, every_days)
    moments = days * DAY
    phase = plan.phase_of[visits.stage]
    entered = np.where(visits.before, np.minimum(visits.entered, -1), visits.entered)
    tables = []
    for group in groups(log, visits.case):
        for number, name in [*enumerate(plan.names.phases), (ANY, ALL)]:
            rows = group.rows if number == ANY else group.rows & (phase == number)
            if rows.any():
                left = visits.left[rows]
                inside = _open_at(entered[rows], left[left != OPEN], moments)
                if number == ANY:
                    tables.append(_yearly(plan, group, moments, inside))
                tables.append(table("backlog", group.jurisdiction, group.field, name, days.tolist(), inside))
    return joined(tables)


def _yearly(plan: Plan, group: Group, moments: np.ndarray, inside: np.ndarray) -> pd.DataFrame:
    """`backlog_mean`: the mean of the weekly numbers of open cases of each year."""
    year = year_of(plan, moments)
    numbers = [n for n in range(len(plan.years)) if (year == n).any()]
    means = [float(inside[year == n].mean()) for n in numbers]
    years = [plan.years[n][0] for n in numbers]
    return table("backlog_mean", group.jurisdiction, group.field, ALL, years, means)


def _open_at(entered: np.ndarray, left: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """How many had entered and not left before each moment."""
    came = np.searchsorted(np.sort(entered), moments, side="left")
    went = np.searchsorted(np.sort(left), moments, side="left")
    return came - went
