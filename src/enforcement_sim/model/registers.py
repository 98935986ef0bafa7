"""Registers of entities (市场主体名录): who is inspected, in which credit class, and how the class moves."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from .figures import NumberFigure, ShareFigure, Strict, TitleField, WholeFigure
from .quantities import LengthField

Of = Literal["all", "key", "not_key"]
FIRST, REPEAT, NEITHER = "first", "repeat", "none"
OFFENCES = (NEITHER, FIRST, REPEAT)
"""What is known of a case's entity, by number: nothing was found, or it is its first finding, or one of several."""

PLANS = ("campaigns", "visits_per_year", "leads")
"""The ways in which an origin of inspections chooses whom to visit."""


class CreditClass(Strict):
    """One credit class (信用等级) of a register."""

    title: TitleField | None = Field(None, description="Name in the report.")
    entities: WholeFigure | None = Field(None, description="Entities in this class at the start.")
    entities_of: dict[str, WholeFigure] = Field(
        default_factory=dict, description="Instead, entities at the start by jurisdiction."
    )
    found: ShareFigure = Field(description="Share of visits in which something is found.")
    found_before: ShareFigure | None = Field(
        None, description="Share of entities that had a finding within `first_offence_within` before the start."
    )
    kinds: dict[str, ShareFigure] = Field(
        default_factory=dict, description="Kinds of case among findings, where they differ from those of the register."
    )

    @model_validator(mode="after")
    def _counted_once(self) -> CreditClass:
        if (self.entities is None) == (not self.entities_of):
            raise ValueError("a class counts its entities once||`entities: 120`, or `entities_of: {PLACE: 120}`")
        return self


class KeyEntities(Strict):
    """Entities of high risk under key supervision (重点监管)."""

    share: ShareFigure | None = Field(None, description="Share of entities, of whatever class at the start.")
    share_of: dict[str, ShareFigure] = Field(
        default_factory=dict, description="Instead, the share by class at the start; none of a class that is not named."
    )
    entities: list[int] = Field(default_factory=list, description="Instead, their numbers in the register, from 0.")
    found: ShareFigure | None = Field(
        None, description="Share of visits in which something is found (default: that of the class)."
    )

    @model_validator(mode="after")
    def _one_way(self) -> KeyEntities:
        if (self.share is not None) + bool(self.share_of) + bool(self.entities) != 1:
            raise ValueError(
                "key entities are told in one way||`share`, `share_of` each class, or a list of `entities`"
            )
        return self


class Rescoring(Strict):
    """All entities are scored anew on certain days, and some move to another class by chance."""

    every: Literal["month"] | None = Field(None, description="month: on the first day of each month.")
    on: list[dt.date] = Field(default_factory=list, description="Instead, the days.")
    up: ShareFigure | None = Field(None, description="Share that moves up one class each time.")
    down: ShareFigure | None = Field(None, description="Share that moves down one class each time.")
    moves: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="Instead, for each class the share that moves to another; the rest stays."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Rescoring:
        if (self.every is None) == (not self.on):
            raise ValueError("a re-scoring needs its days||`every: month`, or `on: [2024-01-01]`")
        plain = self.up is not None or self.down is not None
        if plain == bool(self.moves):
            raise ValueError("a re-scoring moves by steps or by a table||`up` and `down`, or `moves: {A: {B: 0.01}}`")
        if (self.up.value if self.up else 0.0) + (self.down.value if self.down else 0.0) > 1:
            raise ValueError("more than all entities move||an `up` and `down` of at most 1 together")
        return self


class Cap(Strict):
    """The most visits to one entity in a calendar year (行政检查频次上限), from a day on."""

    on: dt.date = Field(description="First day on which it holds; visits earlier in that year count.")
    visits: WholeFigure = Field(description="Most visits in a calendar year.")
    exempt: list[str] = Field(
        default_factory=list, description="Origins whose visits are neither refused nor counted, such as leads."
    )
    exempt_classes: list[str] = Field(
        default_factory=list, description="Credit classes whose entities have no cap while they are in them."
    )


class Register(Strict):
    """A register of entities; all origins that name it share the history of each entity."""

    title: TitleField | None = Field(None, description="Name in the report.")
    jurisdiction: str | None = Field(None, description="Whose entities they are (default: the only one).")
    field: str | None = Field(None, description="The field of their cases (default: the only one).")
    classes: dict[str, CreditClass] = Field(min_length=1, description="Credit classes, the best first.")
    clean: str = Field("clean", description="Kind of a visit that finds nothing.")
    kinds: dict[str, ShareFigure] = Field(
        default_factory=dict, description="Kinds of case among findings with their shares (default: all `violation`)."
    )
    key: KeyEntities | None = Field(None, description="Entities under key supervision.")
    down: WholeFigure | None = Field(None, description="Classes that a finding moves an entity down (default: none).")
    clean_visits: WholeFigure | None = Field(
        None, description="Visits in a row that find nothing, after which an entity moves up one class."
    )
    clean_for: LengthField | None = Field(
        None,
        description="Time without a finding that gives back one class lost by findings (信用修复), then the next one.",
    )
    first_offence_within: LengthField | None = Field(
        None, description="A finding counts as the first if none came before in this time (default: in the whole run)."
    )
    rescoring: Rescoring | None = Field(None, description="Moves that depend on no visit of this register.")
    caps: list[Cap] = Field(default_factory=list, description="Yearly caps of visits, the earliest first.")

    def kinds_of(self, name: str) -> dict[str, float]:
        """The kinds among the findings of a class with their shares."""
        shares = self.classes[name].kinds or self.kinds
        return {kind: figure.value for kind, figure in shares.items()} or {"violation": 1.0}

    def all_kinds(self) -> list[str]:
        """Every kind that a visit can have, that of clean visits first."""
        return list(dict.fromkeys([self.clean, *(kind for name in self.classes for kind in self.kinds_of(name))]))


class Campaign(Strict):
    """Inspections by lot (双随机、一公开): a sample of each class, visited over some weeks."""

    title: TitleField | None = Field(None, description="Name in the report.")
    on: dt.date = Field(description="First day; the sample is drawn at its midnight, by the classes of that moment.")
    lasts: LengthField = Field(description="Time over which the visits are spread, e.g. 60 days.")
    yearly: bool = Field(False, description="Whether it comes again on the same day of each later year.")
    of: Of = Field("all", description="all entities, only those under key supervision (key), or the others (not_key).")
    sampling: dict[str, ShareFigure] = Field(
        min_length=1, description="Share of each class that is drawn; none of a class that is not named."
    )
    exact: bool = Field(False, description="true: exactly that share of each class, rounded; false: each by chance.")


class Leads(Strict):
    """Automatic leads about entities (互联网+监管)."""

    per_year: dict[str, NumberFigure] = Field(
        min_length=1, description="Leads a year about each entity of a class; none of a class that is not named."
    )
    false_alarms: ShareFigure = Field(description="Share of leads behind which there is nothing.")
    false_kind: str = Field("false_alarm", description="Kind of those; stages choose by it what is checked.")
    of: Of = Field("all", description="all entities, only those under key supervision (key), or the others (not_key).")
