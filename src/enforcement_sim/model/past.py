"""How far back calendars reach: only where cases are open on the first day does anything happen before the start."""

from __future__ import annotations

import datetime as dt

from .derive import open_cases
from .scenario import Scenario
from .teams import OfficeCalendar

MOST_BACK = 10_000
"""Days before the start that calendars cover where cases are open on the first day: about 27 years."""
FIRST_PUBLISHED = dt.date(2004, 1, 1)
"""First day whose public holidays are known."""


def days_back(scenario: Scenario, calendar: OfficeCalendar | None) -> int:
    """Days before the start that a calendar covers; None stands for always open."""
    if not any(open_cases(scenario)):
        return 0
    if calendar is None or calendar.days != "china":
        return MOST_BACK
    return min(MOST_BACK, max(0, (scenario.period.start - FIRST_PUBLISHED).days))
