"""A plan and one replication of it as the arrays that the kernel knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...decisions.dice import round_keys
from ...plan.attendance import Attendance
from ...plan.tables import Plan, Records
from ...records import NONE, What
from . import layout as L
from .beginning import first_state
from .laying import Broken, Laid, bits, broken_columns, columns, day_tables, hour_tables
from .layout import Ints, World

MOVES = [What.ENTERED, What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED]
"""What lets a clock stand still or go on in the stages that suspend it."""


def board(plan: Plan, replication: int, cases: Records, running: Records, attending: Attendance) -> World:
    """The arrays of one replication before anything has happened."""
    P, X = Laid(L.HEADER), Broken()
    header = P.header
    days = day_tables(P, plan.day_tables)
    hours = hour_tables(P, (*plan.work_tables, *attending.hours))
    _stages(P, plan, days)
    _teams(P, plan, attending, hours)
    _people(P, plan, attending, hours[len(plan.work_tables) :])
    P.table(L.AT_GATE, np.stack([plan.gates["at"], plan.gates["count"], bits(plan.gates["question"])], axis=1))
    P.table(L.AT_MEETING, columns(plan.meetings, "time", "quota"))
    _clocks(P, plan, days)
    P.table(L.AT_TEAM_OF, plan.team_of)
    P.table(L.AT_REFORM, columns(plan.reforms, "since", "role", "measure", "least"))
    P.table(L.AT_RUNNING, columns(running, "case", "clock", "started"))
    lengths = np.stack([plan.lengths[c] for c in "abc"], axis=1)
    learning = broken_columns(plan.teams, "new_extra", "new_half_life")
    speeds = np.array([[roster[0][2]] for roster in attending.rosters]).reshape(-1, 1)
    for where, numbers in (
        (L.F_LENGTH, lengths), (L.F_TEAM, np.concatenate([speeds, learning], axis=1)),
        (L.F_ROSTER, [speed for roster in attending.rosters for *_, speed in roster]),
        (L.F_PRESSURE, broken_columns(plan.pressure, "waiting_each", "speed")),
        (L.F_REFORM, broken_columns(plan.reforms, "learning_extra", "learning_half_life", "reversal_extra", "above")),
        (L.F_EXTENSION, plan.extensions["granted"]), (L.F_CHILD, plan.children["share"]), (L.F_TRAVEL, plan.travel),
        (L.F_GATE, plan.gates["held"]), (L.F_PERSON, plan.people["speed"]),
    ):  # fmt: skip
        header[where] = X.rows(numbers)
    tail = X.rows(plan.tail)
    rows = columns(plan.lengths, "family", "at", "count", "width")
    rows[:, 1] += tail
    P.table(L.AT_LENGTH, rows)
    for where, value in (
        (L.N_STAGES, len(plan.names.stages)), (L.N_OUTCOMES_AT, plan.outcomes_at), (L.N_TEAMS, len(plan.teams)),
        (L.N_GATES, len(plan.gates)), (L.N_DOOR, len(cases)), (L.N_FIELDS, len(plan.names.fields)),
        (L.N_PLACES, len(plan.names.jurisdictions)), (L.N_REFORMS, len(plan.reforms)), (L.N_RUNNING, len(running)),
        (L.HORIZON, plan.horizon),
    ):  # fmt: skip
        header[where] = value
    _widths(header, plan)
    laid = P.whole()
    ways = plan.ways
    empty: dict[str, Any] = dict.fromkeys(("C", "N", "H", "Q", "T", "B", "Z"), np.zeros(0, np.int64))
    return World(
        P=laid, X=X.whole(), K=np.array(round_keys(plan.seed, replication), dtype=np.uint64).reshape(-1),
        D=cases.view(np.int64), YC=np.append(ways["cumulated"], 0.0), YV=np.append(ways["value"], 0).astype(np.int64),
        YT=np.append(ways["to"], 0).astype(np.int64), YF=np.append(ways["falls"], 0).astype(np.int64),
        S=first_state(plan, laid, attending), **empty,
    )  # fmt: skip


def _widths(header: Ints, plan: Plan) -> None:
    """How much room a case needs: for what it has been told of, and for the hands that work on it."""
    named = plan.teams[plan.teams["named"] != 0]
    hands = 1 + max(int(rows["also_count"].max(initial=0)) for rows in (plan.stages, plan.later))
    told = len(plan.names.stages) + len(plan.clocks)
    header[L.HANDS], header[L.HAND_W] = hands, L.H_PEOPLE + int(named["people_count"].max(initial=0))
    header[L.AT_HANDS] = L.CASE_FIXED + -(-told // L.BITS)
    header[L.AT_HELD] = header[L.AT_HANDS] + hands * header[L.HAND_W]
    header[L.CASE_W] = -(-(header[L.AT_HELD] + hands * header[L.HAND_W]) // 8) * 8


def _stages(P: Laid, plan: Plan, days: Ints) -> None:
    stages = np.concatenate([plan.stages, plan.later])
    rows = columns(
        stages, "op", "role", "officers", "officers_length", "also_at", "also_count", "length", "days", "calendar",
        "rolls", "priority", "patience", "give_up", "limit", "full", "blocks", "skills", "on_site", "by", "ways_at",
        "ways_count", "gate", "children_at", "children_count", "joins", "changes_at", "changes_count",
    )  # fmt: skip
    waits_in_days = rows[:, L.DAYS] != 0
    rows[waits_in_days, L.CALENDAR] = days[rows[waits_in_days, L.CALENDAR]]
    P.table(L.AT_STAGE, np.concatenate([rows, bits(stages["question"])[:, None]], axis=1))
    changes = [(since, by_filing, len(plan.stages) + row) for since, by_filing, row in plan.changes.tolist()]
    P.table(L.AT_CHANGE, changes)
    P.table(L.AT_ALSO, columns(plan.also, "role", "officers"))
    P.table(L.AT_CHILD, np.stack([plan.children["kind"].astype(np.int64), bits(plan.children["question"])], axis=1))
    P.table(L.AT_CHILD_ENTERS, plan.child_enters)


def _helps(plan: Plan) -> list[list[int]]:
    """For each team the teams whose work it lends officers to, as the reference engine finds them."""
    helps: list[list[int]] = [[] for _ in range(len(plan.teams))]
    for at in np.concatenate([plan.stages, plan.later]):
        for role, _ in plan.also[at["also_at"] : at["also_at"] + at["also_count"]].tolist():
            for teams, firsts in zip(plan.team_of[role].tolist(), plan.team_of[at["role"]].tolist(), strict=True):
                for team, first in zip(teams, firsts, strict=True):
                    if NONE not in (team, first) and first not in helps[team]:
                        helps[team].append(first)
    return helps


def _teams(P: Laid, plan: Plan, attending: Attendance, hours: Ints) -> None:
    helps = _helps(plan)
    roster_at = np.cumsum([0, *(len(roster) for roster in attending.rosters)])
    helps_at = np.cumsum([0, *(len(others) for others in helps)])
    least = np.full(len(plan.names.roles) + 1, 1 << 30)
    for rows in (plan.stages, plan.later):
        np.minimum.at(least, rows["role"], np.maximum(rows["officers"], 1))
    P.table(L.AT_ROSTER, [(second, officers) for roster in attending.rosters for second, officers, _ in roster])
    P.table(L.AT_POST, columns(plan.roster, "time", "officers"))
    P.table(L.AT_HELPS, [first for others in helps for first in others])
    P.table(L.AT_TEAM, [
        (
            hours[team["calendar"]], team["at_close"], team["skips"], team["new_team"], team["sheds"], team["preempts"],
            team["duty"], int(bits(np.array([team["question"]]))[0]), roster_at[number],
            len(attending.rosters[number]), team["roster_at"], team["roster_count"], team["pressure_at"],
            team["pressure_count"], helps_at[number], len(helps[number]), team["role"], team["jurisdiction"],
            least[team["role"]], team["named"], team["draws"], team["people_at"], team["people_count"],
        )
        for number, team in enumerate(plan.teams)
    ])  # fmt: skip
    P.table(L.AT_ASSIGN, columns(plan.assignment_changes, "keeps", "by_lot", "cap"))


def _people(P: Laid, plan: Plan, attending: Attendance, hours: Ints) -> None:
    P.table(L.AT_OWN_LENGTH, columns(plan.person_lengths, "stage", "length"))
    P.table(L.AT_PERSON, [
        (
            hours[who], attending.until[who], row["skills"], int(bits(np.array([row["question"]]))[0]),
            attending.hired[who], row["lengths_at"], row["lengths_count"],
        )
        for who, row in enumerate(plan.people)
    ])  # fmt: skip


def _clocks(P: Laid, plan: Plan, days: Ints) -> None:
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
            clock["limit"], clock["counts"], clock["rolls"], days[clock["calendar"]], clock["since"], clock["until"],
            clock["extensions_at"], clock["extensions_count"], clock["lapses_to"],
            int(bits(np.array([clock["question"]]))[0]), *versions,
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
    still = np.zeros((plan.outcomes_at, L.STILL_W), dtype=np.int64)
    standing: dict[int, list[int]] = {}
    for number, clock in enumerate(clocks):
        at, count = int(clock["suspended_at"]), int(clock["suspended_count"])
        for stage in plan.suspended[at : at + count].tolist():
            standing.setdefault(stage, []).append(number)
    for stage, numbers in standing.items():
        still[stage] = listed(numbers)
    moments[:, :, 4] = (moments[:, :, 1] != 0) | (moments[:, :, 3] != 0)
    moments[:, MOVES, 4] |= still[:, 1:] != 0
    P.table(L.AT_MOMENT, moments)
    P.table(L.AT_STILL, still)
    P.table(L.AT_CLOCKS, lists)
