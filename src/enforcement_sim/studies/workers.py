"""How many processes a study is worth: each has to start and open its rooms before it helps."""

from __future__ import annotations

import math
import os

from ..plan.tables import Plan, StreamRow
from ..records import NONE

WORTH = {"fast": 500_000, "reference": 10_000}
"""From so many cases on more processes pay: by engine, about what one gets through while another starts."""


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worthwhile(plan: Plan, engine: str, replications: int) -> int:
    """One process for a small study, else one for each processor."""
    return processors() if expected_cases(plan) * replications >= WORTH[engine] else 1


def expected_cases(plan: Plan) -> float:
    """About how many cases come to the door in a replication; infinite where only drawing them would tell."""
    return sum(_expected(plan, row) for row in plan.streams)


def _expected(plan: Plan, row: StreamRow) -> float:
    arrivals = row.arrivals
    if row.standing:
        return sum(standing.count for standing in row.standing)
    if row.register != NONE:
        return math.inf
    match arrivals.process:
        case "counted":
            return sum(count for *_, count in arrivals.counts)
        case "listed":
            return len(arrivals.at)
        case "regular":
            return plan.horizon / arrivals.mean
        case "poisson" if arrivals.steps:
            rate = sum(span * rate for span, rate in arrivals.steps) / sum(span for span, _ in arrivals.steps)
            return plan.horizon * rate * arrivals.batch
        case "poisson":
            return float(plan.work_tables[arrivals.calendar].worked(plan.horizon)) / arrivals.mean * arrivals.batch
        case _:
            return math.inf
