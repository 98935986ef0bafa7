"""The words of the commands that prove: published results, cases with known answers, what each lever does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..studies.disk import located
from .options import (
    Apart,
    AsJson,
    Cluster,
    HowLong,
    Language,
    OutFolder,
    Quiet,
    ReportLanguage,
    ScenarioFile,
    TimeLimit,
    Workers,
    code,
)

PUBLISHED = Path("results/published")
Published = Annotated[
    Path, typer.Option("--results", metavar="DIR", parser=located, help="Folder of the published results.")
]


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
