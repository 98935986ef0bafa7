"""The plan: everything an engine may read, as arrays and tables of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..calendars import DayTable, WorkTable

STAGE = np.dtype(
    [
        ("op", "i1"),  # records.Op
        ("role", "i4"),  # role of the first team, NONE outside work
        ("officers", "i4"),  # officers seized at once, 0 if drawn
        ("officers_length", "i4"),  # row of `lengths` that draws the number of officers, or NONE
        ("also_at", "i4"),  # first row of `also`
        ("also_count", "i4"),  # rows of `also`
        ("length", "i4"),  # row of `lengths`: the duration
        ("days", "i1"),  # records.Days: unit of a wait
        ("calendar", "i4"),  # calendar of a wait in days
        ("priority", "i4"),  # class in line
        ("patience", "i4"),  # row of `lengths`, or NONE
        ("give_up", "i4"),  # stage after giving up
        ("limit", "i4"),  # most cases in line, or NONE
        ("full", "i4"),  # stage of a case turned away
        ("by", "i1"),  # records.Attribute that the ways out follow
        ("ways_at", "i4"),  # first row of `ways`
        ("ways_count", "i4"),  # rows of `ways`
        ("gate", "i4"),  # row of `gates`, or NONE
        ("procedure", "i4"),
        ("question", "u8"),  # stable number of its name, for draws
    ]
)
LENGTH = np.dtype(
    [("family", "i1"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("at", "i4"), ("count", "i4"), ("width", "i4")]
)
WAY = np.dtype([("cumulated", "f8"), ("value", "i8"), ("to", "i4")])
ALSO = np.dtype([("role", "i4"), ("officers", "i4")])
TEAM = np.dtype(
    [
        ("calendar", "i4"),
        ("at_close", "i1"),  # records.AtClose
        ("rule", "i1"),  # records.QueueRule
        ("skips", "i1"),  # 1: a later case that fits may overtake
        ("new_team", "i1"),  # 1: at a roster change officers at work leave the count
        ("roster_at", "i4"),
        ("roster_count", "i4"),
        ("role", "i4"),
        ("jurisdiction", "i4"),
    ]
)
ROSTER = np.dtype([("time", "i8"), ("officers", "i4")])
GATE = np.dtype([("at", "i4"), ("count", "i4")])
MEETING = np.dtype([("time", "i8"), ("quota", "i8")])
CLOCK = np.dtype(
    [
        ("procedure", "i4"),
        ("start_stage", "i4"),
        ("start_what", "i1"),  # records.What
        ("stop_stage", "i4"),
        ("stop_what", "i1"),
        ("limit", "i4"),  # days
        ("working", "i1"),  # 1: working days
        ("rolls", "i1"),
        ("calendar", "i4"),
        ("suspended_at", "i4"),
        ("suspended_count", "i4"),
    ]
)
CASE = np.dtype(
    [
        ("arrived", "i8"),  # second
        ("stream", "i4"),
        ("ordinal", "i8"),  # number within its stream
        ("address", "u8"),  # stable number of the stream, for draws
        ("origin", "i4"),
        ("field", "i4"),
        ("home", "i4"),  # jurisdiction it belongs to
        ("handler", "i4"),  # jurisdiction that handles it
        ("kind", "i4"),
        ("priority", "i4"),
        ("severity", "i4"),
        ("moved", "i1"),  # 1: handled below the jurisdiction it arose in
        ("enters", "i4"),  # stage
    ]
)

Records = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Names:
    """Names by number, in the order of the scenario file."""

    teams: tuple[str, ...]
    roles: tuple[str, ...]
    stages: tuple[str, ...]  # stages of all procedures, then outcomes
    procedures: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    fields: tuple[str, ...]
    origins: tuple[str, ...]
    kinds: tuple[str, ...]
    streams: tuple[str, ...]
    calendars: tuple[str, ...]
    clocks: tuple[str, ...]
    phases: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How the cases of one stream come; drawn by `intake` before an engine starts."""

    process: str
    calendar: int
    mean: float  # seconds between arrivals while the calendar is open (poisson), or the distance (regular)
    first: int  # second of the first arrival, or NONE
    length: int  # row of `lengths` for the distance (renewal), or NONE
    most: int  # most arrivals, or NONE
    batch: int
    at: tuple[int, ...]  # listed arrivals
    steps: tuple[tuple[int, float], ...]  # (seconds, arrivals a second), repeated
    counts: tuple[tuple[int, int, int, int], ...]  # (from second, to second, kind or NONE, cases)


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream of cases and what is fixed for all of them."""

    name: str
    address: int
    origin: int
    jurisdiction: int
    field: int
    home: int
    enters: int
    kinds: tuple[int, ...]
    kind_cumulated: tuple[float, ...]
    priorities: tuple[int, ...]  # by kind, or one for all
    arrivals: Arrivals
    moved_from: int  # second from which a share is moved, or NONE
    moved_share: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario as an engine sees it; nothing in it changes during a run."""

    names: Names
    horizon: int  # seconds, exclusive
    warm_up: int  # seconds
    seed: int
    stages: Records  # STAGE
    lengths: Records  # LENGTH
    tail: npt.NDArray[np.float64]
    ways: Records  # WAY
    also: Records  # ALSO
    teams: Records  # TEAM
    roster: Records  # ROSTER
    gates: Records  # GATE
    meetings: Records  # MEETING
    clocks: Records  # CLOCK
    clock_name: tuple[str, ...]  # of each clock; procedures may share a name
    suspended: npt.NDArray[np.int32]
    team_of: npt.NDArray[np.int32]  # [role, field, jurisdiction] -> team or NONE
    phase_of: npt.NDArray[np.int32]  # [stage] -> phase
    label_of: npt.NDArray[np.int32]  # [stage] -> label or NONE
    procedure_of: npt.NDArray[np.int32]  # [field] -> procedure
    streams: tuple[StreamRow, ...]
    work_tables: tuple[WorkTable, ...]
    day_tables: tuple[DayTable, ...]
    years: tuple[tuple[int, int, int], ...]  # (year, first second, last second exclusive)
    learning_from: int  # second, or NONE
    learning_extra: float
    learning_half_life: float

    @property
    def outcomes_at(self) -> int:
        """Number of the first outcome among the stages' names; lower numbers are stages."""
        return len(self.names.stages) - int((self.stages["op"] == 4).sum())
