"""The cases at the door: who comes when, drawn before an engine starts and the same for every engine."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..calendars import WorkTable
from ..decisions.dice import Dice, question, unit
from ..decisions.durations import drawn, listed
from ..records import NONE, Family
from .tables import CASE, Plan, Records, StreamRow

Seconds = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.int32]

_GAP = question("door:gap")
_DAY = question("door:day")
_KIND = question("door:kind")
_MOVED = question("door:moved")
_CHUNK = 4096


def intake(plan: Plan, replication: int) -> Records:
    """All cases of one replication (CASE records), by arrival, then stream, then ordinal.

    The row number is the case number: the lower one goes first where nothing else decides.
    """
    dice = Dice(plan.seed, replication)
    parts = [_stream(plan, number, row, dice) for number, row in enumerate(plan.streams)]
    cases = np.concatenate(parts) if parts else np.zeros(0, dtype=CASE)
    order = np.lexsort((cases["ordinal"], cases["stream"], cases["arrived"]))
    ordered: Records = cases[order]
    return ordered


def _stream(plan: Plan, number: int, row: StreamRow, dice: Dice) -> Records:
    arrived, kinds = _arrived(plan, row, dice)
    ordinals = np.arange(len(arrived), dtype=np.int64)
    keep = (arrived >= 0) & (arrived < plan.horizon)
    cases = np.zeros(len(arrived), dtype=CASE)
    cases["arrived"], cases["ordinal"] = arrived, ordinals
    cases["stream"], cases["address"] = number, row.address
    cases["origin"], cases["field"] = row.origin, row.field
    cases["home"], cases["handler"] = row.home, row.jurisdiction
    cases["enters"] = row.enters
    if row.kinds:
        drawn_kinds = np.searchsorted(row.kind_cumulated[:-1], dice.units(row.address, ordinals, _KIND), side="right")
        cases["kind"] = np.where(kinds != NONE, kinds, np.array(row.kinds)[drawn_kinds])
    else:
        cases["kind"] = np.where(kinds != NONE, kinds, 0)
    cases["priority"] = np.array(row.priorities)[cases["kind"]]
    if row.moved_from != NONE:
        luck = dice.units(row.address, ordinals, _MOVED)
        moved = (arrived >= row.moved_from) & (luck < row.moved_share)
        cases["moved"] = moved
        cases["handler"] = np.where(moved, row.home, row.jurisdiction)
    return cases[keep]


def _arrived(plan: Plan, row: StreamRow, dice: Dice) -> tuple[Seconds, Kinds]:
    arrivals = row.arrivals
    if arrivals.process == "counted":
        return _counted(plan, row, dice)
    match arrivals.process:
        case "poisson":
            times = _stepped(plan, row, dice) if arrivals.steps else _poisson(plan, row, dice)
            times = np.repeat(times, arrivals.batch)
        case "regular":
            count = max(0, math.ceil((plan.horizon - arrivals.first) / arrivals.mean))
            times = arrivals.first + np.floor(np.arange(count) * arrivals.mean + 0.5).astype(np.int64)
        case "renewal":
            times = _renewal(plan, row, dice)
        case _:
            times = np.array(arrivals.at, dtype=np.int64)
    return times, np.full(len(times), NONE, dtype=np.int32)


def _unit_gaps(row: StreamRow, dice: Dice, enough: float) -> npt.NDArray[np.float64]:
    """Points of a Poisson process of rate 1 up to `enough`; each from its own ordinal, so none depends on the end."""
    sums: list[npt.NDArray[np.float64]] = []
    last, first = 0.0, 0
    while last < enough:
        ordinals = np.arange(first, first + _CHUNK, dtype=np.int64)
        # math.log1p and not np.log1p: the latter's last bit depends on the processor.
        luck = (-dice.units(row.address, ordinals, _GAP)).tolist()
        points = last + np.cumsum([-math.log1p(u) for u in luck])
        sums.append(points)
        last, first = float(points[-1]), first + _CHUNK
    points = np.concatenate(sums)
    return points[points < enough]


def _poisson(plan: Plan, row: StreamRow, dice: Dice) -> Seconds:
    table = plan.work_tables[row.arrivals.calendar]
    worked = float(table.worked(plan.horizon))
    points = _unit_gaps(row, dice, worked / row.arrivals.mean)
    return _at_worked(table, points * row.arrivals.mean)


def _at_worked(table: WorkTable, worked: npt.NDArray[np.float64]) -> Seconds:
    """Clock seconds at which the office has worked so many seconds; arrivals fall inside office hours."""
    whole = np.floor(worked).astype(np.int64)
    return np.asarray(table.clock_after(0, whole + 1), dtype=np.int64) - 1


def _stepped(plan: Plan, row: StreamRow, dice: Dice) -> Seconds:
    """A rate in repeated steps: points of rate 1, carried over by the inverse of the mean number so far."""
    spans = np.array([span for span, _ in row.arrivals.steps], dtype=np.float64)
    rates = np.array([rate for _, rate in row.arrivals.steps])
    repeats = math.ceil(plan.horizon / spans.sum())
    ends = np.concatenate([[0.0], np.cumsum(np.tile(spans, repeats))])
    means = np.concatenate([[0.0], np.cumsum(np.tile(spans * rates, repeats))])
    points = _unit_gaps(row, dice, float(means[-1]))
    steps = np.searchsorted(means, points, side="right") - 1
    inside = (points - means[steps]) / np.tile(rates, repeats)[steps]
    moments: Seconds = np.floor(ends[steps] + inside).astype(np.int64)
    return moments


def _renewal(plan: Plan, row: StreamRow, dice: Dice) -> Seconds:
    arrivals = row.arrivals
    tail = plan.tail.tolist()
    times: list[int] = []
    now = 0.0
    while arrivals.most == NONE or len(times) < arrivals.most:
        if not times and arrivals.first != NONE:
            now = float(arrivals.first)
        else:
            now += _gap(plan.lengths[arrivals.length], tail, row.address, len(times), dice)
        if now >= plan.horizon:
            break
        times.append(math.floor(now + 0.5))
    return np.array(times, dtype=np.int64)


def _gap(shape: np.void, tail: list[float], address: int, ordinal: int, dice: Dice) -> float:
    family, a, b, c, at, count, width = shape.tolist()
    if family == Family.LISTED:
        return listed(tail, at, count, width, ordinal, 0)

    def uniform(n: int) -> float:
        return unit(dice.block(address, ordinal, 0, _GAP, n // 4)[n % 4])

    return drawn(family, a, b, c, tail, at, count, uniform)


def _counted(plan: Plan, row: StreamRow, dice: Dice) -> tuple[Seconds, Kinds]:
    """Each case of a yearly count on its own random moment of that year's office time."""
    table = plan.work_tables[row.arrivals.calendar]
    total = sum(count for *_, count in row.arrivals.counts)
    luck = dice.units(row.address, np.arange(total, dtype=np.int64), _DAY)
    times, kinds, at = [], [], 0
    for first, last, kind, count in row.arrivals.counts:
        before, within = float(table.worked(first)), float(table.worked(last) - table.worked(first))
        times.append(_at_worked(table, before + luck[at : at + count] * within))
        kinds.append(np.full(count, kind, dtype=np.int32))
        at += count
    if not times:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    return np.concatenate(times), np.concatenate(kinds)
