"""Work in the kernel: when it ends by the office's hours, and work that is broken off."""

from __future__ import annotations

from ...compiling.jit import njit
from ...records import AtClose
from . import layout as L
from .crew import together
from .hours import clock_after, end_of_restart, next_close, next_open, worked
from .memory import soon
from .officers import give_back, helpers_fit
from .places import goes_before, join
from .teams import free_officers, team_row, team_state

OVERTIME, RESTART, REDRAW = int(AtClose.OVERTIME), int(AtClose.RESTART), int(AtClose.REDRAW)


@njit
def hours_of(w, team):
    """Where the row of a team's office hours begins."""
    return w.P[team_row(w, team) + L.T_HOURS]


@njit
def end_of(w, team, now, work):
    """The instant at which work begun now ends, unless it is drawn anew at closing; NEVER if it never does in sight."""
    at_close = w.P[team_row(w, team) + L.T_AT_CLOSE]
    if at_close == OVERTIME:
        return now + work
    if at_close == RESTART:
        return end_of_restart(w.P, hours_of(w, team), now, work)
    return clock_after(w.P, hours_of(w, team), now, work)


@njit
def end_together(w, case, team, now, work):
    """The same for officers by name, who work while all of them are there."""
    if w.P[team_row(w, team) + L.T_AT_CLOSE] == OVERTIME:
        return now + work
    return together(w, case + w.P[L.AT_HANDS], now, work)


@njit
def closes_at(w, team, now):
    """When the team's office closes that is open now."""
    return next_close(w.P, hours_of(w, team), now)


@njit
def opens_at(w, team, now):
    """When the team's office opens next."""
    return next_open(w.P, hours_of(w, team), now)


@njit
def redraws(w, team):
    """Whether work that closing has cut is drawn anew."""
    return w.P[team_row(w, team) + L.T_AT_CLOSE] == REDRAW


@njit
def into_service(w, case, team):
    """Note that a case is worked on, where work can be broken off."""
    C, s = w.C, team_state(w, team)
    C[case + L.C_S_PREV], C[case + L.C_S_NEXT] = -1, w.S[s + L.TS_SERVICES]
    if w.S[s + L.TS_SERVICES] >= 0:
        C[w.S[s + L.TS_SERVICES] + L.C_S_PREV] = case
    w.S[s + L.TS_SERVICES] = case


@njit
def out_of_service(w, case, team):
    """Work on a case is over or broken off."""
    C, s = w.C, team_state(w, team)
    before, after = C[case + L.C_S_PREV], C[case + L.C_S_NEXT]
    if before >= 0:
        C[before + L.C_S_NEXT] = after
    else:
        w.S[s + L.TS_SERVICES] = after
    if after >= 0:
        C[after + L.C_S_PREV] = before


@njit
def _last_in_service(w, team, worse_than):
    """Of the work in hand the last in order of the line; of classes worse than a case's only, if one is given."""
    C = w.C
    found, case = -1, w.S[team_state(w, team) + L.TS_SERVICES]
    while case >= 0:
        is_worse = worse_than < 0 or C[case + L.C_CLASS] > C[worse_than + L.C_CLASS]
        if is_worse and (found < 0 or goes_before(w, found, case)):
            found = case
        case = C[case + L.C_S_NEXT]
    return found


@njit
def _break_off(w, case, team, now):
    C, P = w.C, w.P
    out_of_service(w, case, team)
    if P[team_row(w, team) + L.T_AT_CLOSE] == OVERTIME:
        C[case + L.C_LEFT] = C[case + L.C_END] - now
    else:
        h = hours_of(w, team)
        C[case + L.C_LEFT] = worked(P, h, C[case + L.C_END]) - worked(P, h, now)
    give_back(w, case, P[L.AT_HANDS], L.C_HANDS, False)
    C[case + L.C_SERVICE_GEN] += 1
    join(w, case, team)
    soon(w, L.BREAK, case, 0)


@njit
def shed(w, team, now):
    """Break off work in excess of the officers who are left, the last in order of the line first."""
    if not w.P[team_row(w, team) + L.T_SHEDS]:
        return
    while free_officers(w, team) < 0 and w.S[team_state(w, team) + L.TS_SERVICES] >= 0:
        _break_off(w, _last_in_service(w, team, -1), team, now)


@njit
def makes_room(w, case, team, now):
    """Break off work of worse classes if that lets this case begin."""
    C = w.C
    if not w.P[team_row(w, team) + L.T_PREEMPTS]:
        return False
    gained, other = 0, w.S[team_state(w, team) + L.TS_SERVICES]
    while other >= 0:
        gained += C[other + L.C_WORKERS] if C[other + L.C_CLASS] > C[case + L.C_CLASS] else 0
        other = C[other + L.C_S_NEXT]
    if not helpers_fit(w, case, now) or free_officers(w, team) + gained < C[case + L.C_WORKERS]:
        return False
    while free_officers(w, team) < C[case + L.C_WORKERS]:
        _break_off(w, _last_in_service(w, team, case), team, now)
    return True
