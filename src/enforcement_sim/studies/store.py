"""Results on disk: one folder a scenario, one file a finished replication, nothing lost by a kill.

A replication's file carries the key of what it depends on (scenario, seed, source code), so a repeated run
takes what is there and fits, and leaves alone what belongs to another key.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import ResultsError
from ..model.scenario import Scenario

RUN_FILE = "run.json"
STUDY_FILE = "study.json"


def source_digest() -> str:
    """SHA-256 of the package's source files: results of other code are never taken for today's."""
    total = hashlib.sha256()
    root = resources.files("enforcement_sim")
    files = sorted(path for path in Path(str(root)).rglob("*.py"))
    for path in files:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def key_of(scenario: Scenario, seed: int) -> str:
    """What a replication depends on, apart from its number."""
    text = json.dumps(
        [scenario.model_dump(mode="json", exclude={"replications"}), seed, source_digest()], sort_keys=True
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Folder:
    """The results of one scenario."""

    path: Path

    def begin(self, name: str, scenario: Scenario, seed: int, compare_to: str | None) -> str:
        """Note what is about to run; gives the key under which its replications are kept."""
        self.path.mkdir(parents=True, exist_ok=True)
        key = key_of(scenario, seed)
        facts = {
            "name": name,
            "key": key,
            "seed": seed,
            "compare_to": compare_to,
            "scenario": scenario.model_dump(mode="json"),
        }
        write_text(self.path / RUN_FILE, json.dumps(facts, ensure_ascii=False, indent=1))
        return key

    def facts(self) -> dict[str, Any]:
        """What was noted by `begin`."""
        try:
            return dict(json.loads((self.path / RUN_FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ResultsError(
                f"no results in {self.path}: {error}", try_="name a folder that `run` has written"
            ) from None

    def file(self, key: str, replication: int) -> Path:
        """Where a replication is kept."""
        return self.path / f"replication-{replication:04d}-{key}.parquet"

    def keep(self, key: str, replication: int, findings: pd.DataFrame, log_digest: str) -> None:
        """Keep a finished replication; a half-written file never carries its name."""
        table = pa.Table.from_pandas(findings, preserve_index=False)
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"log_digest": log_digest.encode()})
        target = self.file(key, replication)
        partial = target.with_suffix(f".{os.getpid()}.part")
        pq.write_table(table, partial, compression="zstd")
        os.replace(partial, target)

    def has(self, key: str, replication: int) -> bool:
        """Whether a replication is there."""
        return self.file(key, replication).is_file()

    def findings(self, key: str, replications: range | list[int]) -> tuple[pd.DataFrame, list[str]]:
        """The findings of some replications in one table (with column `replication`), and their log digests."""
        parts, digests = [], []
        for replication in replications:
            try:
                table = pq.ParquetFile(self.file(key, replication)).read()
            except (OSError, pa.ArrowInvalid) as error:
                what = f"replication {replication} in {self.path} cannot be read: {error}"
                raise ResultsError(what, try_="run the scenario again into this folder") from None
            digests.append((table.schema.metadata or {}).get(b"log_digest", b"").decode())
            parts.append(table.to_pandas().assign(replication=replication))
        return pd.concat(parts, ignore_index=True), digests

    def finished(self, key: str) -> list[int]:
        """Numbers of the replications that are there under a key."""
        return sorted(int(path.name.split("-")[1]) for path in self.path.glob(f"replication-*-{key}.parquet"))


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
