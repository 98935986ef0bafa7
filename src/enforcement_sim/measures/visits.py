"""From rows of a log to visits (each time a case stood in a stage) and services (each stretch of work)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..records import NONE, What
from .grouping import Grouping, stable_order
from .groups import Cases

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
OPEN = 2**62
"""End of a visit that was not over at the horizon."""

ENDS = (What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED)
"""What ends a visit."""
_OVER = (What.BROKEN_OFF, *ENDS)
"""What ends a stretch of work."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Parallel arrays, one entry a visit, by case and then in order of time.

    `entered`, `started`, `left` in seconds; `started` is OPEN where no officer has begun (always so for waits
    and gates), `left` is OPEN where the case still stood in the stage at the horizon. `how` is records.What
    of the row that ended the visit, -1 for none. `nth` counts a case's visits to this stage from 0. `before` says
    that the case stood there when the run started; `entered` then is the second of its coming, at or before 0.
    `of_stage` are the visits to each stage, `cases` tells of the cases of the log.
    """

    case: Int64s
    stage: npt.NDArray[np.int32]
    team: npt.NDArray[np.int32]
    entered: Int64s
    started: Int64s
    left: Int64s
    how: npt.NDArray[np.int8]
    nth: Int64s
    before: Bools
    services: Services
    of_stage: Grouping
    cases: Cases

    def __len__(self) -> int:
        return len(self.case)

    @property
    def was_served(self) -> Bools:
        """Whether work on the case has begun."""
        return np.asarray(self.started != OPEN, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Services:
    """Stretches of work, one entry each: a visit whose work was broken off has several.

    `visit` is the number of the visit; `start` and `end` in seconds, `end` OPEN where work went on at the horizon.
    """

    visit: Int64s
    start: Int64s
    end: Int64s


def visits(log: EventLog) -> Visits:
    """All visits of a log."""
    mine = np.flatnonzero(_is_one_of(log.what, (What.ENTERED, What.STARTED, *_OVER)))
    order = stable_order(log.case.take(mine))
    what, time = log.what.take(mine).take(order), log.time.take(mine).take(order)
    entering = _is_one_of(what, (What.ENTERED,))
    at, visit = np.flatnonzero(entering), np.cumsum(entering) - 1
    began = np.flatnonzero(_is_one_of(what, (What.STARTED,)))
    worked_in = visit.take(began)
    ended = np.flatnonzero(_is_one_of(what, ENDS))
    ends = _first_of_each(ended, visit.take(ended), len(at))
    rows = mine.take(order.take(at))
    case, stage = log.case.take(rows), log.stage.take(rows)
    of_stage = Grouping.of(stage, len(log.names.stages))
    cases = Cases.of(log)
    # The first visits of cases that were open when the run started.
    before = (np.diff(case, prepend=-1) != 0) & cases.was_open.take(case)
    entered = time.take(at)
    entered[before] = log.cases["since"][case[before]]
    return Visits(
        case=case,
        stage=stage,
        team=log.team.take(rows),
        entered=entered,
        started=_times(time, _first_of_each(began, worked_in, len(at))),
        left=_times(time, ends),
        how=np.where(ends == NONE, NONE, what.take(ends)).astype(np.int8) if len(what) else np.zeros(0, dtype=np.int8),
        nth=_count_before(case, of_stage),
        before=before,
        services=_services(what, time, at, began, worked_in),
        of_stage=of_stage,
        cases=cases,
    )


def _is_one_of(what: npt.NDArray[np.int8], wanted: tuple[What, ...]) -> Bools:
    """Like `np.isin`, by comparing bytes: for so few values many times faster."""
    found = np.zeros(len(what), dtype=np.bool_)
    for one in wanted:
        found |= what == int(one)  # compared with an enumeration's member, bytes would be widened first
    return found


def _first_of_each(rows: Int64s, visit: Int64s, count: int) -> Int64s:
    """For each visit the first of some rows, which belong to these visits (or to none: -1), NONE if there is none."""
    found = np.full(count + 1, NONE, dtype=np.int64)
    found[visit[::-1]] = rows[::-1]  # of several rows of one visit the one that is written last stays
    return found[:count]


def _times(time: Int64s, rows: Int64s) -> Int64s:
    return np.where(rows == NONE, OPEN, time.take(rows)) if len(time) else np.zeros(0, dtype=np.int64)


def _services(what: npt.NDArray[np.int8], time: Int64s, at: Int64s, began: Int64s, visit: Int64s) -> Services:
    if not len(began):
        return Services(visit, began, began)
    is_over = _is_one_of(what, _OVER)
    over, place = np.flatnonzero(is_over), np.cumsum(is_over).take(began)
    behind = np.append(at[1:], len(what)).take(visit)  # the first row that belongs to a later visit
    found = np.append(over, len(what)).take(place)
    return Services(visit, time.take(began), _times(time, np.where(found < behind, found, NONE)))


def _count_before(case: Int64s, of_stage: Grouping) -> Int64s:
    """How often the same case stood in the same stage before."""
    # Among the visits to one stage those of one case stand side by side.
    mine, place = case.take(of_stage.order), np.arange(len(case))
    new = np.diff(mine, prepend=-1) != 0
    new[of_stage.starts[of_stage.starts < len(case)]] = True
    nth = np.empty(len(case), dtype=np.int64)
    nth[of_stage.order] = place - np.maximum.accumulate(np.where(new, place, 0))
    return nth
