"""What the commands do once the words are understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from ..api import export as export_files
from ..errors import ResultsError
from ..files.read import load
from ..model.figures import Language
from ..model.scenario import Scenario
from ..reports.material import of_folder, of_results, study
from ..reports.write import write
from ..studies.disk import write_text
from ..studies.replicate import Results, load_results, one_log, side_by_side
from ..studies.store import STUDY_FILE, Folder
from ..studies.sweep_kept import STATE
from ..studies.sweep_run import load_sweep_results
from .manner import EngineName, Manner, with_the
from .part import part_of, run_named_part
from .sweeping import write_sweep_page
from .tell import tell


def run_files(
    file: Path,
    out: Path,
    replications: int | None,
    seed: int | None,
    manner: Manner,
    language: Language,
    with_engine: EngineName | None = None,
    part: str | None = None,
) -> None:
    """Run a scenario and, before it, the one it is compared to; write and name the report, but of a part."""
    one, scenario = part_of(part), load(file)
    scenarios = {file.stem: with_the(with_engine, scenario)}
    if scenario.compare_to is not None:
        base_file = file.parent / scenario.compare_to
        other = base_file.stem if base_file.stem != file.stem else f"{base_file.stem}-compared"
        scenarios = {other: with_the(with_engine, load(base_file)), **scenarios}
    # All meet the same cases, and so as many of them.
    count = scenario.replications if replications is None else replications
    chosen = scenario.seed if seed is None else seed
    if one is not None:
        run_named_part({name: (it, chosen) for name, it in scenarios.items()}, out, count, one, manner)
        return
    results = run_named(scenarios, out, count, chosen, manner)
    tell_and_write(out, results, language, manner)


def run_named(
    scenarios: Mapping[str, Scenario], out: Path, replications: int, seed: int, manner: Manner
) -> list[Results]:
    """Run scenarios by name on the same cases, telling how far they are."""
    with manner.running(out) as (how, told):
        told.prepare(*scenarios.values())
        return side_by_side(scenarios, replications=replications, seed=seed, folder=out, how=how, progress=told)


def report_folder(folder: Path, language: Language, single: bool, target: float) -> None:
    """Write the report of results that are there."""
    if (folder / STATE).exists():
        write_sweep_page(folder, load_sweep_results(folder), language, Manner(), single=single, target=target)
        return
    shown = of_folder(folder)
    typer.echo(f"report {write(folder, shown, language, single=single)}")


def export_log(folder: Path, replication: int, name: str | None) -> None:
    """Write one event log; it is simulated again and must be the very log that the results came from."""
    names = study(folder)
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


def tell_and_write(out: Path, results: list[Results], language: Language, manner: Manner) -> None:
    """Note which scenarios are here, tell what they found, and write and name the report."""
    write_text(out / STUDY_FILE, json.dumps({"scenarios": [one.name for one in results]}))
    with manner.busy("writing the report"):
        report = write(out, of_results(results), language)
    if not manner.as_json:
        tell(results, results[0] if len(results) > 1 else None)
    manner.say(f"report {report}")
    manner.end(report=str(report), scenarios=[one.name for one in results])
