"""Folders of several machines put together are the folder of one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.studies.merging import merge
from enforcement_sim.studies.provenance import sealed
from enforcement_sim.studies.replicate import replicate
from enforcement_sim.studies.store import RUNS, Folder

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"
NUMBER = 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    replicate(load(SMALL), name="small", replications=NUMBER, folder=folder / "small")
    (folder / "study.json").write_text('{"scenarios": ["small"]}')
    return folder


def part(whole: Path, to: Path, numbers: tuple[int, ...]) -> Path:
    """What a machine has that ran only some of the replications."""
    shutil.copytree(whole, to)
    for file in (to / "small" / RUNS).iterdir():
        if int(file.stem) not in numbers:
            file.unlink()
    times = to / "small" / "times.jsonl"
    lines = [line for line in times.read_text().splitlines() if json.loads(line)["replication"] in numbers]
    times.write_text("".join(f"{line}\n" for line in lines))
    return to


def contents(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file() and file.name not in (".lock", "times.jsonl")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_parts_of_two_machines_are_the_whole(whole: Path, tmp_path: Path) -> None:
    one, other = part(whole, tmp_path / "one", (0, 2, 3)), part(whole, tmp_path / "other", (1, 2))
    assert merge(tmp_path / "all", [one, other]) == NUMBER
    assert contents(tmp_path / "all") == contents(whole)
    assert sorted(row["replication"] for row in Folder(tmp_path / "all" / "small").notes.times(key(whole))) == [
        0,
        1,
        2,
        3,
    ]
    assert merge(tmp_path / "all", [one, other]) == 0


def key(whole: Path) -> str:
    return str(Folder(whole / "small").manifest()["key"])


def test_a_folder_can_take_in_another(whole: Path, tmp_path: Path) -> None:
    one, other = part(whole, tmp_path / "one", (0,)), part(whole, tmp_path / "other", (1, 2, 3))
    assert merge(one, [other]) == 3
    assert contents(one) == contents(whole)


def test_what_does_not_belong_together_is_refused(whole: Path, tmp_path: Path) -> None:
    replicate(load(SMALL), name="small", seed=7, replications=1, folder=tmp_path / "other" / "small")
    one = part(whole, tmp_path / "one", (1,))
    before = contents(one)
    with pytest.raises(ResultsError, match="seed: 1 then, 7 now"):
        merge(one, [tmp_path / "other"])
    assert contents(one) == before


def test_a_machine_that_computes_otherwise_is_found(whole: Path, tmp_path: Path) -> None:
    one, other = part(whole, tmp_path / "one", (0,)), part(whole, tmp_path / "other", (0,))
    record = Folder(other / "small").shard(0).with_suffix(".json")
    told = json.loads(record.read_text())
    record.write_text(json.dumps(sealed({**told, "log": f"0{told['log']}"})))
    with pytest.raises(ResultsError, match="replication 0 is not the same"):
        merge(one, [other])


def test_study_files_are_joined_in_order(whole: Path, tmp_path: Path) -> None:
    one = part(whole, tmp_path / "one", (0,))
    (one / "study.json").write_text('{"scenarios": ["base"]}')
    merge(one, [whole])
    assert json.loads((one / "study.json").read_text())["scenarios"] == ["base", "small"]
