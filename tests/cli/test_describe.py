"""`describe`: a scenario after STRESS-DES, from its file, what only the author knows, and kept results."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from enforcement_sim import api
from enforcement_sim.cli.app import app
from enforcement_sim.errors import ResultsError, ScenarioError

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small_base.yaml"
TEXTS = sorted((ROOT / "docs" / "stress").glob("*.yaml"))


def described(*words: str | Path) -> str:
    told = CliRunner().invoke(app, ["describe", *map(str, words)], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.stdout


@pytest.mark.parametrize("texts", TEXTS, ids=lambda file: file.stem)
def test_shipped_texts_describe_their_scenario(tmp_path: Path, texts: Path) -> None:
    described(ROOT / "scenarios" / texts.stem / "base.yaml", "--texts", texts, "--out", tmp_path)

    page = (tmp_path / "base.html").read_text(encoding="utf-8")
    english, chinese = ((tmp_path / f"base.{code}.md").read_text(encoding="utf-8") for code in ("en", "zh"))
    assert "To show planners" in page
    assert "供规划人员" in page
    assert "<svg" in page
    assert len(page) < 2_000_000  # there is no chart in it, and so nothing that draws one
    assert "To show planners" in english
    assert "供规划人员" in chinese


def test_kept_results_tell_seed_replications_and_machine(tmp_path: Path) -> None:
    api.run(SMALL, replications=2, seed=4711, out=tmp_path / "out")
    described(SMALL, "--texts", TEXTS[0], "--results", tmp_path / "out" / "small_base", "--out", tmp_path)

    english = (tmp_path / "small_base.en.md").read_text(encoding="utf-8")
    assert "4711" in english
    assert "processors" in english


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    texts = tmp_path / "texts.yaml"
    texts.write_text("purpose: {en: a, zh: 甲}\nexperimentation_aims: {en: b, zh: 乙}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"texts\.yaml") as caught:
        described(SMALL, "--texts", texts, "--out", tmp_path)
    assert "pre_processing: a required key is missing" in str(caught.value)
    texts.write_text("purpos: {en: a, zh: 甲}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"texts\.yaml:1:1: purpos: unknown key"):
        described(SMALL, "--texts", texts, "--out", tmp_path)
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml"):
        described(SMALL, "--texts", tmp_path / "nowhere.yaml", "--out", tmp_path)
    with pytest.raises(ResultsError, match="no results in"):
        described(SMALL, "--texts", TEXTS[0], "--results", tmp_path, "--out", tmp_path)
