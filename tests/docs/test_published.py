"""What is published is whole, and every file that could be published is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enforcement_sim.files.tree import parse_file
from enforcement_sim.journal.trace import BLOCK
from enforcement_sim.studies.provenance import dumped, moving
from enforcement_sim.studies.publication import MANIFEST, MARKS, kept_manifest, kept_marks, kept_scenario
from enforcement_sim.studies.reproducing import file_faults
from enforcement_sim.studies.results import load_result

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "results" / "published"
FILES = sorted((ROOT / "scenarios" / "published").glob("*.yaml"))


def test_every_file_is_published_and_nothing_else() -> None:
    assert [file.stem for file in FILES] == sorted(path.parent.name for path in PUBLISHED.glob(f"*/{MANIFEST}"))
    assert len(FILES) >= 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_page_of_published_results_names_each(file: Path) -> None:
    title, place = parse_file(file).data["sweep"]["title"], f"../results/published/{file.stem}"
    page = (ROOT / "docs" / "published.md").read_text(encoding="utf-8")

    assert f"| [{title['en']}]({place}/README.md) | [{title['zh']}]({place}/README.zh.md) |" in page


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_publication_is_whole(name: str) -> None:
    folder = PUBLISHED / name
    told = kept_manifest(folder)

    assert list(file_faults(folder, told)) == []
    assert (folder / told["file"]).resolve() == (ROOT / "scenarios" / "published" / f"{name}.yaml")
    assert all(len(point["logs"]) == told["replications"] for point in told["points"].values())
    marks = kept_marks(folder, told)
    assert sum(len(one.tobytes()) for one in marks.values()) == (folder / MARKS).stat().st_size
    assert all(BLOCK * len(one.blocks) + len(one.each) >= one.rows for one in marks.values())
    for page in ("README.md", "README.zh.md"):
        text = (folder / page).read_text(encoding="utf-8")
        assert all(number["told"] in text for number in told["claims"].values())


@pytest.mark.parametrize("name", ["demand_shock", "shifts"])  # each takes seconds; `reproduce` looks at them all
def test_the_scenario_of_every_point_is_kept(name: str) -> None:
    folder = PUBLISHED / name
    _, points, _ = load_result(ROOT / "scenarios" / "published" / f"{name}.yaml")

    assert len(points) > 4
    for point in points:
        assert json.dumps(kept_scenario(folder, point.name)) == json.dumps(moving(dumped(point.scenario)))
