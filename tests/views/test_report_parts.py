"""Single parts of the pages: sentences of the overview, words of levers, drawings of flows, and what a sweep shows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import enforcement_sim as es
from enforcement_sim.model.figures import Title
from enforcement_sim.reports.material import of_results
from enforcement_sim.reports.of_sweep import _beside
from enforcement_sim.studies.sweep_kept import PointState
from enforcement_sim.views.levers import lever_name, lever_value
from enforcement_sim.views.pages.all import pages_of
from enforcement_sim.views.pages.flows import _contracted
from enforcement_sim.views.pages.overview import overview
from enforcement_sim.views.pages.shown import Shown
from enforcement_sim.views.words import LANGUAGES

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def shown() -> Shown:
    return of_results([es.run(DATA / f"small_{name}.yaml", replications=3) for name in ("base", "shift")])


def items(shown: Shown) -> list[str]:
    [part] = [part for part in overview(shown, []).parts if part.key == "findings"]
    return re.findall(r"<li>(.*?)</li>", part.html.split('class="box answer"')[1].split("</ol>")[0], flags=re.S)


def test_the_answer_is_three_sentences_with_intervals(shown: Shown) -> None:
    backlog, deadlines, trust = items(shown)

    level = shown.base.yearly.set_index(["jurisdiction", "field", "period"]).loc[("all", "all", 2024)]
    assert f"{level['low']:.0f} to {level['high']:.0f}" in backlog
    assert re.search(r"most more in west \+[\d.]+ \(\+[\d.]+ … \+[\d.]+\)", backlog)
    late = shown.tables[1].overdue.set_index(["jurisdiction", "field", "period"]).loc[("all", "all", 2024)]
    assert f"overdue are {100 * late['mean']:.1f}\u00a0% ({100 * late['low']:.1f}\u00a0% to" in deadlines
    assert re.search(rf"{100 * late['mean']:.1f}%（{100 * late['low']:.1f}%至", deadlines)
    assert "in the base none" in deadlines
    assert "3 replications" in trust


def test_without_a_change_it_tells_the_level_and_the_worst_clock(shown: Shown) -> None:
    alone = of_results([es.run(DATA / "small_base.yaml", replications=3)])

    assert len(items(alone)) == 3
    assert {page.key for page in pages_of(alone)} == {
        "index",
        "staffing",
        "clocks",
        "flows",
        "cases",
        "animation",
        "quality",
    }
    assert "shift" in {page.key for page in pages_of(shown)}


def test_a_log_that_is_not_the_kept_one_tells_nothing() -> None:
    results = es.run(DATA / "small_base.yaml", replications=2)
    other = of_results([replace(results, log_digests=("0" * 64, "0" * 64))])

    assert other.traced is None
    assert other.movements is None
    assert not {"flows", "cases", "animation"} & {page.key for page in pages_of(other)}


def test_html_in_a_title_is_text_on_every_page(shown: Shown) -> None:
    evil = Title(en='<img src=x onerror="alert(1)">', zh="<script>alert(1)</script>")
    named = replace(
        shown, title=evil, names=dict.fromkeys(("city", "east", "west", "decision_90", "city_urban", "urban"), evil),
        tables=[replace(one, title=evil) for one in shown.tables], others=[replace(one, title=evil) for one in shown.others],
    )  # fmt: skip
    for page in pages_of(named):
        for part in page.parts:
            assert "<img src" not in part.html, (page.key, part.key)
            assert "<script>alert" not in part.html, (page.key, part.key)


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("reform.share.urban", "urban management moved", "城市管理下移"),
        ("reform.share.urban.value", "urban management moved", "城市管理下移"),
        ("reform.staff", "staff moved", "人员下移"),
        ("teams.desk.officers", "officers · Desk", "窗口人数"),
        ("teams.desk.roster.1.officers", "officers from step 2 · Desk", "窗口第2阶段人数"),
        ("procedures.p.stages.s.duration.median", "duration.median", "duration.median"),
        ("future", "Future", "未来情形"),
    ],
)
def test_levers_have_names_in_both_languages(path: str, english: str, chinese: str) -> None:
    names = {"urban": Title(en="urban management", zh="城市管理"), "desk": Title(en="Desk", zh="窗口")}

    assert lever_name(path, names, LANGUAGES[0]) == english
    assert lever_name(path, names, LANGUAGES[1]) in (chinese, "未来", "未来情景")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("reform.staff", 0.35, "35 %"),
        ("reform.staff", None, "–"),
        ("teams.a.officers", 12, "12"),
        ("x.y", 0.123456789, "0.123457"),
    ],
)
def test_shares_are_told_in_percent(path: str, value: object, told: str) -> None:
    assert lever_value(path, value) == told


def test_a_drawing_leaves_out_stages_that_cases_only_pass() -> None:
    links = [
        ("a", "b", 10, False),
        ("b", "c", 10, False),
        ("c", "d", 6, False),
        ("c", "e", 4, False),
        ("e", "c", 1, True),
    ]

    assert sorted(_contracted(links)) == [
        ("a", "c", 10, False), ("c", "d", 6, False), ("c", "e", 4, False), ("e", "c", 1, True),
    ]  # fmt: skip


def test_of_a_sweep_the_first_the_picked_and_the_last_point_are_shown() -> None:
    points = [PointState(n, f"point-{n:03d}", "", {}, {}, None) for n in range(9)]

    assert [point.number for point in _beside(points, [])] == [0, 4, 8]
    assert [point.number for point in _beside(points, ["point-003"])] == [0, 3, 8]
    assert [point.number for point in _beside(points[:1], [])] == [0]
