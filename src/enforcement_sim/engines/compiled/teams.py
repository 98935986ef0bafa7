"""Teams in the kernel: their rows, their officers, and the memory of those that must choose again."""

from __future__ import annotations

from ...compiling.jit import njit
from . import layout as L
from .memory import heap_pop, heap_push


@njit
def team_row(w, team):
    """Where the plan's row of a team begins."""
    return w.P[L.AT_TEAM] + team * L.TEAM_W


@njit
def team_state(w, team):
    """Where its changing row begins."""
    return w.S[L.S_TEAM] + team * L.TEAM_STATE_W


@njit
def team_of(w, role, field, place):
    """The team that does a role's work for a field and a place."""
    P = w.P
    return P[P[L.AT_TEAM_OF] + (role * P[L.N_FIELDS] + field) * P[L.N_PLACES] + place]


@njit
def stage_row(w, case):
    """Where the row of the stage begins in which a case stands."""
    return w.P[L.AT_STAGE] + w.C[case + L.C_ROW] * L.STAGE_W


@njit
def free_officers(w, team):
    """How many officers nobody has seized; below zero where more are at work than should be."""
    s = team_state(w, team)
    return w.S[s + L.TS_OFFICERS] - w.S[s + L.TS_BUSY]


@njit
def helper(w, case, i):
    """The team of the i-th further role that a case's stage asks for."""
    P, C = w.P, w.C
    role = P[P[L.AT_ALSO] + 2 * (P[stage_row(w, case) + L.ALSO_AT] + i)]
    return team_of(w, role, C[case + L.C_FIELD], C[case + L.C_HANDLER])


@njit
def helpers(w, case):
    """How many further teams a case's stage asks for."""
    return w.P[stage_row(w, case) + L.ALSO_N]


@njit
def helping(w, case, i):
    """How many officers of the i-th of them."""
    P = w.P
    return P[P[L.AT_ALSO] + 2 * (P[stage_row(w, case) + L.ALSO_AT] + i) + 1]


@njit
def stir(w, team):
    """Something changed at a team: it chooses again when the instant has settled, and those whom it helps do."""
    P = w.P
    _stir_one(w, team)
    t = team_row(w, team)
    for i in range(P[t + L.T_HELPS_AT], P[t + L.T_HELPS_AT] + P[t + L.T_HELPS_N]):
        _stir_one(w, P[P[L.AT_HELPS] + i])


@njit
def _stir_one(w, team):
    S = w.S
    s = team_state(w, team)
    if S[s + L.TS_STIRRED] == 0:
        S[s + L.TS_STIRRED] = 1
        n = S[L.STIRRED_N]
        S[L.STIRRED_N] = n + 1
        heap_push(S, S[L.S_STIRRED], n, team, team, 0)


@njit
def next_stirred(w):
    """The lowest team that chooses again, taken out."""
    S = w.S
    n = S[L.STIRRED_N]
    S[L.STIRRED_N] = n - 1
    team, _ = heap_pop(S, S[L.S_STIRRED], n)
    S[team_state(w, team) + L.TS_STIRRED] = 0
    return team
