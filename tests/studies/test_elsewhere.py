"""Results in a store elsewhere, by an address that fsspec knows: the same bytes, and the same commands."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small import laid

from commands import command
from enforcement_sim import api
from enforcement_sim.errors import ResultsError
from enforcement_sim.studies.disk import is_here, located
from enforcement_sim.studies.folders import places
from enforcement_sim.studies.merging import merge
from enforcement_sim.studies.points import How
from enforcement_sim.studies.query import ask
from enforcement_sim.studies.replicate import load_results, replicate
from enforcement_sim.studies.store import Folder
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.sweep_kept import TABLE
from enforcement_sim.studies.sweep_run import load_sweep_results

pytest.importorskip("upath")
pytestmark = pytest.mark.filterwarnings("ignore:nobody can hold memory")


@pytest.fixture
def store() -> Path:
    return located(f"memory://{uuid.uuid4().hex}")


def shards(out: Path) -> dict[str, bytes]:
    found = [file for kind in ("parquet", "json") for file in out.rglob(f"*.{kind}") if file.parent.name == "runs"]
    return {f"{file.parent.parent.name}/{file.name}": file.read_bytes() for file in found}


def test_a_sweep_in_a_store_is_the_same_bytes_and_goes_on(store: Path, tmp_path: Path) -> None:
    file = laid(tmp_path)
    api.sweep(file, out=tmp_path / "here")
    assert not is_here(store)
    api.sweep(file, out=store, replications=2)
    with ThreadPoolExecutor(2) as executor:
        found = api.sweep(file, out=store, executor=executor, workers=2)
    assert not found.state.lacking
    assert shards(store) == shards(tmp_path / "here")
    assert (store / TABLE).read_bytes() == (tmp_path / "here" / TABLE).read_bytes()
    assert load_sweep_results(store).state == found.state


def test_it_is_asked_and_merged_as_any_other(store: Path, tmp_path: Path) -> None:
    api.sweep(laid(tmp_path), out=store)
    answer = ask(store, "SELECT count(DISTINCT scenario) AS points, count(DISTINCT replication) AS times FROM findings")
    assert answer.values.tolist() == [[3, 4]]
    assert ask(store, "SELECT count(*) AS n FROM times")["n"].tolist() == [12]
    assert merge(tmp_path / "merged", [store]) == 12
    assert shards(tmp_path / "merged") == shards(store)


def test_results_of_something_else_are_put_by_and_taken_back(store: Path, tmp_path: Path) -> None:
    _, points = load_sweep(laid(tmp_path))
    first, second = points[0].scenario, points[1].scenario
    place = Folder(store / "one")
    replicate(first, replications=2, folder=place.path)
    before = shards(store)
    with pytest.raises(ResultsError, match="something else"):
        replicate(second, replications=1, folder=place.path)
    replicate(second, replications=1, folder=place.path, how=How(apart=True))
    assert [found.path.name for found in places(store)] == ["one"]
    replicate(first, replications=2, folder=place.path, how=How(apart=True))
    assert {name: one for name, one in shards(store).items() if name.startswith("one/")} == before
    assert len(load_results(place.path).log_digests) == 2


def test_who_writes_there_is_told_that_nobody_is_kept_out(store: Path, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="nobody can hold memory://"):
        api.sweep(laid(tmp_path), out=store)


def test_commands_take_addresses(tmp_path: Path) -> None:
    file, address = laid(tmp_path), f"file://{tmp_path}/out"
    told = command("sweep", file, "--out", address, "--workers", 2)
    assert told.returncode == 0, told.stderr
    assert "nobody can hold" in told.stderr
    assert command("status", address).stdout.count("yes") == 3
    assert "3 points" in command("report", address).stdout
    assert "12" in command("query", address, "SELECT count(*) FROM runs").stdout
    assert (tmp_path / "out" / "report" / "index.html").is_file()


def test_an_address_of_no_known_kind_is_an_error(tmp_path: Path) -> None:
    result = command("sweep", laid(tmp_path), "--out", "nosuch://bucket/out")
    assert result.returncode == 2
    assert "nosuch://bucket/out" in result.stderr
    assert "Traceback" not in result.stderr
