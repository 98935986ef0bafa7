"""The compiled engine's door: a plan in, the event log of a replication out."""

from __future__ import annotations

import numpy as np

from ...journal.log import EventLog
from ...plan.attendance import attendance
from ...plan.first_day import running_clocks
from ...plan.intake import intake
from ...plan.tables import CASE, Plan, Records
from . import layout as L
from .board import board
from .layout import World
from .loop import run as kernel
from .memory import push
from .places import stir

GROWS = {
    L.MORE_LOG: ("LT", "LR"), L.MORE_CASES: ("C", "F", "Q", "Z"), L.MORE_NODES: ("N",), L.MORE_HEAP: ("HT", "HP"),
    L.MORE_BORN: ("B",),
}  # fmt: skip
FIRST = {
    "LT": 1 << 16, "LR": 1 << 16, "C": 1 << 10, "F": 1 << 10, "Q": 1 << 12, "Z": 1 << 11, "N": 1 << 13, "HT": 1 << 13,
    "HP": 1 << 13, "B": 1 << 12,
}  # fmt: skip
"""Room at the start; what is full doubles."""


def supports(plan: Plan) -> bool:
    """Whether the compiled engine knows everything that a plan asks for: it does not yet know officers by name."""
    return not bool(plan.teams["named"].any())


def run(plan: Plan, replication: int) -> EventLog:
    """The event log of one replication, the same as that of the reference engine."""
    cases = intake(plan, replication)
    attending = attendance(plan, replication)
    world = board(plan, replication, cases, running_clocks(plan, replication, cases), attending)
    for names in GROWS.values():
        for name in names:
            world = _grown(world, name, FIRST[name])
    _first_events(world, plan, attending.rosters)
    with np.errstate(over="ignore"):
        while (status := kernel(world)) != L.DONE:
            if status == L.GRIDLOCK:
                from ..reference import run as reference

                return reference(plan, replication)  # stops at the same place and says why
            for name in GROWS[status]:
                world = _grown(world, name, 2 * len(getattr(world, name)))
    times, rows = world.LT[: world.S[L.LOG_N]], world.LR[: world.S[L.LOG_N]]
    columns: list[np.ndarray] = [times[:, 0], times[:, 1], rows[:, 0], rows[:, 1], rows[:, 2]]
    log = EventLog.in_order(columns, _cases(world, cases), plan.names, plan.horizon, replication)
    log.check()
    return log


def _grown(world: World, name: str, length: int) -> World:
    """The same world with more room in one of its arrays."""
    old = getattr(world, name)
    new = np.zeros((length, *old.shape[1:]), dtype=old.dtype)
    new[: len(old)] = old
    world = world._replace(**{name: new})
    if name in ("C", "N"):
        column, head, count = (
            (L.C_NEXT, L.FREE_CASE, L.FREE_CASES) if name == "C" else (L.NEXT, L.FREE_NODE, L.FREE_NODES)
        )
        rows = np.arange(len(old), length)
        new[rows, column] = np.append(rows[1:], world.S[head])
        world.S[head] = len(old)
        world.S[count] += length - len(old)
    return world


def _first_events(world: World, plan: Plan, rosters: tuple[tuple[tuple[int, int, float], ...], ...]) -> None:
    for team, roster in enumerate(rosters):
        if len(roster) > 1:
            push(world, roster[1][0], L.NORMAL, L.ROSTER, team, 1)
    for time, team, rule in plan.queue_changes.tolist():
        push(world, time, L.NORMAL, L.QUEUE_RULE, team, rule)
    for number, gate in enumerate(plan.gates):
        if gate["count"]:
            push(world, int(plan.meetings["time"][gate["at"]]), L.NORMAL, L.MEET, number, 0)
    for time, reform in plan.evaluations.tolist():
        push(world, time, L.AFTERWARDS, L.EVALUATE, reform, 0)
    for team in np.flatnonzero(plan.teams["duty"] >= 0).tolist():
        stir(world, team)


def _cases(world: World, cases: Records) -> Records:
    """The table of cases: those that went back to a giver as handled there, and the children behind them."""
    P, S = world.P, world.S
    returned = np.flatnonzero(S[S[L.S_RETURNED] : S[L.S_RETURNED] + P[L.N_DOOR]])
    if len(returned):
        cases = cases.copy()
        cases["handler"][returned], cases["moved"][returned], cases["reform"][returned] = (
            cases["giver"][returned],
            0,
            -1,
        )
    born = world.B[: S[L.BORN_N]]
    if not len(born):
        return cases
    children = cases[born[:, 1]].astype(CASE)
    children["parent"], children["enters"], children["kind"] = born[:, 0], born[:, 3], born[:, 4]
    children["arrived"] = children["filed"] = children["since"] = born[:, 2]
    children["address"] = np.ascontiguousarray(born[:, 5]).view(np.uint64)
    children["handler"], children["moved"], children["reform"] = born[:, 6], born[:, 7], born[:, 8]
    return np.concatenate([cases, children])
