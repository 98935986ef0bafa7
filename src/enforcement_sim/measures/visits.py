"""From rows of a log to visits (each time a case stood in a stage) and services (each stretch of work)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..records import NONE, What

Int64s = npt.NDArray[np.int64]
OPEN = 2**62
"""End of a visit that was not over at the horizon."""

ENDS = (What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED)
"""What ends a visit."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Parallel arrays, one entry a visit, by case and then in order of time.

    `entered`, `started`, `left` in seconds; `started` is OPEN where no officer has begun (always so for waits
    and gates), `left` is OPEN where the case still stood in the stage at the horizon. `how` is records.What
    of the row that ended the visit, -1 for none. `nth` counts a case's visits to this stage from 0. `before` says
    that the case stood there when the run started; `entered` then is the second of its coming, at or before 0.
    """

    case: Int64s
    stage: npt.NDArray[np.int32]
    team: npt.NDArray[np.int32]
    entered: Int64s
    started: Int64s
    left: Int64s
    how: npt.NDArray[np.int8]
    nth: Int64s
    before: npt.NDArray[np.bool_]
    services: Services

    def __len__(self) -> int:
        return len(self.case)

    @property
    def was_served(self) -> npt.NDArray[np.bool_]:
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
    mine = np.isin(log.what, (What.ENTERED, What.STARTED, What.BROKEN_OFF, *ENDS))
    order = np.flatnonzero(mine)[np.argsort(log.case[mine], kind="stable")]
    case, what, time = log.case[order], log.what[order], log.time[order]
    at = np.flatnonzero(what == What.ENTERED)
    behind = np.append(at[1:], len(what))  # the first row that belongs to a later visit
    ends = _first_after(np.flatnonzero(np.isin(what, ENDS)), at, behind)
    began = np.flatnonzero(what == What.STARTED)
    starts = _first_after(began, at, behind)
    stage, mine_of = log.stage[order][at], case[at]
    before = (np.diff(mine_of, prepend=-1) != 0) & (log.cases["filed"] < log.cases["arrived"])[mine_of]
    return Visits(
        case=mine_of,
        stage=stage,
        team=log.team[order][at],
        entered=np.where(before, log.cases["since"][mine_of], time[at]),
        started=_times(time, starts),
        left=_times(time, ends),
        how=np.where(ends == NONE, NONE, what[ends]).astype(np.int8) if len(what) else np.zeros(0, dtype=np.int8),
        nth=_count_before(mine_of, stage),
        before=before,
        services=_services(what, time, at, began),
    )


def _first_after(rows: Int64s, at: Int64s, behind: Int64s) -> Int64s:
    """For each visit the first of some rows that belongs to it, NONE if there is none."""
    if not len(rows):
        return np.full(len(at), NONE, dtype=np.int64)
    place = np.searchsorted(rows, at, side="right")
    found = rows[np.minimum(place, len(rows) - 1)]
    return np.where((place < len(rows)) & (found < behind), found, NONE)


def _times(time: Int64s, rows: Int64s) -> Int64s:
    return np.where(rows == NONE, OPEN, time[rows]) if len(time) else np.zeros(0, dtype=np.int64)


def _services(what: npt.NDArray[np.int8], time: Int64s, at: Int64s, began: Int64s) -> Services:
    visit = np.searchsorted(at, began, side="right") - 1
    behind = np.append(at[1:], len(what))[visit]
    over = _first_after(np.flatnonzero(np.isin(what, (What.BROKEN_OFF, *ENDS))), began, behind)
    return Services(visit, time[began], _times(time, over) if len(began) else np.zeros(0, dtype=np.int64))


def _count_before(case: Int64s, stage: npt.NDArray[np.int32]) -> Int64s:
    """How often the same case stood in the same stage before."""
    order = np.lexsort((np.arange(len(case)), stage, case))
    new = np.ones(len(case), dtype=np.bool_)
    new[1:] = (np.diff(case[order]) != 0) | (np.diff(stage[order]) != 0)
    place = np.arange(len(case))
    start = np.maximum.accumulate(np.where(new, place, 0)) if len(case) else place
    nth = np.empty(len(case), dtype=np.int64)
    nth[order] = place - start
    return nth
