"""Moving results aside, fetching them and merging them: wherever it is broken off, nothing finished is lost."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.studies.merging import merge
from enforcement_sim.studies.points import How
from enforcement_sim.studies.provenance import sealed
from enforcement_sim.studies.replicate import load_results, replicate
from enforcement_sim.studies.store import RUNS, STUDY_FILE, Folder, SpoiltWarning
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.sweep_run import load_sweep_results, run_sweep

TOWN = Path(__file__).parents[1] / "data" / "town"
NUMBER = 3


class Killed(BaseException):
    """What ends a process."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that ends instead of putting the so-many-th file into its place."""
    replace, left = os.replace, [step]

    def ends(*words: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        replace(*words)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", ends)
        with pytest.raises(Killed):
            yield


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load(TOWN / "base.yaml")


@pytest.fixture(scope="module")
def whole(base: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    replicate(base, name="base", replications=NUMBER, folder=out / "base")
    (out / STUDY_FILE).write_text(json.dumps({"scenarios": ["base"]}))
    return out


def contents(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix in (".json", ".parquet")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize("step", range(2 * NUMBER + 2))
def test_results_that_are_put_by_survive_a_kill(
    base: Scenario, whole: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest there, each file of each replication, the new manifest: the kill comes before one of these."""
    folder = tmp_path / "base"
    shutil.copytree(whole / "base", folder)
    with killed_at(step, monkeypatch):
        Folder(folder).begin("base", base, 9, None, apart=True)
    shutil.copytree(folder, tmp_path / "other")
    Folder(folder).begin("base", base, base.seed, None)  # back at once
    assert contents(folder) == contents(whole / "base")
    replicate(base, name="base", seed=9, replications=1, folder=tmp_path / "other", how=How(apart=True))
    assert load_results(tmp_path / "other").seed == 9
    Folder(tmp_path / "other").begin("base", base, base.seed, None, apart=True)
    assert contents(tmp_path / "other" / RUNS) == contents(whole / "base" / RUNS)


@pytest.mark.parametrize("step", range(2 * NUMBER + 1))
def test_results_that_are_fetched_survive_a_kill(
    base: Scenario, whole: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(whole / "base", folder)
    Folder(folder).begin("base", base, 9, None, apart=True)
    with killed_at(step + 1, monkeypatch):
        Folder(folder).begin("base", base, base.seed, None, apart=True)
    Folder(folder).begin("base", base, base.seed, None, apart=True)
    assert contents(folder / RUNS) == contents(whole / "base" / RUNS)


@pytest.mark.parametrize("step", range(2 * NUMBER + 2))
def test_a_merge_that_is_killed_is_ended_by_the_next(
    whole: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with killed_at(step, monkeypatch):
        merge(tmp_path / "all", [whole])
    merge(tmp_path / "all", [whole])
    assert contents(tmp_path / "all") == contents(whole)


def test_a_merge_tells_which_file_is_spoilt(whole: Path, tmp_path: Path) -> None:
    for spoilt in ("{", "[]", "{}"):
        shutil.copytree(whole, tmp_path / "part", dirs_exist_ok=True)
        (tmp_path / "part" / STUDY_FILE).write_text(spoilt)
        with pytest.raises(ResultsError, match=r"study\.json is spoilt"):
            merge(tmp_path / "all", [tmp_path / "part"])
    (tmp_path / "part" / "base" / "manifest.json").write_text("{")
    with pytest.raises(ResultsError, match=r"manifest\.json is spoilt"):
        merge(tmp_path / "all", [tmp_path / "part"])


def written_otherwise(whole: Path, to: Path, more: float) -> Path:
    """The same study by another version of what writes shards, with so much added to what was found."""
    shutil.copytree(whole, to)
    shard = Folder(to / "base").shard(1)
    table = pq.read_table(shard)
    at = table.column_names.index("value")
    table = table.set_column(at, table.field(at), pa.array(table["value"].to_numpy() + more, table.field(at).type))
    pq.write_table(table, shard, compression="gzip")
    record = shard.with_suffix(".json")
    digest = hashlib.sha256(shard.read_bytes()).hexdigest()
    record.write_text(json.dumps(sealed({**json.loads(record.read_text()), "sha256": digest})))
    return to


def test_the_same_findings_in_other_bytes_are_the_same(whole: Path, tmp_path: Path) -> None:
    other = written_otherwise(whole, tmp_path / "other", 0.0)
    assert contents(other) != contents(whole)
    shutil.copytree(whole, tmp_path / "all")
    assert merge(tmp_path / "all", [other]) == 0
    assert contents(tmp_path / "all") == contents(whole)
    with pytest.raises(ResultsError, match="replication 1 is not the same"):
        merge(tmp_path / "all", [written_otherwise(whole, tmp_path / "wrong", 1.0)])


def test_a_sweep_that_takes_in_more_is_summed_up_anew(tmp_path: Path) -> None:
    sweep, points = load_sweep(TOWN / "sweep.yaml")
    run_sweep(sweep, points, folder=tmp_path / "one", replications=1)
    run_sweep(sweep, points, folder=tmp_path / "two", replications=2)
    one, two = load_sweep_results(tmp_path / "one"), load_sweep_results(tmp_path / "two")
    assert not one.table.equals(two.table)
    assert merge(tmp_path / "one", [tmp_path / "two"]) == 2
    found = load_sweep_results(tmp_path / "one")
    assert found.table.drop(columns="complete").equals(two.table.drop(columns="complete"))


def test_sound_replications_are_read_once(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(whole, tmp_path / "out")
    place = Folder(tmp_path / "out" / "base")
    place.shard(1).write_bytes(b"spoilt")
    key, read, read_bytes = place.manifest()["key"], [], Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    with pytest.warns(SpoiltWarning, match=r"0001\.parquet"):
        found = list(place.sound(key))
    assert sorted(name for name in read if name.endswith(".parquet")) == [f"000{n}.parquet" for n in range(NUMBER)]
    assert [(number, record["replication"], table.num_rows == record["rows"]) for number, record, table in found] == [
        (0, 0, True), (2, 2, True),
    ]  # fmt: skip
    expected = place.tables(key, [0, 2])[0]
    assert [table.to_pandas().equals(other.to_pandas()) for (*_, table), other in zip(found, expected, strict=True)] == [
        True, True,
    ]  # fmt: skip


def test_an_old_folder_without_the_files_of_one_put_by_still_begins(
    base: Scenario, whole: Path, tmp_path: Path
) -> None:
    shutil.copytree(whole / "base", tmp_path / "base")
    place = Folder(tmp_path / "base")
    (tmp_path / "base" / "earlier" / place.manifest()["key"]).mkdir(parents=True)
    place.begin("base", base, base.seed, None)
    assert contents(tmp_path / "base") == contents(whole / "base")
