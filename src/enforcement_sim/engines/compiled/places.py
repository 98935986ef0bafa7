"""Places in line in the kernel: each line is a treap, a search tree that the hash of the case number balances.

The first and the last are at hand, so first come, first served takes constant time; any other place takes a time that
grows with the logarithm of the line.
"""

from __future__ import annotations

from ...compiling.jit import njit
from ...records import QueueRule as Rule
from . import layout as L
from .teams import stage_row, team_state

EARLIEST_DUE, SEVERITY = int(Rule.EARLIEST_DUE), int(Rule.SEVERITY)


@njit
def goes_before(w, a, b):
    """Whether one case stands before another in a line; `decisions.order.place`."""
    C = w.C
    if C[a + L.C_CLASS] != C[b + L.C_CLASS]:
        return C[a + L.C_CLASS] < C[b + L.C_CLASS]
    if C[a + L.C_BY_RULE] != C[b + L.C_BY_RULE]:
        return C[a + L.C_BY_RULE] < C[b + L.C_BY_RULE]
    if C[a + L.C_SINCE] != C[b + L.C_SINCE]:
        return C[a + L.C_SINCE] < C[b + L.C_SINCE]
    return C[a + L.C_NUMBER] < C[b + L.C_NUMBER]


@njit
def _weight(w, case):
    """Lighter cases float to the root."""
    h = (w.C[case + L.C_NUMBER] & 0x7FFFFFFF) * 2_654_435_761 & 0x7FFFFFFF
    h = (h ^ h >> 15) * 2_246_822_519 & 0x7FFFFFFF
    return h ^ h >> 13


@njit
def _hang(w, line, up, old, new):
    """Put `new` where `old` hung."""
    C = w.C
    if up < 0:
        w.S[line + L.L_ROOT] = new
    elif C[up + L.C_BEFORE] == old:
        C[up + L.C_BEFORE] = new
    else:
        C[up + L.C_BEHIND] = new
    if new >= 0:
        C[new + L.C_UP] = up


@njit
def _lift(w, line, case):
    """Let a case and what it hangs on change places; the order of the line stays."""
    C = w.C
    up = C[case + L.C_UP]
    _hang(w, line, C[up + L.C_UP], up, case)
    if C[up + L.C_BEFORE] == case:
        inner = C[case + L.C_BEHIND]
        C[up + L.C_BEFORE], C[case + L.C_BEHIND] = inner, up
    else:
        inner = C[case + L.C_BEFORE]
        C[up + L.C_BEHIND], C[case + L.C_BEFORE] = inner, up
    C[up + L.C_UP] = case
    if inner >= 0:
        C[inner + L.C_UP] = up


@njit
def _beside(w, case, near, far):
    """The next in line in the direction of column `near`, or -1."""
    C = w.C
    at = C[case + near]
    if at >= 0:
        while C[at + far] >= 0:
            at = C[at + far]
        return at
    at = C[case + L.C_UP]
    while at >= 0 and C[at + near] == case:
        case, at = at, C[at + L.C_UP]
    return at


@njit
def behind(w, case):
    """The next case in line, or -1."""
    return _beside(w, case, L.C_BEHIND, L.C_BEFORE)


@njit
def before(w, case):
    """The case before in line, or -1."""
    return _beside(w, case, L.C_BEFORE, L.C_BEHIND)


@njit
def line_at(w, number):
    """Where the row of a line begins."""
    return w.S[L.S_LINE] + number * L.LINE_W


@njit
def first_in(w, number):
    """The first case in a line, or -1."""
    return w.S[line_at(w, number) + L.L_FIRST]


@njit
def into_line(w, case, number):
    """Stand in a line at one's place."""
    C, S = w.C, w.S
    line = line_at(w, number)
    C[case + L.C_CLASS] = w.P[stage_row(w, case) + L.PRIORITY] * 2**32 + C[case + L.C_PRIORITY]
    C[case + L.C_LINE], C[case + L.C_PASS] = number, S[L.PASS]
    C[case + L.C_BEFORE], C[case + L.C_BEHIND] = -1, -1
    last = S[line + L.L_LAST]
    if last < 0:
        S[line + L.L_ROOT], S[line + L.L_FIRST], S[line + L.L_LAST], C[case + L.C_UP] = case, case, case, -1
        return
    if goes_before(w, last, case):
        C[last + L.C_BEHIND], C[case + L.C_UP] = case, last
        S[line + L.L_LAST] = case
    else:
        at = S[line + L.L_ROOT]
        while True:
            column = L.C_BEFORE if goes_before(w, case, at) else L.C_BEHIND
            if C[at + column] < 0:
                break
            at = C[at + column]
        C[at + column], C[case + L.C_UP] = case, at
        if at == S[line + L.L_FIRST] and column == L.C_BEFORE:
            S[line + L.L_FIRST] = case
    weight = _weight(w, case)
    while C[case + L.C_UP] >= 0 and weight < _weight(w, C[case + L.C_UP]):
        _lift(w, line, case)


@njit
def out_of_line(w, case):
    """Leave a line."""
    C, S = w.C, w.S
    line = line_at(w, C[case + L.C_LINE])
    if S[line + L.L_FIRST] == case:
        S[line + L.L_FIRST] = behind(w, case)
    if S[line + L.L_LAST] == case:
        S[line + L.L_LAST] = before(w, case)
    while C[case + L.C_BEFORE] >= 0 and C[case + L.C_BEHIND] >= 0:
        a, b = C[case + L.C_BEFORE], C[case + L.C_BEHIND]
        _lift(w, line, a if _weight(w, a) < _weight(w, b) else b)
    below = max(C[case + L.C_BEFORE], C[case + L.C_BEHIND])  # the one that there is, or -1
    _hang(w, line, C[case + L.C_UP], case, below)


@njit
def join(w, case, team):
    """Stand in a team's line, by its rule of now."""
    S, C = w.S, w.C
    s = team_state(w, team)
    rule = S[s + L.TS_RULE]
    by_rule = 0
    if rule == EARLIEST_DUE:
        by_rule = C[case + L.C_DUE]
    elif rule == SEVERITY:
        by_rule = -C[case + L.C_SEVERITY]
    C[case + L.C_BY_RULE] = by_rule
    into_line(w, case, team)
    S[s + L.TS_WAITING] += 1
    S[s + L.TS_LIMITED] += is_limited(w, case)
    C[case + L.C_STAY] = L.IN_LINE


@njit
def is_limited(w, case):
    """1 if a case's stage has room for so many only, or the case keeps officers until it has found room."""
    return int(w.P[stage_row(w, case) + L.LIMIT] >= 0 or w.C[case + L.C_HELD] != 0)


@njit
def leave_line(w, case):
    """Go out of a team's line."""
    out_of_line(w, case)
    s = team_state(w, w.C[case + L.C_LINE])
    w.S[s + L.TS_WAITING] -= 1
    w.S[s + L.TS_LIMITED] -= is_limited(w, case)


@njit
def reorder(w, team, rule):
    """Serve by another rule from now on; the line stands accordingly."""
    C, S = w.C, w.S
    s, line = team_state(w, team), line_at(w, team)
    S[s + L.TS_RULE] = rule
    chain, case = -1, S[line + L.L_FIRST]
    while case >= 0:
        C[case + L.C_NEXT] = chain
        chain, case = case, behind(w, case)
    S[line + L.L_ROOT], S[line + L.L_FIRST], S[line + L.L_LAST] = -1, -1, -1
    S[s + L.TS_WAITING], S[s + L.TS_LIMITED] = 0, 0
    while chain >= 0:
        after = C[chain + L.C_NEXT]
        join(w, chain, team)
        chain = after
