"""A scenario finds its law beside the file that names it, and a fault in a law file is told with that file's place."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import load
from enforcement_sim.model.scenario import Scenario

LAW = Path(__file__).parents[2] / "scenarios" / "law" / "china"
SCENARIO = """format: 1
title: t
purpose: theory
period: {start: 2024-01-01, end: 2025-01-01}
law: {files: ../law}
procedures: {p: {stages: {rest: {kind: wait, duration: 5 days, then: closed}}}}
origins: {o: {process: listed, enters: rest, at: [1 days]}}
"""
PENALTY = """title: {en: Penalty Law, zh: 行政处罚法}
starts_on: 2021-07-15
source: a copy
rows:
  APL-08:
    title: Decision limit
    article: "60"
    written: "<=90"
    value: 90
    bound: at_most
    unit: calendar_day
    evidence: text
"""
OTHER = """title: {en: Other Law, zh: 其他法}
rows:
  OTH-01:
    title: Another limit
    article: "1"
    written: "<=5"
    unit: working_day
    value: 5
    bound: at_most
    starts_on: 2024-07-01
    evidence: memory
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, text in (("law/penalty.yaml", PENALTY), ("law/other.yaml", OTHER), ("city/base.yaml", SCENARIO)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(place: Path, name: str = "city/base.yaml") -> str:
    with pytest.raises(ScenarioError) as error:
        load(place / name)
    return str(error.value)


def rows(scenario: Scenario) -> list[str]:
    assert scenario.law is not None
    return scenario.law.rows()


def test_the_law_stands_beside_the_scenario_that_names_it(place: Path) -> None:
    assert rows(load(place / "city/base.yaml")) == ["OTH-01", "APL-08"]


def test_a_scenario_in_another_folder_finds_the_law_of_its_base(place: Path) -> None:
    far = place / "far" / "away"
    far.mkdir(parents=True)
    (far / "shift.yaml").write_text("extends: ../../city/base.yaml\ntitle: shift\n", encoding="utf-8")

    assert rows(load(far / "shift.yaml")) == ["OTH-01", "APL-08"]


def test_one_file_is_a_law_book_too(place: Path) -> None:
    (place / "city/base.yaml").write_text(SCENARIO.replace("../law", "../law/penalty.yaml"), encoding="utf-8")

    assert rows(load(place / "city/base.yaml")) == ["APL-08"]


def test_dates_and_source_of_a_statute_hold_for_its_rows(place: Path) -> None:
    book = load(place / "city/base.yaml").law
    assert book is not None
    first, second = book.provision("APL-08"), book.provision("OTH-01")
    assert first is not None
    assert second is not None

    assert (str(first.starts_on), first.source) == ("2021-07-15", "a copy")
    assert (str(second.starts_on), second.source) == ("2024-07-01", None)


def test_a_folded_text_is_one_line_without_marks_of_its_folds(place: Path) -> None:
    text = PENALTY.replace("title: Decision limit", "title: >-\n      Decision\n      limit")
    (place / "law/penalty.yaml").write_text(text, encoding="utf-8")

    book = load(place / "city/base.yaml").law
    assert book is not None
    body = book.provision("APL-08")
    assert body is not None
    assert body.title == "Decision limit"


# What is wrong in penalty.yaml: what stands there, what instead, the place, what is said, what to try.
FAULTS = {
    "a typo in a key": ("    value: 90", "    valu: 90", "9:5", "unknown key", "value"),
    "a word for a number": ("value: 90", "value: ninety", "9:12", "whole number", "e.g. 12"),
    "an unknown mark": ("evidence: text", "evidence: txt", "12:15", "not one of the words", "text"),
    "an unknown bound": ("at_most", "at_mst", "10:12", "not one of the words", "at_most"),
    "a missing key": ("    evidence: text\n", "", "5:3", "a required key is missing", "add `evidence:`"),
    "no date": ("2021-07-15", "2021-15-07", "2:12", "not a date", "YEAR-MONTH-DAY"),
    "a value without bound": ("    bound: at_most\n", "", "6:5", "value and bound go together", "both or neither"),
    "a row of two files": ("APL-08", "OTH-01", "5:3", "the row OTH-01 stands twice (first in", "remove one"),
    "a row twice in a file": (
        "  APL-08:\n", "  APL-08: {}\n  APL-08:\n", "6:3", "'APL-08' stands twice", "keep one of the two"),
    "replaces no row": ("    unit:", "    replaces: OTH-1\n    unit:", "11:15", "no other row has this id", "OTH-01"),
    "replaces itself": ("    unit:", "    replaces: APL-08\n    unit:", "11:15", "no other row has this id", ""),
    "a tab": ("    value", "\tvalue", "9:1", "a tab indents this line", "spaces"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_law_file_is_told_with_its_place(place: Path, fault: str) -> None:
    old, new, at, says, tries = FAULTS[fault]
    assert old in PENALTY
    (place / "law/penalty.yaml").write_text(PENALTY.replace(old, new, 1), encoding="utf-8")

    message = told(place)

    assert f"law/penalty.yaml:{at}:" in message
    assert says in message
    assert tries in message


@pytest.mark.parametrize(("text", "says"), [("", "the file is empty"), ("- a\n", "a statute is a mapping")])
def test_a_file_that_is_no_statute_is_told_what_one_begins_with(place: Path, text: str, says: str) -> None:
    (place / "law/penalty.yaml").write_text(text, encoding="utf-8")

    message = told(place)

    assert "law/penalty.yaml" in message
    assert says in message
    assert "start with `title:` and `rows:`" in message


@pytest.mark.parametrize("named", ["../lwa", "../city/nothing.yaml"])
def test_a_folder_that_is_not_there_is_told_with_the_place_of_its_name(place: Path, named: str) -> None:
    (place / "city/base.yaml").write_text(SCENARIO.replace("../law", named), encoding="utf-8")

    message = told(place)

    assert "city/base.yaml:5:14: law.files: no such folder, seen from this file" in message
    assert named in message


def test_the_nearest_folder_is_suggested(place: Path) -> None:
    (place / "city/base.yaml").write_text(SCENARIO.replace("../law", "../lwa"), encoding="utf-8")

    assert "try:  law" in told(place)


def test_a_folder_without_statutes_is_refused(place: Path) -> None:
    (place / "empty").mkdir()
    (place / "city/base.yaml").write_text(SCENARIO.replace("../law", "../empty"), encoding="utf-8")

    assert "city/base.yaml:5:14: law.files: no statute in this folder" in told(place)


def test_statutes_are_not_written_into_the_scenario(place: Path) -> None:
    text = SCENARIO.replace("{files: ../law}", "{files: ../law, statutes: {}}")
    (place / "city/base.yaml").write_text(text, encoding="utf-8")

    assert "city/base.yaml:5:22: law.statutes: statutes are read from the files" in told(place)


def test_two_rows_do_not_replace_the_same_one(place: Path) -> None:
    with_old = OTHER + OTHER[OTHER.index("  OTH-01") :].replace("OTH-01:", "OTH-02:\n    replaces: OTH-01")
    third = with_old[with_old.index("  OTH-02") :].replace("OTH-02:", "OTH-03:")
    (place / "law/other.yaml").write_text(with_old + third, encoding="utf-8")

    assert "other.yaml:23:15: law.statutes.other.rows.OTH-03.replaces: OTH-02 replaces this row too" in told(place)


def test_a_row_that_replaces_another_has_a_first_day(place: Path) -> None:
    text = OTHER.replace("    starts_on: 2024-07-01", "    replaces: APL-08")
    (place / "law/other.yaml").write_text(text, encoding="utf-8")

    assert "row OTH-01 replaces another and has no first day" in told(place)


def test_a_changed_file_is_read_again(place: Path) -> None:
    load(place / "city/base.yaml")
    file = place / "law/penalty.yaml"
    file.write_text(PENALTY.replace("value: 90", "value: 60"), encoding="utf-8")
    os.utime(file, (1, 1))  # as long as before, and another time

    book = load(place / "city/base.yaml").law
    assert book is not None
    body = book.provision("APL-08")
    assert body is not None
    assert body.value == 60


def test_the_law_of_china_is_quick_to_load_again(place: Path) -> None:
    (place / "city/base.yaml").write_text(SCENARIO.replace("../law", str(LAW)), encoding="utf-8")
    load(place / "city/base.yaml")

    began = time.perf_counter()
    load(place / "city/base.yaml")
    assert time.perf_counter() - began < 0.3
