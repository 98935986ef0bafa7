"""The history of a register: every entity, visit, finding and change of class in order of time, before a run starts.

All origins that name a register visit the same entities, so their visits are told together: a finding of one moves the
class by which the other samples, and a cap counts the visits of all. Draws are addressed by entity and number of its
visit, so one campaign more leaves what the first visit to an entity finds as it was.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from ..decisions.dice import Dice, question, unit
from ..records import NONE
from .register_tables import KEY, NEVER, NOT_KEY, LeadRow, RegisterRow, SampleRow
from .tables import Plan

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_KEY = question("register:key")
_BEFORE = question("register:found_before")
_HOME = question("register:home")
_SCORE = question("register:rescoring")
_VISIT = question("register:visit")

VISITS_OF_ONE = 1 << 20
"""A case's ordinal is its entity's number in its group times this, plus the number of the visit."""

NO_FINDING, FIRST, REPEAT = 0, 1, 2


class Event(IntEnum):
    """What happened to an entity."""

    VISITED = 0
    LEAD = 1  # an automatic lead was checked
    REFUSED = 2  # a cap has kept a visit or a lead back
    GIVEN_BACK = 3  # a class, after a time without findings
    RESCORED = 4


# What comes first in one second: classes move, lots are drawn, visits are made.
_GIVE_BACK, _RESCORE, _PLAN, _VISIT_NOW, _LEAD_NOW = range(5)
_Ahead = tuple[int, int, int, int, int]  # second, one of these, entity, visitor, which lot, year or lead

EVENT = np.dtype(
    [
        ("time", "i8"),  # second
        ("entity", "i8"),  # number in the register
        ("what", "i1"),  # Event
        ("origin", "i4"),  # whose visit, NONE for moves of class
        ("before", "i1"),  # class
        ("after", "i1"),  # class
        ("kind", "i4"),  # of the case, NONE where there is none
        ("found", "i1"),  # 1: something was found
        ("offence", "i1"),  # 0: nothing found, 1: first finding, 2: repeated
        ("address", "u8"),  # of the case, for draws
        ("ordinal", "i8"),
    ]
)


@dataclass(frozen=True, slots=True)
class History:
    """One register in one replication: parallel arrays by entity, and its events in order of time (EVENT records)."""

    events: npt.NDArray[np.void]
    credit: npt.NDArray[np.int8]  # class at the start
    key: npt.NDArray[np.bool_]
    jurisdiction: npt.NDArray[np.int32]
    home: Floats  # luck that says which home the cases of an entity have

    def sizes(self, times: Int64s, count: int) -> npt.NDArray[np.int64]:
        """Entities in each of so many classes just before each second: one row a second, one column a class."""
        first = np.bincount(self.credit, minlength=count)
        moved = self.events[self.events["before"] != self.events["after"]]
        at = np.searchsorted(moved["time"], times, side="left")
        found = np.zeros((len(times), count), dtype=np.int64)
        for credit in range(count):
            change = (moved["after"] == credit).astype(np.int64) - (moved["before"] == credit)
            found[:, credit] = first[credit] + np.concatenate([[0], np.cumsum(change)])[at]
        return found


def history(plan: Plan, replication: int, register: int = 0) -> History:
    """The history of one register of a plan."""
    return _Story(plan, plan.registers[register], Dice(plan.seed, replication)).told()


def histories(plan: Plan, dice: Dice) -> tuple[History, ...]:
    """The histories of all registers of a plan."""
    return tuple(_Story(plan, row, dice).told() for row in plan.registers)


class _Story:
    """One register while its time passes."""

    def __init__(self, plan: Plan, row: RegisterRow, dice: Dice) -> None:
        self.plan, self.row, self.dice = plan, row, dice
        counts = [group.count for group in row.groups]
        group = np.repeat(np.arange(len(counts)), counts)
        self.addresses = np.array([g.address for g in row.groups], dtype=np.uint64)[group]
        self.numbers = np.concatenate([np.arange(count) for count in counts]).astype(np.int64)
        first = np.array([g.credit for g in row.groups], dtype=np.int8)[group]
        keys = self._units(_KEY) < np.array(row.key_share)[first]
        keys[[entity for entity in row.key_entities if entity < len(keys)]] = True
        self.first, self.keys = first, keys
        self.places = np.array([g.jurisdiction for g in row.groups], dtype=np.int32)[group]
        self.group: list[int] = group.tolist()
        self.number: list[int] = self.numbers.tolist()
        self.credit: list[int] = first.tolist()
        self.key: list[bool] = keys.tolist()
        self.found_at = self._found_before(first)
        self.lost = [0] * len(self.credit)  # classes lost by findings and not given back
        self.since = [0] * len(self.credit)  # from when the next class is earned back
        self.clean = [0] * len(self.credit)  # visits in a row that found nothing
        self.visits = [0] * len(self.credit)
        self.luck: list[list[tuple[float, float]]] = [[] for _ in self.credit]  # of each visit that may come
        self.counted: list[tuple[int, int]] = [(NONE, 0)] * len(self.credit)  # (year, visits that a cap counts)
        self.cap_since = [cap.since for cap in row.caps]
        self.ahead: list[_Ahead] = []
        self.events: list[tuple[int, ...]] = []

    def told(self) -> History:
        """Let time pass up to the horizon."""
        self._plan_ahead()
        act = (self._give_back, self._rescore, self._choose, self._visit, self._lead)
        ahead, horizon = self.ahead, self.plan.horizon
        while ahead:
            time, what, entity, visitor, n = heappop(ahead)
            if time >= horizon:
                break
            act[what](time, entity, visitor, n)
        events = np.array(self.events, dtype=EVENT) if self.events else np.zeros(0, dtype=EVENT)
        return History(events, self.first, self.keys, self.places, self._units(_HOME))

    def _units(self, asked: int, visit: int = 0, who: Int64s | None = None, word: int = 0) -> Floats:
        """A uniform number for each entity, or for some."""
        addresses, numbers = (self.addresses, self.numbers) if who is None else (self.addresses[who], self.numbers[who])
        return self.dice.units(addresses, numbers, asked, word, visit)

    def _found_before(self, first: npt.NDArray[np.int8]) -> list[int]:
        """The second of each entity's last finding before the start, NEVER for most."""
        if not any(self.row.found_before):
            return [NEVER] * len(first)
        had = self._units(_BEFORE) < np.array(self.row.found_before)[first]
        ago = 1 + np.floor(self._units(_BEFORE, word=1) * self.row.window).astype(np.int64)
        found: list[int] = np.where(had, -ago, NEVER).tolist()
        return found

    def _plan_ahead(self) -> None:
        for n, scoring in enumerate(self.row.rescorings):
            self.ahead.append((scoring.time, _RESCORE, NONE, NONE, n))
        for v, visitor in enumerate(self.row.visitors):
            for n, lot in enumerate(visitor.lots):
                self.ahead.append((lot.begins, _PLAN, NONE, v, n))
            for n, leads in enumerate(visitor.leads):
                self._leads_ahead(v, n, leads)
        heapify(self.ahead)

    def _concerned(self, of: int) -> npt.NDArray[np.bool_]:
        if of == KEY:
            return self.keys
        return ~self.keys if of == NOT_KEY else np.ones(len(self.keys), dtype=np.bool_)

    def _moments(self, visitor: int, amounts: Floats) -> Int64s:
        """Clock seconds at which so much office time has passed."""
        table = self.plan.work_tables[self.row.visitors[visitor].calendar]
        return np.asarray(table.clock_after(0, np.floor(amounts).astype(np.int64) + 1), dtype=np.int64) - 1

    def _leads_ahead(self, v: int, n: int, leads: LeadRow) -> None:
        """Leads about every entity as if it were always in the class; those that find it in another one are none."""
        table = self.plan.work_tables[self.row.visitors[v].calendar]
        enough = float(table.worked(self.plan.horizon)) / leads.mean
        who = np.flatnonzero(self._concerned(leads.of))
        points, visit = np.zeros(len(who)), 0
        while len(who):
            # math.log1p and not np.log1p: the latter's last bit depends on the processor.
            luck = (-self._units(leads.question, visit, who)).tolist()
            points = points + np.array([-math.log1p(u) for u in luck])
            near = points < enough
            who, points = who[near], points[near]
            times = self._moments(v, points * leads.mean).tolist() if len(who) else []
            which = n * VISITS_OF_ONE + visit
            self.ahead += [
                (time, _LEAD_NOW, entity, v, which) for time, entity in zip(times, who.tolist(), strict=True)
            ]
            visit += 1

    def _choose(self, _: int, __: int, visitor: int, n: int) -> None:
        """A lot is drawn, or a year is planned."""
        row = self.row.visitors[visitor]
        lot = row.lots[n]
        credit = np.array(self.credit, dtype=np.int64)
        concerned = self._concerned(lot.of)
        table = self.plan.work_tables[row.calendar]
        before = float(table.worked(lot.begins))
        whole = float(table.worked(lot.ends)) - before
        if isinstance(lot, SampleRow):
            who = np.flatnonzero(concerned & self._drawn(lot, credit, concerned))
            self._go(visitor, n, who, before + whole * self._units(lot.question, 1, who))
            return
        visits = np.array(lot.visits)[credit]
        fraction = visits - np.floor(visits)
        number = np.where(concerned, np.floor(visits) + (self._units(lot.question) < fraction), 0).astype(np.int64)
        for i in range(int(number.max(initial=0))):
            who = np.flatnonzero(number > i)
            self._go(visitor, n, who, before + whole * (i + self._units(lot.question, 1 + i, who)) / number[who])

    def _go(self, visitor: int, n: int, who: Int64s, amounts: Floats) -> None:
        if not len(who):
            return
        times = self._moments(visitor, amounts).tolist()
        entities: list[int] = who.tolist()
        for time, entity in zip(times, entities, strict=True):
            heappush(self.ahead, (time, _VISIT_NOW, entity, visitor, n))
        # One visit more can come to each of them: what it would find is drawn for all at once, which is much faster.
        come = np.array([len(self.luck[entity]) for entity in entities])
        for number in np.unique(come).tolist():
            mine = who[come == number]
            for entity, luck in zip(mine.tolist(), self._luck(mine, number), strict=True):
                self.luck[entity].append(luck)

    def _luck(self, who: Int64s, number: int) -> list[tuple[float, float]]:
        """Whether the visit of this number finds something, and what: two uniform numbers for each entity."""
        first, second = self.dice.pairs(self.addresses[who], self.numbers[who], _VISIT, number)
        return list(zip(first.tolist(), second.tolist(), strict=True))

    def _drawn(self, lot: SampleRow, credit: Int64s, concerned: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Whom a lot falls on: those whose luck is below the share, so that a higher share draws them too."""
        luck = self._units(lot.question)
        if not lot.exact:
            return np.asarray(luck < np.array(lot.shares)[credit], dtype=np.bool_)
        drawn = np.zeros(len(luck), dtype=np.bool_)
        for number, share in enumerate(lot.shares):
            mine = np.flatnonzero(concerned & (credit == number))
            count = math.floor(share * len(mine) + 0.5)
            drawn[mine[np.argsort(luck[mine], kind="stable")[:count]]] = True
        return drawn

    def _rescore(self, time: int, _: int, __: int, n: int) -> None:
        luck = self._units(_SCORE, self.row.rescorings[n].visit)
        now = np.array(self.credit, dtype=np.int64)
        for credit, (targets, cumulated) in enumerate(self.row.moves):
            if not targets:
                continue
            moving = np.flatnonzero((now == credit) & (luck < cumulated[-1]))
            place = np.minimum(np.searchsorted(cumulated, luck[moving], side="right"), len(targets) - 1)
            for entity, to in zip(moving.tolist(), np.array(targets)[place].tolist(), strict=True):
                self._note(time, entity, Event.RESCORED, NONE, to)
                self.lost[entity] = max(0, self.lost[entity] - max(0, credit - to))
                self.credit[entity] = to

    def _give_back(self, time: int, entity: int, _: int, __: int) -> None:
        if not self.lost[entity] or self.since[entity] + self.row.clean_for != time:
            return  # a later finding has begun the time anew
        better = self.credit[entity] - 1
        self._note(time, entity, Event.GIVEN_BACK, NONE, better)
        self.credit[entity] = better
        self.lost[entity] -= 1
        self._earn(time, entity)

    def _earn(self, time: int, entity: int) -> None:
        """From now on the next class is earned back."""
        self.since[entity] = time
        if self.lost[entity] and self.row.clean_for:
            heappush(self.ahead, (time + self.row.clean_for, _GIVE_BACK, entity, NONE, 0))

    def _visit(self, time: int, entity: int, visitor: int, _: int) -> None:
        if self._refused(time, entity, visitor):
            return
        row, credit, number = self.row, self.credit[entity], self.visits[entity]
        self.visits[entity] = number + 1
        luck, which = self.luck[entity][number]
        share = row.key_found[credit] if self.key[entity] else row.found[credit]
        case = (row.groups[self.group[entity]].cases, self.number[entity] * VISITS_OF_ONE + number)
        if luck < share:
            self._finding(time, entity, Event.VISITED, visitor, which, case)
            return
        self.clean[entity] += 1
        better = credit
        if row.clean_visits and self.clean[entity] >= row.clean_visits:
            self.clean[entity] = 0
            better = max(0, credit - 1)
            self.lost[entity] = max(0, self.lost[entity] - 1)
        self._note(time, entity, Event.VISITED, visitor, better, row.clean_kind, case=case)
        self.credit[entity] = better

    def _lead(self, time: int, entity: int, visitor: int, which: int) -> None:
        n, number = divmod(which, VISITS_OF_ONE)
        leads = self.row.visitors[visitor].leads[n]
        credit = self.credit[entity]
        if credit != leads.credit or self._refused(time, entity, visitor):
            return
        group, place = self.group[entity], self.number[entity]
        address, ordinal = leads.cases[group], place * VISITS_OF_ONE + number
        luck = self.dice.block(address, ordinal, 0, leads.question)
        if unit(luck[0]) < leads.false_alarms:
            self._note(time, entity, Event.LEAD, visitor, credit, leads.false_kind, case=(address, ordinal))
        else:
            self._finding(time, entity, Event.LEAD, visitor, unit(luck[1]), (address, ordinal))

    def _finding(self, time: int, entity: int, what: Event, visitor: int, luck: float, case: tuple[int, int]) -> None:
        row, credit, last = self.row, self.credit[entity], self.found_at[entity]
        known = last != NEVER and (not row.window or time - last <= row.window)
        kinds, cumulated = row.kinds[credit]
        kind = kinds[min(bisect_right(cumulated, luck), len(kinds) - 1)]
        worse = min(len(row.credits) - 1, credit + row.down)
        self._note(time, entity, what, visitor, worse, kind, REPEAT if known else FIRST, case)
        self.credit[entity], self.found_at[entity], self.clean[entity] = worse, time, 0
        self.lost[entity] += worse - credit
        self._earn(time, entity)

    def _refused(self, time: int, entity: int, visitor: int) -> bool:
        """Whether a cap keeps a visit back; one that it lets pass is counted."""
        if not self.cap_since:
            return False
        at = bisect_right(self.cap_since, time) - 1
        cap = self.row.caps[max(0, at)]
        if visitor in cap.exempt or self.credit[entity] in cap.exempt_classes:
            return False
        year = bisect_right(self.row.year_starts, time)
        counted, number = self.counted[entity]
        number = number if counted == year else 0
        if at >= 0 and number >= cap.visits:
            self._note(time, entity, Event.REFUSED, visitor, self.credit[entity])
            return True
        self.counted[entity] = (year, number + 1)
        return False

    def _note(
        self, time: int, entity: int, what: Event, visitor: int, after: int, kind: int = NONE,
        offence: int = NO_FINDING, case: Sequence[int] = (0, NONE),
    ) -> None:  # fmt: skip
        origin = NONE if visitor == NONE else self.row.visitors[visitor].origin
        found = int(offence != NO_FINDING)
        event = (time, entity, what, origin, self.credit[entity], after, kind, found, offence, *case)
        self.events.append(event)
