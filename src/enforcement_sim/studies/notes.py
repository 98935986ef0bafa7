"""What is noted beside results and no result depends on: how long each took, on which machine, and what failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .disk import is_here, told_by, write_text, written
from .machine import machine

TIMES, MACHINES, FAILED = "times.jsonl", "machines", "failed"


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes in the folder of one scenario."""

    path: Path

    def finished(self, key: str, replication: int, seconds: float) -> None:
        """Note how long a replication took, here and now; that it failed before is forgotten."""
        here, at = machine(), datetime.now(UTC).isoformat(timespec="seconds")
        self.machine(here)
        took = {"key": key, "replication": replication, "seconds": round(seconds, 3), "finished": at}
        self.time({**took, "machine": here["machine"]})
        self._failure(replication).unlink(missing_ok=True)

    def time(self, took: dict[str, Any]) -> None:
        """Note how long a replication took."""
        if is_here(self.path):
            with (self.path / TIMES).open("a", encoding="utf-8") as file:
                file.write(json.dumps(took) + "\n")
            return
        # Nothing can be added to a file of an object store, so each replication has one.
        (self.path / TIMES).mkdir(exist_ok=True)
        write_text(self.path / TIMES / f"{took['replication']:04d}.json", json.dumps(took))

    def times(self, key: str) -> list[dict[str, Any]]:
        """How many `seconds` each `replication` of a key took, when it was `finished` and on which `machine`.

        As far as that was noted.
        """
        noted = self.path / TIMES
        try:
            if noted.is_dir():
                lines = [file.read_bytes() for file in sorted(noted.glob("*.json"))]
            else:
                lines = noted.read_bytes().splitlines()
        except OSError:
            return []
        rows = [told_by(line) for line in lines]  # a line that a kill has broken off tells nothing
        whole = [row for row in rows if {"replication", "seconds", "finished"} <= row.keys()]
        return [row for row in whole if row.pop("key", None) == key]

    def machine(self, told: dict[str, Any]) -> None:
        """Note what a machine is that has run something."""
        file = self.path / MACHINES / f"{told['machine']}.json"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            write_text(file, json.dumps(told, ensure_ascii=False))

    def machines(self) -> list[dict[str, Any]]:
        """The machines that have run something, as `machine.machine` tells of them."""
        told = [told_by(file.read_bytes()) for file in sorted((self.path / MACHINES).glob("*.json"))]
        return [one for one in told if one.get("machine")]

    def failure(self, key: str, replication: int, error: Exception) -> None:
        """Note that a replication could not be finished, and why."""
        told = {"key": key, "replication": replication, "kind": type(error).__name__, "cause": str(error)}
        with written(self.path):
            self._failure(replication).parent.mkdir(exist_ok=True)
            write_text(self._failure(replication), json.dumps(told, ensure_ascii=False))

    def failures(self, key: str) -> dict[int, str]:
        """The replications of a key that could not be finished, and why not."""
        found = {}
        for file in sorted((self.path / FAILED).glob("*.json")):
            told = told_by(file.read_bytes())
            if told.get("key") == key and {"replication", "kind", "cause"} <= told.keys():
                found[int(told["replication"])] = f"{told['kind']}: {told['cause']}"
        return found

    def _failure(self, replication: int) -> Path:
        return self.path / FAILED / f"{replication:04d}.json"
