"""Which points of a sweep could be the best by a finding, on the same random cases at all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.questions import Best
from ..statistics.best import AgainstBest, against_best, within
from ..statistics.reasons import Reason
from ..statistics.selection import clark_yang
from .choices import LEFT_OUT, Choice

FIRST = 10
"""Rows from which the number that a pick needs is told; fixed beforehand, as its promise asks for."""
OWN = [
    "question", "name", "scenario", "mean", "difference", "low", "high", "could_be_best", "rows", "picked", "needed",
    "reason",
]  # fmt: skip
"""Columns of the table of the best beside its axes."""
Floats = npt.NDArray[np.float64]


def best_table(question: Best, number: int, some: Sequence[Choice]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each choice against the best of the others, and the points left out (columns LEFT_OUT).

    The values of a choice are the finding in each replication. A row for each choice, the best mean
    first: question, name, scenario, its level of each axis, `mean`, `difference` from the best of the others (above 0
    is better, also where small values are good) with `low` and `high`, `could_be_best`, `rows` compared, `picked`,
    `needed` and `reason`. Choices are paired: replication k met the same cases at all. In a crossed design they are
    combinations of levers, and rows are futures, each the mean of its replications. With an indifference `needed` is
    how many rows a pick needs (Clark and Yang, from the first FIRST), and if there are so many, one is `picked` and
    the intervals are those of the selection.
    """
    left_out = [("best", number, point.name, one.why_not) for one in some if one.why_not for point in one.points]
    lacking = pd.DataFrame(left_out, columns=LEFT_OUT)
    whole = [choice for choice in some if not choice.why_not]
    if len(whole) < 2:
        return pd.DataFrame(columns=OWN), lacking
    matrix = _matrix([choice.values for choice in whole])
    needed = _needed(matrix, question)
    is_picked = needed is not None and needed <= len(matrix)
    found = _selected(matrix[:needed], question) if is_picked else _compared(matrix, question)
    means = (matrix[:needed] if is_picked else matrix).mean(axis=0) if len(matrix) else np.full(len(whole), np.nan)
    best = -1 if not is_picked else int(np.argmin(means) if question.smallest else np.argmax(means))
    table = pd.DataFrame([{"question": number, **choice.told} for choice in whole]).assign(
        mean=means, difference=found.difference, low=found.low, high=found.high, could_be_best=found.could_be_best,
        rows=len(matrix), picked=np.arange(len(whole)) == best, needed=math.nan if needed is None else needed,
        reason=found.reason,
    )  # fmt: skip
    return table.sort_values("mean", ascending=question.smallest, kind="stable", ignore_index=True), lacking


def _matrix(values: Sequence[Sequence[pd.Series]]) -> Floats:
    """Rows that all choices have, shape (rows, choices)."""
    shared = sorted(set.intersection(*(set(one.index) for of_choice in values for one in of_choice)))
    futures = len(values[0])
    columns = [[one.loc[shared].to_numpy(dtype=np.float64) for one in of_choice] for of_choice in values]
    if futures == 1:
        return np.array([column[0] for column in columns]).T
    if not shared:
        return np.empty((0, len(values)))
    return np.array([[one.mean() for one in column] for column in columns]).T


def _compared(matrix: Floats, question: Best) -> AgainstBest:
    return against_best(matrix, question.level, smallest=question.smallest)


def _needed(matrix: Floats, question: Best) -> int | None:
    """How many rows a pick needs; None where nobody asks for one, or before the first rows are there."""
    if question.indifference is None or len(matrix) < FIRST:
        return None
    return clark_yang(matrix[:FIRST], question.indifference, question.level)


def _selected(matrix: Floats, question: Best) -> AgainstBest:
    means = matrix.mean(axis=0)
    assert question.indifference is not None
    found = within(-means if question.smallest else means, question.indifference)
    return AgainstBest(found.difference, found.low, found.high, found.could_be_best, Reason.NONE)
