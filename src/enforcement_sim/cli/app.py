"""The commands."""

from __future__ import annotations

import json
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from ..studies.disk import located
from .looking import cases, cohorts
from .options import (
    AnswerForm,
    Apart,
    AsJson,
    ChosenEngine,
    Cluster,
    FileKind,
    Language,
    OnePart,
    OutFolder,
    Quiet,
    Replications,
    ReportLanguage,
    ScenarioFile,
    SchemaForm,
    Seed,
    TimeLimit,
    Workers,
    code,
    named,
)
from .proving import book, describe, effects, publish, reproduce, validate
from .serving import serve
from .starting import start

app = typer.Typer(
    name="enforcement-sim",
    help="Simulate how administrative enforcement handles cases, and what shifting it to the counties does.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"enforcement-sim {installed_version('enforcement-sim')}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options before the command."""


app.command()(start)
app.command()(serve)


@app.command()
def run(
    file: ScenarioFile,
    replications: Replications = None,
    seed: Seed = None,
    out: OutFolder = Path("out"),
    workers: Workers = None,
    language: ReportLanguage = Language.en,
    engine: ChosenEngine = None,
    apart: Apart = False,
    time_limit: TimeLimit = None,
    cluster: Cluster = None,
    part: OnePart = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario (and the one it is compared to) and write its report.

    Finished replications are kept in DIR: the same command goes on where a broken-off one stopped.
    """
    from .manner import Manner
    from .running import run_files

    manner = Manner(workers, apart, time_limit, cluster, quiet, as_json)
    run_files(file, out, replications, seed, manner, code(language), named(engine), part)


@app.command()
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


@app.command()
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


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Sweep file (YAML).")],
    out: OutFolder = Path("out"),
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    language: ReportLanguage = Language.en,
    engine: ChosenEngine = None,
    apart: Apart = False,
    time_limit: TimeLimit = None,
    cluster: Cluster = None,
    part: OnePart = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run scenarios at every point of a design and write maps of what the changes do."""
    from .manner import Manner
    from .sweeping import run_sweep_file

    manner = Manner(workers, apart, time_limit, cluster, quiet, as_json)
    run_sweep_file(file, out, replications, seed, manner, code(language), named(engine), part)


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run`, `compare` or `sweep` has written.")
    ],
    language: ReportLanguage = Language.en,
    single: Annotated[bool, typer.Option("--single", help="One file to hand on instead of a folder of pages.")] = False,
    target: Annotated[
        float, typer.Option("--target", min=0, max=1, help="Share of cases that may be overdue, for curves of staff.")
    ] = 0.05,
) -> None:
    """Write the report of finished results again."""
    from .running import report_folder

    report_folder(folder, code(language), single, target)


@app.command()
def compare(
    base: Annotated[
        Path,
        typer.Argument(
            metavar="BASE",
            parser=located,
            help="Scenario file, or folder of its results, that the others are held against.",
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", parser=located, help="Scenario files, or folders of results, to compare with it."
        ),
    ],
    replications: Replications = None,
    seed: Seed = None,
    out: OutFolder = Path("out/compare"),
    workers: Workers = None,
    language: ReportLanguage = Language.en,
    engine: ChosenEngine = None,
    apart: Apart = False,
    time_limit: TimeLimit = None,
    cluster: Cluster = None,
    part: OnePart = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run several scenarios beside one base: who loses and gains, until when, what the reviewers need.

    Finished replications are kept in DIR: the same command goes on where a broken-off one stopped.
    """
    from .comparing import compare_files
    from .manner import Manner

    manner = Manner(workers, apart, time_limit, cluster, quiet, as_json)
    compare_files(base, files, out, replications, seed, manner, code(language), named(engine), part)


app.command()(cases)
app.command()(cohorts)


@app.command()
def status(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run`, `compare` or `sweep` has written.")
    ],
) -> None:
    """Say what is finished in a folder of results, and whether it is of today's program."""
    from .status import tell_status

    tell_status(folder)


app.command()(publish)
app.command()(reproduce)
app.command()(describe)


@app.command()
def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", parser=located, help="Folders with parts of the same study.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", parser=located, help="Folder that takes them in; may hold some already."),
    ],
) -> None:
    """Put together what several machines have finished of the same study."""
    from ..studies.merging import merge as put_together

    typer.echo(f"{put_together(out, folders)} replications are new in {out}")


@app.command()
def query(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run`, `compare` or `sweep` has written.")
    ],
    question: Annotated[
        str, typer.Argument(metavar="SQL", help="Over the views findings, runs, times, machines and scenarios.")
    ] = "SUMMARIZE findings",
    form: Annotated[AnswerForm, typer.Option("--format", help="table for people; csv and json for programs.")] = (
        AnswerForm.table
    ),
) -> None:
    """Ask finished results a question in SQL (DuckDB's)."""
    from .status import answer

    answer(folder, question, form.value)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run` has written.")],
    replication: Annotated[
        int, typer.Option("--replication", "-k", min=0, help="Which replication, counted from 0.")
    ] = 0,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Which scenario, if the folder holds several.")
    ] = None,
) -> None:
    """Write the event log of one replication as CSV and XES."""
    from .running import export_log

    export_log(folder, replication, scenario)


app.command()(validate)
app.command()(book)
app.command()(effects)


@app.command()
def warm() -> None:
    """Compile the fast engine ahead; else the first run does, which takes about a quarter of a minute longer."""
    from ..compiling import cache
    from ..engines.choice import prepare

    seconds = prepare("fast", typer.echo)
    place = cache.folder() or "nowhere: its folder cannot be written, so every process compiles anew"
    typer.echo(f"{'compiled before' if seconds is None else f'compiled in {seconds:.0f} s'}; kept in {place}")
