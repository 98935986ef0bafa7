"""Whom a team serves in the kernel, once an instant has settled."""

from __future__ import annotations

from . import layout as L
from .hours import NEVER, is_open, next_open
from .jit import njit
from .memory import push, soon
from .officers import fits, free_officers, let_held_go, seize
from .places import helper, helpers, helping, leave_line, team_row, team_state
from .service import makes_room, shed


@njit
def _served(w, slot, team):
    seize(w, slot, team)
    let_held_go(w, slot)
    soon(w, L.START, slot, 0)


@njit
def serve(w, team):
    """A team chooses whom to serve; whether a case waits that it can never serve."""
    S, C, P = w.S, w.C, w.P
    now = S[L.NOW]
    t, s = team_row(w, team), team_state(w, team)
    table = P[t + L.T_CALENDAR]
    ends = S[L.S_LINE] + team * L.LINE_W
    stuck = False
    shed(w, team, now)
    opened = is_open(w.WT, w.WO, w.WC, table, now)
    if opened:
        S[L.PASS] += 1
        if P[t + L.T_SKIPS]:
            slot = S[ends]
            while slot >= 0:
                after = C[slot, L.C_NEXT]
                if C[slot, L.C_PASS] < S[L.PASS] and (fits(w, slot, team) or makes_room(w, slot, team, now)):
                    after = C[slot, L.C_NEXT]
                    _served(w, slot, team)
                slot = after
        else:
            while S[ends] >= 0 and (fits(w, S[ends], team) or makes_room(w, S[ends], team, now)):
                _served(w, S[ends], team)
        stuck = _is_stuck(w, team, now)
        if P[t + L.T_DUTY] >= 0 and S[ends] < 0:
            for _ in range(free_officers(w, team)):
                soon(w, L.TAKE_UP, team, 0)
                S[s + L.TS_BUSY] += 1
    if P[L.LINES_END]:
        _keep_room(w, team)
    if (S[ends] >= 0 or P[t + L.T_DUTY] >= 0) and not opened:
        opening = next_open(w.WT, w.WO, w.WC, table, now)
        if opening != NEVER and opening != S[s + L.TS_WAKES_AT]:
            S[s + L.TS_WAKES_AT] = opening
            push(w, opening, L.NORMAL, L.WAKE, team, 0)
    return stuck


@njit
def _most_from(w, team, now):
    """The most officers that a team will ever have from now on."""
    P = w.P
    t = team_row(w, team)
    most, past = 0, 0
    for i in range(P[t + L.T_POST_N]):
        at = P[L.AT_POST] + 2 * (P[t + L.T_POST_AT] + i)
        if P[at] <= now:
            past = P[at + 1]
        else:
            most = max(most, P[at + 1])
    return max(most, past)


@njit
def _is_stuck(w, team, now):
    first = w.S[w.S[L.S_LINE] + team * L.LINE_W]
    if first < 0:
        return False
    if _most_from(w, team, now) < w.C[first, L.C_WORKERS]:
        return True
    for i in range(helpers(w, first)):
        if _most_from(w, helper(w, first, i), now) < helping(w, first, i):
            return True
    return False


@njit
def _keep_room(w, team):
    """Turn away whom the line has no room for; who has found room in it frees the officers of the stage before."""
    P, C, S = w.P, w.C, w.S
    ends = S[L.S_LINE] + team * L.LINE_W
    S[L.PASS] += 1
    slot = S[ends + 1]
    while slot >= 0:  # the last first; of each stage, as many as its limit stay
        before = C[slot, L.C_PREV]
        row = P[L.AT_STAGE] + C[slot, L.C_ROW] * L.STAGE_W
        limit = P[row + L.LIMIT]
        if limit >= 0 and _standing(w, team, C[slot, L.C_STAGE]) > limit:
            C[slot, L.C_PASS] = S[L.PASS]  # not counted any more
            if not P[row + L.BLOCKS]:
                leave_line(w, slot)
                C[slot, L.C_STAY] = L.NOWHERE
                soon(w, L.LEAVE, slot, L.TURNED)
        slot = before
    slot = S[ends]
    while slot >= 0:
        if C[slot, L.C_HELD] and C[slot, L.C_PASS] != S[L.PASS]:
            let_held_go(w, slot)
        slot = C[slot, L.C_NEXT]


@njit
def _standing(w, team, stage):
    """How many of a stage stand in a line and have not been found too many."""
    C, S = w.C, w.S
    slot, n = S[S[L.S_LINE] + team * L.LINE_W], 0
    while slot >= 0:
        n += C[slot, L.C_STAGE] == stage and C[slot, L.C_PASS] != S[L.PASS]
        slot = C[slot, L.C_NEXT]
    return n
