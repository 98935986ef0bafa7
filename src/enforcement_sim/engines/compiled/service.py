"""Work in the kernel: when it ends by the office's hours, and work that is broken off."""

from __future__ import annotations

from ...records import AtClose
from . import layout as L
from .hours import clock_after, end_of_restart, next_close, next_open, worked
from .jit import njit
from .memory import soon
from .officers import free_officers, give_back, helpers_fit
from .places import goes_before, is_better, join, team_row, team_state

OVERTIME, RESTART, REDRAW = int(AtClose.OVERTIME), int(AtClose.RESTART), int(AtClose.REDRAW)


@njit
def end_of(w, team, now, work):
    """The instant at which work begun now ends, unless it is drawn anew at closing; NEVER if it never does in sight."""
    t = team_row(w, team)
    table, at_close = w.P[t + L.T_CALENDAR], w.P[t + L.T_AT_CLOSE]
    if at_close == OVERTIME:
        return now + work
    if at_close == RESTART:
        return end_of_restart(w.WT, w.WO, w.WC, table, now, work)
    return clock_after(w.WT, w.WO, w.WC, w.WB, table, now, work)


@njit
def closes_at(w, team, now):
    """When the team's office closes that is open now."""
    return next_close(w.WT, w.WO, w.WC, w.P[team_row(w, team) + L.T_CALENDAR], now)


@njit
def opens_at(w, team, now):
    """When the team's office opens next."""
    return next_open(w.WT, w.WO, w.WC, w.P[team_row(w, team) + L.T_CALENDAR], now)


@njit
def redraws(w, team):
    """Whether work that closing has cut is drawn anew."""
    return w.P[team_row(w, team) + L.T_AT_CLOSE] == REDRAW


@njit
def into_service(w, slot, team):
    """Note that a case is worked on, where work can be broken off."""
    C, s = w.C, team_state(w, team)
    C[slot, L.C_S_PREV], C[slot, L.C_S_NEXT] = -1, w.S[s + L.TS_SERVICES]
    if w.S[s + L.TS_SERVICES] >= 0:
        C[w.S[s + L.TS_SERVICES], L.C_S_PREV] = slot
    w.S[s + L.TS_SERVICES] = slot


@njit
def out_of_service(w, slot, team):
    """Work on a case is over or broken off."""
    C, s = w.C, team_state(w, team)
    before, after = C[slot, L.C_S_PREV], C[slot, L.C_S_NEXT]
    if before >= 0:
        C[before, L.C_S_NEXT] = after
    else:
        w.S[s + L.TS_SERVICES] = after
    if after >= 0:
        C[after, L.C_S_PREV] = before


@njit
def _last_in_service(w, team, worse_than):
    """Of the work in hand the last in order of the line; of classes worse than a case's only, if one is given."""
    C = w.C
    found, slot = -1, w.S[team_state(w, team) + L.TS_SERVICES]
    while slot >= 0:
        if (worse_than < 0 or is_better(w, worse_than, slot)) and (found < 0 or goes_before(w, found, slot)):
            found = slot
        slot = C[slot, L.C_S_NEXT]
    return found


@njit
def _break_off(w, slot, team, now):
    C, P = w.C, w.P
    out_of_service(w, slot, team)
    t = team_row(w, team)
    if P[t + L.T_AT_CLOSE] == OVERTIME:
        C[slot, L.C_LEFT] = C[slot, L.C_END] - now
    else:
        table = P[t + L.T_CALENDAR]
        until = worked(w.WT, w.WO, w.WC, w.WB, table, C[slot, L.C_END])
        C[slot, L.C_LEFT] = until - worked(w.WT, w.WO, w.WC, w.WB, table, now)
    give_back(w, slot, L.CASE_FIXED, L.C_HANDS, False)
    C[slot, L.C_SERVICE_GEN] += 1
    join(w, slot, team)
    soon(w, L.BREAK, slot, 0)


@njit
def shed(w, team, now):
    """Break off work in excess of the officers who are left, the last in order of the line first."""
    if not w.P[team_row(w, team) + L.T_SHEDS]:
        return
    while free_officers(w, team) < 0 and w.S[team_state(w, team) + L.TS_SERVICES] >= 0:
        _break_off(w, _last_in_service(w, team, -1), team, now)


@njit
def makes_room(w, slot, team, now):
    """Break off work of worse classes if that lets this case begin."""
    C = w.C
    if not w.P[team_row(w, team) + L.T_PREEMPTS]:
        return False
    gained, other = 0, w.S[team_state(w, team) + L.TS_SERVICES]
    while other >= 0:
        gained += C[other, L.C_WORKERS] if is_better(w, slot, other) else 0
        other = C[other, L.C_S_NEXT]
    if not helpers_fit(w, slot) or free_officers(w, team) + gained < C[slot, L.C_WORKERS]:
        return False
    while free_officers(w, team) < C[slot, L.C_WORKERS]:
        _break_off(w, _last_in_service(w, team, slot), team, now)
    return True
