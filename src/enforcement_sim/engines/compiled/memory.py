"""The log, the heap of what will happen, the queue of what happens now, and chains of nodes."""

from __future__ import annotations

from . import layout as L
from .jit import njit


@njit
def note(w, time, case, what, stage, team):
    """Write one row of the log."""
    n = w.S[L.LOG_N]
    w.LT[n, 0], w.LT[n, 1] = time, case
    w.LR[n, 0], w.LR[n, 1], w.LR[n, 2] = what, stage, team
    w.S[L.LOG_N] = n + 1


@njit
def push(w, second, phase, kind, slot, gen):
    """Let something happen at a second, in its phase."""
    HT, HP = w.HT, w.HP
    key = second * 4 + phase
    i = w.S[L.HEAP_N]
    w.S[L.HEAP_N] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if HT[up] <= key:
            break
        HT[i], HP[i, 0], HP[i, 1] = HT[up], HP[up, 0], HP[up, 1]
        i = up
    HT[i], HP[i, 0], HP[i, 1] = key, slot * 16 + kind, gen


@njit
def pop(w):
    """Take what happens first off the heap: what and to whom, and the generation that it was meant for."""
    HT, HP = w.HT, w.HP
    what, gen = HP[0, 0], HP[0, 1]
    n = w.S[L.HEAP_N] - 1
    w.S[L.HEAP_N] = n
    key, last, last_gen = HT[n], HP[n, 0], HP[n, 1]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= n:
            break
        if down + 1 < n and HT[down + 1] < HT[down]:
            down += 1
        if HT[down] >= key:
            break
        HT[i], HP[i, 0], HP[i, 1] = HT[down], HP[down, 0], HP[down, 1]
        i = down
    HT[i], HP[i, 0], HP[i, 1] = key, last, last_gen
    return what, gen


@njit
def soon(w, kind, slot, answer):
    """Let something happen in this very second, behind what was told before."""
    n = w.S[L.Q_TAIL]
    w.Q[n, 0], w.Q[n, 1] = slot * 4 + kind, answer
    w.S[L.Q_TAIL] = n + 1


@njit
def node(w, head):
    """A node for the front of a chain."""
    found = w.S[L.FREE_NODE]
    w.S[L.FREE_NODE] = w.N[found, L.NEXT]
    w.S[L.FREE_NODES] -= 1
    w.N[found, L.NEXT] = head
    return found


@njit
def free(w, at):
    """Give one node back."""
    w.N[at, L.NEXT] = w.S[L.FREE_NODE]
    w.S[L.FREE_NODE] = at
    w.S[L.FREE_NODES] += 1


@njit
def free_all(w, head):
    """Give a whole chain back."""
    while head >= 0:
        after = w.N[head, L.NEXT]
        free(w, head)
        head = after


@njit
def count(w, slot, key):
    """How often a case was told of a key (a stage that it visits, a clock that it starts); once more from now on."""
    N = w.N
    at = w.C[slot, L.C_VISITS]
    while at >= 0:
        if N[at, L.V_KEY] == key:
            N[at, L.V_COUNT] += 1
            return N[at, L.V_COUNT] - 1
        at = N[at, L.NEXT]
    at = node(w, w.C[slot, L.C_VISITS])
    N[at, L.V_KEY], N[at, L.V_COUNT] = key, 1
    w.C[slot, L.C_VISITS] = at
    return 0


@njit
def counted(w, slot, key):
    """How often a case has been told of a key."""
    at = w.C[slot, L.C_VISITS]
    while at >= 0:
        if w.N[at, L.V_KEY] == key:
            return w.N[at, L.V_COUNT]
        at = w.N[at, L.NEXT]
    return 0
