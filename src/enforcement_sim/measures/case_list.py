"""The cases that missed a limit in one of two scenarios or in both, one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..plan.tables import Plan
from ..records import DAY, NONE
from .matching import case_name
from .pairs import MISSED, OUTCOMES, STATES, Half, Pairs, Side
from .register import register, time_spent
from .visits import Visits

Int64s = npt.NDArray[np.int64]
SIDES = ("base", "changed")
_OF_ONE = (
    "jurisdiction", "state", "last_day", "days_over", "runs_on", "misses", "cause", "cause_stage", "cause_days",
    "number",
)  # fmt: skip
COLUMNS = [
    "case", "field", "procedure", "filed", "clock", "outcome", "differs", "differs_stage", "differs_days",
    *(f"{name}_{side}" for name in _OF_ONE for side in SIDES)
]  # fmt: skip
_KINDS = {"days_over": "float64", "cause_days": "float64", "cause": "str", "cause_stage": "str", "runs_on": "boolean"}


def case_list(
    sides: tuple[Side, Side], seen: tuple[Visits, Visits], halves: Sequence[Half], pairs: Pairs, names: Sequence[str]
) -> pd.DataFrame:
    """A row for each clock and case that missed it in either scenario, with COLUMNS, by filing; `seen` are visits."""
    chosen = np.flatnonzero((pairs.state == MISSED).any(axis=0))
    case, outcome = pairs.case[:, chosen], np.array(OUTCOMES, dtype=object)[pairs.outcome[chosen]]
    clock = [names[number] for number in pairs.clock[chosen].tolist()]
    has = np.where(case[0] == NONE, 1, 0)  # who tells of the case: the base, if it has it
    facts = [_facts(sides[side], int(case[side, at])) for at, side in enumerate(has.tolist())]
    columns = dict(zip(COLUMNS[:4], zip(*facts, strict=True), strict=True)) if facts else {}
    found = pd.DataFrame(columns, columns=COLUMNS[:4]).assign(clock=clock, outcome=outcome)
    for number, side in enumerate(SIDES):
        told = _told_by(sides[number], seen[number], halves[number], pairs, (number, chosen), clock)
        for name in _OF_ONE:
            found[f"{name}_{side}"] = told[name]
    cause, stage, days = _differences(sides, seen, halves, pairs, chosen)
    found = found.assign(differs=cause, differs_stage=stage, differs_days=days)
    found["filed"] = found["filed"].astype("datetime64[s]")
    return found[COLUMNS].sort_values(["filed", "case", "clock"], kind="stable").reset_index(drop=True)


def places(side: Side, case: Int64s) -> npt.NDArray[np.object_]:
    """Who handles each case, "" for one that there is not."""
    names = np.array([*side.plan.names.jurisdictions, ""], dtype=object)
    return names[np.where(case == NONE, NONE, side.log.cases["handler"][case])]


def _facts(side: Side, case: int) -> tuple[str, str, str, np.datetime64]:
    row, names = side.log.cases[case], side.plan.names
    procedure = names.procedures[int(side.plan.stages["procedure"][int(row["enters"])])]
    filed = _first(side.plan) + np.timedelta64(int(row["filed"]) // DAY, "D")
    return case_name(side.log, side.plan, case), names.fields[int(row["field"])], procedure, filed


def _first(plan: Plan) -> np.datetime64:
    return np.datetime64(plan.day_tables[0].first, "D")


def _told_by(
    side: Side, seen: Visits, half: Half, pairs: Pairs, which: tuple[int, Int64s], clock: Sequence[str]
) -> pd.DataFrame:
    """What one scenario says of some pairs, with the columns _OF_ONE; of what was missed as the register has it."""
    number, chosen = which
    case, row, state = (part[number, chosen] for part in (pairs.case, pairs.row, pairs.state))
    listed = register(side.log, side.plan, seen).drop_duplicates(["case", "clock"]).set_index(["case", "clock"])
    asked = pd.MultiIndex.from_arrays([case, np.array(clock, dtype=object)], names=["case", "clock"])
    records = listed[["days_over", "open", "cause", "cause_stage", "cause_days"]].reindex(asked).reset_index(drop=True)
    records = records.rename(columns={"open": "runs_on"}).fillna({"cause": "", "cause_stage": ""}).astype(_KINDS)
    ran = row != NONE
    due, misses = np.zeros(len(row), dtype=np.int64), np.zeros(len(row), dtype=np.int64)
    due[ran], misses[ran] = half.due[row[ran]], half.misses[row[ran]]
    last_day = np.full(len(row), np.datetime64("NaT"), dtype="datetime64[s]")
    last_day[ran] = (_first(side.plan) + ((due[ran] - 1) // DAY).astype("timedelta64[D]")).astype("datetime64[s]")
    return records.assign(
        jurisdiction=places(side, case), state=np.array(STATES, dtype=object)[state], last_day=last_day, misses=misses,
        number=pd.array([None if one == NONE else one for one in case.tolist()], dtype="Int64"),
    )  # fmt: skip


def _differences(
    sides: tuple[Side, Side], seen: tuple[Visits, Visits], halves: Sequence[Half], pairs: Pairs, chosen: Int64s
) -> tuple[list[str], list[str], list[float]]:
    """Of each pair the cause and stage whose time differs most while the clock ran, and by how many days.

    Changed minus base; nothing where the clock did not run in both.
    """
    found: list[tuple[str, str, float]] = []
    for at in chosen.tolist():
        if (pairs.row[:, at] == NONE).any():
            found.append(("", "", math.nan))
            continue
        told = zip(sides, seen, halves, pairs.row[:, at].tolist(), strict=True)
        base, changed = (_spent(side, mine, half, row) for side, mine, half, row in told)
        days = {key: changed.get(key, 0.0) - base.get(key, 0.0) for key in sorted(base.keys() | changed.keys())}
        key = max(days, key=lambda one: abs(days[one]), default=("", ""))
        found.append((*key, days[key]) if days.get(key) else ("", "", 0.0))
    cause, stage, most = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
    return cause, stage, most


def _spent(side: Side, seen: Visits, half: Half, row: int) -> dict[tuple[str, str], float]:
    """The days that each cause took in each stage of a case while its clock ran, by names."""
    first, last = np.searchsorted(seen.case, [half.case[row], half.case[row] + 1]).tolist()
    stopped = min(int(half.stopped[row]), side.plan.horizon)
    found: dict[tuple[str, str], float] = {}
    spent = time_spent(side.plan, seen, slice(first, last), int(half.started[row]), stopped)
    for (cause, stage), days in spent.items():
        key = cause, side.plan.names.stages[stage]
        found[key] = found.get(key, 0.0) + days
    return found
