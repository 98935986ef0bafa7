"""The reference engine against a plain SimPy model of the same queue, in pairs in one process.

Prints ratios with their spread, not seconds: machines differ. Run: python bench/reference.py
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import simpy

from enforcement_sim.engines.reference import Reference
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake

SCENARIO = Path(__file__).parents[1] / "scenarios" / "theory" / "mm1.yaml"
PAIRS = 7


def plain(cases: int) -> None:
    """M/M/1 as SimPy's own examples write it: one process a case, a Resource, the waits in a list."""
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, capacity=1)
    chance = random.Random(1)
    waits: list[float] = []

    def case() -> object:
        entered = env.now
        with desk.request(priority=0) as turn:
            yield turn
            waits.append(env.now - entered)
            yield env.timeout(chance.expovariate(1.0))

    def door() -> object:
        for _ in range(cases):
            yield env.timeout(chance.expovariate(0.5))
            env.process(case())

    env.process(door())
    env.run()


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def spread(values: list[float], digits: int) -> str:
    low, middle, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"median {middle} ({low} to {high})"


def main() -> None:
    plan = build(load(SCENARIO))
    cases = intake(plan, 0)
    ratios, rates = [], []
    for _ in range(PAIRS):
        ours = seconds(lambda: Reference(plan, 0, cases).run())
        theirs = seconds(lambda: plain(len(cases)))
        ratios.append(ours / theirs)
        rates.append(len(cases) / ours)
    print(f"cases: {len(cases)}, pairs: {PAIRS}")
    print(f"reference engine, cases a second: {spread(rates, 0)}")
    print(f"time against plain SimPy: {spread(ratios, 2)}")
    print("The reference keeps a full log, keyed draws and the order within an instant; the plain model keeps waits.")


if __name__ == "__main__":
    main()
