"""The parts of the validation book as tables of cells, before they are set as Markdown or as a page."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd

from ..model.figures import Language, Title
from .words import LANGUAGES

BOOK_WORDS: dict[str, dict[Language, str]] = json.loads(
    resources.files(__package__).joinpath("assets", "book.json").read_text(encoding="utf-8")
)
AS_PROMISED, PROMISED = (0.93, 0.97), 0.95
"""Between these shares an interval of 95 % is called as promised; outside, if the share is surely another than 95 %."""

Cell = str | Title


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; one that fails is set in red."""

    cells: Sequence[Cell]
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under an optional heading; `heads` are words of the book, numbers stand from a column on."""

    heading: Title | None
    heads: Sequence[str]
    rows: Sequence[Row]
    numbers_from: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: its word, what it says, its tables."""

    key: str
    text: Title
    grids: Sequence[Grid]


@dataclass(frozen=True, slots=True)
class Case:
    """A case with known answers: of which group, what it is, where its answers are from, what it may wait for."""

    name: str
    title: str
    source: str
    kind: str
    waits_for: str
    printed: Mapping[str, float]


def said(key: str, **values: Any) -> Title:
    """A word of the book in both languages, its gaps filled."""
    en, zh = (BOOK_WORDS[key][code].format(**values) for code in LANGUAGES)
    return Title(en=en, zh=zh)


def cases_part(cases: Sequence[Case], answers: pd.DataFrame, groups: Mapping[str, Title], effort: str) -> Part:
    """Every case with its verdict, group by group."""
    passing = answers.groupby("case")["passes"].all()
    waiting = sum(bool(case.waits_for) for case in cases)
    text = said("text_cases", passed=int(passing.sum()), count=len(cases), waiting=waiting, effort=effort)
    heads = ("case", "model", "source", "kind", "verdict", "count", "largest", "relative")
    grids = [
        Grid(title, heads, [_case(case, answers[answers["case"] == case.name]) for case in of_group], 5)
        for group, title in groups.items()
        if (of_group := [case for case in cases if case.name.startswith(group)])
    ]
    return Part("cases", text, grids)


def _case(case: Case, rows: pd.DataFrame) -> Row:
    if case.waits_for:
        none = said("none")
        waits = said("waits_for", what=case.waits_for)
        return Row([case.name, case.title, case.source, said(f"kind_{case.kind}"), waits, "0", none, none])
    passes = bool(len(rows)) and bool(rows["passes"].all())
    if case.kind == "golden":
        largest: Cell = f"{rows['z'].max():.0e}"
        relative: Cell = said("none")
    else:
        largest = f"{rows['z'].abs().max():.2f}"
        relative = f"{100 * (rows['se'] / rows['expected'].abs()).replace(math.inf, math.nan).max():.2f} %"
    cells: list[Cell] = [case.name, case.title, case.source, said(f"kind_{case.kind}"), _verdict(passes)]
    return Row([*cells, str(len(rows)), largest, relative], not passes)


def answers_part(
    cases: Sequence[Case], answers: pd.DataFrame, groups: Mapping[str, Title], spread: Mapping[str, str]
) -> Part:
    """Every answer of every case: expected, got, standard error, z; `spread` fills what is said of all z."""
    text = said("text_answers", **spread)
    grids = []
    by_name = {case.name: case for case in cases}
    for group, title in groups.items():
        rows = answers[answers["case"].str.startswith(group)]
        prints = any(by_name[case].printed for case in rows["case"].unique())
        heads = ("case", "answer", "verdict", "expected", *(("printed",) if prints else ()), "got", "error", "z")
        lines = [_answer(by_name[row["case"]], row, prints) for row in rows.to_dict("records")]
        if lines:
            grids.append(Grid(title, heads, lines, 3))
    return Part("answers", text, grids)


def _answer(case: Case, row: Mapping[Any, Any], prints: bool) -> Row:
    passes, metric = bool(row["passes"]), str(row["metric"])
    printed: list[Cell] = []
    if prints:
        printed = [number(case.printed[metric]) if metric in case.printed else said("not_printed")]
    if case.kind == "golden":
        told: list[Cell] = [said("the_same" if passes else "another"), said("none"), f"{row['z']:.0e}"]
        return Row([case.name, metric, _verdict(passes), said("by_hand"), *printed, *told], not passes)
    if math.isnan(row["got"]):
        told = [said("nothing"), said("none"), said("none")]
    elif row["se"] == 0 and passes:
        told = [number(row["got"]), said("none"), said("exact")]
    else:
        told = [number(row["got"]), f"{row['se']:.2g}", f"{row['z']:+.2f}"]
    return Row([case.name, metric, _verdict(passes), number(row["expected"]), *printed, *told], not passes)


def runs_part(runs: pd.DataFrame) -> Part:
    """Every scenario once: the log of both engines, and cases filed, closed and open."""
    asked = runs[runs["reference"] != "not asked"]
    text = said("text_runs", compared=len(asked), rows=f"{asked['rows'].sum():,}")
    heads = ("scenario", "verdict", "reference", "log", "rows", "filed", "closed", "open", "missing")
    return Part("runs", text, [Grid(None, heads, [_run(row) for row in runs.to_dict("records")], 4)])


def _run(row: Mapping[Any, Any]) -> Row:
    missing = row["filed"] - row["closed"] - row["open"]
    same = (
        "not asked" if row["reference"] == "not asked" else "equal" if row["reference"] == row["log"] else "different"
    )
    fails = missing != 0 or same == "different"
    numbers = [f"{value:,}" for value in (row["rows"], row["filed"], row["closed"], row["open"], missing)]
    return Row([row["scenario"], _verdict(not fails), said(same), row["log"][:12], *numbers], fails)


def coverage_part(coverage: pd.DataFrame) -> Part:
    """How often intervals of ten replications held the truth."""
    kept = coverage[(coverage["replications"] == 10) & coverage["of"].isin(["mean", "difference"])]
    heads = ("base", "measure", "of", "verdict", "experiments", "share", "known_to")
    rows = []
    for row in kept.to_dict("records"):
        verdict = _coverage(row["share"], row["low"], row["high"])
        known = f"{100 * row['low']:.1f} to {100 * row['high']:.1f} %"
        cells: list[Cell] = [row["model"].replace("_", " "), row["what"], said(f"of_{row['of']}"), said(verdict)]
        numbers: list[Cell] = [f"{row['experiments']:,.0f}", f"{100 * row['share']:.1f} %"]
        numbers.append(Title(en=known, zh=known.replace(" to ", "至")))
        rows.append(Row([*cells, *numbers], verdict in ("short", "wide")))
    return Part("coverage", said("text_coverage"), [Grid(None, heads, rows, 4)])


def _coverage(share: float, low: float, high: float) -> str:
    if AS_PROMISED[0] <= share <= AS_PROMISED[1]:
        return "as_promised"
    return "short" if high < PROMISED else "wide" if low > PROMISED else "unclear"


def backtests_part(errors: pd.DataFrame) -> Part:
    """Mean errors of the model and of two naive rules on published series."""
    heads = ("series", "split", "given", "best", "periods", "predicted", "stay", "drift")
    rules, rows, best = ("predicted", "stay", "drift"), [], 0
    for row in errors.to_dict("records"):
        least = min(rules, key=lambda rule: row[rule])
        best += least == "predicted"
        numbers = [f"{row[rule]:,.0f} ({100 * row[f'{rule}_share']:.1f} %)" for rule in rules]
        named = [row["series"], row["split"], row["given"], said(f"best_{least}")]
        rows.append(Row([*named, str(row["forecasts"]), *numbers]))
    return Part("backtests", said("text_backtests", best=best, count=len(rows)), [Grid(None, heads, rows, 4)])


def number(value: float) -> str:
    """Five digits that count."""
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.5g}"


def _verdict(passes: bool) -> Title:
    return said("passes" if passes else "fails")
