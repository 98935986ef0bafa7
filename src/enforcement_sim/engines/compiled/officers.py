"""Officers in the kernel: seized for a case, kept for its next stage, given back."""

from __future__ import annotations

from ...compiling.jit import inlined, njit
from . import layout as L
from .chance import bits_of, from_bits
from .crew import crew_can_give, crew_gives, crew_takes_back
from .places import leave_line
from .teams import free_officers, helper, helpers, helping, stir, team_row, team_state


@njit
def can_give(w, case, team, officers, now):
    """Whether so many officers of a team are free for a case."""
    if w.P[team_row(w, team) + L.T_NAMED]:
        return crew_can_give(w, case, team, officers, now)
    return free_officers(w, team) >= officers


@inlined
def helpers_fit(w, case, now):
    """Whether the further teams of a case can give it what it asks for."""
    for i in range(helpers(w, case)):
        if not can_give(w, case, helper(w, case, i), helping(w, case, i), now):
            return False
    return True


@inlined
def fits(w, case, team, now):
    """Whether all officers are free for whom a case waits."""
    return can_give(w, case, team, w.C[case + L.C_WORKERS], now) and helpers_fit(w, case, now)


@njit
def _give(w, case, nth, team, officers, now):
    C, S = w.C, w.S
    s = team_state(w, team)
    hand = case + w.P[L.AT_HANDS] + nth * w.P[L.HAND_W]
    C[hand + L.H_TEAM], C[hand + L.H_OFFICERS], C[hand + L.H_SHIFT] = team, officers, S[s + L.TS_SHIFT]
    S[s + L.TS_BUSY] += officers
    if w.P[team_row(w, team) + L.T_NAMED]:
        speed = crew_gives(w, case, hand, team, officers, now)
        C[case + L.C_SPEED] = bits_of(from_bits(C[case + L.C_SPEED]) * speed)


@njit
def _speed_of_now(w, team):
    """A team's speed, which pressure of work may raise or lower."""
    S, P, X = w.S, w.P, w.X
    s, t = team_state(w, team), team_row(w, team)
    speed = X[P[L.F_TEAM] + team * L.TEAM_XW]
    each = S[s + L.TS_WAITING] / max(1, S[s + L.TS_OFFICERS])
    for i in range(P[t + L.T_PRESSURE_N] - 1, -1, -1):
        at = P[L.F_PRESSURE] + 2 * (P[t + L.T_PRESSURE_AT] + i)
        if each >= X[at]:
            return speed * X[at + 1]
    return speed


@njit
def seize(w, case, team, now):
    """Take the officers for whom a case waits."""
    C = w.C
    leave_line(w, case)
    C[case + L.C_STAY] = L.NOWHERE
    C[case + L.C_SPEED] = bits_of(_speed_of_now(w, team))
    also = helpers(w, case)
    C[case + L.C_HANDS] = 1 + also
    _give(w, case, 0, team, C[case + L.C_WORKERS], now)
    for i in range(also):
        _give(w, case, i + 1, helper(w, case, i), helping(w, case, i), now)


@njit
def take_back(w, team, officers, shift):
    """Officers without names come back; those of a team that has gone off meanwhile are not counted any more."""
    s = team_state(w, team)
    if w.P[team_row(w, team) + L.T_NEW_TEAM] == 0 or shift == w.S[s + L.TS_SHIFT]:
        w.S[s + L.TS_BUSY] -= officers


@njit
def give_back(w, case, at, column, stirs):
    """The officers of a case's hands from `at` on go back, `C[column]` hands in all."""
    C = w.C
    for nth in range(C[case + column]):
        hand = case + at + nth * w.P[L.HAND_W]
        team = C[hand + L.H_TEAM]
        if w.P[team_row(w, team) + L.T_NAMED]:
            w.S[team_state(w, team) + L.TS_BUSY] -= C[hand + L.H_OFFICERS]
            crew_takes_back(w, hand)
        else:
            take_back(w, team, C[hand + L.H_OFFICERS], C[hand + L.H_SHIFT])
        if stirs:
            stir(w, team)
    C[case + column] = 0


@njit
def let_go(w, case):
    """The officers at work on a case go back to their teams, which choose anew."""
    give_back(w, case, w.P[L.AT_HANDS], L.C_HANDS, True)


@njit
def let_held_go(w, case):
    """The officers whom a case has kept from the stage before go back; call it for a case out of line."""
    if w.C[case + L.C_HELD]:
        give_back(w, case, w.P[L.AT_HELD], L.C_HELD, True)


@njit
def hold(w, case):
    """The officers at work on a case are kept while it waits for the next stage."""
    P, C = w.P, w.C
    n = C[case + L.C_HANDS]
    for i in range(n * P[L.HAND_W]):
        C[case + P[L.AT_HELD] + i] = C[case + P[L.AT_HANDS] + i]
    C[case + L.C_HELD], C[case + L.C_HANDS] = n, 0
