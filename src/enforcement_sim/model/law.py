"""The law as data: statutes, their provisions by date, and which version a scenario follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from .figures import Strict, Title
from .quantities import CALENDAR_DAY, MONTH, WORKING_DAY, Length

PART = "/"
"""Stands between a row and one of its parts: ALL-12/judgment."""
_UNITS = {"working_day": (1, WORKING_DAY), "calendar_day": (1, CALENDAR_DAY), "month": (1, MONTH), "year": (12, MONTH)}

Bound = Literal["at_most", "at_least", "more_than", "exactly"]
Mark = Literal["text", "page", "memory"]


class LegalExtension(Strict):
    """A longer limit that a provision allows."""

    by: int = Field(gt=0, description="By how much, in the unit of the limit.")
    approver: str = Field(description="Who approves it.")
    evidence: Mark | None = Field(None, description="Where it is known from, if from elsewhere than its row.")


class Part(Strict):
    """One number of a row that sets several; a scenario names it as ROW/part."""

    value: int = Field(description="The number.")
    bound: Bound = Field(description="What kind of limit it is.")
    unit: str = Field(description="Its unit, as in a row.")


class Provision(Strict):
    """One rule of one version of a statute: one row of the law book."""

    title: str = Field(description="The step or limit that it sets.")
    article: str = Field(description="Article, as cited.")
    starts_on: dt.date | None = Field(None, description="First day on which it is in force.")
    ends_on: dt.date | None = Field(None, description="Last day on which it is in force; none: in force.")
    version: str | None = Field(None, description="Dates that are less plain than these, in the words of the table.")
    replaces: str | None = Field(None, description="The row that it replaced on its first day.")
    written: str = Field(description="The limit as the table of the law writes it, e.g. <=90.")
    value: int | None = Field(None, description="The number of the limit, where it is one number.")
    bound: Bound | None = Field(None, description="What kind of limit it is.")
    unit: str = Field(description="working_day, calendar_day, month, hour, person, percent, rule, …")
    clock_starts: str | None = Field(None, description="What starts the clock, in the words of the table.")
    excluded: str | None = Field(None, description="What the limit leaves out, in the words of the table.")
    extension: str | None = Field(None, description="Extension and approver, in the words of the table.")
    extensions: list[LegalExtension] = Field(default_factory=list, description="The extensions as numbers, in order.")
    parts: dict[str, Part] = Field(default_factory=dict, description="The numbers of a row that sets several, by name.")
    rolls: bool | None = Field(
        None, description="Whether a non-working last day moves to the next working day (default: it does)."
    )
    evidence: Mark = Field(
        description="text: the law was read; page: seen quoted; memory: recalled, to be checked before use."
    )
    source: str | None = Field(None, description="Where it was read.")

    @model_validator(mode="after")
    def _one_number_or_parts(self) -> Provision:
        if (self.value is None) != (self.bound is None):
            raise ValueError("value and bound go together||give both or neither")
        if self.value is not None and self.parts:
            raise ValueError("a row has one number or several parts||keep `value`, or name each number under `parts`")
        if self.extensions and self.value is None:
            raise ValueError("an extension needs a limit that it makes longer||add `value` and `bound`")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("the row ends before it starts||an `ends_on` on or after `starts_on`")
        return self


class Statute(Strict):
    """A statute or rule with its provisions; its dates and its source hold for every row that names no other."""

    title: Title = Field(description="Its name.")
    starts_on: dt.date | None = Field(None, description="First day on which it is in force.")
    ends_on: dt.date | None = Field(None, description="Last day on which it is in force; none: in force.")
    version: str | None = Field(None, description="Dates that are less plain than these, in the words of the table.")
    source: str | None = Field(None, description="Where it was read.")
    rows: dict[str, Provision] = Field(min_length=1, description="Provisions by the id of their row.")

    @model_validator(mode="after")
    def _rows_take_over(self) -> Statute:
        for row, body in self.rows.items():
            own_dates = any(part is not None for part in (body.starts_on, body.ends_on, body.version))
            taken = ("source",) if own_dates else ("starts_on", "ends_on", "version", "source")
            more = {key: getattr(self, key) for key in taken if getattr(body, key) is None}
            self.rows[row] = body.model_copy(update={key: value for key, value in more.items() if value is not None})
        return self


class LawBook(Strict):
    """The law that a scenario follows."""

    files: str = Field(description="Folder of statute files (or one file), beside the scenario.")
    as_of: dt.date | Literal["in_force"] = Field(
        "in_force", description="in_force: every clock keeps the rule of the day it starts; a date: that day's rules."
    )
    statutes: dict[str, Statute] = Field(default_factory=dict, description="Read from the files, never written here.")

    @model_validator(mode="after")
    def _one_row_each(self) -> LawBook:
        seen: dict[str, str] = {}
        for name, statute in self.statutes.items():
            for row in statute.rows:
                if row in seen:
                    raise ValueError(f"row {row} stands in {seen[row]} and in {name}||remove one")
                seen[row] = name
        for statute in self.statutes.values():
            for row, body in statute.rows.items():
                if body.replaces is not None and body.replaces not in seen:
                    raise ValueError(f"row {row} replaces '{body.replaces}', which is no row||correct the id")
                if body.replaces is not None and body.starts_on is None:
                    raise ValueError(f"row {row} replaces another and has no first day||add `starts_on:`")
        return self

    @cached_property
    def _statutes(self) -> dict[str, Statute]:
        """The statute of each row."""
        return {row: statute for statute in self.statutes.values() for row in statute.rows}

    @cached_property
    def _replaced_by(self) -> dict[str, str]:
        """The row that replaced a row."""
        found: dict[str, str] = {}
        for row, statute in self._statutes.items():
            if (before := statute.rows[row].replaces) is not None:
                found.setdefault(before, row)
        return found

    def provision(self, name: str) -> Provision | None:
        """A row by its id; of ROW/part the row with the number of that part alone."""
        row, _, part = name.partition(PART)
        body = self._statutes[row].rows[row] if row in self._statutes else None
        if body is None or not part:
            return body
        if part not in body.parts:
            return None
        one = body.parts[part]
        return body.model_copy(update={"value": one.value, "bound": one.bound, "unit": one.unit, "parts": {}})

    def rows(self) -> list[str]:
        """Ids of all rows, each followed by its parts as ROW/part."""
        return [
            name
            for row, statute in self._statutes.items()
            for name in (row, *(f"{row}{PART}{part}" for part in statute.rows[row].parts))
        ]

    def only(self, names: Iterable[str]) -> LawBook:
        """The book with all versions of some rows and nothing else; a name that is no row counts for none."""
        rows = {name.partition(PART)[0] for name in names} & set(self._statutes)
        kept = {version.partition(PART)[0] for row in rows for version in self.chain(row)}
        parts = {
            name: statute.model_copy(update={"rows": {row: statute.rows[row] for row in statute.rows if row in kept}})
            for name, statute in self.statutes.items()
        }
        # Not `model_copy`, which would take along what this book has cached.
        return LawBook(files=self.files, as_of=self.as_of, statutes={n: part for n, part in parts.items() if part.rows})

    def statute_of(self, name: str) -> Statute:
        """The statute in which a row stands."""
        return self._statutes[name.partition(PART)[0]]

    def chain(self, name: str) -> list[str]:
        """All versions of a provision, the oldest first: what the row replaced, and what replaced it.

        Of ROW/part these are the parts of that name, and the whole row where a version has no such part.
        """
        row, _, part = name.partition(PART)
        found = [row]
        while (before := self._body(found[0]).replaces) is not None and before not in found:
            found.insert(0, before)
        while (after := self._replaced_by.get(found[-1])) is not None and after not in found:
            found.append(after)
        return [f"{one}{PART}{part}" if part in self._body(one).parts else one for one in found]

    def in_force(self, row: str, day: dt.date) -> str:
        """The version of a provision that is in force on a day; the oldest one before the law knows any."""
        versions = self.chain(row)
        begun = [name for name in versions if (self._body(name).starts_on or dt.date.min) <= day]
        return begun[-1] if begun else versions[0]

    def _body(self, row: str) -> Provision:
        body = self.provision(row)
        if body is None:
            raise KeyError(row)
        return body


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version of a clock's rule: `since` is None for the first one."""

    row: str | None
    rule: str
    since: dt.date | None
    limit: Length
    rolls: bool
    extensions: tuple[tuple[int, str, float], ...]  # days, approver, share granted


def limit_of(body: Provision) -> Length | None:
    """The limit of a row as a length of legal days (a year counts twelve months); None if it is no such limit."""
    if body.value is None or body.unit not in _UNITS:
        return None
    times, unit = _UNITS[body.unit]
    return Length(float(body.value * times), unit)


def period_of(body: Provision) -> Length | None:
    """The period of a row as a length of time: as `limit_of`, or in hours on the clock."""
    if body.value is not None and body.unit == "hour":
        return Length(float(body.value), "h")
    return limit_of(body)
