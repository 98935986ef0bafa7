"""The cases at the door: who comes when, drawn before an engine starts and the same for every engine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..decisions.dice import Dice, question, unit
from ..decisions.durations import drawn, listed
from ..records import DAY, NONE, Family
from .entities import History, histories
from .first_day import standing
from .tables import CASE, Arrivals, Plan, Records, StreamRow

Seconds = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.int32]
Columns = dict[str, npt.NDArray[Any]]

_GAP = question("door:gap")
_DAY = question("door:day")
_KIND = question("door:kind")
_MOVED = question("door:moved")
_SEVERITY = question("door:severity")
_CHUNK = 4096


def intake(plan: Plan, replication: int) -> Records:
    """All cases of one replication (CASE records), by arrival, then filing, then stream, then ordinal.

    The row number is the case number: the lower one goes first where nothing else decides. Cases that are open on the
    first day come before all others, the oldest first.
    """
    dice = Dice(plan.seed, replication)
    told = histories(plan, dice)
    streams = [_stream(plan, number, row, dice, told) for number, row in enumerate(plan.streams)]
    counts = [len(came["filed"]) for _, came in streams]
    cases: Records = np.empty(sum(counts), dtype=CASE)
    if not len(cases):
        return cases
    # Of one stream they stand by ordinal, and who arrives later is filed later: a stable sort by filing is enough.
    filed = np.concatenate([came["filed"] for _, came in streams])
    order = None if (filed[1:] >= filed[:-1]).all() else np.argsort(filed, kind="stable")
    numbers = np.repeat(np.arange(len(streams)), counts)
    alike = np.stack([one for one, _ in streams])
    np.take(_rows(alike), numbers if order is None else numbers[order], axis=0, out=_rows(cases), mode="clip")
    for column in {name: None for _, came in streams for name in came}:
        values = np.concatenate(
            [
                came[column] if column in came else np.full(count, one[column])
                for (one, came), count in zip(streams, counts, strict=True)
            ]
        )
        cases[column] = values if order is None else values[order]
    return cases


def _rows(cases: Records) -> Seconds:
    """The same memory as plain numbers: NumPy copies these several times faster than records."""
    return cases.view(np.int64).reshape(len(cases), -1)


def _stream(plan: Plan, number: int, row: StreamRow, dice: Dice, told: tuple[History, ...]) -> tuple[Records, Columns]:
    """Of the cases of a stream what they have in common, and the columns in which they differ, by ordinal."""
    came = _drawn(plan, row, dice) if row.register == NONE else _inspected(plan, row, told[row.register])
    arrived = came["arrived"]
    keep = (arrived >= 0) & (arrived < plan.horizon)
    if not keep.all():
        came = {name: values[keep] for name, values in came.items()}
    ordinals, filed = came["ordinal"], came["filed"]
    if not (ordinals[1:] >= ordinals[:-1]).all():
        order = np.argsort(ordinals, kind="stable")
        came = {name: values[order] for name, values in came.items()}
        ordinals, filed = came["ordinal"], came["filed"]
    addresses = came.get("address", row.address)
    if len(set(row.priorities)) > 1:
        came["priority"] = np.array(row.priorities)[came.get("kind", np.zeros_like(ordinals))]
    if row.severities:
        luck = dice.units(addresses, ordinals, _SEVERITY)
        at = np.searchsorted(row.severity_cumulated[:-1], luck, side="right")
        came["severity"] = np.array(row.severities)[at]
    if row.moved_from != NONE:
        luck = dice.units(addresses, ordinals, _MOVED)
        # While a reform grows, the case with the least luck goes first: who has moved stays among those who move.
        grown = np.clip((filed - row.moved_from + 1) / max(1, row.moved_full - row.moved_from), 0.0, 1.0)
        moved = (filed >= row.moved_from) & (luck < row.moved_share * grown)
        came["moved"] = moved
        came["reform"] = np.where(moved, row.reform, NONE)
        came["handler"] = np.where(moved, row.home, row.jurisdiction)
    return _alike(number, row), came


def _alike(number: int, row: StreamRow) -> Records:
    """What the cases of a stream have in common."""
    one = np.zeros((), dtype=CASE)
    one["stream"], one["origin"], one["field"], one["home"] = number, row.origin, row.field, row.home
    one["handler"] = one["giver"] = row.jurisdiction
    one["priority"], one["address"], one["enters"] = row.priorities[0], row.address, max(row.enters, 0)
    one["reform"] = one["parent"] = one["entity"] = one["credit"] = NONE
    return one


def _drawn(plan: Plan, row: StreamRow, dice: Dice) -> Columns:
    """Cases of a stream that come by themselves: when, numbered in that order, where they begin, of which kind."""
    arrived, filed, since, enters, kinds = _at_the_door(plan, row, dice)
    ordinals = np.arange(len(arrived), dtype=np.int64)
    came: Columns = {"arrived": arrived, "filed": filed, "since": since, "ordinal": ordinals}
    if row.standing:
        came["enters"] = enters
    if row.kinds:
        drawn_kinds = np.searchsorted(row.kind_cumulated[:-1], dice.units(row.address, ordinals, _KIND), side="right")
        came["kind"] = np.where(kinds != NONE, kinds, np.array(row.kinds)[drawn_kinds])
    elif (kinds != NONE).any():
        came["kind"] = np.where(kinds != NONE, kinds, 0)
    return came


def _inspected(plan: Plan, row: StreamRow, told: History) -> Columns:
    """Cases that visits to a register bring: those of one origin to the entities of one place and home."""
    events = told.events[(told.events["origin"] == row.origin) & (told.events["kind"] != NONE)]
    low, high = row.belongs
    luck = told.home[events["entity"]]
    events = events[(told.jurisdiction[events["entity"]] == row.jurisdiction) & (low <= luck) & (luck < high)]
    came: Columns = dict.fromkeys(("arrived", "filed", "since"), events["time"])
    came |= {column: events[column] for column in ("ordinal", "address", "kind", "entity", "offence")}
    came["credit"] = np.array(plan.registers[row.register].credits, dtype=np.int32)[events["before"]]
    return came


def _at_the_door(plan: Plan, row: StreamRow, dice: Dice) -> tuple[Seconds, Seconds, Seconds, Kinds, Kinds]:
    """For each case of a stream: arrival, filing, entering of its first stage, that stage, kind (or NONE)."""
    if row.standing:
        filed, since, enters, kinds = standing(plan, row, dice)
        return np.zeros(len(filed), dtype=np.int64), filed, since, enters, kinds
    arrived, kinds = _arrived(plan, row, dice)
    return arrived, arrived, arrived, np.full(len(arrived), row.enters, dtype=np.int32), kinds


def _arrived(plan: Plan, row: StreamRow, dice: Dice) -> tuple[Seconds, Kinds]:
    arrivals = row.arrivals
    if arrivals.process == "counted":
        return _counted(plan, row, dice)
    match arrivals.process:
        case "poisson":
            times = _poisson(plan, row, dice)
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
        points = dice.points(row.address, first, _CHUNK, _GAP, last, enough)
        sums.append(points)
        last, first = float(points[-1]), first + _CHUNK
    points = np.concatenate(sums)
    return points[points < enough]


def _poisson(plan: Plan, row: StreamRow, dice: Dice) -> Seconds:
    if row.arrivals.steps:
        return _stepped(plan, row, dice)
    if row.arrivals.wave is not None:
        return _swinging(plan, row, dice)
    time = OfficeTime(plan, row.arrivals)
    # Weights move arrivals between days and leave their number over the whole period as it is.
    number = float(time.table.worked(plan.horizon)) / row.arrivals.mean
    mean = row.arrivals.mean if time.weights is None else time.until(plan.horizon) / number
    return time.moments(_unit_gaps(row, dice, number) * mean)


def _swinging(plan: Plan, row: StreamRow, dice: Dice) -> Seconds:
    """A rate r + s sin(2 pi t / p): points of rate 1, carried over by the inverse of the mean number so far."""
    assert row.arrivals.wave is not None
    rate, (swing, period) = 1.0 / row.arrivals.mean, row.arrivals.wave
    turn = 2.0 * math.pi / period

    def number(t: float) -> float:
        return rate * t + swing / turn * (1.0 - math.cos(turn * t))

    def moment(n: float) -> float:
        # Between n / rate and the same less the most that the wave can have brought beforehand; halved to the second.
        low, high = max(0.0, (n - 2.0 * swing / turn) / rate), n / rate
        while high - low > 0.25:
            middle = (low + high) / 2.0
            low, high = (middle, high) if number(middle) < n else (low, middle)
        return low

    points = _unit_gaps(row, dice, number(float(plan.horizon)))
    return np.array([math.floor(moment(n)) for n in points.tolist()], dtype=np.int64)


class OfficeTime:
    """Time as cases come: seconds of office hours, each day weighed by how busy it is."""

    def __init__(self, plan: Plan, arrivals: Arrivals) -> None:
        self.table = plan.work_tables[arrivals.calendar]
        self.weights = arrivals.weights
        if self.weights is not None:
            ends = np.arange(len(self.weights) + 1, dtype=np.int64) * DAY
            self.worked = np.asarray(self.table.worked(ends), dtype=np.float64)
            self.sums = np.concatenate([[0.0], np.cumsum(np.diff(self.worked) * np.array(self.weights))])

    def until(self, second: int) -> float:
        """Weighed office time before a second."""
        worked = float(self.table.worked(second))
        if self.weights is None:
            return worked
        return float(np.interp(worked, self.worked, self.sums))

    def moments(self, amounts: npt.NDArray[np.float64]) -> Seconds:
        """Clock seconds at which so much weighed office time has passed; arrivals fall inside office hours."""
        if self.weights is not None:
            amounts = self._unweighed(amounts)
        whole = np.floor(amounts).astype(np.int64)
        return np.asarray(self.table.clock_after(0, whole + 1), dtype=np.int64) - 1

    def _unweighed(self, amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        day = np.clip(np.searchsorted(self.sums, amounts, side="right") - 1, 0, len(self.sums) - 2)
        weight = np.maximum(np.array(self.weights)[day], 1e-300)
        inside: npt.NDArray[np.float64] = self.worked[day] + (amounts - self.sums[day]) / weight
        return inside


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
    time = OfficeTime(plan, row.arrivals)
    total = sum(count for *_, count in row.arrivals.counts)
    luck = dice.units(row.address, np.arange(total, dtype=np.int64), _DAY)
    times, kinds, at = [], [], 0
    for first, last, kind, count in row.arrivals.counts:
        before = time.until(first)
        times.append(time.moments(before + luck[at : at + count] * (time.until(last) - before)))
        kinds.append(np.full(count, kind, dtype=np.int32))
        at += count
    if not times:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    return np.concatenate(times), np.concatenate(kinds)
