"""The compiled engine's door: a plan in, the event log of a replication out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import GridlockError
from ...journal.log import EventLog
from ...plan.attendance import attendance
from ...plan.first_day import running_clocks
from ...plan.intake import intake
from ...plan.tables import CASE, Plan, Records
from ..gridlock import never_enough, standstill
from . import layout as L
from .arrange import Columns
from .beginning import first_events
from .board import board
from .layout import World
from .loop import run as kernel

GROWS = {
    L.MORE_CASES: ("C", "Q", "Z"), L.MORE_NODES: ("N",), L.MORE_HEAP: ("H",), L.MORE_BORN: ("B",),
}  # fmt: skip
FIRST_ROWS = {"T": 1 << 14, "C": 1 << 10, "Q": 1 << 13, "Z": 1 << 13, "N": 1 << 13, "H": 1 << 13, "B": 1 << 12}
"""Room at the start; what is full doubles, but for the log: it is taken over, so that it stays near the processor."""


class Rooms:
    """The arrays of a world that grow, and the log as far as it has been taken over from them."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.widths = {
            "T": L.LOG_W, "C": int(world.P[L.CASE_W]), "Q": L.QUEUE_W, "Z": L.HEAP_W, "N": L.NODE_W, "H": L.HEAP_W,
            "B": L.BORN_W,
        }  # fmt: skip
        self.rows = dict.fromkeys(self.widths, 0)
        teams = int(plan.roster["officers"].sum(initial=0)) + len(plan.people) + len(plan.teams)
        more = {"T": 8 * teams, "Q": 2 * teams, "H": 2 * teams}
        for name, rows in FIRST_ROWS.items():
            self.grow(name, rows + more.get(name, 0))

        cases = int(world.P[L.N_DOOR])
        self.log = Columns(cases)

    def take_log(self) -> None:
        """Take over from the kernel what it has told of instants that are past."""
        S, T = self.world.S, self.world.T
        told, n = int(S[L.TOLD]), int(S[L.LOG_N])
        ahead = max(1.0, int(self.world.P[L.HORIZON]) / max(1, int(S[L.NOW])))
        self.log.take(T, told, int(S[L.MOST_AT_ONCE]), int(S[L.NUMBER]), ahead)
        T[: (n - told) * L.LOG_W] = T[told * L.LOG_W : n * L.LOG_W]
        S[L.LOG_N], S[L.TOLD] = n - told, 0
        if 2 * told < self.rows["T"]:
            self.grow("T")

    def grow(self, name: str, rows: int = 0) -> None:
        """More room in one of the arrays."""
        old, width, had = getattr(self.world, name), self.widths[name], self.rows[name]
        rows = rows or 2 * had
        new = np.empty(rows * width, dtype=np.int64)
        new[: len(old)] = old
        self.rows[name] = rows
        grown: dict[str, Any] = {name: new}
        self.world = self.world._replace(**grown)
        S = self.world.S
        for array, room in (("T", L.ROOM_LOG), ("H", L.ROOM_HEAP), ("B", L.ROOM_BORN), ("Z", L.ROOM_Z)):
            S[room] = self.rows[array]
        if name in ("C", "N"):
            new[len(old) :] = 0
            head, count, column = (
                (L.FREE_CASE, L.FREE_CASES, L.C_NEXT) if name == "C" else (L.FREE_NODE, L.FREE_NODES, L.NEXT)
            )
            begins = np.arange(had, rows) * width
            new[begins + column] = np.append(begins[1:], S[head])
            S[head] = begins[0]
            S[count] += rows - had
        if name == "C":
            self._rooms_for_cases()

    def _rooms_for_cases(self) -> None:
        for name, each in (("Q", 4), ("Z", 2)):
            if self.rows[name] and self.rows[name] < each * self.rows["C"]:
                self.grow(name, each * self.rows["C"])


def run(plan: Plan, replication: int) -> EventLog:
    """The event log of one replication, the same as that of the reference engine.

    Raises GridlockError where cases wait that nothing can move, ConservationError if the log does not balance.
    """
    cases = intake(plan, replication)
    rooms = begun(plan, replication, cases)
    finished(rooms, plan)
    return _log(rooms, _cases(rooms.world, cases), plan, replication)


def begun(plan: Plan, replication: int, cases: Records) -> Rooms:
    """The arrays of a run before anything has happened, with room for what will."""
    attending = attendance(plan, replication)
    rooms = Rooms(board(plan, replication, cases, running_clocks(plan, replication, cases), attending), plan)
    events = first_events(plan, attending)
    while rooms.rows["H"] * L.HEAP_W < 2 * len(events):
        rooms.grow("H")
    rooms.world.H[: len(events)] = events
    rooms.world.S[L.HEAP_N] = len(events) // L.HEAP_W
    return rooms


def finished(rooms: Rooms, plan: Plan) -> None:
    """Run the kernel to the horizon; it comes back whenever something has to grow or the log to be taken over."""
    with np.errstate(over="ignore"):
        while (status := kernel(rooms.world)) != L.DONE:
            if status in (L.GRIDLOCK, L.STANDSTILL):
                raise _gridlock(rooms.world, plan, status)
            if status == L.LOG_FULL:
                rooms.take_log()
            for name in GROWS.get(status, ()):
                rooms.grow(name)
    rooms.take_log()


def _log(rooms: Rooms, cases: Records, plan: Plan, replication: int) -> EventLog:
    (time, case, what, stage, team), sound = rooms.log.whole(len(cases))
    log = EventLog(time, case, what, stage, team, cases, plan.names, plan.horizon, replication)
    if not sound:
        log.check()
        raise AssertionError("a log that does not balance, of which the check finds no fault")
    return log


def _gridlock(world: World, plan: Plan, status: int) -> GridlockError:
    S, C, names = world.S, world.C, plan.names
    if status == L.STANDSTILL:
        first = S[S[L.S_LINE] + L.L_FIRST :: L.LINE_W][: len(plan.teams)]
        team = int(np.flatnonzero(first >= 0)[0])
        case = int(first[team])
        return standstill(names, int(C[case + L.C_NUMBER]), int(C[case + L.C_STAGE]), team)
    case = int(S[L.STUCK_CASE])
    number, stage, since, row = (int(C[case + column]) for column in (L.C_NUMBER, L.C_STAGE, L.C_SINCE, L.C_ROW))
    skilled = world.P[world.P[L.AT_STAGE] + row * L.STAGE_W + L.SKILLS] != 0
    team, needed, most = (int(S[at]) for at in (L.STUCK_TEAM, L.STUCK_NEEDED, L.STUCK_MOST))
    return never_enough(names, number, stage, since, team, needed, most, bool(skilled))


def _cases(world: World, cases: Records) -> Records:
    """The table of cases: those that went back to a giver as handled there, and the children behind them."""
    P, S = world.P, world.S
    returned = np.flatnonzero(S[S[L.S_RETURNED] : S[L.S_RETURNED] + P[L.N_DOOR]])
    if len(returned):
        cases = cases.copy()
        cases["handler"][returned], cases["moved"][returned] = cases["giver"][returned], 0
        cases["reform"][returned] = -1
    born = world.B[: S[L.BORN_N] * L.BORN_W].reshape(-1, L.BORN_W)
    if not len(born):
        return cases
    children = cases[born[:, 1]].astype(CASE)
    children["parent"], children["enters"], children["kind"] = born[:, 0], born[:, 3], born[:, 4]
    children["arrived"] = children["filed"] = children["since"] = born[:, 2]
    children["address"] = np.ascontiguousarray(born[:, 5]).view(np.uint64)
    children["handler"], children["moved"], children["reform"] = born[:, 6], born[:, 7], born[:, 8]
    return np.concatenate([cases, children])
