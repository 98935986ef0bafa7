"""Docs that cannot drift: the printed reference, the links, the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from enforcement_sim.files.reference import reference

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_reference_page_is_what_the_program_prints() -> None:
    printed = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")

    assert printed == reference() + "\n", "run: enforcement-sim schema --format markdown > docs/reference/scenario.md"


def test_every_key_of_a_scenario_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", reference(), flags=re.MULTILINE)

    assert len(rows) > 100
    assert [key for key, said in rows if not said.strip()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files_of_the_project_exist(page: Path) -> None:
    named = re.findall(r"`((?:scenarios|docs|tests|src|bench)/[\w./-]+)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []
