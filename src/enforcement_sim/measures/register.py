"""The register of missed limits (超期台账): one record for every legal clock that ran out, with its cause."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY, NONE, Op, What
from .clocks import ClockRows, Runs, clock_runs, closing_times
from .visits import OPEN, Visits

COLUMNS = [
    "case", "jurisdiction", "field", "clock", "rule", "started", "due", "stage", "team", "days_over", "open",
    "cause", "cause_stage", "cause_days",
]  # fmt: skip
_CAUSES = {Op.WAIT: "wait", Op.GATE: "meeting", Op.FORK: "child matter", Op.DECIDE: "wait"}


def register(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """One row for every clock that ran out, by time.

    `started`, `due` in seconds; `stage` and `team` are where the case stood when it ran out; `days_over` counts from
    then to the stop (or to the horizon, then `open` is true); `cause` says what took most of the time that the clock
    ran: `line` (waiting for officers), `work`, `wait`, `meeting` or `child matter`, in which stage, for how many days.
    """
    closed, told = closing_times(log), ClockRows.of(log)
    records = []
    for number, clock in enumerate(plan.clocks):
        if clock["lapses_to"] != NONE:
            continue
        runs = clock_runs(log, plan, visits, number, closed, told)
        late = np.flatnonzero(runs.overdue(plan.horizon))
        records += [_record(log, plan, visits, number, runs, int(run)) for run in late]
    table = pd.DataFrame(records, columns=COLUMNS)
    return table.sort_values(["due", "case", "clock"], kind="stable").reset_index(drop=True)


def _record(log: EventLog, plan: Plan, visits: Visits, number: int, runs: Runs, run: int) -> tuple[object, ...]:
    case, started, due = int(runs.case[run]), int(runs.started[run]), int(runs.due[run])
    stopped = min(int(runs.stopped[run]), plan.horizon)
    first, last = np.searchsorted(visits.case, [case, case + 1])
    mine = slice(int(first), int(last))
    # Where it stood before the start is told only as far back as its first stage goes.
    seen = max(due, int(visits.entered[int(first)]))
    inside = (visits.entered[mine] <= seen) & (visits.left[mine] > seen)
    at = int(first) + int(np.argmax(inside)) if inside.any() else int(last) - 1
    cause, stage, days = _cause(plan, visits, mine, started, stopped)
    place, field = log.cases["handler"][case], log.cases["field"][case]
    names = plan.names
    team = int(visits.team[at])
    return (
        case, names.jurisdictions[place], names.fields[field], names.clocks[int(plan.clocks[number]["name"])],
        plan.clock_rule[number], started, due, names.stages[int(visits.stage[at])],
        names.teams[team] if team != NONE else "", (stopped - due) / DAY, runs.stopped[run] == OPEN, cause,
        stage, days,
    )  # fmt: skip


def _cause(plan: Plan, visits: Visits, mine: slice, started: int, stopped: int) -> tuple[str, str, float]:
    """What took most of the time between two moments, in which stage, and how many days."""
    spent = time_spent(plan, visits, mine, started, stopped)
    if not spent:
        return "wait", "", 0.0
    (cause, stage), days = max(spent.items(), key=lambda item: (item[1], -item[0][1]))
    return cause, plan.names.stages[stage], days


def time_spent(plan: Plan, visits: Visits, mine: slice, started: int, stopped: int) -> dict[tuple[str, int], float]:
    """The days between two moments that each cause took in each stage; `mine` are the visits of the case."""
    spent: dict[tuple[str, int], float] = {}
    for row in range(mine.start, mine.stop):
        stage = int(visits.stage[row])
        op = Op(int(plan.stages["op"][stage]))
        begun, left = int(visits.started[row]), int(visits.left[row])
        parts = [(_CAUSES.get(op, "wait"), int(visits.entered[row]), left)]
        if op is Op.WORK:
            parts = [("line", int(visits.entered[row]), min(begun, left)), ("work", begun, left)]
        for cause, a, b in parts:
            overlap = min(b, stopped) - max(a, started)
            if overlap > 0:
                spent[cause, stage] = spent.get((cause, stage), 0.0) + overlap / DAY
    return spent


def dated(table: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """The register with dates and times of day instead of seconds since the first midnight."""
    midnight = np.datetime64(start, "s")
    moments = {column: midnight + table[column].to_numpy(dtype="timedelta64[s]") for column in ("started", "due")}
    return table.assign(**moments)


def ran_out(log: EventLog, plan: Plan) -> int:
    """How many clocks (of those that do not lapse) the engine has seen run out."""
    lapsing = np.flatnonzero(plan.clocks["lapses_to"] != NONE)
    return int((log.rows(What.RAN_OUT) & ~np.isin(log.team, lapsing)).sum())
