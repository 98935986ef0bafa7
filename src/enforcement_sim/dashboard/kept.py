"""Finished replications of the workspace, on disk by key, and of the latest what the page shows in memory."""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from ..studies.store import Folder
from .extract import Seen, extract

MOST_IN_MEMORY = 2000
"""Of a city's scenario each takes about a hundred kilobytes."""
MOST_ON_DISK = 10_000_000_000
"""Bytes; a city's scenario takes about half a megabyte for each replication."""


class Kept:
    """The folder of finished replications; safe for threads."""

    def __init__(self, folder: Path, most_bytes: int = MOST_ON_DISK) -> None:
        self._folder, self._early = folder, folder.parent / "early"
        self._make_room(most_bytes)
        shutil.rmtree(self._early, ignore_errors=True)  # of a process that was ended
        self._early.mkdir(parents=True)
        self._seen: OrderedDict[tuple[str, int], Seen] = OrderedDict()
        self._lock = threading.Lock()

    def _make_room(self, most_bytes: int) -> None:
        """Remove the scenarios that were run longest ago, as long as all together take up too much."""
        sizes = [
            (max(file.stat().st_mtime for file in files), sum(file.stat().st_size for file in files), path)
            for path in (self._folder.iterdir() if self._folder.is_dir() else ())
            if (files := [file for file in path.rglob("*") if file.is_file()])
        ]
        total = sum(size for _, size, _ in sizes)
        for _, size, path in sorted(sizes):
            if total <= most_bytes:
                return
            shutil.rmtree(path, ignore_errors=True)
            total -= size

    def folder(self, key: str) -> Path:
        """Where the replications of a key are kept."""
        return self._folder / key

    def early(self, key: str, replication: int) -> Path:
        """Where a replication that runs puts its curve."""
        return self._early / f"{key}-{replication:04d}.json"

    def put(self, key: str, replication: int, seen: Seen) -> None:
        """Remember what the page shows of a finished replication."""
        with self._lock:
            self._seen[key, replication] = seen
            while len(self._seen) > MOST_IN_MEMORY:
                self._seen.popitem(last=False)

    def has(self, key: str, replication: int) -> bool:
        """Whether a replication is finished and sound."""
        return self.is_at_hand(key, replication) or Folder(self.folder(key)).has(key, replication)

    def is_at_hand(self, key: str, replication: int) -> bool:
        """Whether what the page shows of a replication is in memory."""
        with self._lock:
            return (key, replication) in self._seen

    def get(self, key: str, replication: int) -> Seen | None:
        """What the page shows of a finished replication; None if it is not finished, or spoilt."""
        with self._lock:
            known = self._seen.get((key, replication))
            if known is not None:
                self._seen.move_to_end((key, replication))
                return known
        folder = Folder(self.folder(key))
        if not folder.has(key, replication):
            return None
        (table,), _ = folder.tables(key, [replication])
        self.put(key, replication, found := extract(table))
        return found

    def curve(self, key: str, replication: int) -> Seen | None:
        """The curve of a replication that still runs, if it is known already."""
        try:
            return Seen.of_told(self.early(key, replication).read_bytes())
        except (OSError, ValueError):
            return None

    def findings(self, key: str, replications: Iterable[int]) -> tuple[pd.DataFrame, Sequence[str]]:
        """All that finished replications have found, with the column `replication`, and the digests of their logs."""
        return Folder(self.folder(key)).findings(key, list(replications))
