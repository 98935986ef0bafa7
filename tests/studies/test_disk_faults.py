"""Faults of a disk: told in a sentence, and what was finished is kept and used when the same command goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands import command as in_process
from enforcement_sim.studies.lock import held
from enforcement_sim.studies.provenance import is_sealed
from enforcement_sim.studies.store import EARLIER, RUNS

TOWN = Path(__file__).parents[1] / "data" / "town"
NUMBER = 4
RUN = ("run", str(TOWN / "base.yaml"), "--replications", str(NUMBER))
SWEEP = ("sweep", str(TOWN / "sweep.yaml"), "--replications", str(NUMBER))
FAULTY = """import errno, os
left = int(os.environ["FAULT_AFTER"])
code = getattr(errno, os.environ["FAULT"])
replace = os.replace


def faulty(source, target):
    global left
    if RUNS in str(target):
        left -= 1
        if left < 0:
            raise OSError(code, os.strerror(code), str(target))
    return replace(source, target)


os.replace = faulty
""".replace("RUNS", f"{os.sep + RUNS + os.sep!r}")
"""Python reads this as it starts, in every process: from the so-many-th file of a replication on, a disk has a fault."""


def words(*command: str, out: Path, workers: int = 1) -> list[str]:
    options = ("--workers", str(workers), "--quiet", "--out", str(out))
    return [sys.executable, "-m", "enforcement_sim", *command, *options]


def told(command: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    """A command of the program, in this process unless its environment is another."""
    if not env:
        return in_process(*command[3:])
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, check=False)


def goes_wrong(command: list[str], *named: str, **env: str) -> None:
    """A command ends with an error that says something, and says what to try."""
    result = told(command, **env)
    assert result.returncode in (1, 2), result.stderr
    assert "Traceback" not in result.stderr
    assert all(word in result.stderr for word in named), result.stderr
    assert "try:" in result.stderr


def goes_on(command: list[str], **env: str) -> str:
    """A command ends well; what it said beside its results."""
    result = told(command, **env)
    assert result.returncode == 0, result.stderr
    return result.stderr


def contents(out: Path) -> dict[str, bytes]:
    """What a study has found: manifests, shards and records."""
    files = [*out.rglob(f"{RUNS}/*"), *out.rglob("manifest.json")]
    kept = [file for file in files if EARLIER not in file.parts and file.suffix in (".json", ".parquet")]
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in kept}


def written_at(out: Path) -> dict[str, int]:
    """When each replication that has a record was written."""
    records = [file for file in out.rglob(f"{RUNS}/*.json") if EARLIER not in file.parts and file.stem.isdecimal()]
    return {
        file.relative_to(out).as_posix(): file.stat().st_mtime_ns
        for record in records
        for file in (record, record.with_suffix(".parquet"))
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ran") / "out"
    goes_on(words(*RUN, out=out))
    return out


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("swept") / "out"
    goes_on(words(*SWEEP, out=out))
    return out


@pytest.fixture
def out(ran: Path, tmp_path: Path) -> Path:
    shutil.copytree(ran, tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.parametrize(("fault", "after", "said", "workers"), [
    ("ENOSPC", 3, "No space left on device", 1), ("EROFS", 0, "Read-only file system", 2),
    pytest.param("EROFS", 0, "Read-only file system", 1, marks=pytest.mark.long),
    pytest.param("EIO", 1, "Input/output", 1, marks=pytest.mark.long),
    pytest.param("EACCES", 4, "Permission denied", 1, marks=pytest.mark.long),
    pytest.param("EDQUOT", 5, "quota exceeded", 2, marks=pytest.mark.long),
])  # fmt: skip
def test_a_disk_that_takes_no_more(
    swept: Path, tmp_path: Path, fault: str, after: int, said: str, workers: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FAULTY)
    command = words(*SWEEP, out=tmp_path / "out", workers=workers)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    goes_wrong(command, "cannot write into", said, PYTHONPATH=path, FAULT=fault, FAULT_AFTER=str(after))
    finished = written_at(tmp_path / "out")
    assert len(finished) >= after // 2 * 2
    goes_on(command)
    assert finished.items() <= written_at(tmp_path / "out").items()
    assert contents(tmp_path / "out") == contents(swept)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 kB, where one may be had."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only the administrator of a Linux machine can make a disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80k", "none", place], check=False).returncode:
        pytest.skip("no disk can be made here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_real_disk_that_is_full_and_then_larger(disk: Path, swept: Path) -> None:
    command = words(*SWEEP, out=disk / "out")
    goes_wrong(command, "No space left on device")
    finished = written_at(disk / "out")
    assert 0 < len(finished) < len(written_at(swept))
    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
    goes_on(command)
    assert finished.items() <= written_at(disk / "out").items()
    assert contents(disk / "out") == contents(swept)


def test_a_real_disk_that_is_read_only(disk: Path, ran: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
    shutil.copytree(ran, disk / "out")
    (disk / "out" / "base" / RUNS / "0001.json").unlink()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    goes_wrong(words(*RUN, out=disk / "out"), "Read-only file system")
    goes_on([sys.executable, "-m", "enforcement_sim", "status", str(disk / "out")])
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    goes_on(words(*RUN, out=disk / "out"))
    assert contents(disk / "out") == contents(ran)


def flipped(file: Path, share: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * share)] ^= 4
    file.write_bytes(content)


SHARD, RECORD, MANIFEST = Path("base/runs/0002.parquet"), Path("base/runs/0002.json"), Path("base/manifest.json")
SPOILT: dict[str, tuple[Callable[[Path], object], tuple[int, ...]]] = {
    "a shard that was cut off": (lambda out: (out / SHARD).write_bytes((out / SHARD).read_bytes()[:-9]), (2,)),
    "an empty shard": (lambda out: (out / SHARD).write_bytes(b""), (2,)),
    "a shard that is gone": (lambda out: (out / SHARD).unlink(), (2,)),
    "a flipped bit in a shard": (lambda out: flipped(out / SHARD, 0.5), (2,)),
    "a record that was cut off": (lambda out: (out / RECORD).write_bytes((out / RECORD).read_bytes()[:-9]), (2,)),
    "an empty record": (lambda out: (out / RECORD).write_bytes(b""), (2,)),
    "a record of a number": (lambda out: (out / RECORD).write_bytes(b"3"), (2,)),
    "a record that is no text": (lambda out: (out / RECORD).write_bytes(b"\xff\xfe\x00"), (2,)),
    "a flipped bit in a record": (lambda out: flipped(out / RECORD, 0.4), (2,)),
    "a record under another number": (
        lambda out: [shutil.copyfile(out / file, out / str(file).replace("2.", "3.")) for file in (SHARD, RECORD)], (3,),
    ),
    "a manifest that was cut off": (lambda out: (out / MANIFEST).write_bytes((out / MANIFEST).read_bytes()[:-9]), ()),
    "an empty manifest": (lambda out: (out / MANIFEST).write_bytes(b""), ()),
    "a manifest that is no text": (lambda out: (out / MANIFEST).write_bytes(b"\xff\xfe\x00"), ()),
    "a manifest that is gone": (lambda out: (out / MANIFEST).unlink(), ()),
    "a flipped bit in a manifest": (lambda out: flipped(out / MANIFEST, 0.3), ()),
    "a flipped bit in the key of a manifest": (
        lambda out: (out / MANIFEST).write_text((out / MANIFEST).read_text().replace('"key": "', '"key": "0')), (),
    ),
    "times that are no text": (lambda out: (out / "base/times.jsonl").write_bytes(b'\xff\n3\n{"key": "x"}\n'), ()),
    "a study file that was cut off": (lambda out: (out / "study.json").write_bytes(b'{"scen'), ()),
    "files of others among the results": (
        lambda out: [(out / "base/runs" / name).write_text("{}") for name in ("._0001.json", "notes.json", "0001 (2).json")], (),
    ),
    "a note of a failure that was cut off": (
        lambda out: [(out / "base/failed").mkdir(), (out / "base/failed/0001.json").write_text('{"ke')], (),
    ),
    "half a file of a killed run": (lambda out: (out / "base/runs/0002.parquet.77.part").write_bytes(b"PAR"), ()),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_made_anew_and_nothing_else(out: Path, ran: Path, what: str) -> None:
    spoil, lost = SPOILT[what]
    before = written_at(out)
    spoil(out)
    for command in ("status", "report", "query"):
        read = in_process(command, out)
        assert read.returncode in (0, 2), read.stderr  # no command ended by an error that it does not tell
    goes_on(words(*RUN, out=out))
    assert goes_on(words(*RUN, out=out)) == ""  # nothing is left to be told
    found = contents(out)
    assert {name: found[name] for name in contents(ran)} == contents(ran)
    kept = {name: at for name, at in before.items() if not any(f"{number:04d}." in name for number in lost)}
    assert kept.items() <= written_at(out).items()


@pytest.mark.parametrize(
    "spoil", [lambda file: file.unlink(), pytest.param(lambda file: file.write_bytes(b"{"), marks=pytest.mark.long)]
)
def test_results_whose_manifest_is_lost_are_not_taken_for_others(
    out: Path, ran: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(out / MANIFEST)
    goes_wrong(words(*RUN, "--seed", "8", out=out), "4 finished replications beside it are of something else")
    before = written_at(out)
    goes_on(words(*RUN, "--seed", "8", "--apart", out=out))
    assert contents(out).keys() == contents(ran).keys()
    assert not before.items() & written_at(out).items()
    goes_on(words(*RUN, "--apart", out=out))
    assert contents(out) == contents(ran)
    assert written_at(out) == before


def test_a_flipped_bit_anywhere_in_record_or_manifest_is_found(out: Path) -> None:
    for file in (RECORD, MANIFEST):
        sound = (out / file).read_bytes()
        assert is_sealed(json.loads(sound))
        for at in range(0, len(sound), 1 if file is RECORD else 101):
            spoilt = bytearray(sound)
            spoilt[at] ^= 1
            try:
                told_now = json.loads(bytes(spoilt))
            except ValueError:
                continue
            assert told_now == json.loads(sound) or not is_sealed(told_now), at


def test_one_at_a_time(tmp_path: Path, swept: Path) -> None:
    with held(tmp_path / "out"):
        goes_wrong(words(*SWEEP, out=tmp_path / "out"), "another run is writing into")
    both = [subprocess.Popen(words(*SWEEP, out=tmp_path / "out"), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 2])
    assert not any("Traceback" in one for one in said)
    assert contents(tmp_path / "out") == contents(swept)


@pytest.mark.parametrize(
    "removed", [f"point-000/{RUNS}", *(pytest.param(one, marks=pytest.mark.long) for one in ("", "point-000"))]
)
def test_a_folder_that_is_removed_in_mid_run(tmp_path: Path, swept: Path, removed: str) -> None:
    process = subprocess.Popen(words(*SWEEP[:3], "1000", out=tmp_path / "out"), stderr=subprocess.PIPE, text=True)
    try:
        while not list((tmp_path / "out").rglob("0002.json")) and process.poll() is None:
            time.sleep(0.005)
        (tmp_path / "out" / removed).rename(tmp_path / "gone")
        said = process.communicate(timeout=120)[1]
    finally:
        process.kill()
    assert process.returncode == 2
    assert "Traceback" not in said
    assert "cannot write into" in said
    goes_on(words(*SWEEP, out=tmp_path / "out"))
    found = contents(tmp_path / "out")
    assert {name: found[name] for name in contents(swept)} == contents(swept)


@pytest.mark.parametrize("command", [RUN, SWEEP, ("compare", str(TOWN / "base.yaml"), str(TOWN / "change.yaml"))])
def test_results_are_not_written_into_a_file(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "out").write_text("mine")
    goes_wrong(words(*command, out=tmp_path / "out"), "cannot write into", "File exists")
    assert (tmp_path / "out").read_text() == "mine"
