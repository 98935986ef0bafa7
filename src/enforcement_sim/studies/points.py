"""Replications of every point of a study, by one set of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..engines.choice import prepare
from ..errors import EnforcementSimError, ResultsError
from ..model.scenario import Scenario
from ..plan.build import build
from .disk import is_here
from .hands import Cluster, Hands, hands
from .jobs import Job, jobs, remember, sensible
from .lock import held
from .store import MANIFEST, Folder
from .workers import processors, worthwhile

Told = Callable[[int, int, EnforcementSimError | None], None]
"""Called with the number of a place, a replication that is finished there, and why it is not kept, if so."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is run for one point, and where it is kept."""

    folder: Folder
    name: str
    scenario: Scenario
    seed: int


@dataclass(frozen=True, slots=True)
class How:
    """By whom and how a study is run.

    `workers` are processes of this machine, None for as many as pay; with an `executor`, the number of its workers.
    Results of something else are kept `apart` or refused. After `time_limit` seconds a process that runs a replication
    is ended, and the replication given up.
    """

    workers: int | None = 1
    executor: Executor | Cluster | None = None
    apart: bool = False
    time_limit: float | None = None


ALONE = How()
"""By this process."""


@dataclass
class Work:
    """Some places that are held, and those who work on them."""

    places: Sequence[Place]
    how: How
    most: int
    hands: Hands
    _keys: dict[int, str] = field(default_factory=dict)
    _there: dict[int, set[int]] = field(default_factory=dict)
    _has_seen: bool = False

    def key(self, number: int) -> str:
        """What the results of a place are kept under; noted there at the first call."""
        if number not in self._keys:
            place = self.places[number]
            compare_to = place.scenario.compare_to
            begun = place.folder.begin(place.name, place.scenario, place.seed, compare_to, apart=self.how.apart)
            self._keys[number] = begun["key"]
        return self._keys[number]

    def finished(self, number: int) -> set[int]:
        """The replications of a place that are kept there and sound."""
        if number not in self._there:
            self._there[number] = set(self.places[number].folder.finished(self.key(number)))
        return self._there[number]

    def run(self, wanted: Iterable[tuple[int, Sequence[int]]], told: Told) -> None:
        """Run replications of some places, but for those that are finished; `told` of all of them, in any order.

        What a model causes is told, and the others go on; what a disk causes is raised.
        """
        number_of = {place.folder: number for number, place in enumerate(self.places)}
        for outcome in self.hands.done(self._jobs(wanted, told)):
            number = number_of[outcome.folder]
            if outcome.error is None:
                self._see(number, outcome.replication)
            told(number, outcome.replication, outcome.error)

    def _see(self, number: int, replication: int) -> None:
        """Note what a worker has kept; the first time, look whether it is here."""
        folder = self.places[number].folder
        if self.how.executor is not None and not self._has_seen and not folder.has(self.key(number), replication):
            raise ResultsError(
                f"a worker says that it has kept replication {replication} in {folder.path}, and it is not there",
                try_="an --out that every machine reaches under the same path",
            )
        self._has_seen = True
        self.finished(number).add(replication)

    def _jobs(self, wanted: Iterable[tuple[int, Sequence[int]]], told: Told) -> Iterator[Job]:
        for number, replications in wanted:
            place, there = self.places[number], self.finished(number)
            for replication in replications:
                if replication in there:
                    told(number, replication, None)
            left = [replication for replication in replications if replication not in there]
            yield from jobs(place.folder, self.key(number), place.scenario, place.seed, left, self.most)


def all_of(root: Path, places: Sequence[Place], replications: int, how: How, done: Callable[[int], None]) -> list[str]:
    """Run so many replications of every place, but for those that are there; the key under which each place is kept.

    `done` is called with the number of a place, for each. Raises the first error of a replication, and what `working`
    does.
    """

    def told(number: int, _: int, error: EnforcementSimError | None) -> None:
        if error is not None:
            raise error
        done(number)

    with working(root, places, how, replications) as work:
        work.run([(number, range(replications)) for number in range(len(places))], told)
        return [work.key(number) for number in range(len(places))]


@contextmanager
def working(root: Path, places: Sequence[Place], how: How, replications: int) -> Iterator[Work]:
    """Hold a folder and have workers ready for so many replications of every place of it.

    Raises ResultsError if somebody else writes into `root`, or if it holds results of something else and these are not
    to be kept apart.
    """
    if how.executor is not None and is_here(root):  # who works elsewhere stands in another folder
        places = [replace(place, folder=Folder(place.folder.path.absolute())) for place in places]
    with held(root):
        first, left = places[0], len(places) * replications
        plan = build(first.scenario, first.seed)  # points of one study are about alike in size
        workers = how.workers
        if workers is None:
            workers = worthwhile(plan, first.scenario.engine, left)
            if isinstance(how.executor, Cluster):
                workers = how.executor.workers
            elif how.executor is not None:
                workers = processors()
        most = 1 if how.time_limit is not None else sensible(plan, left, workers)
        for engine in {place.scenario.engine for place in places}:
            prepare(engine)
        with hands(min(workers, left), how.executor, how.time_limit) as those:
            work = Work(places, how, most, those)
            for number, place in enumerate(places):
                if (place.folder.path / MANIFEST).exists():
                    work.key(number)  # what is refused is refused before anything runs
            remember(work.key(0), plan)
            yield work
