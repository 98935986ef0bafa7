"""Clocks of the same cases in two scenarios: which limits were missed, kept, or are not known to be either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE
from .clocks import ClockRows, Runs, clock_runs, closing_times
from .matching import Identities
from .visits import OPEN, Visits

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
    UNKNOWN), `misses` (how many of its runs ran out), and of the first run that was missed, else of the last run:
    `started`, `stopped` (OPEN while it runs) and `due` (the first second that is too late).
    """

    who: Identities
    is_open: Bools
    has_clock: Bools
    case: Int64s
    clock: Int64s
    state: Int64s
    misses: Int64s
    started: Int64s
    stopped: Int64s
    due: Int64s


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


def clock_names(*plans: Plan) -> list[str]:
    """The clocks of some plans that are no ways out, by name."""
    return list(dict.fromkeys(plan.names.clocks[int(c["name"])] for plan in plans for c in _clocks(plan).values()))


def _clocks(plan: Plan) -> dict[int, np.void]:
    return {number: clock for number, clock in enumerate(plan.clocks) if clock["lapses_to"] == NONE}


def half_of(side: Side, seen: Visits, names: Sequence[str]) -> Half:
    """What one scenario tells of some clocks; `seen` are the visits of its log."""
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
        return Half(*facts, none, none, none, none, none, none, none)
    together = Runs(*(np.concatenate([getattr(run, column) for run in runs]) for column in Runs.__slots__))
    return Half(*facts, *_each_case(together, np.concatenate(clock), together.overdue(plan.horizon)))


def _each_case(runs: Runs, clock: Int64s, late: Bools) -> tuple[Int64s, ...]:
    """Runs of clocks put together, by case and clock: case, clock, state, misses, started, stopped, due."""
    # Of those that were missed the first, else the last.
    order = np.lexsort((np.where(late, runs.due, -runs.due), ~late, clock, runs.case))
    case, clock, late, runs_on = runs.case[order], clock[order], late[order], (runs.stopped == OPEN)[order]
    starts = np.flatnonzero((np.diff(case, prepend=-1) != 0) | (np.diff(clock, prepend=-1) != 0))
    misses = np.add.reduceat(late.astype(np.int64), starts) if len(starts) else starts
    is_running = np.logical_or.reduceat(runs_on, starts) if len(starts) else starts.astype(np.bool_)
    state = np.where(misses > 0, MISSED, np.where(is_running, UNKNOWN, KEPT))
    chosen = order[starts]
    return case[starts], clock[starts], state, misses, runs.started[chosen], runs.stopped[chosen], runs.due[chosen]


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
