"""Movements of cases as a page shows them: what it takes, what things are called, and the table of numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from ..model.figures import Language, Title
from ..model.scenario import Scenario
from .html import both, say
from .html import table as html_table
from .packing import Flow
from .rows import day as date_html
from .rows import figure
from .words import WORDS, Names, name, word

MONTHS = (0, 3, 6, 12)
"""Months after the change, or after the start, at which the table tells of the offices."""


class Movements(Protocol):
    """Cases of one log or of two between offices, as `studies.movement.Movements` gives them."""

    @property
    def first(self) -> dt.date: ...  # noqa: D102
    @property
    def days(self) -> int: ...  # noqa: D102
    @property
    def reform(self) -> int | None: ...  # noqa: D102
    @property
    def offices(self) -> tuple[tuple[str, str], ...]: ...  # noqa: D102
    @property
    def fields(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def every(self) -> int: ...  # noqa: D102
    @property
    def chosen(self) -> int: ...  # noqa: D102
    @property
    def same_day(self) -> int: ...  # noqa: D102
    @property
    def elsewhen(self) -> int: ...  # noqa: D102
    @property
    def changed(self) -> Flow: ...  # noqa: D102
    @property
    def base(self) -> Flow | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of movements: the scenarios they come from, with the names of both."""

    movements: Movements
    names: Names
    changed: Scenario
    base: Scenario | None = None

    @property
    def sides(self) -> list[tuple[str, Flow, Title]]:
        """The base first, as reading goes from without to with the change."""
        found = [("with", self.movements.changed, self.changed.title)]
        if self.movements.base is not None and self.base is not None:
            found.insert(0, ("without", self.movements.base, self.base.title))
        return found if len(found) > 1 else [("alone", *found[0][1:])]

    def place(self, office: int) -> str:
        """The jurisdiction of an office; "" for one that several share, which a plan counts to the first of all."""
        place, role = self.movements.offices[office]
        teams = {name: team for one in self.scenarios for name, team in one.teams.items()}
        homes = {team.jurisdiction for name, team in teams.items() if role == (team.role or name)}
        return "" if None in homes and place not in homes and self.changed.jurisdictions else place

    def level(self, office: int) -> str:
        """The level of the jurisdiction of an office, "none" without one."""
        known = {name: body for one in self.scenarios for name, body in one.jurisdictions.items()}
        place = self.place(office)
        return known[place].level if place in known else "none"

    @property
    def scenarios(self) -> list[Scenario]:
        """The scenarios that are shown, the changed one last."""
        return [self.changed] if self.base is None else [self.base, self.changed]


def place_name(names: Names, place: str) -> str:
    """The name of a jurisdiction as HTML; a dash for an office that belongs to none."""
    return both(lambda code: name(place, names, code)) if place else "–"


def role_name(role: str, names: Names, code: Language) -> str:
    """What offices of a role are called: in the common word, else as the scenario names the team or the role."""
    known = f"anim_role_{role}"  # first, as phases and clocks may have the same key
    return word(known, code) if known in WORDS else name(role, names, code)


def numbers(shown: Shown) -> str:
    """The table: each office at the date of the change (or at the start) and some months later, base beside it."""
    two, rows = len(shown.sides) > 1, []
    flows = [flow for _, flow, _ in shown.sides]
    for office, (_, role) in enumerate(shown.movements.offices):
        where = place_name(shown.names, shown.place(office))
        for months, day in _dates(shown.movements):
            line = [int(flow.waiting[office, day]) for flow in flows]
            work = [int(flow.in_work[office, day]) for flow in flows]
            cells = [figure(count, "whole") for count in (*line, *work)]
            cells += [figure(line[1] - line[0], "signed_whole")] if two else []
            told = both(lambda code, r=role: role_name(r, shown.names, code))  # type: ignore[misc]
            rows.append(("", [where, told, _when(shown.movements, months, day), *cells]))
    keys = ["jurisdiction", "anim_offices", "anim_date"]
    if two:
        keys += [f"anim_{what}_{side}" for what in ("in_line", "in_work") for side in ("without", "with")]
        keys += ["anim_difference"]
    else:
        keys += ["anim_waiting", "anim_in_work"]
    return html_table([say(key) for key in keys], rows, numbers_from=3)


def table_how(shown: Shown) -> str:
    """The word that says what the table tells."""
    return "anim_table_how" if len(shown.sides) > 1 else "anim_table_how_one"


def _dates(moved: Movements) -> list[tuple[int, int]]:
    """Months after the change, or after the start, with the number of that midnight; only those in the span."""
    start = moved.first + dt.timedelta(days=moved.reform or 0)
    found = [(months, (_months_on(start, months) - moved.first).days) for months in MONTHS]
    return [(months, day) for months, day in found if day < moved.days]


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


def _when(moved: Movements, months: int, day: int) -> str:
    key = "anim_months_on" if months else "anim_at_reform" if moved.reform is not None else "anim_start"
    told = both(lambda code: word(key, code).format(months=months))
    return f"{date_html(moved.first + dt.timedelta(days=day))} <small>{told}</small>"
