"""`status`: what is finished, what is spoilt, what is of another program."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from enforcement_sim import api
from enforcement_sim.cli.status import tell_status
from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.studies.points import How
from enforcement_sim.studies.provenance import sealed
from enforcement_sim.studies.replicate import replicate
from enforcement_sim.studies.store import Folder
from enforcement_sim.studies.sweep_kept import keep_state, kept_state

DATA = Path(__file__).parents[1] / "data"
SMALL, SWEEP = DATA / "small_base.yaml", DATA / "small_sweep.yaml"


def told(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    monkeypatch.setenv("COLUMNS", "200")
    tell_status(folder)
    lines = capsys.readouterr().out.splitlines()
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]


def test_status_tells_each_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = load(SMALL)
    for name in ("a", "b"):
        replicate(small, name=name, replications=2, folder=tmp_path / name)
    replicate(small, name="b", seed=9, replications=1, folder=tmp_path / "b", how=How(apart=True))
    of = str(small.replications)
    assert told(tmp_path, capsys, monkeypatch) == [
        ["a", "2", of, "0", "0", "0", "yes"],
        ["b", "1", of, "0", "0", "1", "yes"],
    ]

    place = Folder(tmp_path / "a")
    place.shard(0).write_bytes(b"")
    other = place.manifest()
    other["code"]["engines/desk.py"] = "another"
    (tmp_path / "a" / "manifest.json").write_text(json.dumps(sealed(other)))
    first, _ = told(tmp_path, capsys, monkeypatch)
    assert first == ["a", "1", of, "0", "1", "0", "no: engines/desk.py has changed"]
    assert told(tmp_path / "a", capsys, monkeypatch)[0][0] == "a"


def test_of_a_sweep_it_tells_what_was_asked_for_and_what_is_lacking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.sweep(SWEEP, out=tmp_path, replications=1)
    rows = told(tmp_path, capsys, monkeypatch)
    assert [row[1:4] for row in rows] == [["1", "1", "0"]] * 4
    tell_status(tmp_path)
    assert "a sweep of 4 points, complete" in capsys.readouterr().out

    state = kept_state(tmp_path)
    place = Folder(tmp_path / state.points[0].name)
    place.notes.failure(place.manifest()["key"], 1, ResultsError("a cause"))
    keep_state(
        tmp_path, replace(state, points=(replace(state.points[0], is_met=False), *state.points[1:]), ended="time")
    )
    assert told(tmp_path, capsys, monkeypatch)[0][3] == "1"
    tell_status(tmp_path)
    assert "1 of them incomplete; its time is up" in capsys.readouterr().out


def test_a_folder_without_results_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results in"):
        tell_status(tmp_path)
