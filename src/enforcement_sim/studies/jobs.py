"""Replications that go straight into their folders, whoever does them.

A job is a few replications of one scenario. Whoever does it keeps each replication as soon as it is finished, so that a
kill costs at most the one in hand; what comes back is small.
"""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import EnforcementSimError, ResultsError
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from .processes import one
from .provenance import code_digest
from .store import Folder
from .workers import expected_cases

CASES_A_JOB = 300_000
"""About so many cases make a job: enough that sending it costs nothing, few enough that progress is seen."""


@dataclass(frozen=True, slots=True)
class Job:
    """Some replications of one scenario, and where they are kept."""

    folder: Folder
    key: str
    scenario: Scenario
    seed: int
    replications: tuple[int, ...]
    code: str
    """The program that whoever does the job must have (`provenance.code_digest`)."""
    is_second_try: bool = False
    """Whether a worker has died over it before."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one replication: it is kept, or an error says why not."""

    folder: Folder
    replication: int
    error: EnforcementSimError | None = None


def jobs(folder: Folder, key: str, scenario: Scenario, seed: int, wanted: Sequence[int], most: int) -> Iterator[Job]:
    """The replications that are wanted, so many in a job at the most."""
    for at in range(0, len(wanted), most):
        yield Job(folder, key, scenario, seed, tuple(wanted[at : at + most]), code_digest())


def sensible(plan: Plan, wanted: int, workers: int) -> int:
    """How many of the replications that are wanted make a job, so that no worker has to wait long for another."""
    most = math.floor(CASES_A_JOB / max(1.0, expected_cases(plan)))
    return max(1, min(most, math.ceil(wanted / (4 * max(1, workers)))))


_one_at_a_time = threading.Lock()
"""Threads of one process take turns: the engines keep what they work on in the process, and would gain nothing."""
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
    if job.code != code_digest():
        raise ResultsError(
            f"{socket.gethostname()} runs another program, or other libraries, than who asks for the results",
            try_="the same version everywhere, installed from the same lock file; and no edits while a study runs",
        )
    with _one_at_a_time:
        return _done(job)


def _done(job: Job) -> list[Outcome]:
    outcomes = []
    plan = _plan_of(job)
    for replication in job.replications:
        if job.folder.has(job.key, replication):  # by a worker that died before it could tell
            outcomes.append(Outcome(job.folder, replication))
            continue
        try:
            done = one(plan, job.scenario.engine, replication)
        except EnforcementSimError as error:
            job.folder.notes.failure(job.key, replication, error)
            outcomes.append(Outcome(job.folder, replication, error))
            continue
        job.folder.keep(job.key, replication, done.findings, done.log_digest, done.seconds)
        outcomes.append(Outcome(job.folder, replication))
    return outcomes
