"""Where in a sweep a limit holds: how often replications breach it, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import pandas as pd

from ..model.questions import Limit
from ..statistics.reasons import Reason
from ..statistics.shares import Share, exact, pooled
from .choices import LEFT_OUT, Choice
from .uncertain import quantity

_ROUNDING = 1e-12
OWN = [
    "question", "name", "scenario", "complete", "breaches", "of", "futures", "share", "low", "high", "verdict",
    "reason", "needed",
]  # fmt: skip
"""Columns of the table of limits beside its axes."""
SMALLEST = ["question", "scenario", "axis", "smallest", "largest", "between"]


class Verdict(StrEnum):
    """What can be said of a limit at a point."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCLEAR = "unclear"


def fewest(limit: Limit) -> int:
    """The least number of replications (or futures), none of them in breach, from which a limit is said to hold."""
    return math.ceil(math.log((1.0 - limit.level) / 2) / math.log(limit.holds_in) - 1e-9)


def limit_table(limit: Limit, number: int, some: Sequence[Choice]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often each choice breaches a limit, and the points of which nothing can be said (columns LEFT_OUT).

    The values of a choice are the worst finding of each replication. A row for each choice with the columns OWN and
    one for each axis: `breaches` in `of` replications, their `share` with its interval at the limit's level, and the
    verdict: it holds if the whole interval lies at or below 1 - holds_in, fails if it lies above. The interval is exact
    (Clopper and Pearson). In a crossed design the share is over all `futures`, each of which is a cluster of
    replications (see `statistics.shares.pooled`); where they all agree it is the exact one of as many futures.
    Reasons: TOO_FEW where not even no breach at all would be enough, with the replications or futures `needed`;
    MISSING where some replications have no such finding; NO_SPREAD where futures agree on a share between 0 and 1.
    """
    rows, left_out = [], []
    for choice in some:
        if not any(len(mine) for mine in choice.values):
            left_out += [("limit", number, point.name, "no_finding") for point in choice.points]
            continue
        rows.append({"question": number, **choice.told, "complete": choice.is_whole, **_judged(limit, choice)})
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=OWN)
    return table, pd.DataFrame(left_out, columns=LEFT_OUT)


def _judged(limit: Limit, choice: Choice) -> dict[str, Any]:
    totals = [len(mine) for mine in choice.values]
    hits = [
        int(((mine > limit.bound) if limit.at_most is not None else (mine < limit.bound)).sum())
        for mine in choice.values
    ]
    found, needed = _share(hits, totals, limit.level), fewest(limit)
    allowed = 1.0 - limit.holds_in
    verdict = Verdict.UNCLEAR
    reason = found.reason or (Reason.MISSING if choice.lacks_findings else Reason.NONE)
    if found.high <= allowed + _ROUNDING:
        verdict = Verdict.HOLDS
    elif found.low > allowed + _ROUNDING:
        verdict = Verdict.FAILS
    elif found.n < needed:
        reason = Reason.TOO_FEW
    return {
        "breaches": sum(hits), "of": sum(totals), "futures": choice.futures, "share": found.share, "low": found.low,
        "high": found.high, "verdict": verdict, "reason": reason, "needed": needed,
    }  # fmt: skip


def _share(hits: Sequence[int], totals: Sequence[int], level: float) -> Share:
    """The share in breach of one point, or of several futures."""
    if len(hits) == 1:
        return exact(hits[0], totals[0], level)
    if sum(hits) in (0, sum(totals)):
        return exact(len(hits) if sum(hits) else 0, len(hits), level)
    return pooled(hits, totals, level)


def smallest_table(number: int, some: Sequence[Choice], table: pd.DataFrame) -> pd.DataFrame:
    """Of a lever with numbers, from which to which of its levels a limit holds; no row where there are more levers.

    Columns SMALLEST: `smallest` and `largest` level at which it holds (None if it holds at none) and `between`,
    whether it holds at every level from the one to the other. Choices that are not whole do not count.
    """
    axes = {tuple(choice.levels) for choice in some}
    if len(axes) != 1 or len(axis := axes.pop()) != 1:
        return pd.DataFrame(columns=SMALLEST)
    amounts = _amounts([choice.levels[axis[0]] for choice in some])
    if amounts is None:
        return pd.DataFrame(columns=SMALLEST)
    holding = {(row.name, row.scenario) for row in table[table["verdict"] == Verdict.HOLDS].itertuples(index=False)}
    rows = []
    for scenario in dict.fromkeys(choice.told["scenario"] for choice in some):
        mine = sorted(
            (amount, choice.told[axis[0]], choice.is_whole and (choice.told["name"], scenario) in holding)
            for amount, choice in zip(amounts, some, strict=True)
            if choice.told["scenario"] == scenario
        )
        at = [i for i, (_, _, holds) in enumerate(mine) if holds]
        ends = (mine[at[0]][1], mine[at[-1]][1]) if at else (None, None)
        rows.append((number, scenario, axis[0], *ends, bool(at) and len(at) == at[-1] - at[0] + 1))
    # Levels stay as they are written: 11 officers are no 11.0.
    return pd.DataFrame(rows, columns=SMALLEST).astype({"smallest": object, "largest": object})


def _amounts(levels: Sequence[Any]) -> list[float] | None:
    """The numbers of a lever's levels, None if they are none, or have several units."""
    pairs = []
    for level in levels:
        if isinstance(level, bool) or not isinstance(level, (int, float, str)):
            return None
        try:
            pairs.append(quantity(level))
        except ValueError:
            return None
    return [amount for amount, _ in pairs] if len({unit for _, unit in pairs}) == 1 else None
