"""A case from the door to the archive, in the kernel: `engines.reference` on arrays."""

from __future__ import annotations

from ...records import NONE as _NONE
from ...records import Op
from . import layout as L
from .chance import block, signed, unit, whole_seconds
from .effort import ANEW, length_of, of_wait, of_work, stage_now, way_out
from .hours import NEVER
from .jit import njit
from .legal import (
    ARRIVED,
    BROKEN_OFF,
    CLOSED,
    ENDED,
    ENTERED,
    GAVE_UP,
    LAPSED,
    STARTED,
    close_clocks,
    earliest_due,
    happens,
)  # fmt: skip
from .memory import count, free_all, node, note, push, soon
from .officers import hold, let_go, let_held_go
from .places import helper, helpers, into_line, join, leave_line, out_of_line, stir, team_of, team_row
from .service import closes_at, end_of, into_service, opens_at, out_of_service, redraws

NONE = int(_NONE)
WORK, WAIT, GATE, DECIDE, EXIT, FORK = (int(op) for op in Op)
SERVED = L.SERVED
WAITS, WORKERS = 2, 3
"""Which word of a visit's block answers what, beside duration and way out."""


@njit
def arrive(w, slot):
    """A case is filed: with the place that a reform gives it to, or with the giver if powers were recalled."""
    P, C, S = w.P, w.C, w.S
    reform = C[slot, L.C_REFORM]
    if reform != NONE and C[slot, L.C_IS_CHILD] == 0:
        place = reform * P[L.N_PLACES] + C[slot, L.C_HANDLER]
        if S[S[L.S_RECALLED] + place]:
            C[slot, L.C_HANDLER], C[slot, L.C_MOVED], C[slot, L.C_REFORM] = C[slot, L.C_GIVER], 0, NONE
            S[S[L.S_RETURNED] + C[slot, L.C_NUMBER]] = 1
        else:
            S[S[L.S_CAME] + place] += 1
            S[S[L.S_OPEN] + place] += 1
    happens(w, slot, ARRIVED, NONE, NONE)


@njit
def advance(w, slot, stage):
    """Lead a case on from a stage until something keeps it."""
    P, C, S = w.P, w.C, w.S
    now = S[L.NOW]
    while True:
        row = stage_now(w, slot, stage)
        s = P[L.AT_STAGE] + row * L.STAGE_W
        op = P[s + L.OP]
        if C[slot, L.C_HELD] and not P[s + L.BLOCKS]:
            let_held_go(w, slot)
        if op == EXIT:
            _close(w, slot, stage)
            return
        C[slot, L.C_STAGE], C[slot, L.C_ROW] = stage, row
        C[slot, L.C_VISIT] = count(w, slot, stage)
        if op == WORK:
            _in_line(w, slot, s)
            return
        happens(w, slot, ENTERED, stage, NONE)
        if op == WAIT:
            C[slot, L.C_GEN] += 1
            C[slot, L.C_STAY] = L.IN_WAIT
            push(w, now + of_wait(w, slot, s, now), L.NORMAL, L.END_WAIT, slot, C[slot, L.C_GEN])
            return
        if op == GATE:
            C[slot, L.C_GEN] += 1
            C[slot, L.C_STAY] = L.IN_MEETING
            C[slot, L.C_BY_RULE] = 0
            into_line(w, slot, P[L.N_TEAMS] + P[s + L.GATE])
            return
        if op == FORK and _fork(w, slot, s):
            return
        happens(w, slot, ENDED, stage, NONE)
        stage = _next(w, slot, NONE)


@njit
def _next(w, slot, left):
    """Where a case goes that has left its stage."""
    C, now = w.C, w.S[L.NOW]
    C[slot, L.C_SINCE] = now
    stage = way_out(w, slot, now) if left == NONE else left
    if C[slot, L.C_LAPSES_TO] != NONE:
        stage = C[slot, L.C_LAPSES_TO]
        C[slot, L.C_LAPSES_TO] = NONE
    return stage


@njit
def leave(w, slot, answer):
    """The stay of a case is over; lead it on."""
    P, C = w.P, w.C
    stay = C[slot, L.C_STAY]
    s = P[L.AT_STAGE] + C[slot, L.C_ROW] * L.STAGE_W
    left = NONE
    if P[s + L.OP] == WORK:
        team = C[slot, L.C_TEAM]
        if stay == L.IN_LINE:
            leave_line(w, slot)
        let_held_go(w, slot)
        happens(w, slot, answer, C[slot, L.C_STAGE], team)
        left = P[s + L.GIVE_UP] if answer == GAVE_UP else P[s + L.FULL]
    else:
        if stay == L.IN_MEETING and answer != SERVED:
            out_of_line(w, slot)
        happens(w, slot, LAPSED if answer == LAPSED else ENDED, C[slot, L.C_STAGE], NONE)
    C[slot, L.C_STAY] = L.NOWHERE
    C[slot, L.C_GEN] += 1
    advance(w, slot, _next(w, slot, left))


@njit
def _in_line(w, slot, s):
    """A place in a team's line."""
    P, C, S = w.P, w.C, w.S
    now, stage, visit = S[L.NOW], C[slot, L.C_STAGE], C[slot, L.C_VISIT]
    team = team_of(w, P[s + L.ROLE], C[slot, L.C_FIELD], C[slot, L.C_HANDLER])
    C[slot, L.C_TEAM] = team
    happens(w, slot, ENTERED, stage, team)
    workers = P[s + L.OFFICERS]
    if not workers:
        row = P[s + L.OFFICERS_LENGTH]
        workers = int(length_of(w, slot, row, P[s + L.ASKED], visit, visit, 0, 0, WORKERS))
    C[slot, L.C_WORKERS] = workers
    C[slot, L.C_DUE] = earliest_due(w, slot)
    C[slot, L.C_GEN] += 1
    C[slot, L.C_LEFT] = NONE
    if P[s + L.PATIENCE] != NONE:
        patience = length_of(w, slot, P[s + L.PATIENCE], P[s + L.ASKED], visit, visit, 0, 0, WAITS)
        stood = now - C[slot, L.C_SINCE]
        seconds = max(0, whole_seconds(patience, 0) - stood)
        push(w, now + seconds, L.NORMAL, L.GIVES_UP, slot, C[slot, L.C_GEN])
    join(w, slot, team)
    stir(w, team)


@njit
def start(w, slot):
    """Work on a case starts, or goes on, which no clock counts as a start."""
    P, C, S = w.P, w.C, w.S
    now, team, stage = S[L.NOW], C[slot, L.C_TEAM], C[slot, L.C_STAGE]
    t = team_row(w, team)
    seconds = C[slot, L.C_LEFT]
    if seconds != NONE:
        note(w, now, C[slot, L.C_NUMBER], STARTED, stage, team)
    else:
        happens(w, slot, STARTED, stage, team)
        seconds = of_work(w, slot, C[slot, L.C_VISIT], C[slot, L.C_VISIT], 0, now)
    end = _redrawn(w, slot, team, now, seconds) if redraws(w, team) else end_of(w, team, now, seconds)
    C[slot, L.C_STAY] = L.IN_SERVICE
    C[slot, L.C_SERVICE_GEN] += 1
    if end == NEVER:
        return  # it ends behind all that the calendar covers, and so behind the horizon
    if P[t + L.T_PREEMPTS] or P[t + L.T_SHEDS]:
        C[slot, L.C_END] = end
        into_service(w, slot, team)
    push(w, end, L.NORMAL, L.END_WORK, slot, C[slot, L.C_SERVICE_GEN])


@njit
def _redrawn(w, slot, team, now, seconds):
    """The end of work that closing cuts and that is drawn anew at each opening."""
    visit, attempt = w.C[slot, L.C_VISIT], 0
    while True:
        closes = closes_at(w, team, now)
        if now + seconds <= closes:
            return now + seconds
        now = opens_at(w, team, closes)
        if now == NEVER:
            return NEVER
        attempt += 1
        seconds = of_work(w, slot, visit + attempt, visit, ANEW + attempt, w.S[L.NOW])


@njit
def finish(w, slot):
    """Work on a case is done; lead it on."""
    P, C = w.P, w.C
    team = C[slot, L.C_TEAM]
    t = team_row(w, team)
    if P[t + L.T_PREEMPTS] or P[t + L.T_SHEDS]:
        out_of_service(w, slot, team)
    C[slot, L.C_STAY] = L.NOWHERE
    C[slot, L.C_GEN] += 1
    happens(w, slot, ENDED, C[slot, L.C_STAGE], team)
    stage = _next(w, slot, NONE)
    if P[P[L.AT_STAGE] + stage_now(w, slot, stage) * L.STAGE_W + L.BLOCKS]:
        hold(w, slot)
    else:
        let_go(w, slot)
    advance(w, slot, stage)


@njit
def broken(w, slot):
    """Work on a case was broken off; its further officers are free for their own lines."""
    C = w.C
    note(w, w.S[L.NOW], C[slot, L.C_NUMBER], BROKEN_OFF, C[slot, L.C_STAGE], C[slot, L.C_TEAM])
    for i in range(helpers(w, slot)):
        stir(w, helper(w, slot, i))


@njit
def _fork(w, slot, s):
    """Child matters begin; whether the case waits for them."""
    P, C, S, X, N = w.P, w.C, w.S, w.X, w.N
    C[slot, L.C_GEN] += 1
    C[slot, L.C_KIDS] = 0
    for child in range(P[s + L.CHILDREN_AT], P[s + L.CHILDREN_AT] + P[s + L.CHILDREN_N]):
        asked, share = P[P[L.AT_CHILD] + child * L.CHILD_W + 1], X[P[L.F_CHILD] + child]
        words = block(w.K, C[slot, L.C_ADDRESS], C[slot, L.C_ORDINAL], C[slot, L.C_VISIT], asked, 0)
        if unit(words[0]) < share or share >= 1.0:
            at = node(w, S[L.EXPECTED])
            S[L.EXPECTED] = at
            S[L.EXPECTED_N] += 1
            N[at, L.E_PARENT], N[at, L.E_CHILD], N[at, L.E_NUMBER] = slot, child, C[slot, L.C_NUMBER]
            N[at, L.E_ADDRESS], N[at, L.E_LIFE] = signed(words[1]), C[slot, L.C_LIFE]
            N[at, L.E_GEN] = C[slot, L.C_GEN] if P[s + L.JOINS] else NONE
            C[slot, L.C_KIDS] += P[s + L.JOINS]
    if C[slot, L.C_KIDS]:
        C[slot, L.C_STAY] = L.IN_FORK
        return True
    return False


@njit
def _close(w, slot, stage):
    """The case goes to the archive; its parent has one child less."""
    P, C, S = w.P, w.C, w.S
    now = S[L.NOW]
    happens(w, slot, CLOSED, stage, NONE)
    if C[slot, L.C_REFORM] != NONE and C[slot, L.C_IS_CHILD] == 0:
        S[S[L.S_OPEN] + C[slot, L.C_REFORM] * P[L.N_PLACES] + C[slot, L.C_HANDLER]] -= 1
    close_clocks(w, slot, now)
    parent = C[slot, L.C_PARENT]
    if parent >= 0 and C[parent, L.C_LIFE] == C[slot, L.C_PARENT_LIFE]:
        number = C[slot, L.C_NUMBER]
        if now > C[parent, L.C_LAST_T] or (now == C[parent, L.C_LAST_T] and number > C[parent, L.C_LAST_N]):
            C[parent, L.C_LAST_T], C[parent, L.C_LAST_N], C[parent, L.C_OUTCOME] = now, number, stage
        if C[slot, L.C_JOIN_GEN] != NONE and C[slot, L.C_JOIN_GEN] == C[parent, L.C_GEN]:
            C[parent, L.C_KIDS] -= 1
            if not C[parent, L.C_KIDS] and C[parent, L.C_STAY] == L.IN_FORK:
                soon(w, L.LEAVE, parent, SERVED)
    free_all(w, C[slot, L.C_VISITS])
    C[slot, L.C_VISITS], C[slot, L.C_STAY] = -1, L.NOWHERE
    C[slot, L.C_LIFE] += 1
    C[slot, L.C_NEXT] = S[L.CLOSED_CASE]
    S[L.CLOSED_CASE] = slot
