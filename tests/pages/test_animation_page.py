"""The animation in a browser: it plays, follows the keyboard and the language, and shows the numbers of the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser import browser, needs_browser
from enforcement_sim.files.read import load
from enforcement_sim.measures.pairs import Side
from enforcement_sim.measures.tables import titles
from enforcement_sim.studies.movement import Movements, movements
from enforcement_sim.studies.replicate import one_log
from enforcement_sim.views import theme
from enforcement_sim.views.animation import animation_section
from enforcement_sim.views.animation_table import Shown
from enforcement_sim.views.html import say
from enforcement_sim.views.page import Cover, Page, Part, write_single

pytestmark = needs_browser
DATA = Path(__file__).parents[1] / "data"
COUNTS = """() => Object.fromEntries(
  [...document.querySelectorAll("[data-count]")].map((cell) => [cell.dataset.count, cell.textContent]))"""
PIXELS = """() => { const shown = document.querySelector(".anim-dots"), copy = document.createElement("canvas");
  copy.width = shown.width; copy.height = shown.height; const found = {};
  const pen = copy.getContext("2d", { willReadFrequently: true }); pen.drawImage(shown, 0, 0);
  const all = pen.getImageData(0, 0, copy.width, copy.height).data;
  for (let i = 0; i < all.length; i += 4) if (all[i + 3] === 255) {
    const key = `${all[i]},${all[i + 1]},${all[i + 2]}`; found[key] = (found[key] || 0) + 1; }
  return found; }"""
WAITING, IN_WORK = "213,94,0", "0,114,178"  # the theme's vermilion and blue


@pytest.fixture(scope="module")
def moved() -> Movements:
    return movements(*(Side(*one_log(load(DATA / f"small_{name}.yaml"), 0, None)) for name in ("shift", "base")))


@pytest.fixture(scope="module")
def file(moved: Movements, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changed, base = load(DATA / "small_shift.yaml"), load(DATA / "small_base.yaml")
    section = animation_section(Shown(moved, titles(changed), changed, base))
    path = tmp_path_factory.mktemp("animation") / "page.html"
    cover = Cover(changed.title, "report", "", {}, "en")
    return write_single(path, cover, [Page("animation", [Part("animation", say("anim_title"), section)])])


@pytest.fixture(scope="module")
def opened() -> Any:
    return browser()


@pytest.fixture
def shown(opened: Any, file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page in a window of its own; anything that it complains of fails the test."""
    settings, before = getattr(request, "param", ({}, ""))
    tab = opened.new_page(viewport={"width": 1366, "height": 768}, **settings)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda one: said.append(one.url) if not one.url.startswith(("file:", "blob:", "data:")) else None)
    if before:
        tab.add_init_script(before)
    tab.goto(file.as_uri())
    tab.wait_for_selector(".anim[data-ready]")
    yield tab
    tab.close()
    assert said == []


def date(tab: Any) -> dt.date:
    return dt.date.fromisoformat(tab.eval_on_selector(".anim", "box => box.dataset.date"))


def go_to(tab: Any, day: int) -> None:
    tab.eval_on_selector(
        ".anim-day", "(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", day
    )


def wanted(moved: Movements, day: int) -> dict[str, str]:
    found = {}
    assert moved.base is not None
    for side, flow in enumerate((moved.base, moved.changed)):
        for office in range(len(moved.offices)):
            found[f"{side}-{2 * office}"] = f"{flow.waiting[office, day]:,}"
            found[f"{side}-{2 * office + 1}"] = f"{flow.in_work[office, day]:,}"
        found[f"{side}-{2 * len(moved.offices)}"] = f"{flow.outside[day]:,}"
        found[f"{side}-{2 * len(moved.offices) + 1}"] = f"{flow.closed[day]:,}"
    return found


def test_the_page_shows_the_numbers_of_every_date(shown: Any, moved: Movements) -> None:
    for day in (0, 200, moved.reform, 420, 500, moved.days - 1, 300):
        go_to(shown, day)

        assert date(shown) == moved.first + dt.timedelta(days=day)
        assert shown.evaluate(COUNTS) == wanted(moved, day)


def test_it_begins_before_the_change_and_stands_still(shown: Any) -> None:
    begins = date(shown)
    shown.wait_for_timeout(300)

    assert date(shown) == begins == dt.date(2023, 11, 1)
    assert shown.inner_text(".anim-since") == "61 days before the change"


def test_it_plays_and_pauses_and_the_numbers_stay_right(shown: Any, moved: Movements) -> None:
    shown.select_option(".anim-speed", "30")
    begins = date(shown)
    shown.click(".anim-play")
    assert shown.inner_text(".anim-play") == "Pause"
    shown.wait_for_function("document.querySelector('.anim').dataset.date > '2024-02-15'")
    assert shown.text_content(".anim-said") == ""  # silent while it plays
    shown.click(".anim-play")

    now = date(shown)
    assert now > begins
    assert shown.inner_text(".anim-play") == "Play"
    assert shown.evaluate(COUNTS) == wanted(moved, (now - moved.first).days)
    assert shown.text_content(".anim-said").startswith(f"{theme.date(now, 'en')}: with the change ")
    shown.wait_for_timeout(200)
    assert date(shown) == now


def test_it_stops_at_the_end_and_can_play_again(shown: Any, moved: Movements) -> None:
    shown.select_option(".anim-speed", "30")
    go_to(shown, moved.days - 10)
    shown.click(".anim-play")
    shown.wait_for_selector(".anim-is-paused:not([hidden])")
    assert date(shown) == moved.first + dt.timedelta(days=moved.days - 1)
    shown.click(".anim-play")
    shown.wait_for_timeout(100)

    assert dt.date(2023, 11, 1) <= date(shown) < dt.date(2024, 1, 1)


def test_the_slider_and_the_buttons_follow_the_keyboard(shown: Any, moved: Movements) -> None:
    go_to(shown, moved.reform)
    shown.focus(".anim-day")
    shown.keyboard.press("ArrowRight")
    assert date(shown) == dt.date(2024, 1, 2)
    assert shown.get_attribute(".anim-day", "aria-valuetext") == "2 Jan 2024"
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("ArrowLeft")
    assert date(shown) == dt.date(2023, 12, 31)
    shown.focus(".anim-on")
    shown.keyboard.press("Enter")
    shown.keyboard.press("Space")
    assert date(shown) == dt.date(2024, 2, 29)  # 31 January, then the last day of February
    shown.focus(".anim-back")
    shown.keyboard.press("Enter")
    assert date(shown) == dt.date(2024, 1, 29)
    assert shown.evaluate(COUNTS) == wanted(moved, moved.reform + 28)


def test_the_picture_has_a_dot_for_each_case_in_line_and_in_work(shown: Any, moved: Movements) -> None:
    assert moved.base is not None
    lines = moved.changed.waiting.sum(axis=0) + moved.base.waiting.sum(axis=0)
    works = moved.changed.in_work.sum(axis=0) + moved.base.in_work.sum(axis=0)
    days = [int(lines.argmax()), *range(380, 420, 5), int(lines.argmin()), 700, 699]
    found = []
    for day in days:
        go_to(shown, day)
        found.append(shown.evaluate(PIXELS))

    each = found[0][WAITING] / lines[days[0]]
    assert each >= 4  # the full pixels of a dot
    assert [one.get(WAITING, 0) / each for one in found] == pytest.approx(lines[days].tolist())
    assert [one.get(IN_WORK, 0) / each for one in found] == pytest.approx(works[days].tolist())


def test_bars_grow_while_it_plays_and_are_those_of_the_date_when_it_stands(shown: Any, moved: Movements) -> None:
    assert moved.base is not None
    lines = moved.changed.waiting.sum(axis=0) + moved.base.waiting.sum(axis=0)
    go_to(shown, 60)
    each = shown.evaluate(PIXELS)[WAITING] / lines[60]
    shown.select_option(".anim-speed", "30")
    shown.click(".anim-play")
    shown.wait_for_function("document.querySelector('.anim').dataset.date > '2023-06-10'")
    pixels, now = shown.evaluate(f"() => [({PIXELS})(), document.querySelector('.anim').dataset.date]")
    shown.click(".anim-play")
    played, day = shown.evaluate(PIXELS), (date(shown) - moved.first).days
    shown.reload()
    shown.wait_for_selector(".anim[data-ready]")
    go_to(shown, day)

    seen = (dt.date.fromisoformat(now) - moved.first).days
    assert lines[60] < 0.6 * lines[seen]
    assert pixels[WAITING] / each == pytest.approx(lines[seen], rel=0.15)  # some are in the air
    assert shown.evaluate(PIXELS) == played


def test_numbers_and_words_follow_the_language(shown: Any, moved: Movements) -> None:
    shown.click(".anim-on")
    assert shown.inner_text(".anim-said").startswith("1 Dec 2023: with the change")
    shown.click("#language")

    assert shown.inner_text(".anim-play") == "播放"
    assert shown.inner_text(".anim-since") == "变更实施前31天"
    assert shown.inner_text(".anim-scale") == "一个圆点为一件案件。"
    assert shown.inner_text(".anim-said").startswith("2023年12月1日：变更情景排队等候")
    assert shown.get_attribute(".anim-dots", "aria-label").startswith("各机构的案件圆点")
    assert "in line" not in shown.inner_text(".anim-stage")
    assert shown.evaluate(COUNTS) == wanted(moved, (dt.date(2023, 12, 1) - moved.first).days)
    shown.click("#language")
    assert shown.inner_text(".anim-play") == "Play"


@pytest.mark.parametrize("shown", [({"reduced_motion": "reduce"}, "")], indirect=True)
def test_who_wants_no_motion_gets_a_step_a_month(shown: Any) -> None:
    shown.evaluate(
        "() => { window.dates = new Set(); new MutationObserver(() => dates.add(document.querySelector('.anim')"
        ".dataset.date)).observe(document.querySelector('.anim'), { attributes: true }); }"
    )
    shown.click(".anim-play")
    shown.wait_for_function("window.dates.size >= 2", timeout=10_000)

    assert shown.evaluate("[...dates].slice(0, 2)") == ["2023-12-01", "2024-01-01"]


@pytest.mark.parametrize("shown", [({}, "delete window.DecompressionStream")], indirect=True)
def test_a_browser_that_cannot_unpack_the_moves_shows_bars(shown: Any, moved: Movements) -> None:
    go_to(shown, 450)

    assert shown.inner_text(".anim-scale").startswith("This browser cannot unpack")
    assert shown.evaluate(COUNTS) == wanted(moved, 450)
    assert shown.evaluate(PIXELS)[WAITING] > 100
    shown.click(".anim-play")
    shown.wait_for_timeout(300)
    assert date(shown) > moved.first + dt.timedelta(days=450)


@pytest.mark.parametrize("shown", [({"device_scale_factor": 1.25}, "")], indirect=True)
def test_the_picture_takes_the_size_of_the_window_and_of_its_pixels(shown: Any) -> None:
    sizes = "() => { const c = document.querySelector('.anim-dots'), t = document.querySelector('.anim-stage table');"
    sizes += "return [c.width / t.offsetWidth, c.height / t.offsetHeight, t.offsetWidth]; }"
    wide = shown.evaluate(sizes)
    shown.set_viewport_size({"width": 1000, "height": 700})
    shown.wait_for_timeout(200)
    narrow = shown.evaluate(sizes)

    assert wide[:2] == pytest.approx([1.25, 1.25], abs=0.01)
    assert narrow[:2] == pytest.approx([1.25, 1.25], abs=0.01)
    assert narrow[2] < wide[2]
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_the_table_stands_for_the_picture(shown: Any) -> None:
    shown.emulate_media(media="print")

    assert not shown.is_visible(".anim-player")
    assert shown.is_visible(".anim .data table")
