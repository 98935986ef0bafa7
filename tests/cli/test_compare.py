"""`compare` as a planner types it: one page about several scenarios beside a base."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from commands import command
from enforcement_sim import api
from enforcement_sim.views.page import expanded

DATA = Path(__file__).parent.parent / "data"
BASE, SHIFT = DATA / "small_base.yaml", DATA / "small_shift.yaml"


def compare(*words: object) -> subprocess.CompletedProcess[str]:
    return command("compare", *words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a base, a shift, and the same shift with more of its cases moved."""
    out = tmp_path_factory.mktemp("compare")
    text = SHIFT.read_text(encoding="utf-8")
    more = text.replace("title: {en: Small city, zh: 小市}", "title: {en: All of it, zh: 全部下移}")
    assert more != text
    (out / "all_of_it.yaml").write_text(more, encoding="utf-8")
    result = compare(BASE, SHIFT, out / "all_of_it.yaml", "--replications", 3, "--workers", 1, "--out", out / "results")
    assert result.returncode == 0, result.stderr
    assert "index.html" in result.stdout.replace("\n", "")
    return out / "results"


def test_the_page_says_in_both_languages_who_loses_and_who_gains(folder: Path) -> None:
    page = expanded((folder / "report" / "shift.html").read_text(encoding="utf-8"))
    [box] = re.findall(r'<section id="gains">.*?<figure>', page, flags=re.S)

    for said in ("Small city: more open cases in 2024 than in the base – west", "小市：2024年未结案件多于基准——west"):
        assert said in box
    assert box.count("fewer open cases in 2024") == box.count("2024年未结案件少于基准") == 2
    assert "All of it: all places together" in box


def test_every_place_has_a_row_and_every_scenario_a_column(folder: Path) -> None:
    page = expanded((folder / "report" / "shift.html").read_text(encoding="utf-8"))
    [table] = re.findall(r'<section id="gains">.*?</table>', page, flags=re.S)
    rows = re.findall(r"<tr.*?</tr>", table, flags=re.S)[1:]

    assert len(rows) == 4  # three jurisdictions and all together
    assert all(row.count("<td") == 6 for row in rows)  # place, base, two scenarios with their intervals
    [west] = [row for row in rows if "west" in row]
    assert west.count("<b>+") == 2  # chance does not explain it


def test_results_of_equal_names_would_mix_and_are_refused() -> None:
    result = compare(BASE, BASE, "--replications", 2)

    assert result.returncode == 2
    assert "two files are called 'small_base'" in result.stderr
    assert "Traceback" not in result.stderr


def test_kept_results_are_compared_as_they_are(folder: Path, tmp_path: Path) -> None:
    kept = [folder / name for name in ("small_base", "small_shift", "all_of_it")]
    result = compare(*kept, "--out", tmp_path)
    assert result.returncode == 0, result.stderr
    for page in (folder / "report").glob("*.html"):
        again = (tmp_path / "report" / page.name).read_text(encoding="utf-8")
        assert again.replace(tmp_path.name, folder.name) == page.read_text(encoding="utf-8")


def test_results_of_other_cases_are_not_compared(folder: Path, tmp_path: Path) -> None:
    api.run(SHIFT, replications=1, seed=99, out=tmp_path)
    result = compare(folder / "small_base", tmp_path, "--out", tmp_path / "page")
    assert result.returncode == 2
    assert "seed 99" in result.stderr
    mixed = compare(folder / "small_base", SHIFT, "--out", tmp_path / "page")
    assert "some of these are folders" in mixed.stderr
    several = compare(folder, folder / "small_shift", "--out", tmp_path / "page")
    assert "holds the results of 3 scenarios" in several.stderr
