"""Results on disk: one folder a scenario, in it one shard a finished replication, nothing lost by a kill.

`manifest.json` says what the results depend on, `runs/0007.parquet` holds what replication 7 found, `runs/0007.json`
that it is finished: under which key, with checksums of the shard and of the record. Both depend on nothing else, so the
same results are the same bytes however they were reached; how long it took and where stands apart, in `times.jsonl` and
`machines`.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import ResultsError
from ..model.scenario import Scenario
from .disk import move, remove_tree, told_by, write_bytes, write_text, written
from .notes import Notes
from .provenance import FORMAT, differences, few, is_sealed, manifest, sealed

STUDY_FILE, MANIFEST, RUNS, EARLIER = "study.json", "manifest.json", "runs", "earlier"


@dataclass(frozen=True, slots=True)
class Folder:
    """The results of one scenario."""

    path: Path

    @property
    def notes(self) -> Notes:
        """What is noted beside the results."""
        return Notes(self.path)

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
            then = self._manifest_if_whole()
            if then is None or then["key"] != now["key"]:
                others = self._of_others(now["key"])
                if then is not None or others:
                    if not apart:
                        raise ResultsError(
                            self._why_refused(then, now, len(others)),
                            try_=f"another --out, or --apart, which moves them to {self.path / EARLIER}",
                        )
                    self._put_by(then, others)
            if then != now:
                if then is None and (self.path / MANIFEST).exists():
                    what = f"{self.path / MANIFEST} was spoilt and is written anew; what is finished is kept"
                    warnings.warn(what, SpoiltWarning, stacklevel=2)
                write_text(self.path / MANIFEST, json.dumps(now, ensure_ascii=False, indent=1))
            self._fetch(now["key"])
        return now

    def _of_others(self, key: str) -> dict[int, str]:
        """The replications that are here under other keys than this one, each with its own."""
        records = {replication: self.record(replication) for replication in self._numbers()}
        return {number: one["key"] for number, one in records.items() if one is not None and one["key"] != key}

    def _why_refused(self, then: dict[str, Any] | None, now: dict[str, Any], others: int) -> str:
        if then is None:
            what = f"{self.path / MANIFEST} is gone, spoilt or of another version of the program"
            return f"{what}, and {others} finished replications beside it are of something else than is asked for"
        return f"{self.path} holds results of something else: {few(differences(then, now))}"

    def _put_by(self, then: dict[str, Any] | None, others: dict[int, str]) -> None:
        """Move what is here to where earlier results are. A kill in between leaves the rest for the next time."""
        if then is not None:
            aside = self.path / EARLIER / str(then["key"])
            (aside / RUNS).mkdir(parents=True, exist_ok=True)
            write_text(aside / MANIFEST, json.dumps(then, ensure_ascii=False, indent=1))
        keys = {f"{number:04d}": key for number, key in others.items()}
        for file in sorted((self.path / RUNS).iterdir()):  # records stand before shards: none is left without its shard
            key = keys.get(file.stem, None if then is None else then["key"])
            if key is not None:
                aside = self.path / EARLIER / str(key) / RUNS
                aside.mkdir(parents=True, exist_ok=True)
                move(file, aside / file.name)

    def _fetch(self, key: str) -> None:
        """Take back what was found under this key before."""
        aside = self.path / EARLIER / key
        if (aside / RUNS).is_dir():
            for file in sorted((aside / RUNS).iterdir(), reverse=True):
                move(file, self.path / RUNS / file.name)
            remove_tree(aside)

    def manifest(self) -> dict[str, Any]:
        """What was noted by `begin`. Raises ResultsError where nothing was, or where it is spoilt."""
        try:
            content = (self.path / MANIFEST).read_bytes()
        except OSError as error:
            what = f"no results in {self.path}: {error.strerror or error}"
            raise ResultsError(what, try_="name a folder that `run` has written") from None
        told = told_by(content)
        if told.get("format") != FORMAT or not is_sealed(told):
            raise ResultsError(
                f"{self.path / MANIFEST} is spoilt or of another version of the program",
                try_="the command that wrote it: it writes this file anew, and goes on from what is finished",
            )
        return told

    def _manifest_if_whole(self) -> dict[str, Any] | None:
        try:
            return self.manifest()
        except ResultsError:
            return None

    def shard(self, replication: int) -> Path:
        """Where the findings of a replication are kept."""
        return self.path / RUNS / f"{replication:04d}.parquet"

    def keep(self, key: str, replication: int, findings: pd.DataFrame, log_digest: str, seconds: float) -> None:
        """Keep a finished replication: the shard, then the record; each is there whole or not at all."""
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pandas(findings, preserve_index=False), sink, compression="zstd")
        shard = sink.getvalue().to_pybytes()
        record = sealed({
            "key": key, "replication": replication, "log": log_digest, "rows": len(findings),
            "sha256": hashlib.sha256(shard).hexdigest(),
        })  # fmt: skip
        with written(self.path):
            write_bytes(self.shard(replication), shard)
            write_text(self.shard(replication).with_suffix(".json"), json.dumps(record))
            self.notes.finished(key, replication, seconds)

    def _numbers(self) -> list[int]:
        """The replications of which there are records, whole or not, in order."""
        stems = [file.stem for file in (self.path / RUNS).glob("*.json")]
        return sorted(int(stem) for stem in stems if stem.isascii() and stem.isdecimal() and f"{int(stem):04d}" == stem)

    def record(self, replication: int) -> dict[str, Any] | None:
        """The record of a finished replication; None if there is none that is whole."""
        try:
            told = told_by(self.shard(replication).with_suffix(".json").read_bytes())
        except OSError:
            return None
        return told if is_sealed(told) and told.get("replication") == replication else None

    def has(self, key: str, replication: int) -> bool:
        """Whether a replication is there under a key, and sound."""
        record = self.record(replication)
        return record is not None and record["key"] == key and self._bytes(replication, record) is not None

    def records(self, key: str) -> dict[int, dict[str, Any]]:
        """The records of the replications that are there under a key, and sound, in order; a warning names others."""
        return {replication: record for replication, record, _ in self._sound(key)}

    def sound(self, key: str) -> Iterator[tuple[int, dict[str, Any], pa.Table]]:
        """Each replication that is there under a key, and sound, in order: number, record, findings.

        Every shard is read once. A warning names those that are not sound.
        """
        for replication, record, shard in self._sound(key):
            yield replication, record, pq.ParquetFile(pa.BufferReader(shard)).read()

    def _sound(self, key: str) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        for replication in self._numbers():
            record = self.record(replication)
            if record is not None and record["key"] != key:
                continue
            shard = None if record is None else self._bytes(replication, record)
            if record is None or shard is None:
                spoilt = self.shard(replication) if record is not None else self.shard(replication).with_suffix(".json")
                what = f"{spoilt} is spoilt (its checksum is not the recorded one) and is made anew"
                warnings.warn(what, SpoiltWarning, stacklevel=3)
                continue
            yield replication, record, shard

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

    def tables(self, key: str, replications: Iterable[int]) -> tuple[list[pa.Table], list[str]]:
        """The findings of some replications, a table each, and their log digests."""
        tables, digests = [], []
        for replication in replications:
            record = self.record(replication)
            shard = self._bytes(replication, record) if record is not None and record["key"] == key else None
            if record is None or shard is None:
                what = f"replication {replication} in {self.path} is missing or spoilt"
                raise ResultsError(what, try_="run the scenario again into this folder: what is sound is kept")
            digests.append(str(record["log"]))
            tables.append(pq.ParquetFile(pa.BufferReader(shard)).read())
        return tables, digests

    def findings(self, key: str, replications: range | list[int]) -> tuple[pd.DataFrame, list[str]]:
        """The findings of some replications in one table (with column `replication`), and their log digests."""
        tables, digests = self.tables(key, replications)
        return self._long(tables, replications), digests

    def all_findings(self, key: str) -> tuple[pd.DataFrame, list[str]]:
        """The same of all replications that are there under a key, and sound."""
        sound = list(self.sound(key))
        whole = self._long([table for *_, table in sound], [replication for replication, *_ in sound])
        return whole, [str(record["log"]) for _, record, _ in sound]

    def _long(self, tables: list[pa.Table], replications: Iterable[int]) -> pd.DataFrame:
        if not tables:
            raise ResultsError(f"no finished replication in {self.path}", try_="run the scenario into this folder")
        parts = [table.to_pandas().assign(replication=r) for table, r in zip(tables, replications, strict=True)]
        whole: pd.DataFrame = pd.concat(parts, ignore_index=True)
        return whole


class SpoiltWarning(UserWarning):
    """A shard that is not what was written."""
