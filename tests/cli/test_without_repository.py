"""Who has installed the program and not the project is told what is missing, and reads Chinese as far as the system can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from enforcement_sim.cli import main
from enforcement_sim.cli.app import app
from enforcement_sim.errors import ResultsError
from enforcement_sim.files.repository import FOLDERS, missing

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small_base.yaml"

NEEDS = {
    # what is asked for in a folder without the project: the path that the message must name
    "validate": "scenarios/validation/expected.yaml",
    "book": "scenarios/validation/expected.yaml",
    "effects": "scenarios/levers/systems.yaml",
    "reproduce --all": "results/published",
    "reproduce towns": "results/published",
    "reproduce": "results/published",
    "run scenarios/tianjin/base.yaml": "scenarios/tianjin/base.yaml",
    "check scenarios/tianjin/base.yaml": "scenarios/tianjin/base.yaml",
    "sweep scenarios/tianjin/sweep.yaml": "scenarios/tianjin/sweep.yaml",
    "compare scenarios/tianjin/base.yaml my.yaml": "scenarios/tianjin/base.yaml",
    "cohorts scenarios/tianjin/base.yaml": "scenarios/tianjin/base.yaml",
    "publish scenarios/published/towns.yaml --as towns": "scenarios/published/towns.yaml",
    f"describe {SMALL} --texts docs/stress/tianjin.yaml": "docs/stress/tianjin.yaml",
}


@pytest.mark.parametrize("words", NEEDS)
def test_what_only_a_clone_has_is_named(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["enforcement-sim", *words.split()])

    with pytest.raises(SystemExit) as end:
        main()

    told = capsys.readouterr().err
    assert end.value.code == 2
    assert str(Path(NEEDS[words])) in told
    folder = NEEDS[words].split("/")[0]
    hint = "enforcement-sim start . copies" if folder == "scenarios" else f"the folder {folder} comes with a clone"
    assert hint in told


def test_a_slip_in_a_clone_is_no_lack_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    assert missing(Path("scenarios/tianjn/base.yaml")) == "check the path"
    monkeypatch.chdir(tmp_path)
    assert missing(Path("mine.yaml")) == missing(tmp_path / "scenarios" / "base.yaml") == "check the path"


def test_who_has_no_clone_can_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".scenarios.part").mkdir()  # what a copy that was killed leaves
    (tmp_path / ".scenarios.part" / "half.yaml").touch()
    told = CliRunner().invoke(app, ["start", "."])

    assert told.exit_code == 0, told.output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["scenarios"]
    for name in ("tianjin/shift_without_staff.yaml", "published/towns.yaml", "validation/expected.yaml"):
        assert (tmp_path / "scenarios" / name).read_bytes() == (ROOT / "scenarios" / name).read_bytes()
    assert "try: enforcement-sim run scenarios/tianjin/shift_without_staff.yaml" in told.output
    assert CliRunner().invoke(app, ["check", "scenarios/tianjin/shift_without_staff.yaml"]).exit_code == 0

    again = CliRunner().invoke(app, ["start", "."])
    assert isinstance(again.exception, ResultsError)
    assert "is there already" in str(again.exception)


def test_the_folders_are_those_of_the_project() -> None:
    assert [name for name in FOLDERS if not (ROOT / name).is_dir()] == []


@pytest.mark.parametrize("letters", ["cp1252", "gbk"])
def test_a_system_with_few_letters_ends_no_command(letters: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": letters}
    words = [sys.executable, "-m", "enforcement_sim", "schema"]
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    plain = subprocess.run(words, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode(letters)) == json.loads(plain.stdout.decode("utf-8"))
