"""The options that several commands share, and what their words stand for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from ..studies.disk import located


class Language(StrEnum):
    """Languages of the report."""

    en = "en"
    zh = "zh"


class SchemaForm(StrEnum):
    """Forms in which the schema is printed."""

    json = "json"
    markdown = "markdown"


class FileKind(StrEnum):
    """Kinds of files that have a schema."""

    scenario = "scenario"
    sweep = "sweep"


class EngineChoice(StrEnum):
    """Engines, both with the same event log."""

    fast = "fast"
    reference = "reference"


class HowLong(StrEnum):
    """How long cases with known answers are run."""

    quick = "quick"
    medium = "medium"
    long = "long"


class AnswerForm(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file (YAML).")]


OutFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", parser=located, help="Folder (or address) for results and report.")
]
Replications = Annotated[
    int | None, typer.Option("--replications", "-n", min=1, help="Independent repetitions (default: as the file says).")
]
Seed = Annotated[
    int | None, typer.Option("--seed", "-s", min=0, help="Seed of all chance (default: as the file says).")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-w", min=1, help="Processes (default: one for each processor where that is quicker)."),
]


Apart = Annotated[
    bool,
    typer.Option("--apart", help="Move results of another scenario, seed or program in DIR aside instead of refusing."),
]
ChosenEngine = Annotated[
    EngineChoice | None, typer.Option("--engine", help="Same event log, other speed (default: as the file says).")
]
ReportLanguage = Annotated[Language, typer.Option("--language", "-l", help="Language in which the report opens.")]
TimeLimit = Annotated[
    str | None,
    typer.Option("--time-limit", metavar="LENGTH", help="Give a replication up after so long, e.g. '10 min'."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="WHERE", help="Have it done by a Dask cluster: address or scheduler file."),
]
OnePart = Annotated[
    str | None,
    typer.Option("--part", metavar="K/N", help="Run only the K-th of N parts, on one of N machines; then `merge`."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
AsJson = Annotated[bool, typer.Option("--json", help="Tell progress and outcome as JSON, for programs.")]


def named(engine: EngineChoice | None) -> Literal["fast", "reference"] | None:
    """The engine's name as the scenario has it."""
    return None if engine is None else "fast" if engine is EngineChoice.fast else "reference"


def code(language: Language) -> Literal["en", "zh"]:
    """The language's code as the pages have it."""
    return "zh" if language is Language.zh else "en"
