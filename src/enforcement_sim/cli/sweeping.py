"""The command that runs a sweep, and the page of one that is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..errors import ResultsError
from ..model.figures import Language
from ..reports.of_sweep import TARGET, of_sweep
from ..reports.write import write
from ..studies.designs import notes
from ..studies.parts import Part
from ..studies.sweep import Point, load_sweep
from ..studies.sweep_file import Sweep
from ..studies.sweep_kept import CSV, State
from ..studies.sweep_run import SweepResults, asked_for, run_sweep
from ..views.questions import question_lines
from .manner import EngineName, Manner, with_the
from .part import part_of, run_named_part

MOST_FAILURES = 5
"""Failures that are told; more are counted."""


def run_sweep_file(
    file: Path,
    out: Path,
    replications: int | None,
    seed: int | None,
    manner: Manner,
    language: Language,
    with_engine: EngineName | None = None,
    part: str | None = None,
) -> None:
    """Run a sweep and write its table and its maps, but of a part."""
    one = part_of(part)
    study, points = load_sweep(file)
    for note in notes(study):
        manner.say(note)
    points = [replace(point, scenario=with_the(with_engine, point.scenario)) for point in points]
    if one is not None:
        _run_part(study, points, out, replications, seed, one, manner)
        return
    with manner.running(out) as (how, told):
        told.prepare(*(point.scenario for point in points))
        results = run_sweep(
            study, points, folder=out, file=file, replications=replications, seed=seed, how=how, progress=told.standing
        )
    write_sweep_page(out, results, language, manner)


def _run_part(
    study: Sweep, points: list[Point], out: Path, replications: int | None, seed: int | None, part: Part, manner: Manner
) -> None:
    wanted = asked_for(study, points, replications)
    if not isinstance(wanted, int) or study.budget is not None:
        raise ResultsError(
            "only a sweep with a number of replications and no budget can be run in parts: "
            "how far another goes depends on what all of it finds",
            try_="--replications with a number, or --cluster",
        )
    named = {point.name: (point.scenario, point.scenario.seed if seed is None else seed) for point in points}
    run_named_part(named, out, wanted, part, manner)


def write_sweep_page(
    out: Path,
    results: SweepResults,
    language: Language,
    manner: Manner,
    *,
    single: bool = False,
    target: float = TARGET,
) -> None:
    """Write the report of a sweep, and tell what it rests on."""
    state = results.state
    report = None
    if not results.table.empty:
        with manner.busy("writing the report"):
            shown = of_sweep(out, results, target=target)
            report = write(out, shown, language, single=single)
        for line in question_lines(results.answers, shown.names, language):
            manner.say(line)
    for line in _lacking(state):
        manner.say(line)
    manner.say(f"{len(state.points)} points; table {out / CSV}" + ("" if report is None else f"\nreport {report}"))
    manner.end(
        points=len(state.points), lacking=[point.name for point in state.lacking],
        overloaded={point.name: point.overloaded for point in state.points if point.overloaded}, ended_by=state.ended,
        failures={point.name: point.failures for point in state.points if point.failures},
        table=str(out / CSV), report=None if report is None else str(report),
    )  # fmt: skip


def _lacking(state: State) -> list[str]:
    """What a reader must know before he trusts the table."""
    failures = [
        f"{point.name}, replication {replication}: {why}"
        for point in state.points
        for replication, why in point.failures.items()
    ]
    lines = [f"failed: {told}" for told in failures[:MOST_FAILURES]]
    if len(failures) > MOST_FAILURES:
        lines.append(f"and {len(failures) - MOST_FAILURES} more failures")
    over = sum(bool(point.overloaded) for point in state.points)
    if over:
        lines.append(
            f"at {over} of {len(state.points)} points something is overloaded: means that are no level are marked"
        )
    if state.lacking:
        why = {"": "", "runs": ": its budget of runs is used up", "time": ": its time is up"}[state.ended]
        lines.append(
            f"incomplete{why}: {len(state.lacking)} of {len(state.points)} points lack something, and are marked"
        )
    return lines
