"""Small marks of the rows of an event log, so that another log can be held against it row by row."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..records import DAY, What
from .log import EventLog

BLOCK = 128
"""How many rows share a mark after the first ones, each of which has its own."""
_NO_NAME = 0xD1B54A32D192ED03


@dataclass(frozen=True, slots=True)
class Marks:
    """A byte for each of the first rows, then one for every BLOCK rows, of a log of so many rows."""

    rows: int
    each: npt.NDArray[np.uint8]
    blocks: npt.NDArray[np.uint8]

    def tobytes(self) -> bytes:
        """All marks, those of single rows first."""
        return self.each.tobytes() + self.blocks.tobytes()


def marks(log: EventLog, alone: int) -> Marks:
    """The marks of a log whose first rows, at most so many, have one alone, from time, case, what, stage and team.

    Stages and teams count by their names, so a new one elsewhere moves nothing. Different rows, or blocks of rows, have
    the same mark once in 256 times.
    """
    mixed = np.zeros(len(log), dtype=np.uint64)
    for column in (log.time, log.case, log.what):
        mixed = _mixed(mixed ^ column.astype(np.uint64))
    for numbers, names in ((log.stage, log.names.stages), (log.team, log.names.teams)):
        mixed = _mixed(mixed ^ _named(numbers, names))
    rest = mixed[alone:]
    sums = np.add.reduceat(rest, np.arange(0, len(rest), BLOCK)) if len(rest) else rest
    return Marks(len(log), _byte(mixed[:alone]), _byte(_mixed(sums)))


def first_difference(log: EventLog, kept: Marks) -> str:
    """Where a log first differs from the one whose marks are kept, in words; empty where all marks agree."""
    now = marks(log, len(kept.each))
    row = _first_other(now.each, kept.each)
    if row is not None:
        return f"row {row:,}: {_told(log, row)}"
    block = _first_other(now.blocks, kept.blocks)
    if block is not None:
        row = len(now.each) + block * BLOCK
        return f"row {row:,} or one of the {BLOCK - 1} after it: {_told(log, row)}"
    return "" if now.rows == kept.rows else f"the end: the log has {now.rows:,} rows, and had {kept.rows:,}"


def _first_other(now: npt.NDArray[np.uint8], kept: npt.NDArray[np.uint8]) -> int | None:
    both = min(len(now), len(kept))
    differs = np.flatnonzero(now[:both] != kept[:both])
    return int(differs[0]) if len(differs) else None


def _told(log: EventLog, row: int) -> str:
    number, second = int(log.stage[row]), int(log.time[row])
    stage = f"stage '{log.names.stages[number]}'" if number >= 0 else "at the door"
    what = What(int(log.what[row])).name.lower().replace("_", " ")
    return f"case {int(log.case[row])}, {stage}, {what} on day {second // DAY} at {_clock(second % DAY)}"


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _named(numbers: npt.NDArray[np.int32], names: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The name behind each number as a checksum; what has none (no stage, an officer, a clock) by its number."""
    of_names = np.array([zlib.crc32(name.encode()) for name in names] or [0], dtype=np.uint64)
    has_name = (numbers >= 0) & (numbers < len(names))
    without = numbers.astype(np.int64).astype(np.uint64) ^ np.uint64(_NO_NAME)
    return np.where(has_name, of_names.take(np.where(has_name, numbers, 0)), without)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of the value moves all bits of the answer."""
    with np.errstate(over="ignore"):
        values = values + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def _byte(mixed: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    return (mixed >> np.uint64(56)).astype(np.uint8)
