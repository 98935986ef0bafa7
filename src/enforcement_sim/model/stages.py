"""Stages of a procedure: work, waits, meetings, decisions, and forks into child matters."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from .distributions import Duration
from .figures import Figure, ShareFigure, Shorthand, Strict, TitleField
from .legal import Clock
from .quantities import Length, LengthField, parse_length
from .ways import Ways

CLOSED = "closed"


class Change(Strict):
    """A dated change of a stage: the policy timeline."""

    on: dt.date | LengthField = Field(description="Date, or time since the start, from which it holds.")
    cases: Literal["all", "filed_from_then"] = Field(
        "all", description="all: every case that enters from then on; filed_from_then: a case keeps its filing's rule."
    )
    set: dict[str, Any] = Field(min_length=1, description="Keys of the stage with their new values.")
    full_on: dt.date | LengthField | None = Field(
        None, description="If given, numbers move to their new values in equal steps between `on` and then."
    )
    steps: int = Field(12, ge=2, le=120, description="Number of those steps.")

    @model_validator(mode="after")
    def _grows(self) -> Change:
        if self.full_on is not None and (type(self.full_on) is not type(self.on) or not self._span > 0):
            raise ValueError("a change is complete after it begins||a `full_on` after `on`, both dates or both times")
        return self

    @property
    def _span(self) -> float:
        """From `on` to `full_on`, in days or seconds."""
        if isinstance(self.on, dt.date) and isinstance(self.full_on, dt.date):
            return float((self.full_on - self.on).days)
        assert isinstance(self.on, Length)
        assert isinstance(self.full_on, Length)
        return self.full_on.seconds - self.on.seconds

    def parts(self) -> list[tuple[Change, float]]:
        """The change as steps, each with the share of the way to the new values that it has gone."""
        if self.full_on is None:
            return [(self, 1.0)]
        gone = [n / self.steps for n in range(1, self.steps + 1)]
        return [(self.model_copy(update={"on": self._moment(part - 1 / self.steps)}), part) for part in gone]

    def _moment(self, part: float) -> dt.date | Length:
        if isinstance(self.on, dt.date):
            return self.on + dt.timedelta(days=round(part * self._span))
        return Length(self.on.seconds + round(part * self._span), "s")


def between(old: Any, new: Any, part: float) -> Any:
    """A dumped value on the way from an old to a new one: numbers and lengths move evenly, all else at once."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: between(old[key], value, part) if key in old else value for key, value in new.items()}
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and not isinstance(new, bool):
        moved = old + (new - old) * part
        return round(moved) if isinstance(old, int) and isinstance(new, int) else moved
    if isinstance(old, str) and isinstance(new, str) and old != new:
        try:
            first, last = parse_length(old), parse_length(new)
        except ValueError:
            return new
        if first.unit == last.unit:
            return str(Length(first.amount + (last.amount - first.amount) * part, last.unit))
    return new


class _Stage(Strict):
    title: TitleField | None = Field(None, description="Name in the report.")
    phase: str | None = Field(None, description="Phase under which open cases are counted, e.g. reconsideration.")
    counts_as: str | None = Field(
        None, description="Label under which each end of this stage is counted, e.g. inspections."
    )
    then: Ways = Field(description="Where the case goes next: a stage, shares of stages, or a fact that decides.")
    changes: list[Change] = Field(default_factory=list, description="Dated changes of this stage, in order of time.")

    @cached_property
    def versions(self) -> list[tuple[Change, Stage]]:
        """The stage as each change leaves it, one upon the other."""
        written = self.model_dump(mode="json", exclude={"changes"}, exclude_none=True)
        found = []
        for change in self.changes:
            after = self._dumped({**written, **change.set})
            for step, part in change.parts():
                found.append((step, _ANY_STAGE.validate_python(between(written, after, part) if part < 1 else after)))
            written = after
        return found

    @staticmethod
    def _dumped(written: dict[str, Any]) -> dict[str, Any]:
        # Shorthands become full forms, so that old and new values can be laid beside each other.
        return _ANY_STAGE.validate_python(written).model_dump(mode="json", exclude={"changes"}, exclude_none=True)

    @model_validator(mode="after")
    def _changes_fit(self) -> _Stage:
        fixed = {"kind", "changes", "title", "phase", "counts_as"}
        for change in self.changes:
            if fixed & set(change.set):
                key = min(fixed & set(change.set))
                raise ValueError(f"a dated change cannot set '{key}'||change durations, shares, ways or officers")
            if isinstance(self, Gate) and set(change.set) - {"then"}:
                key = min(set(change.set) - {"then"})
                hint = "two gates, and a way by `now` that leads to the one or the other"
                raise ValueError(f"a dated change cannot set '{key}' of a gate||{hint}")
        _ = self.versions
        return self


def _as_officers(written: Any) -> Any:
    return {"value": written} if isinstance(written, int) else written


Officers = Annotated[
    Figure[int] | dict[int, ShareFigure], BeforeValidator(_as_officers), Shorthand(type="integer", minimum=1)
]


class Work(_Stage):
    """Officers of a team work on the case; before that it waits in the team's line."""

    kind: Literal["work"]
    team: str = Field(description="Role (or name) of the team that does the work.")
    officers: Officers = Field(
        default_factory=lambda: Figure[int](value=1),
        description="Officers seized at once, for the whole work; or shares of cases by number of officers.",
    )
    skills: list[str] = Field(
        default_factory=list, description="Certificates that each of them must hold, where the team names its officers."
    )
    also: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="Officers of further teams (by role) seized together with the first."
    )
    duration: Duration = Field(description="Working time that it takes, in hours of the team's calendar.")
    on_site: bool = Field(
        False, description="Work at the place to which the case belongs: a team of another jurisdiction travels there."
    )
    priority: int = Field(0, description="Class in the line: the lower number goes first.")
    patience: Duration | None = Field(None, description="How long a case waits in line before it gives up.")
    on_give_up: str | None = Field(None, description="Where a case goes that gave up waiting.")
    line_limit: int | None = Field(None, ge=0, description="Most cases that may wait in line for this stage.")
    on_full: str | None = Field(None, description="Where a case goes that finds the line full.")
    blocks: bool = Field(
        False, description="With a line limit: a case that finds the line full keeps the officers of the stage before."
    )

    @property
    def officer_numbers(self) -> list[int]:
        """The numbers of officers that cases may need."""
        return [self.officers.value] if isinstance(self.officers, Figure) else list(self.officers)

    @model_validator(mode="after")
    def _whole(self) -> Work:
        if min(self.officer_numbers, default=0) < 1:
            raise ValueError("work needs at least one officer||officers: 1, or 2 where the law asks for two")
        if not isinstance(self.officers, Figure):
            total = sum(share.value for share in self.officers.values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"shares of officers sum to {total:g}, not to 1||change a share")
        if (self.patience is None) != (self.on_give_up is None):
            raise ValueError("patience and on_give_up go together||give both or neither")
        if self.blocks:
            if self.line_limit is None or self.on_full is not None:
                raise ValueError("`blocks` needs a line_limit and no on_full||cases wait where they are")
        elif (self.line_limit is None) != (self.on_full is None):
            raise ValueError("line_limit and on_full go together||give both or neither")
        return self


class Wait(_Stage):
    """Time passes: a legal period, an outside body, the party's answer. Nobody of ours works."""

    kind: Literal["wait"]
    duration: Duration = Field(
        description="How long. In working or calendar days or months: whole legal days, the first day not counted, "
        "over with the last second of the last one."
    )
    rolls: bool | None = Field(
        None,
        description="Whether a non-working last day moves to the next working day (default: no; with a legal period "
        "yes, unless its row says no).",
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
    members: int | None = Field(None, ge=1, description="Members of the meeting, where it needs a quorum.")
    quorum: int | None = Field(None, ge=1, description="Fewest members present; a meeting below it is not held.")
    attendance: ShareFigure | None = Field(
        None, description="Share of meetings that each member attends, one independent of the other."
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
        given = [part is not None for part in (self.members, self.quorum, self.attendance)]
        if any(given) and not all(given):
            raise ValueError("members, quorum and attendance go together||give all three or none")
        if self.quorum is not None and self.members is not None and self.quorum > self.members:
            raise ValueError(f"a quorum of {self.quorum} among {self.members} members is never met||a lower quorum")
        return self


class Decision(_Stage):
    """No time passes: the case is sent on."""

    kind: Literal["decision"]


class Child(Strict):
    """A matter that arises from a case: a reconsideration, a suit, an opinion, a court enforcement."""

    procedure: str | None = Field(None, description="Its procedure (default: that of the case itself).")
    enters: str = Field(description="The stage of that procedure where it begins.")
    share: ShareFigure | None = Field(None, description="Share of cases in which it arises (default: all).")
    kind: str | None = Field(None, description="Its kind (default: that of the case).")
    of_field: bool = Field(
        False, description="true: it follows the procedure of its field instead, if that has a stage of this name."
    )


class Fork(_Stage):
    """Child matters begin; the case waits until all have closed, or goes on at once."""

    kind: Literal["fork"]
    children: dict[str, Child] = Field(min_length=1, description="Child matters by name.")
    join: Literal["all", "none"] = Field("all", description="all: wait for every child that arose; none: go on.")


Stage = Annotated[Work | Wait | Gate | Decision | Fork, Field(discriminator="kind")]
_ANY_STAGE: TypeAdapter[Stage] = TypeAdapter(Stage)


class Procedure(Strict):
    """The stages of a case of one field, from the door to the archive."""

    title: TitleField | None = Field(None, description="Name in the report.")
    extends: str | None = Field(None, description="Another procedure whose stages, outcomes and clocks it takes over.")
    stages: dict[str, Stage] = Field(default_factory=dict, description="Stages by name.")
    outcomes: dict[str, TitleField] = Field(
        default_factory=dict, description="Ends of a case beside `closed`, with their names in the report."
    )
    clocks: dict[str, Clock] = Field(default_factory=dict, description="Legal clocks by name.")
