"""The validation book is what the program writes, about the scenarios that are there now, and shows what fails in red."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from enforcement_sim.cli.app import app
from enforcement_sim.cli.booking import cases_of, fails, files_of, pages, parts_of
from enforcement_sim.errors import ResultsError
from enforcement_sim.studies.book import ANSWERS, RUNS, kept, of_file, outdated, told_by
from enforcement_sim.studies.validation import catalogue
from enforcement_sim.views.book import FAILING, book_html, book_markdown
from enforcement_sim.views.book_parts import Part, Title

ROOT = Path(__file__).parents[2]
SCENARIOS, FOLDER, DOCS = ROOT / "scenarios", ROOT / "results" / "validation", ROOT / "docs"
FOUND = catalogue(SCENARIOS / "validation")


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return parts_of(FOUND, FOLDER)


def test_the_book_is_what_the_program_writes(parts: list[Part]) -> None:
    for name, text in pages(parts).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"{name}: run enforcement-sim book"


def test_every_case_was_run_as_it_is_now() -> None:
    answers = kept(FOLDER).answers

    assert outdated(FOUND, answers) == []
    for case, body in FOUND.cases.items():
        assert answers.loc[answers["case"] == case, "metric"].tolist() == list(body["expected"])


def test_every_scenario_was_run() -> None:
    files = [file.relative_to(SCENARIOS).as_posix() for file in files_of(SCENARIOS)]
    runs = kept(FOLDER).runs

    assert runs["scenario"].tolist() == files
    assert len(files) > 150
    assert (runs["reference"] != "not asked").sum() > 90


@pytest.mark.parametrize("levers", [False, pytest.param(True, marks=pytest.mark.long)])  # they take a minute to read
def test_every_scenario_was_run_as_it_is_now(levers: bool) -> None:
    runs = kept(FOLDER).runs
    chosen = runs[runs["scenario"].str.startswith("levers/") == levers]

    assert len(chosen) > 40
    other = [row.scenario for row in chosen.itertuples() if of_file(SCENARIOS / str(row.scenario)) != row.of]
    assert other == []


@pytest.mark.parametrize("name", ["theory/mm1.yaml", "validation/J19.yaml", "validation/K17.yaml"])
def test_a_run_of_the_book_comes_out_again(name: str) -> None:
    runs = kept(FOLDER).runs.set_index("scenario")
    again = told_by(SCENARIOS / name, name, False)

    assert again[:-1] == (name, *runs.loc[name].tolist()[:-1])


def test_nothing_fails_but_intervals_that_are_known_to_be_short(parts: list[Part]) -> None:
    short = {part.key: fails(part) for part in parts if fails(part)}

    assert {key: len(names) for key, names in short.items()} == {"coverage": 7}  # docs/why/intervals.md says why


def test_no_cell_is_empty(parts: list[Part]) -> None:
    assert len(parts) == 5
    for part in parts:
        for grid in part.grids:
            assert grid.rows
            for row in grid.rows:
                assert len(row.cells) == len(grid.heads)
                told = [text for c in row.cells for text in ((c.en, c.zh) if isinstance(c, Title) else (c,))]
                assert [one for one in told if not one.strip() or "nan" in one.split()] == [], row
    for page in ("validation.md", "validation_answers.md"):
        assert not re.search(r"\|[ \t]*\|", (DOCS / page).read_text(encoding="utf-8"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "results" / "measured", tmp_path / "measured")
    return Path(shutil.copytree(FOLDER, tmp_path / "validation"))


def edit(file: Path, row: int, **values: object) -> None:
    table = pd.read_csv(file)
    for column, value in values.items():
        table[column] = table[column].astype(object)
        table.loc[row, column] = value
    table.to_csv(file, index=False)


def test_a_case_that_fails_is_red(broken: Path) -> None:
    edit(broken / ANSWERS, 0, got=99.0, z=9.0, passes=False)
    parts = parts_of(FOUND, broken)
    cases = next(part for part in parts if part.key == "cases")

    assert fails(cases) == ["A01"]
    assert f"| {FAILING} A01 | M/M/1 rho=0.5 |" in book_markdown([cases])
    assert f"{len(FOUND.cases) - 1} of 94 cases pass" in book_markdown([cases])
    page = book_html(parts)
    assert '<b class="failing">A01</b>' in page
    assert re.search(r"\.failing \{ color: #b00020", page)
    assert '<b class="failing">A02</b>' not in page


def test_a_trace_that_fails_and_an_answer_that_is_missing_are_red(broken: Path) -> None:
    table = pd.read_csv(broken / ANSWERS)
    trace = table.index[table["case"] == "J01"][0]
    edit(broken / ANSWERS, int(trace), z=3.0, passes=False)
    edit(broken / ANSWERS, 1, got=float("nan"), se=float("nan"), z=float("nan"), passes=False)
    answers = parts_of(FOUND, broken)[-1]

    assert fails(answers) == ["A01", "J01"]
    text = book_markdown([answers])
    assert re.search(rf"\| {FAILING} A01 \| P_wait \| FAILS \| 0.5 \| nothing \| none \| none \|", text)
    assert re.search(rf"\| {FAILING} J01 \| \S+ \| FAILS \| as counted by hand \| another \| none \| 3e\+00 \|", text)


@pytest.mark.parametrize("values", [{"reference": "0" * 64}, {"open": 10**6}], ids=["engines differ", "cases are lost"])
def test_a_run_that_fails_is_red(broken: Path, values: dict[str, object]) -> None:
    runs = pd.read_csv(broken / RUNS)
    row = int(runs.index[runs["scenario"] == "theory/mm1.yaml"][0])
    edit(broken / RUNS, row, **values)

    part = next(part for part in parts_of(FOUND, broken) if part.key == "runs")
    assert fails(part) == ["theory/mm1.yaml"]
    assert f"| {FAILING} theory/mm1.yaml | FAILS |" in book_markdown([part])


def test_a_case_that_changed_since_is_named() -> None:
    body = {**FOUND.cases["B02"], "expected": {**FOUND.cases["B02"]["expected"], "util": 0.5}}
    changed = replace(FOUND, cases={**FOUND.cases, "B02": body})

    assert outdated(changed, kept(FOLDER).answers) == ["B02"]


def test_a_book_without_its_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"answers\.csv is missing or spoilt"):
        parts_of(FOUND, tmp_path)


def test_every_case_names_its_source() -> None:
    cases = cases_of(FOUND)

    assert [case.name for case in cases if not case.source.strip()] == []
    assert [case.name for case in cases if case.waits_for] == ["K11", "K14"]


def test_the_command_writes_the_pages_and_ends_with_1_where_something_fails(broken: Path, tmp_path: Path) -> None:
    words = ["book", str(SCENARIOS), "--kept", str(broken), "--docs", str(tmp_path / "pages")]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    assert sorted(file.name for file in (tmp_path / "pages").iterdir()) == sorted(pages([*parts_of(FOUND, broken)]))

    edit(broken / ANSWERS, 0, got=99.0, z=9.0, passes=False, of="0")
    second = CliRunner().invoke(app, words)
    assert second.exit_code == 1
    assert "to run again, as scenario or answers are others now: A01" in second.output
