"""The part of a page that shows cases on their way: the same numbers in the table, in both languages, escaped."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from enforcement_sim.files.read import load
from enforcement_sim.measures.pairs import Side
from enforcement_sim.measures.tables import titles
from enforcement_sim.model.figures import Title
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.studies.movement import Movements, movements
from enforcement_sim.studies.replicate import one_log
from enforcement_sim.views.animation import animation_section
from enforcement_sim.views.animation_table import Shown, numbers
from enforcement_sim.views.words import WORDS

DATA = Path(__file__).parents[1] / "data"
BAD = Title(en='<script>alert("1")</script>', zh="<b>坏</b>")
Run = tuple[Scenario, Side]


def run(file: Path) -> Run:
    scenario = load(file)
    return scenario, Side(*one_log(scenario, 0, None))


@pytest.fixture(scope="module")
def runs() -> tuple[Run, Run]:
    return run(DATA / "small_shift.yaml"), run(DATA / "small_base.yaml")


@pytest.fixture(scope="module")
def both(runs: tuple[Run, Run]) -> Shown:
    (changed, side), (base, other) = runs
    return Shown(movements(side, other), titles(changed) | titles(base), changed, base)


@pytest.fixture(scope="module")
def alone(runs: tuple[Run, Run]) -> Shown:
    scenario, side = runs[1]
    return Shown(movements(side), titles(scenario), scenario)


class Rows(HTMLParser):
    """The cells of a table's body, by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def iso(cell: str) -> str:
    """The date that a cell writes in English and in Chinese, which must be the same one."""
    english, chinese = re.match(r"(\d+ \w{3} \d{4})(\d+年\d+月\d+日)", cell).groups()  # type: ignore[union-attr]
    dates = {dt.datetime.strptime(english, "%d %b %Y").date(), dt.datetime.strptime(chinese, "%Y年%m月%d日").date()}
    assert len(dates) == 1
    return str(dates.pop())


def told(shown: Shown) -> list[list[str]]:
    return [row for row in Rows(numbers(shown)).rows if row]


def test_the_table_tells_the_numbers_of_the_movements(both: Shown) -> None:
    moved = both.movements
    assert moved.base is not None
    days = {0: "2024-01-01", 91: "2024-04-01", 182: "2024-07-01", 366: "2025-01-01"}
    wanted = []
    for office in range(len(moved.offices)):
        for day, date in days.items():
            at = moved.reform + day
            line = [int(flow.waiting[office, at]) for flow in (moved.base, moved.changed)]
            work = [int(flow.in_work[office, at]) for flow in (moved.base, moved.changed)]
            more = line[1] - line[0]
            wanted.append([date, *(f"{one:,}" for one in (*line, *work)), f"{more:+,}" if more else "0"])

    assert [[iso(row[2]), *row[3:]] for row in told(both)] == wanted
    assert any(row[-1] not in ("0",) for row in wanted)


def test_without_a_base_the_table_starts_with_the_first_midnight(alone: Shown) -> None:
    rows = told(alone)

    assert [iso(row[2]) for row in rows[:4]] == ["2023-01-01", "2023-04-01", "2023-07-01", "2024-01-01"]
    at = (dt.date(2023, 7, 1) - alone.movements.first).days
    assert rows[2][3:] == [
        str(flow[0, at]) for flow in (alone.movements.changed.waiting, alone.movements.changed.in_work)
    ]


def test_dates_beyond_the_span_are_left_out(runs: tuple[Run, Run]) -> None:
    (changed, side), _ = runs
    moved = movements(side, span=(dt.date(2023, 12, 1), dt.date(2024, 4, 15)))

    dates = {iso(row[2]) for row in told(Shown(moved, {}, changed))}
    assert dates == {"2024-01-01", "2024-04-01"}


def test_a_month_later_is_the_last_day_of_a_shorter_month(runs: tuple[Run, Run]) -> None:
    (_, _), (base, side) = runs
    moved = movements(side, span=(dt.date(2023, 11, 30), dt.date(2024, 12, 31)))

    dates = [iso(row[2]) for row in told(Shown(moved, {}, base))[:4]]
    assert dates == ["2023-11-30", "2024-02-29", "2024-05-30", "2024-11-30"]


def test_every_text_is_there_in_both_languages(both: Shown) -> None:
    html = animation_section(both)

    for key in ("title", "play", "pause", "back", "on", "waiting", "in_work", "outside", "closed", "without", "with"):
        for language, text in WORDS[f"anim_{key}"].items():
            code = "zh-CN" if language == "zh" else "en"
            assert f'<span lang="{code}">{text}</span>' in html
    assert html.count('lang="en"') == html.count('lang="zh-CN"')
    assert f"{both.movements.chosen:,}件案件" in html
    assert f"the same {both.movements.chosen:,} cases of urban in both scenarios" in html
    assert f"{both.movements.same_day:,} cases that came and were closed within one day" in html


def test_how_many_cases_a_dot_stands_for_is_said(runs: tuple[Run, Run]) -> None:
    (changed, side), _ = runs
    moved = movements(side, most=100)

    assert f"One case in {moved.every} is drawn" in animation_section(Shown(moved, {}, changed))
    assert "One case in" not in animation_section(Shown(movements(side), {}, changed))


def test_names_cannot_break_out_of_the_page(runs: tuple[Run, Run]) -> None:
    (changed, side), (base, other) = runs
    bad = changed.model_copy(update={"title": BAD})
    html = animation_section(Shown(movements(side, other), {"city": BAD, "urban": BAD}, bad, base))

    assert "<script>alert" not in html
    assert "<b>坏" not in html
    assert "&lt;script&gt;alert" in html
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 2


def test_every_cell_of_a_number_and_every_bar_is_there_once(both: Shown) -> None:
    html = animation_section(both)
    offices = len(both.movements.offices)

    cells = re.findall(r'data-count="([\d-]+)"', html)
    assert sorted(cells) == sorted(f"{side}-{place}" for side in (0, 1) for place in range(2 * offices + 2))
    bars = re.findall(r'data-side="(\d)" data-office="(\d+)"', html)
    assert sorted(bars) == sorted((str(side), str(office)) for side in (0, 1) for office in range(offices))


def test_the_upper_level_comes_first_and_shared_offices_last(both: Shown) -> None:
    html = animation_section(both)
    levels = [WORDS[f"anim_level_{level}"]["en"] for level in ("city", "county", "none")]

    places = [html.index(f">{level}</span>") for level in levels]
    assert places == sorted(places)
    assert WORDS["anim_level_town"]["en"] not in html
    assert [row[0] for row in told(both) if row[1].startswith("legality review")] == ["–"] * 4


def test_a_page_with_two_of_them_has_no_name_twice(both: Shown, alone: Shown) -> None:
    html = animation_section(both) + animation_section(alone, "other")
    names = re.findall(r'\bid="([^"]+)"', html)

    assert len(names) == len(set(names)) > 4
    assert set(re.findall(r'\bfor="([^"]+)"', html)) <= set(names)


def test_the_data_of_the_page_can_be_read(both: Shown) -> None:
    html = animation_section(both)
    found = re.search(r'class="anim-data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])

    moved: Movements = both.movements
    assert (data["first"], data["days"], data["reform"]) == (str(moved.first), moved.days, moved.reform)
    assert [side["is"] for side in data["sides"]] == ["without", "with"]
    assert set(data["words"]["en"]) == set(data["words"]["zh"])


def test_a_case_more_changes_the_table(both: Shown) -> None:
    moved = both.movements
    waiting = moved.changed.waiting.copy()
    waiting[0, moved.reform] += 1_000
    other = replace(both, movements=replace(moved, changed=replace(moved.changed, waiting=waiting)))

    assert told(other)[0][4] == f"{waiting[0, moved.reform]:,}" != told(both)[0][4]
