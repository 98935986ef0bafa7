"""From rows of a log to visits: one row for each time a case stood in a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..records import NONE, What

Int64s = npt.NDArray[np.int64]
OPEN = 2**62
"""End of a visit that was not over at the horizon."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Parallel arrays, one entry a visit, by case and then in order of time.

    `entered`, `started`, `left` in seconds; `started` is OPEN where no officer has begun (always so for waits
    and gates), `left` is OPEN where the case still stood in the stage at the horizon. `how` is records.What
    of the row that ended the visit, -1 for none. `nth` counts a case's visits to this stage from 0.
    """

    case: Int64s
    stage: npt.NDArray[np.int32]
    team: npt.NDArray[np.int32]
    entered: Int64s
    started: Int64s
    left: Int64s
    how: npt.NDArray[np.int8]
    nth: Int64s

    def __len__(self) -> int:
        return len(self.case)

    @property
    def was_served(self) -> npt.NDArray[np.bool_]:
        """Whether work on the case has begun."""
        return np.asarray(self.started != OPEN, dtype=np.bool_)


def visits(log: EventLog) -> Visits:
    """All visits of a log."""
    order = np.argsort(log.case, kind="stable")
    case, what, time = log.case[order], log.what[order], log.time[order]
    at = np.flatnonzero(what == What.ENTERED)
    one, two = _next(what, case, at, 1), _next(what, case, at, 2)
    served = one == What.STARTED
    ended = np.where(served, two, one)
    row = np.minimum(at + np.where(served, 2, 1), len(time) - 1)
    is_end = np.isin(ended, (What.ENDED, What.GAVE_UP, What.TURNED_AWAY))
    started = np.where(served, time[np.minimum(at + 1, len(time) - 1)], OPEN)
    stage = log.stage[order][at]
    return Visits(
        case=case[at],
        stage=stage,
        team=log.team[order][at],
        entered=time[at],
        started=started,
        left=np.where(is_end, time[row], OPEN),
        how=np.where(is_end, ended, NONE).astype(np.int8),
        nth=_count_before(case[at], stage),
    )


def _next(what: npt.NDArray[np.int8], case: Int64s, at: Int64s, step: int) -> npt.NDArray[np.int8]:
    """What the row `step` after each row tells, NONE if it is another case's."""
    row = np.minimum(at + step, len(what) - 1)
    same = (at + step < len(what)) & (case[row] == case[at])
    return np.where(same, what[row], NONE).astype(np.int8)


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
