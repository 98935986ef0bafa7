"""When a legal limit runs out; one rule for engines and measures."""

from __future__ import annotations

from ..calendars import DayTable
from ..records import Days


def due(table: DayTable, counts: int, start: int, limit: int, still: int, rolls: bool) -> int:
    """The first second that is too late for a limit that began at `start` (seconds).

    `limit` counts working days, calendar days or months (`counts` is records.Days); `still` is the number of days,
    of the limit's own kind (calendar days for months), for which the clock stood still.
    """
    if counts == Days.MONTHS:
        return table.due_months(start, limit, rolls=rolls, more_days=still)
    kind = "working" if counts == Days.WORKING_DAYS else "calendar"
    return table.due(start, limit + still, kind, rolls=rolls)


def days_away(table: DayTable, counts: int, left: int, back: int) -> int:
    """Days for which a clock stood still while a case was away from second `left` to second `back`."""
    if counts == Days.WORKING_DAYS:
        return table.working_days_between(left // 86_400, back // 86_400)
    return back // 86_400 - left // 86_400
