"""Questions in SQL are answered from the shards, and from sound ones only."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from small import SWEEP, laid

from enforcement_sim import api
from enforcement_sim.cli.status import answer, tell_status
from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.studies.query import VIEWS, ask, opened
from enforcement_sim.studies.replicate import Results, load_results, replicate
from enforcement_sim.studies.store import Folder, SpoiltWarning

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("it's")  # a quote in the path must not end a word of SQL
    for name, seed in (("a", 1), ("b", 2)):
        replicate(load(SMALL), name=name, seed=seed, replications=3, folder=place / name)
    return place


@pytest.fixture(scope="module")
def first(folder: Path) -> Results:
    return load_results(folder / "a")


def test_views_have_the_columns_that_are_told(folder: Path) -> None:
    with opened(folder) as base:
        for name, columns in VIEWS.items():
            assert ", ".join(base.execute(f"SELECT * FROM {name}").df().columns) == columns


def test_findings_are_those_of_the_shards(folder: Path, first: Results) -> None:
    found = ask(
        folder,
        "SELECT measure, avg(value) AS mean, count(*) AS n FROM findings WHERE scenario = 'a' GROUP BY ALL ORDER BY ALL",
    )
    told = first.findings.groupby("measure", observed=True)["value"].agg(["mean", "size"]).sort_index()
    assert found["measure"].tolist() == told.index.tolist()
    assert found["mean"].to_numpy() == pytest.approx(told["mean"].to_numpy(), nan_ok=True)
    assert found["n"].tolist() == told["size"].tolist()


def test_runs_scenarios_and_times_are_told(folder: Path, first: Results) -> None:
    runs = ask(folder, "SELECT log FROM runs WHERE scenario = 'a' ORDER BY replication")
    assert tuple(runs["log"]) == first.log_digests
    scenarios = ask(folder, "SELECT scenario, seed, finished FROM scenarios ORDER BY ALL")
    assert scenarios.to_dict("list") == {"scenario": ["a", "b"], "seed": [1, 2], "finished": [3, 3]}
    assert ask(folder, "SELECT count(*) AS n, min(seconds) > 0 AS some FROM times").to_dict("list") == {
        "n": [6],
        "some": [True],
    }
    where = ask(folder, "SELECT host, python, count(*) AS n FROM times JOIN machines USING (machine) GROUP BY ALL")
    assert where.to_dict("list") == {"host": [platform.node()], "python": [platform.python_version()], "n": [6]}


def test_a_spoilt_shard_is_left_out_and_told(folder: Path) -> None:
    shard = Folder(folder / "b").shard(1)
    sound = shard.read_bytes()
    shard.write_bytes(sound[:-1])
    try:
        with pytest.warns(SpoiltWarning, match="0001"):
            found = ask(folder, "SELECT DISTINCT replication FROM findings WHERE scenario = 'b' ORDER BY ALL")
        assert found["replication"].tolist() == [0, 2]
    finally:
        shard.write_bytes(sound)


def test_a_broken_question_says_what_there_is(folder: Path) -> None:
    with pytest.raises(ResultsError, match=r"finding does not exist(?s:.*)findings \(scenario, replication"):
        ask(folder, "SELECT * FROM finding")


def test_a_folder_without_results_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results in"):
        ask(tmp_path, "SELECT 1")


@pytest.mark.parametrize(
    ("form", "told"),
    [("csv", "n,name\n6,b\n"), ("json", [{"n": 6, "name": "b"}]), ("table", "│ 6 │ b    │")],
)
def test_answers_are_printed_for_people_and_programs(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str, told: object
) -> None:
    answer(folder, "SELECT count(*) AS n, max(scenario) AS name FROM runs", form)
    printed = capsys.readouterr().out
    if form == "table":
        assert isinstance(told, str)
        assert told in printed
    else:
        assert (json.loads(printed) if form == "json" else printed) == told


def test_points_that_a_sweep_has_no_more_are_named_and_in_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names, out = "SELECT scenario FROM findings GROUP BY ALL ORDER BY ALL", tmp_path / "out"
    api.sweep(laid(tmp_path), out=out, replications=1)
    assert ask(out, names)["scenario"].tolist() == ["point-000", "point-001", "point-002"]
    api.sweep(laid(tmp_path, SWEEP.replace("[1, 2, 3]", "[1, 2]")), out=out, replications=1)

    assert ask(out, names)["scenario"].tolist() == ["point-000", "point-001"]
    tell_status(out)
    *table, last = capsys.readouterr().out.splitlines()
    assert "no points of this sweep any more, and in no answer of `query`: point-002" in last
    assert "point-001" in "".join(table)
    assert "point-002" not in "".join(table)
    assert ask(out / "point-002", names)["scenario"].tolist() == ["point-002"]
