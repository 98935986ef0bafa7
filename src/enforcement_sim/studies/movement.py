"""Where cases stand at every midnight: the movements between offices that an animation shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..measures.clocks import closing_times
from ..measures.matching import Identities, partners
from ..measures.pairs import Side
from ..measures.visits import OPEN, Visits, visits
from ..plan.tables import Plan
from ..records import DAY, NONE

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Office = tuple[str, str]
"""The jurisdiction of a team (in the plan the first one, for a team of none) and its role."""
MOST = 50_000
"""Cases of which each is drawn; of more, every k-th."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one log tells of the chosen cases.

    Moves of the drawn cases: those of case i are `start[i]` to `start[i + 1]`, rising in `day`; from the midnight
    `day` on the case stands at `place`: 2 * o waits in the line of office o, 2 * o + 1 is in work there, then come
    the numbers of "waiting outside" and of "closed". A case without moves is not in this log. Of all chosen cases,
    drawn or not: `waiting` and `in_work` as [office, midnight], and `outside`, `closed` and `filed` by midnight.
    """

    start: Int64s
    day: Int32s
    place: Int32s
    waiting: Int64s
    in_work: Int64s
    outside: Int64s
    closed: Int64s
    filed: Int64s


@dataclass(frozen=True, slots=True)
class Movements:
    """The chosen cases of one log, or the same cases of two, at each of `days` midnights from that of `first` on.

    A case stands at a midnight where the last thing that happened before has put it; moves within a day leave no
    trace. `reform` is the midnight from which cases are moved, None without a reform in the span. `fields` are those
    whose cases are shown. `every` is k where every k-th chosen case is drawn. `chosen` counts cases, `same_day` those
    of these fields that are left out as no midnight sees them open, `elsewhen` those that are open at no time of the
    span. Both logs are counted together: a case of either counts once.
    """

    first: dt.date
    days: int
    reform: int | None
    offices: tuple[Office, ...]
    fields: tuple[str, ...]
    every: int
    chosen: int
    same_day: int
    elsewhen: int
    changed: Flow
    base: Flow | None


@dataclass(frozen=True, slots=True)
class _Told:
    """One log with what was read off it."""

    log: EventLog
    plan: Plan
    visits: Visits
    closed: Int64s

    @classmethod
    def of(cls, side: Side) -> _Told:
        return cls(side.log, side.plan, visits(side.log), closing_times(side.log))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Where cases come to stand, in order: from midnight `day` on, `case` (a number among the chosen) at `place`."""

    case: Int64s
    day: Int64s
    place: Int64s


def movements(
    changed: Side,
    base: Side | None = None,
    *,
    span: tuple[dt.date, dt.date] | None = None,
    same_day: bool = False,
    most: int = MOST,
) -> Movements:
    """The movements of the cases of the fields that reforms move, or of all cases if nothing is moved.

    The span, both dates included, is by default from a year before the first reform to a year after it, or all of the
    time without one. Cases that are filed and closed between two midnights stand in no line at any of them; they are
    left out unless `same_day`. If more than `most` are chosen, every k-th of them is drawn, for the smallest k that
    suffices: by their number in the changed log, then those that only the base has. Raises ValueError for a span
    outside the time of the runs, and for runs that do not begin on the same day.
    """
    sides = [changed] if base is None else [changed, base]
    plan = changed.plan
    first, last = _midnights([side.plan for side in sides], span)
    told = [_Told.of(side) for side in sides]
    fields = _fields(plan)
    who = _same(told)
    is_ours, in_span, is_seen = _choice(told, who, fields, first, last)
    chosen = np.flatnonzero(is_ours & in_span & (is_seen | same_day))
    every = max(-(-len(chosen) // most), 1)
    offices = _offices(told)
    chains = [_chain(one, _numbers(whose, chosen), offices, last) for one, whose in zip(told, who, strict=True)]
    offices, chains = _used(offices, chains, first)
    flows = [_flow(chain, len(offices), len(chosen), every, (first, last)) for chain in chains]
    reform = _reform_day(plan)
    return Movements(
        first=plan.day_tables[0].first + dt.timedelta(days=first),
        days=last - first + 1,
        reform=None if reform is None or not first <= reform <= last else reform - first,
        offices=tuple(offices),
        fields=tuple(fields),
        every=every,
        chosen=len(chosen),
        same_day=0 if same_day else int((is_ours & in_span & ~is_seen).sum()),
        elsewhen=int((is_ours & ~in_span).sum()),
        changed=flows[0],
        base=None if base is None else flows[1],
    )


def _reform_day(plan: Plan) -> int | None:
    """The midnight of the first reform that moves anything, None if none does."""
    moving = sorted({stream.reform for stream in plan.streams if stream.reform != NONE})
    return int(plan.reforms["since"][moving].min()) // DAY if moving else None


def _midnights(plans: list[Plan], span: tuple[dt.date, dt.date] | None) -> tuple[int, int]:
    """The first and the last midnight of the span, counted from that of the first day of the runs."""
    start, end = plans[0].day_tables[0].first, min(plan.horizon for plan in plans) // DAY
    if any(plan.day_tables[0].first != start for plan in plans):
        raise ValueError("the two runs do not begin on the same day")
    if span is None:
        reform = _reform_day(plans[0])
        if reform is None or not 0 <= reform <= end:
            return 0, end
        on = start + dt.timedelta(days=reform)
        span = max(_years_on(on, -1), start), min(_years_on(on, 1), start + dt.timedelta(days=end))
    first, last = ((day - start).days for day in span)
    if not 0 <= first <= last <= end:
        raise ValueError(f"{span[0]} to {span[1]} is no span of the time of the runs")
    return first, last


def _years_on(day: dt.date, years: int) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)


def _fields(plan: Plan) -> list[str]:
    names, moved = plan.names.fields, {stream.field for stream in plan.streams if stream.reform != NONE}
    return [name for number, name in enumerate(names) if number in moved or not moved]


def _same(told: list[_Told]) -> list[Int64s]:
    """For each log the number of each of its cases among the cases of all: those of the changed log come first."""
    own = np.arange(len(told[0].log.cases), dtype=np.int64)
    if len(told) == 1:
        return [own]
    same = partners(*(Identities.of(one.log) for one in reversed(told)))
    theirs = np.full(len(told[1].log.cases), NONE, dtype=np.int64)
    theirs[same[same != NONE]] = own[same != NONE]
    alone = np.flatnonzero(theirs == NONE)
    theirs[alone] = len(own) + np.arange(len(alone))
    return [own, theirs]


def _choice(
    told: list[_Told], who: list[Int64s], fields: list[str], first: int, last: int
) -> tuple[Bools, Bools, Bools]:
    """Of all cases: whether they are of the fields, open or filed in the span, and open at a midnight of it."""
    count = max((int(whose.max(initial=NONE)) for whose in who), default=NONE) + 1
    found = np.zeros((3, count), dtype=np.bool_)
    for one, whose in zip(told, who, strict=True):
        known = one.plan.names.fields
        wanted = [number for number, name in enumerate(known) if name in fields]
        filed, closed = _day(np.ascontiguousarray(one.log.cases["filed"])), _day(one.closed)
        found[0, whose] |= np.isin(one.log.cases["field"], wanted)
        found[1, whose] |= (filed <= last) & (closed > first)
        found[2, whose] |= np.maximum(filed, first) <= np.minimum(closed - 1, last)
    return found[0], found[1], found[2]


def _day(time: Int64s) -> Int64s:
    """The first midnight after each second."""
    return time // DAY + 1


def _numbers(whose: Int64s, chosen: Int64s) -> Int64s:
    """For each case of a log its number among the chosen, NONE if it is not."""
    at = np.minimum(np.searchsorted(chosen, whose), max(len(chosen) - 1, 0))
    return np.where(chosen[at] == whose, at, NONE) if len(chosen) else np.full(len(whose), NONE, dtype=np.int64)


def _offices(told: list[_Told]) -> list[Office]:
    """Every office of the plans, by jurisdiction and role in the order of the scenarios."""
    places = list(dict.fromkeys(name for one in told for name in one.plan.names.jurisdictions))
    roles = list(dict.fromkeys(name for one in told for name in one.plan.names.roles))
    known = {office for one in told for office in _office_of(one.plan)}
    return sorted(known, key=lambda office: (places.index(office[0]), roles.index(office[1])))


def _office_of(plan: Plan) -> list[Office]:
    """The office that each team belongs to."""
    names = plan.names
    return [(names.jurisdictions[team["jurisdiction"]], names.roles[team["role"]]) for team in plan.teams]


def _chain(one: _Told, number: Int64s, offices: list[Office], last: int) -> _Chain:
    """Where the chosen cases of a log come to stand up to a midnight, one entry a change, by case and time."""
    seen = one.visits
    office = np.array([*(offices.index(office) for office in _office_of(one.plan)), len(offices)], dtype=np.int64)
    entering = 2 * office[seen.team]  # a visit without a team, of number -1, is one outside
    served = seen.services
    stop = np.flatnonzero(served.end < seen.left[served.visit])  # broken off: back in line
    over = np.flatnonzero(one.closed != OPEN)
    behind = np.searchsorted(seen.case, over, side="right") - 1
    # Within a visit first its beginning, then each stretch of work with its end, at last what closes the case.
    visit = np.concatenate([np.arange(len(seen)), served.visit, served.visit[stop], behind])
    nth = np.arange(len(served.visit))
    step = np.concatenate([np.full(len(seen), NONE), 2 * nth, 2 * stop + 1, np.full(len(over), 2 * len(nth))])
    place = np.concatenate(
        [entering, entering[served.visit] + 1, entering[served.visit[stop]], np.full(len(over), 2 * len(offices) + 1)]
    )
    begun = np.where(seen.before, np.minimum(seen.entered, -1), seen.entered)
    time = np.concatenate([begun, served.start, served.end[stop], one.closed[over]])
    case, day = number[seen.case[visit]], _day(time)
    kept = np.flatnonzero((case != NONE) & (day <= last))
    kept = kept[np.lexsort((step[kept], visit[kept]))]
    kept = kept[np.argsort(case[kept], kind="stable")]
    return _changes(case[kept], day[kept], place[kept])


def _changes(case: Int64s, day: Int64s, place: Int64s) -> _Chain:
    """Of several changes of a case before one midnight the last one, and none that changes nothing."""
    is_last = np.append((case[1:] != case[:-1]) | (day[1:] != day[:-1]), True)[: len(case)]
    case, day, place = case[is_last], day[is_last], place[is_last]
    is_new = np.append(True, (case[1:] != case[:-1]) | (place[1:] != place[:-1]))[: len(case)]
    return _Chain(case[is_new], day[is_new], place[is_new])


def _used(offices: list[Office], chains: list[_Chain], first: int) -> tuple[list[Office], list[_Chain]]:
    """Only the offices in which a midnight of the span sees a case, and the chains from its first midnight on."""
    chains = [_changes(one.case, np.maximum(one.day, first), one.place) for one in chains]
    counts = sum(np.bincount(one.place, minlength=2 * len(offices) + 2) for one in chains)
    used = np.flatnonzero(np.asarray(counts)[:-2].reshape(-1, 2).sum(axis=1))
    place = np.full(2 * len(offices) + 2, NONE, dtype=np.int64)
    place[2 * used], place[2 * used + 1] = 2 * np.arange(len(used)), 2 * np.arange(len(used)) + 1
    place[-2:] = 2 * len(used), 2 * len(used) + 1
    return [offices[at] for at in used], [_Chain(one.case, one.day, place[one.place]) for one in chains]


def _flow(chain: _Chain, offices: int, chosen: int, every: int, span: tuple[int, int]) -> Flow:
    """The moves of every k-th case, and how many of all stand at each place at each midnight."""
    days, day = span[1] - span[0] + 1, chain.day - span[0]
    is_first = np.diff(chain.case, prepend=-1) != 0
    shape = 2 * offices + 2, days
    came = np.bincount(chain.place * days + day, minlength=shape[0] * days)
    went_from, went_on = chain.place[:-1][~is_first[1:]], day[1:][~is_first[1:]]
    went = np.bincount(went_from * days + went_on, minlength=shape[0] * days)
    standing = np.cumsum((came - went).reshape(shape), axis=1)
    drawn = np.flatnonzero(chain.case % every == 0)
    count = np.bincount(chain.case[drawn] // every, minlength=-(-chosen // every))
    return Flow(
        start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        day=day[drawn].astype(np.int32),
        place=chain.place[drawn].astype(np.int32),
        waiting=standing[0:-2:2],
        in_work=standing[1:-2:2],
        outside=standing[-2],
        closed=standing[-1],
        filed=np.cumsum(np.bincount(day[is_first], minlength=days)),
    )
