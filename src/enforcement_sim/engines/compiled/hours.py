"""Office hours and legal days for the kernel: the look-ups of `calendars`, on tables laid end to end in `P`.

`h` is where the row of a table of office hours begins (layout.HOURS_W): openings, number of intervals, closings,
seconds worked before each and after all, longest interval, and for each day how many intervals have opened before it.
`d` is where that of a table of days begins (layout.DAYS_W): working days before each day, number of days, days before
day 0, the working days themselves, their number, date of day 0. What a table does not cover is NEVER.
"""

from __future__ import annotations

from ...compiling.jit import njit

NEVER = 2**62
DAY = 86_400
OPENS, COUNT, CLOSES, SUMS, LONGEST, OF_DAY = range(6)
BEFORE, ALL_DAYS, BACK, WORKING_DAYS, HOW_MANY, DATE = range(6)
CALENDAR, WORKING, MONTHS = 1, 2, 3
NEAR = 8


@njit
def _opened(P, h, t):
    """How many intervals have opened by t. t is within what the table covers."""
    opens, end = P[h + OPENS], P[h + OPENS] + P[h + COUNT]
    at = opens + P[P[h + OF_DAY] + t // DAY]
    while at < end and P[at] <= t:
        at += 1
    return at - opens


@njit
def is_open(P, h, t):
    """Whether the office is open."""
    i = _opened(P, h, t) - 1
    return i >= 0 and t < P[P[h + CLOSES] + i]


@njit
def next_open(P, h, t):
    """The first second from t on at which it is open."""
    i = _opened(P, h, t)
    if i > 0 and t < P[P[h + CLOSES] + i - 1]:
        return t
    return P[P[h + OPENS] + i] if i < P[h + COUNT] else NEVER


@njit
def next_close(P, h, t):
    """The closing of the interval that contains t, which there must be."""
    return P[P[h + CLOSES] + _opened(P, h, t) - 1]


@njit
def worked(P, h, t):
    """Working seconds in [0, t)."""
    i = _opened(P, h, t) - 1
    if i < 0:
        return 0
    return P[P[h + SUMS] + i] + min(t, P[P[h + CLOSES] + i]) - P[P[h + OPENS] + i]


@njit
def clock_after(P, h, t, work):
    """`WorkTable.clock_after`."""
    if work <= 0:
        return t
    opens, sums, count = P[h + OPENS], P[h + SUMS], P[h + COUNT]
    i = _opened(P, h, t) - 1
    need = work
    if i >= 0:
        closes = P[P[h + CLOSES] + i]
        if t + work <= closes:
            return t + work
        need += P[sums + i] + min(t, closes) - P[opens + i]
    # The interval by whose end the work is done: near by as a rule, else by halving.
    low, high = i + 1, count + 1
    near = min(low + NEAR, high)
    while low < near and P[sums + low] < need:
        low += 1
    if low == near:
        while low < high:
            middle = (low + high) >> 1
            if P[sums + middle] < need:
                low = middle + 1
            else:
                high = middle
    if low > count:
        return NEVER
    return P[opens + low - 1] + need - P[sums + low - 1]


@njit
def end_of_restart(P, h, t, work):
    """`WorkTable.end_of_work` for work that begins anew at each opening."""
    opens, closes, count = P[h + OPENS], P[h + CLOSES], P[h + COUNT]
    i = _opened(P, h, t)
    if work > P[h + LONGEST]:
        return NEVER
    if i > 0 and t + work <= P[closes + i - 1]:
        return t + work
    for j in range(i, count):
        if P[opens + j] + work <= P[closes + j]:
            return P[opens + j] + work
    return NEVER


@njit
def _date(days):
    """Year, month and day of a number of days since 1970-01-01 (proleptic Gregorian calendar)."""
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1_460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (1 if month <= 2 else 0), month, doy - (153 * mp + 2) // 5 + 1


@njit
def _days(year, month, day):
    """Days since 1970-01-01."""
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719_468


@njit
def _month_days(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@njit
def _months_after(date, months):
    """The day so many months after a date, or the last of that month; both as days since 1970-01-01."""
    year, month, of_month = _date(date)
    months += year * 12 + month - 1
    year, month = months // 12, months % 12 + 1
    if year > 9999:
        return NEVER
    return _days(year, month, min(of_month, _month_days(year, month)))


@njit
def due(P, d, counts, start, limit, still, rolls):
    """`decisions.limits.due`; NEVER where the table does not reach."""
    before, count, back = P[d + BEFORE], P[d + ALL_DAYS], P[d + BACK]
    day = start // DAY
    if counts == WORKING:
        limit += still
        place = day + back
        if place < 0 or place >= count:
            return NEVER
        if limit == 0:
            last = day
        else:
            at = P[before + place + 1] + limit - 1
            if at >= P[d + HOW_MANY]:
                return NEVER
            last = P[P[d + WORKING_DAYS] + at]
    elif counts == MONTHS:
        end = _months_after(P[d + DATE] + day, limit)
        if end == NEVER:
            return NEVER
        last = end - P[d + DATE] + still
    else:
        last = day + limit + still
    if rolls:
        place = last + back
        if place < 0 or place >= count:
            return NEVER
        at = P[before + place]
        if at >= P[d + HOW_MANY]:
            return NEVER
        last = P[P[d + WORKING_DAYS] + at]
    return (last + 1) * DAY


@njit
def days_away(P, d, counts, left, back):
    """`decisions.limits.days_away`."""
    if counts == WORKING:
        at = P[d + BEFORE] + P[d + BACK]
        return P[at + back // DAY] - P[at + left // DAY]
    return back // DAY - left // DAY
