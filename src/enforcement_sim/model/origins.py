"""Where cases come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .distributions import Duration
from .figures import Evidence, NumberFigure, ShareFigure, Strict, TitleField, WholeFigure
from .quantities import LengthField, RateField
from .registers import PLANS, Campaign, Leads, Of
from .standing import Standing


class _Cases(Strict):
    title: TitleField | None = Field(None, description="Name in the report.")
    jurisdiction: str | None = Field(None, description="Whose cases they are (default: the only one).")
    fields: dict[str, ShareFigure] | str | None = Field(
        None, description="The field of its cases, or shares of fields (default: the only field)."
    )
    home: dict[str, ShareFigure] = Field(
        default_factory=dict, description="For cases of a city: the share that belongs to each county."
    )
    home_of: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="For single jurisdictions, where it differs: the share of each home."
    )
    kinds: dict[str, ShareFigure] = Field(
        default_factory=dict, description="Kinds of case with their shares; ways out can follow them."
    )
    priority: int | dict[str, int] = Field(
        0, description="Priority class in every line, the lower first; one for all or one for each kind."
    )
    severity: dict[int, ShareFigure] = Field(
        default_factory=dict, description="Severities with their shares, the higher the graver (default: all 0)."
    )


class _Origin(_Cases):
    enters: str = Field(description="The stage where its cases begin.")
    calendar: str | None = Field(None, description="Cases arrive only while this calendar is open.")


class RateStep(Strict):
    """A rate and how long it holds."""

    lasts: LengthField = Field(description="How long.")
    rate: RateField | None = Field(None, description="Rate meanwhile; none: nothing arrives.")


class Wave(Strict):
    """A rate that swings like a sine around its mean."""

    swing: RateField = Field(description="How far the rate rises above its mean, at most as much as the mean.")
    period: LengthField = Field(description="Time from one peak to the next.")


class Poisson(_Origin):
    """Cases arrive at random at a steady rate of office time (or of clock time without a calendar)."""

    process: Literal["poisson"]
    rate: RateField | None = Field(None, description="Rate on the clock, averaged over open and closed hours.")
    steps: list[RateStep] = Field(
        default_factory=list, description="Instead of one rate, steps that follow each other and repeat."
    )
    wave: Wave | None = Field(None, description="A swing of the rate; it is at its mean and rising at the start.")
    months: list[float] = Field(
        default_factory=list, description="Twelve weights, January first: how busy each month is against the others."
    )
    weekdays: list[float] = Field(default_factory=list, description="Seven weights, Monday first.")
    batch: int = Field(1, ge=1, description="Cases that arrive together each time.")

    @model_validator(mode="after")
    def _one_way(self) -> Poisson:
        if (self.rate is None) == (not self.steps):
            raise ValueError("a poisson origin needs a rate or steps of rates||rate: 120 per year")
        if self.steps and self.calendar is not None:
            raise ValueError("steps run on the clock and take no calendar||remove `calendar`, or give one `rate`")
        if self.wave is not None and (self.rate is None or self.calendar is not None or self.months or self.weekdays):
            raise ValueError("a wave swings around one `rate` on the clock||remove steps, calendar and weights")
        if self.wave is not None and self.rate is not None and self.wave.swing.per_second > self.rate.per_second:
            raise ValueError("the wave swings below zero||a swing of at most the rate")
        if self.steps and (self.months or self.weekdays):
            raise ValueError("weights shape one `rate`, not steps||remove the weights or the steps")
        _refuse_weights(self.months, self.weekdays)
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
    """Arrivals told one by one, for traces and stories."""

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


def _refuse_weights(months: list[float], weekdays: list[float]) -> None:
    for weights, count, what in ((months, 12, "months"), (weekdays, 7, "weekdays")):
        if weights and (len(weights) != count or min(weights) < 0 or sum(weights) <= 0):
            raise ValueError(f"{what} need {count} weights of 0 or more||one number for each")


class Counted(_Origin):
    """A known number of cases a year, on random working days: published totals are met, days are chance."""

    process: Literal["counted"]
    counts: list[YearCount] = Field(min_length=1, description="Cases by year, jurisdiction and kind.")
    fields_of: dict[str, dict[str, ShareFigure]] = Field(
        default_factory=dict, description="Shares of fields for single jurisdictions, where they differ."
    )
    months: list[float] = Field(
        default_factory=list, description="Twelve weights, January first: how busy each month is against the others."
    )
    weekdays: list[float] = Field(default_factory=list, description="Seven weights, Monday first.")

    @model_validator(mode="after")
    def _weights_fit(self) -> Counted:
        _refuse_weights(self.months, self.weekdays)
        return self


class Backlog(_Cases):
    """Cases that are open on the first day: filed before it, they stand in a stage while their clocks run."""

    process: Literal["backlog"]
    cases: list[Standing] = Field(min_length=1, description="How many stand where, since when.")


class Inspections(_Origin):
    """Visits to the entities of a register: by lot, a number of times a year, or after automatic leads."""

    process: Literal["inspections"]
    of_register: str = Field(alias="register", description="The register whose entities are visited.")
    campaigns: dict[str, Campaign] = Field(default_factory=dict, description="Inspections by lot, by name.")
    visits_per_year: dict[str, NumberFigure] = Field(
        default_factory=dict,
        description="Instead, visits a year to each entity by its class when the year begins; a fraction by chance.",
    )
    of: Of = Field("all", description="Whom `visits_per_year` are for: all entities, key ones (key), others (not_key).")
    leads: Leads | None = Field(None, description="Instead, automatic leads.")

    @model_validator(mode="after")
    def _one_plan(self) -> Inspections:
        if sum(bool(getattr(self, plan)) for plan in PLANS) != 1:
            raise ValueError(f"an origin of inspections has one plan of visits||one of {', '.join(PLANS)}")
        if self.kinds or self.fields is not None or self.jurisdiction is not None:
            raise ValueError("kinds, field and jurisdiction of inspections are those of the register||remove them here")
        return self


Origin = Annotated[
    Poisson | Regular | Renewal | Listed | Counted | Backlog | Inspections, Field(discriminator="process")
]
