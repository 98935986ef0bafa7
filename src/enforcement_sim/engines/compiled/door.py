"""How cases come in the kernel: through the door, and as child matters when an instant settles."""

from __future__ import annotations

from ...records import NONE as _NONE
from . import layout as L
from .jit import njit
from .life import advance, arrive
from .memory import free

NONE = int(_NONE)


@njit
def _slot(w):
    """Room for a case."""
    C, S = w.C, w.S
    slot = S[L.FREE_CASE]
    S[L.FREE_CASE] = C[slot, L.C_NEXT]
    S[L.FREE_CASES] -= 1
    C[slot, L.C_GEN] += 1
    C[slot, L.C_SERVICE_GEN] += 1
    for column in (
        L.C_VISITS, L.C_RUNS, L.C_BELL, L.C_LAPSES_TO, L.C_OUTCOME, L.C_LAST_T, L.C_LAST_N, L.C_RUNNING, L.C_PARENT,
        L.C_JOIN_GEN, L.C_LEFT,
    ):  # fmt: skip
        C[slot, column] = -1
    for column in (L.C_LATE, L.C_STAY, L.C_KIDS, L.C_HANDS, L.C_HELD, L.C_IS_CHILD):
        C[slot, column] = 0
    C[slot, L.C_SINCE] = S[L.NOW]
    return slot


@njit
def enter(w):
    """A case comes through the door."""
    P, C, S = w.P, w.C, w.S
    number = S[L.DOOR]
    S[L.DOOR] = number + 1
    d = P[L.AT_DOOR] + number * L.DOOR_W
    slot = _slot(w)
    C[slot, L.C_NUMBER], C[slot, L.C_ROOT] = number, number
    C[slot, L.C_FILED], C[slot, L.C_SINCE] = P[d + L.D_FILED], P[d + L.D_SINCE]
    C[slot, L.C_ADDRESS], C[slot, L.C_ORDINAL] = P[d + L.D_ADDRESS], P[d + L.D_ORDINAL]
    C[slot, L.C_ORIGIN], C[slot, L.C_FIELD], C[slot, L.C_HOME] = P[d + L.D_ORIGIN], P[d + L.D_FIELD], P[d + L.D_HOME]
    C[slot, L.C_HANDLER], C[slot, L.C_KIND] = P[d + L.D_HANDLER], P[d + L.D_KIND]
    C[slot, L.C_PRIORITY], C[slot, L.C_SEVERITY] = P[d + L.D_PRIORITY], P[d + L.D_SEVERITY]
    C[slot, L.C_MOVED], C[slot, L.C_GIVER], C[slot, L.C_REFORM] = P[d + L.D_MOVED], P[d + L.D_GIVER], P[d + L.D_REFORM]
    C[slot, L.C_CREDIT], C[slot, L.C_OFFENCE] = P[d + L.D_CREDIT], P[d + L.D_OFFENCE]
    C[slot, L.C_RUNNING] = P[d + L.D_RUNNING]
    arrive(w, slot)
    advance(w, slot, P[d + L.D_ENTERS])


@njit
def deliver(w):
    """Child matters begin, in the order of their parents, and of a parent's as it told of them."""
    P, C, S, N, Z, B = w.P, w.C, w.S, w.N, w.Z, w.B
    n, at = S[L.EXPECTED_N], S[L.EXPECTED]
    half = len(Z) // 2
    for i in range(n - 1, -1, -1):
        Z[i] = N[at, L.E_NUMBER] * (1 << 24) + i
        Z[half + i] = at
        at = N[at, L.NEXT]
    S[L.EXPECTED], S[L.EXPECTED_N] = -1, 0
    Z[:n].sort()
    for i in range(n):
        at = Z[half + (Z[i] & ((1 << 24) - 1))]
        parent, child, address, gen = N[at, L.E_PARENT], N[at, L.E_CHILD], N[at, L.E_ADDRESS], N[at, L.E_GEN]
        slot = _slot(w)
        for column in (
            L.C_ORDINAL, L.C_ORIGIN, L.C_FIELD, L.C_HOME, L.C_HANDLER, L.C_KIND, L.C_PRIORITY, L.C_SEVERITY, L.C_MOVED,
            L.C_GIVER, L.C_REFORM, L.C_CREDIT, L.C_OFFENCE, L.C_ROOT,
        ):  # fmt: skip
            C[slot, column] = C[parent, column]
        number = S[L.NUMBER]
        S[L.NUMBER] = number + 1
        C[slot, L.C_NUMBER], C[slot, L.C_ADDRESS], C[slot, L.C_FILED] = number, address, S[L.NOW]
        C[slot, L.C_PARENT], C[slot, L.C_PARENT_LIFE] = parent, N[at, L.E_LIFE]
        C[slot, L.C_JOIN_GEN], C[slot, L.C_IS_CHILD] = gen, 1
        kind = P[P[L.AT_CHILD] + child * L.CHILD_W]
        if kind != NONE:
            C[slot, L.C_KIND] = kind
        enters = P[P[L.AT_CHILD_ENTERS] + child * P[L.N_FIELDS] + C[slot, L.C_FIELD]]
        b = S[L.BORN_N]
        S[L.BORN_N] = b + 1
        B[b, 0], B[b, 1], B[b, 2], B[b, 3] = N[at, L.E_NUMBER], C[slot, L.C_ROOT], S[L.NOW], enters
        B[b, 4], B[b, 5], B[b, 6] = C[slot, L.C_KIND], address, C[slot, L.C_HANDLER]
        B[b, 7], B[b, 8] = C[slot, L.C_MOVED], C[slot, L.C_REFORM]
        free(w, at)
        arrive(w, slot)
        advance(w, slot, enters)


@njit
def forget_closed(w):
    """Cases that have closed in this second make room for others."""
    C, S = w.C, w.S
    while S[L.CLOSED_CASE] >= 0:
        slot = S[L.CLOSED_CASE]
        S[L.CLOSED_CASE] = C[slot, L.C_NEXT]
        C[slot, L.C_NEXT] = S[L.FREE_CASE]
        S[L.FREE_CASE] = slot
        S[L.FREE_CASES] += 1
