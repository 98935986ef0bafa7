"""A small mark of every row of an event log, so that another log can be held against it row by row."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..records import DAY, What
from .log import EventLog

Marks = npt.NDArray[np.uint8]
_NO_NAME = 0xD1B54A32D192ED03


def marks(log: EventLog, most: int) -> Marks:
    """One byte for each of the first rows, at most so many, from time, case, what, stage and team.

    Stages and teams count by their names, so a new one elsewhere moves nothing. Two different rows have the same mark
    once in 256 times.
    """
    rows = slice(0, most)
    columns = (
        *(column[rows].astype(np.uint64) for column in (log.time, log.case, log.what)),
        _named(log.stage[rows], log.names.stages),
        _named(log.team[rows], log.names.teams),
    )
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        mixed = _mixed(mixed ^ column)
    return (mixed >> np.uint64(56)).astype(np.uint8)


def first_difference(log: EventLog, kept: Marks) -> str:
    """Where a log first differs from the one whose marks are kept, in words; empty where all kept rows agree."""
    now = marks(log, len(kept))
    both = min(len(now), len(kept))
    differs = np.flatnonzero(now[:both] != kept[:both])
    if not len(differs):
        if len(now) == len(kept):
            return ""
        return f"the log ends after {len(now):,} rows, and had at least {len(kept):,}"
    row = int(differs[0])
    number, second = int(log.stage[row]), int(log.time[row])
    stage = f"stage '{log.names.stages[number]}'" if number >= 0 else "at the door"
    what = What(int(log.what[row])).name.lower().replace("_", " ")
    return f"row {row:,}: case {int(log.case[row])}, {stage}, {what} on day {second // DAY} at {_clock(second % DAY)}"


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
