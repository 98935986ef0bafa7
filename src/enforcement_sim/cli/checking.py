"""Commands about files that are not run: is it right, and what may it hold."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .options import FileKind, ScenarioFile, SchemaForm


def check(file: ScenarioFile) -> None:
    """Check a scenario or sweep file and say what is wrong with it, where, and what to try."""
    from ..files.read import is_sweep, load

    if is_sweep(file):
        from ..files.tree import parse_file
        from ..studies.designs import notes
        from ..studies.results import load_result
        from ..studies.sweep import load_sweep

        published = ""
        if "result" in parse_file(file).data:
            study, points, result = load_result(file)
            published = f", with {len(result.claims)} numbers that are published"
        else:
            study, points = load_sweep(file)
        typer.echo("\n".join([f"{file}: fine, a sweep of {len(points)} points{published}", *notes(study)]))
        return
    scenario = load(file)
    parts = [
        (len(scenario.jurisdictions), "jurisdiction"),
        (len(scenario.fields), "field"),
        (len(scenario.teams), "team"),
        (len(scenario.procedures), "procedure"),
        (len(scenario.origins), "origin"),
    ]
    typer.echo(
        f"{file}: fine, with "
        + ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for count, what in parts if count)
    )


def schema(
    form: Annotated[
        SchemaForm, typer.Option("--format", help="json for programs, markdown for people.")
    ] = SchemaForm.json,
    kind: Annotated[FileKind, typer.Option("--of", help="Of which kind of file.")] = FileKind.scenario,
) -> None:
    """Print what a scenario or sweep file may hold: JSON Schema, or a page of tables."""
    if kind is FileKind.sweep:
        from ..studies.sweep_file import sweep_reference, sweep_schema

        typer.echo(
            sweep_reference()
            if form is SchemaForm.markdown
            else json.dumps(sweep_schema(), ensure_ascii=False, indent=2)
        )
        return
    if form is SchemaForm.markdown:
        from ..files.reference import reference

        typer.echo(reference())
        return
    from ..files.schema import schema as scenario_schema

    typer.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
