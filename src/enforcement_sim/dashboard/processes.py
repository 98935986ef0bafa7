"""The processes that run replications; new ones take their place when all have died."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

from pebble import ProcessPool

from . import worker


class Processes:
    """A few warm processes. Not safe for threads: who calls holds a lock."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._open()

    def _open(self) -> None:
        self._pool = ProcessPool(
            max_workers=self._count, initializer=worker.start, context=multiprocessing.get_context("spawn")
        )
        self._warming = [self._pool.schedule(worker.warm_up) for _ in range(self._count)]

    @property
    def are_there(self) -> bool:
        """Whether they still take work: a pool whose processes have died while they had none does not any more."""
        return self._pool.active

    def schedule(self, function: Callable[..., Any], *given: Any, timeout: float) -> Any:
        """The future of a call in one of them, which is ended after `timeout` seconds."""
        if not self.are_there:
            # Not here: the thread that calls may be one of the pool's own, which would wait for itself.
            threading.Thread(target=_end, args=(self._pool,), daemon=True).start()
            self._open()
        return self._pool.schedule(function, args=given, timeout=timeout)

    def wait_until_warm(self) -> None:
        """Wait until they have opened what a run needs."""
        for future in self._warming:
            future.result()

    def close(self) -> None:
        """End them all."""
        _end(self._pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
