"""Where everything lies: the kernel knows arrays of numbers and their columns, no names and no objects.

All arrays have one dimension. `P` holds the plan's whole numbers as tables laid end to end: P[AT_TABLE] is where a
table begins, and a row has so many numbers as its width says. `X` holds its broken numbers. `D` has a row for each case
that comes through the door, `S` what changes beside the cases (counters, teams, lines), `C` a row for each open case,
`N` small nodes in chains. A case, a node or a team is known by where its row begins, not by a count of rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class World(NamedTuple):
    """All arrays of one run."""

    P: Ints
    X: Floats
    K: npt.NDArray[np.uint64]  # ten pairs of round keys
    D: Ints
    YC: Floats  # ways out: cumulated share, value, stage, and bits of reforms whose moved cases go there more often
    YV: Ints
    YT: Ints
    YF: Ints
    S: Ints
    C: Ints  # from here on they grow
    N: Ints
    H: Ints  # heap of what will happen: second * 4 + phase, what, to which generation
    Q: Ints  # what happens next in this very second
    T: Ints  # log: second, case, and the rest in one number
    B: Ints  # children born
    Z: Ints  # heap of children that are about to begin


# --- where tables begin: the first numbers of P
(
    AT_STAGE, AT_LENGTH, AT_ALSO, AT_CHILD, AT_CHILD_ENTERS, AT_CHANGE, AT_TEAM, AT_ROSTER, AT_POST, AT_GATE,
    AT_MEETING, AT_CLOCK, AT_EXTENSION, AT_MOMENT, AT_STILL, AT_CLOCKS, AT_TEAM_OF, AT_HELPS, AT_REFORM, AT_RUNNING,
    AT_HOURS, AT_DAYS, AT_HOUR_TABLES, AT_DAY_TABLES, AT_PERSON, AT_OWN_LENGTH, AT_ASSIGN,
    F_LENGTH, F_TEAM, F_ROSTER, F_PRESSURE, F_REFORM, F_EXTENSION, F_CHILD, F_TRAVEL, F_GATE, F_PERSON, F_TAIL,
    N_STAGES, N_OUTCOMES_AT, N_TEAMS, N_GATES, N_DOOR, N_FIELDS, N_PLACES, N_REFORMS, N_RUNNING,
    HORIZON, HANDS, HAND_W, AT_HANDS, AT_HELD, CASE_W,
    HEADER,
) = range(54)  # fmt: skip

# --- rows of P
(
    OP, ROLE, OFFICERS, OFFICERS_LENGTH, ALSO_AT, ALSO_N, LENGTH, DAYS, CALENDAR, ROLLS, PRIORITY, PATIENCE, GIVE_UP,
    LIMIT, FULL, BLOCKS, SKILLS, ON_SITE, BY, WAYS_AT, WAYS_N, GATE, CHILDREN_AT, CHILDREN_N, JOINS,
    CHANGES_AT, CHANGES_N, ASKED, STAGE_W,
) = range(29)  # fmt: skip
LENGTH_W = 4  # family, first of the tail, count, width; and of X: a, b, c
CHANGE_W = 3  # since, by filing, row
CHILD_W = 2  # kind, asked
REFORM_W = 4  # since, role, measure, least number of cases; and of X: extra time, half-life, more reversals, limit
GATE_W = 3  # first meeting, number of meetings, asked
MEETING_W = 2  # second, quota
(
    T_HOURS, T_AT_CLOSE, T_SKIPS, T_NEW_TEAM, T_SHEDS, T_PREEMPTS, T_DUTY, T_ASKED, T_ROSTER_AT, T_ROSTER_N,
    T_POST_AT, T_POST_N, T_PRESSURE_AT, T_PRESSURE_N, T_HELPS_AT, T_HELPS_N, T_ROLE, T_PLACE, T_LEAST,
    T_NAMED, T_DRAWS, T_PEOPLE_AT, T_PEOPLE_N, TEAM_W,
) = range(24)  # fmt: skip
"""T_LEAST: no stage asks for fewer of the team's officers. And of X: speed of now, extra time and half-life of new
officers."""
TEAM_XW = 3
(PE_HOURS, PE_UNTIL, PE_SKILLS, PE_ASKED, PE_HIRED, PE_LENGTHS_AT, PE_LENGTHS_N, PERSON_W) = range(8)
(
    K_LIMIT, K_COUNTS, K_ROLLS, K_DAYS, K_SINCE, K_UNTIL, K_EXT_AT, K_EXT_N, K_LAPSES_TO, K_ASKED, K_VERSIONS_AT,
    K_VERSIONS_N, CLOCK_W,
) = range(13)  # fmt: skip
MOMENT_W = 5  # for each stage and kind of row: clocks that it stops, that it starts (first, number), if any move
STILL_W = 2  # for each stage: first and number of clocks that stand still in it
HOURS_W = 6  # openings, intervals, closings, seconds worked before, longest interval, intervals opened before each day
DAYS_W = 6  # working days before each day, days, days before day 0, working days, how many, date of day 0
(
    D_ARRIVED, D_FILED, D_SINCE, D_STREAM, D_ORDINAL, D_ADDRESS, D_ORIGIN, D_FIELD, D_HOME, D_HANDLER, D_KIND,
    D_PRIORITY, D_SEVERITY, D_MOVED, D_GIVER, D_REFORM, D_PARENT, D_ENTERS, D_ENTITY, D_CREDIT, D_OFFENCE, DOOR_W,
) = range(22)  # fmt: skip
"""Columns of plan.tables.CASE."""

# --- the first numbers of S: counters, then where its tables begin
(
    NOW, DOOR, NUMBER, LOG_N, HEAP_N, Q_HEAD, Q_TAIL, FREE_CASE, CLOSED_CASE, FREE_NODE, EXPECTED_N, EXPECTED_EVER,
    STANDING, BORN_N, STIRRED_N, PASS, FREE_CASES, FREE_NODES, MEETINGS, TOLD, MOST_AT_ONCE,
    ROOM_LOG, ROOM_HEAP, ROOM_BORN, ROOM_Z,
    STUCK_CASE, STUCK_TEAM, STUCK_NEEDED, STUCK_MOST,
    S_TEAM, S_STIRRED, S_LINE, S_MEETING, S_CAME, S_OPEN, S_LATE, S_RECALLED, S_RETURNED, S_STANDING, S_PERSON, S_ABLE,
    STATE,
) = range(42)  # fmt: skip
(
    TS_OFFICERS, TS_BUSY, TS_SHIFT, TS_RULE, TS_WAKES_AT, TS_STIRRED, TS_SERVICES, TS_WAITING, TS_LIMITED, TS_DUTIES,
    TS_KEEPS, TS_BY_LOT, TS_CAP, TEAM_STATE_W,
) = range(14)  # fmt: skip
L_ROOT, L_FIRST, L_LAST, LINE_W = range(4)  # lines of teams, then of gates
PS_BUSY, PS_FILES, PERSON_STATE_W = range(3)
ABLE_W = 2  # an officer, and what he or she is sorted by

# --- columns of C, those that one step needs together side by side
(
    C_NUMBER, C_CLASS, C_BY_RULE, C_SINCE, C_UP, C_BEFORE, C_BEHIND, C_PASS,
    C_LIFE, C_GEN, C_STAY, C_STAGE, C_ROW, C_TEAM, C_WORKERS, C_SPEED,
    C_ADDRESS, C_ORDINAL, C_VISIT, C_FIELD, C_HANDLER, C_RUNS, C_BELL, C_TOLD,
    C_FILED, C_KIND, C_ORIGIN, C_PRIORITY, C_MOVED, C_REFORM, C_LAPSES_TO, C_SERVICE_GEN,
    C_LINE, C_HANDS, C_HELD, C_LEFT, C_END, C_S_NEXT, C_S_PREV, C_DUE,
    C_HOME, C_SEVERITY, C_GIVER, C_CREDIT, C_OFFENCE, C_OUTCOME, C_LATE, C_RUNNING,
    C_ROOT, C_PARENT, C_PARENT_LIFE, C_JOIN_GEN, C_IS_CHILD, C_KIDS, C_LAST_T, C_LAST_N,
    C_NEXT, C_VISITS, C_OWNER, C_OWNERS, C_KEEPS, C_JUST_T, C_JUST_N, C_JUST_OUTCOME,
    CASE_FIXED,
) = range(65)  # fmt: skip
NEEDED_FIRST = C_HOME
"""Most steps need columns before this one only.

Behind these stand the bits of the stages and clocks that a case has been told of, then hands at work and as many
that are held."""
BITS = 32  # in one number; all 64 would have a sign
H_TEAM, H_OFFICERS, H_SHIFT, H_PEOPLE = range(4)
"""A hand: officers of one team, in teams with names the numbers of these behind."""

NOWHERE, IN_LINE, IN_WAIT, IN_MEETING, IN_FORK, IN_SERVICE = range(6)
"""C_STAY: where a case stands; in the first and the last nothing else can end its stay."""

# --- nodes, in chains by their last column
NODE_W, NEXT = 10, 9
V_KEY, V_COUNT = 0, 1  # visits of a stage, or starts of a clock, from the second on; owners by team
R_CLOCK, R_STARTED, R_STILL, R_AWAY, R_MORE, R_EXTENDED, R_DUE, R_RAN_OUT = range(8)  # clocks that run
E_PARENT, E_CHILD, E_ADDRESS, E_GEN, E_NUMBER, E_LIFE = range(6)  # children that are about to begin

MOST_EXPECTED = 1 << 24  # in one instant

# --- what happens
HEAP_W, QUEUE_W, LOG_W = 3, 2, 3
END_WORK, END_WAIT, GIVES_UP, BELL, WAKE, ROSTER, MEET, QUEUE_RULE, DUTY_DONE, EVALUATE, ASSIGN, LAPSE = range(12)
LEAVE, START, BREAK, TAKE_UP = range(4)
SERVED, TURNED = -2, 5  # answers: served, or the kind of row that tells how a stay was left
NORMAL, RINGS, LAPSES, AFTERWARDS = range(4)
BORN_W = 9  # parent's number, root, arrived, enters, kind, address, handler, moved, reform

# --- why the kernel came back
DONE, LOG_FULL, MORE_CASES, MORE_NODES, MORE_HEAP, MORE_BORN, GRIDLOCK, STANDSTILL = range(8)
