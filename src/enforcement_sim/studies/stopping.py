"""When a point has enough replications: the first number at which every interval is as narrow as was asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import ResultsError
from ..measures.matrix import KEYS, Matrix
from ..measures.wanted import named
from ..model.precision import Precision, Target
from ..statistics.precision import Reached, Wanted, precision


@dataclass(frozen=True)
class Look:
    """What one look at a point says.

    `enough` is the number of replications at which the rule stopped, None if it has not; `more` how many are expected
    to be lacking, None where no forecast stands. `widest` is the measure farthest from what was asked, with its name.
    """

    enough: int | None
    more: int | None
    widest: tuple[str, Reached] | None


@dataclass
class Stopping:
    """The rule at one point.

    It looks at the replications in the order of their numbers, one by one from `at_least` on, and never at how many
    happen to be there: so the number at which it stops does not depend on workers, kills or what was run before.
    """

    rule: Precision
    _tables: list[pa.Table] = field(default_factory=list)
    _looked: int = 0

    def look(self, new: list[pa.Table]) -> Look:
        """Take in the findings of the next replications and look at each number of them that was not looked at."""
        self._tables += [_only(table, self.rule.until) for table in new]
        count = len(self._tables)
        if count < self.rule.at_least:
            return Look(None, self.rule.at_least - count, None)
        matrix = Matrix.of_tables(self._tables, range(count))
        wanted = _wanted(matrix.keys, self.rule)
        found = None
        for number in range(max(self._looked + 1, self.rule.at_least), count + 1):
            self._looked = number
            found = precision(
                matrix.values[:, :number].T, wanted, first=self.rule.at_least, level=self.rule.level, skip_missing=True
            )
            if found.reached:
                return Look(number, 0, _widest(matrix.keys, found.measures))
        assert found is not None
        return Look(None, found.more, _widest(matrix.keys, found.measures))

    def batch(self, look: Look, asked: int) -> int:
        """How many replications to run before the next look: half of what is lacking, so that few are run in vain."""
        more = self.rule.at_least if look.more is None else max(1, math.ceil(look.more / 2))
        return max(0, min(more, self.rule.at_most - asked))


def _only(table: pa.Table, targets: list[Target]) -> pa.Table:
    """The rows of one replication's findings that a target names."""
    frame = table.select(KEYS).to_pandas()
    chosen = np.zeros(len(frame), dtype=np.bool_)
    for target in targets:
        chosen |= named(frame, target)
    return table.filter(pa.array(chosen))


def _wanted(keys: pd.DataFrame, rule: Precision) -> list[Wanted]:
    """The width wanted of each finding, in their order; one that several targets name meets the first of them."""
    found: list[Wanted | None] = [None] * len(keys)
    for target in rule.until:
        chosen = np.flatnonzero(named(keys, target))
        if not len(chosen):
            told = ", ".join(f"{key}: {value}" for key, value in target.model_dump(exclude_none=True).items())
            raise ResultsError(
                f"no finding of the sweep is meant by the target {{{told}}}",
                try_='`enforcement-sim query DIR` with "SELECT DISTINCT measure, jurisdiction, field, item, period '
                'FROM findings" lists what there is',
            )
        for row in chosen:
            found[row] = found[row] or Wanted(target.half_width, target.relative_half_width)
    return [one for one in found if one is not None]


def _widest(keys: pd.DataFrame, measures: tuple[Reached, ...]) -> tuple[str, Reached]:
    """The measure that is farthest from what was asked."""

    def ratio(one: Reached) -> float:
        if one.reached:
            return one.interval.half / one.wanted if one.wanted > 0 and not math.isnan(one.interval.half) else 0.0
        return math.inf if math.isnan(one.wanted) else one.interval.half / one.wanted

    at = max(range(len(measures)), key=lambda number: ratio(measures[number]))
    row = keys.iloc[at]
    parts = (str(row[key]) for key in KEYS if row[key] != "all")
    return " ".join(parts), measures[at]
