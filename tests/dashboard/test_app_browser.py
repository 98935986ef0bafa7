"""The page in a real browser: what a planner does with it, in order."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_serving import served
from app_tools import DATA
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from browser import browser as opened_browser
from browser import needs_browser
from enforcement_sim.dashboard.app import App

pytestmark = needs_browser
SECONDS = 40_000
EAST = '[id=\'{"path":"teams.east_team.officers","type":"lever"}\']'
SHARE = '[id=\'{"path":"reform.share.urban","type":"lever"}\']'
BEFORE: dict[Page, str | None] = {}
"""Where the latest run of a page was to be had before the one that was begun last: till then its words still stand."""
HOSTILE = "<img src=x onerror=alert(1)> <b>bold</b>"


@pytest.fixture(scope="module")
def browser() -> Browser:
    return opened_browser()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests of this file, each of which has a session of its own."""
    folder = tmp_path_factory.mktemp("browser") / "workspace"
    shutil.copytree(DATA, folder)
    return folder


@pytest.fixture(scope="module")
def site(workspace: Path) -> Iterator[tuple[str, App]]:
    text = (workspace / "shift.yaml").read_text(encoding="utf-8")
    hostile = text.replace("{en: Shift to the east, zh: 向东区下移}", f'"{HOSTILE}"')
    (workspace / "hostile.yaml").write_text(hostile, encoding="utf-8")
    with served(workspace, most_replications=40) as found:
        yield found


@pytest.fixture
def page(browser: Browser, site: tuple[str, App]) -> Iterator[Page]:
    """A page that has complained of nothing and asked no other machine, when the test is over."""
    address, _ = site
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    one = context.new_page()
    one.set_default_timeout(SECONDS)
    expect.set_options(timeout=SECONDS)
    faults: list[str] = []
    one.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    one.on("pageerror", lambda error: faults.append(str(error)))
    one.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            faults.append(f"asked {request.url}")

    one.on("request", asked)
    one.goto(address)
    yield one
    context.close()
    assert faults == []


def choose(page: Page, told: str, list_: str = "#scenario") -> None:
    page.locator(list_).click()
    page.get_by_role("option").filter(has_text=told).click()


def chosen(page: Page, told: str = "shift.yaml") -> None:
    choose(page, told)
    expect(page.locator(EAST)).to_be_visible()


def run(page: Page, replications: int = 4) -> None:
    page.locator("#wanted").fill(str(replications))
    links = page.locator("#downloads a")
    BEFORE[page] = links.first.get_attribute("href") if links.count() else None
    page.locator("#run").click()


def under_way(page: Page, officers: str, replications: int = 40) -> None:
    """A run of which something is shown, and which goes on."""
    chosen(page)
    page.locator(EAST).fill(officers)
    run(page, replications)
    expect(page.locator("#rests")).to_contain_text("Rests on")


def curve(page: Page, graph: str = "graph-difference") -> str:
    return page.locator(f"#{graph} .scatterlayer path.js-line").last.get_attribute("d") or ""


def finished(page: Page, replications: int) -> None:
    before = BEFORE.get(page)
    if before:
        expect(page.locator("#downloads a").first).not_to_have_attribute("href", before)
    expect(page.locator("#state")).to_have_text(re.compile("Finished"))
    expect(page.locator("#rests")).to_contain_text(f"Rests on {replications} replications")


def wait(happens: Callable[[], object]) -> None:
    """Wait for something; the page's policy forbids what Playwright would do it with."""
    until = time.monotonic() + SECONDS / 1000
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_moved_slider_gives_a_new_curve_with_its_interval(page: Page) -> None:
    chosen(page)
    run(page)
    finished(page, 4)
    before = curve(page)
    expect(page.locator("#changes")).to_contain_text("No changes")

    page.locator(SHARE).fill("90")
    expect(page.locator("#changes")).to_have_text("Changes: 1")
    expect(page.locator(".shown").first).to_have_text("90 %")
    expect(page.locator("#stale")).to_contain_text("Run again")
    run(page)
    finished(page, 4)

    wait(lambda: curve(page) != before)
    east = page.locator("#table tr").filter(has_text="East").first
    assert re.search(r"[+−]\d+\.\d … [+−]\d+\.\d", east.inner_text())
    assert page.locator("#graph-difference .js-fill").count() == 1
    assert "Chart of the difference in open cases" in (
        page.locator("#chart-difference").get_attribute("aria-label") or ""
    )
    expect(page.locator("#stale")).to_have_text("")


def test_with_one_replication_the_interval_is_not_known_yet(page: Page) -> None:
    chosen(page)
    page.locator(EAST).fill("4")
    run(page, 1)

    expect(page.locator("#rests")).to_contain_text("how sure the means are is not known yet")
    expect(page.locator("#table")).to_contain_text("not known yet")


def test_another_jurisdiction_shows_another_curve(page: Page) -> None:
    chosen(page)
    page.locator(EAST).fill("4")
    run(page)
    finished(page, 4)
    before = curve(page, "graph-backlog")
    choose(page, "East", "#place")

    wait(lambda: curve(page, "graph-backlog") != before)
    assert "in East" in (page.locator("#chart-backlog").get_attribute("aria-label") or "")
    expect(page.locator("#clocks caption")).to_contain_text("Legal clocks started in 2024: East")
    expect(page.locator("#clocks tbody tr")).to_have_count(3)
    page.get_by_text("Numbers of the charts").click()
    expect(page.locator("#chart-table")).to_contain_text("2 January 2023")


def test_a_stopped_run_shows_what_is_finished(page: Page) -> None:
    under_way(page, "3")
    page.locator("#stop").click()

    expect(page.locator("#state")).to_contain_text("Stopped")
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator("#table")).to_contain_text("East")


def test_a_reload_shows_the_run_where_it_is(page: Page) -> None:
    under_way(page, "3", 12)
    page.reload()

    expect(page.locator(EAST)).to_have_value("3")
    expect(page.locator("#scenario")).to_contain_text("Shift to the east")
    expect(page.locator("#changes")).to_have_text("Changes: 1")
    finished(page, 12)
    assert curve(page)


def test_a_changed_scenario_is_saved_and_can_be_chosen(page: Page, workspace: Path) -> None:
    chosen(page)
    page.locator(EAST).fill("5")
    page.locator(EAST).press("Enter")
    expect(page.locator("#changes")).to_have_text("Changes: 1")
    page.get_by_text("Save this scenario").click()
    expect(page.locator("#save-title")).to_be_visible()
    page.locator("#save-title").fill("Five in the east")
    page.locator("#save-name").fill("five")
    page.locator("#save").click()

    expect(page.locator("#saved")).to_contain_text("Saved as five.yaml")
    assert "five" in (workspace / "five.yaml").name
    with page.expect_download() as taken:
        page.locator("#saved a").click()
    assert Path(taken.value.path()).read_bytes() == (workspace / "five.yaml").read_bytes()
    choose(page, "Five in the east")
    expect(page.locator("#changes")).to_contain_text("No changes")
    expect(page.locator(EAST)).to_have_value("5")
    page.locator("#save-title").fill("Again")
    page.locator("#save-name").fill("plain")
    page.locator("#save").click()
    expect(page.locator("#saved")).to_contain_text("plain.yaml is there already")


def test_a_broken_file_is_told_in_the_page(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "mine.yaml"
    broken.write_text("format: 1\ntitle: [a, b\nseed: 1\n", encoding="utf-8")
    page.locator("#tab-files").click()
    page.locator("#upload input").set_input_files(str(broken))

    expect(page.locator("#uploaded")).to_contain_text("mine.yaml:3:")
    expect(page.locator("#uploaded")).to_contain_text("try:")
    assert str(tmp_path) not in page.content()


def test_a_sound_file_that_is_sent_is_chosen(page: Page, tmp_path: Path, workspace: Path) -> None:
    chosen(page)
    own = tmp_path / "own.yaml"
    own.write_bytes((workspace / "shift.yaml").read_bytes())
    page.locator("#tab-files").click()
    page.locator("#upload input").set_input_files(str(own))

    expect(page.locator("#uploaded")).to_contain_text("own.yaml is sound")
    expect(page.locator("#scenario")).to_contain_text("own.yaml")
    expect(page.locator("#files")).to_contain_text("own.yaml")


def test_what_cannot_be_is_said_and_nothing_runs(page: Page) -> None:
    chosen(page)
    for given, said in (("-1", "between 0 and 100,000 officers"), ("2.5", "officers come whole")):
        page.locator(EAST).fill(given)
        page.locator("#run").click()
        expect(page.locator("#problem")).to_contain_text(said)
        expect(page.locator("#problem")).to_contain_text("teams.east_team.officers")
    page.locator(EAST).fill("2")
    run(page, 41)
    expect(page.locator("#problem")).to_contain_text("a number from 1 to 40")
    expect(page.locator("#found")).to_be_hidden()


def test_a_fault_of_the_program_is_no_traceback(
    page: Page, site: tuple[str, App], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chosen(page)

    def fails(*_: object) -> None:
        raise ValueError("a secret of the machine")

    monkeypatch.setattr(site[1].desk, "start", fails)
    page.locator("#run").click()

    expect(page.locator("#problem")).to_contain_text("Something went wrong")
    assert "secret" not in page.content()
    assert "a callback failed" in caplog.text


def test_runs_are_compared(page: Page) -> None:
    chosen(page)
    for officers in ("3", "5"):
        page.locator(EAST).fill(officers)
        run(page, 2)
        finished(page, 2)
        expect(page.locator("#stale")).to_have_text("")
    page.locator("#tab-compare").click()
    expect(page.locator(".pick")).to_have_count(2)  # the second run may go on still: what is shown follows it
    for one in page.locator('.pick[aria-pressed="false"]').all():
        one.click()

    expect(page.locator("#comparison .scatterlayer .js-line")).to_have_count(6)
    expect(page.locator("#comparison tbody tr")).to_have_count(2)
    page.locator(".pick").first.click()
    expect(page.locator("#comparison tbody tr")).to_have_count(1)


def test_a_comparison_follows_a_run_that_goes_on(page: Page) -> None:
    under_way(page, "7")
    page.locator("#tab-compare").click()

    expect(page.locator("#comparison tbody")).to_contain_text("n = 40")
    expect(page.locator(".pick")).to_contain_text("n = 40")


def test_a_title_with_markup_is_text_everywhere(page: Page) -> None:
    chosen(page, "hostile.yaml")
    page.locator(EAST).fill("3")
    run(page, 2)
    finished(page, 2)
    page.locator("#tab-compare").click()
    expect(page.locator("#comparison .legendtext")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#comparison .legendtext")).to_contain_text("<b>bold</b>")
    expect(page.locator(".pick")).to_contain_text("<b>bold</b>")
    page.locator("#tab-files").click()
    expect(page.locator("#files")).to_contain_text("<b>bold</b>")

    assert page.locator("img[src='x']").count() == 0
    assert "bold" not in page.locator("b, [style*='bold']").all_inner_texts()


def test_everything_works_from_the_keyboard(page: Page) -> None:
    expect(page.locator("#run")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#scenario").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("shift.yaml", delay=40)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(EAST)).to_be_visible()
    page.locator(SHARE).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shown").first).to_have_text("51 %")
    page.locator("#wanted").fill("2")
    page.locator("#run").focus()
    page.keyboard.press("Enter")
    finished(page, 2)
    page.locator("#tab-try").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel-compare")).to_be_visible()
    expect(page.locator("#tab-compare")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_serious_stands_in_the_way_of_readers_with_disabilities(
    page: Page, site: tuple[str, App], language: str
) -> None:
    page.goto(f"{site[0]}/?lang={language}")
    chosen(page)
    run(page, 2)
    expect(page.locator("#table")).to_contain_text("East" if language == "en" else "东区")
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")

    for tab in ("try", "compare", "sweeps", "files"):
        page.locator(f"#tab-{tab}").click()
        expect(page.locator(f"#panel-{tab}")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        told = [(one["impact"], one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        assert [one for one in told if one[0] in ("serious", "critical")] == []


def test_the_switch_changes_the_language_and_keeps_the_rest(page: Page) -> None:
    chosen(page)
    page.locator(EAST).fill("3")
    page.locator(EAST).press("Enter")
    expect(page.locator("#changes")).to_have_text("Changes: 1")
    page.locator("#language").click()

    expect(page.locator("#changes")).to_have_text("已修改1处")
    expect(page.locator(EAST)).to_have_value("3")
    expect(page.locator("#run")).to_have_text("运行")
