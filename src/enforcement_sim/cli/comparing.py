"""The command that lays several scenarios beside one base."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from ..errors import ResultsError
from ..files.read import load
from ..measures.comparison import compared
from ..measures.tables import scenario_tables
from ..model.figures import Language
from ..studies.lock import held
from ..studies.replicate import replicate
from ..views.comparison import write_comparison
from .progress import Told
from .running import EngineName, Stoppable, with_the
from .tell import tell

PAGE = "comparison.html"


def compare_files(
    base: Path,
    files: list[Path],
    out: Path,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    language: Language,
    with_engine: EngineName | None = None,
    apart: bool = False,
) -> None:
    """Run a base and further scenarios on the same cases; write and name the page that compares them."""
    stems = [file.stem for file in (base, *files)]
    twice = [stem for stem in stems if stems.count(stem) > 1]
    if twice:
        raise ResultsError(
            f"two files are called '{twice[0]}'", try_="files of different names: results are kept by name"
        )
    scenarios = [with_the(with_engine, load(file)) for file in (base, *files)]
    first = scenarios[0]
    count = first.replications if replications is None else replications
    chosen = first.seed if seed is None else seed
    with held(out), Stoppable(out), Told() as told:
        told.prepare(*scenarios)
        results = [
            replicate(
                scenario,
                name=stem,
                replications=count,
                seed=chosen,
                workers=workers,
                folder=out / stem,
                apart=apart,
                progress=told,
            )
            for stem, scenario in zip(stems, scenarios, strict=True)
        ]
    with Console(stderr=True).status("writing the comparison"):
        beside = results[0]
        tables = scenario_tables(beside.name, first, chosen, beside.findings, None, beside.summary)
        others = [compared(one.scenario, one.findings, first, beside.findings) for one in results[1:]]
        write_comparison(out / PAGE, tables, others, language)
    tell(results, beside)
    typer.echo(f"comparison {out / PAGE}")
