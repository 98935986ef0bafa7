"""The log, heaps, the queue of what happens now, and chains of nodes."""

from __future__ import annotations

from ...compiling.jit import inlined, njit
from . import layout as L


@inlined
def note(w, time, case, what, stage, team):
    """Write one row of the log."""
    T, S = w.T, w.S
    n = S[L.LOG_N]
    S[L.LOG_N] = n + 1
    n *= L.LOG_W
    T[n] = time
    T[n + 1] = case
    T[n + 2] = (stage + 1) << 36 | (team + 1) << 8 | what


@njit
def heap_push(A, at, n, key, what, gen):
    """Into a heap of n rows that begins at `at`, the lowest key first."""
    i = n
    while i > 0:
        up = (i - 1) >> 1
        a = at + up * L.HEAP_W
        if A[a] <= key:
            break
        b = at + i * L.HEAP_W
        A[b], A[b + 1], A[b + 2] = A[a], A[a + 1], A[a + 2]
        i = up
    b = at + i * L.HEAP_W
    A[b], A[b + 1], A[b + 2] = key, what, gen


@njit
def heap_pop(A, at, n):
    """Take the first row off a heap of n rows; its last two numbers."""
    what, gen = A[at + 1], A[at + 2]
    n -= 1
    last = at + n * L.HEAP_W
    key, last_what, last_gen = A[last], A[last + 1], A[last + 2]
    b, end = at, last
    a = at + L.HEAP_W
    while a < end:
        # Behind the end stands the row that was the last: no earlier than itself. So both children can be compared
        # without a branch, which the processor would guess wrong every other time.
        a += L.HEAP_W * int(A[a + L.HEAP_W] < A[a])
        if A[a] >= key:
            break
        A[b], A[b + 1], A[b + 2] = A[a], A[a + 1], A[a + 2]
        b = a
        a = 2 * a - at + L.HEAP_W
    A[b], A[b + 1], A[b + 2] = key, last_what, last_gen
    return what, gen


@njit
def push(w, second, phase, kind, who, gen):
    """Let something happen at a second, in its phase."""
    n = w.S[L.HEAP_N]
    w.S[L.HEAP_N] = n + 1
    heap_push(w.H, 0, n, second * 4 + phase, who * 16 + kind, gen)


@njit
def pop(w):
    """Take what happens first off the heap: what and to whom, and the generation that it was meant for."""
    n = w.S[L.HEAP_N]
    w.S[L.HEAP_N] = n - 1
    return heap_pop(w.H, 0, n)


@njit
def soon(w, kind, who, answer):
    """Let something happen in this very second, behind what was told before."""
    n = w.S[L.Q_TAIL] * L.QUEUE_W
    w.S[L.Q_TAIL] += 1
    w.Q[n] = who * 4 + kind
    w.Q[n + 1] = answer


@njit
def node(w, head):
    """A node for the front of a chain."""
    S, N = w.S, w.N
    found = S[L.FREE_NODE]
    S[L.FREE_NODE] = N[found + L.NEXT]
    S[L.FREE_NODES] -= 1
    N[found + L.NEXT] = head
    return found


@njit
def free(w, at):
    """Give one node back."""
    S = w.S
    w.N[at + L.NEXT] = S[L.FREE_NODE]
    S[L.FREE_NODE] = at
    S[L.FREE_NODES] += 1


@njit
def free_all(w, head):
    """Give a whole chain back."""
    while head >= 0:
        after = w.N[head + L.NEXT]
        free(w, head)
        head = after


@njit
def found(w, head, key):
    """The node of a key in a chain, or -1."""
    N = w.N
    while head >= 0 and N[head + L.V_KEY] != key:
        head = N[head + L.NEXT]
    return head


@njit
def count(w, case, key):
    """How often a case was told of a key (a stage that it visits, a clock that it starts); once more from now on."""
    C, N = w.C, w.N
    word, bit = case + L.CASE_FIXED + key // L.BITS, 1 << key % L.BITS
    if not C[word] & bit:  # most keys come once, and need no node
        C[word] |= bit
        return 0
    at = found(w, C[case + L.C_VISITS], key)
    if at < 0:
        at = node(w, C[case + L.C_VISITS])
        C[case + L.C_VISITS] = at
        N[at + L.V_KEY], N[at + L.V_COUNT] = key, 1
    N[at + L.V_COUNT] += 1
    return N[at + L.V_COUNT] - 1


@njit
def counted(w, case, key):
    """How often a case has been told of a key."""
    C = w.C
    if not C[case + L.CASE_FIXED + key // L.BITS] & 1 << key % L.BITS:
        return 0
    at = found(w, C[case + L.C_VISITS], key)
    return w.N[at + L.V_COUNT] if at >= 0 else 1
