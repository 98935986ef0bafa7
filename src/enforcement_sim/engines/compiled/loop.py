"""The loop: what happens next, and the moment at which an instant has settled (docs/why/order.md)."""

from __future__ import annotations

from ...compiling.jit import door, njit, pointer, soon_needed
from ...records import Measure
from . import layout as L
from .chance import block, length, unit, whole_seconds
from .door import deliver, enter, forget_closed
from .hours import NEVER
from .legal import GAVE_UP, LAPSED, ring
from .life import broken, finish, leave, start
from .lines import serve
from .memory import pop, push, soon
from .officers import take_back
from .places import first_in, out_of_line, reorder
from .service import closes_at, end_of, opens_at, redraws
from .teams import next_stirred, stir, team_row, team_state

OVERDUE_SHARE = int(Measure.OVERDUE_SHARE)
MARGIN, EACH_CHILD = 2_048, 128
"""Rows of the log and other room that one step needs at the most, and those that each child needs that begins."""


@door
def run(world):
    """Simulate until the horizon, or until something has to grow; why it came back."""
    return _run(
        L.World(
            pointer(world.P), pointer(world.X), pointer(world.K), pointer(world.D), pointer(world.YC),
            pointer(world.YV), pointer(world.YT), pointer(world.YF), pointer(world.S), pointer(world.C),
            pointer(world.N), pointer(world.H), pointer(world.Q), pointer(world.T), pointer(world.B), pointer(world.Z),
        )
    )  # fmt: skip


@njit
def _run(w):
    P, S, H, D = w.P, w.S, w.H, w.D
    while True:
        if S[L.Q_HEAD] < S[L.Q_TAIL]:
            why = lacks(w)
            if why != L.DONE:
                return why
            _go_on(w)
            continue
        S[L.Q_HEAD], S[L.Q_TAIL] = 0, 0
        why = lacks(w)
        if why != L.DONE:
            return why
        now = S[L.NOW]
        comes = D[S[L.DOOR] * L.DOOR_W] if S[L.DOOR] < P[L.N_DOOR] else NEVER
        if comes == now:
            enter(w)
        elif S[L.HEAP_N] and H[0] < 4 * now + L.AFTERWARDS:
            _happen(w)
        elif S[L.EXPECTED_N]:
            deliver(w)
        elif S[L.MEETINGS]:
            _meet(w)
        elif S[L.STIRRED_N]:
            while S[L.STIRRED_N]:
                if serve(w, next_stirred(w)):
                    return L.GRIDLOCK
        elif S[L.HEAP_N] and H[0] == 4 * now + L.AFTERWARDS:
            reform, _ = pop(w)
            _evaluate(w, reform // 16)
        else:
            forget_closed(w)
            S[L.MOST_AT_ONCE] = max(S[L.MOST_AT_ONCE], S[L.LOG_N] - S[L.TOLD])
            S[L.TOLD] = S[L.LOG_N]
            then = min(comes, H[0] >> 2 if S[L.HEAP_N] else NEVER)
            if then >= P[L.HORIZON]:
                return L.DONE if then < NEVER or not _stands_still(w) else L.STANDSTILL
            S[L.NOW] = then


@njit
def lacks(w):
    """What has to grow before the next step."""
    S = w.S
    most = MARGIN + w.P[L.N_TEAMS] + EACH_CHILD * S[L.EXPECTED_N]
    if S[L.LOG_N] + most > S[L.ROOM_LOG]:
        return L.LOG_FULL
    if S[L.FREE_CASES] < 2 + S[L.EXPECTED_N] or S[L.EXPECTED_N] + MARGIN > S[L.ROOM_Z]:
        return L.MORE_CASES
    if S[L.FREE_NODES] < most:
        return L.MORE_NODES
    if S[L.HEAP_N] + most > S[L.ROOM_HEAP]:
        return L.MORE_HEAP
    if S[L.BORN_N] + S[L.EXPECTED_N] + 2 > S[L.ROOM_BORN]:
        return L.MORE_BORN
    return L.DONE


@njit
def _go_on(w):
    S = w.S
    at = S[L.Q_HEAD] * L.QUEUE_W
    S[L.Q_HEAD] += 1
    item, answer = w.Q[at], w.Q[at + 1]
    case, kind = item // 4, item % 4
    if kind == L.START:
        start(w, case)
    elif kind == L.LEAVE:
        leave(w, case, answer)
    elif kind == L.BREAK:
        broken(w, case)
    else:
        _take_up_duty(w, case)


@njit
def _fetch(w, case):
    """Have the first columns of a case brought near, whose turn comes next."""
    for line in range(0, L.NEEDED_FIRST, 8):
        soon_needed(w.C, case + line)
    soon_needed(w.C, case + w.P[L.AT_HANDS])


@njit
def _happen(w):
    C, S = w.C, w.S
    what, gen = pop(w)
    case, kind = what // 16, what % 16
    _fetch(w, w.H[1] // 16)
    if kind == L.END_WORK:
        if C[case + L.C_SERVICE_GEN] == gen and C[case + L.C_STAY] == L.IN_SERVICE:
            finish(w, case)
    elif kind == L.END_WAIT:
        if C[case + L.C_GEN] == gen and C[case + L.C_STAY] == L.IN_WAIT:
            leave(w, case, L.SERVED)
    elif kind == L.BELL:
        if C[case + L.C_LIFE] == gen:
            ring(w, case)
    elif kind == L.LAPSE:
        if C[case + L.C_GEN] == gen and C[case + L.C_STAY] not in (L.NOWHERE, L.IN_SERVICE):
            leave(w, case, LAPSED)
    elif kind == L.WAKE:
        stir(w, case)
    elif kind == L.GIVES_UP:
        if C[case + L.C_GEN] == gen and C[case + L.C_STAY] == L.IN_LINE:
            leave(w, case, GAVE_UP)
    elif kind == L.ROSTER:
        _change(w, case, gen)
    elif kind == L.MEET:
        _hold(w, case, gen)
    elif kind == L.QUEUE_RULE:
        reorder(w, case, gen)
        stir(w, case)
    elif kind == L.ASSIGN:
        a, s = w.P[L.AT_ASSIGN] + 3 * gen, team_state(w, case)
        S[s + L.TS_KEEPS], S[s + L.TS_BY_LOT], S[s + L.TS_CAP] = w.P[a], w.P[a + 1], w.P[a + 2]
        stir(w, case)
    else:
        take_back(w, case, 1, gen)
        stir(w, case)


@njit
def _change(w, team, step):
    """A new number of officers from now on."""
    P, S = w.P, w.S
    t, s = team_row(w, team), team_state(w, team)
    at = P[t + L.T_ROSTER_AT] + step
    S[s + L.TS_OFFICERS] = P[P[L.AT_ROSTER] + 2 * at + 1]
    w.X[P[L.F_TEAM] + team * L.TEAM_XW] = w.X[P[L.F_ROSTER] + at]
    if P[t + L.T_NEW_TEAM]:
        S[s + L.TS_BUSY] = 0
        S[s + L.TS_SHIFT] += 1
    if step + 1 < P[t + L.T_ROSTER_N]:
        push(w, P[P[L.AT_ROSTER] + 2 * at + 2], L.NORMAL, L.ROSTER, team, step + 1)
    stir(w, team)


@njit
def _hold(w, gate, number):
    """A meeting is held, if it has a quorum; who passes is chosen when the instant has settled."""
    P, S = w.P, w.S
    g = P[L.AT_GATE] + gate * L.GATE_W
    held, asked = w.X[P[L.F_GATE] + gate], P[g + 2]
    m = P[L.AT_MEETING] + (P[g] + number) * L.MEETING_W
    if held >= 1.0 or unit(block(w.K, asked, number, 0, asked, 0)[0]) < held:
        S[S[L.S_MEETING] + gate] = P[m + 1]
        S[L.MEETINGS] += 1
    if number + 1 < P[g + 1]:
        push(w, P[m + L.MEETING_W], L.NORMAL, L.MEET, gate, number + 1)


@njit
def _meet(w):
    """Gates choose before teams do; whom they let pass may join a line before these choose."""
    P, C, S = w.P, w.C, w.S
    for gate in range(P[L.N_GATES]):
        quota = S[S[L.S_MEETING] + gate]
        S[S[L.S_MEETING] + gate] = 0
        while quota > 0 and first_in(w, P[L.N_TEAMS] + gate) >= 0:
            case = first_in(w, P[L.N_TEAMS] + gate)
            out_of_line(w, case)
            C[case + L.C_STAY] = L.NOWHERE
            soon(w, L.LEAVE, case, L.SERVED)
            quota -= 1
    S[L.MEETINGS] = 0


@njit
def _take_up_duty(w, team):
    """An officer for whom no case waits does something else for a while."""
    P, S = w.P, w.S
    t, s, now = team_row(w, team), team_state(w, team), S[L.NOW]
    nth, asked = S[s + L.TS_DUTIES], P[t + L.T_ASKED]
    S[s + L.TS_DUTIES] += 1
    seconds = whole_seconds(length(w, P[t + L.T_DUTY], asked, nth, 0, asked, 0, 0, 0, 0), 1)
    if redraws(w, team):
        end, began = now + seconds, now
        while end > closes_at(w, team, began):
            began = opens_at(w, team, closes_at(w, team, began))
            if began == NEVER:
                return
            end = began + 1
    else:
        end = end_of(w, team, now, seconds)
    if end != NEVER:
        push(w, end, L.NORMAL, L.DUTY_DONE, team, S[s + L.TS_SHIFT])


@njit
def _evaluate(w, reform):
    """Take powers back from the places of a reform whose measure lies above its limit."""
    P, S, X = w.P, w.S, w.X
    r = P[L.AT_REFORM] + reform * L.REFORM_W
    for place in range(P[L.N_PLACES]):
        at = reform * P[L.N_PLACES] + place
        came = S[S[L.S_CAME] + at]
        if came == 0 or came < P[r + 3]:
            continue
        if P[r + 2] == OVERDUE_SHARE:
            measure = S[S[L.S_LATE] + at] / came
        else:
            officers = 0
            for team in range(P[L.N_TEAMS]):
                t = team_row(w, team)
                if P[t + L.T_ROLE] == P[r + 1] and P[t + L.T_PLACE] == place:
                    officers += S[team_state(w, team) + L.TS_OFFICERS]
            measure = S[S[L.S_OPEN] + at] / max(1, officers)
        if measure > X[P[L.F_REFORM] + reform * 4 + 3]:
            S[S[L.S_RECALLED] + at] = 1


@njit
def _stands_still(w):
    """Whether a case waits at a team although nothing will ever happen any more."""
    for team in range(w.P[L.N_TEAMS]):
        if first_in(w, team) >= 0:
            return True
    return False
