"""A study in parts on several machines, put together, is the study of one machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from enforcement_sim.cli.app import app
from enforcement_sim.errors import ResultsError
from enforcement_sim.studies.merging import merge
from enforcement_sim.studies.parts import Part
from enforcement_sim.studies.sweep_run import load_sweep_results

DATA = Path(__file__).parents[1] / "data"
SWEEP = ("sweep", DATA / "small_sweep.yaml", "--replications", 3)
RUN = ("run", DATA / "small_shift.yaml", "--replications", 2)
COMPARE = ("compare", DATA / "small_base.yaml", DATA / "small_shift.yaml", "--replications", 1)


def command(*words: str | Path | int) -> str:
    told = CliRunner().invoke(app, [*map(str, words), "--workers", "1"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.stdout


def contents(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file() and file.name not in (".lock", "times.jsonl")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize(("words", "of"), [(SWEEP, 2), (RUN, 3), (COMPARE, 2)])
def test_parts_put_together_are_the_whole(tmp_path: Path, words: tuple[str | Path | int, ...], of: int) -> None:
    parts = [tmp_path / str(number) for number in range(1, of + 1)]
    for number, out in enumerate(parts, 1):
        said = command(*words, "--out", out, "--part", f"{number}/{of}")
        assert f"part {number} of {of} is in {out}" in said
        assert list(out.rglob("*.parquet"))
        assert not list(out.rglob("*.html"))
    before = merge(tmp_path / "all", parts)
    command(*words, "--out", tmp_path / "all")
    command(*words, "--out", tmp_path / "whole")

    assert before == len(list((tmp_path / "all").rglob("runs/*.parquet")))
    assert contents(tmp_path / "all") == contents(tmp_path / "whole")


@given(points=st.integers(1, 9), count=st.integers(1, 30), of=st.integers(1, 9))
def test_every_replication_belongs_to_one_part_and_parts_are_alike(points: int, count: int, of: int) -> None:
    parts = [
        [(place, number) for place in range(points) for number in Part(k, of).replications(place, count)]
        for k in range(1, of + 1)
    ]

    whole = [(place, number) for place in range(points) for number in range(count)]
    assert sorted(one for part in parts for one in part) == whole
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("written", ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2"])
def test_what_is_no_part_is_said(tmp_path: Path, written: str) -> None:
    with pytest.raises(ResultsError, match="this is no part"):
        command(*RUN, "--out", tmp_path, f"--part={written}")


def test_what_cannot_be_cut_is_said(tmp_path: Path) -> None:
    text = (DATA / "small_sweep.yaml").read_text(encoding="utf-8")
    base = text.replace("of: ", f"of: {DATA}/")
    (tmp_path / "budget.yaml").write_text(f"{base}  budget: {{runs: 5}}\n", encoding="utf-8")
    with pytest.raises(ResultsError, match="no budget"):
        command("sweep", tmp_path / "budget.yaml", "--out", tmp_path / "out", "--part", "1/2")
    command(*RUN, "--out", tmp_path / "done")
    kept = (tmp_path / "done" / "small_base", tmp_path / "done" / "small_shift")
    with pytest.raises(ResultsError, match="scenarios that are run"):
        command("compare", *kept, "--out", tmp_path / "page", "--part", "1/2")


def test_a_merged_sweep_can_be_reported(tmp_path: Path) -> None:
    command(*SWEEP, "--out", tmp_path / "one")
    merge(tmp_path / "all", [tmp_path / "one"])

    found, whole = load_sweep_results(tmp_path / "all"), load_sweep_results(tmp_path / "one")
    assert [point.used for point in found.state.points] == [point.used for point in whole.state.points]
    assert found.table["mean"].equals(whole.table["mean"])
