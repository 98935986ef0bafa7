"""Single cases of one replication as they went, chosen to show what stands behind averages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..measures.clocks import ClockRows, clock_runs, closing_times
from ..measures.matching import case_name
from ..measures.visits import OPEN, Visits
from ..plan.tables import Plan
from ..records import NONE, Op, What

Int64s = npt.NDArray[np.int64]
FEWEST_STAYS = 3
"""A case of fewer stays has no story."""
CASES = ["case", "why", "name", "field", "jurisdiction", "filed", "closed", "is_open", "outcome"]
STAYS = ["case", "stage", "team", "entered", "started", "left", "nth", "is_open", "waited", "worked"]
CLOCKS = ["case", "clock", "rule", "started", "due", "stopped", "is_overdue", "runs_on", "still", "extended"]


@dataclass(frozen=True, slots=True)
class Histories:
    """Tables of chosen cases with the columns CASES, STAYS and CLOCKS; times are dates and times of day.

    `why` is late (the limit missed by most days), moved (the middle one by time of those that the reform moved),
    returned (sent back most often), far (through most parts of the procedure) or usual (the middle one of all).
    """

    cases: pd.DataFrame
    stays: pd.DataFrame
    clocks: pd.DataFrame


def histories(log: EventLog, plan: Plan, visits: Visits, register: pd.DataFrame) -> Histories:
    """The chosen cases of a log; `register` is that of `measures.register`."""
    chosen = _chosen(log, plan, visits, register)
    start = np.datetime64(plan.day_tables[0].first, "s")
    closed = closing_times(log)
    cases = [_facts(log, plan, case, why, closed, start) for case, why in chosen.items()]
    stays = [row for case in chosen for row in _stays(plan, visits, case, start)]
    return Histories(
        pd.DataFrame(cases, columns=CASES),
        pd.DataFrame(stays, columns=STAYS),
        _clocks(log, plan, visits, list(chosen), closed, start),
    )


def _chosen(log: EventLog, plan: Plan, visits: Visits, register: pd.DataFrame) -> dict[int, str]:
    found: dict[int, str] = {}

    def take(case: int | None, why: str) -> None:
        if case is not None and case not in found:
            found[case] = why

    if len(register):
        take(int(register.sort_values("days_over", ascending=False, kind="stable")["case"].iloc[0]), "late")
    spans = _spans(log, visits)
    worth_telling = (spans > 0) & (np.bincount(visits.case, minlength=len(log.cases)) >= FEWEST_STAYS)
    take(_middle(spans, worth_telling & (log.cases["moved"] == 1)), "moved")
    returns = np.bincount(visits.case[visits.nth > 0], minlength=len(log.cases))
    take(int(np.argmax(returns)) if returns.max(initial=0) > 0 else None, "returned")
    take(_through_most(log, plan, visits), "far")
    take(_middle(spans, worth_telling), "usual")
    return found


def _spans(log: EventLog, visits: Visits) -> Int64s:
    """Seconds from filing to closing; 0 for cases that are open at the end, or were at the start."""
    closed = closing_times(log)
    spans = np.where((closed != OPEN) & ~visits.cases.was_open, closed - log.cases["filed"], 0)
    return np.asarray(spans, dtype=np.int64)


def _middle(spans: Int64s, which: npt.NDArray[np.bool_]) -> int | None:
    """The case with the middle time among some; of an even number the shorter of the two in the middle."""
    here = np.flatnonzero(which)
    if not len(here):
        return None
    order = here[np.argsort(spans[here], kind="stable")]
    return int(order[(len(order) - 1) // 2])


def _through_most(log: EventLog, plan: Plan, visits: Visits) -> int | None:
    """The case that went through most parts of the procedure; of several the first."""
    phase = plan.phase_of[visits.stage]
    kinds = len(log.names.phases) + 1
    seen = np.unique(visits.case * kinds + phase + 1)
    parts = np.bincount(seen // kinds, minlength=len(log.cases))
    return int(np.argmax(parts)) if parts.max(initial=0) > 1 else None


def _facts(log: EventLog, plan: Plan, case: int, why: str, closed: Int64s, start: np.datetime64) -> tuple[object, ...]:
    row, names, is_open = log.cases[case], plan.names, bool(closed[case] == OPEN)
    ends = np.flatnonzero((log.case == case) & log.rows(What.CLOSED))
    outcome = names.stages[int(log.stage[ends[0]])] if len(ends) else ""
    filed, until = int(row["filed"]), plan.horizon if is_open else int(closed[case])
    return (
        case,
        why,
        case_name(log, plan, case),
        names.fields[int(row["field"])],
        names.jurisdictions[int(row["handler"])],
        _moment(start, filed),
        _moment(start, until),
        is_open,
        outcome,
    )


def _moment(start: np.datetime64, second: int) -> pd.Timestamp:
    return pd.Timestamp(start + np.timedelta64(second, "s"))


def _stays(plan: Plan, visits: Visits, case: int, start: np.datetime64) -> list[tuple[object, ...]]:
    """Every visit of a case; what was waited is before the start of work, or the whole stay where nobody works."""
    rows: list[tuple[object, ...]] = []
    first, last = np.searchsorted(visits.case, [case, case + 1]).tolist()
    for row in range(first, last):
        if plan.stages["op"][visits.stage[row]] == Op.DECIDE:
            continue  # decided at once, by a fact: no stay
        stage, team = int(visits.stage[row]), int(visits.team[row])
        is_open = bool(visits.left[row] == OPEN)
        entered, left = int(visits.entered[row]), plan.horizon if is_open else int(visits.left[row])
        served = bool(visits.started[row] != OPEN) and plan.stages["op"][stage] == Op.WORK
        started = int(visits.started[row]) if served else left
        rows.append(
            (
                case,
                plan.names.stages[stage],
                plan.names.teams[team] if team != NONE else "",
                _moment(start, entered),
                _moment(start, started) if served else pd.NaT,
                _moment(start, left),
                int(visits.nth[row]),
                is_open,
                pd.Timedelta(seconds=started - entered),
                pd.Timedelta(seconds=left - started),
            )
        )
    return rows


def _clocks(
    log: EventLog, plan: Plan, visits: Visits, cases: list[int], closed: Int64s, start: np.datetime64
) -> pd.DataFrame:
    """Every run of every clock of some cases, by start."""
    told, rows = ClockRows.of(log), []
    for number, clock in enumerate(plan.clocks):
        runs = clock_runs(log, plan, visits, number, closed, told)
        late = runs.overdue(plan.horizon)
        for at in np.flatnonzero(np.isin(runs.case, cases)).tolist():
            runs_on = bool(runs.stopped[at] == OPEN)
            rows.append(
                (
                    int(runs.case[at]),
                    plan.names.clocks[int(clock["name"])],
                    plan.clock_rule[number],
                    _moment(start, int(runs.started[at])),
                    _moment(start, int(runs.due[at])),
                    _moment(start, plan.horizon if runs_on else int(runs.stopped[at])),
                    bool(late[at]),
                    runs_on,
                    int(runs.still[at]),
                    int(runs.extended[at]),
                )
            )
    return (
        pd.DataFrame(rows, columns=CLOCKS)
        .sort_values(["case", "started", "clock"], kind="stable")
        .reset_index(drop=True)
    )
