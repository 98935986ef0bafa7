"""The answers to the questions of a sweep: at which points a limit holds, and which points could be the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import ResultsError
from ..files.tree import parse_file
from ..measures.frame import ALL
from ..measures.matrix import ZERO_WHEN_MISSING
from ..measures.wanted import named
from ..model.questions import Best, Limit, Questions
from . import best_answers, limit_answers
from .best_answers import best_table
from .choices import LEFT_OUT, choices
from .limit_answers import limit_table, smallest_table
from .picked import picked, several
from .sweep_kept import PointState

EXTRACT = ["kind", "question", "replication", "value"]
"""Columns of an extract: `limit` or `best`, the number of the question from 0 on, and what it is judged by."""


@dataclass(frozen=True)
class Answers:
    """What a sweep was asked, and the answers: tables of `limit_table`, `smallest_table` and `best_table`.

    `left_out` has the columns kind, question, point and why: points that could not be judged or compared.
    """

    questions: Questions
    limits: pd.DataFrame
    smallest: pd.DataFrame
    best: pd.DataFrame
    left_out: pd.DataFrame


def questions_of(file: Path) -> Questions:
    """The questions of a sweep file, also of the copy beside results: no scenario is opened. Raises ResultsError."""
    told = parse_file(file).data.get("sweep")
    if not isinstance(told, dict):
        raise ResultsError(f"{file} holds no sweep", try_="name a folder that `sweep` has written")
    return Questions.model_validate({key: told.get(key) or [] for key in ("limits", "best")})


def extract(findings: pd.DataFrame, questions: Questions, replications: Sequence[int] | None = None) -> pd.DataFrame:
    """What one point's findings (with the column `replication`) have to say to the questions, and nothing else.

    A row for each question and replication, with the columns EXTRACT: for a limit the value farthest on its wrong
    side, for the best the one value by which points are compared. A replication without any such finding has no row,
    but of what is counted it has zero; `replications` are all there are (default: those in the table). Raises
    ResultsError where points would have to be compared by several findings at once.
    """
    everyone = findings["replication"].unique() if replications is None else replications
    parts = [_one(findings, kind, number, question, everyone) for kind, number, question in _each(questions)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=EXTRACT)


def extract_tables(tables: Sequence[pa.Table], replications: Sequence[int], questions: Questions) -> pd.DataFrame:
    """The same from one table for each replication, as they are kept; what nobody asks for is never joined."""
    asked = {question.measure for _, _, question in _each(questions)}
    return extract(picked(tables, replications, asked), questions, replications)


def _each(questions: Questions) -> Iterator[tuple[str, int, Limit | Best]]:
    """All questions with their kind and number."""
    yield from (("limit", number, limit) for number, limit in enumerate(questions.limits))
    yield from (("best", number, best) for number, best in enumerate(questions.best))


def answers(questions: Questions, points: Sequence[PointState], extracts: Sequence[pd.DataFrame]) -> Answers:
    """The answers from the extract of every point, in the order of the points.

    Points that are not whole (`is_met` is false) are not compared, but are told of limits with what they have, marked.
    """
    limits, smallest, best, left_out = [], [], [], []
    for number, limit in enumerate(questions.limits):
        some = choices(points, [_of(one, "limit", number) for one in extracts])
        table, lacking = limit_table(limit, number, some)
        limits.append(table)
        smallest.append(smallest_table(number, some, table))
        left_out.append(lacking)
    for number, question in enumerate(questions.best):
        table, lacking = best_table(question, number, choices(points, [_of(one, "best", number) for one in extracts]))
        best.append(table)
        left_out.append(lacking)
    return Answers(
        questions, _joined(limits, limit_answers.OWN), _joined(smallest, limit_answers.SMALLEST),
        _joined(best, best_answers.OWN), _joined(left_out, LEFT_OUT),
    )  # fmt: skip


def _one(
    findings: pd.DataFrame, kind: str, number: int, question: Limit | Best, replications: Iterable[int]
) -> pd.DataFrame:
    rows = findings[named(findings, question) & findings["value"].notna().to_numpy()]
    if isinstance(question, Limit):
        by_replication = rows.groupby("replication")["value"]
        value = by_replication.max() if question.at_most is not None else by_replication.min()
    else:
        value = _single(rows, question)
    if question.measure in ZERO_WHEN_MISSING:
        value = value.reindex(pd.Index(replications), fill_value=0.0)
    told = {"kind": kind, "question": number, "replication": value.index.to_numpy(), "value": value.to_numpy()}
    return pd.DataFrame(told, columns=EXTRACT)


def _single(rows: pd.DataFrame, question: Best) -> pd.Series:
    """The one value of each replication: of what is not named the total, or else the only one there is."""
    for key in ("jurisdiction", "field", "item"):
        if getattr(question, key) is None and (rows[key] == ALL).any():
            rows = rows[rows[key] == ALL]
    if question.period is None and len(rows):
        rows = rows[rows["period"] == rows["period"].max()]
    if found := several(rows):
        key, shown = found
        raise ResultsError(
            f"`best` by {question.told} means several findings at once: {shown}",
            try_=f"add `{key}:` to name one of them",
        )
    return rows.set_index("replication")["value"]


def _of(extracted: pd.DataFrame, kind: str, number: int) -> pd.Series:
    """The values of one question by replication."""
    mine = (extracted["kind"] == kind) & (extracted["question"] == number)
    values = extracted[mine].set_index("replication")["value"].astype(np.float64).sort_index()
    return values[~np.isnan(values.to_numpy())]


def _joined(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))
