"""Office calendars of a scenario as exact tables over its period and a margin behind it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from ..calendars import DayTable, WorkTable, china_days
from ..model.quantities import Length
from ..model.scenario import Scenario
from ..model.teams import WEEKDAYS, OfficeCalendar, hours_of
from ..records import DAY

LEAST_MARGIN = 400
"""Fewest days behind the horizon that tables cover, so that work and limits which reach over it have an end."""


def margin_days(scenario: Scenario) -> int:
    """Days behind the horizon that tables cover: enough for the longest legal limit to end there."""
    longest = max(
        (clock.limit.amount for body in scenario.procedures.values() for clock in body.clocks.values()), default=0.0
    )
    # A year has about 250 working days, and a last day may roll over a holiday.
    return max(LEAST_MARGIN, int(longest * 1.6) + 60)


def tables(scenario: Scenario, calendar: OfficeCalendar | None) -> tuple[WorkTable, DayTable]:
    """The working-time table and the day table of one calendar; None stands for always open."""
    start = scenario.period.start
    days_inside = -(-scenario.period.seconds // DAY)
    margin = margin_days(scenario)
    covers = (days_inside + margin) * DAY
    if calendar is None:
        return WorkTable.always(covers), _day_table(np.ones(covers // DAY, dtype=np.bool_), start)
    if calendar.windows:
        return _windows(calendar, covers), _day_table(np.ones(covers // DAY, dtype=np.bool_), start)
    flags = working_days(calendar, start, days_inside, margin)
    hours = [hours_of(part) for part in calendar.hours] or [(0, DAY)]
    return WorkTable.from_days(flags, hours), _day_table(flags, start)


def _day_table(flags: npt.NDArray[np.bool_], start: dt.date) -> DayTable:
    return DayTable(flags, start)


def working_days(calendar: OfficeCalendar, start: dt.date, days_inside: int, margin: int) -> npt.NDArray[np.bool_]:
    """Working-day flags from the first day on.

    Inside the period published holidays are needed (unless the calendar says otherwise); the margin behind
    it, of which no result is ever shown, falls back to weekends where nothing is published yet.
    """
    count = days_inside + margin
    if calendar.days == "china":
        inside = china_days(start, start + dt.timedelta(days=days_inside - 1), calendar.beyond_published)
        behind = start + dt.timedelta(days=days_inside)
        flags = np.concatenate([inside, china_days(behind, start + dt.timedelta(days=count - 1), "weekends")])
    elif calendar.days == "weekdays":
        open_weekdays = [WEEKDAYS.index(day) for day in calendar.weekdays]
        flags = np.isin((np.arange(count) + start.weekday()) % 7, open_weekdays)
    else:
        flags = np.ones(count, dtype=np.bool_)
    for dates, value in ((calendar.closed_on, False), (calendar.open_on, True)):
        for date in dates:
            day = (date - start).days
            if 0 <= day < count:
                flags[day] = value
    return flags


def _windows(calendar: OfficeCalendar, covers: int) -> WorkTable:
    period = round(calendar.repeat_every.seconds) if calendar.repeat_every is not None else covers
    spans = [
        (_second(window.opens), period if window.closes is None else _second(window.closes))
        for window in calendar.windows
    ]
    return WorkTable.cyclic(period, spans, covers)


def _second(length: Length) -> int:
    return round(length.seconds)
