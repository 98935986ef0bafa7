"""The command that writes the validation book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from ..errors import ResultsError
from ..files.tree import parse_file
from ..model.figures import Title
from ..studies.backtest import backtests
from ..studies.book import Spread, keep_backtests, keep_runs, kept, outdated, spread, told_by
from ..studies.disk import make_folder, write_text
from ..studies.validation import Catalogue, catalogue
from ..views.book import WRITTEN, book_html, book_markdown
from ..views.book_parts import Case, Part, answers_part, backtests_part, cases_part, coverage_part, runs_part, said
from .several import several

CASES, COVERAGE = "validation", Path("measured") / "coverage.csv"
NOT_RUN = ("law", "procedures", "published")
"""Folders of files that are parts of scenarios, or sweeps of them."""
NOT_COMPARED = "levers"
"""Folder of scenarios that change one thing of a base each; the reference engine is not asked for them."""
PAGE, ANSWERS_PAGE, HTML = "validation.md", "validation_answers.md", "validation.html"


def write_book(scenarios: Path, folder: Path, docs: Path, runs: bool, series: Path | None, workers: int | None) -> None:
    """Write the pages from what is kept, after running scenarios and back-tests anew where that is asked.

    Exit code 1 if a case or a run fails, or if a case is another than the one whose answers are kept.
    """
    make_folder(folder)
    make_folder(docs)
    if runs:
        keep_runs(folder, _runs(scenarios, workers))
    if series is not None:
        keep_backtests(folder, backtests(series))
    found = catalogue(scenarios / CASES)
    parts = parts_of(found, folder)
    for name, text in pages(parts).items():
        write_text(docs / name, text)
    typer.echo(f"the book is in {docs / PAGE}, {docs / ANSWERS_PAGE} and {docs / HTML}")
    old = outdated(found, kept(folder).answers)
    if old:
        typer.echo(f"to run again, as scenario or answers are others now: {', '.join(old)}")
    if old or any(fails(part) for part in parts if part.key in ("cases", "answers", "runs")):
        raise typer.Exit(1)


def fails(part: Part) -> list[str]:
    """The first cell of every line that fails."""
    return [str(row.cells[0]) for grid in part.grids for row in grid.rows if row.fails]


def parts_of(found: Catalogue, folder: Path) -> list[Part]:
    """The chapters of the book, from the tables of a folder. Raises ResultsError."""
    tables, cases = kept(folder), cases_of(found)
    groups = {name: Title.model_validate(dict(title)) for name, title in found.groups.items()}
    try:
        coverage = pd.read_csv(folder.parent / COVERAGE)
    except (OSError, ValueError) as error:
        raise ResultsError(f"no coverage of intervals is kept: {error}", try_="bench/coverage.py") from None
    return [
        cases_part(cases, tables.answers, groups, str(tables.about["effort"])),
        runs_part(tables.runs),
        coverage_part(coverage),
        backtests_part(tables.backtests),
        answers_part(cases, tables.answers, groups, _told(spread(tables.answers))),
    ]


def _told(it: Spread) -> dict[str, str]:
    percent = {"beyond": f"{100 * it.beyond:.1f} %", "expected": f"{100 * it.expected:.1f} %"}
    return {"count": str(it.count), "mean": f"{it.mean:+.2f}", "sd": f"{it.sd:.2f}", **percent}


def cases_of(found: Catalogue) -> list[Case]:
    """All cases by name, those that wait for a construct as well."""
    known = [
        Case(name, body["title"], body["source"], body["tolerance"], "", _printed(body))
        for name, body in found.cases.items()
    ]
    waiting = [
        Case(name, body["title"], body["source"], "published", body["for"], {}) for name, body in found.waiting.items()
    ]
    return sorted([*known, *waiting], key=lambda case: case.name)


def _printed(body: Mapping[str, Any]) -> dict[str, float]:
    """What a source printed of its answers, with a half-width or without one."""
    with_width = {key: value for key, (value, _) in body.get("published", {}).items()}
    return {**with_width, **body.get("printed", {})}


def pages(parts: list[Part]) -> dict[str, str]:
    """Every page of the book by file name."""
    title = said("title").en
    first = f"# {title}\n\n{said('what').en} {WRITTEN} Every single answer: [{ANSWERS_PAGE}]({ANSWERS_PAGE}).\n\n"
    second = f"# {title}: {said('answers').en.lower()}\n\n[Back to the book]({PAGE}). {WRITTEN}\n\n"
    return {
        PAGE: first + book_markdown(parts[:-1]),
        ANSWERS_PAGE: second + book_markdown(parts[-1:]),
        HTML: book_html(parts),
    }


def files_of(scenarios: Path) -> list[Path]:
    """Every scenario file that runs by itself."""
    files = [file for file in sorted(scenarios.rglob("*.yaml")) if file.relative_to(scenarios).parts[0] not in NOT_RUN]
    return [
        file for file in files if {"extends", "period"} & (data := parse_file(file).data).keys() and "sweep" not in data
    ]


def _runs(scenarios: Path, workers: int | None) -> list[tuple[object, ...]]:
    pieces = [
        (file, file.relative_to(scenarios).as_posix(), file.parent.name != NOT_COMPARED) for file in files_of(scenarios)
    ]
    return several("runs", "scenarios", told_by, pieces, workers)
