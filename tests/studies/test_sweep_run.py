"""Running sweeps: the same bytes by any hands and in any order, failures told, what is lacking marked."""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from small import BASE, SWEEP, laid, shards

from commands import command
from enforcement_sim import api
from enforcement_sim.cli.manner import Manner
from enforcement_sim.cli.sweeping import write_sweep_page
from enforcement_sim.errors import GridlockError, ResultsError
from enforcement_sim.studies import hands as hands_module
from enforcement_sim.studies import jobs as module
from enforcement_sim.studies.sweep_kept import STATE, TABLE, kept_state
from enforcement_sim.studies.sweep_run import load_sweep_results
from enforcement_sim.views.page import expanded
from enforcement_sim.views.sweep_tables import SWEEP_MEASURES

UNTIL = SWEEP.replace(
    "replications: 4",
    "replications: {until: [{measure: use, item: staff, relative_half_width: 0.08}], at_least: 5, at_most: 60}",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    api.sweep(laid(folder), out=folder / "out")
    return folder / "out"


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_gives_the_same_bytes(whole: Path, tmp_path: Path, workers: int) -> None:
    found = api.sweep(laid(tmp_path), out=tmp_path / "out", workers=workers)
    assert shards(tmp_path / "out") == shards(whole)
    assert (tmp_path / "out" / TABLE).read_bytes() == (whole / TABLE).read_bytes()
    assert found.state == kept_state(whole)


def test_so_does_an_executor(whole: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        api.sweep(laid(tmp_path), out=tmp_path / "out", workers=3, executor=executor)
    assert shards(tmp_path / "out") == shards(whole)


def test_more_replications_run_only_the_new_ones_and_give_what_a_single_run_gives(whole: Path, tmp_path: Path) -> None:
    file, out = laid(tmp_path), tmp_path / "out"
    api.sweep(file, out=out, replications=2)
    had = {file: file.stat().st_mtime_ns for file in out.rglob("*.parquet") if file.parent.name == "runs"}
    api.sweep(file, out=out)
    assert {file: file.stat().st_mtime_ns for file in had} == had
    assert shards(out) == shards(whole)
    assert (out / TABLE).read_bytes() == (whole / TABLE).read_bytes()


def test_points_where_something_is_overloaded_are_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    longer = BASE.replace("100 h", "200 days").replace("0.5 per h", "1.5 per h")  # one officer can do 1 an hour
    file, out = laid(tmp_path, base=longer), tmp_path / "out"
    found = api.sweep(file, out=out)
    write_sweep_page(out, found, "en", Manner())

    over = found.state.points[0].overloaded
    assert set(over) == {"all", "office", "staff"}
    assert [bool(point.overloaded) for point in found.state.points] == [True, False, False]
    marked = found.table[found.table["overloaded"]]
    assert set(marked["point"]) == {0}
    assert set(marked["measure"]) >= {"backlog_at_end", "backlog_mean", "resolution_mean", "wait_mean"}
    assert not {"use", "filed"} & set(marked["measure"])
    assert "At 1 of 3 points something is overloaded" in expanded(
        (out / "report" / "explorer.html").read_text(encoding="utf-8")
    )
    assert "at 1 of 3 points something is overloaded" in capsys.readouterr().out

    # One that is broken off is judged from what is there.
    assert load_sweep_results(out).state.points[0].overloaded == over
    (out / TABLE).unlink()
    assert load_sweep_results(out).state.points[0].overloaded == over


def test_a_replication_that_fails_is_noted_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, plan_of, out = module.one, module._plan_of, tmp_path / "out"
    now: list[str] = []

    def noted(job: module.Job):  # type: ignore[no-untyped-def]
        now.append(job.folder.path.name)
        return plan_of(job)

    def stuck(plan, with_engine, replication):  # type: ignore[no-untyped-def]
        if now[-1] == "point-001" and replication == 1:
            raise GridlockError("two cases wait for each other", try_="more officers")
        return honest(plan, with_engine, replication)

    monkeypatch.setattr(module, "_plan_of", noted)
    monkeypatch.setattr(module, "one", stuck)
    found = api.sweep(laid(tmp_path), out=out)
    assert [(p.used, p.is_met) for p in found.state.points] == [(4, True), (3, False), (4, True)]
    assert "two cases wait" in found.state.points[1].failures["1"]
    assert found.table.groupby("point")["complete"].unique().map(list).tolist() == [[True], [False], [True]]
    write_sweep_page(out, found, "en", Manner())
    assert "point-001, replication 1: GridlockError: two cases wait" in capsys.readouterr().out
    page = expanded((out / "report" / "explorer.html").read_text(encoding="utf-8"))
    assert "1 of 3 points are incomplete" in page
    figures = json.loads(page.split('id="figures">')[1].split("</script>")[0])
    of_maps = [chart for key, chart in figures["charts"].items() if key.split("-")[0] in SWEEP_MEASURES]
    titles = [figures["layouts"][one["layout"][0]]["title"]["text"] for chart in of_maps for one in chart.values()]
    assert titles
    assert all("⚠ incomplete" in title for title in titles)

    monkeypatch.undo()
    mended = api.sweep(tmp_path / "sweep.yaml", out=out)
    assert not mended.state.lacking
    assert mended.state.points[1].failures == {}


def test_a_replication_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands_module, "do", _slow)
    found = api.sweep(laid(tmp_path), out=tmp_path / "out", workers=2, time_limit=8)
    assert [p.used for p in found.state.points] == [4, 4, 3]
    assert "took too long" in found.state.points[2].failures["3"]


def _slow(job: module.Job) -> list[module.Outcome]:
    if job.folder.path.name == "point-002" and job.replications == (3,):
        time.sleep(600)
    return module.do(job)


def test_a_rule_gives_the_same_whatever_was_there_and_whoever_works(tmp_path: Path) -> None:
    counts = []
    for name, workers, before in (("a", 1, None), ("b", 2, None), ("c", 1, 23)):
        folder = tmp_path / name
        folder.mkdir()
        file = laid(folder, UNTIL)
        if before:
            api.sweep(file, out=folder / "out", replications=before)
        found = api.sweep(file, out=folder / "out", workers=workers)
        counts.append([point.used for point in found.state.points])
        rows = found.table[(found.table["measure"] == "use") & (found.table["item"] == "staff")]
        # narrower than asked of the estimate, so that it holds of the true mean too
        assert ((rows["high"] - rows["mean"]) / rows["mean"] <= 0.08 / 1.08 + 1e-12).all()
        assert rows.groupby("point")["n"].first().tolist() == counts[-1]
    assert counts[0] == counts[1] == counts[2]
    assert len(set(counts[0])) > 1
    assert not found.state.lacking


def test_a_rule_that_cannot_be_met_is_said_to_be_unmet(tmp_path: Path) -> None:
    found = api.sweep(laid(tmp_path, UNTIL.replace("at_most: 60", "at_most: 6")), out=tmp_path / "out")
    assert [point.used for point in found.state.lacking] == [6] * len(found.state.lacking)
    assert found.state.lacking


def test_a_budget_of_runs_leaves_every_point_some(tmp_path: Path) -> None:
    found = api.sweep(laid(tmp_path, SWEEP + "  budget: {runs: 7}\n"), out=tmp_path / "out")
    assert [point.used for point in found.state.points] == [3, 2, 2]
    assert (found.state.ended, len(found.state.lacking)) == ("runs", 3)


def test_a_budget_of_time_ends_it_and_the_same_command_goes_on(tmp_path: Path) -> None:
    file = laid(tmp_path, SWEEP + "  budget: {time: 0.0000001 h}\n")
    found = api.sweep(file, out=tmp_path / "out")
    assert (found.state.ended, [point.used for point in found.state.points]) == ("time", [0, 0, 0])
    assert found.table.empty
    laid(tmp_path)
    assert not api.sweep(file, out=tmp_path / "out").state.lacking


def test_a_sweep_that_was_broken_off_can_be_read_and_says_that_it_is_not_whole(whole: Path, tmp_path: Path) -> None:
    file, out = laid(tmp_path), tmp_path / "out"

    class StoppedError(Exception):
        pass

    def stop(standing) -> None:  # type: ignore[no-untyped-def]
        if standing.done == 6:
            raise StoppedError

    with pytest.raises(StoppedError):
        api.sweep(file, out=out, progress=stop)
    found = load_sweep_results(out)
    assert [(p.used, p.is_met) for p in found.state.points] == [(4, False), (2, False), (0, False)]
    assert sorted(found.table["point"].unique()) == [0, 1]
    assert not found.table["complete"].any()
    api.sweep(file, out=out)
    assert shards(out) == shards(whole)


def test_a_kept_sweep_is_what_was_found(whole: Path) -> None:
    kept = load_sweep_results(whole)
    assert not kept.state.lacking
    assert (whole / "sweep.yaml").read_text() == SWEEP
    (whole / TABLE).rename(whole / "aside")
    again = load_sweep_results(whole)
    (whole / "aside").rename(whole / TABLE)
    shown = [column for column in kept.table if column != "complete"]
    pd.testing.assert_frame_equal(again.table[shown], kept.table[shown])


def test_a_table_that_is_not_the_one_that_was_written_is_made_anew(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "out")
    kept = load_sweep_results(tmp_path / "out").table
    kept.assign(mean=0.0).to_parquet(tmp_path / "out" / TABLE)
    pd.testing.assert_series_equal(load_sweep_results(tmp_path / "out").table["mean"], kept["mean"])


def test_a_folder_without_a_sweep_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no sweep in"):
        load_sweep_results(tmp_path)
    (tmp_path / STATE).write_text("{")
    with pytest.raises(ResultsError, match="no sweep in"):
        load_sweep_results(tmp_path)


def test_programs_are_told_in_json_and_the_quiet_nothing(tmp_path: Path) -> None:
    file = laid(tmp_path)
    told = command("sweep", file, "--out", tmp_path / "out", "--json")
    assert told.returncode == 0, told.stderr
    outcome = json.loads(told.stdout)
    assert (outcome["points"], outcome["lacking"], outcome["failures"]) == (3, [], {})
    assert Path(outcome["table"]).is_file()
    last = json.loads(told.stderr.splitlines()[-1])
    assert (last["points_done"], last["done"]) == (3, 12)

    quiet = command("sweep", file, "--out", tmp_path / "out", "--quiet")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert "3 points" in quiet.stdout
    report = command("report", tmp_path / "out")
    assert "3 points" in report.stdout, report.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--time-limit", "soon"], "--time-limit soon"),
        (["--time-limit", "3 working days"], "no time on the clock"),
        (["--cluster", "nowhere.json"], "no such scheduler file"),
        (["--cluster", "tcp://x:1", "--time-limit", "1 h"], "leave it out with --cluster"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(words: list[str], told: str, tmp_path: Path) -> None:
    result = command("sweep", laid(tmp_path), "--out", tmp_path / "out", *words)
    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
