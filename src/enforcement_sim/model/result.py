"""A published result: what was asked of a sweep, what the answer says, and every number that it states."""

from __future__ import annotations

from string import Formatter
from typing import Any, Literal

from pydantic import Field, model_validator

from .figures import Strict, TitleField
from .wanted import WantedFinding

SCENARIO = "scenario"
"""Stands among a point's values for the name of one of the sweep's scenarios."""


class Told(WantedFinding):
    """A finding, and how its number is told."""

    digits: int = Field(0, ge=0, le=6, description="Digits behind the point.")
    told_as: Literal["number", "percent"] = Field("number", description="How it is told; a share as percent.")
    signed: bool = Field(False, description="Whether it is told with its sign, as of a difference.")


class Claim(Told):
    """A number that a text states: one finding at one point, or its difference from that at another."""

    at: dict[str, Any] = Field(
        description="The point: values of axes by name or path, and under `scenario` which of several."
    )
    beside: dict[str, Any] | None = Field(
        None, description="The point that it is held against: then the number is the difference, on the same cases."
    )


class Shown(Told):
    """The finding that the figure and the table show at every point."""

    title: TitleField = Field(description="What it is, with its unit.")


class Result(Strict):
    """What is published of a sweep."""

    question: TitleField = Field(description="What was asked, as a planner asks it.")
    set_up: TitleField = Field(description="What was simulated, and how it differs from what is known.")
    answer: TitleField = Field(description="The answer, with {name} for the number of each claim.")
    assumes: TitleField = Field(description="What is assumed, and what would move the answer.")
    claims: dict[str, Claim] = Field(min_length=1, description="The numbers of the answer, by name.")
    shows: Shown = Field(description="The finding of figure and table.")

    @model_validator(mode="after")
    def _names_are_there(self) -> Result:
        for language in ("en", "zh"):
            try:
                used = {name for _, name, _, _ in Formatter().parse(getattr(self.answer, language)) if name is not None}
            except ValueError as error:
                raise ValueError(f"the answer cannot be read: {error}||{{name}} for a number") from None
            for name in sorted(used - set(self.claims)):
                raise ValueError(f"the answer names '{name}', which is no claim||one of {', '.join(self.claims)}")
            for name in sorted(set(self.claims) - used):
                raise ValueError(f"the answer ({language}) does not tell the claim '{name}'||write {{{name}}} there")
        return self
