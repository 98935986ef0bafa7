"""Stages of a procedure and the ways out of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from .distributions import Duration
from .figures import ShareFigure, Shorthand, Strict, TitleField
from .quantities import LengthField

REST = "rest"
CLOSED = "closed"


class ByShare(Strict):
    """Ways out by chance: each with its share; one may be `rest`."""

    shares: dict[str, ShareFigure | Literal["rest"]] = Field(description="The share of each next stage.")

    @model_validator(mode="after")
    def _sum_to_one(self) -> ByShare:
        known = sum(figure.value for figure in self.shares.values() if not isinstance(figure, str))
        rests = sum(isinstance(figure, str) for figure in self.shares.values())
        if rests > 1:
            raise ValueError("more than one way takes the rest||name the shares of all ways but one")
        if rests == 1 and known > 1 + 1e-9:
            raise ValueError(f"shares sum to {known:g}, which leaves no rest||lower a share")
        if rests == 0 and abs(known - 1) > 1e-9:
            raise ValueError(f"shares sum to {known:g}, not to 1||change a share, or write `rest` for one way")
        return self

    def numbers(self) -> dict[str, float]:
        """Every way with its share, the rest worked out."""
        known = {to: figure.value for to, figure in self.shares.items() if not isinstance(figure, str)}
        rest = max(0.0, 1.0 - sum(known.values()))
        return {to: known.get(to, rest) for to in self.shares}


class ByFact(Strict):
    """Ways out by a fact known of the case: its kind, its origin, or how often it was here before."""

    by: Literal["kind", "origin", "visit"] = Field(description="The fact that decides.")
    ways: dict[str, str] = Field(min_length=1, description="For each value of the fact, the next stage.")
    otherwise: str | None = Field(None, description="The next stage for every other value.")


def _as_ways(written: Any) -> Any:
    if isinstance(written, str):
        return {"shares": {written: {"value": 1.0}}}
    if isinstance(written, dict) and "by" not in written and "shares" not in written:
        return {
            "shares": {
                to: figure if isinstance(figure, dict) or figure == REST else {"value": figure}
                for to, figure in written.items()
            }
        }
    return written


def _ways_kind(written: Any) -> str:
    return "fact" if isinstance(written, ByFact) or (isinstance(written, dict) and "by" in written) else "share"


Ways = Annotated[
    Annotated[ByShare, Tag("share")] | Annotated[ByFact, Tag("fact")],
    Discriminator(_ways_kind),
    BeforeValidator(_as_ways),
    Shorthand(
        anyOf=[
            {"type": "string", "description": "The next stage."},
            {
                "type": "object",
                "description": "Next stages, each with its share (a number, a figure with evidence, or `rest`).",
                "not": {"required": ["by"]},
                "additionalProperties": {"anyOf": [{"type": "number"}, {"const": "rest"}, {"type": "object"}]},
            },
        ]
    ),
]


class _Stage(Strict):
    title: TitleField | None = Field(None, description="Name in the report.")
    phase: str | None = Field(None, description="Phase under which open cases are counted, e.g. reconsideration.")
    counts_as: str | None = Field(
        None, description="Label under which each end of this stage is counted, e.g. inspections."
    )
    then: Ways = Field(description="Where the case goes next: a stage, shares of stages, or a fact that decides.")


class Work(_Stage):
    """Officers of a team work on the case; before that it waits in the team's line."""

    kind: Literal["work"]
    team: str = Field(description="Role (or name) of the team that does the work.")
    officers: int | dict[int, ShareFigure] = Field(
        1, description="Officers seized at once, for the whole work; or shares of cases by number of officers."
    )
    also: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="Officers of further teams (by role) seized together with the first."
    )
    duration: Duration = Field(description="Working time that it takes, in hours of the team's calendar.")
    priority: int = Field(0, description="Class in the line: the lower number goes first.")
    patience: Duration | None = Field(None, description="How long a case waits in line before it gives up.")
    on_give_up: str | None = Field(None, description="Where a case goes that gave up waiting.")
    line_limit: int | None = Field(None, ge=0, description="Most cases that may wait in line for this stage.")
    on_full: str | None = Field(None, description="Where a case goes that finds the line full.")

    @model_validator(mode="after")
    def _whole(self) -> Work:
        needed = [self.officers] if isinstance(self.officers, int) else list(self.officers)
        if min(needed, default=0) < 1:
            raise ValueError("work needs at least one officer||officers: 1, or 2 where the law asks for two")
        if isinstance(self.officers, dict):
            total = sum(share.value for share in self.officers.values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"shares of officers sum to {total:g}, not to 1||change a share")
        if (self.patience is None) != (self.on_give_up is None):
            raise ValueError("patience and on_give_up go together||give both or neither")
        if (self.line_limit is None) != (self.on_full is None):
            raise ValueError("line_limit and on_full go together||give both or neither")
        return self


class Wait(_Stage):
    """Time passes: a legal period, an outside body, the party's answer. Nobody of ours works."""

    kind: Literal["wait"]
    duration: Duration = Field(
        description="How long. In working or calendar days: rounded to whole legal days, the first day not counted."
    )
    calendar: str | None = Field(None, description="Calendar that says which days are working days.")


class Gate(_Stage):
    """A meeting on given days lets waiting cases pass, at most a quota each time."""

    kind: Literal["gate"]
    every: LengthField | None = Field(None, description="Time from one meeting to the next.")
    at: list[LengthField] = Field(
        default_factory=list, description="Times of meetings since the start; repeated by `every` if given."
    )
    weekdays: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        default_factory=list, description="Weekdays on which it meets (moved meetings are not held)."
    )
    time: dt.time | None = Field(None, description="Time of day of the meeting, with `weekdays`.")
    calendar: str | None = Field(None, description="Meetings on days that this calendar has off are not held.")
    quota: int | list[int] | None = Field(
        None, description="Most cases that one meeting takes (or one number for each time in `at`); none: all."
    )

    @model_validator(mode="after")
    def _meets(self) -> Gate:
        if bool(self.weekdays) == bool(self.every is not None or self.at):
            raise ValueError("a gate meets by weekdays, or by `every` and `at`||give one of the two")
        if self.weekdays and self.time is None:
            raise ValueError("a gate with weekdays needs a time of day||for example time: 09:30")
        if isinstance(self.quota, list) and len(self.quota) != len(self.at):
            raise ValueError("quota and at differ in number||one quota for each time, or a single number")
        if self.every is not None and self.every.seconds <= 0:
            raise ValueError("a gate cannot meet every 0 s||a length above 0")
        return self


class Decision(_Stage):
    """No time passes: the case is sent on."""

    kind: Literal["decision"]


Stage = Annotated[Work | Wait | Gate | Decision, Field(discriminator="kind")]


def next_names(ways: ByShare | ByFact) -> list[str]:
    """Every stage or outcome that these ways name, in order."""
    if isinstance(ways, ByShare):
        return list(ways.shares)
    return [*ways.ways.values(), *([ways.otherwise] if ways.otherwise is not None else [])]


class Mark(Strict):
    """A moment in a case's life: when it enters or leaves a stage."""

    stage: str = Field(description="The stage.")
    when: Literal["entered", "started", "ended"] = Field("ended", description="Which moment of it.")


class Clock(Strict):
    """A legal clock: from one moment to another, with its limit."""

    rule: str = Field(description="The provision that sets the limit: statute, article, version, or a row id.")
    title: TitleField | None = Field(None, description="Name in the report.")
    limit: LengthField = Field(description="The limit, in calendar days or working days as the statute says.")
    starts: Mark = Field(description="The moment that starts it; the first day is not counted.")
    stops: Mark = Field(description="The moment that stops it.")
    suspended_in: list[str] = Field(default_factory=list, description="Stages during which it stands still.")
    rolls: bool = Field(True, description="Whether a non-working last day moves to the next working day.")
    calendar: str | None = Field(None, description="Calendar that says which days are working days.")

    @model_validator(mode="after")
    def _in_days(self) -> Clock:
        if not self.limit.is_days or self.limit.amount != int(self.limit.amount):
            raise ValueError(
                f"a legal limit counts whole calendar or working days, got '{self.limit}'"
                f"||for example '{self.limit.amount:g} calendar days'"
            )
        return self


class Procedure(Strict):
    """The stages of a case of one field, from the door to the archive."""

    title: TitleField | None = Field(None, description="Name in the report.")
    extends: str | None = Field(None, description="Another procedure whose stages, outcomes and clocks it takes over.")
    stages: dict[str, Stage] = Field(default_factory=dict, description="Stages by name.")
    outcomes: dict[str, TitleField] = Field(
        default_factory=dict, description="Ends of a case beside `closed`, with their names in the report."
    )
    clocks: dict[str, Clock] = Field(default_factory=dict, description="Legal clocks by name.")
