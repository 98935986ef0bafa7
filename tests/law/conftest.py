"""The law book as shipped, and the days of 2023 to 2026 as the State Council published them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from enforcement_sim.calendars import DayTable, china_days
from enforcement_sim.decisions.limits import due
from enforcement_sim.files import law_files
from enforcement_sim.files.tree import Tree
from enforcement_sim.model.law import LawBook, limit_of
from enforcement_sim.model.quantities import CALENDAR_DAY, WORKING_DAY
from enforcement_sim.records import DAY, Days

LAW = Path(__file__).parents[2] / "scenarios" / "law" / "china"
FIRST = dt.date(2023, 1, 1)
LAST = dt.date(2026, 12, 31)
COUNTS = {CALENDAR_DAY: Days.CALENDAR_DAYS, WORKING_DAY: Days.WORKING_DAYS}

LastDay = Callable[[str, str, int], dt.date]


@pytest.fixture(scope="session")
def book() -> LawBook:
    tree = Tree({"law": {"files": str(LAW)}})
    law_files.put_in(tree)
    return LawBook.model_validate(tree.data["law"])


@pytest.fixture(scope="session")
def last_day(book: LawBook) -> LastDay:
    """The last day of a limit that starts on a day, by the version in force then; with its first `more` extensions."""
    table = DayTable(china_days(FIRST, LAST), FIRST)

    def last(row: str, start: str, more: int) -> dt.date:
        day = dt.date.fromisoformat(start)
        body = book.provision(book.in_force(row, day))
        assert body is not None
        limit = limit_of(body)
        assert limit is not None
        days = int(limit.amount) + sum(extension.by for extension in body.extensions[:more])
        counts = int(COUNTS.get(limit.unit, Days.MONTHS))
        # The event falls at three in the afternoon: the hour must not matter.
        start_second = (day - FIRST).days * DAY + 54_000
        late = due(table, counts, start_second, days, 0, body.rolls is not False)
        assert late % DAY == 0
        return FIRST + dt.timedelta(days=late // DAY - 1)

    return last
