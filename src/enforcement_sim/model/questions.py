"""What a sweep is asked: whether a limit holds, and which point is the best."""

from __future__ import annotations

from pydantic import Field, model_validator

from .figures import Strict, TitleField
from .wanted import WantedFinding


class Limit(WantedFinding):
    """A bound on findings, and in how many replications it must hold. Where several findings are named, all must."""

    title: TitleField | None = Field(None, description="What the limit is about, for the report.")
    at_most: float | None = Field(None, description="No finding may lie above it, in the measure's unit.")
    at_least: float | None = Field(None, description="No finding may lie below it, in the measure's unit.")
    holds_in: float = Field(0.95, gt=0, lt=1, description="Share of replications in which it must hold.")
    level: float = Field(0.95, gt=0, lt=1, description="Level of the interval that the verdict rests on.")

    @model_validator(mode="after")
    def _one_bound(self) -> Limit:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a limit needs one bound||`at_most: 0.05` or `at_least: 100`")
        return self

    @property
    def bound(self) -> float:
        """The number that no finding may lie beyond."""
        return self.at_least if self.at_most is None else self.at_most  # type: ignore[return-value]


class Best(WantedFinding):
    """One finding by which points are compared. Where the measure has a total, that is meant if nothing is named."""

    title: TitleField | None = Field(None, description="What is compared, for the report.")
    jurisdiction: str | None = Field(None, description="Jurisdiction (default: all together, if the measure has that).")
    field: str | None = Field(None, description="Field of enforcement (default: all together).")
    item: str | None = Field(None, description="Item of the measure (default: all together, if the measure has that).")
    period: str | int | None = Field(None, description="Year, or day of the backlog (default: the last).")
    smallest: bool = Field(description="true: small values are good, as of days; false: large ones.")
    level: float = Field(0.95, gt=0, lt=1, description="Level at which all intervals hold together.")
    indifference: float | None = Field(
        None, gt=0, description="Difference too small to matter; with it one point is picked, with a promise."
    )


class Questions(Strict):
    """All questions of a sweep."""

    limits: list[Limit] = Field(default_factory=list)
    best: list[Best] = Field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.limits or self.best)

    def __len__(self) -> int:
        return len(self.limits) + len(self.best)
