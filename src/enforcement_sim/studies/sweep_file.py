"""What a sweep file may hold: levers, what is uncertain, a design, and how far to go."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from ..files.reference import tables
from ..model.figures import Shorthand, Strict, TitleField
from ..model.precision import Budget, Precision
from ..model.questions import Best, Limit, Questions
from ..model.result import Result
from .uncertain import Amount, AnySpread, Level, amounts_of

COUNTABLE = 10**12
"""No number of levels or points is larger, so that every product of them can be said."""
FEWEST_TRAJECTORIES, FEWEST_BASE_POINTS = 4, 8
"""Of fewer no sensitivity is told: their spread could not be judged."""
Moves = Annotated[dict[str, Level], Field(min_length=1)]
"""Values by path."""


class Range(Strict):
    """Levels at even steps from one value to another."""

    from_: Amount = Field(alias="from", description="First level.")
    to: Amount = Field(description="Last level, in the same unit.")
    steps: int | None = Field(
        None,
        ge=2,
        le=COUNTABLE,
        description="How many levels, both ends included. A design that samples may do without.",
    )
    scale: Literal["linear", "log"] = Field("linear", description="linear: equal differences; log: equal ratios.")
    whole: bool = Field(False, description="Whether levels are rounded to whole numbers, as for officers.")

    @model_validator(mode="after")
    def _rising(self) -> Range:
        (low, high), _ = amounts_of((self.from_, self.to))
        if self.scale == "log" and low <= 0:
            raise ValueError("a log scale has no level at or below 0||a `from` above 0, or `scale: linear`")
        if low >= high:
            raise ValueError("`from` is not below `to`||write the smaller value under `from`")
        return self


class Together(Strict):
    """A lever that moves several parameters at once, as one decision does."""

    together: Annotated[
        Annotated[Annotated[list[Moves], Field(min_length=1)], Tag("listed")]
        | Annotated[Annotated[dict[str, Moves], Field(min_length=1)], Tag("named")],
        Discriminator(lambda written: "named" if isinstance(written, dict) else "listed"),
    ] = Field(description="The levels, each with its values by path; as a mapping, the keys are their names.")


def _form(written: Any) -> str:
    if isinstance(written, Together) or (isinstance(written, dict) and "together" in written):
        return "together"
    return "range" if isinstance(written, (dict, Range)) else "levels"


Levels = Annotated[list[Level], Field(min_length=1)]
Axis = Annotated[
    Annotated[Levels, Tag("levels")] | Annotated[Range, Tag("range")] | Annotated[Together, Tag("together")],
    Discriminator(_form),
]


class Grid(Strict):
    """Every combination of the axes' levels."""

    kind: Literal["grid"]


class Listed(Strict):
    """Points that are told one by one."""

    kind: Literal["list"]
    points: list[dict[str, Level]] = Field(
        min_length=1, description="The points, each with its values by path; {} is a scenario as its file says."
    )


Seed = Annotated[int | None, Field(ge=0, lt=2**63, description="Seed of the draw (default: the base scenario's).")]


class Sampled(Strict):
    """Base of the designs that draw points one by one."""

    points: int = Field(ge=1, le=COUNTABLE, description="How many points are drawn.")
    seed: Seed = None


class LatinHypercube(Sampled):
    """Points of which each stretch of every parameter gets one. With another number all of them move."""

    kind: Literal["latin_hypercube"]


class Sobol(Sampled):
    """Points of a scrambled Sobol sequence, evenly spread. With more of them the earlier ones stay."""

    kind: Literal["sobol"]


class Crossed(Sampled):
    """Every combination of the axes' levels on the same sample of what is uncertain: the same futures."""

    kind: Literal["crossed"]
    sample: Literal["sobol", "latin_hypercube"] = Field("sobol", description="How the futures are drawn.")


class Morris(Strict):
    """Walks on which one parameter moves at a step: which parameters matter at all, for few runs."""

    kind: Literal["morris"]
    trajectories: int = Field(
        ge=FEWEST_TRAJECTORIES,
        le=COUNTABLE,
        description="How many walks; each has one point more than there are parameters.",
    )
    levels: int = Field(
        4,
        ge=2,
        le=100,
        description="Levels of each parameter, an even number, at equally likely steps from end to end.",
        json_schema_extra={"multipleOf": 2},
    )
    seed: Seed = None

    @field_validator("levels")
    @classmethod
    def _even(cls, levels: int) -> int:
        if levels % 2:
            raise ValueError("an odd number of levels, of which a step cannot cross half||an even number, such as 4")
        return levels


class SobolIndices(Strict):
    """Saltelli's scheme: which share of what is not known each parameter explains, alone and with others."""

    kind: Literal["sobol_indices"]
    base_points: int = Field(
        ge=FEWEST_BASE_POINTS,
        le=COUNTABLE,
        description="How many groups of points; each has two points more than there are parameters.",
    )
    second_order: bool = Field(
        False, description="Whether pairs of parameters are told apart too, with nearly twice the points."
    )
    seed: Seed = None


AnyDesign = Annotated[
    Grid | Listed | LatinHypercube | Sobol | Crossed | Morris | SobolIndices, Field(discriminator="kind")
]
Design = Annotated[
    AnyDesign,
    BeforeValidator(lambda written: {"kind": written} if isinstance(written, str) else written),
    Shorthand(type="string", enum=["grid"]),
]


def _named(written: Any) -> Any:
    """A list of files names each scenario by its file's stem."""
    if not isinstance(written, list) or not all(isinstance(file, str) for file in written):
        return written
    named = {PurePath(file).stem: file for file in written}
    if len(named) < len(written):
        raise ValueError("two of these files have the same name||write them as a mapping: `name: file`")
    return named


ScenarioFiles = Annotated[dict[str, str], BeforeValidator(_named), Shorthand(type="array", items={"type": "string"})]


Replications = Annotated[
    Annotated[Annotated[int, Field(ge=1)], Tag("number")] | Annotated[Precision, Tag("precision")],
    Discriminator(lambda written: "precision" if isinstance(written, (dict, Precision)) else "number"),
]
"""A number, or a precision to be reached."""


class Sweep(Strict):
    """A sweep of one scenario or of several."""

    title: TitleField = Field(description="Name in the report.")
    of: str = Field(description="The scenario file that is changed, beside this one.")
    scenarios: ScenarioFiles = Field(
        default_factory=dict,
        description="Further scenario files, beside this one, that are run at every point too: a list, or by name.",
    )
    axes: dict[str, Axis] = Field(
        default_factory=dict,
        description="Levers: path of a value and the levels it takes, as a list or as `from`, `to` and `steps`; or a "
        "name of your own and, under `together`, levels that move several values at once.",
    )
    uncertain: dict[str, AnySpread] = Field(
        default_factory=dict, description="Path of a value, and the distribution of what it may be."
    )
    design: Design | None = Field(
        None,
        description="Which points are run: grid (the default), list, latin_hypercube, sobol, crossed, morris or "
        "sobol_indices.",
    )
    replications: Replications | None = Field(
        None, description="Replications at each point: a number, or until intervals are narrow enough."
    )
    budget: Budget | None = Field(None, description="What the whole sweep may cost.")
    limits: list[Limit] = Field(
        default_factory=list, description="Limits of which is asked at which points they hold, and how surely."
    )
    best: list[Best] = Field(
        default_factory=list, description="Findings of which is asked which points could be the best by them."
    )

    @model_validator(mode="after")
    def _names_are_folders(self) -> Sweep:
        names = [PurePath(self.of).stem, *self.scenarios]
        for name in self.scenarios:
            if not re.fullmatch(r"[\w-]+", name):
                raise ValueError(f"'{name}' names a folder of results||letters, digits, - and _ only")
        if len(set(names)) < len(names):
            raise ValueError(f"two scenarios are called '{names[0]}'||give the other a name of its own: `name: file`")
        return self

    @property
    def questions(self) -> Questions:
        """What is asked of the sweep; false where nothing is."""
        return Questions(limits=self.limits, best=self.best)

    @property
    def chosen(self) -> AnyDesign:
        """The design, or the full grid where none is written."""
        return Grid(kind="grid") if self.design is None else self.design


class SweepFile(Strict):
    """A sweep file."""

    sweep: Sweep = Field(description="The sweep.")
    result: Result | None = Field(None, description="What is published of it, with `enforcement-sim publish`.")


def sweep_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of sweep files."""
    result = SweepFile.model_json_schema(mode="validation")
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "enforcement-sim sweep"
    return result


_INTRO = """# Sweep files: every key

Printed by `enforcement-sim schema --of sweep --format markdown`; a test keeps this page equal to what the program
accepts. [Sweeps](../sweeps.md) has an example of each design.

- A file is YAML 1.2 in UTF-8 and holds `sweep`, and `result` where it is published. Unknown keys, duplicate keys and
  tabs are refused.
- A path is the keys on the way to a value, with dots between: `reform.share.urban`, `teams.office.officers`; items of a
  list are counted from 0: `teams.office.roster.0.officers`. It names a value as scenario files do, without unit where
  they have none and with it where they have one: `3 days`, `120 per year`.
- Every entry under `uncertain` carries `source` or `assumed`, as the numbers of a scenario do.
- A value that is laid on a figure takes its number; a mapping replaces the whole figure.
"""


def sweep_reference() -> str:
    """Markdown: one table for each kind of mapping."""
    return tables(sweep_schema(), _INTRO)
