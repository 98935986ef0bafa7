"""Office calendars of a scenario as exact tables over its period and a margin behind it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from ..calendars import DayTable, WorkTable, china_days
from ..model.derive import longest_limit
from ..model.past import days_back
from ..model.quantities import Length
from ..model.scenario import Scenario
from ..model.staff import Overtime
from ..model.staffing import second_of
from ..model.teams import WEEKDAYS, OfficeCalendar, hours_of
from ..records import DAY

LEAST_MARGIN = 400
"""Fewest days behind the horizon that tables cover, so that work and limits which reach over it have an end."""


def margin_days(scenario: Scenario) -> int:
    """Days behind the horizon that tables cover: enough for the longest legal limit to end there."""
    # A year has about 250 working days, and a last day may roll over a holiday.
    return max(LEAST_MARGIN, int(longest_limit(scenario) * 1.6) + 60)


def tables(scenario: Scenario, calendar: OfficeCalendar | None) -> tuple[WorkTable, DayTable]:
    """The working-time table and the day table of one calendar; None stands for always open."""
    start = scenario.period.start
    days_inside = -(-scenario.period.seconds // DAY)
    margin = margin_days(scenario)
    back = days_back(scenario, calendar)
    covers = (days_inside + margin) * DAY
    if calendar is None or calendar.windows:
        every_day = DayTable(np.ones(back + covers // DAY, dtype=np.bool_), start, back)
        return WorkTable.always(covers) if calendar is None else _windows(calendar, covers), every_day
    flags = working_days(calendar, start, days_inside, margin, back)
    hours = [hours_of(part) for part in calendar.hours] or [(0, DAY)]
    return WorkTable.from_days(flags[back:], hours), DayTable(flags, start, back)


def working_days(
    calendar: OfficeCalendar, start: dt.date, days_inside: int, margin: int, back: int = 0
) -> npt.NDArray[np.bool_]:
    """Working-day flags from the first day on, or from `back` days before it.

    Inside the period published holidays are needed (unless the calendar says otherwise); the margin behind
    it, of which no result is ever shown, falls back to weekends where nothing is published yet.
    """
    count = days_inside + margin
    first = start - dt.timedelta(days=back)
    if calendar.days == "china":
        inside = china_days(start, start + dt.timedelta(days=days_inside - 1), calendar.beyond_published)
        behind = start + dt.timedelta(days=days_inside)
        past = china_days(first, start - dt.timedelta(days=1), calendar.beyond_published)
        after = china_days(behind, start + dt.timedelta(days=count - 1), "weekends")
        flags = np.concatenate([past, inside, after])
    elif calendar.days == "weekdays":
        open_weekdays = [WEEKDAYS.index(day) for day in calendar.weekdays]
        flags = np.isin((np.arange(back + count) + first.weekday()) % 7, open_weekdays)
    else:
        flags = np.ones(back + count, dtype=np.bool_)
    for dates, value in ((calendar.closed_on, False), (calendar.open_on, True)):
        for date in dates:
            day = (date - first).days
            if 0 <= day < back + count:
                flags[day] = value
    return flags


def with_overtime(scenario: Scenario, calendar: OfficeCalendar, overtime: list[Overtime]) -> WorkTable:
    """The office hours of a calendar, longer while overtime lasts."""
    days_inside = -(-scenario.period.seconds // DAY)
    flags = working_days(calendar, scenario.period.start, days_inside, margin_days(scenario))
    usual = [hours_of(part) for part in calendar.hours] or [(0, DAY)]
    spans = dict.fromkeys(np.flatnonzero(flags).tolist(), usual)
    for span in overtime:
        first, last = second_of(scenario, span.since) // DAY, second_of(scenario, span.until) // DAY
        longer = [hours_of(part) for part in span.hours]
        for day in range(max(0, first), min(last, len(flags))):
            if span.on_days_off or flags[day]:
                spans[day] = longer
    opens = [day * DAY + start for day, hours in sorted(spans.items()) for start, _ in hours]
    closes = [day * DAY + end for day, hours in sorted(spans.items()) for _, end in hours]
    return WorkTable(np.array(opens, dtype=np.int64), np.array(closes, dtype=np.int64), len(flags) * DAY)


def _windows(calendar: OfficeCalendar, covers: int) -> WorkTable:
    period = round(calendar.repeat_every.seconds) if calendar.repeat_every is not None else covers
    spans = [
        (_second(window.opens), period if window.closes is None else _second(window.closes))
        for window in calendar.windows
    ]
    return WorkTable.cyclic(period, spans, covers)


def _second(length: Length) -> int:
    return round(length.seconds)
