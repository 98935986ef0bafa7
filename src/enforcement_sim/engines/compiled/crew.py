"""Officers by name in the kernel: `engines.crew` on arrays."""

from __future__ import annotations

from ...compiling.jit import njit
from ...plan.attendance import speed_of as _speed_of
from ...records import NONE as _NONE
from . import layout as L
from .chance import block, signed
from .hours import NEVER, clock_after, is_open, next_close, next_open
from .memory import found, node
from .teams import stage_row, stir, team_row, team_state

NONE = int(_NONE)
SIGN = -(2**63)
speed_of = njit(_speed_of)


@njit
def person(w, who):
    """Where the plan's row of an officer begins."""
    return w.P[L.AT_PERSON] + who * L.PERSON_W


@njit
def person_state(w, who):
    """Where his or her changing row begins."""
    return w.S[L.S_PERSON] + who * L.PERSON_STATE_W


@njit
def is_there(w, who, now):
    """Whether an officer may begin something now."""
    p = person(w, who)
    return now < w.P[p + L.PE_UNTIL] and is_open(w.P, w.P[p + L.PE_HOURS], now)


@njit
def crew_is_open(w, team, now):
    """Whether anybody of the crew is at work."""
    t = team_row(w, team)
    for who in range(w.P[t + L.T_PEOPLE_AT], w.P[t + L.T_PEOPLE_AT] + w.P[t + L.T_PEOPLE_N]):
        if is_there(w, who, now):
            return True
    return False


@njit
def crew_opens_next(w, team, now):
    """When the next officer comes to work who is not there now, or NEVER."""
    P = w.P
    t = team_row(w, team)
    first = NEVER
    for who in range(P[t + L.T_PEOPLE_AT], P[t + L.T_PEOPLE_AT] + P[t + L.T_PEOPLE_N]):
        if not is_there(w, who, now):
            opens = next_open(P, P[person(w, who) + L.PE_HOURS], now)
            if opens < P[person(w, who) + L.PE_UNTIL]:
                first = min(first, opens)
    return first


@njit
def _is_free(w, case, who, now):
    skills = w.P[stage_row(w, case) + L.SKILLS]
    return (
        w.S[person_state(w, who) + L.PS_BUSY] == 0
        and w.P[person(w, who) + L.PE_SKILLS] & skills == skills
        and is_there(w, who, now)
    )


@njit
def _lot(w, case, who):
    """The lot that an officer draws for a visit of a case, as a number with a sign in the order of those without."""
    C, asked = w.C, w.P[stage_row(w, case) + L.ASKED] ^ w.P[person(w, who) + L.PE_ASKED]
    words = block(w.K, C[case + L.C_ADDRESS], C[case + L.C_ORDINAL], C[case + L.C_VISIT], asked, 0)
    return signed(words[0]) ^ SIGN


@njit
def _owner(w, case, team):
    """The handling officer of a case, in the team in whose line it stands; others only help."""
    return w.C[case + L.C_OWNER] if w.C[case + L.C_TEAM] == team else NONE


@njit
def _able(w, case, team, now):
    """How many officers are free for a case; they stand in S in the order in which they are asked."""
    P, S = w.P, w.S
    t, s, able = team_row(w, team), team_state(w, team), S[L.S_ABLE]
    is_own = w.C[case + L.C_TEAM] == team
    by_lot = S[s + L.TS_BY_LOT] != 0 and P[team_row(w, w.C[case + L.C_TEAM]) + L.T_DRAWS] != 0
    owner = _owner(w, case, team)
    least_loaded = not by_lot and S[s + L.TS_KEEPS] != 0 and is_own and owner == NONE
    n, first, fewest = 0, NONE, NEVER
    for who in range(P[t + L.T_PEOPLE_AT], P[t + L.T_PEOPLE_AT] + P[t + L.T_PEOPLE_N]):
        if not _is_free(w, case, who, now):
            continue
        files = S[person_state(w, who) + L.PS_FILES]
        if files < fewest and (S[s + L.TS_CAP] == NONE or files < S[s + L.TS_CAP]):
            first, fewest = who, files
        i, key = able + n * L.ABLE_W, _lot(w, case, who) if by_lot else who
        while by_lot and i > able and S[i - 1] > key:  # lots are sorted as they are drawn
            S[i], S[i + 1] = S[i - 2], S[i - 1]
            i -= L.ABLE_W
        S[i], S[i + 1] = who, key
        n += 1
    if by_lot:
        return n
    if least_loaded:
        if first == NONE:
            return 0
        owner = first
    i = able
    while owner != NONE and i < able + n * L.ABLE_W and S[i] != owner:
        i += L.ABLE_W
    if owner != NONE and i < able + n * L.ABLE_W:
        while i > able:  # to the front
            S[i] = S[i - L.ABLE_W]
            i -= L.ABLE_W
        S[able] = owner
    return n


@njit
def crew_can_give(w, case, team, officers, now):
    """Whether so many officers, the case's own among them, are free for it."""
    C, S = w.C, w.S
    owner = _owner(w, case, team)
    if owner != NONE and (S[team_state(w, team) + L.TS_KEEPS] == 0 or w.P[person(w, owner) + L.PE_UNTIL] <= now):
        C[case + L.C_OWNER] = owner = NONE  # somebody else takes the case over
    able = _able(w, case, team, now)
    return able >= officers and (owner == NONE or S[S[L.S_ABLE]] == owner)


@njit
def _speed(w, who, team, now):
    P, X = w.P, w.X
    usual, hired, at = X[P[L.F_PERSON] + who], P[person(w, who) + L.PE_HIRED], P[L.F_TEAM] + team * L.TEAM_XW
    if hired == NONE or X[at + 1] <= 0.0:
        return usual
    return usual * speed_of(max(0, now - hired), X[at + 1], X[at + 2])


@njit
def crew_gives(w, case, hand, team, officers, now):
    """Officers seized for a case, the first its handling officer where cases are kept; their mean speed."""
    C, S = w.C, w.S
    _able(w, case, team, now)
    speed, able = 0.0, S[L.S_ABLE]
    for i in range(officers):
        who = S[able + i * L.ABLE_W]
        S[person_state(w, who) + L.PS_BUSY] = 1
        C[hand + L.H_PEOPLE + i] = who
        speed += _speed(w, who, team, now)
    if S[team_state(w, team) + L.TS_KEEPS] and C[case + L.C_TEAM] == team and C[case + L.C_OWNER] == NONE:
        C[case + L.C_OWNER] = S[able]
        S[person_state(w, S[able]) + L.PS_FILES] += 1
    return speed / officers


@njit
def crew_takes_back(w, hand):
    """Officers come back."""
    for i in range(w.C[hand + L.H_OFFICERS]):
        w.S[person_state(w, w.C[hand + L.H_PEOPLE + i]) + L.PS_BUSY] = 0


@njit
def crew_most_from(w, case, team, now):
    """The most officers with the skills that a case asks for from now on, timetables left aside."""
    P = w.P
    t, skills, n = team_row(w, team), P[stage_row(w, case) + L.SKILLS], 0
    for who in range(P[t + L.T_PEOPLE_AT], P[t + L.T_PEOPLE_AT] + P[t + L.T_PEOPLE_N]):
        p = person(w, who)
        n += P[p + L.PE_SKILLS] & skills == skills and P[p + L.PE_UNTIL] > now
    return n


@njit
def together(w, hand, now, work):
    """The second by which so much work is done while all officers of a hand are there; NEVER if never."""
    C, P = w.C, w.P
    n = C[hand + L.H_OFFICERS]
    if n == 1:
        return clock_after(P, P[person(w, C[hand + L.H_PEOPLE]) + L.PE_HOURS], now, work)
    while True:
        begins = now
        for i in range(n):
            begins = max(begins, next_open(P, P[person(w, C[hand + L.H_PEOPLE + i]) + L.PE_HOURS], now))
        if begins == NEVER:
            return NEVER
        if begins > now:
            now = begins
            continue
        closes = NEVER
        for i in range(n):
            closes = min(closes, next_close(P, P[person(w, C[hand + L.H_PEOPLE + i]) + L.PE_HOURS], now))
        if work <= closes - now:
            return now + work
        work -= closes - now
        now = closes


@njit
def recall_owner(w, case, team):
    """Who handles a case in a team that it comes to again."""
    at = found(w, w.C[case + L.C_OWNERS], team)
    w.C[case + L.C_OWNER] = w.N[at + L.V_COUNT] if at >= 0 else NONE


@njit
def keep(w, case, team):
    """Remember who handles a case in a team, as long as it is open."""
    C, N = w.C, w.N
    owner = C[case + L.C_OWNER]
    at = found(w, C[case + L.C_OWNERS], team)
    if owner == NONE or (at >= 0 and N[at + L.V_COUNT] == owner):
        return
    if at < 0:
        at = node(w, C[case + L.C_OWNERS])
        C[case + L.C_OWNERS] = at
    N[at + L.V_KEY], N[at + L.V_COUNT] = team, owner
    at = node(w, C[case + L.C_KEEPS])
    C[case + L.C_KEEPS] = at
    N[at + L.V_KEY], N[at + L.V_COUNT] = team, owner


@njit
def forget(w, case):
    """A case has closed: its handling officers have room for another."""
    at = w.C[case + L.C_KEEPS]
    while at >= 0:
        w.S[person_state(w, w.N[at + L.V_COUNT]) + L.PS_FILES] -= 1
        stir(w, w.N[at + L.V_KEY])
        at = w.N[at + L.NEXT]
