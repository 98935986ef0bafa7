"""A case from the door to the archive, in the kernel: `engines.reference` on arrays."""

from __future__ import annotations

from ...compiling.jit import njit
from ...records import NONE as _NONE
from ...records import Op
from . import layout as L
from .chance import block, signed, unit, whole_seconds
from .crew import forget, keep, recall_owner
from .effort import ANEW, ended_child, length_of, of_wait, of_work, stage_now, way_out
from .hours import NEVER
from .legal import (
    ARRIVED,
    BROKEN_OFF,
    CLOSED,
    ENDED,
    ENTERED,
    GAVE_UP,
    LAPSED,
    STARTED,
    TAKEN,
    close_clocks,
    earliest_due,
    happens,
)  # fmt: skip
from .memory import count, free_all, heap_push, node, note, push, soon
from .officers import hold, let_go, let_held_go
from .places import into_line, join, leave_line, out_of_line
from .service import closes_at, end_of, end_together, into_service, opens_at, out_of_service, redraws
from .teams import helper, helpers, stage_row, stir, team_of, team_row

NONE = int(_NONE)
WORK, WAIT, GATE, DECIDE, EXIT, FORK = (int(op) for op in Op)
SERVED = L.SERVED
WAITS, WORKERS = 2, 3
"""Which word of a visit's block answers what, beside duration and way out."""


@njit
def arrive(w, case):
    """A case is filed: with the place that a reform gives it to, or with the giver if powers were recalled."""
    P, C, S = w.P, w.C, w.S
    reform = C[case + L.C_REFORM]
    if reform != NONE and C[case + L.C_IS_CHILD] == 0:
        place = reform * P[L.N_PLACES] + C[case + L.C_HANDLER]
        if S[S[L.S_RECALLED] + place]:
            C[case + L.C_HANDLER], C[case + L.C_MOVED], C[case + L.C_REFORM] = C[case + L.C_GIVER], 0, NONE
            S[S[L.S_RETURNED] + C[case + L.C_NUMBER]] = 1
        else:
            S[S[L.S_CAME] + place] += 1
            S[S[L.S_OPEN] + place] += 1
    happens(w, case, ARRIVED, NONE, NONE)


@njit
def advance(w, case, stage):
    """Lead a case on from a stage until something keeps it."""
    P, C, S = w.P, w.C, w.S
    now = S[L.NOW]
    while True:
        row = stage_now(w, case, stage)
        s = P[L.AT_STAGE] + row * L.STAGE_W
        op = P[s + L.OP]
        if not P[s + L.BLOCKS]:
            let_held_go(w, case)
        if op == EXIT:
            _close(w, case, stage)
            return
        C[case + L.C_STAGE], C[case + L.C_ROW] = stage, row
        C[case + L.C_VISIT] = count(w, case, stage)
        if op == WORK:
            _in_line(w, case, s)
            return
        happens(w, case, ENTERED, stage, NONE)
        if op == WAIT:
            C[case + L.C_GEN] += 1
            C[case + L.C_STAY] = L.IN_WAIT
            push(w, now + of_wait(w, case, s, now), L.NORMAL, L.END_WAIT, case, C[case + L.C_GEN])
            return
        if op == GATE:
            C[case + L.C_GEN] += 1
            C[case + L.C_STAY] = L.IN_MEETING
            C[case + L.C_BY_RULE] = 0
            into_line(w, case, P[L.N_TEAMS] + P[s + L.GATE])
            return
        if op == FORK and _fork(w, case, s):
            return
        happens(w, case, ENDED, stage, NONE)
        stage = _next(w, case, NONE)


@njit
def _next(w, case, left):
    """Where a case goes that has left its stage."""
    C, now = w.C, w.S[L.NOW]
    C[case + L.C_SINCE] = now
    stage = way_out(w, case, now) if left == NONE else left
    if C[case + L.C_LAPSES_TO] != NONE:
        stage = C[case + L.C_LAPSES_TO]
        C[case + L.C_LAPSES_TO] = NONE
    return stage


@njit
def leave(w, case, answer):
    """The stay of a case is over; lead it on."""
    P, C = w.P, w.C
    stay = C[case + L.C_STAY]
    s = stage_row(w, case)
    left = NONE
    if P[s + L.OP] == WORK:
        team = C[case + L.C_TEAM]
        if stay == L.IN_LINE:
            leave_line(w, case)
        let_held_go(w, case)
        happens(w, case, answer, C[case + L.C_STAGE], team)
        left = P[s + L.GIVE_UP] if answer == GAVE_UP else P[s + L.FULL]
    else:
        if stay == L.IN_MEETING and answer != SERVED:
            out_of_line(w, case)
        # A fork whose last child closes in the second in which it lapses has lapsed, whichever is told first.
        lapsed = answer == LAPSED or C[case + L.C_LAPSES_TO] != NONE
        happens(w, case, LAPSED if lapsed else ENDED, C[case + L.C_STAGE], NONE)
    C[case + L.C_STAY] = L.NOWHERE
    C[case + L.C_GEN] += 1
    advance(w, case, _next(w, case, left))


@njit
def _in_line(w, case, s):
    """A place in a team's line."""
    P, C, S = w.P, w.C, w.S
    now, stage, visit = S[L.NOW], C[case + L.C_STAGE], C[case + L.C_VISIT]
    team = team_of(w, P[s + L.ROLE], C[case + L.C_FIELD], C[case + L.C_HANDLER])
    C[case + L.C_TEAM] = team
    happens(w, case, ENTERED, stage, team)
    workers = P[s + L.OFFICERS]
    if not workers:
        row = P[s + L.OFFICERS_LENGTH]
        workers = int(length_of(w, case, row, P[s + L.ASKED], visit, visit, 0, 0, WORKERS))
    C[case + L.C_WORKERS] = workers
    C[case + L.C_DUE] = earliest_due(w, case)
    if P[L.HAND_W] > L.H_PEOPLE:
        recall_owner(w, case, team)
    C[case + L.C_GEN] += 1
    C[case + L.C_LEFT] = NONE
    if P[s + L.PATIENCE] != NONE:
        patience = length_of(w, case, P[s + L.PATIENCE], P[s + L.ASKED], visit, visit, 0, 0, WAITS)
        stood = now - C[case + L.C_SINCE]
        seconds = max(0, whole_seconds(patience, 0) - stood)
        push(w, now + seconds, L.NORMAL, L.GIVES_UP, case, C[case + L.C_GEN])
    join(w, case, team)
    stir(w, team)


@njit
def start(w, case):
    """Work on a case starts, or goes on, which no clock counts as a start."""
    P, C, S = w.P, w.C, w.S
    now, team, stage = S[L.NOW], C[case + L.C_TEAM], C[case + L.C_STAGE]
    t = team_row(w, team)
    seconds = C[case + L.C_LEFT]
    if seconds != NONE:
        note(w, now, C[case + L.C_NUMBER], STARTED, stage, team)
    else:
        happens(w, case, STARTED, stage, team)
    if P[L.HAND_W] > L.H_PEOPLE:
        _names(w, case, stage, team)
    if seconds == NONE:
        seconds = of_work(w, case, C[case + L.C_VISIT], C[case + L.C_VISIT], 0, now)
    if P[t + L.T_NAMED]:
        end = end_together(w, case, team, now, seconds)
    elif redraws(w, team):
        end = _redrawn(w, case, team, now, seconds)
    else:
        end = end_of(w, team, now, seconds)
    C[case + L.C_STAY] = L.IN_SERVICE
    C[case + L.C_SERVICE_GEN] += 1
    if end == NEVER:
        return  # it ends behind all that the calendar covers, and so behind the horizon
    if P[t + L.T_PREEMPTS] or P[t + L.T_SHEDS]:
        C[case + L.C_END] = end
        into_service(w, case, team)
    push(w, end, L.NORMAL, L.END_WORK, case, C[case + L.C_SERVICE_GEN])


@njit
def _names(w, case, stage, team):
    """Write down which officers by name work on a case, and who of them keeps it."""
    P, C = w.P, w.C
    for nth in range(C[case + L.C_HANDS]):
        hand = case + P[L.AT_HANDS] + nth * P[L.HAND_W]
        if P[team_row(w, C[hand + L.H_TEAM]) + L.T_NAMED]:
            for i in range(C[hand + L.H_OFFICERS]):
                happens(w, case, TAKEN, stage, P[L.N_TEAMS] + C[hand + L.H_PEOPLE + i])
    keep(w, case, team)


@njit
def _redrawn(w, case, team, now, seconds):
    """The end of work that closing cuts and that is drawn anew at each opening."""
    visit, attempt = w.C[case + L.C_VISIT], 0
    while True:
        closes = closes_at(w, team, now)
        if now + seconds <= closes:
            return now + seconds
        now = opens_at(w, team, closes)
        if now == NEVER:
            return NEVER
        attempt += 1
        seconds = of_work(w, case, visit + attempt, visit, ANEW + attempt, w.S[L.NOW])


@njit
def finish(w, case):
    """Work on a case is done; lead it on."""
    P, C = w.P, w.C
    team = C[case + L.C_TEAM]
    t = team_row(w, team)
    if P[t + L.T_PREEMPTS] or P[t + L.T_SHEDS]:
        out_of_service(w, case, team)
    C[case + L.C_STAY] = L.NOWHERE
    C[case + L.C_GEN] += 1
    happens(w, case, ENDED, C[case + L.C_STAGE], team)
    stage = _next(w, case, NONE)
    if P[P[L.AT_STAGE] + stage_now(w, case, stage) * L.STAGE_W + L.BLOCKS]:
        hold(w, case)
    else:
        let_go(w, case)
    advance(w, case, stage)


@njit
def broken(w, case):
    """Work on a case was broken off; its further officers are free for their own lines."""
    C = w.C
    note(w, w.S[L.NOW], C[case + L.C_NUMBER], BROKEN_OFF, C[case + L.C_STAGE], C[case + L.C_TEAM])
    for i in range(helpers(w, case)):
        stir(w, helper(w, case, i))


@njit
def _fork(w, case, s):
    """Child matters begin; whether the case waits for them."""
    P, C, S, X, N = w.P, w.C, w.S, w.X, w.N
    C[case + L.C_GEN] += 1
    C[case + L.C_KIDS] = 0
    for child in range(P[s + L.CHILDREN_AT], P[s + L.CHILDREN_AT] + P[s + L.CHILDREN_N]):
        asked, share = P[P[L.AT_CHILD] + child * L.CHILD_W + 1], X[P[L.F_CHILD] + child]
        words = block(w.K, C[case + L.C_ADDRESS], C[case + L.C_ORDINAL], C[case + L.C_VISIT], asked, 0)
        if unit(words[0]) < share or share >= 1.0:
            at, n = node(w, NONE), S[L.EXPECTED_N]
            S[L.EXPECTED_N] = n + 1
            S[L.EXPECTED_EVER] += 1
            # In the order of their parents, and of a parent's as it told of them.
            heap_push(w.Z, 0, n, C[case + L.C_NUMBER] * L.MOST_EXPECTED + S[L.EXPECTED_EVER], at, 0)
            N[at + L.E_PARENT], N[at + L.E_CHILD], N[at + L.E_NUMBER] = case, child, C[case + L.C_NUMBER]
            N[at + L.E_ADDRESS], N[at + L.E_LIFE] = signed(words[1]), C[case + L.C_LIFE]
            N[at + L.E_GEN] = C[case + L.C_GEN] if P[s + L.JOINS] else NONE
            C[case + L.C_KIDS] += P[s + L.JOINS]
    if C[case + L.C_KIDS]:
        C[case + L.C_STAY] = L.IN_FORK
        return True
    return False


@njit
def _close(w, case, stage):
    """The case goes to the archive; its parent has one child less."""
    P, C, S = w.P, w.C, w.S
    now = S[L.NOW]
    happens(w, case, CLOSED, stage, NONE)
    if C[case + L.C_REFORM] != NONE and C[case + L.C_IS_CHILD] == 0:
        S[S[L.S_OPEN] + C[case + L.C_REFORM] * P[L.N_PLACES] + C[case + L.C_HANDLER]] -= 1
    close_clocks(w, case, now)
    parent = C[case + L.C_PARENT]
    if parent >= 0 and C[parent + L.C_LIFE] == C[case + L.C_PARENT_LIFE]:
        is_awaited = C[case + L.C_JOIN_GEN] != NONE and C[case + L.C_JOIN_GEN] == C[parent + L.C_GEN]
        is_awaited = is_awaited and C[parent + L.C_STAY] == L.IN_FORK
        ended_child(w, parent, now, C[case + L.C_NUMBER], stage, is_awaited)
        if is_awaited:
            C[parent + L.C_KIDS] -= 1
            if not C[parent + L.C_KIDS]:
                soon(w, L.LEAVE, parent, SERVED)
    forget(w, case)
    for column in (L.C_VISITS, L.C_KEEPS):  # its owners stay for children that are about to begin
        free_all(w, C[case + column])
        C[case + column] = -1
    C[case + L.C_STAY] = L.NOWHERE
    C[case + L.C_LIFE] += 1
    C[case + L.C_NEXT] = S[L.CLOSED_CASE]
    S[L.CLOSED_CASE] = case
