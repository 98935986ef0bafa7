"""The report after STRESS-DES: every item once, in order, in both languages, with the scenario's own numbers."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from enforcement_sim.files.read import load
from enforcement_sim.measures.stress import AUTHOR, NUMBERS, StressFacts, stress_facts
from enforcement_sim.measures.tables import assumptions_table
from enforcement_sim.model.figures import Language, Title
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.model.stress import StressTexts
from enforcement_sim.views.stress import stress_markdown, write_stress_report
from enforcement_sim.views.stress_words import STRESS_WORDS, tell
from enforcement_sim.views.words import LANGUAGES

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WRITTEN = {name: {"en": f"<{name}> here", "zh": f"<{name}>在此"} for name in AUTHOR.values()}
TEXTS = StressTexts.model_validate(WRITTEN)
FILES = ("wenzhou/base.yaml", "tianjin/shift_with_staff.yaml")


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return {file: load(SCENARIOS / file) for file in (*FILES, "tianjin/base.yaml")}


def content(facts: StressFacts, number: str, language: Language) -> str:
    """All words of one item."""
    item = next(one for one in facts.items if one.number == number)
    cells = [*item.told, *(cell for grid in item.grids for row in grid.rows for cell in row)]
    return "\n".join(tell(cell, language) for cell in cells)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_every_item_stands_there_once_in_order(
    scenarios: dict[str, Scenario], file: str, language: Language, tmp_path: Path
) -> None:
    facts = stress_facts(scenarios[file], TEXTS)
    told = stress_markdown(facts, language)
    write_stress_report(tmp_path / "page.html", facts, language)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    heads = [f"{number} {STRESS_WORDS['item ' + number][language]}" for number in NUMBERS]

    assert re.findall(r"^### (.*)$", told, re.MULTILINE) == heads
    assert re.findall(r'<h3 id="i([\d.]+)">', page) == list(NUMBERS)
    assert re.findall(r"^## (\d)", told, re.MULTILINE) == list("123456")
    assert len(NUMBERS) == 24
    assert sum(item.filled_by == "program" for item in facts.items) >= 16
    for item in facts.items:
        assert content(facts, item.number, language).strip()
        for grid in item.grids:
            assert all(len(row) == len(grid.heads) for row in grid.rows)
    for name in AUTHOR.values():
        assert f"<{name}>" in told
        assert f"&lt;{name}&gt;" in page, "an author's text is no HTML"
        assert f"<{name}>" not in page


def test_all_words_are_there_in_both_languages() -> None:
    gaps = re.compile(r"\{(\w+)\}")
    for key, said in STRESS_WORDS.items():
        assert set(said) == {"en", "zh"}, key
        assert said["en"], key
        assert said["zh"], key
        assert sorted(gaps.findall(said["en"])) == sorted(gaps.findall(said["zh"])), key


@pytest.mark.parametrize("name", AUTHOR.values())
def test_a_missing_or_empty_text_of_the_author_is_named(name: str) -> None:
    for wrong in ({k: v for k, v in WRITTEN.items() if k != name}, {**WRITTEN, name: {"en": "x", "zh": " "}}):
        with pytest.raises(ValidationError) as refused:
            StressTexts.model_validate(wrong)
        assert [error["loc"][0] for error in refused.value.errors()] == [name]


@settings(max_examples=15, deadline=None)
@given(st.integers(100, 9_999), st.integers(100, 9_999))
def test_the_text_follows_the_scenario(officers: int, cases: int) -> None:
    facts = stress_facts(small(officers, cases), TEXTS)

    assert f"{officers} from 2024-01-01" in content(facts, "2.5.3", "en")
    assert f"2024-01-01起{officers}人" in content(facts, "2.5.3", "zh")
    assert f"{officers + 1} from 2024-03-01" in content(facts, "2.5.3", "en")
    assert str(cases) in content(facts, "2.5.1", "zh").split("\n")
    assert "lognormal, median 2 h, 90 % within 6 h" in content(facts, "2.5.2", "en")
    assert "对数正态分布，中位数2小时，90%在6小时内" in content(facts, "2.5.2", "zh")


def small(officers: int, cases: int) -> Scenario:
    work = {"family": "lognormal", "median": "2 h", "p90": "6 h"}
    roster = [{"on": dt.date(2024, 3, 1), "officers": officers + 1}]
    return Scenario.model_validate(
        {
            "format": 1, "title": "S", "purpose": "theory", "seed": 77,
            "period": {"start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1), "warm_up": "31 days"},
            "teams": {"office": {"officers": officers, "roster": roster}},
            "procedures": {"p": {"stages": {"work": {"kind": "work", "team": "office", "duration": work, "then": "closed"}}}},
            "origins": {"door": {"process": "counted", "enters": "work", "counts": [{"year": 2024, "count": cases}]}},
        }
    )  # fmt: skip


def test_run_length_warm_up_seed_and_replications_are_those_given() -> None:
    facts = stress_facts(small(3, 500), TEXTS, seed=123_456, replications=37, code={"numpy": "9.8.7", "a.py": "0f0f"})

    assert "31 days" in content(facts, "4.1", "en")
    assert "366 days" in content(facts, "4.2", "en")
    assert content(facts, "4.3", "en").startswith("37 independent")
    assert "123456" in content(facts, "5.2", "zh")
    assert "9.8.7" in content(facts, "5.1", "en")
    assert "a.py" not in content(facts, "5.1", "en")
    assert "77" in content(stress_facts(small(3, 500), TEXTS), "5.2", "en")


def test_a_machine_fills_its_item_and_nothing_else_does() -> None:
    unknown, known = (stress_facts(small(3, 500), TEXTS, machine=one) for one in (None, "two cores"))

    assert [item.number for item in unknown.items if item.filled_by == "nobody"] == ["5.4"]
    assert not [item for item in known.items if item.filled_by == "nobody"]
    assert "two cores" in content(known, "5.4", "en")


def test_lines_children_and_meetings_are_told(scenarios: dict[str, Scenario]) -> None:
    told = small(3, 500).model_dump(mode="json", by_alias=True, exclude_none=True)
    told["procedures"]["p"]["stages"]["work"] |= {
        "priority": 7, "line_limit": 13, "on_full": "closed", "patience": {"family": "exponential", "mean": "5 h"},
        "on_give_up": "closed",
    }  # fmt: skip
    facts = stress_facts(Scenario.model_validate(told), TEXTS)

    assert content(facts, "2.5.4", "en").split("\n")[-4:] == ["work", "7", "13", "exponential, mean 5 h"]
    activities = content(stress_facts(scenarios[FILES[1]], TEXTS), "2.5.2", "zh")
    assert "不等待子案；行政复议2 %；行政诉讼0.4 %" in activities
    assert "周三；每次最多40件" in activities


def test_a_scenario_is_told_beside_its_base(scenarios: dict[str, Scenario]) -> None:
    base, shift = scenarios["tianjin/base.yaml"], scenarios["tianjin/shift_with_staff.yaml"]
    facts = stress_facts(shift, TEXTS, base=base)
    grid = next(item for item in facts.items if item.number == "2.3").grids[0]

    assert shift.reform is not None
    assert ("reform.staff.value", "–", "0.5") in grid.rows
    assert all(str(row[0]).startswith("reform.") for row in grid.rows)
    assert not [row for row in grid.rows if re.search(r"title|assumed|range", str(row[0]))]
    assert f"from {shift.reform.on}" in content(facts, "2.5.3", "en"), "officers who move stand in the rosters"


@pytest.mark.parametrize("file", FILES)
def test_every_team_origin_and_assumption_is_told(scenarios: dict[str, Scenario], file: str) -> None:
    scenario = scenarios[file]
    facts = stress_facts(scenario, TEXTS)
    resources, sources = content(facts, "2.5.3", "zh"), content(facts, "3.1", "en")

    assert all(_zh(team.title, name) in resources for name, team in scenario.teams.items())
    assert all(key in sources.split("\n") for key in scenario.sources)
    assumed = len(assumptions_table(scenario))
    assert f"with reason: {assumed};" in content(facts, "3.3", "en")
    assert content(facts, "3.4", "en").startswith(f"{assumed} numbers")
    outcomes = content(facts, "2.5.5", "zh")
    assert all(end.zh in outcomes for name in facts.procedures for end in scenario.procedures[name].outcomes.values())
    ends = next(item for item in facts.items if item.number == "2.5.5").grids[1]
    told = [tell(row[1], "zh").split("；") for row in ends.rows]
    assert not any("结案" in one for one in told), "no way of these procedures leads to the nameless end"


def _zh(title: Title | None, name: str) -> str:
    return name.replace("_", " ") if title is None else title.zh


def test_the_same_facts_give_the_same_bytes(scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    again: Any = Scenario.model_validate(json.loads(scenarios[FILES[0]].model_dump_json(by_alias=True)))
    for number, scenario in enumerate((scenarios[FILES[0]], again)):
        write_stress_report(tmp_path / f"{number}.html", stress_facts(scenario, TEXTS), "zh")
    assert (tmp_path / "0.html").read_bytes() == (tmp_path / "1.html").read_bytes()
    one, other = (stress_markdown(stress_facts(given, TEXTS), "en") for given in (scenarios[FILES[0]], again))
    assert one == other
