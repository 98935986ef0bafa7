"""Reforms: whose cases move down, when, with which officers, and when they are taken back."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from .figures import NumberFigure, ShareFigure, Strict, TitleField
from .quantities import LengthField


class Reversals(Strict):
    """Decisions on moved cases do not stand as often at first."""

    ways: list[str] = Field(min_length=1, description="Ways out (stages or outcomes) that moved cases take more often.")
    extra_share: NumberFigure = Field(description="By how much their shares are larger at the start, e.g. 0.5.")

    @model_validator(mode="after")
    def _more(self) -> Reversals:
        if self.extra_share.value < 0:
            raise ValueError("a surplus below 0||0.5 makes the shares half as large again")
        return self


class Learning(Strict):
    """Moved cases take a receiving team longer at first, and more of its decisions fall."""

    extra_time: NumberFigure = Field(description="Share by which work takes longer at the start, e.g. 0.4.")
    half_life: LengthField = Field(description="Time in which the surplus falls by half.")
    reversals: Reversals | None = Field(None, description="Ways out that moved cases take more often at first.")
    assumed: str | None = Field(None, description="Why the half-life is assumed.")
    range: tuple[float, float] | None = Field(None, description="Range of half-lives, in the unit as written.")
    source: str | None = Field(None, description="Where the half-life was published.")


class Evaluation(Strict):
    """A look at what receiving places have made of their cases; places that fall short lose new cases again."""

    on: list[dt.date] = Field(min_length=1, description="Days at whose midnight it is held, in order of time.")
    measure: Literal["open_each", "overdue_share"] = Field(
        description="open_each: open moved cases for each officer of the receiving teams; overdue_share: share of the "
        "cases moved so far of which a legal clock has run out."
    )
    above: NumberFigure = Field(description="Powers are recalled (收回) from a place whose measure lies above this.")
    least_cases: int = Field(1, ge=1, description="Places with fewer moved cases so far are left alone.")

    @model_validator(mode="after")
    def _in_order(self) -> Evaluation:
        if self.on != sorted(set(self.on)):
            raise ValueError("the days of the evaluation do not rise||write the earliest day first")
        return self


class Reform(Strict):
    """Enforcement moves down (执法重心下移): a share of one jurisdiction's cases goes to their home jurisdiction."""

    title: TitleField | None = Field(None, description="Name in the report.")
    on: dt.date = Field(description="Cases that arrive from this date on are moved.")
    full_on: dt.date | None = Field(
        None, description="Date on which the shares are reached, if they grow evenly from `on` (default: at once)."
    )
    giver: str = Field(description="The jurisdiction that gives cases away.")
    share: dict[str, ShareFigure] = Field(description="By field, the share of its cases that goes to their home.")
    share_of: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="By receiving jurisdiction and field, where its share differs."
    )
    role: str = Field("enforcement", description="Role of the teams between which staff moves.")
    staff: ShareFigure | None = Field(None, description="Share of the giving teams' officers that moves too.")
    in_pairs: bool = Field(False, description="Whether officers move in pairs, since most work takes two at once.")
    staff_on: dt.date | None = Field(None, description="Date on which staff moves (default: that of the reform).")
    learning: Learning | None = Field(None, description="How long moved cases take at first.")
    evaluation: Evaluation | None = Field(None, description="When and by which rule cases are taken back.")

    @model_validator(mode="after")
    def _grows(self) -> Reform:
        if self.full_on is not None and self.full_on <= self.on:
            raise ValueError("the reform is complete before it begins||a `full_on` after `on`, or none")
        return self

    def share_for(self, home: str, field: str) -> float:
        """The share of the cases of a field that goes to a home jurisdiction."""
        figure = self.share_of.get(home, {}).get(field) or self.share.get(field)
        return 0.0 if figure is None else figure.value

    @property
    def fields(self) -> list[str]:
        """Fields of which anything moves, in the order of the file."""
        return list(dict.fromkeys([*self.share, *(field for shares in self.share_of.values() for field in shares)]))
