"""What the commands do once the words are understood."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console

from ..api import export as export_files
from ..errors import ResultsError
from ..files.read import load
from ..measures.tables import scenario_tables, titles
from ..model.figures import Language
from ..model.scenario import Scenario
from ..studies.designs import notes
from ..studies.lock import held
from ..studies.replicate import Results, load_results, one_log, replicate
from ..studies.store import STUDY_FILE, Folder, write_text
from ..studies.sweep import load_sweep, map_axes, run_sweep, sweep_table
from ..views.report import write_report, write_sweep_report
from .progress import Told
from .tell import tell

REPORT = "report.html"
EngineName = Literal["fast", "reference"]


def run_files(
    file: Path,
    out: Path,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    language: Language,
    with_engine: EngineName | None = None,
    apart: bool = False,
) -> None:
    """Run a scenario and, before it, the one it is compared to; write and name the report."""
    scenario = load(file)
    scenarios = [(file.stem, scenario)]
    if scenario.compare_to is not None:
        base_file = file.parent / scenario.compare_to
        base = load(base_file)
        chosen = scenario.replications if replications is None else replications
        other = base_file.stem if base_file.stem != file.stem else f"{base_file.stem}-compared"
        scenarios.insert(0, (other, base))
        replications = chosen  # both meet the same cases, so both need as many
        seed = scenario.seed if seed is None else seed
    scenarios = [(name, with_the(with_engine, one)) for name, one in scenarios]
    results = []
    with held(out), Stoppable(out), Told() as told:
        told.prepare(*(one for _, one in scenarios))
        for name, one in scenarios:
            results.append(
                replicate(
                    one,
                    name=name,
                    replications=replications,
                    seed=seed,
                    workers=workers,
                    folder=out / name,
                    apart=apart,
                    progress=told,
                )
            )
        _note_study(out, [name for name, _ in scenarios])
    _write(out, results, language)


def report_folder(folder: Path, language: Language) -> None:
    """Write the report of results that are there."""
    names = _study(folder)
    _write(folder, [load_results(folder / name) for name in names], language)


def run_sweep_file(
    file: Path,
    out: Path,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    language: Language,
    with_engine: EngineName | None = None,
    apart: bool = False,
) -> None:
    """Run a sweep and write its table and its maps."""
    study, points = load_sweep(file)
    for note in notes(study):
        typer.echo(note)
    points = [replace(point, scenario=with_the(with_engine, point.scenario)) for point in points]
    with held(out), Stoppable(out), Told() as told:
        told.prepare(*(point.scenario for point in points))
        done = list(
            run_sweep(
                study,
                points,
                folder=out,
                replications=replications,
                seed=seed,
                workers=workers,
                apart=apart,
                progress=told,
            )
        )
    table = sweep_table(done)
    table.to_parquet(out / "sweep.parquet", index=False)
    table.to_csv(out / "sweep.csv", index=False)
    write_sweep_report(out / REPORT, table, map_axes(study), study.title, titles(points[0].scenario), language)
    typer.echo(f"{len(points)} points; table {out / 'sweep.csv'}\nreport {out / REPORT}")


def export_log(folder: Path, replication: int, name: str | None) -> None:
    """Write one event log; it is simulated again and must be the very log that the results came from."""
    names = _study(folder)
    chosen = name or names[-1]
    if chosen not in names:
        raise ResultsError(f"no scenario '{chosen}' in {folder}", try_=f"one of {', '.join(names)}")
    place = Folder(folder / chosen)
    key = place.manifest()["key"]
    results = load_results(folder / chosen)
    finished = place.finished(key)
    if replication not in finished:
        raise ResultsError(
            f"replication {replication} is not among the results of '{chosen}'",
            try_=f"one of {finished[0]} to {finished[-1]}" if finished else "run the scenario first",
        )
    log, _ = one_log(results.scenario, replication, results.seed)
    if log.digest != results.log_digests[finished.index(replication)]:
        raise ResultsError(
            f"replication {replication} comes out differently from when its results were kept",
            try_="the program has changed since: run the scenario again",
        )
    for path in export_files(results.scenario, replication, folder / chosen / "export", results.seed):
        typer.echo(path)


def with_the(with_engine: EngineName | None, scenario: Scenario) -> Scenario:
    """The scenario, run with another engine than its file says if one is given."""
    return scenario if with_engine is None else scenario.model_copy(update={"engine": with_engine})


def _write(out: Path, results: list[Results], language: Language) -> None:
    base = results[0] if len(results) > 1 else None
    with Console(stderr=True).status("writing the report"):
        _write_report(out, results, base, language)
    tell(results, base)
    typer.echo(f"report {out / REPORT}")


def _write_report(out: Path, results: list[Results], base: Results | None, language: Language) -> None:
    tables = [
        scenario_tables(
            r.name, r.scenario, r.seed, r.findings, None if base is None or r is base else base.findings, r.summary
        )
        for r in results
    ]
    write_report(out / REPORT, tables, language=language)


def _note_study(out: Path, names: list[str]) -> None:
    write_text(out / STUDY_FILE, json.dumps({"scenarios": names}))


def _study(folder: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads((folder / STUDY_FILE).read_text(encoding="utf-8"))["scenarios"]]
    except (OSError, ValueError, KeyError) as error:
        raise ResultsError(f"no results in {folder}: {error}", try_="name a folder that `run` has written") from None


class Stoppable:
    """Says what is kept when the user or the machine breaks off a run."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyboardInterrupt):
            print(
                f"stopped; finished replications are kept in {self.out}: the same command goes on from there",
                file=sys.stderr,
            )
            raise typer.Exit(130)
