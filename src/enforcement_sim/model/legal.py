"""Legal clocks of a procedure: what starts and stops them, how long they run, what happens when they run out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .figures import ShareFigure, Strict, TitleField
from .quantities import LengthField


class Mark(Strict):
    """A moment in a case's life: when it enters or leaves a stage."""

    stage: str = Field(description="The stage.")
    when: Literal["entered", "started", "ended"] = Field("ended", description="Which moment of it.")


class Extension(Strict):
    """A longer limit that somebody may grant when a clock is about to run out."""

    by: LengthField = Field(description="By how much, in the days of the limit.")
    approver: str = Field(description="Who approves it, e.g. head of the agency.")
    granted: ShareFigure = Field(description="Share of the cases in which it is asked for and approved.")


class Clock(Strict):
    """A legal clock: from one moment to another, with its limit."""

    law: str | None = Field(
        None, description="Row of the law book that gives limit, unit, roll and rule, with its versions by date."
    )
    rule: str | None = Field(
        None, description="Without a law book: the provision that sets the limit (statute, article, version)."
    )
    title: TitleField | None = Field(None, description="Name in the report.")
    limit: LengthField | None = Field(
        None,
        description="The limit, in calendar days, working days or months as the statute says (default: the law's).",
    )
    starts: Mark = Field(description="The moment that starts it; the first day is not counted.")
    stops: Mark = Field(description="The moment that stops it.")
    suspended_in: list[str] = Field(default_factory=list, description="Stages during which it stands still.")
    rolls: bool | None = Field(
        None, description="Whether a non-working last day moves to the next working day (default: the law's, or yes)."
    )
    calendar: str | None = Field(None, description="Calendar that says which days are working days.")
    granted: ShareFigure | None = Field(
        None, description="Share of running-out clocks that get the extensions which the law book knows."
    )
    extensions: list[Extension] = Field(
        default_factory=list, description="Extensions, one after the other, where the law book has none."
    )
    lapses_to: str | None = Field(
        None,
        description="Where the case goes when the clock runs out, as a right or duty lapses; work is finished first.",
    )

    @model_validator(mode="after")
    def _in_days(self) -> Clock:
        if self.law is None and (self.limit is None or self.rule is None):
            raise ValueError("a clock needs a row of the law, or a rule and a limit||law: APL-08")
        for length in [self.limit, *(extension.by for extension in self.extensions)]:
            if length is not None and (not length.is_days or length.amount != int(length.amount)):
                raise ValueError(
                    f"a legal limit counts whole calendar days, working days or months, got '{length}'"
                    f"||for example '{length.amount:g} calendar days'"
                )
        if self.limit is not None and any(extension.by.unit != self.limit.unit for extension in self.extensions):
            raise ValueError(f"an extension counts other days than its limit||write it in {self.limit.unit}s")
        return self
