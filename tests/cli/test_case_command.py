"""`cases` and `cohorts` as a planner types them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from commands import command
from enforcement_sim.measures.case_list import COLUMNS
from enforcement_sim.measures.pairs import OUTCOMES
from enforcement_sim.views.case_tables import WORDS, words_without_a_language

DATA = Path(__file__).parent.parent / "data"
BASE, SHIFT = DATA / "small_base.yaml", DATA / "small_shift.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("cases")
    result = command("cases", BASE, SHIFT, "-n", 2, "--out", out)
    assert result.returncode == 0, result.stderr
    return out, result.stdout


def test_the_list_of_cases_is_written_with_dates(folder: tuple[Path, str]) -> None:
    table = pd.read_csv(folder[0] / "cases.csv")

    assert table.columns.tolist() == ["replication", *COLUMNS]
    assert set(table["outcome"]) <= set(OUTCOMES)
    assert table["filed"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    assert table["last_day_changed"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    assert set(table["replication"]) == {0, 1}


def test_the_summary_is_printed_and_written(folder: tuple[Path, str]) -> None:
    out, printed = folder
    summary = pd.read_csv(out / "summary.csv")
    total = summary[(summary["jurisdiction_base"] == "all") & (summary["what"] == "only_changed")]["mean"].item()

    assert f"{total:,.1f}" in printed or f"{total:,.0f}" in printed
    assert "city → west" in printed
    assert "waiting for officers" in printed
    assert "Because of what" in printed
    assert "means over 2 replications" in printed
    assert (out / "causes.csv").exists()


def test_the_summary_is_told_in_chinese(tmp_path: Path) -> None:
    result = command("cases", BASE, SHIFT, "-k", 1, "--clock", "decision_90", "--language", "zh", "--out", tmp_path)

    assert result.returncode == 0, result.stderr
    assert "仅变更后" in result.stdout
    assert "排队等候" in result.stdout
    assert "仅一次重复试验" in result.stdout
    assert set(pd.read_csv(tmp_path / "cases.csv")["replication"]) == {1}


def test_scenarios_without_clocks_miss_nothing(tmp_path: Path) -> None:
    theory = Path(__file__).parents[2] / "scenarios/theory/mm1.yaml"
    result = command("cases", theory, theory, "-n", 1, "--out", tmp_path)

    assert result.returncode == 0, result.stderr
    assert "No case missed a limit" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cases", BASE, DATA, "-n", 1], "this is a folder"),
        (["cases", BASE, SHIFT, "-n", 1, "-k", 1], "one of the two"),
        (["cases", BASE, SHIFT, "-n", 1, "--clock", "decision_9"], "decision_90"),
        (["cases", BASE, DATA.parents[1] / "scenarios/theory/mm1.yaml"], "different periods"),
        (["cohorts", BASE, "-n", 1, "--jurisdiction", "eas"], "try:  east"),
        (["cohorts", BASE, "-n", 1, "--procedure", "markt"], "try:  market"),
        (["cohorts", BASE, "-n", 1, "--since", "filin"], "try:  filing"),
    ],
)
def test_what_a_user_can_get_wrong_is_said_with_what_to_try(
    words: list[str | Path | int], said: str, tmp_path: Path
) -> None:
    where = ["--out", tmp_path / "x"] if words[0] == "cases" else []
    result = command(*words, *where)

    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_cohorts_are_printed_and_all_of_them_written(tmp_path: Path) -> None:
    out = tmp_path / "new" / "cohorts.csv"
    result = command("cohorts", BASE, "-n", 2, "--by", "quarter", "--jurisdiction", "east", "--out", out)
    assert result.returncode == 0, result.stderr
    table = pd.read_csv(out)

    assert "east, all procedures" in result.stdout
    assert "2023-Q1" in result.stdout
    assert "means over 2 replications" in result.stdout.lower()
    assert set(table["jurisdiction"]) == {"all", "city", "east", "west"}
    assert set(table["procedure"]) == {"all", "ordinary", "market"}
    chinese = command("cohorts", BASE, "-n", 1, "--since", "filing", "-l", "zh")
    assert "删失" in chinese.stdout
    assert "仅一次重复试验" in chinese.stdout


def test_every_word_is_there_in_both_languages() -> None:
    assert words_without_a_language() == []
    assert words_without_a_language({"a": {"en": "b"}}) == ["a"]
    assert {*OUTCOMES} - {"neither"} <= set(WORDS)
