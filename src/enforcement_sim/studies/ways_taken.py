"""Which ways cases took through the procedures in one replication, and which of them led back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..measures.visits import OPEN, Visits
from ..plan.tables import Plan
from ..records import NONE, Op, What

COLUMNS = ["phase", "stage", "to_phase", "to", "is_return", "is_end", "cases"]
Int64s = npt.NDArray[np.int64]


class _Stays(NamedTuple):
    """Columns of visits, by case and then in order of time."""

    case: Int64s
    stage: npt.NDArray[np.int32]
    entered: Int64s
    left: Int64s
    nth: Int64s


def ways_taken(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """A row for each way from a stage to a stage, or to an outcome, that cases took after the warm-up; with COLUMNS.

    `phase` and `to_phase` are the parts of the procedure that they stand in, "" for an outcome. `is_return` says that
    the case had been in the stage before. A case that comes to the door begins nowhere; a child matter (a
    reconsideration, a suit) begins where the matter stands that it arises from. Stages of the same name in several
    procedures are one. What is decided at once, by a fact, is no stage here.
    """
    stays = _without_decisions(plan, visits)
    begin, end, back = _steps(stays, plan)
    out_from, outcome = _ends(log, plan, stays)
    child_from, child_to = _children(log, plan, stays)
    none = np.full(len(outcome), False)
    rows = pd.DataFrame(
        {
            "begin": np.concatenate([begin, out_from, child_from]),
            "end": np.concatenate([end, outcome, child_to]),
            "is_return": np.concatenate([back, none, np.full(len(child_to), False)]),
            "is_end": np.concatenate([np.full(len(end), False), ~none, np.full(len(child_to), False)]),
        }
    )
    counts = rows.groupby(["begin", "end", "is_return", "is_end"], sort=True).size().rename("cases").reset_index()
    stages, phases = np.array(plan.names.stages, dtype=object), np.array([*log.names.phases, ""], dtype=object)
    begins, ends = counts["begin"].to_numpy(), counts["end"].to_numpy()
    told = counts.assign(
        phase=phases[plan.phase_of[begins]],
        stage=stages[begins],
        to=stages[ends],
        to_phase=np.where(counts["is_end"], "", phases[plan.phase_of[ends]]),
    )
    whole = told.groupby(["phase", "stage", "to_phase", "to", "is_return", "is_end"], sort=False)["cases"].sum()
    return whole.reset_index()[COLUMNS]


def _without_decisions(plan: Plan, visits: Visits) -> _Stays:
    kept = np.flatnonzero(plan.stages["op"][visits.stage] != Op.DECIDE)
    return _Stays(*(getattr(visits, column)[kept] for column in ("case", "stage", "entered", "left", "nth")))


def _steps(visits: _Stays, plan: Plan) -> tuple[Int64s, Int64s, npt.NDArray[np.bool_]]:
    """From each visit to the next of the same case: stages, and whether the case had been in the second before."""
    same = (visits.case[1:] == visits.case[:-1]) & (visits.left[:-1] >= plan.warm_up) & (visits.left[:-1] != OPEN)
    at = np.flatnonzero(same)
    begin, end = visits.stage[at].astype(np.int64), visits.stage[at + 1].astype(np.int64)
    return begin, end, visits.nth[at + 1] > 0


def _ends(log: EventLog, plan: Plan, visits: _Stays) -> tuple[Int64s, Int64s]:
    """The last stage of each closed case and its outcome."""
    closed = np.flatnonzero(log.rows(What.CLOSED) & (log.time >= plan.warm_up))
    case, outcome = log.case[closed], log.stage[closed].astype(np.int64)
    last = np.searchsorted(visits.case, case, side="right") - 1
    known = (last >= 0) & (visits.case[np.maximum(last, 0)] == case)
    return visits.stage[last[known]].astype(np.int64), outcome[known]


def _children(log: EventLog, plan: Plan, visits: _Stays) -> tuple[Int64s, Int64s]:
    """The stage in which each child matter arose, and the first one of its own."""
    parent = np.asarray(log.cases["parent"])
    child = np.flatnonzero((parent != NONE) & (log.cases["arrived"] >= plan.warm_up))
    first = np.searchsorted(visits.case, child)
    known = (first < len(visits.case)) & (visits.case[np.minimum(first, len(visits.case) - 1)] == child)
    child, first = child[known], first[known]
    begins = [_fork_of(plan, visits, int(parent[one]), int(log.cases["arrived"][one])) for one in child.tolist()]
    found = np.array(begins, dtype=np.int64)
    return found[found != NONE], visits.stage[first][found != NONE].astype(np.int64)


def _fork_of(plan: Plan, visits: _Stays, parent: int, time: int) -> int:
    """The stage in which a case stood at a moment when a child matter arose from it."""
    first, last = np.searchsorted(visits.case, [parent, parent + 1])
    mine = slice(int(first), int(last))
    here = np.flatnonzero((visits.entered[mine] <= time) & (visits.left[mine] >= time))
    forks = [int(visits.stage[mine][row]) for row in here if plan.stages["op"][visits.stage[mine][row]] == Op.FORK]
    return forks[0] if forks else NONE
