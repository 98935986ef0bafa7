"""The commands as a planner types them: exit codes, messages, files, and that nothing finished is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from commands import command
from enforcement_sim.studies.replicate import load_results

DATA = Path(__file__).parent.parent / "data"
SHIFT, BASE, SWEEP = DATA / "small_shift.yaml", DATA / "small_base.yaml", DATA / "small_sweep.yaml"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    result = command("run", SHIFT, "--replications", 2, "--workers", 2, "--out", out)
    assert result.returncode == 0, result.stderr
    assert f"report {out / 'report' / 'index.html'}" in result.stdout.replace("\n", "")
    return out


@pytest.mark.parametrize("words", [["--help"], ["check", str(SHIFT)], ["schema"]])
def test_light_commands_import_no_heavy_library(words: list[str]) -> None:
    program = (
        "import sys; from enforcement_sim.cli import main; sys.argv = ['enforcement-sim', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('pandas', 'plotly', 'simpy', 'pyarrow', 'scipy') if m in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)

    assert result.stderr.strip() == "[]"


def test_a_run_opens_neither_the_other_engine_nor_the_classes_of_plotly(tmp_path: Path) -> None:
    program = (
        "import sys; from enforcement_sim.cli import main; sys.argv = ['enforcement-sim', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('plotly', 'simpy', 'scipy.stats', 'urllib.request') if m in sys.modules], file=sys.stderr)"
    )
    words = ["run", str(BASE), "--replications", "1", "--out", str(tmp_path)]
    result = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)

    assert result.stderr.splitlines()[-1] == "[]"


def test_run_writes_results_of_both_scenarios_and_a_report(done: Path) -> None:
    assert json.loads((done / "study.json").read_text())["scenarios"] == ["small_base", "small_shift"]
    assert len(load_results(done / "small_shift").log_digests) == 2
    assert "小市" in (done / "report" / "index.html").read_text(encoding="utf-8")


def test_a_second_run_takes_finished_replications_as_they_are(done: Path) -> None:
    files = sorted(done.glob("*/runs/*"))
    before = [file.stat().st_mtime_ns for file in files]

    result = command("run", SHIFT, "--replications", 2, "--out", done)

    assert result.returncode == 0
    assert [file.stat().st_mtime_ns for file in files] == before


def test_another_seed_is_refused_or_puts_finished_work_by(done: Path) -> None:
    runs = done / "small_shift" / "runs"
    before = {file.name: file.read_bytes() for file in runs.iterdir()}

    refused = command("run", SHIFT, "--replications", 1, "--seed", 99, "--out", done)

    assert refused.returncode == 2
    assert "seed: 1 then, 99 now" in " ".join(refused.stderr.split())
    assert "--apart" in refused.stderr
    assert {file.name: file.read_bytes() for file in runs.iterdir()} == before

    apart = command("run", SHIFT, "--replications", 1, "--seed", 99, "--out", done, "--apart")

    assert apart.returncode == 0
    (earlier,) = (done / "small_shift" / "earlier").iterdir()
    assert {file.name: file.read_bytes() for file in (earlier / "runs").iterdir()} == before
    back = command("run", SHIFT, "--replications", 2, "--out", done, "--apart")
    assert back.returncode == 0
    assert {file.name: file.read_bytes() for file in runs.iterdir()} == before


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    words = ["run", str(SHIFT), "--replications", "6", "--workers", "1", "--out", str(tmp_path)]
    process = subprocess.Popen([sys.executable, "-m", "enforcement_sim", *words], stdout=subprocess.DEVNULL)
    while not list(tmp_path.glob("small_base/runs/0001.json")):
        time.sleep(0.02)
    process.kill()
    process.wait()
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.glob("small_base/runs/*.parquet")}

    assert command(*words).returncode == 0
    assert len(kept) >= 2
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    alone = command("run", str(SHIFT), "--replications", "6", "--out", str(tmp_path / "again"))
    assert alone.returncode == 0
    assert (
        load_results(tmp_path / "small_base").log_digests == load_results(tmp_path / "again" / "small_base").log_digests
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a process otherwise on Windows")
def test_interrupting_says_what_is_kept(tmp_path: Path) -> None:
    words = ["run", str(SHIFT), "--replications", "2000", "--workers", "1", "--out", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "enforcement_sim", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell may ignore it for what is behind
    )  # fmt: skip
    while not list(tmp_path.glob("small_base/runs/0000.json")):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert "finished replications are kept" in told
    assert "Traceback" not in told


def test_export_writes_a_log_that_other_programs_read(done: Path) -> None:
    result = command("export", done, "--replication", 1)

    assert result.returncode == 0, result.stderr
    csv_path, xes_path, overdue_path = (Path(line) for line in result.stdout.split())
    rows = pd.read_csv(csv_path)
    overdue = pd.read_csv(overdue_path)
    assert len(overdue) == (rows["what"] == "ran_out").sum() > 0
    assert set(overdue["cause"]) <= {"line", "work", "wait", "meeting", "child matter"}
    assert (pd.to_datetime(overdue["due"]) > pd.to_datetime(overdue["started"])).all()
    traces = ET.parse(xes_path).getroot().findall("trace")
    assert set(rows["what"]) == {"arrived", "entered", "started", "ended", "closed", "ran_out"}
    assert set(rows.loc[rows["what"] == "ran_out", "team"]) == {"decision_90"}  # a clock's row names the clock
    assert len(traces) == rows["case"].nunique()
    assert sum(len(trace.findall("event")) for trace in traces) == len(rows)


def test_pm4py_reads_the_exported_log(done: Path) -> None:
    pm4py = pytest.importorskip("pm4py")
    command("export", done, "--replication", 0)

    log = pm4py.read_xes(str(done / "small_shift" / "export" / "log-0000.xes"))

    rows = pd.read_csv(done / "small_shift" / "export" / "log-0000.csv")
    assert len(log) == len(rows)
    assert log["case:concept:name"].nunique() == rows["case"].nunique()


def test_report_is_written_again_from_kept_results(done: Path) -> None:
    (done / "report" / "index.html").unlink()

    result = command("report", done, "--language", "zh")

    assert result.returncode == 0
    assert 'data-lang="zh"' in (done / "report" / "index.html").read_text(encoding="utf-8")


def test_sweep_runs_every_point_and_tells_the_table(tmp_path: Path) -> None:
    result = command("sweep", SWEEP, "--replications", 1, "--workers", 1, "--out", tmp_path)

    assert result.returncode == 0, result.stderr
    table = pd.read_csv(tmp_path / "sweep.csv")
    assert table["point"].nunique() == 4
    assert {"reform.share.urban", "reform.staff", "mean"} <= set(table.columns)
    assert (tmp_path / "report" / "index.html").exists()


def test_a_sweep_of_something_else_is_refused_or_puts_finished_work_by(tmp_path: Path) -> None:
    words = ["sweep", SWEEP, "--replications", 1, "--workers", 1, "--out", tmp_path]
    assert command(*words).returncode == 0

    refused = command(*words, "--seed", 9)

    assert refused.returncode == 2
    assert "1 then, 9 now" in refused.stderr
    assert command(*words, "--seed", 9, "--apart").returncode == 0
    assert len(list(tmp_path.glob("point-*/earlier/*/runs/0000.parquet"))) == len(list(tmp_path.glob("point-*")))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "no_such_file.yaml"], "no such file"),
        (["check", str(DATA)], "folder"),
        (["report", "no_such_folder"], "no results"),
        (["export", "no_such_folder"], "no results"),
        (["run", str(SHIFT), "--replications", "0"], "--replications"),
        (["run", str(SHIFT), "--seed", "-1"], "--seed"),
        (["swep"], "No such command"),
    ],
)
def test_what_a_user_gets_wrong_ends_with_code_2_and_one_message(words: list[str], told: str, tmp_path: Path) -> None:
    result = command(*words, cwd=tmp_path)

    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr + result.stdout


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")

    result = command("run", SHIFT, "--replications", 1, "--out", blocked / "out")

    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "try:" in result.stderr


def test_export_refuses_a_replication_that_is_not_there(done: Path) -> None:
    result = command("export", done, "--replication", 77)

    assert result.returncode == 2
    assert "replication 77 is not among the results" in result.stderr


def test_a_bare_queue_runs_through_the_same_door(tmp_path: Path) -> None:
    result = command("run", DATA.parents[1] / "scenarios/theory/mm1.yaml", "--replications", 1, "--out", tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "report" / "index.html").exists()


def test_a_period_in_which_nobody_arrives_is_no_accident(tmp_path: Path) -> None:
    file = tmp_path / "nobody.yaml"
    text = (DATA.parents[1] / "scenarios/theory/mm1.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("rate: 0.5 per h", "rate: 0.0000000001 per year"), encoding="utf-8")

    result = command("run", file, "--replications", 1, "--out", tmp_path / "out")

    assert result.returncode == 0, result.stderr
    assert "no case arrived" in result.stdout


def test_gridlock_names_team_and_stage(tmp_path: Path) -> None:
    text = SHIFT.read_text(encoding="utf-8").replace("  staff: 0.3\n", "").replace("compare_to: small_base.yaml\n", "")
    west = "west_urban: {role: enforcement, jurisdiction: west, officers: 4, calendar: office"
    assert west in text
    text = text.replace(west, f"{west}, roster: [{{on: 2024-06-01, officers: 0}}]")
    file = tmp_path / "gridlock.yaml"
    file.write_text(text, encoding="utf-8")

    result = command("run", file, "--replications", 1, "--workers", 1, "--out", tmp_path / "out")

    assert result.returncode == 2
    assert "gridlock" in result.stderr
    assert "west_urban" in result.stderr
    assert "stage 'in" in result.stderr
    assert os.linesep in result.stderr


def test_the_api_does_the_same_in_three_lines() -> None:
    import enforcement_sim as es

    results = es.run(BASE, replications=2)
    backlog = results.measure("backlog")

    assert list(backlog.columns[:5]) == ["measure", "jurisdiction", "field", "item", "period"]
    assert isinstance(es.compare(results, results), pd.DataFrame)


def test_the_front_door_names_what_it_offers() -> None:
    import enforcement_sim

    assert sorted(enforcement_sim.__all__) == enforcement_sim.__all__
    assert all(hasattr(enforcement_sim, name) for name in enforcement_sim.__all__)
