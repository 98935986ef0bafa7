"""The report in a real browser: every page in both languages, for every reader, and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from browser import PICTURES, SIZES, browser, needs_browser, page_of, picture, serious, takes_pictures
from enforcement_sim import api
from enforcement_sim.reports.of_sweep import of_sweep
from enforcement_sim.reports.write import write
from enforcement_sim.studies.sweep_run import load_sweep_results
from enforcement_sim.views.words import LANGUAGES

SWEEP = Path(__file__).parents[2] / "scenarios" / "tianjin" / "sweep.yaml"
PAGES = (
    "index", "shift", "staffing", "clocks", "flows", "sensitivity", "explorer", "cases", "animation", "quality",
)  # fmt: skip
LARGEST = 300_000
"""Bytes of a page without the program that draws."""
HEIGHT_OF_PICTURES = 1000
"""Pixels, so that each shows more than the head of its page."""

pytestmark = needs_browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the base sweep with fewer levels and replications."""
    out = tmp_path_factory.mktemp("pages")
    _make(out)
    return out / "report"


def _make(out: Path) -> None:
    text = SWEEP.read_text(encoding="utf-8").replace("of: shift", f"of: {SWEEP.parent}/shift")
    small = text.replace("[0, 0.2, 0.4, 0.6, 0.8, 1.0]", "[0, 0.6]").replace("[0, 0.2, 0.35, 0.5]", "[0, 0.5]")
    small = small.replace("replications: 4", "replications: 2")
    assert small.count("[0, 0.") == 2
    (out / "sweep.yaml").write_text(text if PICTURES else small, encoding="utf-8")
    api.sweep(out / "sweep.yaml", out=out / "results", workers=1)
    shown = of_sweep(out / "results", load_sweep_results(out / "results"))
    write(out, shown)
    write(out, shown, single=True)


@pytest.fixture(scope="session")
def opened() -> Any:
    return browser()


def ready(page: Any, file: Path, language: str = "en") -> None:
    page.goto(f"{file.as_uri()}#{language}")
    page.wait_for_selector('html[data-ready="yes"]', timeout=60_000)


def test_there_is_a_page_for_every_question_and_none_is_large(report: Path) -> None:
    assert {file.stem for file in report.glob("*.html")} >= set(PAGES)
    assert {file.name: file.stat().st_size for file in report.glob("*.html") if file.stat().st_size > LARGEST} == {}


@pytest.mark.parametrize("key", PAGES)
def test_a_page_opens_for_every_reader_and_asks_for_nothing_outside(opened: Any, report: Path, key: str) -> None:
    page, seen = page_of(opened)
    ready(page, report / f"{key}.html")
    good_for_every_reader(page, "en")
    page.click("#language")
    page.wait_for_selector('html[data-lang="zh"][data-ready="yes"]')
    good_for_every_reader(page, "zh-CN")

    assert seen.complaints == []
    assert [address for address in seen.asked if not address.startswith(("file://", "data:", "blob:"))] == []
    page.close()


def good_for_every_reader(page: Any, lang: str) -> None:
    assert page.get_attribute("html", "lang") == lang
    other = {"en": "zh-CN", "zh-CN": "en"}[lang]
    assert (
        page.evaluate(f"""[...document.querySelectorAll('main [lang="{other}"]')].filter(e => e.offsetParent).length""")
        == 0
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")  # nothing is cut at the side
    charts = page.evaluate(CHARTS)
    assert [one for one in charts if not one["isDrawn"]] == []
    assert [one for one in charts if one["role"] != "group" or len(one["label"]) < 12 or not one["cells"]] == []
    assert page.evaluate(FAULTS) == []
    assert serious(page) == []


CHARTS = """[...document.querySelectorAll('.chart:not(.nothing)')].map((chart) => ({
  chart: chart.dataset.chart, role: chart.getAttribute('role'), label: chart.getAttribute('aria-label'),
  isDrawn: chart.querySelectorAll('.main-svg').length > 0,
  cells: chart.closest('section').querySelectorAll('table td').length}))"""
"""Of every chart: whether it is drawn, what a reader who does not see it hears, and whether its numbers have a table."""
FAULTS = """[...document.querySelectorAll('.chart:not(.nothing)')].flatMap((chart) => {
  const box = chart.getBoundingClientRect();
  const texts = [...chart.querySelectorAll('.gtitle, .legendtext, .xtitle, .ytitle, .xtick text, .ytick text')];
  const places = texts.map((one) => [one.textContent, one.getBoundingClientRect()]);
  const cut = places.filter(([, r]) => r.left < box.left - 1 || r.right > box.right + 1
    || r.top < box.top - 1 || r.bottom > box.bottom + 1).map(([text]) => `cut: ${text}`);
  const clash = places.flatMap(([a, r], i) => places.slice(i + 1).filter(([, q]) =>
    Math.min(r.right, q.right) - Math.max(r.left, q.left) > 2
    && Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top) > 4).map(([b]) => `${a} on ${b}`));
  return [...cut, ...clash].map((fault) => `${chart.dataset.chart}: ${fault}`);
})"""
"""Titles, legends and names of axes that are cut by the edge of their chart, or lie on each other."""


def test_the_language_is_kept_from_page_to_page(opened: Any, report: Path) -> None:
    page, _ = page_of(opened)
    ready(page, report / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"  # a reader without a mouse gets past the links
    page.click("#language")
    page.click('.bar nav a[href^="quality.html"]')
    page.wait_for_selector('html[data-ready="yes"]')

    assert page.get_attribute("html", "data-lang") == "zh"
    assert page.inner_text("h1") == "案件下移比例与人员下移比例"
    page.close()


def test_on_paper_every_table_is_whole_and_nothing_is_left_to_press(opened: Any, report: Path, tmp_path: Path) -> None:
    page, _ = page_of(opened)
    ready(page, report / "shift.html")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "none"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollHeight <= e.clientHeight + 1)")
    content = page.pdf(path=str(tmp_path / "shift.pdf"), format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", content)) >= 2
    page.close()


def test_the_single_file_has_every_page_and_its_links_lead_to_them(opened: Any, report: Path) -> None:
    page, seen = page_of(opened)
    ready(page, report.parent / "report.html")

    assert [page.locator(f"#page-{key}").count() for key in PAGES] == [1] * len(PAGES)
    assert page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].every(a => document.querySelector(a.hash))")
    assert page.evaluate("document.querySelectorAll('a[href$=\".html\"]:not([href^=http])').length") == 0
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == page.evaluate(
        "document.querySelectorAll('[id]').length"
    )
    assert seen.complaints == []
    page.close()


@takes_pictures
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", PAGES)
def test_pictures_of_every_page_are_made(opened: Any, report: Path, key: str, language: str) -> None:
    page, _ = page_of(opened, (SIZES["laptop"][0], HEIGHT_OF_PICTURES))
    ready(page, report / f"{key}.html", language)
    picture(page, f"{key}-{language}")
    page.close()
