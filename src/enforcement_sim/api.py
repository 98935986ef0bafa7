"""The Python front door: load, run, compare, sweep, export, cases, cohorts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from .errors import ResultsError
from .files.read import load
from .model.scenario import Scenario
from .studies.disk import located
from .studies.hands import Cluster
from .studies.points import How
from .studies.replicate import Progress, Results, one_log, replicate
from .studies.rounds import Standing
from .studies.sweep import load_sweep
from .studies.sweep_run import SweepResults, run_sweep

if TYPE_CHECKING:
    from .studies.cases import CaseChanges

__all__ = ["cases", "cohorts", "compare", "export", "load", "run", "sweep"]


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


def cases(
    base: Scenario | str | Path,
    changed: Scenario | str | Path,
    *,
    replications: int | None = None,
    replication: int | None = None,
    seed: int | None = None,
    clock: str | None = None,
    progress: Progress | None = None,
) -> CaseChanges:
    """Which cases miss a legal limit because of a change and which it saves: each case held against itself.

    Both scenarios run with the seed of `base`, over as many replications as it says, unless told otherwise;
    `replication` is the number of a single one, `clock` the name of a single clock. Nothing is kept on disk.
    Raises ScenarioError for a faulty file, ResultsError for scenarios whose cases cannot be matched.
    """
    from .studies.cases import case_changes

    if replication is not None and replications is not None:
        raise ResultsError("one replication and a number of them were asked for", try_="one of the two")
    before, after = (one if isinstance(one, Scenario) else load(one) for one in (base, changed))
    count = before.replications if replications is None else replications
    numbers = range(count) if replication is None else [replication]
    return case_changes(before, after, numbers, seed, clock, progress)


def cohorts(
    scenario: Scenario | str | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    by: Literal["month", "quarter"] = "month",
    since: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Of each month's cases, by jurisdiction and procedure: the share closed in 30, 60, 90 and 180 days, median, P90.

    Open cases are censored. Columns as `studies.cohorts.COLUMNS`; `since` is the stage from which days count instead of
    the filing. Raises ScenarioError for a faulty file, ResultsError for a stage that there is not.
    """
    from .studies.cohorts import cohort_table

    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    count = loaded.replications if replications is None else replications
    return cohort_table(loaded, count, seed, by, since, progress)
