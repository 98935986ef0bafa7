"""Who works, when: calendars, teams, jurisdictions, fields."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator, model_validator

from .distributions import Duration
from .figures import Figure, NumberFigure, Strict, TitleField, WholeFigure
from .quantities import LengthField
from .staff import Absence, Assignment, Attrition, Hiring, Leave, NewHires, Officer, Overtime, Pressure, Secondment

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Window(Strict):
    """An opening on the clock, counted from the start of the scenario (or of each repetition)."""

    opens: LengthField = Field(description="Opening, as time since the start.")
    closes: LengthField | None = Field(None, description="Closing; none: open to the end.")


class OfficeCalendar(Strict):
    """Which days are working days, and the office hours on them."""

    days: Literal["china", "every_day", "weekdays"] = Field(
        "every_day", description="china: public holidays and make-up working days as published; or a plain rule."
    )
    weekdays: list[Weekday] = Field(
        default_factory=lambda: list(WEEKDAYS[:5]), description="Working weekdays, for `days: weekdays`."
    )
    closed_on: list[dt.date] = Field(default_factory=list, description="Further days off.")
    open_on: list[dt.date] = Field(default_factory=list, description="Further working days.")
    hours: list[str] = Field(
        default_factory=list,
        description="Office hours on a working day, e.g. ['09:00-12:00', '13:00-18:00']; none: all day.",
    )
    windows: list[Window] = Field(
        default_factory=list, description="Openings on the clock instead of days and hours, for plain queueing models."
    )
    repeat_every: LengthField | None = Field(None, description="Period after which the windows repeat.")
    beyond_published: Literal["refuse", "weekends"] = Field(
        "refuse", description="What to do in a year without published holidays: refuse, or count weekends only."
    )

    @field_validator("hours")
    @classmethod
    def _hours_rise(cls, hours: list[str]) -> list[str]:
        last = -1
        for part in hours:
            start, end = hours_of(part)
            if start <= last or end <= start:
                raise ValueError(f"office hours must rise and not touch, got '{part}'||for example 09:00-12:00")
            last = end
        return hours

    @model_validator(mode="after")
    def _one_way(self) -> OfficeCalendar:
        if self.windows and (self.hours or self.days != "every_day"):
            raise ValueError("windows replace days and hours||give windows alone, or days and hours")
        if self.repeat_every is not None and not self.windows:
            raise ValueError("repeat_every repeats windows||give windows, or remove it")
        return self


def hours_of(part: str) -> tuple[int, int]:
    """Start and end in seconds of the day of `09:00-12:00`."""
    try:
        start, end = part.split("-")
        return _seconds(start), _seconds(end)
    except ValueError:
        raise ValueError(f"not office hours: '{part}'||for example 09:00-12:00") from None


def _seconds(clock: str) -> int:
    hour, minute = (int(number) for number in clock.strip().split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60 and hour * 60 + minute <= 1440):
        raise ValueError(clock)
    return hour * 3600 + minute * 60


class Roster(Strict):
    """A dated change of the number of officers."""

    on: dt.date | LengthField = Field(description="Date, or time since the start, from which it holds.")
    officers: WholeFigure = Field(description="Officers from then on.")


class QueueChange(Strict):
    """A dated change of whom a team serves first."""

    on: dt.date | LengthField = Field(description="Date, or time since the start, from which it holds.")
    queue: Literal["first_come", "earliest_due", "severity"] = Field(description="Whom it serves first from then on.")


class AssignmentChange(Strict):
    """A dated change of how a team's officers get their cases."""

    on: dt.date | LengthField = Field(description="Date, or time since the start, from which it holds.")
    assignment: Assignment = Field(description="How officers get cases from then on.")
    cap: int | None = Field(None, ge=1, description="Most open cases of one handling officer from then on.")

    @model_validator(mode="after")
    def _caps_handlers(self) -> AssignmentChange:
        if self.cap is not None and self.assignment != "handling_officer":
            raise ValueError("a cap on open cases belongs to handling officers||assignment: handling_officer")
        return self


class Team(Strict):
    """The officers of one unit for some fields, or a shared office."""

    title: TitleField | None = Field(None, description="Name in the report.")
    role: str | None = Field(None, description="What stages call it by (default: its own name).")
    jurisdiction: str | None = Field(None, description="Where it belongs.")
    serves: list[str] = Field(
        default_factory=list, description="Jurisdictions whose cases it takes (default: its own; all if it has none)."
    )
    fields: list[str] = Field(default_factory=list, description="Fields that it takes (default: all).")
    officers: WholeFigure = Field(
        default_factory=lambda: Figure[int](value=0), description="Whole officers on case work at the start."
    )
    people: dict[str, Officer] = Field(
        default_factory=dict, description="Instead of a number, officers by name, in the order in which they are asked."
    )
    assignment: Assignment = Field(
        "team_queue",
        description="team_queue: whoever is free; handling_officer: an officer keeps a case from the first work on; "
        "by_lot: officers are drawn by lot among those who are free (双随机).",
    )
    cap: int | None = Field(None, ge=1, description="Most open cases of one handling officer.")
    assignment_from: list[AssignmentChange] = Field(
        default_factory=list, description="Dated changes of how officers get cases; cases in hand are finished first."
    )
    roster: list[Roster] = Field(default_factory=list, description="Dated changes of the number of officers.")
    roster_repeats: LengthField | None = Field(None, description="Period after which the roster repeats.")
    hires: list[Hiring] = Field(default_factory=list, description="New posts, each filled after its lag.")
    secondments: list[Secondment] = Field(default_factory=list, description="Officers who work elsewhere for a while.")
    absence: Absence | None = Field(None, description="Random absence of each officer.")
    leave: Leave | None = Field(None, description="Annual leave.")
    attrition: Attrition | None = Field(None, description="Officers who leave for good, and vacant posts.")
    new_hires: NewHires | None = Field(None, description="How much longer new officers need at first.")
    pressure: list[Pressure] = Field(default_factory=list, description="Speed under load, in rising order.")
    overtime: list[Overtime] = Field(default_factory=list, description="Longer hours for a while.")
    other_duties: Duration | None = Field(
        None, description="Officers for whom no case waits take up another duty, for so long at a time."
    )
    calendar: str | None = Field(None, description="Its working calendar (default: always open).")
    at_close: Literal["suspend", "overtime", "restart", "redraw"] = Field(
        "suspend",
        description="Work in hand at closing: resumed at opening, finished as overtime, begun again, or drawn anew.",
    )
    on_cut: Literal["leftovers_count", "new_team", "suspend"] = Field(
        "leftovers_count",
        description="When officers become fewer: those still at work count in the new number, a new team takes over, "
        "or work in hand is broken off and waits for the next officer.",
    )
    preempts: bool = Field(
        False, description="Whether a case of a better priority class breaks off work on one of a worse class."
    )
    queue: Literal["first_come", "earliest_due", "severity"] = Field(
        "first_come", description="Whom it serves first within one priority class."
    )
    queue_from: list[QueueChange] = Field(
        default_factory=list, description="Dated changes of whom it serves first; the line is put in order anew."
    )
    line: Literal["strict", "skip"] = Field(
        "strict", description="strict: nobody overtakes the first in line; skip: a later case that fits may start."
    )

    @model_validator(mode="after")
    def _staffed_one_way(self) -> Team:
        # A kept scenario is written out with its defaults: beside people, no officers is no number of them.
        counted = "officers" in self.model_fields_set and not (self.people and self.officers == Figure[int](value=0))
        if counted == bool(self.people):
            raise ValueError("a team needs `officers` (a number) or `people` (by name)||officers: 4")
        by_number = self.roster or self.hires or self.secondments or self.preempts
        if self.people and (by_number or self.on_cut != "leftovers_count"):
            raise ValueError(
                "officers by name come and go by `since` and `until`, and finish what they began"
                "||remove roster, hires, secondments, preempts and on_cut, or give a number of officers"
            )
        if self.is_named and self.at_close in ("restart", "redraw"):
            raise ValueError(f"officers by name do not {self.at_close} their work||at_close: suspend or overtime")
        if self.chooses_officers and (self.preempts or self.on_cut != "leftovers_count"):
            raise ValueError("an officer chosen in person finishes what he or she began||remove preempts and on_cut")
        if self.preempts and self.on_cut == "new_team":
            raise ValueError("who leaves with a cut team can give nobody room||on_cut: suspend or leftovers_count")
        if self.cap is not None and self.assignment != "handling_officer":
            raise ValueError("a cap on open cases belongs to handling officers||assignment: handling_officer")
        if (self.preempts or self.on_cut == "suspend") and self.at_close in ("restart", "redraw"):
            raise ValueError("work that begins anew at opening cannot be broken off in between||at_close: suspend")
        levels = [step.waiting_each for step in self.pressure]
        if levels != sorted(set(levels)):
            raise ValueError("the steps of pressure do not rise||write the smallest `waiting_each` first")
        return self

    @property
    def assignments(self) -> list[Assignment]:
        """How its officers get cases, now and after each dated change."""
        return [self.assignment, *(change.assignment for change in self.assignment_from)]

    @property
    def chooses_officers(self) -> bool:
        """Whether at some time it matters who of its officers works on a case."""
        return any(assignment != "team_queue" for assignment in self.assignments)

    @property
    def is_named(self) -> bool:
        """Whether its officers are known one by one."""
        return bool(self.people) or self.chooses_officers


class Jurisdiction(Strict):
    """A city, county, district or town (辖区)."""

    title: TitleField | None = Field(None, description="Name in the report.")
    level: Literal["city", "county", "town"] = Field("county", description="Its level.")
    parent: str | None = Field(None, description="The jurisdiction above it.")
    travel: NumberFigure | None = Field(
        None, description="Hours on the road, there and back, for others whose work here is `on_site` (default 0)."
    )

    @model_validator(mode="after")
    def _not_before_it_starts(self) -> Jurisdiction:
        if self.travel is not None and self.travel.value < 0:
            raise ValueError("travel takes less than no time||hours of 0 or more")
        return self


class EnforcementField(Strict):
    """A field of enforcement (执法领域) and the procedure its cases follow."""

    title: TitleField | None = Field(None, description="Name in the report.")
    procedure: str | None = Field(None, description="Its procedure (default: the only one).")
