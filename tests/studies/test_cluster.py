"""A cluster of separate worker processes gives the same bytes, also when one of them is killed in mid-run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from small import SWEEP, laid, shards

from enforcement_sim import api
from enforcement_sim.errors import ResultsError
from enforcement_sim.studies.cluster import connected
from enforcement_sim.studies.jobs import Job, Outcome, do, jobs
from enforcement_sim.studies.store import Folder
from enforcement_sim.studies.sweep import load_sweep

distributed = pytest.importorskip("distributed")
MANY = SWEEP.replace("replications: 4", "replications: 40")


def started(*words: object) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", *map(str, words)]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def ended(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()  # has no groups; neither of what is started here starts another
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(file: Path) -> subprocess.Popen[bytes]:
    return started(
        "distributed.cli.dask_worker", "--scheduler-file", file, "--nthreads", 1, "--no-nanny", "--no-dashboard"
    )


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    process = started(
        "distributed.cli.dask_scheduler", "--scheduler-file", file, "--port", 0, "--no-dashboard", "--host", "127.0.0.1"
    )
    workers = [worker(file), worker(file)]
    try:
        yield file
    finally:
        for one in (*workers, process):
            ended(one)


def test_a_cluster_gives_the_bytes_of_one_process(scheduler: Path, tmp_path: Path) -> None:
    file = laid(tmp_path)
    api.sweep(file, out=tmp_path / "here")
    line = [sys.executable, "-m", "enforcement_sim", "sweep", file, "--out", tmp_path / "there", "--cluster", scheduler]
    result = subprocess.run([*map(str, line)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert shards(tmp_path / "there") == shards(tmp_path / "here")


def test_a_worker_that_is_killed_costs_at_most_what_it_had_in_hand(scheduler: Path, tmp_path: Path) -> None:
    file = laid(tmp_path, MANY)
    api.sweep(file, out=tmp_path / "here")
    victim = worker(scheduler)
    killed: list[int] = []

    def kill(standing) -> None:  # type: ignore[no-untyped-def]
        if standing.done >= 30 and not killed:
            killed.append(victim.pid)
            ended(victim)

    with connected(str(scheduler)) as cluster:
        while cluster.executor._client.nthreads().__len__() < 3:  # type: ignore[attr-defined]
            time.sleep(0.1)
        found = api.sweep(file, out=tmp_path / "there", executor=cluster, workers=3, progress=kill)
    assert killed
    assert not found.state.lacking
    assert shards(tmp_path / "there") == shards(tmp_path / "here")


def test_a_worker_with_another_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, points = load_sweep(laid(tmp_path))
    job = next(jobs(Folder(tmp_path), "key", points[0].scenario, 1, [0], 1))
    monkeypatch.setattr("enforcement_sim.studies.jobs.code_digest", lambda: "other")
    with pytest.raises(ResultsError, match="runs another program"):
        do(job)


def test_workers_that_keep_results_elsewhere_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = laid(tmp_path)
    monkeypatch.setattr("enforcement_sim.studies.hands.do", _elsewhere)
    with ThreadPoolExecutor(1) as executor, pytest.raises(ResultsError, match="reaches under the same path"):
        api.sweep(file, out=tmp_path / "out", workers=1, executor=executor)


def _elsewhere(job: Job) -> list[Outcome]:
    there = job.folder.path.parent.parent / "elsewhere"
    (there / "runs").mkdir(parents=True, exist_ok=True)
    return [replace(one, folder=job.folder) for one in do(replace(job, folder=Folder(there)))]


def test_a_cluster_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enforcement_sim.studies.cluster.PATIENCE", 1)
    with pytest.raises(ResultsError, match="no Dask scheduler answers"), connected("tcp://127.0.0.1:9"):
        pass
