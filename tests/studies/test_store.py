"""Results on disk: the same bytes however they were reached, never those of something else, and nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.studies import provenance
from enforcement_sim.studies.lock import held
from enforcement_sim.studies.points import How
from enforcement_sim.studies.provenance import differences, manifest
from enforcement_sim.studies.replicate import load_results, replicate
from enforcement_sim.studies.store import EARLIER, RUNS, Folder, SpoiltWarning

SMALL = Path(__file__).parents[1] / "data" / "small_base.yaml"
NUMBER = 4


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load(SMALL)


@pytest.fixture(scope="module")
def whole(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "small"
    replicate(small, replications=NUMBER, folder=folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Everything but how long it took and who has the folder."""
    told = [folder / "manifest.json", *(folder / RUNS).iterdir()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in told}


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "small")
    return tmp_path / "small"


def test_every_replication_has_a_shard_and_a_record(whole: Path) -> None:
    names = {f"{number:04d}.{kind}" for number in range(NUMBER) for kind in ("json", "parquet")}
    assert {file.name for file in (whole / RUNS).iterdir()} == names
    times = [json.loads(line) for line in (whole / "times.jsonl").read_text().splitlines()]
    assert sorted(row["replication"] for row in times) == list(range(NUMBER))
    assert all(row["seconds"] > 0 for row in times)


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_writes_the_same_bytes(
    small: Scenario, whole: Path, tmp_path: Path, workers: int
) -> None:
    replicate(small, replications=NUMBER, folder=tmp_path / "small", how=How(workers))
    assert contents(tmp_path / "small") == contents(whole)


def test_more_replications_later_are_the_same_bytes_as_all_at_once(
    small: Scenario, whole: Path, tmp_path: Path
) -> None:
    replicate(small, replications=2, folder=tmp_path / "small")
    first = {file: file.stat().st_mtime_ns for file in (tmp_path / "small" / RUNS).iterdir()}
    replicate(small, replications=NUMBER, folder=tmp_path / "small")
    assert contents(tmp_path / "small") == contents(whole)
    assert {file: file.stat().st_mtime_ns for file in first} == first


def test_replications_of_two_folders_can_be_put_together(small: Scenario, whole: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, lost in ((one, (0, 1)), (other, (2, 3))):
        shutil.copytree(whole, folder)
        for number in lost:
            for kind in ("json", "parquet"):
                (folder / RUNS / f"{number:04d}.{kind}").unlink()
    shutil.copytree(other / RUNS, one / RUNS, dirs_exist_ok=True)
    replicate(small, replications=NUMBER, folder=one)
    assert contents(one) == contents(whole)


MANY = 12
KILLED = """import sys
from pathlib import Path
from enforcement_sim.files.read import load
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate
small = load(Path(sys.argv[1]))
replicate(small, replications=1)
print("go", flush=True)
replicate(small, replications=int(sys.argv[3]), folder=Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def many(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "small"
    replicate(small, replications=MANY, folder=folder)
    return folder


def kill_after(records: int, seconds: float, folder: Path) -> set[Path]:
    """Kill a run so long after it has finished so many replications; the records of what it had finished."""
    words = [sys.executable, "-c", KILLED, str(SMALL), str(folder), str(MANY)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    while len(set((folder / RUNS).glob("*.json"))) < records and process.poll() is None:
        time.sleep(0.0005)
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()
    return set((folder / RUNS).glob("*.json"))


def goes_on_after_kills(small: Scenario, many: Path, folder: Path, moments: list[tuple[int, float]]) -> None:
    finished: dict[Path, int] = {}
    for records, seconds in moments:
        found = kill_after(records, seconds, folder)
        assert records <= len(found) < MANY
        assert {file: file.stat().st_mtime_ns for file in finished} == finished
        finished = {file: file.stat().st_mtime_ns for file in found}
    replicate(small, replications=MANY, folder=folder)
    assert {name: told for name, told in contents(folder).items() if not name.endswith(".part")} == contents(many)


@pytest.mark.parametrize("moments", [
    [(0, 0.01), (1, 0.0), (3, 0.007), (5, 0.012), (8, 0.003)],
    pytest.param([(0, 0.03), (1, 0.009), (2, 0.016), (4, 0.001), (7, 0.02)], marks=pytest.mark.long),
])  # fmt: skip
def test_five_kills_lose_nothing_that_was_finished(
    small: Scenario, many: Path, tmp_path: Path, moments: list[tuple[int, float]]
) -> None:
    goes_on_after_kills(small, many, tmp_path / "one", moments)


@pytest.mark.long
def test_a_hundred_kills_lose_nothing_that_was_finished(small: Scenario, many: Path, tmp_path: Path) -> None:
    for n in range(20):
        moments = [(0, 0.002 * n), (1, 0.001 * n), (3, 0.001 * (19 - n)), (5, 0.0005 * n), (7, 0.0003 * n)]
        goes_on_after_kills(small, many, tmp_path / f"{n}", moments)


EDITS = [
    "engines/desk.py", "engines/compiled/loop.py", "decisions/durations.py", "decisions/ways.py", "plan/intake.py",
    "calendars/days.py", "measures/backlog.py", "measures/survival.py", "model/derive.py", "journal/log.py",
    "records.py", "studies/processes.py",
]  # fmt: skip


@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_of_the_program_is_refused_and_named(
    small: Scenario, copy: Path, edited: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = tmp_path / "enforcement_sim"
    shutil.copytree(provenance.ROOT, root, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / edited).open("a") as file:
        file.write("\n")
    monkeypatch.setattr(provenance, "ROOT", root)
    monkeypatch.setattr(provenance, "_AT_START", provenance._sources())
    provenance.code.cache_clear()
    try:
        with pytest.raises(ResultsError, match=f"{re.escape(edited)} has changed") as told:
            replicate(small, replications=NUMBER, folder=copy)
    finally:
        provenance.code.cache_clear()
    assert "--apart" in str(told.value)


@pytest.mark.parametrize("edited", ["views/page.py", "cli/app.py", "studies/store.py"])
def test_what_only_shows_results_may_change(edited: str) -> None:
    assert edited not in provenance.code()
    assert (provenance.ROOT / edited).is_file()


def changed(small: Scenario, path: list[str], value: object) -> Scenario:
    told = small.model_dump(mode="json")
    inside = told
    for key in path[:-1]:
        inside = inside[key]
    assert inside[path[-1]] != value
    inside[path[-1]] = value
    return Scenario.model_validate(told)


def test_another_scenario_is_refused_and_named_by_path(small: Scenario, copy: Path) -> None:
    team = next(iter(small.teams))
    now = manifest("small", changed(small, ["title", "en"], "Another"), small.seed, None)
    then = Folder(copy).manifest()
    assert (differences(then, now), now["key"]) == ([], then["key"])
    now = manifest("small", changed(small, ["purpose"], "place"), small.seed, None)
    assert differences(then, now) == ["purpose: theory then, place now"]
    assert now["key"] != then["key"]
    other = small.model_copy(update={"teams": {**small.teams, "more": small.teams[team]}})
    with pytest.raises(ResultsError, match=r"teams\.more\."):
        replicate(other, replications=NUMBER, folder=copy)
    with pytest.raises(ResultsError, match=f"seed: {small.seed} then, {small.seed + 1} now"):
        replicate(small, seed=small.seed + 1, replications=NUMBER, folder=copy)


def test_another_library_is_refused_and_named(small: Scenario, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "version", lambda _: "0.0.1")
    provenance.code.cache_clear()
    try:
        with pytest.raises(ResultsError, match=r"numpy: \S+ then, 0\.0\.1 now"):
            replicate(small, replications=NUMBER, folder=copy)
    finally:
        provenance.code.cache_clear()


def test_results_put_by_come_back(small: Scenario, copy: Path, whole: Path) -> None:
    replicate(small, seed=7, replications=1, folder=copy, how=How(apart=True))
    (aside,) = (copy / EARLIER).iterdir()
    assert contents(aside) == contents(whole)
    assert load_results(copy).seed == 7
    replicate(small, replications=NUMBER, folder=copy, how=How(apart=True))
    assert contents(copy) == contents(whole)
    (aside,) = (copy / EARLIER).iterdir()
    assert load_results(aside).seed == 7


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_flipped_byte_or_a_lost_end_is_found(whole: Path, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, NUMBER - 1))
    place = Folder(whole)
    shard = place.shard(number)
    sound = shard.read_bytes()
    at = data.draw(st.integers(0, len(sound) - 1))
    spoilt = data.draw(st.sampled_from([sound[:at], sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :]]))
    shard.write_bytes(spoilt)
    try:
        key = place.manifest()["key"]
        with pytest.warns(SpoiltWarning, match=shard.name):
            assert place.finished(key) == [n for n in range(NUMBER) if n != number]
        with pytest.raises(ResultsError, match=f"replication {number} .* spoilt"):
            place.findings(key, range(NUMBER))
    finally:
        shard.write_bytes(sound)


def test_a_spoilt_shard_is_made_anew_and_the_others_are_kept(small: Scenario, copy: Path, whole: Path) -> None:
    Folder(copy).shard(2).write_bytes(b"")
    kept = {n: Folder(copy).shard(n).stat().st_mtime_ns for n in (0, 1, 3)}
    with pytest.warns(SpoiltWarning):
        replicate(small, replications=NUMBER, folder=copy)
    assert contents(copy) == contents(whole)
    assert {n: Folder(copy).shard(n).stat().st_mtime_ns for n in kept} == kept


def test_one_at_a_time(small: Scenario, copy: Path) -> None:
    with held(copy), pytest.raises(ResultsError, match="another run is writing into"):
        replicate(small, replications=NUMBER, folder=copy)
    replicate(small, replications=NUMBER, folder=copy)


def test_a_folder_that_cannot_be_made_is_an_error_and_no_traceback(small: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResultsError, match="cannot write into"):
        replicate(small, replications=1, folder=tmp_path / "file" / "small")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of Unix")
def test_a_full_disk_loses_nothing_that_was_finished(small: Scenario, copy: Path, whole: Path) -> None:
    import resource  # not on Windows

    for kind in ("json", "parquet"):
        (copy / RUNS / f"0003.{kind}").unlink()
    before = contents(copy)
    room = len(contents(whole)[f"{RUNS}/0003.parquet"]) // 2
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(ResultsError, match=r"cannot write into .*(?s:.*)what is finished is kept"):
            replicate(small, replications=NUMBER, folder=copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert contents(copy) == before
    replicate(small, replications=NUMBER, folder=copy)
    assert contents(copy) == contents(whole)


def test_a_record_depends_on_nothing_but_the_result(whole: Path) -> None:
    record = json.loads((whole / RUNS / "0000.json").read_text())
    assert set(record) == {"key", "replication", "log", "rows", "sha256", "check"}
