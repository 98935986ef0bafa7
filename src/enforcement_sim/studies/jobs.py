"""Replications that go straight into their folders, from any number of processes here or elsewhere.

A job is a few replications of one scenario. Whoever does it keeps each replication as soon as it is finished, so that a
kill costs at most the one in hand; what comes back is small. Jobs are handed to any `concurrent.futures.Executor`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from ..errors import EnforcementSimError, WorkerError
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from .processes import one, pool
from .store import Folder
from .workers import expected_cases

CASES_A_JOB = 300_000
"""About so many cases make a job: enough that sending it costs nothing, few enough that progress is seen."""
AHEAD = 2
"""Jobs that wait for each worker: with more, a sweep of many points would be sent before it has begun."""


@dataclass(frozen=True, slots=True)
class Job:
    """Some replications of one scenario, and where they are kept."""

    folder: Folder
    key: str
    scenario: Scenario
    seed: int
    replications: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one replication: it is kept, or an error says why not."""

    folder: Folder
    replication: int
    error: EnforcementSimError | None = None


def jobs(folder: Folder, key: str, scenario: Scenario, seed: int, wanted: Sequence[int], most: int) -> Iterator[Job]:
    """The replications that are wanted, so many in a job at the most."""
    for at in range(0, len(wanted), most):
        yield Job(folder, key, scenario, seed, tuple(wanted[at : at + most]))


def sensible(plan: Plan, wanted: int, workers: int) -> int:
    """How many of the replications that are wanted make a job, so that no worker has to wait long for another."""
    most = math.floor(CASES_A_JOB / max(1.0, expected_cases(plan)))
    return max(1, min(most, math.ceil(wanted / (4 * max(1, workers)))))


_last: tuple[str, Plan] | None = None


def remember(key: str, plan: Plan) -> Plan:
    """Keep a plan for the jobs that come next: they are mostly of the same scenario."""
    global _last
    _last = key, plan
    return plan


def _plan_of(job: Job) -> Plan:
    if _last is not None and _last[0] == job.key:
        return _last[1]
    return remember(job.key, build(job.scenario, job.seed))


def do(job: Job) -> list[Outcome]:
    """Do a job: run each replication and keep it. What a model causes is an outcome; what a disk causes is raised."""
    outcomes = []
    plan = _plan_of(job)
    for replication in job.replications:
        try:
            done = one(plan, job.scenario.engine, replication)
        except EnforcementSimError as error:
            job.folder.note_failure(job.key, replication, error)
            outcomes.append(Outcome(job.folder, replication, error))
            continue
        job.folder.keep(job.key, replication, done.findings, done.log_digest, done.seconds)
        outcomes.append(Outcome(job.folder, replication))
    return outcomes


def done_here(work: Iterable[Job]) -> Iterator[Outcome]:
    """Do jobs in this process, one replication after the other."""
    for job in work:
        for replication in job.replications:
            yield from do(replace(job, replications=(replication,)))


def done_by(executor: Executor, work: Iterable[Job], workers: int) -> Iterator[Outcome]:
    """Have jobs done by an executor; outcomes in any order.

    When the caller stops, by an error or Ctrl-C, jobs that wait are called off.
    """
    waiting = iter(work)
    running: set[Future[list[Outcome]]] = set()
    try:
        while True:
            while len(running) < workers * AHEAD and (job := next(waiting, None)) is not None:
                running.add(executor.submit(do, job))
            if not running:
                return
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield from future.result()
    finally:
        for future in running:
            future.cancel()


def done_in_processes(work: Iterable[Job], workers: int) -> Iterator[Outcome]:
    """Have jobs done by processes of this machine; a replication that kills its process is an outcome too.

    When a process dies, nobody knows whose fault it was: what was in hand is done again, each job by a process of its
    own. What dies there again is given up with a WorkerError.
    """
    feed = iter(work)
    while True:
        taken: list[Job] = []
        told: set[tuple[Folder, int]] = set()
        try:
            with pool(workers) as executor:
                for outcome in done_by(executor, _noted(feed, taken), workers):
                    told.add((outcome.folder, outcome.replication))
                    yield outcome
            return
        except BrokenProcessPool:
            pass
        for job in taken:
            left = [r for r in job.replications if (job.folder, r) not in told]
            yield from _alone(replace(job, replications=tuple(left)))


def _noted(feed: Iterator[Job], taken: list[Job]) -> Iterator[Job]:
    for job in feed:
        taken.append(job)
        yield job


def _alone(job: Job) -> Iterator[Outcome]:
    """The rest of a job, in a process of its own; the first replication that is not kept when it dies has killed it."""
    left = list(job.replications)
    while left:
        there = set(job.folder.finished(job.key))
        yield from (Outcome(job.folder, replication) for replication in left if replication in there)
        left = [replication for replication in left if replication not in there]
        if not left:
            return
        try:
            with pool(1) as executor:
                yield from done_by(executor, [replace(job, replications=tuple(left))], 1)
            return
        except BrokenProcessPool:
            there = set(job.folder.finished(job.key))
            guilty = next(replication for replication in left if replication not in there)
            error = WorkerError(
                f"the process that ran replication {guilty} of {job.folder.path} died twice",
                try_="more memory, or fewer --workers at a time",
            )
            job.folder.note_failure(job.key, guilty, error)
            yield Outcome(job.folder, guilty, error)
            left.remove(guilty)
