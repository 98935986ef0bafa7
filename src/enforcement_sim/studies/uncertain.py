"""What is not known about a parameter, as a distribution that a design samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ..model.distributions import log_of_mean, log_of_median
from ..model.figures import Share, Strict
from ..model.quantities import Length, parse_length, parse_rate

Floats = npt.NDArray[np.float64]
LEAST, MOST = 1e-12, 1e12
"""Sizes of numbers within which the arithmetic of every family is sound."""
Level = bool | int | float | str | dict[str, Any] | list[Any]
"""A value that a parameter can take, as a scenario file writes it."""


def quantity(written: int | float | str) -> tuple[float, str]:
    """Amount and unit of a number, a length of time or a rate; ValueError if it is none of them."""
    if not isinstance(written, str):
        return float(written), ""
    try:
        length = parse_length(written)
    except ValueError:
        rate = parse_rate(written)
        return rate.amount, f"per {rate.per}"
    return length.amount, str(Length(2, length.unit)).split(" ", 1)[1]


def write(amount: float, unit: str) -> int | float | str:
    """A number or quantity as a file would have it, with twelve digits: more is noise of the arithmetic."""
    return f"{amount:.12g} {unit}" if unit else float(f"{amount:.12g}")


def write_all(amounts: Sequence[float], unit: str, whole: bool) -> list[int | float | str]:
    """Several of them; `whole` makes them whole numbers, for officers and cases."""
    if whole:
        return [f"{round(amount)} {unit}" if unit else round(amount) for amount in amounts]
    return [write(amount, unit) for amount in amounts]


def _checked_quantity(written: Any) -> Any:
    if isinstance(written, bool) or not isinstance(written, (int, float, str)):
        raise ValueError("neither a number nor a quantity||for example 0.2, '3 days' or '120 per year'")
    try:
        amount, _ = quantity(written)
    except (ValueError, OverflowError):
        raise ValueError("neither a number nor a quantity||for example 0.2, '3 days' or '120 per year'") from None
    if amount != 0 and not LEAST <= abs(amount) <= MOST:
        raise ValueError(f"no number between {LEAST:g} and {MOST:g}||a number of a size that scenarios have")
    return written


Amount = Annotated[
    int | float | str,
    BeforeValidator(_checked_quantity),
    WithJsonSchema({"type": ["number", "string"], "examples": [0.2, "3 days", "120 per year"]}),
]
"""A number, or a quantity with its unit, as the scenario has it at this path."""


def amounts_of(written: Sequence[int | float | str]) -> tuple[list[float], str]:
    """Amounts in their one unit; ValueError if they have several."""
    pairs = [quantity(one) for one in written]
    units = list(dict.fromkeys(unit or "no unit" for _, unit in pairs))
    if len(units) > 1:
        raise ValueError(f"different units: {' and '.join(units)}||write all of them in one unit")
    return [amount for amount, _ in pairs], pairs[0][1]


class Uncertain(Strict):
    """Base of what is not known about a parameter, with what that rests on."""

    source: str | None = Field(None, description="Key of an entry under the scenario's `sources`, or a citation.")
    assumed: str | None = Field(
        None, description="Why this spread is assumed: a reason, or a key under the scenario's `assumptions`."
    )

    @model_validator(mode="after")
    def _one_kind_of_evidence(self) -> Uncertain:
        if self.source is not None and self.assumed is not None:
            raise ValueError("both a source and an assumption||keep `source` if it is published, else `assumed`")
        return self


class Spread(Uncertain):
    """Base of those over a stretch of numbers."""

    whole: bool = Field(False, description="Whether values are rounded to whole numbers, as for officers.")

    def _written(self, percent: Callable[[Floats], Floats], unit: str, at: Floats) -> list[Any]:
        return write_all(percent(at).tolist(), unit, self.whole)


class UniformSpread(Spread):
    """Every value between two bounds is as likely."""

    family: Literal["uniform"]
    low: Amount = Field(description="Lower bound.")
    high: Amount = Field(description="Upper bound.")

    @model_validator(mode="after")
    def _rising(self) -> UniformSpread:
        _rise((self.low, self.high), "low", "high")
        return self

    def values(self, at: Floats) -> list[Any]:
        """Values at shares between 0 and 1."""
        from scipy.stats import uniform

        (low, high), unit = amounts_of((self.low, self.high))
        return self._written(uniform(low, high - low).ppf, unit, at)


class TriangularSpread(Spread):
    """Lowest, most likely and highest value, as experts give them."""

    family: Literal["triangular"]
    low: Amount = Field(description="Lowest value.")
    mode: Amount = Field(description="Most likely value.")
    high: Amount = Field(description="Highest value.")

    @model_validator(mode="after")
    def _rising(self) -> TriangularSpread:
        (low, mode, high), _ = amounts_of((self.low, self.mode, self.high))
        if not low <= mode <= high or low == high:
            raise ValueError("a triangular needs low <= mode <= high and low < high||three rising values")
        return self

    def values(self, at: Floats) -> list[Any]:
        """Values at shares between 0 and 1."""
        from scipy.stats import triang

        (low, mode, high), unit = amounts_of((self.low, self.mode, self.high))
        return self._written(triang((mode - low) / (high - low), low, high - low).ppf, unit, at)


class NormalSpread(Spread):
    """Normal, cut off at two bounds: what lies beyond them is shared out between them."""

    family: Literal["normal"]
    mean: Amount = Field(description="Mean before the cut.")
    sd: Amount = Field(description="Standard deviation before the cut.")
    low: Amount = Field(description="Lowest value.")
    high: Amount = Field(description="Highest value.")

    @model_validator(mode="after")
    def _rising(self) -> NormalSpread:
        _rise((self.low, self.high), "low", "high")
        (_, sd, _), _ = amounts_of((self.mean, self.sd, self.low))
        if sd <= 0:
            raise ValueError("a standard deviation must be above 0||a larger `sd`")
        (mean, low, high), _ = amounts_of((self.mean, self.low, self.high))
        if not low <= mean <= high:
            raise ValueError("the mean lies outside `low` and `high`||a mean between them")
        return self

    def values(self, at: Floats) -> list[Any]:
        """Values at shares between 0 and 1."""
        from scipy.stats import truncnorm

        (mean, sd, low, high), unit = amounts_of((self.mean, self.sd, self.low, self.high))
        return self._written(truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd).ppf, unit, at)


class LognormalSpread(Spread):
    """Lognormal, by mean and standard deviation or by median and 90th percentile."""

    family: Literal["lognormal"]
    mean: Amount | None = Field(None, description="Mean (with `sd`).")
    sd: Amount | None = Field(None, description="Standard deviation (with `mean`).")
    median: Amount | None = Field(None, description="Median (with `p90`).")
    p90: Amount | None = Field(None, description="90th percentile (with `median`).")

    @model_validator(mode="after")
    def _one_pair(self) -> LognormalSpread:
        self._mu_sigma()
        return self

    def _mu_sigma(self) -> tuple[float, float, str]:
        """Mean and standard deviation of the logarithm, and the unit."""
        by_mean = (self.mean, self.sd)
        pair = by_mean if self.mean is not None else (self.median, self.p90)
        there = [one for one in (self.mean, self.sd, self.median, self.p90) if one is not None]
        if len(there) != 2 or None in pair:
            raise ValueError("a lognormal needs one pair of numbers||`mean` and `sd`, or `median` and `p90`")
        (first, second), unit = amounts_of(there)
        if min(first, second) <= 0:
            raise ValueError("a lognormal needs two numbers above 0||for example 0.2 and 0.3")
        if pair == by_mean:
            return *log_of_mean(first, second), unit
        if second <= first:
            raise ValueError("p90 must lie above the median||a p90 larger than the median")
        return *log_of_median(first, second), unit

    def values(self, at: Floats) -> list[Any]:
        """Values at shares between 0 and 1."""
        from scipy.stats import lognorm

        mu, sigma, unit = self._mu_sigma()
        return self._written(lognorm(sigma, scale=math.exp(mu)).ppf, unit, at)


class DiscreteSpread(Uncertain):
    """A few values, each with its share."""

    family: Literal["discrete"]
    choices: list[Level] = Field(min_length=1, alias="values", description="The values.")
    shares: list[Share] = Field(min_length=1, description="The share (weight) of each; they sum to 1.")

    @model_validator(mode="after")
    def _paired(self) -> DiscreteSpread:
        if len(self.choices) != len(self.shares):
            raise ValueError("values and shares differ in number||give every value one share")
        if abs(sum(self.shares) - 1) > 1e-9:
            raise ValueError(f"shares sum to {sum(self.shares):g}, not to 1||change one share so that the sum is 1")
        return self

    def values(self, at: Floats) -> list[Any]:
        """Values at shares between 0 and 1."""
        ends = np.cumsum(self.shares)[:-1]  # without the last, which arithmetic may leave a little below 1
        last = int(np.flatnonzero(self.shares)[-1])  # at 1 itself no value that is never drawn
        return [self.choices[min(i, last)] for i in np.searchsorted(ends, at, side="right").tolist()]


def _rise(bounds: tuple[int | float | str, int | float | str], first: str, second: str) -> None:
    (low, high), _ = amounts_of(bounds)
    if low >= high:
        raise ValueError(f"`{first}` is not below `{second}`||write the smaller value under `{first}`")


AnySpread = Annotated[
    UniformSpread | TriangularSpread | NormalSpread | LognormalSpread | DiscreteSpread, Field(discriminator="family")
]
