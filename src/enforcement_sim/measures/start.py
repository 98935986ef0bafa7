"""How a run starts: empty, with a warm-up, or from cases that are open on the first day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..journal.log import EventLog
from ..model.scenario import Scenario
from ..plan.tables import Plan
from ..records import DAY
from .frame import ALL, joined, table
from .visits import Visits


@dataclass(frozen=True, slots=True)
class Start:
    """What a reader must know of the first day: `days` of warm-up; number and age in days of the open cases."""

    kind: Literal["empty", "warm_up", "backlog"]
    days: float = 0.0
    cases: int = 0
    median_age: float = 0.0
    oldest_age: float = 0.0


def start_findings(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """`start_age` of the cases that are open on the first day, in days since filing: their median and the oldest."""
    ages = -log.cases["filed"][visits.cases.was_open] / DAY
    values = {"median": float(np.median(ages)), "oldest": float(ages.max())} if len(ages) else {}
    return joined([table("start_age", ALL, ALL, values, plan.years[0][0], values.values())])


def start_of(scenario: Scenario, findings: pd.DataFrame) -> Start:
    """How the runs of a scenario start; ages are means over replications."""
    if scenario.period.warm_up is not None:
        return Start("warm_up", days=scenario.period.warm_up.seconds / DAY)
    ages = findings[findings["measure"] == "start_age"].groupby("item")["value"].mean()
    if ages.empty:
        return Start("empty")
    counted = findings[(findings["measure"] == "open_at_start") & (findings["jurisdiction"] == ALL)]
    cases = round(float(counted.groupby("replication")["value"].sum().mean()))
    return Start("backlog", cases=cases, median_age=float(ages["median"]), oldest_age=float(ages["oldest"]))
