"""Officers in the kernel: seized for a case, kept for its next stage, given back."""

from __future__ import annotations

from . import layout as L
from .jit import njit
from .places import helper, helpers, helping, leave_line, stir, team_row, team_state


@njit
def free_officers(w, team):
    s = team_state(w, team)
    return w.S[s + L.TS_OFFICERS] - w.S[s + L.TS_BUSY]


@njit
def helpers_fit(w, slot):
    for i in range(helpers(w, slot)):
        if free_officers(w, helper(w, slot, i)) < helping(w, slot, i):
            return False
    return True


@njit
def fits(w, slot, team):
    return free_officers(w, team) >= w.C[slot, L.C_WORKERS] and helpers_fit(w, slot)


@njit
def _give(w, slot, hand, team, officers):
    s = team_state(w, team)
    w.S[s + L.TS_BUSY] += officers
    at = L.CASE_FIXED + 3 * hand
    w.C[slot, at], w.C[slot, at + 1], w.C[slot, at + 2] = team, officers, w.S[s + L.TS_SHIFT]


@njit
def seize(w, slot, team):
    S, P, X = w.S, w.P, w.X
    leave_line(w, slot)
    w.C[slot, L.C_STAY] = L.NOWHERE
    s, t = team_state(w, team), team_row(w, team)
    speed = w.TF[team]
    each = S[s + L.TS_WAITING] / max(1, S[s + L.TS_OFFICERS])
    for i in range(P[t + L.T_PRESSURE_N] - 1, -1, -1):
        at = P[L.F_PRESSURE] + 2 * (P[t + L.T_PRESSURE_AT] + i)
        if each >= X[at]:
            speed *= X[at + 1]
            break
    w.F[slot, 0] = speed
    _give(w, slot, 0, team, w.C[slot, L.C_WORKERS])
    for i in range(helpers(w, slot)):
        _give(w, slot, i + 1, helper(w, slot, i), helping(w, slot, i))
    w.C[slot, L.C_HANDS] = 1 + helpers(w, slot)


@njit
def take_back(w, team, officers, shift):
    """Officers come back; those of a team that has gone off meanwhile are not counted any more."""
    s = team_state(w, team)
    if w.P[team_row(w, team) + L.T_NEW_TEAM] == 0 or shift == w.S[s + L.TS_SHIFT]:
        w.S[s + L.TS_BUSY] -= officers


@njit
def give_back(w, slot, first, column, stirs):
    C = w.C
    for hand in range(C[slot, column]):
        at = first + 3 * hand
        take_back(w, C[slot, at], C[slot, at + 1], C[slot, at + 2])
        if stirs:
            stir(w, C[slot, at])
    C[slot, column] = 0


@njit
def let_go(w, slot):
    """The officers at work on a case go back to their teams, which choose anew."""
    give_back(w, slot, L.CASE_FIXED, L.C_HANDS, True)


@njit
def let_held_go(w, slot):
    """The officers whom a case has kept from the stage before go back."""
    give_back(w, slot, L.CASE_FIXED + 3 * w.P[L.HANDS], L.C_HELD, True)


@njit
def hold(w, slot):
    """The officers at work on a case are kept while it waits for the next stage."""
    C = w.C
    n = C[slot, L.C_HANDS]
    for i in range(3 * n):
        C[slot, L.CASE_FIXED + 3 * w.P[L.HANDS] + i] = C[slot, L.CASE_FIXED + i]
    C[slot, L.C_HELD], C[slot, L.C_HANDS] = n, 0
