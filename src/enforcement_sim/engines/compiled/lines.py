"""Whom a team serves in the kernel, once an instant has settled."""

from __future__ import annotations

from ...compiling.jit import inlined, njit
from . import layout as L
from .crew import crew_is_open, crew_most_from, crew_opens_next
from .hours import NEVER, is_open, next_open
from .memory import push, soon
from .officers import fits, let_held_go, seize
from .places import before, behind, first_in, leave_line, line_at
from .service import hours_of, makes_room, shed
from .teams import free_officers, helper, helpers, helping, stage_row, team_row, team_state


@inlined
def _served(w, case, team, now):
    seize(w, case, team, now)
    let_held_go(w, case)
    soon(w, L.START, case, 0)


@njit
def serve(w, team):
    """A team chooses whom to serve; whether a case waits that it can never serve."""
    S, P = w.S, w.P
    now = S[L.NOW]
    t, s = team_row(w, team), team_state(w, team)
    named = P[t + L.T_NAMED] != 0
    shed(w, team, now)
    opened = crew_is_open(w, team, now) if named else is_open(P, hours_of(w, team), now)
    if opened:
        if named or P[t + L.T_SKIPS]:
            _choose_any(w, team, now)
        else:
            first = first_in(w, team)
            while first >= 0 and (
                fits(w, first, team, now) or (P[t + L.T_PREEMPTS] and makes_room(w, first, team, now))
            ):
                _served(w, first, team, now)
                first = first_in(w, team)
        if _is_stuck(w, team, now):
            return True
        if P[t + L.T_DUTY] >= 0 and not named and first_in(w, team) < 0:
            for _ in range(free_officers(w, team)):
                soon(w, L.TAKE_UP, team, 0)
                S[s + L.TS_BUSY] += 1
    if S[s + L.TS_LIMITED]:
        _keep_room(w, team)
    if first_in(w, team) >= 0 or P[t + L.T_DUTY] >= 0:
        opening = NEVER
        if named:
            opening = crew_opens_next(w, team, now)
        elif not opened:
            opening = next_open(P, hours_of(w, team), now)
        if opening != NEVER and opening != S[s + L.TS_WAKES_AT]:
            S[s + L.TS_WAKES_AT] = opening
            push(w, opening, L.NORMAL, L.WAKE, team, 0)
    return False


@njit
def _choose_any(w, team, now):
    """Serve whoever fits, in order of the line; each is looked at once."""
    S, C, P = w.S, w.C, w.P
    t, s = team_row(w, team), team_state(w, team)
    named, preempts = P[t + L.T_NAMED] != 0, P[t + L.T_PREEMPTS] != 0
    overtaken = P[t + L.T_SKIPS] != 0 or S[s + L.TS_KEEPS] != 0
    S[L.PASS] += 1
    case = first_in(w, team)
    while case >= 0:
        if not (named or preempts) and free_officers(w, team) < P[t + L.T_LEAST]:
            return
        after = behind(w, case)
        if C[case + L.C_PASS] < S[L.PASS]:
            if fits(w, case, team, now):
                _served(w, case, team, now)
            elif not named and makes_room(w, case, team, now):
                after = behind(w, case)  # who was broken off stands in line again
                _served(w, case, team, now)
            elif not overtaken:
                return
        case = after


@njit
def _most_from(w, case, team, now):
    """The most officers for a case that a team will ever have from now on."""
    P = w.P
    t = team_row(w, team)
    if P[t + L.T_NAMED]:
        return crew_most_from(w, case, team, now)
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
    """Whether the first in line waits for more officers than there will ever be; S tells who and for whom."""
    S = w.S
    first = first_in(w, team)
    if first < 0:
        return False
    for i in range(-1, helpers(w, first)):
        asked = team if i < 0 else helper(w, first, i)
        needed = w.C[first + L.C_WORKERS] if i < 0 else helping(w, first, i)
        most = _most_from(w, first, asked, now)
        if most < needed:
            S[L.STUCK_CASE], S[L.STUCK_TEAM], S[L.STUCK_NEEDED], S[L.STUCK_MOST] = first, asked, needed, most
            return True
    return False


@njit
def _keep_room(w, team):
    """Turn away whom the line has no room for; who has found room in it frees the officers of the stage before."""
    P, C, S = w.P, w.C, w.S
    line, standing = line_at(w, team), S[L.S_STANDING]
    case = S[line + L.L_FIRST]
    while case >= 0:
        S[standing + C[case + L.C_STAGE]] = 0
        case = behind(w, case)
    case = S[line + L.L_FIRST]
    while case >= 0:
        S[standing + C[case + L.C_STAGE]] += P[stage_row(w, case) + L.LIMIT] >= 0
        case = behind(w, case)
    S[L.PASS] += 1
    case = S[line + L.L_LAST]
    while case >= 0:  # the last first; of each stage, as many as its limit stay
        ahead, row = before(w, case), stage_row(w, case)
        if 0 <= P[row + L.LIMIT] < S[standing + C[case + L.C_STAGE]]:
            S[standing + C[case + L.C_STAGE]] -= 1
            C[case + L.C_PASS] = S[L.PASS]
            if not P[row + L.BLOCKS]:
                leave_line(w, case)
                C[case + L.C_STAY] = L.NOWHERE
                soon(w, L.LEAVE, case, L.TURNED)
        case = ahead
    case = S[line + L.L_FIRST]
    while case >= 0:
        if C[case + L.C_HELD] and C[case + L.C_PASS] != S[L.PASS]:
            limited = P[stage_row(w, case) + L.LIMIT] >= 0
            let_held_go(w, case)
            S[team_state(w, team) + L.TS_LIMITED] -= not limited
        case = behind(w, case)
