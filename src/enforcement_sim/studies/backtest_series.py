"""Published series of cases received, closed and pending, read for back-tests.

A loader takes the path of a table and the first and last period that are wanted (both with their rows; none: the
whole table). The first row gives only what was pending when the series begins. A period without a number, or told by
another definition than its neighbours, is refused with a SeriesError; nothing is filled in.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import EnforcementSimError

Floats = npt.NDArray[np.float64]
Row = dict[str, str]

FEWEST = 4
"""Periods below which there is no early part to fit on and no later one to predict: two and two."""


class SeriesError(EnforcementSimError):
    """A series that cannot be used as it stands; says where, what, and what to try."""

    def __init__(self, what: str, *, try_: str = "") -> None:
        super().__init__(f"{what}\n  try:  {try_}" if try_ else what)


@dataclass(frozen=True)
class Series:
    """Cases of n periods that follow each other without a gap, in whole cases.

    `received`, `closed` (as published) and `officers` (on average; NaN where not known) have the shape (n,),
    `pending` (n + 1,): at the start of the first period and at the end of each. `one_for` is how many cases one
    simulated case stands for. Raises SeriesError for numbers that do not make such a series.
    """

    name: str
    source: str
    unit: str
    periods: tuple[str, ...]
    received: Floats
    closed: Floats
    pending: Floats
    officers: Floats
    one_for: int

    def __post_init__(self) -> None:
        n = len(self.periods)
        if n < FEWEST:
            raise SeriesError(f"{self.name}: {n} periods are too few", try_=f"at least {FEWEST}")
        if not len(self.received) == len(self.closed) == len(self.officers) == len(self.pending) - 1 == n:
            raise SeriesError(f"{self.name}: columns of different length")
        known = np.concatenate([self.received, self.closed, self.pending])
        if not (np.isfinite(known).all() and (known >= 0).all()):
            raise SeriesError(f"{self.name}: a number is missing or below zero", try_="a stretch without gaps")

    @property
    def left(self) -> Floats:
        """Cases that left what is pending in each period, shape (n,): received less the growth of what is pending.

        Withdrawn and reopened cases are in it; many publishers count them neither as received nor as closed.
        """
        gone: Floats = self.received - np.diff(self.pending)
        return gone


def eoir(path: Path, first: str | None = None, last: str | None = None) -> Series:
    """US immigration courts by fiscal year: initial receipts, total completions, pending; officers are judges.

    Judges are the mean of those at both ends of a year, NaN if either is not verified.
    """
    table = _Table(path, "fiscal_year", _next_year, first, last)
    judges = [table.number(row, "judges_end") if row["judges_verified"] == "1" else math.nan for row in table.rows]
    return table.series(
        "US immigration courts",
        "Executive Office for Immigration Review, Adjudication Statistics, 19 April 2021; judges: Human Rights First",
        "cases a fiscal year",
        received=table.column("initial_receipts"),
        closed=table.column("total_completions"),
        pending=table.column("pending_end"),
        officers=[(before + after) / 2 for before, after in pairwise(judges)],
        one_for=100,
    )


def ssa(path: Path, first: str | None = None, last: str | None = None) -> Series:
    """US social security hearings by fiscal year; officers are administrative law judges, as available on average.

    Rows that are not verified against a publication are refused.
    """
    table = _Table(path, "fiscal_year", _next_year, first, last)
    for row in table.rows:
        if row["verified"] != "1":
            raise table.fault(row, "this row is not verified against a publication")
    return table.series(
        "US social security hearings",
        "Social Security Administration, Annual Statistical Supplement, tables 2.F8 and 2.F9",
        "cases a fiscal year",
        received=table.column("receipts"),
        closed=table.column("dispositions"),
        pending=table.column("pending_end"),
        officers=table.column("aljs_available")[1:],
        one_for=100,
    )


def courts(path: Path, first: str | None = None, last: str | None = None) -> Series:
    """Courts of China by year, published in 10,000 cases; what is received follows from those carried over.

    Refuses half-years, years from 2023 on (mediation before trial is counted since) and rows that do not add up.
    """
    table = _Table(path, "year", _next_year, first, last)
    accepted = table.column("accepted_incl_carryover_10k")
    closed, pending = table.column("concluded_10k"), table.column("outstanding_end_10k")
    for at, row in enumerate(table.rows):
        if int(row["year"]) >= 2023:
            raise table.fault(row, "mediation before trial is counted from 2023 on")
        # Published to a tenth: three rounded numbers may miss each other by a little more than one tenth.
        if abs(accepted[at] - closed[at] - pending[at]) > 0.16:
            raise table.fault(row, "accepted less concluded is not what is outstanding")
    received = [new - before for new, before in zip(accepted[1:], pending[:-1], strict=True)]
    return table.series(
        "Courts of China",
        "Supreme People's Court, office of trial management, 10 March 2023",
        "cases a year",
        received=[math.nan, *(10_000 * number for number in received)],
        closed=[10_000 * number for number in closed],
        pending=[10_000 * number for number in pending],
        one_for=1_000,
    )


def reconsideration(path: Path, first: str | None = None, last: str | None = None) -> Series:
    """Administrative reconsideration in China by year, published in 10,000 cases.

    What is pending is handled (with those carried over) less concluded, so that a year needs both.
    """
    table = _Table(path, "year", _next_year, first, last)
    handled, closed = table.column("handled_incl_carryover_10k"), table.column("concluded_10k")
    return table.series(
        "Reconsideration in China",
        "Ministry of Justice of China, yearly figures of administrative reconsideration",
        "cases a year",
        received=[10_000 * number for number in table.column("new_10k")],
        closed=[10_000 * number for number in closed],
        pending=[10_000 * (before - after) for before, after in zip(handled, closed, strict=True)],
        one_for=100,
    )


def uk_asylum(path: Path, first: str | None = None, last: str | None = None) -> Series:
    """UK asylum, main applicants by quarter: applications, initial decisions, awaiting one.

    Closed are grants and refusals: administrative outcomes are told from 2023 on only, so that decisions with them
    would be two definitions in one column. Officers are the caseworkers of `asylum_productivity_breakdown.csv` beside
    the table, on average over the three months of a quarter; NaN where a month is missing.
    """
    table = _Table(path, "quarter_end", _next_quarter, first, last)
    told = [table.column(f"decisions_{what}") for what in ("grant", "refused", "administrative")]
    waiting = [table.column(f"awaiting_initial{age}") for age in ("_le6m", "_gt6m", "")]
    for at, row in enumerate(table.rows):
        if sum(column[at] for column in told) != table.number(row, "decisions"):
            raise table.fault(row, "decisions are not the sum of their kinds")
        if waiting[0][at] + waiting[1][at] != waiting[2][at]:
            raise table.fault(row, "those awaiting a decision are not the sum of both ages")
    return table.series(
        "UK asylum decisions",
        "Home Office, immigration system statistics (Open Government Licence v3.0)",
        "main applicants a quarter",
        received=table.column("applications_main"),
        closed=[granted + refused for granted, refused in zip(told[0], told[1], strict=True)],
        pending=waiting[2],
        officers=_staff(path.with_name("asylum_productivity_breakdown.csv"), table.labels[1:]),
        one_for=10,
    )


def _staff(path: Path, quarters: Sequence[str]) -> list[float]:
    """Caseworkers on average over the three months that end with each quarter; NaN where a month is missing."""
    monthly = {row["Date"][:7]: float(row["Asylum Caseworking Staff"]) for row in _rows(path)}
    found = []
    for quarter in quarters:
        year, month = int(quarter[:4]), int(quarter[5:7])
        months = [monthly.get(f"{year}-{number:02}", math.nan) for number in range(month - 2, month + 1)]
        found.append(sum(months) / 3)
    return found


class _Table:
    """The wanted rows of a table of periods; every row follows the one before it."""

    def __init__(
        self, path: Path, key: str, following: Callable[[str], str], first: str | None, last: str | None
    ) -> None:
        self.path, self.key = path, key
        rows = _rows(path)
        labels = [row[key] for row in rows]
        for wanted in (first, last):
            if wanted is not None and wanted not in labels:
                raise SeriesError(f"{path.name}: no period {wanted}", try_=f"one of {', '.join(labels)}")
        begin = 0 if first is None else labels.index(first)
        self.rows = rows[begin : None if last is None else labels.index(last) + 1]
        self.labels = [row[key] for row in self.rows]
        due = [self._after(row, following) for row in self.rows]
        for row, expected in zip(self.rows[1:], due[:-1], strict=True):
            if row[key] != expected:
                raise self.fault(row, f"{expected} is missing before it")

    def _after(self, row: Row, following: Callable[[str], str]) -> str:
        try:
            return following(row[self.key])
        except ValueError:
            raise self.fault(row, "not a whole period") from None

    def fault(self, row: Row, what: str) -> SeriesError:
        """An error about one row."""
        return SeriesError(f"{self.path.name}: {row[self.key]}: {what}", try_="a stretch without it: first, last")

    def number(self, row: Row, column: str) -> float:
        """The number of one cell; SeriesError if there is none."""
        try:
            return float(row[column])
        except ValueError:
            raise self.fault(row, f"no number in {column}") from None

    def column(self, name: str) -> list[float]:
        """All numbers of a column. Of the first row only what is pending is needed: a gap there is NaN for flows."""
        opening = [self._opening(name)] if self.rows else []
        return opening + [self.number(row, name) for row in self.rows[1:]]

    def _opening(self, name: str) -> float:
        try:
            return float(self.rows[0][name])
        except ValueError:
            return math.nan

    def series(
        self, name: str, source: str, unit: str, *, received: list[float], closed: list[float], pending: list[float],
        one_for: int, officers: list[float] | None = None,
    ) -> Series:  # fmt: skip
        """The series of columns with all rows; flows of the first row lie before the series and are left out."""
        if pending and math.isnan(pending[0]):
            raise self.fault(self.rows[0], "nothing says what was pending")
        staff = [math.nan] * (len(self.rows) - 1) if officers is None else officers
        return Series(
            name, source, unit, tuple(self.labels[1:]),
            received=np.array(received[1:]), closed=np.array(closed[1:]), pending=np.array(pending),
            officers=np.array(staff), one_for=one_for,
        )  # fmt: skip


def _rows(path: Path) -> list[Row]:
    """Rows of a CSV file by the names in its head; lines before it that begin with # are notes."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise SeriesError(f"{path.name}: no such file in {path.parent}", try_="the folder of the series") from None
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _next_year(label: str) -> str:
    if not (len(label) == 4 and label.isdigit()):
        raise ValueError(label)
    return str(int(label) + 1)


def _next_quarter(label: str) -> str:
    """The last day of the quarter after the one that ends on a day."""
    day = dt.date.fromisoformat(label)
    end = dt.date(day.year + day.month // 12, (day.month + 2) % 12 + 1, 1) + dt.timedelta(days=31)
    return str(end.replace(day=1) - dt.timedelta(days=1))
