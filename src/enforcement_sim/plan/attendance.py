"""Who is there when: rosters and timetables of one replication, with absence, leave and leaving drawn in advance.

Each seat of a roster is filled by an officer, who is away at random, takes leave and may leave for good; the
post then stays vacant for a while. Draws belong to (team, seat, how many times), so one more officer changes
nobody else's absence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..calendars import WorkTable
from ..decisions.dice import Dice, question, unit
from ..decisions.durations import drawn, whole_seconds
from ..records import DAY, NONE
from .tables import Plan

Span = tuple[int, int]
Presence = tuple[int, int, int]
"""From when to when an officer is at work, and when he or she was hired (NONE: before the start)."""
_ABSENT, _BACK, _LEAVE, _LEAVING, _VACANT = (
    question(f"staff:{name}") for name in ("absent", "back", "leave", "leaving", "vacant")
)
_LEARNING_STEP = 30 * DAY
_LEARNING_STEPS = 12
"""A new officer's speed is renewed every 30 days for a year; after that he or she counts as learned."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Rosters by team as (second, officers, speed), and the hours and speeds of officers by name."""

    rosters: tuple[tuple[tuple[int, int, float], ...], ...]
    hours: tuple[WorkTable, ...]  # of each officer by name
    until: tuple[int, ...]  # second from which each officer by name is gone for good
    hired: tuple[int, ...]  # second of the last hiring of each, NONE for those there from the start


@dataclass(frozen=True, slots=True)
class _Post:
    """One seat: when it exists, and the address of its draws."""

    team: int
    since: int
    until: int
    address: int
    ordinal: int


def attendance(plan: Plan, replication: int) -> Attendance:
    """The attendance of one replication; without random absence the plan's own rosters."""
    dice = Dice(plan.seed, replication)
    rosters = tuple(_roster(plan, team, dice) for team in range(len(plan.teams)))
    hours, until, hired = [], [], []
    for row in plan.people:
        post = _Post(int(row["team"]), int(row["since"]), min(int(row["until"]), plan.horizon), int(row["question"]), 0)
        away, begun = _away(plan, post, dice)
        # The last day is no cut: who has begun something by then still finishes it.
        hours.append(_without(plan.work_tables[int(row["calendar"])], [(0, post.since), *away]))
        until.append(int(row["until"]))
        hired.append(begun[-1] if begun else (post.since if post.since > 0 else NONE))
    return Attendance(rosters, tuple(hours), tuple(until), tuple(hired))


def _roster(plan: Plan, team: int, dice: Dice) -> tuple[tuple[int, int, float], ...]:
    row = plan.teams[team]
    at = int(row["roster_at"])
    steps = [(int(s["time"]), int(s["officers"])) for s in plan.roster[at : at + int(row["roster_count"])]]
    learns = float(row["new_extra"]) > 0
    random = row["absent_between"] != NONE or row["leave_days"] or row["leaving"] > 0
    if row["named"] or not (random or learns):
        return tuple((second, officers, 1.0) for second, officers in steps)
    present: list[Presence] = []
    for seat, since, until in _seats(steps, plan.horizon):
        post = _Post(team, since, until, int(row["question"]), seat)
        away, hired = _away(plan, post, dice)
        begun = [since, *hired] if since > 0 else hired
        if until == plan.horizon:  # who is away on the last day comes back behind it: the run ends, and not the post
            until = max([until, *(end + 1 for _, end in away)])
        for start, end in _gaps(away, since, until):
            present.append((start, end, max((second for second in begun if second <= start), default=NONE)))
    return _counted(present, float(row["new_extra"]), float(row["new_half_life"]))


def _seats(steps: list[tuple[int, int]], horizon: int) -> Iterator[tuple[int, int, int]]:
    """(seat, since, until) of every stretch for which a seat is filled."""
    for seat in range(max(officers for _, officers in steps)):
        since = NONE
        for second, officers in [*steps, (horizon, 0)]:
            if officers > seat and since == NONE:
                since = second
            elif officers <= seat and since != NONE:
                yield seat, since, second
                since = NONE


def _away(plan: Plan, post: _Post, dice: Dice) -> tuple[list[Span], list[int]]:
    """When an officer's post is not at work, and when it was filled anew."""
    row = plan.teams[post.team]
    spans: list[Span] = []
    hired: list[int] = []
    if row["absent_between"] != NONE:
        spans += _alternating(plan, post, dice, int(row["absent_between"]), int(row["absent_lasts"]))
    if row["leave_days"]:
        spans += _leave(plan, post, dice, int(row["leave_days"]), int(row["leave_blocks"]), int(row["calendar"]))
    if row["leaving"] > 0:
        now, n = post.since, 0
        while now < post.until:
            stays = -math.log1p(-unit(dice.block(post.address, post.ordinal, n, _LEAVING)[0])) / float(row["leaving"])
            gone = now + whole_seconds(stays, 1)
            back = gone + _length(plan, int(row["vacant"]), post, n, _VACANT, dice)
            if gone >= post.until:
                break
            spans.append((gone, back))
            hired.append(back)
            now, n = back, n + 1
    return spans, [second for second in hired if second < post.until]


def _alternating(plan: Plan, post: _Post, dice: Dice, between: int, lasts: int) -> list[Span]:
    spans: list[Span] = []
    now, n = post.since, 0
    while now < post.until:
        gone = now + _length(plan, between, post, n, _ABSENT, dice)
        back = gone + _length(plan, lasts, post, n, _BACK, dice)
        spans.append((gone, back))
        now, n = back, n + 1
    return spans


def _leave(plan: Plan, post: _Post, dice: Dice, days: int, blocks: int, calendar: int) -> list[Span]:
    """Blocks of working days, each at a random working day of its part of the year."""
    hours = plan.work_tables[calendar]
    opens = np.unique(hours.opens // DAY)
    spans: list[Span] = []
    for n, (_, first, last) in enumerate(plan.years):
        working = opens[(opens >= first // DAY) & (opens < last // DAY)]
        parts = np.array_split(working, blocks)
        sizes = [days // blocks + (1 if i < days % blocks else 0) for i in range(blocks)]
        for i, (part, size) in enumerate(zip(parts, sizes, strict=True)):
            if not size or not len(part):
                continue
            luck = unit(dice.block(post.address, post.ordinal, n * 16 + i, _LEAVE)[0])
            start = int(luck * max(1, len(part) - size + 1))
            taken = part[start : start + size]
            spans.append((int(taken[0]) * DAY, int(taken[-1] + 1) * DAY))
    return [span for span in spans if span[1] > post.since and span[0] < post.until]


def _length(plan: Plan, row: int, post: _Post, visit: int, asked: int, dice: Dice) -> int:
    family, a, b, c, at, count, _ = plan.lengths[row].tolist()

    def uniform(n: int) -> float:
        return unit(dice.block(post.address, post.ordinal, visit, asked, n // 4)[n % 4])

    return whole_seconds(drawn(family, a, b, c, plan.tail.tolist(), at, count, uniform), 1)


def _gaps(away: list[Span], since: int, until: int) -> list[Span]:
    """What is left of [since, until) without the spans."""
    left: list[Span] = []
    now = since
    for start, end in sorted(away):
        if start > now:
            left.append((now, min(start, until)))
        now = max(now, end)
        if now >= until:
            break
    if now < until:
        left.append((now, until))
    return [span for span in left if span[0] < span[1]]


def _counted(present: list[Presence], extra: float, half_life: float) -> tuple[tuple[int, int, float], ...]:
    """Officers at work and their mean speed, as steps; newcomers at work pull the mean down while they learn."""
    changes: dict[int, list[tuple[int, Presence]]] = {0: []}
    for span in present:
        start, end, hired = span
        changes.setdefault(start, []).append((1, span))
        changes.setdefault(end, []).append((-1, span))
        if extra > 0 and hired != NONE:
            for second in range(hired, hired + (_LEARNING_STEPS + 1) * _LEARNING_STEP, _LEARNING_STEP):
                if start < second < end:
                    changes.setdefault(second, [])
    steps: list[tuple[int, int, float]] = []
    officers, learning = 0, Counter[int]()
    for second in sorted(changes):
        for change, (_, _, hired) in changes[second]:
            officers += change
            learning[hired] += change
        slow = [
            count * (speed_of(second - hired, extra, half_life) - 1.0)
            for hired, count in learning.items()
            if extra > 0 and hired != NONE and count and second < hired + _LEARNING_STEPS * _LEARNING_STEP
        ]
        speed = 1.0 + math.fsum(slow) / officers if officers and slow else 1.0
        if not steps or steps[-1][1:] != (officers, speed):
            steps.append((second, officers, speed))
    return tuple(steps)


def speed_of(since_hired: float, extra: float, half_life: float) -> float:
    """Speed of an officer so many seconds after being hired, against one who has learned."""
    return 1.0 / (1.0 + extra * math.pow(0.5, since_hired / half_life))


def _without(hours: WorkTable, spans: list[Span]) -> WorkTable:
    """Office hours without some spans."""
    cut = [(max(0, a), min(b, hours.covers)) for a, b in spans]
    if all(a >= b for a, b in cut):
        return hours
    opens, closes = [], []
    left = _gaps(cut, 0, hours.covers)
    for start, end in left:
        first, last = np.searchsorted(hours.closes, start, "right"), np.searchsorted(hours.opens, end, "left")
        opens.append(np.maximum(hours.opens[first:last], start))
        closes.append(np.minimum(hours.closes[first:last], end))
    if not opens:
        return WorkTable(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), hours.covers)
    return WorkTable(np.concatenate(opens), np.concatenate(closes), hours.covers)
