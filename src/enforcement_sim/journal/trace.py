"""A small mark of every row of an event log, so that another log can be held against it row by row."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..records import DAY, What
from .log import EventLog

Marks = npt.NDArray[np.uint8]
_NO_TEAM = 0x9E3779B97F4A7C15


def marks(log: EventLog, most: int) -> Marks:
    """One byte for each of the first rows, at most so many, from time, case, what, stage and team.

    Stages and teams count by their names, so a new one elsewhere moves nothing. Two different rows have the same mark
    once in 256 times.
    """
    rows = slice(0, most)
    stages, teams = _of_names(log.names.stages), _of_names(log.names.teams)
    team = log.team[rows].astype(np.int64)
    by_name = (team >= 0) & (team < len(teams))
    of_team = np.where(by_name, teams.take(np.where(by_name, team, 0)), team.astype(np.uint64) ^ np.uint64(_NO_TEAM))
    mixed = np.zeros(len(team), dtype=np.uint64)
    for column in (
        log.time[rows].astype(np.uint64), log.case[rows].astype(np.uint64), log.what[rows].astype(np.uint64),
        stages.take(log.stage[rows]), of_team,
    ):  # fmt: skip
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
    stage, second = str(log.names.stages[log.stage[row]]), int(log.time[row])
    what = What(int(log.what[row])).name.lower().replace("_", " ")
    return (
        f"row {row:,}: case {int(log.case[row])}, stage '{stage}', "
        f"{what} on day {second // DAY} at {_clock(second % DAY)}"
    )


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _of_names(names: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.array([zlib.crc32(name.encode()) for name in names] or [0], dtype=np.uint64)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of the value moves all bits of the answer."""
    with np.errstate(over="ignore"):
        values = values + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))
