"""Replications of one scenario, on one or more processes; the number of processes never shows in a result."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..engines.choice import engine, prepare
from ..journal.log import EventLog
from ..measures.findings import findings
from ..measures.intervals import difference, summary
from ..measures.published import published_table
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from .store import Folder
from .workers import worthwhile

Progress = Callable[[str, int, int], None]
"""Called with (scenario, replications done, replications in all)."""


@dataclass(frozen=True)
class Results:
    """What replications of a scenario found."""

    name: str
    scenario: Scenario
    seed: int
    findings: pd.DataFrame
    log_digests: tuple[str, ...]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Means over replications with 95 % intervals.

        Columns: measure, jurisdiction, field, item, period, mean, low, high, sd, n.
        """
        return summary(self.findings)

    @cached_property
    def published(self) -> pd.DataFrame:
        """Published counts beside simulated ones."""
        return published_table(self.scenario, self.findings)

    def measure(self, name: str) -> pd.DataFrame:
        """The summary of one measure, e.g. `backlog` or `days_median`."""
        return self.summary[self.summary["measure"] == name].reset_index(drop=True)

    def difference_to(self, base: Results) -> pd.DataFrame:
        """The scenario minus another on the same random cases, with intervals."""
        return difference(self.findings, base.findings)


def replicate(
    scenario: Scenario,
    *,
    name: str = "scenario",
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = 1,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run replications 0 .. n-1 and gather their findings.

    `folder` keeps every finished replication; those already there under the same scenario, seed and source
    code are taken as they are. `workers` None takes as many processes as pay. Raises GridlockError or
    ConservationError with the number of the replication.
    """
    count = scenario.replications if replications is None else replications
    chosen = scenario.seed if seed is None else seed
    plan = build(scenario, chosen)
    place = Folder(folder) if folder is not None else None
    key = place.begin(name, scenario, chosen, scenario.compare_to) if place is not None else ""
    wanted = [r for r in range(count) if place is None or not place.has(key, r)]
    if wanted:
        prepare(scenario.engine)
    if workers is None:
        workers = worthwhile(plan, scenario.engine, len(wanted))
    found: dict[int, tuple[pd.DataFrame, str]] = {}
    done = count - len(wanted)
    if progress is not None:
        progress(name, done, count)
    for replication, table, digest in _each(plan, scenario.engine, wanted, workers):
        if place is not None:
            place.keep(key, replication, table, digest)
        else:
            found[replication] = (table, digest)
        done += 1
        if progress is not None:
            progress(name, done, count)
    if place is not None:
        tables, digests = place.findings(key, range(count))
    else:
        parts = [found[r][0].assign(replication=r) for r in range(count)]
        tables, digests = pd.concat(parts, ignore_index=True), [found[r][1] for r in range(count)]
    return Results(name, scenario, chosen, tables, tuple(digests))


def one_log(scenario: Scenario, replication: int, seed: int | None = None) -> tuple[EventLog, Plan]:
    """The event log of a single replication, the same as among any number of others."""
    plan = build(scenario, seed)
    return engine(scenario.engine)(plan, replication), plan


def load_results(folder: Path) -> Results:
    """Results that were kept in a folder; all replications that are there."""
    place = Folder(folder)
    facts = place.facts()
    done = place.finished(facts["key"])
    tables, digests = place.findings(facts["key"], done)
    return Results(facts["name"], Scenario.model_validate(facts["scenario"]), facts["seed"], tables, tuple(digests))


def _each(plan: Plan, with_engine: str, wanted: list[int], workers: int) -> Iterator[tuple[int, pd.DataFrame, str]]:
    if workers <= 1 or len(wanted) <= 1:
        for replication in wanted:
            yield _one(plan, with_engine, replication)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(wanted)), mp_context=context, initializer=_start, initargs=(plan, with_engine)
    ) as pool:
        futures = [pool.submit(_one_here, replication) for replication in wanted]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_given: tuple[Plan, str] | None = None


def _start(plan: Plan, with_engine: str) -> None:
    global _given  # one plan a process, sent once and not with every replication
    _given = plan, with_engine


def _one_here(replication: int) -> tuple[int, pd.DataFrame, str]:
    assert _given is not None
    return _one(*_given, replication)


def _one(plan: Plan, with_engine: str, replication: int) -> tuple[int, pd.DataFrame, str]:
    # Millions of small objects live as long as their cases, and none hangs in a circle for longer: a collector that
    # looks through all of them again and again takes much of the time and finds nothing.
    was_on = gc.isenabled()
    gc.disable()
    try:
        log = engine(with_engine)(plan, replication)
    finally:
        if was_on:
            gc.enable()
    return replication, findings(log, plan), log.digest
