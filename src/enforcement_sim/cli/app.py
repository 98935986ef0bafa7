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
    HowLong,
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

PUBLISHED = Path("results/published")
Published = Annotated[
    Path, typer.Option("--results", metavar="DIR", parser=located, help="Folder of the published results.")
]

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
    folder: Annotated[Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run` has written.")],
    language: ReportLanguage = Language.en,
) -> None:
    """Write the report of finished results again."""
    from .running import report_folder

    report_folder(folder, code(language))


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


@app.command()
def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Sweep file with a `result`.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="What it is published as.")],
    into: Published = PUBLISHED,
    again: Annotated[
        bool, typer.Option("--again", help="Publish anew what comes out otherwise; needs --because.")
    ] = False,
    because: Annotated[str | None, typer.Option("--because", metavar="WHY", help="Why published numbers move.")] = None,
    work: Annotated[
        Path, typer.Option("--out", metavar="DIR", parser=located, help="Where finished replications are kept.")
    ] = Path("out/published"),
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run a sweep and keep its result, with every number that its answer states, for others to reproduce."""
    from .manner import Manner
    from .publishing import publish_file, reason

    publish_file(
        file, name, into, work, reason(again, because), Manner(workers, apart=True, quiet=quiet, as_json=as_json)
    )


@app.command()
def reproduce(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Published results.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are published.")] = False,
    smoke: Annotated[bool, typer.Option("--smoke", help="Only the first replication of every point.")] = False,
    elsewhere: Annotated[
        bool, typer.Option("--elsewhere", help="Test the numbers with fresh seeds instead of comparing bit for bit.")
    ] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compare bit for bit even if Python or a library is another.")
    ] = False,
    where: Published = PUBLISHED,
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Run published results anew and say of each whether it comes out as published, and where not."""
    from .manner import Manner
    from .publishing import reproduce_results

    manner = Manner(workers, quiet=quiet, as_json=as_json)
    reproduce_results(names or [], everything, smoke, elsewhere, exact, where, manner)


@app.command()
def describe(
    file: ScenarioFile,
    texts: Annotated[
        Path, typer.Option("--texts", metavar="FILE", help="What only the author of a study knows (YAML).")
    ],
    results: Annotated[
        Path | None, typer.Option("--results", metavar="DIR", parser=located, help="Folder of this scenario's results.")
    ] = None,
    out: OutFolder = Path("out/described"),
    language: ReportLanguage = Language.en,
    as_json: AsJson = False,
) -> None:
    """Describe a scenario after STRESS-DES, the guideline for reports of simulations, with a flow diagram."""
    from .describe import describe_file
    from .manner import Manner

    describe_file(file, texts, results, out, code(language), Manner(as_json=as_json))


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


@app.command()
def validate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of cases with known answers.")] = Path(
        "scenarios/validation"
    ),
    case: Annotated[list[str] | None, typer.Option("--case", "-c", help="Only this case (may be repeated).")] = None,
    effort: Annotated[
        HowLong, typer.Option("--effort", "-e", help="long: about as long as the tolerances of the cases ask.")
    ] = HowLong.quick,
    workers: Workers = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep every answer, for the validation book.")
    ] = None,
) -> None:
    """Run the cases whose answers are known, and say how close the simulation comes."""
    from .validating import validate_folder

    validate_folder(folder, case or [], effort.value, workers, keep)


@app.command()
def book(
    scenarios: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of all scenarios.")] = Path("scenarios"),
    kept: Annotated[
        Path, typer.Option("--kept", metavar="DIR", help="Where `validate --keep` has kept the answers.")
    ] = Path("results/validation"),
    docs: Annotated[Path, typer.Option("--docs", metavar="DIR", help="Where the pages go.")] = Path("docs"),
    runs: Annotated[
        bool, typer.Option("--runs", help="First run every scenario anew, most of them by both engines.")
    ] = False,
    series: Annotated[
        Path | None, typer.Option("--series", metavar="DIR", help="First back-test anew on the series in this folder.")
    ] = None,
    workers: Workers = None,
) -> None:
    """Write the validation book: cases, engines, conservation, intervals, back-tests, from what is kept of them."""
    from .booking import write_book

    write_book(scenarios, kept, docs, runs, series, workers)


@app.command()
def effects(
    catalogue: Annotated[Path, typer.Argument(metavar="FILE", help="Catalogue of systems and levers (YAML).")] = Path(
        "scenarios/levers/systems.yaml"
    ),
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only the systems of this scenario (may be repeated).")
    ] = None,
    out: OutFolder = Path("out/effects"),
    replications: Annotated[int, typer.Option("--replications", "-n", min=2, help="Independent repetitions.")] = 4,
    workers: Workers = None,
    write: Annotated[Path | None, typer.Option("--write", metavar="FILE", help="Write the table as a page.")] = None,
    apart: Apart = False,
    time_limit: TimeLimit = None,
    cluster: Cluster = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure what each system and lever does, beside the scenario without it, on the same random cases."""
    from .manner import Manner
    from .measuring import measure_systems

    manner = Manner(workers, apart, time_limit, cluster, quiet, as_json)
    measure_systems(catalogue, only or [], out, replications, manner, write)


@app.command()
def warm() -> None:
    """Compile the fast engine ahead; else the first run does, which takes about a quarter of a minute longer."""
    from ..compiling import cache
    from ..engines.choice import prepare

    seconds = prepare("fast", typer.echo)
    place = cache.folder() or "nowhere: its folder cannot be written, so every process compiles anew"
    typer.echo(f"{'compiled before' if seconds is None else f'compiled in {seconds:.0f} s'}; kept in {place}")
