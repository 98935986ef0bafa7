"""Which cases miss a limit because of a change, and which are saved by it: the same cases in two scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..records import NONE
from .case_list import case_list, places
from .frame import ALL
from .matching import partners
from .pairs import OUTCOMES, Pairs, Side, clock_names, half_of, paired
from .visits import visits

COUNT_COLUMNS = ["clock", "jurisdiction_base", "jurisdiction_changed", *OUTCOMES]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What a change did to the limits of the same cases in one replication.

    `table` has a row for each clock and case that missed it in either scenario, with COLUMNS of `case_list`: days and
    dates where they are known, `last_day` the last one in time; `days_over`, `runs_on` (whether the clock still ran at
    the horizon) and the cause are those of the register, of the first run that was missed; `misses` counts such runs;
    `number` is the case's number in the log. `differs` is the cause whose time differs most between the scenarios while
    the clock ran, in which stage, by how many days. `counts` has COUNT_COLUMNS: for each clock the number of cases with
    each outcome, together (`all`) and by who handles them in each scenario. `cases` are the numbers of cases in both
    scenarios, only in base and only in changed.
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
    halves = [half_of(side, mine, names) for side, mine in zip((base, changed), seen, strict=True)]
    same = partners(halves[0].who, halves[1].who)
    pairs = paired(halves[0], halves[1], same)
    both = int(np.count_nonzero(same != NONE))
    return Counterfactual(
        case_list((base, changed), seen, halves, pairs, names),
        _counts((base, changed), pairs, names),
        (both, len(halves[0].who) - both, len(halves[1].who) - both),
    )


def _counts(sides: tuple[Side, Side], pairs: Pairs, names: Sequence[str]) -> pd.DataFrame:
    where = [places(side, case) for side, case in zip(sides, pairs.case, strict=True)]
    clock = np.array(names, dtype=object).take(pairs.clock) if names else np.zeros(0, dtype=object)
    each = pd.DataFrame({"clock": clock, "jurisdiction_base": where[0], "jurisdiction_changed": where[1]})
    each["outcome"] = np.array(OUTCOMES, dtype=object)[pairs.outcome]
    total = each.assign(jurisdiction_base=ALL, jurisdiction_changed=ALL)
    counted = pd.concat([total, each]).groupby(COUNT_COLUMNS[:3], sort=False)["outcome"].value_counts()
    wide = counted.unstack(fill_value=0).reset_index().rename_axis(columns=None)
    known = [ALL, *dict.fromkeys([name for side in sides for name in side.plan.names.jurisdictions]), ""]
    ranks = [wide[name].map(order.index) for name, order in zip(COUNT_COLUMNS, (names, known, known), strict=False)]
    found = wide.reindex(columns=COUNT_COLUMNS, fill_value=0)
    return found.iloc[np.lexsort(ranks[::-1])].reset_index(drop=True)
