"""Office hours and legal days for the kernel: the look-ups of `calendars`, on tables laid end to end.

`WT` has a row for each table of office hours (first interval, number of intervals, seconds covered, longest interval);
`WO`, `WC` and `WB` are openings, closings and the seconds worked before. `DT` has a row for each table of days (first
flag, number of flags, days before day 0, first working day, number of working days, date of day 0); `DB` and `DD` are
the working days before each day and the working days themselves. What a table does not cover is NEVER.
"""

from __future__ import annotations

from .jit import njit

NEVER = 2**62
DAY = 86_400
FIRST, COUNT, COVERS, LONGEST = 0, 1, 2, 3
D_FIRST, D_COUNT, D_BACK, D_DAYS, D_WORKING, D_DATE = 0, 1, 2, 3, 4, 5
CALENDAR, WORKING, MONTHS = 1, 2, 3


@njit
def _right(A, first, count, t):
    """How many of `count` rising numbers from `first` on are at most t."""
    low, high = first, first + count
    while low < high:
        middle = (low + high) >> 1
        if t < A[middle]:
            high = middle
        else:
            low = middle + 1
    return low - first


@njit
def _left(A, first, count, t):
    """How many of `count` rising numbers from `first` on are below t."""
    low, high = first, first + count
    while low < high:
        middle = (low + high) >> 1
        if A[middle] < t:
            low = middle + 1
        else:
            high = middle
    return low - first


@njit
def is_open(WT, WO, WC, table, t):
    first = WT[table, FIRST]
    i = _right(WO, first, WT[table, COUNT], t) - 1
    return i >= 0 and t < WC[first + i]


@njit
def next_open(WT, WO, WC, table, t):
    first, count = WT[table, FIRST], WT[table, COUNT]
    i = _right(WC, first, count, t)
    return NEVER if i == count else max(WO[first + i], t)


@njit
def next_close(WT, WO, WC, table, t):
    """The closing of the interval that contains t, which there must be."""
    first = WT[table, FIRST]
    return WC[first + _right(WO, first, WT[table, COUNT], t) - 1]


@njit
def worked(WT, WO, WC, WB, table, t):
    first = WT[table, FIRST]
    i = _right(WO, first, WT[table, COUNT], t) - 1
    if i < 0:
        return 0
    at = first + i
    return WB[at + table] + min(t, WC[at]) - WO[at]


@njit
def clock_after(WT, WO, WC, WB, table, t, work):
    """`WorkTable.clock_after`; WB has one more number for each table, the sum of all its intervals."""
    if work <= 0:
        return t
    first, count = WT[table, FIRST], WT[table, COUNT]
    i = _right(WO, first, count, t) - 1
    need = work
    if i >= 0:
        at = first + i
        if t + work <= WC[at]:
            return t + work
        need += WB[at + table] + min(t, WC[at]) - WO[at]
    i = _left(WB, first + table, count + 1, need) - 1
    if i == count:
        return NEVER
    return WO[first + i] + need - WB[first + table + i]


@njit
def end_of_restart(WT, WO, WC, table, t, work):
    """`WorkTable.end_of_work` for work that begins anew at each opening."""
    first, count = WT[table, FIRST], WT[table, COUNT]
    i = _right(WC, first, count, t)
    if work <= WT[table, LONGEST] and i < count:
        begun = max(t, WO[first + i]) + work
        if begun <= WC[first + i]:
            return begun
        for j in range(first + i + 1, first + count):
            if WO[j] + work <= WC[j]:
                return WO[j] + work
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
def due(DT, DB, DD, table, counts, start, limit, still, rolls):
    """`decisions.limits.due`; NEVER where the table does not reach."""
    first, count, back = DT[table, D_FIRST], DT[table, D_COUNT], DT[table, D_BACK]
    day = start // DAY
    if counts == WORKING:
        limit += still
        place = day + back
        if place < 0 or place >= count:
            return NEVER
        if limit == 0:
            last = day
        else:
            at = DB[first + table + place + 1] + limit - 1
            if at >= DT[table, D_WORKING]:
                return NEVER
            last = DD[DT[table, D_DAYS] + at]
    elif counts == MONTHS:
        year, month, of_month = _date(DT[table, D_DATE] + day)
        months = year * 12 + month - 1 + limit
        year, month = months // 12, months % 12 + 1
        if year > 9999:
            return NEVER
        end = _days(year, month, min(of_month, _month_days(year, month)))
        last = end - DT[table, D_DATE] + still
    else:
        last = day + limit + still
    if rolls:
        place = last + back
        if place < 0 or place >= count:
            return NEVER
        at = DB[first + table + place]
        if at >= DT[table, D_WORKING]:
            return NEVER
        last = DD[DT[table, D_DAYS] + at]
    return (last + 1) * DAY


@njit
def days_away(DT, DB, table, counts, left, back):
    """`decisions.limits.days_away`."""
    if counts == WORKING:
        at = DT[table, D_FIRST] + table + DT[table, D_BACK]
        return DB[at + back // DAY] - DB[at + left // DAY]
    return back // DAY - left // DAY
