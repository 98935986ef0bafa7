"""Ways out of a stage: by chance, or by a fact known of the case."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from .figures import ShareFigure, Shorthand, Strict
from .registers import FIRST, OFFENCES, REPEAT

REST = "rest"
Fact = Literal[
    "kind", "origin", "visit", "severity", "jurisdiction", "outcome", "filed", "now", "moved", "offence", "credit"
]
DATED = ("filed", "now")
NUMBERED = ("visit", "severity")
MOVED, STAYED = "moved", "stayed"


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
    """Ways out by a fact known of the case."""

    by: Fact = Field(
        description="The fact that decides: its kind, origin or severity; how often it was here before (visit); who "
        "handles it (jurisdiction); whether a reform moved it (moved, stayed); how its last child matter ended "
        "(outcome); whether it is the first finding about its entity (offence: first, repeat, none); the entity's "
        "credit class when it was visited (credit); or a date: when it was filed, or now."
    )
    ways: dict[str, str] = Field(
        min_length=1,
        description="For each value of the fact, the next stage; for dates, the stage from that date on.",
    )
    otherwise: str | None = Field(None, description="The next stage for every other value, or before the first date.")

    @field_validator("ways", mode="before")
    @classmethod
    def _plain_keys(cls, written: Any) -> Any:
        return {str(key): to for key, to in written.items()} if isinstance(written, dict) else written

    @model_validator(mode="after")
    def _values_fit(self) -> ByFact:
        if self.by in NUMBERED and not all(value.isdigit() for value in self.ways):
            wrong = next(value for value in self.ways if not value.isdigit())
            raise ValueError(f"a {self.by} is a whole number, got '{wrong}'||0 for the first")
        if self.by == "moved" and not set(self.ways) <= {MOVED, STAYED}:
            raise ValueError(f"a case is `moved` or `stayed`, got '{min(set(self.ways) - {MOVED, STAYED})}'||moved")
        if self.by == "offence" and not set(self.ways) <= set(OFFENCES):
            wrong = min(set(self.ways) - set(OFFENCES))
            raise ValueError(f"an offence is `first`, `repeat` or `none`, got '{wrong}'||first")
        if self.by == "offence" and self.otherwise is None and not {FIRST, REPEAT} <= set(self.ways):
            raise ValueError("ways by offence need `first` and `repeat`||name both, or add `otherwise:`")
        if self.by in DATED:
            if self.otherwise is None:
                raise ValueError("dated ways need `otherwise` for the time before the first date||otherwise: a stage")
            dates = self.dates()
            if dates != sorted(set(dates)):
                raise ValueError("the dates of these ways do not rise||write the earliest date first")
        return self

    def dates(self) -> list[dt.date]:
        """The dates of dated ways, in the order of the file."""
        try:
            return [dt.date.fromisoformat(value) for value in self.ways]
        except ValueError:
            raise ValueError(f"a way by {self.by} starts at a date||for example 2024-01-01") from None


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


def next_names(ways: ByShare | ByFact) -> list[str]:
    """Every stage or outcome that these ways name, in order."""
    if isinstance(ways, ByShare):
        return list(ways.shares)
    return [*ways.ways.values(), *([ways.otherwise] if ways.otherwise is not None else [])]
