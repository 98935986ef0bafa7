"""Open cases over time: how many stand in which phase on the morning of each day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY, NONE
from .frame import ALL, Part, joined, table
from .groups import Group, year_of
from .visits import Visits

WEEK = 7


def backlog(log: EventLog, plan: Plan, visits: Visits, every_days: int = WEEK) -> pd.DataFrame:
    """`backlog`: cases open at midnight, for each jurisdiction, field and phase, and over all phases.

    `period` is the number of the day. A case is counted in the phase of the stage in which it stands at that moment.
    """
    days = range(-(-plan.warm_up // DAY), plan.horizon // DAY + 1, every_days)
    moments = range(days.start * DAY, days.stop * DAY, days.step * DAY)
    cases, phases = visits.cases, log.names.phases
    shape = len(cases.place), len(phases) + 1  # the last one for what is in no phase
    phase = np.where(plan.phase_of == NONE, len(phases), plan.phase_of).take(visits.stage)
    key = cases.pair.take(visits.case) * shape[1] + phase
    entered = np.where(visits.before, np.minimum(visits.entered, -1), visits.entered)
    inside = open_at(key, shape[0] * shape[1], entered, visits.left, moments).reshape(*shape, len(days))
    visited = np.bincount(key, minlength=shape[0] * shape[1]).reshape(shape)
    numbers, tables = list(days), []
    for group in cases.groups(visited.sum(axis=1)) if len(visits) else ():
        total, names = inside[group.pairs].sum(axis=0), (group.jurisdiction, group.field)
        in_use = np.flatnonzero(visited[group.pairs, :-1].sum(axis=0))
        tables += [table("backlog", *names, phases[at], numbers, total[at]) for at in in_use]
        whole = total.sum(axis=0)
        tables += [_yearly(plan, group, np.array(moments), whole), table("backlog", *names, ALL, numbers, whole)]
    return joined(tables)


def _yearly(plan: Plan, group: Group, moments: np.ndarray, inside: np.ndarray) -> Part:
    """`backlog_mean`: the mean of the weekly numbers of open cases of each year."""
    year = year_of(plan, moments)
    numbers = [n for n in range(len(plan.years)) if (year == n).any()]
    means = [float(inside[year == n].mean()) for n in numbers]
    years = [plan.years[n][0] for n in numbers]
    return table("backlog_mean", group.jurisdiction, group.field, ALL, years, means)


def open_at(key: np.ndarray, keys: int, entered: np.ndarray, left: np.ndarray, moments: range) -> np.ndarray:
    """How many visits of each key had begun and not ended before each moment, as [key, moment].

    Of each visit, `key` is a number below `keys`, and `entered` and `left` are seconds.
    """
    width = len(moments) + 1

    def changes(time: np.ndarray) -> np.ndarray:
        """How many times of each key have each number of moments at or before them."""
        at = np.clip((time - moments.start) // moments.step + 1, 0, width - 1)
        return np.bincount(key * width + at, minlength=keys * width).reshape(keys, width)

    return np.cumsum(changes(entered) - changes(left), axis=1)[:, :-1]
