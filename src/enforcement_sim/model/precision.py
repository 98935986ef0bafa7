"""How far a study is to go: to an interval of a given width, and within a budget."""

from __future__ import annotations

from pydantic import Field, model_validator

from .figures import Strict
from .quantities import LengthField
from .wanted import WantedFinding


class Target(WantedFinding):
    """A finding whose interval is to be narrow enough."""

    half_width: float | None = Field(None, gt=0, description="Half the width of the interval, in the measure's unit.")
    relative_half_width: float | None = Field(
        None, gt=0, lt=1, description="Half the width of the interval as a share of the mean, e.g. 0.05."
    )

    @model_validator(mode="after")
    def _one_width(self) -> Target:
        if (self.half_width is None) == (self.relative_half_width is None):
            raise ValueError("a target needs one width||`half_width: 2` or `relative_half_width: 0.05`")
        return self


class Precision(Strict):
    """Replications go on until every target is met."""

    until: list[Target] = Field(min_length=1, description="What is to be known how well.")
    level: float = Field(0.95, gt=0, lt=1, description="Level of the intervals.")
    at_least: int = Field(10, ge=2, description="Replications before the first look.")
    at_most: int = Field(200, ge=2, description="Replications after which it ends, met or not.")

    @model_validator(mode="after")
    def _in_order(self) -> Precision:
        if self.at_least > self.at_most:
            raise ValueError("at_least lies above at_most||a smaller `at_least`, or a larger `at_most`")
        return self


class Budget(Strict):
    """What a study may cost."""

    runs: int | None = Field(None, ge=1, description="Replications in all, over every point and scenario.")
    time: LengthField | None = Field(None, description="Time on the clock, e.g. 30 min.")

    @model_validator(mode="after")
    def _some_budget(self) -> Budget:
        if self.runs is None and self.time is None:
            raise ValueError("an empty budget||`runs: 2000`, `time: 30 min`, or both")
        if self.time is not None and (self.time.is_days or self.time.seconds <= 0):
            raise ValueError("the time of a budget is time on the clock, above 0||for example 30 min or 8 h")
        return self
