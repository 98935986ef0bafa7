"""What the processes beside the application do: replications, each kept on disk as soon as it is finished."""

from __future__ import annotations

import gc
import signal
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..engines.choice import engine, prepare
from ..journal.log import EventLog
from ..measures.backlog import backlog
from ..measures.visits import visits
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from ..studies.disk import write_bytes
from ..studies.machine import machine
from ..studies.processes import one
from ..studies.provenance import code_digest
from ..studies.store import Folder
from .extract import Seen, extract
from .run import NAME

MOST_PLANS = 8
SMALL = {
    "format": 1, "title": "One officer", "purpose": "theory", "period": {"length": "200 h"},
    "teams": {"staff": {"officers": 1}},
    "procedures": {
        "office": {"stages": {"work": {"kind": "work", "team": "staff", "duration": "1 h", "then": "closed"}}}
    },
    "origins": {"cases": {"process": "regular", "enters": "work", "every": "2 h"}},
}  # fmt: skip
"""A scenario with which a process tries all that it will need."""


@dataclass(frozen=True, slots=True)
class Task:
    """One replication of one scenario, where it is kept, and where its curve is put as soon as it is known."""

    folder: Path
    key: str
    scenario: Scenario
    seed: int
    replication: int
    early: Path | None = None


_plans: OrderedDict[str, Plan] = OrderedDict()
_begun: set[str] = set()


def start() -> None:
    """Prepare a process: what a run needs is opened before anybody waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the application answers Ctrl-C for all
    gc.set_threshold(100_000, 50, 50)


def warm_up(with_engine: str = "fast") -> float:
    """Open and compile what a run needs; gives the seconds that it took."""
    began = time.perf_counter()
    prepare(with_engine)
    engine(with_engine)
    small = Scenario.model_validate(SMALL)
    extract(one(build(small, 1), with_engine, 0).findings)
    machine()
    code_digest()
    return time.perf_counter() - began


def simulate(task: Task) -> Seen:
    """Run a replication and keep it; gives what the page shows of it.

    What is kept is what `studies.processes.one` finds. Raises as the engines do.
    """
    done = one(_plan_of(task), task.scenario.engine, task.replication, None if task.early is None else _early(task))
    _folder_of(task).keep(task.key, task.replication, done.findings, done.log_digest, done.seconds)
    return extract(done.findings)


def _folder_of(task: Task) -> Folder:
    """Where the task is kept, with what its results depend on written beside it."""
    folder = Folder(task.folder)
    if task.key not in _begun:
        folder.begin(NAME, task.scenario, task.seed, None)
        _begun.add(task.key)
    return folder


def _plan_of(task: Task) -> Plan:
    plan = _plans.get(task.key)
    if plan is None:
        plan = build(task.scenario, task.seed)
        _plans[task.key] = plan
        while len(_plans) > MOST_PLANS:
            _plans.popitem(last=False)
    return plan


def _early(task: Task) -> Callable[[EventLog], None]:
    """Puts the curve of open cases where the application looks for it, as soon as there is a log."""

    def seen(log: EventLog) -> None:
        assert task.early is not None
        plan = _plan_of(task)
        write_bytes(task.early, extract(backlog(log, plan, visits(log))).told())

    return seen
