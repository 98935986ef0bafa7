"""Which points of a sweep could be the best by a finding, on the same random cases at all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.questions import Best
from ..statistics.best import against_best
from ..statistics.selection import fully_sequential
from .choices import LEFT_OUT, Choice

FIRST = 10
"""Rows by which a pick knows how choices vary; fixed beforehand, as its promise asks for."""
OWN = [
    "question", "name", "scenario", "mean", "difference", "low", "high", "could_be_best", "rows", "picked", "needed",
    "reason",
]  # fmt: skip
"""Columns of the table of the best beside its axes."""
Floats = npt.NDArray[np.float64]


def best_table(question: Best, number: int, some: Sequence[Choice]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each choice against the best of the others, and the points left out (columns LEFT_OUT).

    The values of a choice are the finding in each replication. A row for each choice, the best mean first: question,
    name, scenario, its level of each axis, `mean`, `difference` from the best of the others (above 0 is better, also
    where small values are good) with `low` and `high`, `could_be_best`, `rows` compared, `picked`, `needed` and
    `reason`. Choices are paired: replication k met the same cases at all. In a crossed design they are combinations of
    levers, and rows are futures, each the mean of its replications. With an indifference choices are thrown out row by
    row until one is `picked` (Kim and Nelson, see `statistics.selection`); `needed` is how many rows that took or, as
    long as there is none, at most takes. Intervals are those over all rows, picked or not.
    """
    left_out = [("best", number, point.name, one.why_not) for one in some if one.why_not for point in one.points]
    lacking = pd.DataFrame(left_out, columns=LEFT_OUT)
    whole = [choice for choice in some if not choice.why_not]
    if len(whole) < 2:
        return pd.DataFrame(columns=OWN), lacking
    matrix = _matrix([choice.values for choice in whole])
    found = against_best(matrix, question.level, smallest=question.smallest)
    picked, needed = _picked(matrix, question)
    means = matrix.mean(axis=0) if len(matrix) else np.full(len(whole), np.nan)
    table = pd.DataFrame([{"question": number, **choice.told} for choice in whole]).assign(
        mean=means, difference=found.difference, low=found.low, high=found.high, could_be_best=found.could_be_best,
        rows=len(matrix), picked=np.arange(len(whole)) == picked, needed=needed, reason=found.reason,
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


def _picked(matrix: Floats, question: Best) -> tuple[int | None, float]:
    """The choice that is picked, if there is one, and how many rows that took or at most takes (NaN: not known yet)."""
    if question.indifference is None:
        return None, math.nan
    found = fully_sequential(matrix, FIRST, question.indifference, question.level, smallest=question.smallest)
    return found.best, math.nan if found.most is None else found.used if found.best is not None else found.most
