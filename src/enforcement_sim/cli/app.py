"""The commands."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from ..studies.disk import located
from .checking import check, schema
from .folders import export, merge, query, status
from .looking import cases, cohorts
from .options import (
    Apart,
    AsJson,
    ChosenEngine,
    Cluster,
    Language,
    OnePart,
    OutFolder,
    Quiet,
    Replications,
    ReportLanguage,
    ScenarioFile,
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


app.command()(check)
app.command()(schema)


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


app.command()(status)
app.command()(publish)
app.command()(reproduce)
app.command()(describe)


app.command()(merge)
app.command()(query)
app.command()(export)
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
