"""Places in line in the kernel: teams that choose again, and the lines of teams and gates."""

from __future__ import annotations

from ...records import QueueRule as Rule
from . import layout as L
from .jit import njit

EARLIEST_DUE, SEVERITY = int(Rule.EARLIEST_DUE), int(Rule.SEVERITY)


@njit
def team_row(w, team):
    return w.P[L.AT_TEAM] + team * L.TEAM_W


@njit
def team_state(w, team):
    return w.S[L.S_TEAM] + team * L.TEAM_STATE_W


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
    """Into the heap of teams that choose again, the lowest number first."""
    S = w.S
    s = team_state(w, team)
    if S[s + L.TS_STIRRED]:
        return
    S[s + L.TS_STIRRED] = 1
    A, i = S[L.S_STIRRED], S[L.STIRRED_N]
    S[L.STIRRED_N] = i + 1
    while i > 0 and S[A + ((i - 1) >> 1)] > team:
        S[A + i] = S[A + ((i - 1) >> 1)]
        i = (i - 1) >> 1
    S[A + i] = team


@njit
def next_stirred(w):
    """The lowest team that chooses again, taken out."""
    S = w.S
    A = S[L.S_STIRRED]
    team, n = S[A], S[L.STIRRED_N] - 1
    S[L.STIRRED_N] = n
    last, i = S[A + n], 0
    while 2 * i + 1 < n:
        down = 2 * i + 1
        if down + 1 < n and S[A + down + 1] < S[A + down]:
            down += 1
        if S[A + down] >= last:
            break
        S[A + i] = S[A + down]
        i = down
    S[A + i] = last
    S[team_state(w, team) + L.TS_STIRRED] = 0
    return team


@njit
def is_better(w, a, b):
    """Whether one case is of a better priority class than another: that of the stage, then that of the case."""
    P, C = w.P, w.C
    first = P[P[L.AT_STAGE] + C[a, L.C_ROW] * L.STAGE_W + L.PRIORITY]
    second = P[P[L.AT_STAGE] + C[b, L.C_ROW] * L.STAGE_W + L.PRIORITY]
    return first < second or (first == second and C[a, L.C_PRIORITY] < C[b, L.C_PRIORITY])


@njit
def goes_before(w, a, b):
    """Whether one case stands before another in a line; `decisions.order.place`."""
    C = w.C
    if is_better(w, a, b):
        return True
    if is_better(w, b, a):
        return False
    if C[a, L.C_BY_RULE] != C[b, L.C_BY_RULE]:
        return C[a, L.C_BY_RULE] < C[b, L.C_BY_RULE]
    if C[a, L.C_SINCE] != C[b, L.C_SINCE]:
        return C[a, L.C_SINCE] < C[b, L.C_SINCE]
    return C[a, L.C_NUMBER] < C[b, L.C_NUMBER]


@njit
def into_line(w, slot, line):
    """Stand in a line at one's place."""
    C, S = w.C, w.S
    ends = S[L.S_LINE] + line * L.LINE_W
    after, before = -1, S[ends + 1]
    while before >= 0 and goes_before(w, slot, before):
        after, before = before, C[before, L.C_PREV]
    C[slot, L.C_PREV], C[slot, L.C_NEXT] = before, after
    if before >= 0:
        C[before, L.C_NEXT] = slot
    else:
        S[ends] = slot
    if after >= 0:
        C[after, L.C_PREV] = slot
    else:
        S[ends + 1] = slot
    C[slot, L.C_LINE] = line
    C[slot, L.C_PASS] = S[L.PASS]


@njit
def out_of_line(w, slot):
    """Leave a line."""
    C, S = w.C, w.S
    ends = S[L.S_LINE] + C[slot, L.C_LINE] * L.LINE_W
    before, after = C[slot, L.C_PREV], C[slot, L.C_NEXT]
    if before >= 0:
        C[before, L.C_NEXT] = after
    else:
        S[ends] = after
    if after >= 0:
        C[after, L.C_PREV] = before
    else:
        S[ends + 1] = before


@njit
def join(w, slot, team):
    """Stand in a team's line, by its rule of now."""
    S, C = w.S, w.C
    s = team_state(w, team)
    rule = S[s + L.TS_RULE]
    by_rule = 0
    if rule == EARLIEST_DUE:
        by_rule = C[slot, L.C_DUE]
    elif rule == SEVERITY:
        by_rule = -C[slot, L.C_SEVERITY]
    C[slot, L.C_BY_RULE] = by_rule
    into_line(w, slot, team)
    S[s + L.TS_WAITING] += 1
    C[slot, L.C_STAY] = L.IN_LINE


@njit
def leave_line(w, slot):
    """Go out of a team's line."""
    out_of_line(w, slot)
    w.S[team_state(w, w.C[slot, L.C_LINE]) + L.TS_WAITING] -= 1


@njit
def reorder(w, team, rule):
    """Serve by another rule from now on; the line stands accordingly."""
    C, S = w.C, w.S
    S[team_state(w, team) + L.TS_RULE] = rule
    ends = S[L.S_LINE] + team * L.LINE_W
    slot = S[ends]
    S[ends], S[ends + 1], S[team_state(w, team) + L.TS_WAITING] = -1, -1, 0
    while slot >= 0:
        after = C[slot, L.C_NEXT]
        join(w, slot, team)
        slot = after


@njit
def helper(w, slot, i):
    """The team of the i-th further role that a case's stage asks for."""
    P, C = w.P, w.C
    stage = P[L.AT_STAGE] + C[slot, L.C_ROW] * L.STAGE_W
    role = P[P[L.AT_ALSO] + 2 * (P[stage + L.ALSO_AT] + i)]
    return team_of(w, role, C[slot, L.C_FIELD], C[slot, L.C_HANDLER])


@njit
def helpers(w, slot):
    """How many further teams a case's stage asks for."""
    return w.P[w.P[L.AT_STAGE] + w.C[slot, L.C_ROW] * L.STAGE_W + L.ALSO_N]


@njit
def helping(w, slot, i):
    """How many of its officers."""
    P = w.P
    stage = P[L.AT_STAGE] + w.C[slot, L.C_ROW] * L.STAGE_W
    return P[P[L.AT_ALSO] + 2 * (P[stage + L.ALSO_AT] + i) + 1]


@njit
def team_of(w, role, field, place):
    P = w.P
    return P[P[L.AT_TEAM_OF] + (role * P[L.N_FIELDS] + field) * P[L.N_PLACES] + place]
