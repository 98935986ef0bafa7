"""What changes during a run of the kernel, as it is before anything has happened, and what will happen by itself."""

from __future__ import annotations

import numpy as np

from ...plan.attendance import Attendance
from ...plan.tables import Plan
from . import layout as L
from .laying import Laid
from .layout import Ints


def first_state(plan: Plan, P: Ints, attending: Attendance) -> Ints:
    teams, gates = len(plan.teams), len(plan.gates)
    S = Laid(L.STATE)
    state = np.zeros((teams, L.TEAM_STATE_W), dtype=np.int64)
    state[:, L.TS_OFFICERS] = [roster[0][1] for roster in attending.rosters]
    state[:, L.TS_WAKES_AT], state[:, L.TS_SERVICES] = -1, -1
    for column, name in ((L.TS_RULE, "rule"), (L.TS_KEEPS, "keeps"), (L.TS_BY_LOT, "by_lot"), (L.TS_CAP, "cap")):
        state[:, column] = plan.teams[name]
    # Other duties do not wait for the first case.
    busy = np.flatnonzero(plan.teams["duty"] >= 0)
    stirred = np.zeros((teams, L.HEAP_W), dtype=np.int64)
    stirred[: len(busy), 0] = stirred[: len(busy), 1] = busy
    state[busy, L.TS_STIRRED] = 1
    S.header[L.STIRRED_N] = len(busy)
    S.table(L.S_TEAM, state)
    S.table(L.S_STIRRED, stirred)
    S.table(L.S_LINE, np.full(((teams + gates), L.LINE_W), -1))
    S.table(L.S_MEETING, np.zeros(gates))
    cells = len(plan.reforms) * len(plan.names.jurisdictions)
    for where in (L.S_CAME, L.S_OPEN, L.S_LATE, L.S_RECALLED):
        S.table(where, np.zeros(cells))
    S.table(L.S_RETURNED, np.zeros(P[L.N_DOOR]))
    S.table(L.S_STANDING, np.zeros(len(plan.names.stages)))
    S.table(L.S_PERSON, np.zeros(len(plan.people) * L.PERSON_STATE_W))
    S.table(L.S_ABLE, np.zeros((int(plan.teams["people_count"].max(initial=0)) + 1) * L.ABLE_W))
    S.header[L.NUMBER] = P[L.N_DOOR]
    for where in (L.FREE_CASE, L.CLOSED_CASE, L.FREE_NODE):
        S.header[where] = -1
    return S.whole()


def first_events(plan: Plan, attending: Attendance) -> Ints:
    """What will happen by itself, as a heap: rosters that change, rules that change, meetings, evaluations."""
    events: list[tuple[int, int, int]] = []

    def later(second: int, phase: int, kind: int, who: int, gen: int) -> None:
        events.append((second * 4 + phase, who * 16 + kind, gen))

    for team, roster in enumerate(attending.rosters):
        if len(roster) > 1:
            later(roster[1][0], L.NORMAL, L.ROSTER, team, 1)
    for time, team, rule in plan.queue_changes.tolist():
        later(time, L.NORMAL, L.QUEUE_RULE, team, rule)
    for row, (time, team) in enumerate(plan.assignment_changes[["time", "team"]].tolist()):
        later(time, L.NORMAL, L.ASSIGN, team, row)
    for number, gate in enumerate(plan.gates):
        if gate["count"]:
            later(int(plan.meetings["time"][gate["at"]]), L.NORMAL, L.MEET, number, 0)
    for time, reform in plan.evaluations.tolist():
        later(time, L.AFTERWARDS, L.EVALUATE, reform, 0)
    return np.array(sorted(events), dtype=np.int64).reshape(-1)
