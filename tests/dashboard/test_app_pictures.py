"""Pictures of the application for the documentation, of the city's scenarios, as `make pictures` asks for them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_serving import served
from playwright.sync_api import expect

from browser import SIZES, browser, page_of, picture, takes_pictures
from enforcement_sim import api

SIZE = os.environ.get("ENFORCEMENT_SIM_PICTURE_SIZE", "laptop")
"""A key of SIZES: those of the documentation are of a laptop."""
SCENARIO = "scenarios/tianjin/shift_without_staff.yaml"
SHARE = '[id=\'{"path":"reform.share.urban","type":"lever"}\']'
STAFF = '[id=\'{"path":"reform.staff","type":"lever"}\']'
SECONDS = 120_000
TABS = ("try", "compare", "sweeps", "files")

pytestmark = takes_pictures


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application in a folder of the scenarios that are shipped, with one finished sweep."""
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copytree(Path(__file__).parents[2] / "scenarios", folder / "scenarios")
    api.sweep(folder / "scenarios" / "tianjin" / "sweep.yaml", out=folder / "results" / "sweep", replications=2)
    with served(folder, workers=2) as (address, _):
        yield address


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_of_every_tab_are_made(address: str, language: str) -> None:
    page, _ = page_of(browser(), SIZES[SIZE])
    page.set_default_timeout(SECONDS)
    page.goto(f"{address}/?lang={language}")
    page.locator("#scenario").click()
    page.keyboard.type("shift_without_staff")
    page.get_by_role("option").filter(has_text=SCENARIO).first.click()
    for changes, (lever, percent) in enumerate(((SHARE, 30), (STAFF, 30)), start=1):
        expect(page.locator(lever)).to_be_visible(timeout=SECONDS)
        page.locator(lever).fill(str(percent))
        expect(page.locator("#changes")).to_contain_text(str(changes), timeout=SECONDS)
        run(page, 8)
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        page.wait_for_timeout(3000)  # what a tab shows comes in several answers
        picture(page, f"app-{tab}-{language}")
    page.close()


def run(page: Any, replications: int) -> None:
    page.locator("#wanted").fill(str(replications))
    page.locator("#run").click()
    expect(page.locator("#stop")).to_be_enabled(timeout=SECONDS)
    expect(page.locator("#stop")).to_be_disabled(timeout=SECONDS)
