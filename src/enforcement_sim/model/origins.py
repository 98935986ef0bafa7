"""Where cases come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .distributions import Duration
from .figures import ShareFigure, Strict, TitleField, WholeFigure
from .quantities import LengthField, RateField


class _Origin(Strict):
    title: TitleField | None = Field(None, description="Name in the report.")
    enters: str = Field(description="The stage where its cases begin.")
    jurisdiction: str | None = Field(None, description="Whose cases they are (default: the only one).")
    fields: dict[str, ShareFigure] | str | None = Field(
        None, description="The field of its cases, or shares of fields (default: the only field)."
    )
    home: dict[str, ShareFigure] = Field(
        default_factory=dict, description="For cases of a city: the share that belongs to each county."
    )
    kinds: dict[str, ShareFigure] = Field(
        default_factory=dict, description="Kinds of case with their shares; ways out can follow them."
    )
    priority: int | dict[str, int] = Field(
        0, description="Priority class in every line, the lower first; one for all or one for each kind."
    )
    calendar: str | None = Field(None, description="Cases arrive only while this calendar is open.")


class RateStep(Strict):
    """A rate and how long it holds."""

    lasts: LengthField = Field(description="How long.")
    rate: RateField | None = Field(None, description="Rate meanwhile; none: nothing arrives.")


class Poisson(_Origin):
    """Cases arrive at random at a steady rate of office time (or of clock time without a calendar)."""

    process: Literal["poisson"]
    rate: RateField | None = Field(None, description="Rate on the clock, averaged over open and closed hours.")
    steps: list[RateStep] = Field(
        default_factory=list, description="Instead of one rate, steps that follow each other and repeat."
    )
    batch: int = Field(1, ge=1, description="Cases that arrive together each time.")

    @model_validator(mode="after")
    def _one_way(self) -> Poisson:
        if (self.rate is None) == (not self.steps):
            raise ValueError("a poisson origin needs a rate or steps of rates||rate: 120 per year")
        if self.steps and self.calendar is not None:
            raise ValueError("steps run on the clock and take no calendar||remove `calendar`, or give one `rate`")
        return self


class Regular(_Origin):
    """Cases arrive at equal distances."""

    process: Literal["regular"]
    every: LengthField = Field(description="Distance between two arrivals.")
    first: LengthField | None = Field(None, description="First arrival (default: after one distance).")


class Renewal(_Origin):
    """Cases arrive with independent distances of one distribution."""

    process: Literal["renewal"]
    interval: Duration = Field(description="Distance between two arrivals.")
    first: LengthField | None = Field(None, description="First arrival (default: after one distance).")
    max: int | None = Field(None, ge=1, description="Most cases that arrive.")


class Listed(_Origin):
    """Arrivals told one by one, for traces, stories and cases that are open at the start."""

    process: Literal["listed"]
    at: list[LengthField] = Field(min_length=1, description="Time of each arrival since the start.")


class YearCount(Strict):
    """How many cases of one jurisdiction came in one year."""

    year: int = Field(description="Calendar year.")
    jurisdiction: str | None = Field(None, description="Whose (default: that of the origin).")
    kind: str | None = Field(None, description="Which kind of case (default: kinds by their shares).")
    count: WholeFigure = Field(description="Cases in that year.")


class Counted(_Origin):
    """A known number of cases a year, on random working days: published totals are met, days are chance."""

    process: Literal["counted"]
    counts: list[YearCount] = Field(min_length=1, description="Cases by year, jurisdiction and kind.")
    fields_of: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="Shares of fields for single jurisdictions, where they differ."
    )


Origin = Annotated[Poisson | Regular | Renewal | Listed | Counted, Field(discriminator="process")]
