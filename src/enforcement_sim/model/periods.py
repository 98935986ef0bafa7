"""Periods of the law by date: which versions of a row a scenario needs, and how long a wait for one of them is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .distributions import Legal
from .law import LawBook, period_of
from .quantities import Length
from .scenario import Period, Scenario


@dataclass(frozen=True, slots=True)
class PeriodVersion:
    """One version of a legal period: `since` is None for the oldest one."""

    row: str
    since: dt.date | None
    length: Length
    rolls: bool


def rows_to_follow(book: LawBook, row: str) -> list[str]:
    """The versions of a row that a scenario follows, the oldest first: all, or that of the day of `as_of`."""
    return book.chain(row) if book.as_of == "in_force" else [book.in_force(row, book.as_of)]


def rows_in_use(book: LawBook, row: str, period: Period) -> list[str]:
    """Those of them that are in force on some day of a period."""
    last = period.start + dt.timedelta(seconds=period.seconds - 1)
    found = rows_to_follow(book, row)
    if len(found) == 1:
        return found
    first, final = (found.index(book.in_force(row, day)) for day in (period.start, last))
    return found[first : final + 1]


def period_versions(scenario: Scenario, given: Legal) -> list[PeriodVersion]:
    """The versions of a legal period, the oldest first; one of unknown number leaves the one before in place."""
    assert scenario.law is not None
    found: list[PeriodVersion] = []
    for row in rows_to_follow(scenario.law, given.law):
        body = scenario.law.provision(row)
        assert body is not None
        length = period_of(body)
        if length is not None:
            found.append(PeriodVersion(row, body.starts_on if found else None, length, body.rolls is not False))
    assert found
    return found
