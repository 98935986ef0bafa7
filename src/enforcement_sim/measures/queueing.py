"""Statistics of queueing theory, read off visits: what textbooks have exact answers for.

Every statistic leaves out the warm-up. Means over cases take those that entered in the window from the end of
the warm-up to a cool-down before the horizon, so that no long wait is missing for being unfinished.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE, Op, What
from .staff import officers_at_work
from .visits import OPEN, Visits

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
COOL_DOWN = 0.02
"""Share of the measured time before the horizon in which new cases are left out of means."""


@dataclass(frozen=True)
class Station:
    """The visits of some stages (all stages of work by default), seen through a window of time.

    Times are in seconds; `unit` turns them into the unit of the answer.
    """

    entered: Int64s
    started: Int64s
    left: Int64s
    how: npt.NDArray[np.int8]
    officers: Int64s
    case: Int64s
    window: tuple[int, int]
    unit: float

    @property
    def end_of_wait(self) -> Int64s:
        """When each visit's waiting ended: by service, by leaving the line, or not yet (OPEN)."""
        return np.where(self.started != OPEN, self.started, self.left)

    def counted(self) -> npt.NDArray[np.bool_]:
        """Which visits means are taken over."""
        first, last = self.window
        cool = int((last - first) * COOL_DOWN)
        inside = (self.entered >= first) & (self.entered < last - cool)
        return np.asarray(inside & (self.end_of_wait != OPEN), dtype=np.bool_)

    def waits(self, served_only: bool = False) -> Floats:
        """Time in line of each counted visit; who is turned away was never in it."""
        rows = self.counted() & ((self.started != OPEN) | (not served_only)) & (self.how != What.TURNED_AWAY)
        waits: Floats = (self.end_of_wait[rows] - self.entered[rows]) / self.unit
        return waits

    def stays(self) -> Floats:
        """Time in line and in work of each counted visit that was served to its end."""
        rows = self.counted() & (self.how == What.ENDED)
        stays: Floats = (self.left[rows] - self.entered[rows]) / self.unit
        return stays

    def share(self, how: What, of_accepted: bool = False) -> float:
        """Share of counted visits that ended in a way; of those not turned away if `of_accepted`."""
        rows = self.counted()
        if of_accepted:
            rows &= self.how != What.TURNED_AWAY
        return float((self.how[rows] == how).mean())

    def rate(self, how: What) -> float:
        """Visits that ended in a way, for each unit of time."""
        first, last = self.window
        return float(((self.how == how) & (self.left >= first) & (self.left < last)).sum()) / (
            (last - first) / self.unit
        )

    def mean_number(self, part: str = "all") -> float:
        """Mean number over time: `all`, `line` (waiting) or `officers` (at work)."""
        first, last = self.window
        if part == "officers":
            rows = self.started != OPEN
            spans = _overlap(self.started[rows], self.left[rows], first, last) * self.officers[rows]
        else:
            spans = _overlap(self.entered, self.left if part == "all" else self.end_of_wait, first, last)
        return float(spans.sum()) / (last - first)

    def number_at(self, times: Int64s) -> Floats:
        """How many are in the station just before each time."""
        came = np.searchsorted(np.sort(self.entered), times, side="left")
        went = np.searchsorted(np.sort(self.left), times, side="left")
        return (came - went).astype(np.float64)

    def waiting_at(self, times: Int64s) -> Floats:
        """How many wait just before each time."""
        came = np.searchsorted(np.sort(self.entered), times, side="left")
        went = np.searchsorted(np.sort(self.end_of_wait), times, side="left")
        return (came - went).astype(np.float64)

    def time_share(self, least: int) -> float:
        """Share of time with at least so many in the station."""
        first, last = self.window
        times, number = _path(self.entered, self.left, first, last)
        return float(np.diff(times, append=last)[number >= least].sum()) / (last - first)

    def most_officers(self) -> int:
        """The largest number of officers at work at once."""
        rows = self.started != OPEN
        moments = np.concatenate([self.started[rows], self.left[rows]])
        steps = np.concatenate([self.officers[rows], -self.officers[rows]])
        order = np.lexsort((steps, moments))
        return int(np.cumsum(steps[order]).max(initial=0))


def station_of(
    stays: Visits, log: EventLog, plan: Plan, unit: float, stages: tuple[str, ...], ops: tuple[Op, ...]
) -> Station:
    """The station of some stages by name, or (naming none) of all stages of the given kinds."""
    numbers = [n for n, name in enumerate(plan.names.stages) if name in stages]
    if not stages:
        numbers = np.flatnonzero(np.isin(plan.stages["op"], [int(op) for op in ops])).tolist()
    rows = np.isin(stays.stage, numbers)
    officers = officers_at_work(log, plan, stays)
    return Station(
        stays.entered[rows], stays.started[rows], stays.left[rows], stays.how[rows], officers[rows], stays.case[rows],
        (plan.warm_up, plan.horizon), unit,
    )  # fmt: skip


def lifetimes(log: EventLog, plan: Plan, unit: float) -> Floats:
    """Time from filing to closing of every case of the window that is closed; child matters are left aside."""
    closed = np.full(len(log.cases), NONE, dtype=np.int64)
    rows = log.rows(What.CLOSED)
    closed[log.case[rows]] = log.time[rows]
    arrived = log.cases["arrived"]
    cool = int((plan.horizon - plan.warm_up) * COOL_DOWN)
    inside = (arrived >= plan.warm_up) & (arrived < plan.horizon - cool) & (closed != NONE)
    inside &= log.cases["parent"] == NONE
    lives: Floats = (closed[inside] - log.cases["filed"][inside]) / unit
    return lives


def _overlap(start: Int64s, end: Int64s, first: int, last: int) -> Int64s:
    inside: Int64s = np.maximum(np.minimum(end, last) - np.maximum(start, first), 0)
    return inside


def _path(entered: Int64s, left: Int64s, first: int, last: int) -> tuple[Int64s, Int64s]:
    """Moments inside the window at which the number changes, and the number from each on."""
    over = left[left < last]
    moments = np.concatenate([entered[entered < last], over])
    steps = np.concatenate([np.ones((entered < last).sum()), -np.ones(len(over))])
    order = np.argsort(moments, kind="stable")
    number = np.cumsum(steps[order]).astype(np.int64)
    times = np.maximum(moments[order], first)
    keep = np.append(np.diff(times) > 0, True) if len(times) else np.zeros(0, dtype=np.bool_)
    return np.concatenate([[first], times[keep]]), np.concatenate([[0], number[keep]])
