"""The compiled engine against the reference engine: from plan to log, and from plan to findings, on one core.

The reference takes about a minute for a round of the city's base scenario. Run: python bench/speed.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from pairs import pairs

from enforcement_sim.engines.choice import engine, prepare
from enforcement_sim.engines.compiled import layout as L
from enforcement_sim.engines.compiled.engine import begun, finished
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.findings import findings
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan

SCENARIO = Path(__file__).parents[1] / "scenarios" / "tianjin" / "base.yaml"


def main() -> None:
    """Tell both ratios, and where the time of the compiled engine goes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scenario", type=Path, default=SCENARIO)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    prepare("fast", print)
    plan, digests = build(load(given.scenario)), {}

    def log_of(name: str, replication: int) -> EventLog:
        log = engine(name)(plan, replication)
        if digests.setdefault(replication, log.digest) != log.digest:
            raise SystemExit(f"the engines disagree about replication {replication}")
        return log

    print(f"{given.scenario.stem}: plan to log")
    pairs(
        {"fast": lambda n: engine("fast")(plan, n), "reference": lambda n: engine("reference")(plan, n)},
        given.rounds,
        lambda _, log: len(log.cases),
    )
    print(f"{given.scenario.stem}: plan to findings")
    pairs(
        {
            "fast": lambda n: (log := log_of("fast", n), findings(log, plan)),
            "reference": lambda n: (log := log_of("reference", n), findings(log, plan)),
        },
        given.rounds,
        lambda _, both: len(both[0].cases),
    )
    parts(plan)


def parts(plan: Plan) -> None:
    """Where the time of one replication goes, best of five."""
    best: dict[str, float] = {}
    for replication in range(5):
        began = time.perf_counter()

        def lap(name: str) -> None:
            nonlocal began
            now = time.perf_counter()
            best[name] = min(best.get(name, 1e9), now - began)
            began = now

        cases = intake(plan, replication)
        lap("cases at the door")
        rooms = begun(plan, replication, cases)
        lap("arrays of the kernel")
        finished(rooms, plan)
        lap("kernel, log in order")
        rooms.log.whole(int(rooms.world.S[L.NUMBER]))
        lap("conservation")
    for name, seconds in best.items():
        print(f"  {name:22} {seconds * 1e3:6.0f} ms")
    log = engine("fast")(plan, 0)
    began = time.perf_counter()
    findings(log, plan)
    print(f"  {'findings':22} {(time.perf_counter() - began) * 1e3:6.0f} ms, of a log of {len(log):,} rows")


if __name__ == "__main__":
    main()
