"""Replications of a plan, here or in processes beside this one."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from typing import NamedTuple

import pandas as pd
from pebble import ProcessExpired, ProcessPool

from ..engines.choice import engine
from ..errors import WorkerError
from ..journal.log import EventLog
from ..measures.findings import findings
from ..plan.tables import Plan


class Done(NamedTuple):
    """A finished replication: its findings, the digest of its log, and how long it took."""

    replication: int
    findings: pd.DataFrame
    log_digest: str
    seconds: float


def each(plan: Plan, with_engine: str, wanted: Sequence[int], workers: int) -> Iterator[Done]:
    """Replications as they are finished, in any order; WorkerError if a process dies."""
    if workers <= 1 or len(wanted) <= 1:
        for replication in wanted:
            yield one(plan, with_engine, replication)
        return
    with pool(min(workers, len(wanted)), (plan, with_engine)) as processes:
        futures = [processes.schedule(_one_here, (replication,)) for replication in wanted]
        for future in as_completed(futures):
            try:
                yield future.result()
            except ProcessExpired:
                raise WorkerError("a process died in mid-run", try_="more memory, or fewer workers") from None


@contextmanager
def pool(workers: int, given: tuple[Plan, str] | None = None) -> Iterator[ProcessPool]:
    """Processes that end with what uses them: a run in hand is given up when the caller is stopped or fails.

    Pebble's: it tells which task a dead process had in hand, and ends one that takes too long. Those of the standard
    library can do neither.
    """
    spawn = multiprocessing.get_context("spawn")
    processes = ProcessPool(max_workers=workers, initializer=_start, initargs=(given,), context=spawn)
    try:
        yield processes
        processes.close()  # type: ignore[no-untyped-call]
    except BaseException:
        processes.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        processes.join()


_given: tuple[Plan, str] | None = None


def _start(given: tuple[Plan, str] | None) -> None:
    # Ctrl-C reaches every process of a terminal; the one that started the others answers it for all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _given  # one plan a process, sent once and not with every replication
    _given = given


def _one_here(replication: int) -> Done:
    assert _given is not None
    return one(*_given, replication)


def one(plan: Plan, with_engine: str, replication: int, seen: Callable[[EventLog], None] | None = None) -> Done:
    """One replication, from its plan to its findings; `seen` is called with its log, before what takes longer."""
    # Millions of small objects live as long as their cases, and none hangs in a circle for longer: a collector that
    # looks through all of them again and again takes much of the time and finds nothing.
    began = time.perf_counter()
    was_on = gc.isenabled()
    gc.disable()
    try:
        log = engine(with_engine)(plan, replication)
    finally:
        if was_on:
            gc.enable()
    if seen is not None:
        seen(log)
    return Done(replication, findings(log, plan), log.digest, time.perf_counter() - began)
