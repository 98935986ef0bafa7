"""Where cases come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .distributions import Duration
from .figures import Evidence, ShareFigure, Strict, TitleField, WholeFigure
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


class YearCount(Evidence):
    """How many cases of one jurisdiction came in one year; its evidence holds for its numbers without their own."""

    year: int = Field(description="Calendar year.")
    jurisdiction: str | None = Field(None, description="Whose (default: that of the origin).")
    field: str | None = Field(None, description="Whose field (default: split by the shares of fields).")
    count: WholeFigure = Field(description="Cases in that year (or in the part of it that lies in the period).")
    kinds: dict[str, WholeFigure | Literal["rest"]] = Field(
        default_factory=dict, description="How many of them are of which kind; one kind may take the `rest`."
    )

    @model_validator(mode="before")
    @classmethod
    def _plain_counts(cls, written: Any) -> Any:
        if isinstance(written, dict) and isinstance(written.get("kinds"), dict):
            kinds = {k: v if isinstance(v, dict) or v == "rest" else {"value": v} for k, v in written["kinds"].items()}
            return {**written, "kinds": kinds}
        return written

    @model_validator(mode="after")
    def _adds_up(self) -> YearCount:
        if not self.kinds:
            return self
        known = sum(figure.value for figure in self.kinds.values() if not isinstance(figure, str))
        rests = sum(isinstance(figure, str) for figure in self.kinds.values())
        if rests > 1 or known > self.count.value or (rests == 0 and known != self.count.value):
            raise ValueError(
                f"kinds sum to {known}, the count is {self.count.value}||counts of kinds that add up, or `rest` for one"
            )
        return self

    def by_kind(self) -> dict[str | None, int]:
        """Cases of each kind; None stands for kinds drawn by their shares."""
        if not self.kinds:
            return {None: self.count.value}
        known = {kind: figure.value for kind, figure in self.kinds.items() if not isinstance(figure, str)}
        rest = self.count.value - sum(known.values())
        return {kind: known.get(kind, rest) for kind in self.kinds}


class Counted(_Origin):
    """A known number of cases a year, on random working days: published totals are met, days are chance."""

    process: Literal["counted"]
    counts: list[YearCount] = Field(min_length=1, description="Cases by year, jurisdiction and kind.")
    fields_of: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="Shares of fields for single jurisdictions, where they differ."
    )


Origin = Annotated[Poisson | Regular | Renewal | Listed | Counted, Field(discriminator="process")]
