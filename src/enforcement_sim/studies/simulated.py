"""Answers of published simulations, each over the window and by the definition of its source, flaws included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..measures.queueing import Floats, Station
from ..measures.visits import OPEN
from ..records import Op, What

if TYPE_CHECKING:
    from .answers import Answers

Int64s = npt.NDArray[np.int64]
UNIT = 86_400
CLINIC_CLOSES = 1140 * UNIT
"""Seconds at which the experiment of the urgent care clinic ends."""
CLINIC = {"01": "triage", "02": "registration", "03": "exam", "04": "cubicle_1", "06": "trauma", "07": "cubicle_2"}
"""Stage (and team) that the number of an answer means."""


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else np.nan


def _clinic_wait(a: Answers, which: str) -> float:
    """Mean wait of all whose wait had ended when the experiment ended."""
    one = a.of(CLINIC[which])
    rows = one.started <= CLINIC_CLOSES
    return _mean((one.started[rows] - one.entered[rows]) / UNIT)


def _clinic_use(a: Answers, which: str) -> float:
    """Full length of all work that had begun when the experiment ended, over the time of the experiment."""
    one = a.of(CLINIC[which])
    rows = one.started <= CLINIC_CLOSES
    work = np.minimum(one.left[rows], a.plan.horizon) - one.started[rows]
    return float(work.sum()) / (CLINIC_CLOSES * a.officers(CLINIC[which]))


def _closed(a: Answers, outcome: str = "", by: int = OPEN) -> Floats:
    """Lifetimes of the cases that were closed by a second, all of them or those with one outcome."""
    rows = np.flatnonzero((a.log.what == What.CLOSED) & (a.log.time <= by))
    if outcome:
        rows = rows[a.log.stage[rows] == a.plan.names.stages.index(outcome)]
    lives: Floats = (a.log.time[rows] - a.log.cases["arrived"][a.log.case[rows]]) / UNIT
    return lives


def _served(a: Answers, stage: str) -> Station:
    """The visits of a stage that ended before the horizon."""
    one = a.of(stage)
    rows = one.left < OPEN
    return Station(
        one.entered[rows], one.started[rows], one.left[rows], one.how[rows], one.officers[rows], one.case[rows],
        one.window, one.unit,
    )  # fmt: skip


def _served_wait(a: Answers, stage: str) -> float:
    one = _served(a, stage)
    return _mean((one.started - one.entered) / UNIT)


def _served_use(a: Answers, stage: str) -> float:
    """Percent of officers' time that went into work which had ended at the horizon."""
    one = _served(a, stage)
    return 100 * float((one.left - one.started).sum()) / (a.plan.horizon * a.officers(stage))


def _rows_of_team(a: Answers, team: str) -> Int64s:
    return np.flatnonzero(a.visits.team == a.plan.names.teams.index(team))


def _use(a: Answers, team: str) -> float:
    """Share of the period for which the officers of a team were at work."""
    rows = _rows_of_team(a, team)
    start = np.minimum(a.visits.started[rows], a.plan.horizon)
    work = np.minimum(a.visits.left[rows], a.plan.horizon) - start
    return float(work.sum()) / (a.plan.horizon * a.officers(team))


def _line(a: Answers, team: str) -> float:
    """Mean number of cases in a team's line over the period."""
    rows = _rows_of_team(a, team)
    wait = np.minimum(a.visits.started[rows], a.plan.horizon) - a.visits.entered[rows]
    return float(wait.sum()) / a.plan.horizon


def _delay(a: Answers, team: str) -> float:
    """Mean wait in a team's line of all whose work had begun."""
    rows = _rows_of_team(a, team)
    rows = rows[a.visits.started[rows] != OPEN]
    return _mean((a.visits.started[rows] - a.visits.entered[rows]) / UNIT)


def _delay_of_type(a: Answers, kind: str) -> float:
    """Mean wait of a job of a type at all its stations together, over the jobs that were finished."""
    first = np.array([name.startswith(f"type_{kind}_") for name in a.plan.names.stages])
    closed = np.zeros(len(a.log.cases), dtype=np.bool_)
    closed[a.log.case[a.log.what == What.CLOSED]] = True
    rows = np.flatnonzero(first[a.visits.stage] & closed[a.visits.case])
    jobs = len(np.unique(a.visits.case[rows]))
    return float((a.visits.started[rows] - a.visits.entered[rows]).sum()) / UNIT / jobs


JOB_SHARES = {"1": 0.3, "2": 0.5, "3": 0.2}


def _delay_of_all(a: Answers) -> float:
    return sum(share * _delay_of_type(a, kind) for kind, share in JOB_SHARES.items())


def _arrivals(a: Answers) -> float:
    """Cases that arrived in the window."""
    return float((a.log.cases["arrived"] >= a.plan.warm_up).sum())


def _wait_of_arrivals(a: Answers) -> float:
    """Mean wait of those who arrived in the window and were seen before its end."""
    rows = (a.all.entered >= a.plan.warm_up) & (a.all.started != OPEN)
    return _mean((a.all.started[rows] - a.all.entered[rows]) / UNIT)


def _beds(a: Answers, ward: str) -> Station:
    """The stays in a ward (or in both, pooled)."""
    wards = ("asu_", "rehab_") if ward == "pooled" else (f"{ward}_",)
    return a.of(*(name for name in a.plan.names.stages if name.startswith(wards)), ops=(Op.WAIT,))


def _delayed(a: Answers, ward: str, beds: int) -> float:
    """Share of time with just so many patients among the time with at most so many."""
    one = _beds(a, ward)
    more = one.time_share(beds + 1)
    return (one.time_share(beds) - more) / (1 - more)


READ_SIMULATED: list[tuple[str, Callable[..., float]]] = [
    (r"00_arrivals", lambda a: len(a.log.cases)),
    (r"(\d\d)a_.*", _clinic_wait),
    (r"(\d\d)b_.*", _clinic_use),
    (r"05_total_time.*", lambda a: _mean(_closed(a, "treated", CLINIC_CLOSES))),
    (r"08_total_time.*", lambda a: _mean(_closed(a, "trauma_treated", CLINIC_CLOSES))),
    (r"09_throughput", lambda a: len(_closed(a, by=CLINIC_CLOSES))),
    (r"op_wait_completed", lambda a: _served_wait(a, "operator")),
    (r"op_util_pct", lambda a: _served_use(a, "operator")),
    (r"nurse_wait_completed", lambda a: _served_wait(a, "nurse")),
    (r"nurse_util_pct", lambda a: _served_use(a, "nurse")),
    (r"nurse_queue_at_end", lambda a: float((a.of("nurse").end_of_wait == OPEN).sum())),
    (r"sys_time", lambda a: _mean(_closed(a))),
    (r"p_within_480", lambda a: _mean((_closed(a) <= 480).astype(float))),
    (r"util_diag", lambda a: _use(a, "diag")),
    (r"util_rep", lambda a: _use(a, "repair")),
    (r"util_t(\d)", lambda a, n: _use(a, f"test{n}")),
    (r"util_(\d)", lambda a, n: _use(a, f"station_{n}")),
    (r"nq_(\d)", lambda a, n: _line(a, f"station_{n}")),
    (r"d_(\d)", lambda a, n: _delay(a, f"station_{n}")),
    (r"delay_type(\d)", _delay_of_type),
    (r"delay_overall_weighted", _delay_of_all),
    (r"arrivals", _arrivals),
    (r"mean_q_time", _wait_of_arrivals),
    (r"mean_q_len", lambda a: a.all.mean_number("line")),
    (r"load_(asu|rehab)", lambda a, ward: _beds(a, ward).mean_number()),
    (r"P_delay_(asu|rehab|pooled)_(\d+)", lambda a, ward, beds: _delayed(a, ward, int(beds))),
]  # fmt: skip
