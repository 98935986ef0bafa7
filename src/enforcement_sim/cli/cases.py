"""What the commands about cases do: limits missed because of a change, and cohorts by month of filing."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..api import cases, cohorts
from ..errors import ResultsError
from ..files.explain import nearest
from ..files.read import load
from ..measures.cohorts import Span
from ..measures.frame import ALL
from ..measures.tables import titles
from ..model.figures import Language
from ..studies.disk import written
from ..views.case_tables import (
    Shown,
    causes_shown,
    cohorts_notes,
    cohorts_shown,
    misses_notes,
    misses_shown,
    nothing_missed,
)
from .manner import EngineName, with_the
from .progress import Told

WIDTH = 160
"""Characters of a line where there is no terminal that says how many it has."""


def tell_cases(
    base: Path,
    changed: Path,
    replications: int | None,
    replication: int | None,
    seed: int | None,
    clock: str | None,
    out: Path,
    language: Language,
    quiet: bool,
    with_engine: EngineName | None = None,
) -> None:
    """Match the cases of two scenarios, print what the change did to their limits, and write them as CSV."""
    before, after = (with_the(with_engine, load(file)) for file in (base, changed))
    with Told(quiet) as told:
        told.prepare(before, after)
        found = cases(
            before, after, replications=replications, replication=replication, seed=seed, clock=clock, progress=told
        )
    names = {**titles(after), **titles(before)}
    shown = [misses_shown(found.summary, names, language)]
    shown += [causes_shown(found.causes, of, names, language) for of in ("difference", "limit")]
    _show([table for table in shown if table is not None])
    if shown[0] is None:
        typer.echo(nothing_missed(language))
    typer.echo("\n".join(misses_notes(found.summary, found.cases, language)))
    for name, table in (("cases", found.table), ("summary", found.summary), ("causes", found.causes)):
        typer.echo(_write(table, out / f"{name}.csv"))


def tell_cohorts(
    file: Path,
    replications: int | None,
    seed: int | None,
    by: Span,
    since: str | None,
    where: tuple[str | None, str | None],
    out: Path | None,
    language: Language,
    quiet: bool,
    with_engine: EngineName | None = None,
) -> None:
    """Run a scenario and print its cohorts, of all or of one jurisdiction and procedure; write all of them as CSV."""
    scenario = with_the(with_engine, load(file))
    with Told(quiet) as told:
        told.prepare(scenario)
        table = cohorts(scenario, replications=replications, seed=seed, by=by, since=since, progress=told)
    chosen = _known(table, "jurisdiction", where[0]), _known(table, "procedure", where[1])
    _show([cohorts_shown(table, chosen, titles(scenario), language)])
    typer.echo("\n".join(cohorts_notes(table, language)))
    if out is not None:
        typer.echo(_write(table, out))


def _known(table: pd.DataFrame, column: str, asked: str | None) -> str:
    known = table[column].unique().tolist()
    if asked is not None and asked not in known:
        raise ResultsError(f"no cohort of the {column} '{asked}'", try_=nearest(asked, known))
    return ALL if asked is None else asked


def _show(tables: list[Shown]) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    for shown in tables:
        table = Table(title=shown.title, title_justify="left")
        for number, heading in enumerate(shown.headings):
            table.add_column(heading, justify="left" if number < shown.texts else "right")
        for row in shown.rows:
            table.add_row(*map(Text, row))  # a name in brackets would be taken for a style
        console.print(table)


def _write(table: pd.DataFrame, file: Path) -> Path:
    with written(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(file, index=False, float_format="%.8g")
    return file
