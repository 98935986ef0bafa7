"""Every replication of every point of a study, by one set of workers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from ..engines.choice import prepare
from ..model.scenario import Scenario
from ..plan.build import build
from .jobs import Job, Outcome, done_by, done_here, done_in_processes, jobs, remember, sensible
from .lock import held
from .store import Folder
from .workers import processors, worthwhile


@dataclass(frozen=True, slots=True)
class Place:
    """What is run for one point, and where it is kept."""

    folder: Folder
    name: str
    scenario: Scenario
    seed: int
    replications: int


def run_places(
    places: Sequence[Place],
    root: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    apart: bool = False,
) -> Generator[tuple[int, int, Outcome | None]]:
    """Run what is not finished yet; after each replication how many are done, of how many, and what became of it.

    The first answer tells what was there. With an `executor` the `workers` are the number of its workers; without one
    they are processes of this machine, None for as many as pay. Raises ResultsError if somebody else writes into
    `root`, or if it holds results of something else and these are not to be kept `apart`; what a model causes is an
    outcome, and the others go on.
    """
    with held(root):
        keys, wanted = [], []
        for place in places:
            begun = place.folder.begin(place.name, place.scenario, place.seed, place.scenario.compare_to, apart=apart)
            keys.append(begun["key"])
            there = set(place.folder.finished(keys[-1]))
            wanted.append([r for r in range(place.replications) if r not in there])
        left, total = sum(map(len, wanted)), sum(place.replications for place in places)
        yield total - left, total, None
        if not left:
            return
        for engine in {place.scenario.engine for place in places}:
            prepare(engine)
        # Points of one study are about alike in size: the first that is not finished tells.
        first = next(n for n, numbers in enumerate(wanted) if numbers)
        plan = build(places[first].scenario, places[first].seed)
        remember(keys[first], plan)
        if workers is None:
            workers = processors() if executor else worthwhile(plan, places[first].scenario.engine, left)
        most = sensible(plan, left, workers)

        def work() -> Iterator[Job]:
            for place, key, numbers in zip(places, keys, wanted, strict=True):
                yield from jobs(place.folder, key, place.scenario, place.seed, numbers, most)

        for done, outcome in enumerate(_outcomes(work(), min(workers, left), executor), total - left + 1):
            yield done, total, outcome


def _outcomes(work: Iterator[Job], workers: int, executor: Executor | None) -> Iterator[Outcome]:
    if executor is not None:
        return done_by(executor, work, workers)
    return done_here(work) if workers <= 1 else done_in_processes(work, workers)
