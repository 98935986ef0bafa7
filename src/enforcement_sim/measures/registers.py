"""Registers of entities: who is visited how often, what is found, how classes move, what caps keep back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.entities import Event, history
from ..plan.register_tables import RegisterRow
from ..plan.tables import Plan
from ..records import NONE
from .frame import ALL, Part, joined, table
from .groups import year_of

Int64s = npt.NDArray[np.int64]


def register_findings(log: EventLog, plan: Plan) -> pd.DataFrame:
    """For each register and year, by the class of the entity when it was visited and in all (item `REGISTER/CLASS`).

    `entity_visits` cases that visits and leads have brought, `entity_findings` those that found something; in all also
    `visits_each` for one entity, `entities_visited`, and `most_visits` to one entity.
    """
    return joined([part for number, row in enumerate(plan.registers) for part in _one(log.cases, plan, number, row)])


def _one(cases: npt.NDArray[np.void], plan: Plan, number: int, row: RegisterRow) -> list[Part]:
    streams = [at for at, stream in enumerate(plan.streams) if stream.register == number]
    mine = cases[np.isin(cases["stream"], streams) & (cases["parent"] == NONE)]
    at, found = year_of(plan, mine["arrived"]), mine["offence"] > 0
    parts = []
    for n, (year, _, _) in enumerate(plan.years):
        here = at == n
        for credit in row.credits:
            of_class = here & (mine["credit"] == credit)
            item = f"{row.name}/{plan.names.credits[credit]}"
            counts = {"entity_visits": of_class.sum(), "entity_findings": (of_class & found).sum()}
            parts.append(table(counts, ALL, ALL, item, year, [float(count) for count in counts.values()]))
        visits = np.bincount(mine["entity"][here], minlength=max(1, row.entities))
        told = {
            "entity_visits": float(here.sum()),
            "entity_findings": float((here & found).sum()),
            "visits_each": float(visits.mean()),
            "entities_visited": float((visits > 0).sum()),
            "most_visits": float(visits.max()),
        }
        parts.append(table(told, ALL, ALL, f"{row.name}/{ALL}", year, told.values()))
    return parts


def register_history(plan: Plan, replication: int) -> pd.DataFrame:
    """What no case tells, from the history at the door: for each register and year,

    `class_size` entities in each class when the year ends (item `REGISTER/CLASS`), and `cap_hits`, the visits and leads
    that a cap has kept back, by origin (item `REGISTER/ORIGIN`).
    """
    parts = []
    for number, row in enumerate(plan.registers):
        told = history(plan, replication, number)
        ends = np.array([last for _, _, last in plan.years], dtype=np.int64)
        sizes = told.sizes(ends, len(row.credits))
        refused = told.events[told.events["what"] == Event.REFUSED]
        at = year_of(plan, refused["time"])
        years = [year for year, _, _ in plan.years]
        for n, credit in enumerate(row.credits):
            item = f"{row.name}/{plan.names.credits[credit]}"
            parts.append(table("class_size", ALL, ALL, item, years, sizes[:, n].astype(np.float64)))
        for visitor in row.visitors if row.caps else ():
            hits = [float(((at == n) & (refused["origin"] == visitor.origin)).sum()) for n in range(len(years))]
            item = f"{row.name}/{plan.names.origins[visitor.origin]}"
            parts.append(table("cap_hits", ALL, ALL, item, years, hits))
    return joined(parts)
