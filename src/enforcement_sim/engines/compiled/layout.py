"""Where everything lies: the kernel knows arrays and column numbers, no names and no objects.

`P` holds the plan's whole numbers as tables laid end to end: P[X_TABLE] is where a table begins, a row has X_WIDTH
numbers. `X` holds its broken numbers. `S` holds what changes in number-free places (counters, teams, gates), `C` a row
for each open case, `N` small nodes in chains (visits of stages, running clocks, children that are about to begin).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class World(NamedTuple):
    """All arrays of one run; those behind `S` grow."""

    P: Ints
    X: npt.NDArray[np.float64]
    K: npt.NDArray[np.uint64]  # ten pairs of round keys
    S: Ints
    C: Ints
    F: npt.NDArray[np.float64]  # speed at which a case is worked on
    TF: npt.NDArray[np.float64]  # speed of each team
    N: Ints
    HT: Ints  # heap of what will happen: second * 4 + phase
    HP: Ints  # what happens, to which case
    Q: Ints  # what happens next in this very second
    LT: Ints  # log: second, case
    LR: npt.NDArray[np.int32]  # log: what, stage, team
    B: Ints  # children born
    Z: Ints  # room to sort in
    TAIL: npt.NDArray[np.float64]
    YC: npt.NDArray[np.float64]  # ways out: cumulated share, value, stage, and whether moved cases go there more often
    YV: Ints
    YT: Ints
    YF: npt.NDArray[np.bool_]
    WT: Ints  # office hours and days of the law, as in hours.py
    WO: Ints
    WC: Ints
    WB: Ints
    DT: Ints
    DB: Ints
    DD: Ints


# --- where tables begin: the first numbers of P
(
    AT_STAGE, AT_LENGTH, AT_ALSO, AT_CHILD, AT_CHILD_ENTERS, AT_CHANGE, AT_TEAM, AT_ROSTER, AT_POST, AT_GATE,
    AT_MEETING, AT_CLOCK, AT_EXTENSION, AT_MOMENT, AT_STILL, AT_CLOCKS, AT_TEAM_OF, AT_HELPS,
    AT_REFORM, AT_DOOR, AT_RUNNING,
    F_LENGTH, F_ROSTER, F_PRESSURE, F_REFORM, F_EXTENSION, F_CHILD, F_TRAVEL, F_GATE,
    N_STAGES, N_OUTCOMES_AT, N_TEAMS, N_GATES, N_DOOR, N_FIELDS, N_PLACES, N_REFORMS, N_RUNNING,
    HORIZON, LINES_END, HANDS, CASE_W,
    HEADER,
) = range(43)  # fmt: skip

# --- rows of P
(
    OP, ROLE, OFFICERS, OFFICERS_LENGTH, ALSO_AT, ALSO_N, LENGTH, DAYS, CALENDAR, ROLLS, PRIORITY, PATIENCE, GIVE_UP,
    LIMIT, FULL, BLOCKS, SKILLS, ON_SITE, BY, WAYS_AT, WAYS_N, GATE, CHILDREN_AT, CHILDREN_N, JOINS,
    CHANGES_AT, CHANGES_N, ASKED, STAGE_W,
) = range(29)  # fmt: skip
LENGTH_W = 4  # family, first of the tail, count, width
CHANGE_W = 3  # since, by filing, row
CHILD_W = 2  # kind, asked
REFORM_W = 4  # since, role, measure, least number of cases; and of X: extra time, half-life, more reversals, limit
GATE_W = 3  # first meeting, number of meetings, asked
MEETING_W = 2  # second, quota
(
    T_CALENDAR, T_AT_CLOSE, T_SKIPS, T_NEW_TEAM, T_SHEDS, T_PREEMPTS, T_DUTY, T_ASKED, T_ROSTER_AT, T_ROSTER_N,
    T_POST_AT, T_POST_N, T_PRESSURE_AT, T_PRESSURE_N, T_HELPS_AT, T_HELPS_N, T_ROLE, T_PLACE, TEAM_W,
) = range(19)  # fmt: skip
(
    K_LIMIT, K_COUNTS, K_ROLLS, K_CALENDAR, K_SINCE, K_UNTIL, K_EXT_AT, K_EXT_N, K_LAPSES_TO, K_ASKED, K_VERSIONS_AT,
    K_VERSIONS_N, CLOCK_W,
) = range(13)  # fmt: skip
MOMENT_W = 4  # for each stage and kind of row: first and number of clocks that it stops, and that it starts
STILL_W = 2  # for each stage: first and number of clocks that stand still in it
(
    D_ARRIVED, D_FILED, D_SINCE, D_ORDINAL, D_ADDRESS, D_ORIGIN, D_FIELD, D_HOME, D_HANDLER, D_KIND, D_PRIORITY,
    D_SEVERITY, D_MOVED, D_GIVER, D_REFORM, D_ENTERS, D_CREDIT, D_OFFENCE, D_RUNNING, DOOR_W,
) = range(20)  # fmt: skip

# --- the first numbers of S: counters, then where its tables begin
(
    NOW, DOOR, NUMBER, LOG_N, HEAP_N, Q_HEAD, Q_TAIL, FREE_CASE, CLOSED_CASE, FREE_NODE, EXPECTED, EXPECTED_N, BORN_N,
    STIRRED_N, PASS, FREE_CASES, FREE_NODES, MEETINGS,
    S_TEAM, S_STIRRED, S_LINE, S_MEETING, S_CAME, S_OPEN, S_LATE, S_RECALLED, S_RETURNED,
    STATE,
) = range(28)  # fmt: skip
(
    TS_OFFICERS, TS_BUSY, TS_SHIFT, TS_RULE, TS_WAKES_AT, TS_STIRRED, TS_SERVICES, TS_WAITING, TS_DUTIES, TEAM_STATE_W,
) = range(10)  # fmt: skip
LINE_W = 2  # first and last case in a line; lines of teams, then of gates

# --- columns of C
(
    C_NUMBER, C_LIFE, C_FILED, C_SINCE, C_ADDRESS, C_ORDINAL, C_ORIGIN, C_FIELD, C_HOME, C_HANDLER, C_KIND, C_PRIORITY,
    C_SEVERITY, C_MOVED, C_GIVER, C_REFORM, C_CREDIT, C_OFFENCE, C_ROOT, C_PARENT, C_PARENT_LIFE, C_JOIN_GEN,
    C_IS_CHILD, C_STAGE, C_ROW, C_VISIT, C_VISITS, C_RUNS, C_BELL, C_LAPSES_TO, C_OUTCOME, C_LAST_T, C_LAST_N, C_LATE,
    C_RUNNING, C_GEN, C_SERVICE_GEN, C_STAY, C_KIDS, C_LINE, C_TEAM, C_TOLD, C_WORKERS, C_DUE, C_BY_RULE, C_NEXT,
    C_PREV, C_PASS, C_END, C_LEFT, C_S_NEXT, C_S_PREV, C_HANDS, C_HELD, CASE_FIXED,
) = range(55)  # fmt: skip
"""Behind these stand HANDS triples (team, officers, shift) of the officers at work, and as many that are held."""

NOWHERE, IN_LINE, IN_WAIT, IN_MEETING, IN_FORK, IN_SERVICE = range(6)
"""C_STAY: where a case stands; in the first and the last nothing else can end its stay."""

# --- nodes, in chains by their last column
NODE_W, NEXT = 10, 9
V_KEY, V_COUNT = 0, 1  # visits of a stage, or starts of a clock
R_CLOCK, R_STARTED, R_STILL, R_AWAY, R_MORE, R_EXTENDED, R_DUE, R_RAN_OUT = range(8)  # clocks that run
E_PARENT, E_CHILD, E_ADDRESS, E_GEN, E_NUMBER, E_LIFE = range(6)  # children that are about to begin

# --- what happens
END_WORK, END_WAIT, GIVES_UP, BELL, WAKE, ROSTER, MEET, QUEUE_RULE, DUTY_DONE, EVALUATE = range(10)
LEAVE, START, BREAK, TAKE_UP = range(4)
SERVED, TURNED = -2, 5  # answers: served, or the kind of row that tells how a stay was left
NORMAL, RINGS, AFTERWARDS = 0, 1, 3
BORN_W = 9  # parent's number, root, arrived, enters, kind, address, handler, moved, reform

# --- why the kernel came back
DONE, MORE_LOG, MORE_CASES, MORE_NODES, MORE_HEAP, MORE_BORN, GRIDLOCK = range(7)
