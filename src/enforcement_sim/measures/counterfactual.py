"""Which cases miss a limit because of a change, and which are saved by it: the same cases in two scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import DAY, NONE
from .clocks import ClockRows, Runs, clock_runs, closing_times
from .frame import ALL
from .matching import Identities, case_name, partners
from .register import register
from .visits import OPEN, Visits, visits

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

STATES = ("missed", "kept", "unknown", "no_clock", "no_case")
MISSED, KEPT, UNKNOWN, NO_CLOCK, NO_CASE = range(len(STATES))
OUTCOMES = (
    "only_changed", "only_base", "both", "changed_base_unknown", "base_changed_unknown", "case_only_changed",
    "case_only_base", "unknown", "neither",
)  # fmt: skip
"""What has become of a case and a clock; the last two have missed nothing, as far as is known."""
_OF_STATES = np.array(
    # changed: missed, kept, unknown, no_clock, no_case
    [
        [2, 1, 4, 1, 6],  # base: missed
        [0, 8, 7, 8, 8],  # kept
        [3, 7, 7, 7, 7],  # unknown
        [0, 8, 7, 8, 8],  # no_clock
        [5, 8, 7, 8, 8],  # no_case
    ]
)
SIDES = ("base", "changed")
_OF_ONE = (
    "jurisdiction", "state", "last_day", "days_over", "runs_on", "misses", "cause", "cause_stage", "cause_days",
    "number",
)  # fmt: skip
COLUMNS = [
    "case", "field", "procedure", "filed", "clock", "outcome", *(f"{name}_{side}" for name in _OF_ONE for side in SIDES)
]  # fmt: skip
_KINDS = {"days_over": "float64", "cause_days": "float64", "cause": "str", "cause_stage": "str", "runs_on": "boolean"}
COUNT_COLUMNS = ["clock", "jurisdiction_base", "jurisdiction_changed", *OUTCOMES]


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario of the two: what happened in a replication, and the plan that it followed."""

    log: EventLog
    plan: Plan


@dataclass(frozen=True, slots=True)
class Half:
    """What one scenario tells: of every case, and of every case that a clock ran for.

    By case: `who` it is; `is_open` at the horizon; `has_clock[case, clock]` whether its procedure has such a clock.
    By clock and case, parallel arrays: `case`, `clock` (a number that both scenarios share), `state` (MISSED, KEPT or
    UNKNOWN), `due` (the first second that is too late: of the first run that was missed, else of the last run) and
    `misses` (how many of its runs ran out).
    """

    who: Identities
    is_open: Bools
    has_clock: Bools
    case: Int64s
    clock: Int64s
    state: Int64s
    due: Int64s
    misses: Int64s


@dataclass(frozen=True, slots=True)
class Pairs:
    """Clocks and cases of both scenarios, parallel arrays of shape (pairs,) or, of both, (2, pairs): base, changed.

    `case` is NONE where a scenario has not the case, `row` where its clock did not run for it.
    """

    clock: Int64s
    case: Int64s
    row: Int64s
    state: Int64s
    outcome: Int64s


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What a change did to the limits of the same cases in one replication.

    `table` has a row for each clock and case that missed it in either scenario, with the columns COLUMNS: days and
    dates where they are known, `last_day` the last one in time; `days_over`, `runs_on` (whether the clock still ran at
    the horizon) and the cause are those of the register, of the first run that was missed; `misses` counts such runs;
    `number` is the case's number in the log. `counts` has COUNT_COLUMNS: for each clock the number
    of cases with each outcome, together (`all`) and by who handles them in each scenario. `cases` are the numbers of
    cases in both scenarios, only in base and only in changed.
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    cases: tuple[int, int, int]


def counterfactual(base: Side, changed: Side, clock: str | None = None) -> Counterfactual:
    """The same replication of two scenarios, case by case; of one clock, by name, or of all that do not lapse.

    A case that is open at the horizon has missed a limit that had run out by then. Where a clock still runs then, or
    may still start, it is unknown whether the limit will be missed. A clock that runs several times for a case is
    missed if one of its runs is.
    """
    names = clock_names(base.plan, changed.plan)
    names = [name for name in names if clock in (None, name)]
    seen = visits(base.log), visits(changed.log)
    halves = [_half(side, mine, names) for side, mine in zip((base, changed), seen, strict=True)]
    same = partners(halves[0].who, halves[1].who)
    pairs = paired(halves[0], halves[1], same)
    both = int(np.count_nonzero(same != NONE))
    return Counterfactual(
        _table((base, changed), seen, halves, pairs, names),
        _counts((base, changed), pairs, names),
        (both, len(halves[0].who) - both, len(halves[1].who) - both),
    )


def clock_names(*plans: Plan) -> list[str]:
    """The clocks of some plans that are no ways out, by name."""
    return list(dict.fromkeys(plan.names.clocks[int(c["name"])] for plan in plans for c in _clocks(plan).values()))


def _clocks(plan: Plan) -> dict[int, np.void]:
    return {number: clock for number, clock in enumerate(plan.clocks) if clock["lapses_to"] == NONE}


def _half(side: Side, seen: Visits, names: Sequence[str]) -> Half:
    log, plan = side.log, side.plan
    closed, told = closing_times(log), ClockRows.of(log)
    has_clock = np.zeros((len(plan.names.procedures), len(names)), dtype=np.bool_)
    runs: list[Runs] = []
    clock = []
    for number, row in _clocks(plan).items():
        name = plan.names.clocks[int(row["name"])]
        if name not in names:
            continue
        has_clock[row["procedure"], names.index(name)] = True
        runs.append(clock_runs(log, plan, seen, number, closed, told))
        clock.append(np.full(len(runs[-1].case), names.index(name), dtype=np.int64))
    procedure = plan.stages["procedure"].take(log.cases["enters"])
    facts = Identities.of(log), closed == OPEN, has_clock[procedure]
    if not runs:
        none = np.zeros(0, dtype=np.int64)
        return Half(*facts, none, none, none, none, none)
    case, stopped, due, late = (
        np.concatenate(column)
        for column in zip(*((r.case, r.stopped, r.due, r.overdue(plan.horizon)) for r in runs), strict=True)
    )
    return Half(*facts, *_each_case(case, np.concatenate(clock), late, (stopped == OPEN) & ~late, due))


def _each_case(case: Int64s, clock: Int64s, late: Bools, runs_on: Bools, due: Int64s) -> tuple[Int64s, ...]:
    """Runs of clocks put together: case, clock, state, due, misses, by case and clock."""
    order = np.lexsort((np.where(late, due, -due), ~late, clock, case))  # of those missed the first, else the last
    case, clock, due = case[order], clock[order], due[order]
    late, runs_on = late[order], runs_on[order]
    starts = np.flatnonzero((np.diff(case, prepend=-1) != 0) | (np.diff(clock, prepend=-1) != 0))
    misses = np.add.reduceat(late.astype(np.int64), starts) if len(starts) else starts
    is_running = np.logical_or.reduceat(runs_on, starts) if len(starts) else starts.astype(np.bool_)
    state = np.where(misses > 0, MISSED, np.where(is_running, UNKNOWN, KEPT))
    return case[starts], clock[starts], state, due[starts], misses


def paired(base: Half, changed: Half, same: Int64s) -> Pairs:
    """Every clock and case that either scenario tells of; `same` as `partners` gives it."""
    back = np.full(len(base.who), NONE, dtype=np.int64)
    known = np.flatnonzero(same != NONE)
    back[same[known]] = known
    clocks = base.has_clock.shape[1]
    # A case of `changed` alone has a number behind all of those of `base`.
    number = np.where(same == NONE, len(base.who) + np.arange(len(same)), same)
    keys = base.case * clocks + base.clock, number[changed.case] * clocks + changed.clock
    together = np.union1d(*keys)
    who, clock = together // clocks if clocks else together, together % clocks if clocks else together
    is_new = who >= len(base.who)
    its = np.where(is_new, NONE, who), np.empty(len(who), dtype=np.int64)
    its[1][is_new], its[1][~is_new] = who[is_new] - len(base.who), back[who[~is_new]]
    rows = [_rows(key, together) for key in keys]
    state = np.stack([_state(*each, clock) for each in zip((base, changed), its, rows, strict=True)])
    return Pairs(clock, np.stack(its), np.stack(rows), state, _OF_STATES[state[0], state[1]])


def _rows(keys: Int64s, wanted: Int64s) -> Int64s:
    """Where each of the wanted keys stands among some, NONE where it does not."""
    if not len(keys):
        return np.full(len(wanted), NONE, dtype=np.int64)
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)]
    return np.where(keys[at] == wanted, at, NONE)


def _state(half: Half, case: Int64s, row: Int64s, clock: Int64s) -> Int64s:
    state = np.full(len(case), NO_CASE, dtype=np.int64)
    here, ran = np.flatnonzero(case != NONE), np.flatnonzero(row != NONE)
    may_start = half.is_open[case[here]] & half.has_clock[case[here], clock[here]]
    state[here] = np.where(may_start, UNKNOWN, NO_CLOCK)
    state[ran] = half.state[row[ran]]
    return state


def _counts(sides: tuple[Side, Side], pairs: Pairs, names: Sequence[str]) -> pd.DataFrame:
    places = [_places(side, case) for side, case in zip(sides, pairs.case, strict=True)]
    clock = np.array(names, dtype=object).take(pairs.clock) if names else np.zeros(0, dtype=object)
    each = pd.DataFrame({"clock": clock, "jurisdiction_base": places[0], "jurisdiction_changed": places[1]})
    each["outcome"] = np.array(OUTCOMES, dtype=object)[pairs.outcome]
    total = each.assign(jurisdiction_base=ALL, jurisdiction_changed=ALL)
    counted = pd.concat([total, each]).groupby(COUNT_COLUMNS[:3], sort=False)["outcome"].value_counts()
    wide = counted.unstack(fill_value=0).reset_index().rename_axis(columns=None)
    known = [ALL, *dict.fromkeys([name for side in sides for name in side.plan.names.jurisdictions]), ""]
    ranks = [wide[name].map(order.index) for name, order in zip(COUNT_COLUMNS, (names, known, known), strict=False)]
    found = wide.reindex(columns=COUNT_COLUMNS, fill_value=0)
    return found.iloc[np.lexsort(ranks[::-1])].reset_index(drop=True)


def _places(side: Side, case: Int64s) -> npt.NDArray[np.object_]:
    """Who handles each case, "" for one that there is not."""
    names = np.array([*side.plan.names.jurisdictions, ""], dtype=object)
    return names[np.where(case == NONE, NONE, side.log.cases["handler"][case])]


def _table(
    sides: tuple[Side, Side], seen: tuple[Visits, Visits], halves: Sequence[Half], pairs: Pairs, names: Sequence[str]
) -> pd.DataFrame:
    chosen = np.flatnonzero((pairs.state == MISSED).any(axis=0))
    case, outcome = pairs.case[:, chosen], np.array(OUTCOMES, dtype=object)[pairs.outcome[chosen]]
    clock = [names[number] for number in pairs.clock[chosen].tolist()]
    has = np.where(case[0] == NONE, 1, 0)  # who tells of the case: the base, if it has it
    facts = [_facts(sides[side], int(case[side, at])) for at, side in enumerate(has.tolist())]
    columns = dict(zip(COLUMNS[:4], zip(*facts, strict=True), strict=True)) if facts else {}
    found = pd.DataFrame(columns, columns=COLUMNS[:4]).assign(clock=clock, outcome=outcome)
    for number, side in enumerate(SIDES):
        told = _told_by(sides[number], seen[number], halves[number], pairs, (number, chosen), clock)
        found = found.assign(**{f"{name}_{side}": told[name] for name in _OF_ONE})
    found["filed"] = found["filed"].astype("datetime64[s]")
    return found[COLUMNS].sort_values(["filed", "case", "clock"], kind="stable").reset_index(drop=True)


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
        jurisdiction=_places(side, case), state=np.array(STATES, dtype=object)[state], last_day=last_day, misses=misses,
        number=pd.array([None if one == NONE else one for one in case.tolist()], dtype="Int64"),
    )  # fmt: skip
