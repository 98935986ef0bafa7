"""What officers did: work, waiting for work, overtime; and how long cases waited for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..decisions.dice import Dice, unit
from ..decisions.durations import picked
from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE, Op
from .frame import ALL, joined, table
from .visits import Visits


def officers_at_work(log: EventLog, plan: Plan, visits: Visits) -> npt.NDArray[np.int64]:
    """Officers of the first team that each visit seizes; drawn numbers are drawn again from their address."""
    officers = plan.stages["officers"][visits.stage].astype(np.int64)
    dice = Dice(plan.seed, log.replication)
    tail = plan.tail.tolist()
    for row in np.flatnonzero((plan.stages["officers_length"][visits.stage] != NONE) & visits.was_served):
        stage, case = plan.stages[visits.stage[row]], log.cases[visits.case[row]]
        shape = plan.lengths[stage["officers_length"]]
        luck = dice.block(int(case["address"]), int(case["ordinal"]), int(visits.nth[row]), int(stage["question"]))
        officers[row] = int(picked(tail, int(shape["at"]), int(shape["count"]), unit(luck[3])))
    return officers


def staff(log: EventLog, plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each team and year: `officer_hours` on duty, `work_hours`, `overtime_hours`, `use` (work over duty)."""
    officers = officers_at_work(log, plan, visits)
    tables = []
    for number, name in enumerate(plan.names.teams):
        row = plan.teams[number]
        hours = plan.work_tables[int(row["calendar"])]
        work_of = visits.services.visit
        mine = visits.team[work_of] == number
        end = np.minimum(visits.services.end[mine], plan.horizon)
        sets = [(visits.services.start[mine], end, officers[work_of[mine]])]
        sets += _lent(log, plan, visits, number)
        place = plan.names.jurisdictions[int(row["jurisdiction"])]
        for year, first, last in plan.years:
            first = max(first, plan.warm_up)
            if first >= last:
                continue
            duty = on_duty(plan, number, first, last) / 3600
            work = overtime = 0.0
            for start, end, count in sets:
                a, b = np.clip(start, first, last), np.clip(end, first, last)
                inside = (np.asarray(hours.worked(b)) - np.asarray(hours.worked(a))) * count
                work += float(inside.sum()) / 3600
                if row["at_close"] == 1:
                    overtime += float(((b - a) * count - inside).sum()) / 3600
            values = {
                "officer_hours": duty,
                "work_hours": work,
                "overtime_hours": overtime,
                "use": work / duty if duty else np.nan,
            }
            tables.append(table(values, place, ALL, name, year, values.values()))
    return joined(tables)


def _lent(log: EventLog, plan: Plan, visits: Visits, team: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Work to which a team lends officers while another team leads it."""
    found = []
    for number, stage in enumerate(plan.stages):
        for also in plan.also[stage["also_at"] : stage["also_at"] + stage["also_count"]]:
            services = visits.services
            rows = np.flatnonzero(visits.stage[services.visit] == number)
            cases = log.cases[visits.case[services.visit[rows]]]
            rows = rows[plan.team_of[also["role"]][cases["field"], cases["handler"]] == team]
            end = np.minimum(services.end[rows], plan.horizon)
            found.append((services.start[rows], end, np.full(len(rows), also["officers"])))
    return found


def on_duty(plan: Plan, team: int, first: int, last: int) -> float:
    """Officer-seconds on duty between two moments."""
    row = plan.teams[team]
    hours = plan.work_tables[int(row["calendar"])]
    steps = plan.roster[int(row["roster_at"]) : int(row["roster_at"]) + int(row["roster_count"])]
    total = 0
    for i, step in enumerate(steps):
        start = max(first, int(step["time"]))
        end = min(last, int(steps[i + 1]["time"]) if i + 1 < len(steps) else last)
        if end > start:
            total += int(step["officers"]) * (int(hours.worked(end)) - int(hours.worked(start)))
    return float(total)


def line_waits(plan: Plan, visits: Visits) -> pd.DataFrame:
    """For each team, stage and year: `wait_mean` and `wait_p90`, clock hours from joining the line to the start."""
    served = np.flatnonzero(visits.was_served & (plan.stages["op"][visits.stage] == Op.WORK))
    waited = (visits.started[served] - visits.entered[served]) / 3600
    start, team = visits.started[served], visits.team[served]
    # Procedures of several fields share names of stages: a planner sees one line for them.
    names = sorted(set(plan.names.stages))
    stage = np.array([names.index(name) for name in plan.names.stages])[visits.stage[served]]
    tables = []
    for t, s in sorted(set(zip(team.tolist(), stage.tolist(), strict=True))):
        place = plan.names.jurisdictions[int(plan.teams[t]["jurisdiction"])]
        mine = (team == t) & (stage == s)
        for year, first, last in plan.years:
            rows = mine & (start >= max(first, plan.warm_up)) & (start < last)
            if rows.any():
                values = {"wait_mean": waited[rows].mean(), "wait_p90": float(np.quantile(waited[rows], 0.9))}
                tables.append(table(values, place, ALL, f"{plan.names.teams[t]}/{names[s]}", year, values.values()))
    return joined(tables)
