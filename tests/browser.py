"""A real browser for tests: Debian's Chromium, and what is noted of every page that it opens."""

from __future__ import annotations

import atexit
import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REASON = "no Chromium on this machine; .ci/run installs it"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=REASON)
PICTURES = os.environ.get("ENFORCEMENT_SIM_PICTURES")
"""A folder into which pictures go, as `make pictures` asks."""
takes_pictures = pytest.mark.skipif(PICTURES is None or CHROMIUM is None, reason="pictures are made by `make pictures`")
SIZES = {"laptop": (1366, 768), "large": (1920, 1080)}


@dataclass
class Seen:
    """What a page did: complaints on its console, and the addresses that it asked for."""

    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@cache
def browser() -> Any:
    """The browser of this process: the driver allows one at a time, so all tests share it, and it ends with them."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    atexit.register(playwright.stop)
    atexit.register(opened.close)
    return opened


def page_of(opened: Any, size: tuple[int, int] = SIZES["laptop"]) -> tuple[Any, Seen]:
    """A new page of some width and height in pixels, and what will be seen of it."""
    page, seen = opened.new_page(viewport={"width": size[0], "height": size[1]}), Seen()

    def told(message: Any) -> None:
        if message.type in ("error", "warning") and "GPU stall" not in message.text:  # of drawing without a GPU
            seen.complaints.append(message.text)

    page.on("console", told)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    return page, seen


def picture(page: Any, name: str) -> None:
    """Keep what the window of a page shows."""
    folder = Path(str(PICTURES))
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / f"{name}.png"))


def serious(page: Any) -> list[str]:
    """What axe-core finds that shuts out readers: its serious and critical rules, with the first element of each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} – {len(one['nodes'])} times, first {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
