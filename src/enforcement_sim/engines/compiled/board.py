"""A plan and one replication of it as the arrays that the kernel knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...calendars import DayTable, WorkTable
from ...decisions.dice import round_keys
from ...plan.attendance import Attendance
from ...plan.tables import Plan, Records
from ...records import NONE, What
from . import layout as L
from .layout import Ints, World

EPOCH = 719_163
"""Day number of 1970-01-01, as Python counts days."""
_OF_REFORMS = ("learning_extra", "learning_half_life", "reversal_extra", "above")


class _Laid:
    """Tables laid end to end behind a header that says where each begins."""

    def __init__(self, header: int) -> None:
        self.header = np.zeros(header, dtype=np.int64)
        self.parts: list[Ints] = []
        self.at = header

    def table(self, where: int, numbers: Any) -> None:
        """Lay a table down."""
        flat = np.ascontiguousarray(np.asarray(numbers, dtype=np.int64)).reshape(-1)
        self.header[where] = self.at
        self.parts.append(flat)
        self.at += len(flat)

    def whole(self) -> Ints:
        return np.concatenate([self.header, *self.parts])


def _columns(table: Records, *names: str) -> Ints:
    """Some columns of a table, side by side."""
    return (
        np.stack([table[name].astype(np.int64) for name in names], axis=1)
        if len(table)
        else np.zeros((0, len(names)), np.int64)
    )


def _bits(numbers: np.ndarray) -> Ints:
    return np.ascontiguousarray(numbers.astype(np.uint64)).view(np.int64)


def board(plan: Plan, replication: int, cases: Records, running: Records, attending: Attendance) -> World:
    """The arrays of one replication before anything has happened."""
    P, X = _Laid(L.HEADER), []
    header = P.header
    stages = np.concatenate([plan.stages, plan.later])
    changes = [(since, by_filing, len(plan.stages) + row) for since, by_filing, row in plan.changes.tolist()]
    P.table(L.AT_STAGE, np.concatenate([
        _columns(
            stages, "op", "role", "officers", "officers_length", "also_at", "also_count", "length", "days", "calendar",
            "rolls", "priority", "patience", "give_up", "limit", "full", "blocks", "skills", "on_site", "by", "ways_at",
            "ways_count", "gate", "children_at", "children_count", "joins", "changes_at", "changes_count",
        ),
        _bits(stages["question"])[:, None],
    ], axis=1))  # fmt: skip
    P.table(L.AT_CHANGE, changes)
    P.table(L.AT_LENGTH, _columns(plan.lengths, "family", "at", "count", "width"))
    P.table(L.AT_ALSO, _columns(plan.also, "role", "officers"))
    P.table(L.AT_CHILD, np.stack([plan.children["kind"].astype(np.int64), _bits(plan.children["question"])], axis=1))
    P.table(L.AT_CHILD_ENTERS, plan.child_enters)
    helps = _helps(plan)
    _teams(P, plan, attending, helps)
    P.table(L.AT_GATE, np.stack([plan.gates["at"], plan.gates["count"], _bits(plan.gates["question"])], axis=1))
    P.table(L.AT_MEETING, _columns(plan.meetings, "time", "quota"))
    _clocks(P, plan)
    P.table(L.AT_TEAM_OF, plan.team_of)
    P.table(L.AT_REFORM, _columns(plan.reforms, "since", "role", "measure", "least"))
    first_running = np.searchsorted(running["case"], np.arange(len(cases)))
    stood = np.where(cases["filed"] < cases["arrived"], first_running, NONE)
    P.table(L.AT_DOOR, np.stack([
        *(cases[name].astype(np.int64) for name in ("arrived", "filed", "since", "ordinal")), _bits(cases["address"]),
        *(cases[name].astype(np.int64) for name in (
            "origin", "field", "home", "handler", "kind", "priority", "severity", "moved", "giver", "reform", "enters",
            "credit", "offence",
        )), stood,
    ], axis=1))  # fmt: skip
    P.table(L.AT_RUNNING, _columns(running, "case", "clock", "started"))
    for where, value in (
        (L.N_STAGES, len(plan.names.stages)), (L.N_OUTCOMES_AT, plan.outcomes_at), (L.N_TEAMS, len(plan.teams)),
        (L.N_GATES, len(plan.gates)), (L.N_DOOR, len(cases)), (L.N_FIELDS, len(plan.names.fields)),
        (L.N_PLACES, len(plan.names.jurisdictions)), (L.N_REFORMS, len(plan.reforms)), (L.N_RUNNING, len(running)),
        (L.HORIZON, plan.horizon), (L.LINES_END, int((stages["limit"] != NONE).any())),
        (L.HANDS, 1 + int(stages["also_count"].max(initial=0))),
    ):  # fmt: skip
        header[where] = value
    header[L.CASE_W] = L.CASE_FIXED + 6 * header[L.HANDS]
    at = 0
    for where, numbers in (
        (L.F_LENGTH, np.stack([plan.lengths[c] for c in "abc"], axis=1)),
        (L.F_ROSTER, np.array([speed for roster in attending.rosters for *_, speed in roster])),
        (L.F_PRESSURE, np.stack([plan.pressure["waiting_each"], plan.pressure["speed"]], axis=1)),
        (L.F_REFORM, np.stack([plan.reforms[c] for c in _OF_REFORMS], axis=1)),
        (L.F_EXTENSION, plan.extensions["granted"]), (L.F_CHILD, plan.children["share"]), (L.F_TRAVEL, plan.travel),
        (L.F_GATE, plan.gates["held"]),
    ):  # fmt: skip
        flat = np.asarray(numbers, dtype=np.float64).reshape(-1)
        header[where] = at
        at += len(flat)
        X.append(flat)
    laid = P.whole()
    return _world(plan, replication, laid, np.concatenate([*X, np.zeros(1)]), attending)


def _helps(plan: Plan) -> list[list[int]]:
    """For each team the teams whose work it lends officers to, as the reference engine finds them."""
    helps: list[list[int]] = [[] for _ in range(len(plan.teams))]
    for at in plan.stages:
        for role, _ in plan.also[at["also_at"] : at["also_at"] + at["also_count"]].tolist():
            for teams, firsts in zip(plan.team_of[role].tolist(), plan.team_of[at["role"]].tolist(), strict=True):
                for team, first in zip(teams, firsts, strict=True):
                    if NONE not in (team, first) and first not in helps[team]:
                        helps[team].append(first)
    return helps


def _teams(P: _Laid, plan: Plan, attending: Attendance, helps: list[list[int]]) -> None:
    roster_at = np.cumsum([0, *(len(roster) for roster in attending.rosters)])
    helps_at = np.cumsum([0, *(len(others) for others in helps)])
    P.table(L.AT_ROSTER, [(second, officers) for roster in attending.rosters for second, officers, _ in roster])
    P.table(L.AT_POST, _columns(plan.roster, "time", "officers"))
    P.table(L.AT_HELPS, [first for others in helps for first in others])
    rows = []
    for number, team in enumerate(plan.teams):
        rows.append((
            team["calendar"], team["at_close"], team["skips"], team["new_team"], team["sheds"], team["preempts"],
            team["duty"], int(_bits(np.array([team["question"]]))[0]), roster_at[number],
            len(attending.rosters[number]), team["roster_at"], team["roster_count"], team["pressure_at"],
            team["pressure_count"], helps_at[number], len(helps[number]),
            team["role"], team["jurisdiction"],
        ))  # fmt: skip
    P.table(L.AT_TEAM, rows)


def _clocks(P: _Laid, plan: Plan) -> None:
    clocks = plan.clocks
    lists: list[int] = []

    def listed(numbers: Iterable[int]) -> tuple[int, int]:
        numbers = list(numbers)
        lists.extend(numbers)
        return len(lists) - len(numbers), len(numbers)

    names = list(zip(clocks["procedure"].tolist(), clocks["name"].tolist(), strict=True))
    rows = []
    for number, clock in enumerate(clocks):
        versions = listed(n for n, name in enumerate(names) if name == names[number])
        rows.append((
            clock["limit"], clock["counts"], clock["rolls"], clock["calendar"], clock["since"], clock["until"],
            clock["extensions_at"], clock["extensions_count"], clock["lapses_to"],
            int(_bits(np.array([clock["question"]]))[0]), *versions,
        ))  # fmt: skip
    P.table(L.AT_CLOCK, rows)
    P.table(L.AT_EXTENSION, plan.extensions["days"])
    moments = np.zeros((plan.outcomes_at, len(What), L.MOMENT_W), dtype=np.int64)
    for column, which in ((0, "stop"), (2, "start")):
        found: dict[tuple[int, int], list[int]] = {}
        for number, clock in enumerate(clocks):
            found.setdefault((int(clock[f"{which}_stage"]), int(clock[f"{which}_what"])), []).append(number)
        for (stage, what), numbers in found.items():
            moments[stage, what, column : column + 2] = listed(numbers)
    P.table(L.AT_MOMENT, moments)
    still = np.zeros((plan.outcomes_at, L.STILL_W), dtype=np.int64)
    standing: dict[int, list[int]] = {}
    for number, clock in enumerate(clocks):
        at, count = int(clock["suspended_at"]), int(clock["suspended_count"])
        for stage in plan.suspended[at : at + count].tolist():
            standing.setdefault(stage, []).append(number)
    for stage, numbers in standing.items():
        still[stage] = listed(numbers)
    P.table(L.AT_STILL, still)
    P.table(L.AT_CLOCKS, lists)


def _world(plan: Plan, replication: int, P: Ints, X: np.ndarray, attending: Attendance) -> World:
    teams, gates = len(plan.teams), len(plan.gates)
    S = _Laid(L.STATE)
    state = np.zeros((teams, L.TEAM_STATE_W), dtype=np.int64)
    state[:, L.TS_OFFICERS] = [roster[0][1] for roster in attending.rosters]
    state[:, L.TS_RULE] = plan.teams["rule"]
    state[:, L.TS_WAKES_AT], state[:, L.TS_SERVICES] = -1, -1
    S.table(L.S_TEAM, state)
    S.table(L.S_STIRRED, np.zeros(teams))
    S.table(L.S_LINE, np.full(((teams + gates), 2), -1))
    S.table(L.S_MEETING, np.zeros(gates))
    cells = len(plan.reforms) * len(plan.names.jurisdictions)
    for where in (L.S_CAME, L.S_OPEN, L.S_LATE, L.S_RECALLED):
        S.table(where, np.zeros(cells))
    S.table(L.S_RETURNED, np.zeros(P[L.N_DOOR]))
    S.header[L.NUMBER] = P[L.N_DOOR]
    for where in (L.FREE_CASE, L.CLOSED_CASE, L.FREE_NODE, L.EXPECTED):
        S.header[where] = -1
    empty: dict[str, Any] = {
        "C": np.zeros((0, int(P[L.CASE_W])), np.int64), "F": np.zeros((0, 1)), "N": np.zeros((0, L.NODE_W), np.int64),
        "HT": np.zeros(0, np.int64), "HP": np.zeros((0, 2), np.int64), "Q": np.zeros((0, 2), np.int64),
        "LT": np.zeros((0, 2), np.int64), "LR": np.zeros((0, 3), np.int32), "B": np.zeros((0, L.BORN_W), np.int64),
        "Z": np.zeros(0, np.int64),
    }  # fmt: skip
    falls = plan.ways["falls"]
    return World(
        P=P, X=X, K=np.array(round_keys(plan.seed, replication), dtype=np.uint64), S=S.whole(),
        TF=np.array([roster[0][2] for roster in attending.rosters]), TAIL=np.concatenate([plan.tail, np.zeros(1)]),
        YC=np.ascontiguousarray(plan.ways["cumulated"]), YV=plan.ways["value"].astype(np.int64),
        YT=plan.ways["to"].astype(np.int64),
        YF=(falls[None, :] >> np.arange(len(plan.reforms))[:, None] & 1).astype(np.bool_),
        **_hours(plan.work_tables), **_days(plan.day_tables), **empty,
    )  # fmt: skip


def _hours(tables: tuple[WorkTable, ...]) -> dict[str, Any]:
    at = np.cumsum([0, *(len(table.opens) for table in tables)])
    rows = [(at[n], len(table.opens), table.covers, table._longest) for n, table in enumerate(tables)]
    return {
        "WT": np.array(rows, dtype=np.int64), "WO": np.concatenate([table.opens for table in tables]),
        "WC": np.concatenate([table.closes for table in tables]),
        "WB": np.concatenate([table._sums for table in tables]),
    }  # fmt: skip


def _days(tables: tuple[DayTable, ...]) -> dict[str, Any]:
    at = np.cumsum([0, *(len(table.flags) for table in tables)])
    days_at = np.cumsum([0, *(len(table._days) for table in tables)])
    rows = [
        (at[n], len(table.flags), table.back, days_at[n], len(table._days), table.first.toordinal() - EPOCH)
        for n, table in enumerate(tables)
    ]
    return {
        "DT": np.array(rows, dtype=np.int64), "DB": np.concatenate([table._before_array for table in tables]),
        "DD": np.concatenate([table._days_array for table in tables]),
    }  # fmt: skip
