"""Who does the jobs: this process, processes of this machine, or any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from pebble import ProcessExpired

from ..errors import WorkerError
from .jobs import Job, Outcome, do
from .processes import pool

AHEAD = 2
"""Jobs in hand or waiting for each worker: with more, a sweep of many points would be sent before it has begun."""
TRY_AGAIN = (
    "the same command again: what is finished is kept; a script of your own needs its calls below "
    "`if __name__ == '__main__':`, as every worker reads it first"
)


class Hands(Protocol):
    """Those who do jobs."""

    def done(self, work: Iterable[Job]) -> Iterator[Outcome]:
        """Have jobs done; what becomes of each replication, in any order."""


class Here:
    """The process itself, one replication after the other."""

    def done(self, work: Iterable[Job]) -> Iterator[Outcome]:
        """Do jobs."""
        for job in work:
            for replication in job.replications:
                yield from do(replace(job, replications=(replication,)))


@dataclass(frozen=True)
class Others:
    """Workers to whom jobs are handed, so many at a time; how one dies or is given up is among the errors `lost`."""

    submit: Callable[[Job], Future[list[Outcome]]]
    workers: int
    lost: tuple[type[BaseException], ...] = ()

    def done(self, work: Iterable[Job]) -> Iterator[Outcome]:
        """Have jobs done. A worker that dies costs what it had in hand, which is tried once more.

        When the caller stops, by an error or Ctrl-C, jobs that wait are called off.
        """
        feed, again = iter(work), deque[Job]()
        running: dict[Future[list[Outcome]], Job] = {}
        try:
            while True:
                while len(running) < self.workers * AHEAD and (job := _next(again, feed)) is not None:
                    running[self.submit(job)] = job
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(future)
                    try:
                        outcomes = future.result()
                    except self.lost as error:
                        outcomes, left = _lost(job, error)
                        again.extend(left)
                    except BrokenExecutor as error:
                        what = f"the executor has lost its workers: {error or type(error).__name__}"
                        raise WorkerError(what, try_=TRY_AGAIN) from None
                    yield from outcomes
        finally:
            for future in running:
                future.cancel()


def _next(again: deque[Job], feed: Iterator[Job]) -> Job | None:
    return again.popleft() if again else next(feed, None)


def _lost(job: Job, error: BaseException) -> tuple[list[Outcome], list[Job]]:
    """What became of a job whose worker is gone, and what of it is to be done.

    A worker does its replications in order, so the first that is not kept is the one it was lost over. That is tried
    once more, alone; if it took too long, or a worker dies over it again, it is given up.
    """
    left = [replication for replication in job.replications if not job.folder.has(job.key, replication)]
    outcomes = [Outcome(job.folder, replication) for replication in job.replications if replication not in left]
    if not left:
        return outcomes, []
    guilty, rest = left[0], [replace(job, replications=tuple(left[1:]), is_second_try=False)] if left[1:] else []
    too_long = isinstance(error, TimeoutError)
    if not too_long and not job.is_second_try:
        return outcomes, [*rest, replace(job, replications=(guilty,), is_second_try=True)]
    why = WorkerError(
        f"replication {guilty} of {job.folder.path} " + ("took too long" if too_long else "killed its process twice"),
        try_="a longer --time-limit" if too_long else "more memory, or fewer --workers at a time",
    )
    job.folder.notes.failure(job.key, guilty, why)
    return [*outcomes, Outcome(job.folder, guilty, why)], rest


@dataclass(frozen=True)
class Cluster:
    """An executor of which more is known: how many workers it has, and by which errors it tells that it lost one."""

    executor: Executor
    workers: int
    lost: tuple[type[BaseException], ...]


@contextmanager
def hands(workers: int, executor: Executor | Cluster | None = None, time_limit: float | None = None) -> Iterator[Hands]:
    """Those who do jobs, for as long as they are needed.

    With an `executor`, it has so many `workers`; else they are processes of this machine, or this one alone if there is
    to be one and no `time_limit`: so many seconds a job may take before its process is ended.
    """
    if isinstance(executor, Cluster):
        yield Others(lambda job: executor.executor.submit(do, job), workers, executor.lost)
    elif executor is not None:
        yield Others(lambda job: executor.submit(do, job), workers)
    elif workers <= 1 and time_limit is None:
        yield Here()
    else:
        with pool(workers) as processes:
            yield Others(lambda job: processes.schedule(do, (job,), timeout=time_limit), workers, LOST)


LOST = (ProcessExpired, TimeoutError)
