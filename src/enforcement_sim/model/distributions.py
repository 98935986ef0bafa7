"""Distributions of lengths of time, as a scenario file writes them."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from .figures import Evidence, Share, Shorthand
from .quantities import Length, LengthField


class Fixed(Evidence):
    """Always the same length."""

    family: Literal["fixed"]
    value: LengthField = Field(description="The length.")


class Exponential(Evidence):
    """Exponential: memoryless, much spread."""

    family: Literal["exponential"]
    mean: LengthField = Field(description="Mean length.")


class Erlang(Evidence):
    """A sum of equal exponential phases: less spread than one."""

    family: Literal["erlang"]
    mean: LengthField = Field(description="Mean of the sum.")
    phases: int = Field(ge=1, le=64, description="Number of phases.")


P90 = 1.2815515655446004
"""Standard deviations from the median to the 90th percentile of a normal."""


def log_of_mean(mean: float, sd: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal number with this mean and standard deviation."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def log_of_median(median: float, p90: float) -> tuple[float, float]:
    """The same of a lognormal number with this median and 90th percentile."""
    return math.log(median), math.log(p90 / median) / P90


class Lognormal(Evidence):
    """Lognormal, by mean and standard deviation or by median and 90th percentile."""

    family: Literal["lognormal"]
    mean: LengthField | None = Field(None, description="Mean (with `sd`).")
    sd: LengthField | None = Field(None, description="Standard deviation (with `mean`).")
    median: LengthField | None = Field(None, description="Median (with `p90`).")
    p90: LengthField | None = Field(None, description="90th percentile (with `median`).")

    @model_validator(mode="after")
    def _one_pair(self) -> Lognormal:
        by_mean = self.mean is not None and self.sd is not None
        by_median = self.median is not None and self.p90 is not None
        given = sum(part is not None for part in (self.mean, self.sd, self.median, self.p90))
        if given != 2 or not (by_mean or by_median):
            raise ValueError("a lognormal needs one pair of numbers||`mean` and `sd`, or `median` and `p90`")
        low, high = (self.mean, self.sd) if by_mean else (self.median, self.p90)
        assert low is not None
        assert high is not None
        if low.amount <= 0 or low.unit != high.unit:
            raise ValueError("a lognormal needs two lengths above 0 in one unit||for example '3 h' and '8 h'")
        if by_median and high.amount <= low.amount:
            raise ValueError("p90 must lie above the median||a p90 larger than the median")
        return self

    def mu_sigma(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm, for lengths in the unit as written."""
        if self.mean is not None and self.sd is not None:
            return log_of_mean(self.mean.amount, self.sd.amount)
        assert self.median is not None
        assert self.p90 is not None
        return log_of_median(self.median.amount, self.p90.amount)


class Uniform(Evidence):
    """Every length between two bounds is as likely."""

    family: Literal["uniform"]
    low: LengthField = Field(description="Lower bound.")
    high: LengthField = Field(description="Upper bound.")

    @model_validator(mode="after")
    def _rising(self) -> Uniform:
        if self.high.seconds < self.low.seconds:
            raise ValueError("the upper bound lies below the lower one||write the smaller length under `low`")
        return self


class Triangular(Evidence):
    """Triangular: lowest, most likely and highest length, as experts give them."""

    family: Literal["triangular"]
    low: LengthField = Field(description="Lowest length.")
    mode: LengthField = Field(description="Most likely length.")
    high: LengthField = Field(description="Highest length.")

    @model_validator(mode="after")
    def _rising(self) -> Triangular:
        if not (self.low.seconds <= self.mode.seconds <= self.high.seconds) or self.low.seconds == self.high.seconds:
            raise ValueError("a triangular needs low <= mode <= high and low < high||three rising lengths")
        return self


class Normal(Evidence):
    """Normal, with all values below `min` set to `min`."""

    family: Literal["normal"]
    mean: LengthField = Field(description="Mean before the cut.")
    sd: LengthField = Field(description="Standard deviation before the cut.")
    min: LengthField = Field(description="Lowest length.")


class Weibull(Evidence):
    """Weibull: shape below 1 gives a long tail, above 1 a typical length."""

    family: Literal["weibull"]
    scale: LengthField = Field(description="Scale (63rd percentile).")
    shape: float = Field(gt=0, description="Shape, without unit.")


def _shares_sum_to_one(shares: list[float]) -> None:
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"shares sum to {sum(shares):g}, not to 1||change one share so that the sum is 1")


class Discrete(Evidence):
    """A few lengths, each with its share."""

    family: Literal["discrete"]
    values: list[LengthField] = Field(min_length=1, description="The lengths.")
    shares: list[Share] = Field(min_length=1, description="The share of each; they sum to 1.")

    @model_validator(mode="after")
    def _paired(self) -> Discrete:
        if len(self.values) != len(self.shares):
            raise ValueError("values and shares differ in number||give every value one share")
        _shares_sum_to_one(self.shares)
        return self


class Hyperexponential(Evidence):
    """A mixture of exponentials: more spread than one."""

    family: Literal["hyperexponential"]
    means: list[LengthField] = Field(min_length=1, description="Mean of each branch.")
    shares: list[Share] = Field(min_length=1, description="The share of each branch; they sum to 1.")

    @model_validator(mode="after")
    def _paired(self) -> Hyperexponential:
        if len(self.means) != len(self.shares):
            raise ValueError("means and shares differ in number||give every branch one share")
        _shares_sum_to_one(self.shares)
        return self


class Listed(Evidence):
    """Lengths told case by case, for traces and hand-made stories."""

    family: Literal["listed"]
    values: list[LengthField | list[LengthField]] = Field(
        min_length=1,
        description="One length a case in order of arrival, or a list of one for each visit; the last repeats.",
    )


class Legal(Evidence):
    """A period of the law, taken in full and in the row's own unit, for waits."""

    family: Literal["legal"]
    law: str = Field(description="Row of the law book that sets the period, or ROW/part; its versions apply by date.")
    by_filing: bool = Field(
        False, description="Whether a case keeps the version of its filing date (else: of the day it enters the stage)."
    )


AnyDistribution = Annotated[
    Fixed | Exponential | Erlang | Lognormal | Uniform | Triangular | Normal | Weibull | Discrete
    | Hyperexponential | Listed | Legal,
    Field(discriminator="family"),
]  # fmt: skip


def _as_distribution(written: Any) -> Any:
    """A bare length means exactly that length, every time."""
    return written if not isinstance(written, (str, int, float)) else {"family": "fixed", "value": written}


Duration = Annotated[AnyDistribution, BeforeValidator(_as_distribution), Shorthand(type="string")]


def _of_no_case(given: AnyDistribution) -> AnyDistribution:
    if isinstance(given, Listed):
        raise ValueError("lengths told one by one are those of cases||a distribution: exponential, discrete, …")
    return given


OfficersDuration = Annotated[Duration, AfterValidator(_of_no_case)]
"""A length of something that happens to officers and not to a case."""


CLOCK = "clock time"


def units_of(given: AnyDistribution) -> set[str]:
    """What a distribution counts in: legal working or calendar days, or clock time; nothing of a legal period."""
    found: list[Length] = []
    for name in type(given).model_fields:
        value = getattr(given, name)
        for one in value if isinstance(value, list) else [value]:
            found += [inner for inner in (one if isinstance(one, list) else [one]) if isinstance(inner, Length)]
    return {length.unit if length.is_days else CLOCK for length in found}
