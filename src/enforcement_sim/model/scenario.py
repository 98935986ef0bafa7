"""A scenario: everything that one run depends on except its seed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from .figures import Strict, TitleField
from .law import LawBook
from .origins import Origin
from .quantities import LengthField
from .reforms import Reform
from .registers import Register
from .stages import Procedure
from .teams import EnforcementField, Jurisdiction, OfficeCalendar, Team

FORMAT = 1
MONDAY = dt.date(2001, 1, 1)
"""The first day of a scenario without dates: a Monday in a year without leap day."""


class Period(Strict):
    """What stretch of time is simulated."""

    start: dt.date = Field(MONDAY, description="First day; time counts in seconds from its midnight.")
    end: dt.date | None = Field(None, description="First day that is not simulated any more.")
    length: LengthField | None = Field(None, description="Length instead of an end.")
    warm_up: LengthField | None = Field(None, description="Time at the start that measures leave out.")

    @model_validator(mode="after")
    def _ends(self) -> Period:
        if (self.end is None) == (self.length is None):
            raise ValueError("a period needs an end or a length||give one of the two")
        if self.seconds <= 0:
            raise ValueError("the period ends before it begins||an end after the start")
        if self.warm_up is not None and self.warm_up.seconds >= self.seconds:
            raise ValueError("the warm-up takes up the whole period||a shorter warm-up or a longer period")
        return self

    @property
    def seconds(self) -> int:
        """Length in whole seconds."""
        if self.length is not None:
            return round(self.length.seconds)
        assert self.end is not None
        return (self.end - self.start).days * 86_400


class Source(Strict):
    """Where figures come from."""

    citation: str = Field(description="What a reader would look up: title, publisher, year.")
    url: str | None = Field(None, description="Address, if it has one.")
    date: str | None = Field(None, description="Date or year of the figures.")
    note: str | None = Field(None, description="What to keep in mind about them.")


class Published(Strict):
    """A published count that the simulation is held against."""

    label: str | list[str] = Field(description="Label of the stages that it counts (`counts_as`), or several added up.")
    jurisdiction: str | None = Field(None, description="Where (with everything below it); none: everywhere.")
    alone: bool = Field(False, description="Whether the count leaves out what lies below the jurisdiction.")
    field: str | None = Field(None, description="In which field; none: all.")
    year: int = Field(description="Calendar year.")
    value: int = Field(ge=0, description="The published count.")
    source: str = Field(description="Key of an entry under `sources`, or a citation.")

    @property
    def labels(self) -> list[str]:
        """The labels whose counts are added up."""
        return [self.label] if isinstance(self.label, str) else self.label


class Scenario(Strict):
    """One scenario."""

    format: Literal[1] = Field(description="Version of this file format.")
    title: TitleField = Field(description="Name in reports.")
    purpose: Literal["place", "theory"] = Field(
        "place", description="place: every number needs a source or an assumption; theory: a bare queueing model."
    )
    description: TitleField | None = Field(None, description="What it is for, in a sentence or two.")
    stylised_on: str | None = Field(None, description="The real place whose figures it uses.")
    compare_to: str | None = Field(None, description="Scenario file that differences are taken against.")
    period: Period = Field(description="What stretch of time is simulated.")
    seed: int = Field(1, ge=0, lt=2**63, description="Seed of all chance.")
    replications: int = Field(20, ge=1, description="Independent repetitions, unless the command says otherwise.")
    engine: Literal["fast", "reference"] = Field(
        "fast",
        description="fast: compiled; reference: SimPy, to be read, many times slower. Both write the same event log.",
    )
    law: LawBook | None = Field(None, description="The law that clocks and legal periods follow.")
    sources: dict[str, Source] = Field(default_factory=dict, description="Where figures come from, by key.")
    assumptions: dict[str, TitleField] = Field(
        default_factory=dict, description="Reasons that several numbers share, by key, for `assumed:`."
    )
    jurisdictions: dict[str, Jurisdiction] = Field(default_factory=dict, description="Jurisdictions by name.")
    fields: dict[str, EnforcementField] = Field(default_factory=dict, description="Fields of enforcement by name.")
    calendars: dict[str, OfficeCalendar] = Field(default_factory=dict, description="Calendars by name.")
    teams: dict[str, Team] = Field(default_factory=dict, description="Teams by name.")
    procedures: dict[str, Procedure] = Field(min_length=1, description="Procedures by name.")
    registers: dict[str, Register] = Field(
        default_factory=dict, description="Registers of entities that origins of inspections visit, by name."
    )
    origins: dict[str, Origin] = Field(min_length=1, description="Origins of cases by name.")
    reform: Reform | None = Field(None, description="The shift of enforcement to the counties.")
    delegations: dict[str, Reform] = Field(
        default_factory=dict, description="Powers delegated further down, as from counties to towns (赋权), by name."
    )
    terms: dict[str, TitleField] = Field(
        default_factory=dict, description="Names in the report of phases and labels (`phase`, `counts_as`)."
    )
    published: list[Published] = Field(default_factory=list, description="Published counts to hold results against.")
