"""What the commands do once the words are understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from ..api import export as export_files
from ..errors import ResultsError
from ..files.read import load
from ..measures.tables import scenario_tables
from ..model.figures import Language
from ..model.scenario import Scenario
from ..studies.disk import write_text
from ..studies.replicate import Results, load_results, one_log, side_by_side
from ..studies.store import STUDY_FILE, Folder
from ..studies.sweep_kept import STATE
from ..studies.sweep_run import load_sweep_results
from ..views.report import write_report
from .manner import EngineName, Manner, with_the
from .part import part_of, run_named_part
from .sweeping import REPORT, write_sweep_page
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
    write_text(out / STUDY_FILE, json.dumps({"scenarios": list(scenarios)}))
    _write(out, results, language, manner)


def run_named(
    scenarios: Mapping[str, Scenario], out: Path, replications: int, seed: int, manner: Manner
) -> list[Results]:
    """Run scenarios by name on the same cases, telling how far they are."""
    with manner.running(out) as (how, told):
        told.prepare(*scenarios.values())
        return side_by_side(scenarios, replications=replications, seed=seed, folder=out, how=how, progress=told)


def report_folder(folder: Path, language: Language) -> None:
    """Write the report of results that are there."""
    if (folder / STATE).exists():
        write_sweep_page(folder, load_sweep_results(folder), language, Manner())
        return
    names = _study(folder)
    _write(folder, [load_results(folder / name) for name in names], language, Manner())


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


def _write(out: Path, results: list[Results], language: Language, manner: Manner) -> None:
    base = results[0] if len(results) > 1 else None
    with manner.busy("writing the report"):
        _write_report(out, results, base, language)
    if not manner.as_json:
        tell(results, base)
    manner.say(f"report {out / REPORT}")
    manner.end(report=str(out / REPORT), scenarios=[one.name for one in results])


def _write_report(out: Path, results: list[Results], base: Results | None, language: Language) -> None:
    tables = [
        scenario_tables(
            r.name, r.scenario, r.seed, r.findings, None if base is None or r is base else base.findings, r.summary
        )
        for r in results
    ]
    write_report(out / REPORT, tables, language=language)


def _study(folder: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads((folder / STUDY_FILE).read_text(encoding="utf-8"))["scenarios"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"no results in {folder}: {error}", try_="name a folder that `run` has written") from None
