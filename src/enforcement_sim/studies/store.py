"""Results on disk: one folder a scenario, in it one shard a finished replication, nothing lost by a kill.

`manifest.json` says what the results depend on, `runs/0007.parquet` holds what replication 7 found, `runs/0007.json`
that it is finished: under which key, and the checksum of the shard. Shard and record depend on nothing else, so the
same results are the same bytes however they were reached; how long it took stands apart, in `times.jsonl`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import ResultsError
from ..model.scenario import Scenario
from .provenance import differences, few, manifest

STUDY_FILE, MANIFEST, RUNS, EARLIER, TIMES = "study.json", "manifest.json", "runs", "earlier", "times.jsonl"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Folder:
    """The results of one scenario."""

    path: Path

    def begin(
        self, name: str, scenario: Scenario, seed: int, compare_to: str | None, *, apart: bool = False
    ) -> dict[str, Any]:
        """Note what is about to run, and give it as `manifest` does.

        Results of something else that are here are refused, or with `apart` moved to `earlier/KEY`, from where they
        come back when the same is asked for again. Raises ResultsError.
        """
        now = manifest(name, scenario, seed, compare_to)
        with written(self.path):
            (self.path / RUNS).mkdir(parents=True, exist_ok=True)
            then = self.manifest() if (self.path / MANIFEST).exists() else None
            if then is not None and then.get("key") != now["key"]:
                if not apart:
                    raise ResultsError(
                        f"{self.path} holds results of something else: {few(differences(then, now))}",
                        try_=f"another --out, or --apart, which moves them to {self.path / EARLIER}",
                    )
                self._put_by(then)
            if then != now:
                write_text(self.path / MANIFEST, json.dumps(now, ensure_ascii=False, indent=1))
            self._fetch(now["key"])
        return now

    def _put_by(self, then: dict[str, Any]) -> None:
        """Move what is here to where earlier results are. A kill in between leaves the rest for the next time."""
        aside = self.path / EARLIER / str(then.get("key"))
        (aside / RUNS).mkdir(parents=True, exist_ok=True)
        write_text(aside / MANIFEST, json.dumps(then, ensure_ascii=False, indent=1))
        for file in sorted((self.path / RUNS).iterdir()):  # records stand before shards: none is left without its shard
            os.replace(file, aside / RUNS / file.name)

    def _fetch(self, key: str) -> None:
        """Take back what was found under this key before."""
        aside = self.path / EARLIER / key
        if aside.is_dir():
            for file in sorted((aside / RUNS).iterdir(), reverse=True):
                os.replace(file, self.path / RUNS / file.name)
            shutil.rmtree(aside)

    def manifest(self) -> dict[str, Any]:
        """What was noted by `begin`."""
        try:
            return dict(json.loads((self.path / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ResultsError(
                f"no results in {self.path}: {error}", try_="name a folder that `run` has written"
            ) from None

    def shard(self, replication: int) -> Path:
        """Where the findings of a replication are kept."""
        return self.path / RUNS / f"{replication:04d}.parquet"

    def keep(self, key: str, replication: int, findings: pd.DataFrame, log_digest: str, seconds: float) -> None:
        """Keep a finished replication: the shard, then the record; each is there whole or not at all."""
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pandas(findings, preserve_index=False), sink, compression="zstd")
        shard = sink.getvalue().to_pybytes()
        record = {
            "key": key, "replication": replication, "log": log_digest, "rows": len(findings),
            "sha256": hashlib.sha256(shard).hexdigest(),
        }  # fmt: skip
        at = datetime.now(UTC).isoformat(timespec="seconds")
        took = {"key": key, "replication": replication, "seconds": round(seconds, 3), "finished": at}
        with written(self.path):
            write_bytes(self.shard(replication), shard)
            write_text(self.shard(replication).with_suffix(".json"), json.dumps(record))
            with (self.path / TIMES).open("a", encoding="utf-8") as file:
                file.write(json.dumps(took) + "\n")
            self._failure(replication).unlink(missing_ok=True)

    def _failure(self, replication: int) -> Path:
        return self.path / FAILED / f"{replication:04d}.json"

    def note_failure(self, key: str, replication: int, error: Exception) -> None:
        """Note that a replication could not be finished, and why."""
        told = {"key": key, "replication": replication, "kind": type(error).__name__, "cause": str(error)}
        with written(self.path):
            self._failure(replication).parent.mkdir(exist_ok=True)
            write_text(self._failure(replication), json.dumps(told, ensure_ascii=False))

    def failures(self, key: str) -> dict[int, str]:
        """The replications of a key that could not be finished, and why not."""
        found = {}
        for file in sorted((self.path / FAILED).glob("*.json")):
            told = json.loads(file.read_text(encoding="utf-8"))
            if told["key"] == key:
                found[int(told["replication"])] = f"{told['kind']}: {told['cause']}"
        return found

    def record(self, replication: int) -> dict[str, Any] | None:
        """The record of a finished replication; None if there is none that can be read."""
        try:
            return dict(json.loads(self.shard(replication).with_suffix(".json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None

    def times(self, key: str) -> list[dict[str, Any]]:
        """How many `seconds` each `replication` of a key took and when it was `finished`, as far as that was noted."""
        try:
            lines = (self.path / TIMES).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        rows = []
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:  # broken off by a kill
                continue
            if row.pop("key", None) == key:
                rows.append(row)
        return rows

    def records(self, key: str) -> dict[int, dict[str, Any]]:
        """The records of the replications that are there under a key, and sound, in order; a warning names others."""
        sound = {}
        for replication in sorted(int(file.stem) for file in (self.path / RUNS).glob("*.json")):
            record = self.record(replication)
            if record is None or record.get("key") != key:
                continue
            if self._bytes(replication, record) is None:
                what = f"{self.shard(replication)} is spoilt (its checksum is not the recorded one) and is made anew"
                warnings.warn(what, SpoiltWarning, stacklevel=2)
                continue
            sound[replication] = record
        return sound

    def finished(self, key: str) -> list[int]:
        """Numbers of the replications that are there under a key, and sound."""
        return list(self.records(key))

    def name_in(self, folder: Path) -> str:
        """What the scenario is called among those of a folder: its path there, or its own name if it is the folder."""
        return str(self.manifest()["name"]) if self.path == folder else str(self.path.relative_to(folder))

    def _bytes(self, replication: int, record: dict[str, Any]) -> bytes | None:
        """The shard, if it is the one that was recorded."""
        try:
            shard = self.shard(replication).read_bytes()
        except OSError:
            return None
        return shard if hashlib.sha256(shard).hexdigest() == record.get("sha256") else None

    def findings(self, key: str, replications: range | list[int]) -> tuple[pd.DataFrame, list[str]]:
        """The findings of some replications in one table (with column `replication`), and their log digests."""
        parts, digests = [], []
        for replication in replications:
            record = self.record(replication)
            shard = self._bytes(replication, record) if record is not None and record.get("key") == key else None
            if record is None or shard is None:
                what = f"replication {replication} in {self.path} is missing or spoilt"
                raise ResultsError(what, try_="run the scenario again into this folder: what is sound is kept")
            digests.append(str(record["log"]))
            table = pq.ParquetFile(pa.BufferReader(shard)).read()
            parts.append(table.to_pandas().assign(replication=replication))
        if not parts:
            raise ResultsError(f"no finished replication in {self.path}", try_="run the scenario into this folder")
        return pd.concat(parts, ignore_index=True), digests


class SpoiltWarning(UserWarning):
    """A shard that is not what was written."""


def places(folder: Path) -> list[Folder]:
    """The scenarios whose results are in a folder, by path, but for those put by; ResultsError if there is none."""
    found = sorted(file.parent for file in folder.rglob(MANIFEST) if EARLIER not in file.relative_to(folder).parts)
    if not found:
        raise ResultsError(f"no results in {folder}", try_="name a folder that `run`, `compare` or `sweep` has written")
    return [Folder(path) for path in found]


def sound_and_spoilt(place: Folder) -> tuple[int, int]:
    """How many finished replications of a scenario are sound, and how many spoilt."""
    with warnings.catch_warnings(record=True) as spoilt:
        warnings.simplefilter("always", SpoiltWarning)
        sound = place.finished(place.manifest()["key"])
    return len(sound), len(spoilt)


@contextmanager
def written(path: Path) -> Iterator[None]:
    """What goes wrong with a disk while this lasts is told as an error of results."""
    try:
        yield
    except OSError as error:
        raise ResultsError(
            f"cannot write into {path}: {error.strerror or error}",
            try_="make room or name another --out; what is finished is kept, the same command goes on from there",
        ) from None


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none of it.

    The disk is not waited for: what a power cut spoils, checksums find.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    write_bytes(path, text.encode())
