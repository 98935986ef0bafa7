"""How cases come in the kernel: through the door, and as child matters when an instant settles."""

from __future__ import annotations

from ...compiling.jit import njit
from ...records import NONE as _NONE
from . import layout as L
from .life import advance, arrive
from .memory import free, free_all, heap_pop, node

NONE = int(_NONE)


@njit
def _slot(w):
    """Room for a case."""
    C, S = w.C, w.S
    case = S[L.FREE_CASE]
    S[L.FREE_CASE] = C[case + L.C_NEXT]
    S[L.FREE_CASES] -= 1
    C[case + L.C_GEN] += 1
    C[case + L.C_SERVICE_GEN] += 1
    for column in (
        L.C_VISITS, L.C_RUNS, L.C_BELL, L.C_LAPSES_TO, L.C_OUTCOME, L.C_LAST_T, L.C_LAST_N, L.C_RUNNING, L.C_PARENT,
        L.C_JOIN_GEN, L.C_LEFT, L.C_OWNER, L.C_OWNERS, L.C_KEEPS, L.C_JUST_T,
    ):  # fmt: skip
        C[case + column] = -1
    for column in (L.C_LATE, L.C_STAY, L.C_KIDS, L.C_HANDS, L.C_HELD, L.C_IS_CHILD):
        C[case + column] = 0
    for bits in range(case + L.CASE_FIXED, case + w.P[L.AT_HANDS]):
        C[bits] = 0
    C[case + L.C_SINCE] = S[L.NOW]
    return case


@njit
def _running(w, number):
    """The first of the clocks that a case of the first day brings with it; cases and these stand in one order."""
    P, S = w.P, w.S
    at = S[L.STANDING]
    while at < P[L.N_RUNNING] and P[P[L.AT_RUNNING] + 3 * at] < number:
        at += 1
    S[L.STANDING] = at
    return at


@njit
def enter(w):
    """A case comes through the door."""
    D, C, S = w.D, w.C, w.S
    number = S[L.DOOR]
    S[L.DOOR] = number + 1
    d = number * L.DOOR_W
    case = _slot(w)
    C[case + L.C_NUMBER], C[case + L.C_ROOT] = number, number
    C[case + L.C_FILED], C[case + L.C_SINCE] = D[d + L.D_FILED], D[d + L.D_SINCE]
    C[case + L.C_ADDRESS], C[case + L.C_ORDINAL] = D[d + L.D_ADDRESS], D[d + L.D_ORDINAL]
    C[case + L.C_ORIGIN], C[case + L.C_FIELD], C[case + L.C_HOME] = D[d + L.D_ORIGIN], D[d + L.D_FIELD], D[d + L.D_HOME]
    C[case + L.C_HANDLER], C[case + L.C_KIND] = D[d + L.D_HANDLER], D[d + L.D_KIND]
    C[case + L.C_PRIORITY], C[case + L.C_SEVERITY] = D[d + L.D_PRIORITY], D[d + L.D_SEVERITY]
    C[case + L.C_MOVED], C[case + L.C_GIVER] = D[d + L.D_MOVED], D[d + L.D_GIVER]
    C[case + L.C_REFORM] = D[d + L.D_REFORM]
    C[case + L.C_CREDIT], C[case + L.C_OFFENCE] = D[d + L.D_CREDIT], D[d + L.D_OFFENCE]
    if C[case + L.C_FILED] < D[d + L.D_ARRIVED]:
        C[case + L.C_RUNNING] = _running(w, number)
    arrive(w, case)
    advance(w, case, D[d + L.D_ENTERS])


@njit
def _inherit_owners(w, case, parent):
    """Who handles the parent in a team handles the child there."""
    C, N = w.C, w.N
    at = C[parent + L.C_OWNERS]
    while at >= 0:
        copy = node(w, C[case + L.C_OWNERS])
        C[case + L.C_OWNERS] = copy
        N[copy + L.V_KEY], N[copy + L.V_COUNT] = N[at + L.V_KEY], N[at + L.V_COUNT]
        at = N[at + L.NEXT]


@njit
def deliver(w):
    """Child matters begin, in the order of their parents, and of a parent's as it told of them."""
    P, C, S, N, B = w.P, w.C, w.S, w.N, w.B
    # Those whom a child of this moment expects at once have a parent with a higher number and come behind.
    for _ in range(S[L.EXPECTED_N]):
        at, _ = heap_pop(w.Z, 0, S[L.EXPECTED_N])
        S[L.EXPECTED_N] -= 1
        parent, child, address, gen = N[at + L.E_PARENT], N[at + L.E_CHILD], N[at + L.E_ADDRESS], N[at + L.E_GEN]
        case = _slot(w)
        for column in (
            L.C_ORDINAL, L.C_ORIGIN, L.C_FIELD, L.C_HOME, L.C_HANDLER, L.C_KIND, L.C_PRIORITY, L.C_SEVERITY, L.C_MOVED,
            L.C_GIVER, L.C_REFORM, L.C_CREDIT, L.C_OFFENCE, L.C_ROOT,
        ):  # fmt: skip
            C[case + column] = C[parent + column]
        number = S[L.NUMBER]
        S[L.NUMBER] = number + 1
        C[case + L.C_NUMBER], C[case + L.C_ADDRESS], C[case + L.C_FILED] = number, address, S[L.NOW]
        C[case + L.C_PARENT], C[case + L.C_PARENT_LIFE] = parent, N[at + L.E_LIFE]
        C[case + L.C_JOIN_GEN], C[case + L.C_IS_CHILD] = gen, 1
        kind = P[P[L.AT_CHILD] + child * L.CHILD_W]
        if kind != NONE:
            C[case + L.C_KIND] = kind
        enters = P[P[L.AT_CHILD_ENTERS] + child * P[L.N_FIELDS] + C[case + L.C_FIELD]]
        b = S[L.BORN_N] * L.BORN_W
        S[L.BORN_N] += 1
        B[b], B[b + 1], B[b + 2], B[b + 3] = N[at + L.E_NUMBER], C[case + L.C_ROOT], S[L.NOW], enters
        B[b + 4], B[b + 5], B[b + 6] = C[case + L.C_KIND], address, C[case + L.C_HANDLER]
        B[b + 7], B[b + 8] = C[case + L.C_MOVED], C[case + L.C_REFORM]
        _inherit_owners(w, case, parent)
        free(w, at)
        arrive(w, case)
        advance(w, case, enters)


@njit
def forget_closed(w):
    """Cases that have closed in this second make room for others."""
    C, S = w.C, w.S
    while S[L.CLOSED_CASE] >= 0:
        case = S[L.CLOSED_CASE]
        S[L.CLOSED_CASE] = C[case + L.C_NEXT]
        free_all(w, C[case + L.C_OWNERS])
        C[case + L.C_NEXT] = S[L.FREE_CASE]
        S[L.FREE_CASE] = case
        S[L.FREE_CASES] += 1
