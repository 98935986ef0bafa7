"""What a run has found so far, summed up for the page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..measures.frame import ALL
from ..measures.intervals import summed_up
from ..measures.matrix import Matrix
from ..model.scenario import Scenario
from .extract import CLOCK_MEASURES, Floats, Seen, Years
from .kept import Kept
from .run import Run, Side

READING = 0.4
"""Seconds for which one look at a run reads from disk; the next look goes on."""
Replications = dict[int, Seen]
Measure = Literal["open_cases", "overdue"]
Kind = Literal["open_cases", "overdue", "days"]
"""What a number is, by which it is written: cases, a share or days."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of both sides of a run, by replication.

    `curves` also has replications that still run, whose open cases are known. `is_all` is false while more is on disk.
    """

    base: Replications
    changed: Replications
    base_curves: Replications
    changed_curves: Replications
    is_all: bool

    @property
    def curves(self) -> list[int]:
        """Replications of which the open cases of both sides are known."""
        return sorted(self.base_curves.keys() & self.changed_curves.keys())

    @property
    def whole(self) -> list[int]:
        """Replications of which everything is known of both sides."""
        return sorted(self.base.keys() & self.changed.keys())


def known(run: Run, kept: Kept) -> Known:
    """What is known of a run by now."""
    until = time.monotonic() + READING
    sides = [_known(run, side, kept, until) for side in (run.base, run.changed)]
    (base, base_curves, one), (changed, changed_curves, other) = sides
    return Known(base, changed, base_curves, changed_curves, one and other)


def _known(run: Run, side: Side, kept: Kept, until: float) -> tuple[Replications, Replications, bool]:
    whole: Replications = {}
    is_all = True
    for number in sorted(run.of(side)):
        if not kept.is_at_hand(side.key, number) and whole and time.monotonic() > until:
            is_all = False
            continue
        seen = kept.get(side.key, number)
        if seen is not None:
            whole[number] = seen
    lines = dict(whole)
    if not run.is_over:
        for number in set(range(run.wanted)) - lines.keys():
            early = kept.curve(side.key, number)
            if early is not None:
                lines[number] = early
    return whole, lines, is_all


@dataclass(frozen=True, slots=True)
class Curves:
    """Open cases by week of one jurisdiction: base, changed and changed minus base.

    Columns of a summary and `date`; `replications` says on how many they rest.
    """

    base: pd.DataFrame
    changed: pd.DataFrame
    difference: pd.DataFrame
    replications: int


def curves(found: Known, place: str, scenario: Scenario) -> Curves | None:
    """The curves of a jurisdiction over the replications that both sides have; None without any."""
    numbers = found.curves
    if not numbers:
        return None
    days = found.base_curves[numbers[0]].days
    base, changed = (
        np.column_stack([side[number].weekly.get(place, np.zeros(len(days))) for number in numbers])
        for side in (found.base_curves, found.changed_curves)
    )
    dates = np.datetime64(scenario.period.start) + days.astype("timedelta64[D]")

    def summed(values: Floats) -> pd.DataFrame:
        return summed_up(_matrix("backlog", [place] * len(days), days, values, numbers)).assign(date=dates)

    sides = _not_below_zero(summed(base)), _not_below_zero(summed(changed))
    return Curves(*sides, summed(changed - base), len(numbers))


def _matrix(measure: str, where: Sequence[str], periods: Any, values: Floats, numbers: Sequence[int]) -> Matrix:
    keys = {"measure": measure, "jurisdiction": where, "field": ALL, "item": ALL, "period": periods}
    return Matrix(pd.DataFrame(keys, index=range(len(where))), values, tuple(numbers))


def _not_below_zero(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(low=table["low"].clip(lower=0))


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean over `n` replications with its 95 % interval, NaN where that is not known yet."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one jurisdiction in the last year of the run; a side is None where nothing is known of it."""

    place: str
    measure: Measure
    year: int
    base: Spread | None
    changed: Spread | None
    difference: Spread | None


def rows(found: Known, places: Sequence[str]) -> list[Row]:
    """Mean open cases and share of overdue clocks in the last year, a row for each jurisdiction that has cases."""
    result: list[Row] = []
    for measure, numbers in (("open_cases", found.curves), ("overdue", found.whole)):
        kind: Measure = "overdue" if measure == "overdue" else "open_cases"
        sides = (found.base, found.changed) if kind == "overdue" else (found.base_curves, found.changed_curves)
        by = [[side[n].overdue if kind == "overdue" else side[n].yearly for n in numbers] for side in sides]
        years = [year for side in by for one in side for where in one.values() for year in where]
        if years:
            result += _rows(kind, by, max(years), places, numbers)
    return result


def _rows(
    measure: Measure, by: Sequence[Sequence[Years]], year: int, places: Sequence[str], numbers: Sequence[int]
) -> list[Row]:
    """The rows of a year. A count that a replication lacks is zero there, a share is not known."""
    without = 0.0 if measure == "open_cases" else np.nan
    there = [place for place in places if any(year in one.get(place, {}) for side in by for one in side)]
    values = [
        np.array([[one.get(place, {}).get(year, without) for one in side] for place in there], dtype=np.float64)
        for side in by
    ]
    spreads = [_spreads(_matrix(measure, there, year, one, numbers)) for one in (*values, values[1] - values[0])]
    return [Row(place, measure, year, *(side.get(place) for side in spreads)) for place in there]


def _spreads(matrix: Matrix) -> dict[str, Spread]:
    table = summed_up(matrix)
    columns = (table[name].tolist() for name in ("jurisdiction", "mean", "low", "high", "n"))
    return {place: Spread(*spread) for place, *spread in zip(*columns, strict=True)}


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One measure of the legal clocks of one name that started in a year, at one place; None as in `Row`.

    `is_partly` tells that in some replications it is not known: no such clock started, or too few have stopped.
    """

    clock: str
    measure: str
    year: int
    base: Spread | None
    changed: Spread | None
    difference: Spread | None
    is_partly: bool

    @property
    def kind(self) -> Kind:
        """By which its numbers are written."""
        return "overdue" if self.measure == "overdue_share" else "days"


def clock_rows(found: Known, place: str) -> list[ClockRow]:
    """What became of each legal clock at a place, of those started in the last year of the run."""
    numbers = found.whole
    if not numbers:
        return []
    sides = [[side[n].clocks.get(place, {}) for n in numbers] for side in (found.base, found.changed)]
    there = {key for side in sides for one in side for key in one}
    clocks = sorted({clock for clock, _ in there})
    keys = [(clock, measure) for clock in clocks for measure in CLOCK_MEASURES if (clock, measure) in there]
    if not keys:
        return []
    values = [np.array([[one.get(key, np.nan) for one in side] for key in keys], dtype=np.float64) for side in sides]
    year = found.base[numbers[0]].last
    labels = [f"{clock} {measure}" for clock, measure in keys]
    apart = values[1] - values[0]
    base, changed, difference = (_spreads(_matrix("clock", labels, year, one, numbers)) for one in (*values, apart))
    partly = [bool(np.isnan(one).any()) for one in apart]
    return [
        ClockRow(*key, year, base.get(label), changed.get(label), difference.get(label), is_partly)
        for key, label, is_partly in zip(keys, labels, partly, strict=True)
    ]
