"""Docs that cannot drift: the printed reference, the links, the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from enforcement_sim.files.reference import reference
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.sweep_file import sweep_reference

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_reference_page_is_what_the_program_prints() -> None:
    printed = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")

    assert printed == reference() + "\n", "run: enforcement-sim schema --format markdown > docs/reference/scenario.md"


def test_the_reference_page_of_sweeps_is_what_the_program_prints() -> None:
    printed = (ROOT / "docs/reference/sweep.md").read_text(encoding="utf-8")
    command = "enforcement-sim schema --of sweep --format markdown > docs/reference/sweep.md"

    assert printed == sweep_reference() + "\n", f"run: {command}"


@pytest.mark.parametrize(("page", "least"), [(reference(), 100), (sweep_reference(), 40)], ids=["scenario", "sweep"])
def test_every_key_of_a_file_is_explained(page: str, least: int) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", page, flags=re.MULTILINE)

    assert len(rows) > least
    assert [key for key, said in rows if not said.strip()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files_of_the_project_exist(page: Path) -> None:
    named = re.findall(r"`((?:scenarios|docs|tests|src|bench)/[\w./-]+)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/sweeps.md").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_page_of_sweeps_has_an_example_of_each_design() -> None:
    kinds = {kind for text in EXAMPLES for kind in re.findall(r"kind: (\w+)", text)}

    assert kinds == {
        "list",
        "latin_hypercube",
        "sobol",
        "crossed",
        "morris",
        "sobol_indices",
    }  # a grid is what has no kind
    assert any("design:" not in text for text in EXAMPLES)


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_of_a_sweep_is_sound(text: str, tmp_path: Path) -> None:
    for folder in (ROOT / "scenarios").iterdir():
        if folder.is_dir():
            (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "sweep.yaml").write_text(text, encoding="utf-8")

    _, points = load_sweep(tmp_path / "sweep.yaml")

    assert len(points) > 1
