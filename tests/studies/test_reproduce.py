"""Published results: they come out again, and whatever is planted in scenario, program or publication is named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from test_planted_edits import TOWN, Study

from enforcement_sim.studies import provenance

PUBLISH = ("publish", "published.yaml", "--as", "officers", "--results", "kept")
REPRODUCE = ("reproduce", "officers", "--results", "kept")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("published")
    study = Study(root / "program", root / "town")
    shutil.copytree(
        provenance.ROOT, study.program / "enforcement_sim", ignore=shutil.ignore_patterns("__pycache__")
    )  # fmt: skip
    shutil.copytree(TOWN, study.town)
    told = study.resume(*PUBLISH)
    assert told.returncode == 0, told.stderr
    return root


@pytest.fixture
def study(published: Path, tmp_path: Path) -> Study:
    shutil.copytree(published, tmp_path / "copy")
    return Study(tmp_path / "copy" / "program", tmp_path / "copy" / "town")


def test_a_publication_comes_out_again(study: Study) -> None:
    told = study.resume(*REPRODUCE)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "officers: reproduced bit for bit: 6 logs, 3 numbers, 8 files" in told.stdout
    told = study.resume(*REPRODUCE, "--smoke")
    assert told.returncode == 0, told.stdout
    assert "the first log of each of 2 points is the same" in told.stdout


def test_elsewhere_its_numbers_are_tested_with_fresh_seeds(study: Study) -> None:
    told = study.resume(*REPRODUCE, "--elsewhere")
    assert told.returncode == 0, told.stdout
    assert "3 numbers tested with fresh seeds; the same program would be faulted once in 1,000 times" in told.stdout
    manifest = study.town / "kept" / "officers" / "manifest.json"
    kept = json.loads(manifest.read_text())
    published = kept["claims"]["without"]["value"]
    kept["claims"]["without"]["value"] += 100
    kept["environment"]["numpy"] = "0.1"
    manifest.write_text(json.dumps(kept))
    told = study.resume(*REPRODUCE)
    assert told.returncode == 1
    assert "numpy 0.1 then" in " ".join(told.stdout.split())
    assert "claim without: " in told.stdout
    kept["claims"]["without"]["value"] = published
    manifest.write_text(json.dumps(kept))
    told = study.resume(*REPRODUCE, "--exact")
    assert "officers: reproduced bit for bit" in told.stdout, told.stdout
    assert study.resume(*REPRODUCE, "--exact", "--elsewhere").returncode == 2


PLANTED = {
    "staffing number": ("base.yaml", "officers: 3", "officers: 4", "teams.city_urban.officers.value: 3 then, 4 now"),
    "row of the law": ("law/statute.yaml", "value: 90", "value: 3", "DEC-01.value: 90 then, 3 now"),
    "distribution": ("base.yaml", "duration: 2 h", "duration: {family: exponential, mean: 2 h}", "duration.family: fixed"),
    "parameter": ("base.yaml", "p90: 30 h", "p90: 31 h", "duration.p90: 30 h then, 31 h now"),
    "last digit": ("base.yaml", "12.345678 h", "12.345679 h", "median: 12.345678 h then, 12.345679 h now"),
    "seed": ("base.yaml", "seed: 5", "seed: 6", "seed: 5 then, 6 now"),
    "share moved": ("change.yaml", "urban: 0.8", "urban: 0.7", "reform.share.urban.value: 0.8 then, 0.7 now"),
    "calendar": ("office.yaml", "13:00-18:00", "13:00-17:00", "calendars.office.hours.1"),
    "who goes first": ("decisions/order.py", "by_rule, entered, case", "by_rule, -entered, case", ""),
    "engine constant": ("decisions/durations.py", "length + 0.5", "length + 0.25", ""),
    "measure": ("measures/backlog.py", "WEEK = 7", "WEEK = 6", None),
    "question asked of chance": ("plan/intake.py", 'question("door:day")', 'question("door:hour")', ""),
    "level of the sweep": ("published.yaml", "axes: {reform.staff: [0, 0.5]}", "axes: {reform.staff: [0, 0.5, 0.9]}", None),
}  # fmt: skip
"""File, text before and after, and what of the scenario is named; None where no log moves."""


OFTEN = ("staffing number", "row of the law", "distribution", "seed", "who goes first", "measure")
"""Those of the ordinary suite; each of the others takes two seconds, too."""


@pytest.mark.parametrize("what", [pytest.param(one, marks=() if one in OFTEN else pytest.mark.long) for one in PLANTED])
def test_what_is_planted_is_named_with_the_first_case_and_stage(study: Study, what: str) -> None:
    file, before, after, named = PLANTED[what]
    study.edit(file, before, after)
    told = study.resume(*REPRODUCE)

    assert told.returncode == 1, told.stdout + told.stderr
    said = " ".join(told.stdout.split())
    assert "officers: NOT reproduced" in said
    assert "Traceback" not in told.stderr
    if named is None:
        return
    assert named in said
    if what != "last digit":  # which moves a second in the second replication, of which no marks are kept
        assert re.search(
            r"replication 0 first differs at row [\d,]+: case \d+, (stage '\w+'|at the door), \w+", said
        ), said


@pytest.mark.parametrize("name", ["figure.svg", "shown.csv", "claims.csv", "README.zh.md", "marks.bin"])
def test_a_kept_file_that_was_edited_is_named(study: Study, name: str) -> None:
    file = study.town / "kept" / "officers" / name
    content = file.read_bytes()
    file.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    told = study.resume(*REPRODUCE, "--smoke")

    assert told.returncode == 1
    assert f"{name} is not the file that was published" in told.stdout


def test_numbers_that_move_need_a_reason_which_is_kept(study: Study) -> None:
    study.edit("base.yaml", "officers: 3", "officers: 4")
    (study.town / "CHANGELOG.md").write_text("# Changes\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n")
    before = study.resume(*REPRODUCE).returncode
    refused = study.resume(*PUBLISH)
    assert (before, refused.returncode) == (1, 2)
    assert "comes out otherwise: claim without: " in " ".join(refused.stderr.split())
    assert study.resume(*PUBLISH, "--again").returncode == 2
    told = study.resume(*PUBLISH, "--again", "--because", "an officer more")
    assert told.returncode == 0, told.stderr

    history = (study.town / "kept" / "officers" / "history.md").read_text()
    assert re.search(r"- \d{4}-\d\d-\d\d: an officer more\n  - claim without: [\d.]+ .* then, [\d.]+ .* now", history)
    changes = (study.town / "CHANGELOG.md").read_text()
    assert "### Published numbers that moved\n\n- `officers`: an officer more (claim without: " in changes
    assert changes.endswith("### Added\n\n- A thing.\n")
    assert study.resume(*REPRODUCE).returncode == 0
    again = study.resume(*PUBLISH)
    assert again.returncode == 0, again.stderr  # nothing moves


def test_what_is_not_there_is_said(study: Study) -> None:
    told = study.resume("reproduce", "officer", "--results", "kept")
    assert told.returncode == 2
    assert "try:  officers" in told.stderr
    told = study.resume("reproduce", "--results", "kept")
    assert told.returncode == 2
    assert "no result is named" in told.stderr
