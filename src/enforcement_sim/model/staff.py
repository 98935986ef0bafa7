"""What makes officers come, go, learn, tire: everything about staff beside its number."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from .distributions import Duration, OfficersDuration
from .figures import Evidence, NumberFigure, Share, Strict, TitleField, WholeFigure
from .quantities import LengthField


class Absence(Strict):
    """Officers are away at random, each by himself: illness, other duties outside."""

    between: OfficersDuration = Field(description="Time from one absence's end to the next one's start.")
    lasts: OfficersDuration = Field(description="How long an absence lasts.")


class Leave(Evidence):
    """Annual leave, taken each calendar year at random times."""

    days: LengthField = Field(description="Working days a year for each officer.")
    blocks: int = Field(1, ge=1, le=12, description="In how many parts it is taken.")

    @model_validator(mode="after")
    def _whole_days(self) -> Leave:
        if self.days.unit != "working day" or self.days.amount != int(self.days.amount):
            raise ValueError(f"leave counts whole working days, got '{self.days}'||for example 10 working days")
        return self


class Attrition(Evidence):
    """Officers leave for good; each post is filled again after a while by somebody new."""

    yearly: Share = Field(description="Share of officers who leave within a year.")
    vacant: OfficersDuration = Field(description="How long a post stays vacant.")

    @model_validator(mode="after")
    def _somebody_stays(self) -> Attrition:
        if self.yearly >= 1:
            raise ValueError("everybody would leave at once||a share below 1, e.g. 0.1")
        return self


class NewHires(Evidence):
    """Who is new works more slowly at first."""

    extra_time: NumberFigure = Field(description="Share by which work takes longer on the first day, e.g. 0.4.")
    half_life: LengthField = Field(description="Time in which the surplus falls by half.")


class Pressure(Evidence):
    """Officers work faster or slower when much waits."""

    waiting_each: float = Field(ge=0, description="From so many waiting cases for each officer on.")
    speed: float = Field(gt=0, description="Speed from then on; 1 is the speed without pressure.")


class Overtime(Strict):
    """Longer office hours for a while."""

    since: dt.date | LengthField = Field(description="First day.")
    until: dt.date | LengthField = Field(description="First day on which it does not hold any more.")
    hours: list[str] = Field(min_length=1, description="Office hours meanwhile, e.g. ['09:00-12:00', '13:00-20:00'].")
    on_days_off: bool = Field(False, description="Whether days off are worked too.")


class Secondment(Strict):
    """Officers of this team work elsewhere for a while: in another team, or in training."""

    since: dt.date | LengthField = Field(description="First day.")
    until: dt.date | LengthField | None = Field(None, description="First day back (default: they stay).")
    officers: int = Field(ge=1, description="How many.")
    to: str | None = Field(None, description="The team that they strengthen (default: none, as in training).")


class Hiring(Strict):
    """New posts: decided on a day, filled after a lag."""

    decided: dt.date | LengthField = Field(description="Day on which the posts are decided.")
    officers: WholeFigure = Field(description="How many officers come.")
    lag: LengthField = Field(description="Time from the decision until they begin, e.g. 180 days.")


class Officer(Strict):
    """One officer by name, with a timetable and skills of his or her own."""

    title: TitleField | None = Field(None, description="Name or post in the report.")
    calendar: str | None = Field(None, description="Working time (default: the team's), e.g. part time.")
    since: dt.date | LengthField | None = Field(None, description="First day in the team (default: from the start).")
    until: dt.date | LengthField | None = Field(None, description="First day not in the team any more.")
    skills: list[str] = Field(default_factory=list, description="Certificates, e.g. legal_qualification.")
    speed: NumberFigure | None = Field(None, description="Speed against the usual one (default 1).")
    durations: dict[str, Duration] = Field(
        default_factory=dict, description="Working time by stage, where it differs from the stage's own."
    )

    @model_validator(mode="after")
    def _moves(self) -> Officer:
        if self.speed is not None and self.speed.value <= 0:
            raise ValueError("a speed must be above 0||1 is the usual one")
        return self


Assignment = Literal["team_queue", "handling_officer", "by_lot"]
