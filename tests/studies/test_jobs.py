"""Jobs: the same results by any executor, and a replication that fails or kills its process stops no other."""

from __future__ import annotations

import math
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from enforcement_sim.errors import GridlockError, WorkerError
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
from enforcement_sim.studies import jobs as module
from enforcement_sim.studies.hands import Here, hands
from enforcement_sim.studies.jobs import Job, Outcome, do, jobs, sensible
from enforcement_sim.studies.replicate import replicate
from enforcement_sim.studies.store import RUNS, Folder

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"
NUMBER = 6


class Deadly(Folder):
    """A folder that kills who keeps replication 3: always, or as long as there is a file that says so."""

    def keep(self, key: str, replication: int, findings: pd.DataFrame, log_digest: str, seconds: float) -> None:
        once = self.path / "once"
        if replication == 3 and (not once.exists() or once.read_text() == "not yet"):
            if once.exists():
                once.write_text("it has")
            os.kill(
                os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM)
            )  # Windows has the second, which kills there
        super().keep(key, replication, findings, log_digest, seconds)


def begun(folder: Folder) -> list[Job]:
    small = load(SMALL)
    key = folder.begin("small", small, small.seed, None)["key"]
    return list(jobs(folder, key, small, small.seed, range(NUMBER), sensible(build(small), NUMBER, 1)))


def shards(folder: Folder) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder.path / RUNS).iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = Folder(tmp_path_factory.mktemp("whole"))
    assert {outcome.error for outcome in Here().done(begun(folder))} == {None}
    return shards(folder)


def test_any_executor_gives_the_same_bytes(whole: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor, hands(1, executor) as those:
        outcomes = list(those.done(begun(Folder(tmp_path))))
    assert sorted(outcome.replication for outcome in outcomes) == list(range(NUMBER))
    assert shards(Folder(tmp_path)) == whole


def test_a_process_that_dies_once_costs_nothing(whole: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "once").write_text("not yet")
    with hands(2) as those:
        outcomes = list(those.done(begun(Deadly(tmp_path))))
    assert (tmp_path / "once").read_text() == "it has"
    assert sorted(outcome.replication for outcome in outcomes) == list(range(NUMBER))
    assert {outcome.error for outcome in outcomes} == {None}
    assert shards(Folder(tmp_path)) == whole


def test_a_replication_that_kills_its_process_is_told_and_the_others_are_kept(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = Deadly(tmp_path)
    work = begun(folder)
    with hands(2) as those:
        outcomes = {outcome.replication: outcome for outcome in those.done(work)}
    assert sorted(outcomes) == list(range(NUMBER))
    assert {number for number, outcome in outcomes.items() if outcome.error} == {3}
    assert isinstance(outcomes[3].error, WorkerError)
    assert shards(folder) == {name: told for name, told in whole.items() if not name.startswith("0003")}
    assert folder.notes.failures(work[0].key) == {3: f"WorkerError: {outcomes[3].error}"}

    sound = Folder(tmp_path)
    assert do(replace(work[0], folder=sound, replications=(3,))) == [Outcome(sound, 3)]
    assert sound.notes.failures(work[0].key) == {}
    assert shards(sound) == whole


def test_what_a_model_causes_is_an_outcome_and_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = module.one

    def stuck(plan: object, with_engine: str, replication: int) -> object:
        if replication == 1:
            raise GridlockError("two cases wait for each other", try_="more officers")
        return honest(plan, with_engine, replication)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "one", stuck)
    folder = Folder(tmp_path)
    work = begun(folder)
    outcomes = list(Here().done(work))
    assert [type(outcome.error) for outcome in outcomes] == [
        GridlockError if outcome.replication == 1 else type(None) for outcome in outcomes
    ]
    assert folder.finished(work[0].key) == [0, 2, 3, 4, 5]
    assert "two cases wait" in folder.notes.failures(work[0].key)[1]
    with pytest.raises(GridlockError, match="two cases wait"):
        replicate(load(SMALL), name="small", replications=NUMBER, folder=tmp_path)


@pytest.mark.parametrize(("cases", "workers", "most"), [(1.0, 1, 2), (1e9, 1, 1), (math.inf, 1, 1), (1.0, 3, 1)])
def test_jobs_are_of_a_sensible_size(cases: float, workers: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "expected_cases", lambda _: cases)
    assert sensible(build(load(SMALL)), NUMBER, workers) == most


def test_jobs_hold_every_replication_once(tmp_path: Path) -> None:
    work = list(jobs(Folder(tmp_path), "key", load(SMALL), 1, range(NUMBER), 4))
    assert [job.replications for job in work] == [(0, 1, 2, 3), (4, 5)]
