"""How time and memory grow: with the number of cases, with the number of teams, and with the length of the run.

Prints the time per case against the smallest size, and bytes for each open case and each row of the log. From plan to
log, draws at the door and checks included. Run: python bench/growth.py [--most 10000000]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from string import Template

from enforcement_sim.engines.choice import prepare
from enforcement_sim.engines.compiled import engine
from enforcement_sim.engines.compiled import layout as L
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan

MODEL = Template((Path(__file__).parent / "models" / "growth.yaml.txt").read_text(encoding="utf-8"))
ROUNDS = 3
A_TEAM = 1.3
"""Cases an hour for each team of three officers: about 80 % use."""


def plan_of(teams: int, cases: int) -> Plan:
    """So many cases in all, spread evenly over so many teams."""
    hours = max(48.0, cases / (teams * A_TEAM))
    names = [f"p{n}" for n in range(teams)]
    text = MODEL.substitute(
        hours=round(hours),
        places=", ".join(f"{name}: {{level: county}}" for name in names),
        teams=", ".join(f"t{name}: {{role: enforcement, jurisdiction: {name}, officers: 3}}" for name in names),
        origins=", ".join(
            f"o{name}: {{process: poisson, enters: look, jurisdiction: {name}, rate: {A_TEAM} per h}}" for name in names
        ),
    )
    return build(scenario_of(parse_text(text, "growth.yaml")))


def seconds_a_case(plan: Plan) -> tuple[float, int]:
    """The best of some rounds, and the number of cases."""
    best, cases = float("inf"), 0
    for replication in range(ROUNDS):
        began = time.process_time()
        log = engine.run(plan, replication)
        cases = len(log.cases)
        best = min(best, (time.process_time() - began) / cases)
        del log
    return best, cases


def table(title: str, sizes: list[tuple[str, Plan]]) -> None:
    """Time per case at each size against the first."""
    print(title)
    first = 0.0
    for name, plan in sizes:
        each, cases = seconds_a_case(plan)
        first = first or each
        print(f"  {name:>12}: {cases:>11,} cases, {each * 1e9:6.0f} ns a case, {each / first:5.2f} of the first")


def memory() -> None:
    """Bytes for an open case and a row of the log, read off the arrays of one run."""
    plan = plan_of(3, 10_000)
    rooms = engine.begun(plan, 0, intake(plan, 0))
    case = int(rooms.world.P[L.CASE_W]) * 8
    node, heap, queue = L.NODE_W * 8, L.HEAP_W * 8, L.QUEUE_W * 8
    print(f"an open case: {case + 4 * queue} bytes, and {node} for each running clock, {heap} for each event to come")
    print(f"a row of the log: {L.LOG_W * 8} bytes in the kernel, {8 + 8 + 1 + 4 + 4} in the log that it hands over")


def main() -> None:
    """Tell how things grow."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--most", type=int, default=10_000_000)
    most = asked.parse_args().most
    prepare("fast", print)
    counts = [count for count in (10**4, 10**5, 10**6, 10**7) if count <= most]
    table("cases, three teams:", [(f"{count:,}", plan_of(3, count)) for count in counts])
    table(
        "teams, a million cases:",
        [(f"{teams:,} teams", plan_of(teams, min(most, 10**6))) for teams in (3, 30, 300, 3_000)],
    )
    memory()


if __name__ == "__main__":
    main()
