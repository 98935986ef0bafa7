"""Runs of all sessions on a few warm processes, in turns."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import dataclass, field
from typing import Any

from pebble import ProcessExpired

from ..errors import EnforcementSimError, ResultsError
from . import worker
from .kept import Kept
from .processes import Processes
from .run import Run, Side, State
from .settings import Settings

Flight = tuple[str, int]
"""Key and number of a replication."""
PATIENCE = 4.0
"""Seconds that a replication which nobody waits for any more may still take: to end its process would cost as much."""
PATIENCE_AHEAD = 60.0
"""The same of one that was begun before anybody asked."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Flying:
    """A replication that a process has in hand."""

    future: Any
    patience: float
    began: float = field(default_factory=time.monotonic)


class Runner:
    """Runs replications for all sessions: one run a session, their replications in turns, what is there not again.

    Every public method may be called from any thread.
    """

    def __init__(self, settings: Settings, kept: Kept) -> None:
        self._settings, self._kept = settings, kept
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}  # by session: the one that is not over
        self._waiting: dict[str, deque[tuple[Side, int]]] = {}
        self._turns: deque[str] = deque()
        self._flying: dict[Flight, _Flying] = {}
        self._ahead: deque[Side] = deque(maxlen=2)  # what somebody may ask for next, the latest last
        self._processes = Processes(settings.processes)
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="watch", daemon=True)
        self._watch.start()

    def wait_until_warm(self) -> None:
        """Wait until the processes have opened what a run needs."""
        self._processes.wait_until_warm()

    def start(self, run: Run) -> None:
        """Begin a run; the one of the same session that is not over is stopped. ResultsError if too many wait."""
        with self._lock:
            self._check_room(run.session)
            self._end(run.session, "stopped")
            self._runs[run.session] = run
            self._waiting[run.session] = deque(run.tasks())
            self._turns.appendleft(run.session)
            self._fill()

    def ahead(self, side: Side) -> None:
        """Run the first replication of a scenario while nobody waits for anything: somebody may ask for it soon."""
        with self._lock:
            self._ahead.append(side)
            self._fill()

    def has_room(self, session: str) -> None:
        """Whether a session may begin a run; ResultsError says that too many wait."""
        with self._lock:
            self._check_room(session)

    def stop(self, run: Run) -> None:
        """End a run; what is finished stays. Nothing happens if it is over."""
        with self._lock:
            if self._runs.get(run.session) is run:
                self._end(run.session, "stopped")
                self._fill()

    @property
    def running(self) -> int:
        """How many runs are not over."""
        with self._lock:
            return len(self._runs)

    def close(self) -> None:
        """End everything."""
        self._closed.set()
        with self._lock:
            for session in list(self._runs):
                self._end(session, "stopped")
        self._processes.close()
        self._watch.join()

    def _check_room(self, session: str) -> None:
        others = len(self._runs) - (session in self._runs)
        if others >= self._settings.most_runs:
            raise ResultsError(
                f"{others} runs are waiting already, which is as many as this application takes",
                try_="again when some of them are finished",
            )

    def _end(self, session: str, state: State, why: str = "") -> None:
        run = self._runs.pop(session, None)
        if run is None:
            return
        run.state, run.why = state, why
        self._waiting.pop(session, None)
        self._turns.remove(session)

    def _fill(self) -> None:
        """Give work to processes that have none, each session in its turn."""
        while len(self._flying) < self._settings.processes and not self._closed.is_set():
            for session in list(self._turns):
                self._turns.rotate(-1)
                if self._next(session):
                    break
            else:
                break
        while self._ahead and not self._runs and len(self._flying) < self._settings.processes:
            side = self._ahead.popleft()
            if (side.key, 0) not in self._flying and not self._kept.has(side.key, 0) and not self._closed.is_set():
                self._begin(side, 0, PATIENCE_AHEAD)

    def _next(self, session: str) -> bool:
        """Begin the next replication of a session; false if it has none to begin."""
        run, waiting = self._runs[session], self._waiting[session]
        while waiting:
            side, number = waiting.popleft()
            if self._kept.has(side.key, number):
                self._finished(run, side.key, number)
                if run.is_over:
                    return False
            elif (side.key, number) not in self._flying:
                self._begin(side, number)
                return True
        return False

    def _begin(self, side: Side, number: int, patience: float = PATIENCE) -> None:
        is_first = number < self._settings.processes
        early = self._kept.early(side.key, number) if is_first else None
        task = worker.Task(self._kept.folder(side.key), side.key, side.scenario, side.scenario.seed, number, early)
        future = self._processes.schedule(worker.simulate, task, timeout=self._settings.run_seconds)
        self._flying[side.key, number] = _Flying(future, patience)
        future.add_done_callback(self._landed((side.key, number)))

    def _landed(self, flight: Flight) -> Callable[[Any], None]:
        def landed(future: Any) -> None:
            why = ""
            try:
                self._kept.put(*flight, future.result())
            except CancelledError:
                why = "stopped"
            except TimeoutError:
                why = "time_up"
            except (ProcessExpired, BrokenExecutor):
                why = "a process died in mid-run: the machine may lack memory"
            except EnforcementSimError as error:
                why = str(error)
            except Exception:  # whatever it is, the others go on
                _log.exception("a replication failed")
                why = "a fault of the program; its log says more"
            with self._lock:
                self._flying.pop(flight, None)
                self._tell(flight, why)
                self._fill()
            self._kept.early(*flight).unlink(missing_ok=True)

        return landed

    def _tell(self, flight: Flight, why: str) -> None:
        key, number = flight
        for session, run in list(self._runs.items()):
            if key not in (run.base.key, run.changed.key) or number >= run.wanted:
                continue
            if why == "stopped":  # by another session, which no longer waits for it
                side = run.base if key == run.base.key else run.changed
                self._waiting[session].appendleft((side, number))
            elif why:
                self._end(session, "time_up" if why == "time_up" else "failed", why)
            else:
                self._finished(run, key, number)

    def _finished(self, run: Run, key: str, number: int) -> None:
        run.done.setdefault(key, set()).add(number)
        if run.finished == run.total and self._runs.get(run.session) is run:
            self._end(run.session, "done")

    def _watching(self) -> None:
        """End runs whose time is up, and replications that nobody waits for or that no process has."""
        while not self._closed.wait(0.5):
            with self._lock:
                now = time.monotonic()
                for session, run in list(self._runs.items()):
                    if now - run.began > self._settings.run_seconds:
                        self._end(session, "time_up")
                orphans = [
                    one.future
                    for flight, one in self._flying.items()
                    if (now - one.began > one.patience and not self._is_wanted(flight)) or self._is_lost(one)
                ]
                self._fill()
            for future in orphans:  # outside of the lock, which is taken when they end
                future.cancel()

    def _is_lost(self, one: _Flying) -> bool:
        """Whether it was given to processes that had died just then: it will be begun again."""
        return not self._processes.are_there and not one.future.done()

    def _is_wanted(self, flight: Flight) -> bool:
        key, number = flight
        return any(key in (run.base.key, run.changed.key) and number < run.wanted for run in self._runs.values())
