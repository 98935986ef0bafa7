"""Legal clocks in the kernel: `engines.clocks` and `engines.diary` on arrays."""

from __future__ import annotations

from ...compiling.jit import njit
from ...records import NONE as _NONE
from ...records import What
from . import layout as L
from .chance import block, unit
from .hours import NEVER, days_away, due
from .memory import count, counted, free, node, note, push

NONE = int(_NONE)
(
    ARRIVED,
    ENTERED,
    STARTED,
    ENDED,
    GAVE_UP,
    TURNED_AWAY,
    CLOSED,
    BROKEN_OFF,
    EXTENDED,
    RAN_OUT,
    LAPSED,
    TAKEN,
    RUNNING,
) = (int(what) for what in What)
KINDS = len(What)


@njit
def _due(w, run, rolls):
    P, N = w.P, w.N
    k = P[L.AT_CLOCK] + N[run + L.R_CLOCK] * L.CLOCK_W
    limit = P[k + L.K_LIMIT]
    for i in range(N[run + L.R_EXTENDED]):
        limit += P[P[L.AT_EXTENSION] + P[k + L.K_EXT_AT] + i]
    return due(
        P, P[k + L.K_DAYS], P[k + L.K_COUNTS], N[run + L.R_STARTED], limit,
        N[run + L.R_STILL] + N[run + L.R_MORE], rolls and P[k + L.K_ROLLS] != 0,
    )  # fmt: skip


@njit
def _is_granted(w, case, run):
    P, C = w.P, w.C
    clock, extended = w.N[run + L.R_CLOCK], w.N[run + L.R_EXTENDED]
    k = P[L.AT_CLOCK] + clock * L.CLOCK_W
    if extended >= P[k + L.K_EXT_N]:
        return False
    nth = counted(w, case, P[L.N_STAGES] + clock) - 1
    words = block(w.K, C[case + L.C_ADDRESS], C[case + L.C_ORDINAL], nth, P[k + L.K_ASKED], extended)
    return unit(words[0]) < w.X[P[L.F_EXTENSION] + P[k + L.K_EXT_AT] + extended]


@njit
def _extend(w, case, run, now):
    """Extend a run whose last second this is, as far as heads grant it."""
    N = w.N
    while N[run + L.R_DUE] <= now and _is_granted(w, case, run):
        N[run + L.R_EXTENDED] += 1
        N[run + L.R_DUE] = _due(w, run, True)
        note(w, now, w.C[case + L.C_NUMBER], EXTENDED, w.C[case + L.C_TOLD], N[run + L.R_CLOCK])


@njit
def _ran_out(w, case, clock, now):
    """Write down that a clock has run out; unless such a one only ends a stage, somebody is late."""
    P, C, S = w.P, w.C, w.S
    note(w, now, C[case + L.C_NUMBER], RAN_OUT, C[case + L.C_TOLD], clock)
    if P[P[L.AT_CLOCK] + clock * L.CLOCK_W + L.K_LAPSES_TO] != NONE:
        return
    if C[case + L.C_REFORM] != NONE and C[case + L.C_IS_CHILD] == 0 and C[case + L.C_LATE] == 0:
        C[case + L.C_LATE] = 1
        S[S[L.S_LATE] + C[case + L.C_REFORM] * P[L.N_PLACES] + C[case + L.C_HANDLER]] += 1


@njit
def _end(w, case, run, now):
    """A run ends before its bell has rung; in the very second of the bell it is extended or too late."""
    N = w.N
    if N[run + L.R_RAN_OUT] == 0 and N[run + L.R_AWAY] == NEVER:
        _extend(w, case, run, now)
        if N[run + L.R_DUE] <= now:
            _ran_out(w, case, N[run + L.R_CLOCK], now)


@njit
def _suspend(w, case, run, now):
    P, N = w.P, w.N
    if N[run + L.R_RAN_OUT] != 0:
        return
    _extend(w, case, run, now)
    if N[run + L.R_DUE] > now:
        N[run + L.R_AWAY] = now
        plain = _due(w, run, False)
        if plain <= now:  # the day to which the limit has rolled is a day of the limit that is left
            k = P[L.AT_CLOCK] + N[run + L.R_CLOCK] * L.CLOCK_W
            more = days_away(P, P[k + L.K_DAYS], P[k + L.K_COUNTS], plain, N[run + L.R_DUE])
            N[run + L.R_MORE] += more


@njit
def _resume(w, run, now):
    P, N = w.P, w.N
    if N[run + L.R_AWAY] != NEVER:
        k = P[L.AT_CLOCK] + N[run + L.R_CLOCK] * L.CLOCK_W
        away = days_away(P, P[k + L.K_DAYS], P[k + L.K_COUNTS], N[run + L.R_AWAY], now)
        N[run + L.R_STILL] += away
        N[run + L.R_AWAY] = NEVER
        N[run + L.R_DUE] = _due(w, run, True)


@njit
def _run_of(w, case, clock):
    """The run of a clock of a case, or NONE."""
    at = w.C[case + L.C_RUNS]
    while at >= 0 and w.N[at + L.R_CLOCK] != clock:
        at = w.N[at + L.NEXT]
    return at


@njit
def _taken(w, case, clock):
    """The run of a clock of a case, taken out of the chain of those that run; or NONE."""
    C, N = w.C, w.N
    before, at = -1, C[case + L.C_RUNS]
    while at >= 0 and N[at + L.R_CLOCK] != clock:
        before, at = at, N[at + L.NEXT]
    if at >= 0:
        if before < 0:
            C[case + L.C_RUNS] = N[at + L.NEXT]
        else:
            N[before + L.NEXT] = N[at + L.NEXT]
    return at


@njit
def _begin(w, case, clock, started):
    count(w, case, w.P[L.N_STAGES] + clock)
    at = node(w, w.C[case + L.C_RUNS])
    w.C[case + L.C_RUNS] = at
    N = w.N
    N[at + L.R_CLOCK], N[at + L.R_STARTED], N[at + L.R_STILL], N[at + L.R_AWAY] = clock, started, 0, NEVER
    N[at + L.R_MORE], N[at + L.R_EXTENDED], N[at + L.R_RAN_OUT] = 0, 0, 0
    N[at + L.R_DUE] = _due(w, at, True)
    return at


@njit
def _stop(w, case, clock, now):
    run = _taken(w, case, clock)
    if run >= 0:
        _end(w, case, run, now)
        free(w, run)


@njit
def happens(w, case, what, stage, team):
    """Write a fact down, and let it end suspensions, stop, start and suspend clocks, in this order."""
    P, C = w.P, w.C
    note(w, w.S[L.NOW], C[case + L.C_NUMBER], what, stage, team)
    C[case + L.C_TOLD] = stage
    if what == ENTERED and C[case + L.C_RUNNING] != NONE:
        _stands(w, case, stage)
    elif 0 <= stage < P[L.N_OUTCOMES_AT] and P[P[L.AT_MOMENT] + (stage * KINDS + what) * L.MOMENT_W + 4]:
        _move_clocks(w, case, what, stage)


@njit
def _move_clocks(w, case, what, stage):
    P, C, now = w.P, w.C, w.S[L.NOW]
    m = P[L.AT_MOMENT] + (stage * KINDS + what) * L.MOMENT_W
    left = what in (ENDED, GAVE_UP, TURNED_AWAY, LAPSED)
    still, still_n = 0, 0
    if left or what == ENTERED:
        still = P[P[L.AT_STILL] + stage * L.STILL_W]
        still_n = P[P[L.AT_STILL] + stage * L.STILL_W + 1]
    stops_n, starts_n = P[m + 1], P[m + 3]
    if left:
        for i in range(still, still + still_n):
            run = _run_of(w, case, P[P[L.AT_CLOCKS] + i])
            if run >= 0:
                _resume(w, run, now)
    for i in range(P[m], P[m] + stops_n):
        _stop(w, case, P[P[L.AT_CLOCKS] + i], now)
    stirred = still_n > 0 and C[case + L.C_RUNS] >= 0
    for i in range(P[m + 2], P[m + 2] + starts_n):
        clock = P[P[L.AT_CLOCKS] + i]
        k = P[L.AT_CLOCK] + clock * L.CLOCK_W
        if P[k + L.K_SINCE] <= now < P[k + L.K_UNTIL]:
            for j in range(P[k + L.K_VERSIONS_AT], P[k + L.K_VERSIONS_AT] + P[k + L.K_VERSIONS_N]):
                _stop(w, case, P[P[L.AT_CLOCKS] + j], now)
            _begin(w, case, clock, now)
            stirred = True
    if what == ENTERED:
        for i in range(still, still + still_n):
            run = _run_of(w, case, P[P[L.AT_CLOCKS] + i])
            if run >= 0:
                _suspend(w, case, run, now)
    if stirred:
        set_bell(w, case)


@njit
def _stands(w, case, stage):
    """A case of the first day has been in this stage before; its clocks have been running."""
    P, C, N = w.P, w.C, w.N
    at = C[case + L.C_RUNNING]
    C[case + L.C_RUNNING] = NONE
    number = C[case + L.C_NUMBER]
    while at < P[L.N_RUNNING] and P[P[L.AT_RUNNING] + 3 * at] == number:
        clock, started = P[P[L.AT_RUNNING] + 3 * at + 1], P[P[L.AT_RUNNING] + 3 * at + 2]
        note(w, started, number, RUNNING, stage, clock)
        run = _begin(w, case, clock, started)
        s = P[L.AT_STILL] + stage * L.STILL_W
        for i in range(P[s], P[s] + P[s + 1]):
            if P[P[L.AT_CLOCKS] + i] == clock and N[run + L.R_DUE] > C[case + L.C_SINCE]:
                N[run + L.R_AWAY] = C[case + L.C_SINCE]
        at += 1
    set_bell(w, case)


@njit
def set_bell(w, case):
    """Have a bell ring when the next of the case's clocks runs out."""
    C, N, S = w.C, w.N, w.S
    rings, at = NEVER, C[case + L.C_RUNS]
    while at >= 0:
        if N[at + L.R_RAN_OUT] == 0 and N[at + L.R_AWAY] == NEVER:
            rings = min(rings, N[at + L.R_DUE])
        at = N[at + L.NEXT]
    rings = max(rings, S[L.NOW])
    if rings < w.P[L.HORIZON] and (rings != C[case + L.C_BELL] or rings == S[L.NOW]):
        C[case + L.C_BELL] = rings
        push(w, rings, L.RINGS, L.BELL, case, C[case + L.C_LIFE])


@njit
def ring(w, case):
    """A clock runs out: it is extended, or the case is late, or it lapses out of its stage."""
    P, C, N, now = w.P, w.C, w.N, w.S[L.NOW]
    C[case + L.C_TOLD] = C[case + L.C_STAGE]
    last = -1
    while True:
        # The clocks in order of their numbers; each is looked at once.
        clock, run, at = NEVER, -1, C[case + L.C_RUNS]
        while at >= 0:
            if last < N[at + L.R_CLOCK] < clock:
                clock, run = N[at + L.R_CLOCK], at
            at = N[at + L.NEXT]
        if run < 0:
            break
        last = clock
        if N[run + L.R_DUE] > now or N[run + L.R_RAN_OUT] != 0 or N[run + L.R_AWAY] != NEVER:
            continue
        if _is_granted(w, case, run):
            N[run + L.R_EXTENDED] += 1
            N[run + L.R_DUE] = _due(w, run, True)
            note(w, now, C[case + L.C_NUMBER], EXTENDED, C[case + L.C_STAGE], clock)
            continue
        N[run + L.R_RAN_OUT] = 1
        _ran_out(w, case, clock, now)
        to = P[P[L.AT_CLOCK] + clock * L.CLOCK_W + L.K_LAPSES_TO]
        if to != NONE:
            C[case + L.C_LAPSES_TO] = to
            if C[case + L.C_STAY] not in (L.NOWHERE, L.IN_SERVICE):
                # Only when every bell of this second has rung, so that none rings for a case that has moved on.
                push(w, now, L.LAPSES, L.LAPSE, case, C[case + L.C_GEN])
            break
    set_bell(w, case)


@njit
def earliest_due(w, case):
    """The earliest due second of a case's running clocks, for teams that serve the earliest due first."""
    found, at = NEVER, w.C[case + L.C_RUNS]
    while at >= 0:
        found = min(found, w.N[at + L.R_DUE])
        at = w.N[at + L.NEXT]
    return found


@njit
def close_clocks(w, case, now):
    """End the clocks of a case that is closed, in order of their numbers."""
    C, N = w.C, w.N
    while C[case + L.C_RUNS] >= 0:
        clock, at = NEVER, C[case + L.C_RUNS]
        while at >= 0:
            clock = min(clock, N[at + L.R_CLOCK])
            at = N[at + L.NEXT]
        _stop(w, case, clock, now)
