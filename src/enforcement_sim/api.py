"""The Python front door: load, run, compare, sweep, export."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pandas as pd

from .files.read import load
from .model.scenario import Scenario
from .studies.disk import located
from .studies.hands import Cluster
from .studies.points import How
from .studies.replicate import Progress, Results, one_log, replicate
from .studies.rounds import Standing
from .studies.sweep import load_sweep
from .studies.sweep_run import SweepResults, run_sweep

__all__ = ["compare", "export", "load", "run", "sweep"]


def run(
    scenario: Scenario | str | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run a scenario (or the file of one) and return its results as pandas tables.

    `replications` and `seed` replace those of the scenario; `out` keeps finished replications in a folder;
    `workers` None takes as many processes as pay.
    Raises ScenarioError for a faulty file, GridlockError where cases wait that nothing can move.
    """
    name = "scenario" if isinstance(scenario, Scenario) else Path(scenario).stem
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    folder = located(out) / name if out is not None else None
    return replicate(
        loaded, name=name, replications=replications, seed=seed, folder=folder, how=How(workers), progress=progress
    )


def compare(changed: Results, base: Results) -> pd.DataFrame:
    """Changed minus base on the same random cases: every finding with its mean difference and 95 % interval."""
    return changed.difference_to(base)


def sweep(
    path: str | Path,
    *,
    out: str | Path,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = 1,
    executor: Executor | Cluster | None = None,
    time_limit: float | None = None,
    apart: bool = False,
    progress: Callable[[Standing], None] | None = None,
) -> SweepResults:
    """Run every point of a sweep file; the results have the `table`, a row for each point and finding, and the `state`.

    What is finished is taken from `out`. An `executor` (of `concurrent.futures`, or a cluster from
    `studies.cluster.connected`) does the work instead of `workers` processes, if given; after `time_limit` seconds a
    process that runs a replication is ended and the replication given up. What fails is in the state, with its cause.
    `apart` puts results of something else by instead of refusing them.
    Raises ScenarioError for a faulty file, ResultsError where `out` cannot be used.
    """
    study, points = load_sweep(Path(path))
    how = How(workers, executor, apart, time_limit)
    return run_sweep(
        study, points, folder=located(out), file=Path(path), replications=replications, seed=seed, how=how,
        progress=progress,
    )  # fmt: skip


def export(
    scenario: Scenario, replication: int, folder: str | Path, seed: int | None = None
) -> tuple[Path, Path, Path]:
    """Write the log of one replication as CSV and XES, and the register of its overdue clocks; gives the paths."""
    from .journal.export import write_csv, write_xes
    from .measures.register import dated, register
    from .measures.visits import visits

    log, plan = one_log(scenario, replication, seed)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    csv_path, xes_path = target / f"log-{replication:04d}.csv", target / f"log-{replication:04d}.xes"
    write_csv(log, scenario.period.start, csv_path)
    write_xes(log, scenario.period.start, xes_path)
    overdue_path = target / f"overdue-{replication:04d}.csv"
    dated(register(log, plan, visits(log)), scenario.period.start).to_csv(overdue_path, index=False)
    return csv_path, xes_path, overdue_path
