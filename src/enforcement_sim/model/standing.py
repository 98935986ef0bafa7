"""Cases that are open on the first day: where they stand, since when, and which legal clocks run."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .distributions import AnyDistribution, Discrete, Duration, Fixed, Listed, Triangular, Uniform
from .figures import Strict, WholeFigure
from .quantities import Length

FILING = "filing"


def _as_start(written: Any) -> Any:
    return {"family": "fixed", "value": written} if isinstance(written, (str, int, float)) else written


def _as_start_or_filing(written: Any) -> Any:
    return written if written == FILING else _as_start(written)


ClockAge = Annotated[AnyDistribution | Literal["filing"], BeforeValidator(_as_start_or_filing)]


class Standing(Strict):
    """Some cases that stand in one stage on the first day."""

    stage: str = Field(description="The stage where they stand: work (in line), a wait or a gate.")
    count: WholeFigure = Field(description="How many cases.")
    age: Duration = Field(description="How long ago each was filed, in clock time before the start.")
    in_stage: Duration | None = Field(
        None,
        description="How long each has stood in the stage, at most its age (default: it has just come there).",
    )
    jurisdiction: str | None = Field(None, description="Whose cases (default: that of the origin).")
    field: str | None = Field(None, description="Their field (default: split by the shares of fields).")
    kind: str | None = Field(None, description="Their kind (default: drawn by the shares of kinds).")
    clocks: dict[str, ClockAge] | None = Field(
        None,
        description="How long ago each clock that runs has started, or `filing`; no others run. "
        "Default: every clock that can run there, from filing on, or from entering the stage if that starts it.",
    )

    @model_validator(mode="after")
    def _old_enough(self) -> Standing:
        longest = longest_of(self.age)
        if longest is not None and longest.seconds < 1:
            raise ValueError("a case that is open on the first day was filed before it||an age above 0")
        if isinstance(self.age, Fixed) and self.in_stage is not None:
            stood = longest_of(self.in_stage)
            if stood is not None and stood.seconds > self.age.value.seconds:
                raise ValueError(
                    f"cases of age {self.age.value} cannot have stood in the stage for {stood}"
                    f"||in_stage: {self.age.value} or less"
                )
        return self


def longest_of(given: AnyDistribution) -> Length | None:
    """The longest length that a distribution can give, None if it has no end."""
    match given:
        case Fixed():
            return given.value
        case Uniform() | Triangular():
            return given.high
        case Discrete():
            lengths = given.values
        case Listed():
            lengths = [one for entry in given.values for one in (entry if isinstance(entry, list) else [entry])]
        case _:
            return None
    return max(lengths, key=lambda length: length.seconds)
