"""The words of the commands that look at cases one by one or by month of filing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import ChosenEngine, Language, Quiet, Replications, ReportLanguage, ScenarioFile, Seed, code, named


class By(StrEnum):
    """Spans of filing that make a cohort."""

    month = "month"
    quarter = "quarter"


def cases(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="Scenario file without the change.")],
    changed: Annotated[Path, typer.Argument(metavar="CHANGED", help="Scenario file with it.")],
    clock: Annotated[str | None, typer.Option("--clock", metavar="NAME", help="Only this legal clock.")] = None,
    replications: Replications = None,
    replication: Annotated[
        int | None, typer.Option("--replication", "-k", min=0, help="Only this one, counted from 0.")
    ] = None,
    seed: Seed = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the tables (CSV).")] = Path("out/cases"),
    language: ReportLanguage = Language.en,
    engine: ChosenEngine = None,
    quiet: Quiet = False,
) -> None:
    """List the cases that miss a legal limit because of a change, and those that it saves, with the causes.

    Both scenarios meet the same cases with the same luck, so each case is held against itself.
    """
    from .cases import tell_cases

    tell_cases(base, changed, replications, replication, seed, clock, out, code(language), quiet, named(engine))


def cohorts(
    file: ScenarioFile,
    replications: Replications = None,
    seed: Seed = None,
    by: Annotated[By, typer.Option("--by", help="What cases are put together by.")] = By.month,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="STAGE", help="Count from when a case first enters this stage, not from filing."
        ),
    ] = None,
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", metavar="NAME", help="Print this one (default: all together).")
    ] = None,
    procedure: Annotated[
        str | None, typer.Option("--procedure", metavar="NAME", help="Print this one (default: all together).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the cohorts of all places and procedures (CSV).")
    ] = None,
    language: ReportLanguage = Language.en,
    engine: ChosenEngine = None,
    quiet: Quiet = False,
) -> None:
    """Say of each month's cases how many were closed within 30, 60, 90 and 180 days; open ones count as censored."""
    from .cases import tell_cohorts

    where = jurisdiction, procedure
    tell_cohorts(file, replications, seed, by.value, since, where, out, code(language), quiet, named(engine))
