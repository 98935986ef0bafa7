"""How long things take and where they lead, in the kernel: `engines.effort` and `engines.ways` on arrays."""

from __future__ import annotations

import math

from ...compiling.jit import njit
from ...records import NONE as _NONE
from ...records import Attribute
from . import layout as L
from .chance import block, by_date, by_share, by_tilted_share, by_value, from_bits, length, unit, whole_seconds
from .crew import person
from .hours import NEVER, due
from .teams import stage_row, team_row

NONE = int(_NONE)
(SHARE, KIND, ORIGIN, VISIT, SEVERITY, JURISDICTION, OUTCOME, FILED, AT_PRESENT, MOVED, OFFENCE, CREDIT) = (
    int(fact) for fact in Attribute
)
DURATION, WAY = 0, 1
ANEW, MOST_TRIES, BLOCKS_OF_ONE = 1 << 12, 100, 1 << 9


@njit
def stage_now(w, case, stage):
    """The row of a stage as it is for this case now."""
    P, C = w.P, w.C
    row = stage
    at = P[L.AT_STAGE] + stage * L.STAGE_W
    for i in range(P[at + L.CHANGES_AT], P[at + L.CHANGES_AT] + P[at + L.CHANGES_N]):
        change = P[L.AT_CHANGE] + i * L.CHANGE_W
        moment = C[case + L.C_FILED] if P[change + 1] else C[case + L.C_SINCE]
        if moment >= P[change]:
            row = P[change + 2]
    return row


@njit
def length_of(w, case, row, asked, visit, first_visit, first_block, rest_block, word):
    C = w.C
    return length(
        w, row, C[case + L.C_ADDRESS], C[case + L.C_ORDINAL], visit, asked, first_visit, first_block, rest_block, word
    )


@njit
def _still_new(w, reform, now):
    since = w.P[w.P[L.AT_REFORM] + reform * L.REFORM_W]
    return math.pow(0.5, (now - since) / w.X[w.P[L.F_REFORM] + reform * 4 + 1])


@njit
def _row_of_work(w, case, s):
    """The row of a stage's length, or that of the officer who does the work, if he or she has one."""
    P, C = w.P, w.C
    if P[team_row(w, C[case + L.C_TEAM]) + L.T_NAMED]:
        p = person(w, C[case + P[L.AT_HANDS] + L.H_PEOPLE])
        for i in range(P[p + L.PE_LENGTHS_AT], P[p + L.PE_LENGTHS_AT] + P[p + L.PE_LENGTHS_N]):
            if P[P[L.AT_OWN_LENGTH] + 2 * i] == C[case + L.C_STAGE]:
                return P[P[L.AT_OWN_LENGTH] + 2 * i + 1]
    return P[s + L.LENGTH]


@njit
def of_work(w, case, visit, first_visit, first_block, now):
    """Seconds of work; a moved case takes longer while the new team learns, one of another place the way there."""
    P, C, X = w.P, w.C, w.X
    s = stage_row(w, case)
    seconds = length_of(w, case, _row_of_work(w, case, s), P[s + L.ASKED], visit, first_visit, first_block, 0, DURATION)
    seconds /= from_bits(C[case + L.C_SPEED])
    reform = C[case + L.C_REFORM]
    if C[case + L.C_MOVED] and reform != NONE and X[P[L.F_REFORM] + reform * 4] != 0.0:
        seconds *= 1.0 + X[P[L.F_REFORM] + reform * 4] * _still_new(w, reform, now)
    if P[s + L.ON_SITE] and C[case + L.C_HOME] != C[case + L.C_HANDLER]:
        seconds += X[P[L.F_TRAVEL] + C[case + L.C_HOME]]
    return whole_seconds(seconds, 1)


@njit
def _end_of_wait(w, s, began, days):
    P = w.P
    if P[s + L.DAYS] == 0:
        return began + whole_seconds(days, 0)
    limit = math.floor(days + 0.5)
    end = due(P, P[s + L.CALENDAR], P[s + L.DAYS], began, limit, 0, P[s + L.ROLLS] != 0)
    return max(began, 0) + P[L.HORIZON] + 1 if end == NEVER else end - 1


@njit
def of_wait(w, case, s, now):
    """Seconds until a period is over that began when the case came to its stage."""
    P, C = w.P, w.C
    visit, since, row, asked = C[case + L.C_VISIT], C[case + L.C_SINCE], P[s + L.LENGTH], P[s + L.ASKED]
    end = _end_of_wait(w, s, since, length_of(w, case, row, asked, visit, visit, 0, 0, DURATION))
    for attempt in range(MOST_TRIES):
        if since == now or end > now:
            break
        first = ANEW + attempt * BLOCKS_OF_ONE
        end = _end_of_wait(w, s, since, length_of(w, case, row, asked, visit, visit, first, first, DURATION))
    return max(0 if P[s + L.DAYS] == 0 else 1, end - now)


@njit
def know_children(w, case, now):
    """Children that nobody waited for and that have closed before this second count from now on."""
    C = w.C
    ended = C[case + L.C_JUST_T]
    if NONE < ended < now:
        _ended(w, case, ended, C[case + L.C_JUST_N], C[case + L.C_JUST_OUTCOME])
        C[case + L.C_JUST_T] = NONE


@njit
def _ended(w, case, ended, number, outcome):
    """A child has closed, perhaps the last so far; of two that close in one second that with the higher number."""
    C = w.C
    last, last_number = C[case + L.C_LAST_T], C[case + L.C_LAST_N]
    if ended > last or (ended == last and number > last_number):
        C[case + L.C_LAST_T], C[case + L.C_LAST_N], C[case + L.C_OUTCOME] = ended, number, outcome


@njit
def ended_child(w, case, now, number, outcome, is_awaited):
    """A child matter of a case has closed; `engines.case.Case.ended_child`."""
    C = w.C
    if is_awaited:
        _ended(w, case, now, number, outcome)
        return
    know_children(w, case, now)
    if C[case + L.C_JUST_T] == NONE or number > C[case + L.C_JUST_N]:
        C[case + L.C_JUST_T], C[case + L.C_JUST_N], C[case + L.C_JUST_OUTCOME] = now, number, outcome


@njit
def _fact(w, case, by, now):
    C = w.C
    if by == KIND:
        return C[case + L.C_KIND]
    if by == ORIGIN:
        return C[case + L.C_ORIGIN]
    if by == VISIT:
        return C[case + L.C_VISIT]
    if by == SEVERITY:
        return C[case + L.C_SEVERITY]
    if by == JURISDICTION:
        return C[case + L.C_HANDLER]
    if by == OFFENCE:
        return C[case + L.C_OFFENCE]
    if by == CREDIT:
        return C[case + L.C_CREDIT]
    if by == OUTCOME:
        know_children(w, case, now)
        return C[case + L.C_OUTCOME]
    return C[case + L.C_MOVED]


@njit
def way_out(w, case, now):
    """The stage or outcome to which a case goes from the stage where it is."""
    P, C, X = w.P, w.C, w.X
    s = stage_row(w, case)
    start, n, by = P[s + L.WAYS_AT], P[s + L.WAYS_N], P[s + L.BY]
    if by == SHARE:
        if n == 1:
            return w.YT[start]
        words = block(w.K, C[case + L.C_ADDRESS], C[case + L.C_ORDINAL], C[case + L.C_VISIT], P[s + L.ASKED], 0)
        u = unit(words[WAY])
        reform = C[case + L.C_REFORM]
        if C[case + L.C_MOVED] and reform != NONE and X[P[L.F_REFORM] + reform * 4 + 2] != 0.0:
            more = 1.0 + X[P[L.F_REFORM] + reform * 4 + 2] * _still_new(w, reform, now)
            return by_tilted_share(w.YC, w.YT, w.YF, reform, start, n, more, u)
        return by_share(w.YC, w.YT, start, n, u)
    if by in (FILED, AT_PRESENT):
        return by_date(w.YV, w.YT, start, n, C[case + L.C_FILED] if by == FILED else now)
    return by_value(w.YV, w.YT, start, n, _fact(w, case, by, now))
