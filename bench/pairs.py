"""Contestants timed in pairs within one process: ratios with their spread, never seconds alone."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Contestant = Callable[[int], Any]
"""Does its work once, given the number of the round as a seed; what it returns is handed to `cases`."""


class Timed(NamedTuple):
    """One run of one contestant: seconds for each case on the wall clock and of this process."""

    wall: float
    cpu: float


Pairs = dict[str, list[tuple[Timed, Timed]]]
"""For each rival, (the first contestant, the rival) of every round."""


def pairs(contestants: Mapping[str, Contestant], rounds: int, cases: Callable[[str, Any], int]) -> Pairs:
    """Run all once to warm up, then the first in turn with each of the others, in the opposite order every other round.

    `cases(name, answer)` tells outside the clock how many cases an answer is about. Prints the times of the others as
    multiples of the first's, for each case, and how many cases each handles in a second.
    """
    # What has been imported so far is no contestant's rubbish: the collector need not look through it again.
    gc.collect()
    gc.freeze()
    first, *others = contestants
    for name in contestants:
        _timed(name, contestants[name], 0, cases)
    found: Pairs = {name: [] for name in others}
    for number in range(1, rounds + 1):
        for rival in others if number % 2 else reversed(others):
            order = (first, rival) if number % 2 else (rival, first)
            told = {name: _timed(name, contestants[name], number, cases) for name in order}
            found[rival].append((told[first], told[rival]))
    gc.unfreeze()
    _tell(first, found)
    return found


def ratios(runs: Iterable[tuple[Timed, Timed]]) -> list[float]:
    """How many times as long the rival takes for a case, round by round."""
    return [rival.wall / first.wall for first, rival in runs]


def spread(values: Iterable[float], digits: int = 1) -> str:
    """Median, least and most."""
    values = list(values)
    low, middle, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"median {middle} ({low} to {high})"


def _timed(name: str, contestant: Contestant, number: int, cases: Callable[[str, Any], int]) -> Timed:
    """One run, with the collector on as every library would have it, and nothing left over from the run before."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = contestant(number)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    count = cases(name, answer)
    return Timed(wall / count, cpu / count)


def _tell(first: str, found: Pairs) -> None:
    ours = [run for runs in found.values() for run, _ in runs]
    print(f"  {first}: {spread((1 / run.wall for run in ours), 0)} cases a second")
    for name, runs in found.items():
        by_cpu = spread(rival.cpu / run.cpu for run, rival in runs)
        print(f"  time of {name} against it: {spread(ratios(runs))}; of the processor: {by_cpu}")
        print(f"      {name}: {spread((1 / rival.wall for _, rival in runs), 0)} cases a second")
