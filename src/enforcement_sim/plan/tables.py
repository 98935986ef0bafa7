"""The plan: everything an engine may read, as arrays and tables of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..calendars import DayTable, WorkTable
from ..records import NONE
from .register_tables import RegisterRow

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
        ("rolls", "i1"),  # 1: a wait whose last day is no working day goes on to the next one
        ("priority", "i4"),  # class in line
        ("patience", "i4"),  # row of `lengths`, or NONE
        ("give_up", "i4"),  # stage after giving up
        ("limit", "i4"),  # most cases in line, or NONE
        ("full", "i4"),  # stage of a case turned away
        ("blocks", "i1"),  # 1: a case that finds the line full keeps the officers of the stage before
        ("skills", "i8"),  # bits of the certificates that each officer needs
        ("on_site", "i1"),  # 1: a team of another place travels to where the case belongs
        ("by", "i1"),  # records.Attribute that the ways out follow
        ("ways_at", "i4"),  # first row of `ways`
        ("ways_count", "i4"),  # rows of `ways`
        ("gate", "i4"),  # row of `gates`, or NONE
        ("children_at", "i4"),  # first row of `children`
        ("children_count", "i4"),
        ("joins", "i1"),  # 1: a fork waits until its children have closed
        ("changes_at", "i4"),  # first row of `changes`
        ("changes_count", "i4"),
        ("procedure", "i4"),
        ("question", "u8"),  # stable number of its name, for draws
    ]
)
LENGTH = np.dtype(
    [("family", "i1"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("at", "i4"), ("count", "i4"), ("width", "i4")]
)
WAY = np.dtype(
    [
        ("cumulated", "f8"),
        ("value", "i8"),
        ("to", "i4"),
        ("falls", "i8"),  # bits of the reforms whose moved cases go this way more often at first
    ]
)
ALSO = np.dtype([("role", "i4"), ("officers", "i4")])
CHILD = np.dtype(
    [
        ("share", "f8"),
        ("kind", "i4"),  # NONE: that of the parent
        ("question", "u8"),  # stable number of fork and child, from which its own address is drawn
    ]
)
CHANGE = np.dtype([("since", "i8"), ("by_filing", "i1"), ("row", "i4")])  # row of `later`
TEAM = np.dtype(
    [
        ("calendar", "i4"),
        ("at_close", "i1"),  # records.AtClose
        ("rule", "i1"),  # records.QueueRule
        ("skips", "i1"),  # 1: a later case that fits may overtake
        ("new_team", "i1"),  # 1: at a roster change officers at work leave the count
        ("sheds", "i1"),  # 1: when officers become fewer, work in excess is broken off
        ("preempts", "i1"),  # 1: a better class breaks off work on a worse one
        ("named", "i1"),  # 1: officers by name, in `people`
        ("draws", "i1"),  # 1: at some time officers are drawn by lot
        ("keeps", "i1"),  # 1: a handling officer keeps a case
        ("by_lot", "i1"),  # 1: officers are drawn by lot among the free ones
        ("cap", "i4"),  # most open cases of one handling officer, or NONE
        ("people_at", "i4"),
        ("people_count", "i4"),
        ("pressure_at", "i4"),  # first row of `pressure`
        ("pressure_count", "i4"),
        ("duty", "i4"),  # row of `lengths` of other duties, or NONE
        ("absent_between", "i4"),  # rows of `lengths`, or NONE
        ("absent_lasts", "i4"),
        ("leave_days", "i4"),  # working days a year
        ("leave_blocks", "i4"),
        ("leaving", "f8"),  # leavings a second of each officer
        ("vacant", "i4"),  # row of `lengths`, or NONE
        ("new_extra", "f8"),  # share by which new officers take longer
        ("new_half_life", "f8"),  # seconds
        ("question", "u8"),
        ("roster_at", "i4"),
        ("roster_count", "i4"),
        ("role", "i4"),
        ("jurisdiction", "i4"),
    ]
)
QUEUE_CHANGE = np.dtype([("time", "i8"), ("team", "i4"), ("rule", "i1")])
ASSIGNMENT_CHANGE = np.dtype([("time", "i8"), ("team", "i4"), ("keeps", "i1"), ("by_lot", "i1"), ("cap", "i4")])
REFORM = np.dtype(
    [
        ("since", "i8"),  # second from which cases are moved
        ("learning_extra", "f8"),  # share by which moved cases take longer on that day
        ("learning_half_life", "f8"),  # seconds
        ("reversal_extra", "f8"),  # share by which ways marked `falls` are larger on that day
        ("role", "i4"),  # of the receiving teams
        ("measure", "i1"),  # records.Measure of its evaluation
        ("above", "f8"),  # powers are recalled from places above this
        ("least", "i8"),  # and with at least so many moved cases
    ]
)
EVALUATION = np.dtype([("time", "i8"), ("reform", "i4")])
ROSTER = np.dtype([("time", "i8"), ("officers", "i4")])
PERSON = np.dtype(
    [
        ("team", "i4"),
        ("calendar", "i4"),
        ("since", "i8"),  # second
        ("until", "i8"),
        ("skills", "i8"),
        ("speed", "f8"),
        ("lengths_at", "i4"),  # first row of `person_lengths`
        ("lengths_count", "i4"),
        ("question", "u8"),
    ]
)
PERSON_LENGTH = np.dtype([("stage", "i4"), ("length", "i4")])
PRESSURE = np.dtype([("waiting_each", "f8"), ("speed", "f8")])
GATE = np.dtype([("at", "i4"), ("count", "i4"), ("held", "f8"), ("question", "u8")])  # held: chance of a quorum
MEETING = np.dtype([("time", "i8"), ("quota", "i8")])
CLOCK = np.dtype(
    [
        ("procedure", "i4"),
        ("start_stage", "i4"),
        ("start_what", "i1"),  # records.What
        ("stop_stage", "i4"),
        ("stop_what", "i1"),
        ("limit", "i4"),  # days or months
        ("counts", "i1"),  # records.Days
        ("rolls", "i1"),
        ("calendar", "i4"),
        ("suspended_at", "i4"),
        ("suspended_count", "i4"),
        ("since", "i8"),  # this version holds for runs that start from this second on
        ("until", "i8"),  # and before this one
        ("extensions_at", "i4"),
        ("extensions_count", "i4"),
        ("lapses_to", "i4"),  # stage, or NONE
        ("name", "i4"),  # of names.clocks
        ("question", "u8"),
    ]
)
EXTENSION = np.dtype([("days", "i4"), ("granted", "f8")])
CASE = np.dtype(
    [
        ("arrived", "i8"),  # second
        ("filed", "i8"),  # second; before the start, and so before `arrived`, for cases open on the first day
        ("since", "i8"),  # second in which it has entered the stage `enters`; likewise
        ("stream", "i8"),
        ("ordinal", "i8"),  # number within its stream
        ("address", "u8"),  # stable number of the stream, for draws
        ("origin", "i8"),
        ("field", "i8"),
        ("home", "i8"),  # jurisdiction it belongs to
        ("handler", "i8"),  # jurisdiction that handles it
        ("kind", "i8"),
        ("priority", "i8"),
        ("severity", "i8"),
        ("moved", "i8"),  # 1: handled below the jurisdiction it arose in
        ("giver", "i8"),  # jurisdiction that handles it if a reform is taken back
        ("reform", "i8"),  # reform that moved it, or NONE
        ("parent", "i8"),  # case that it is a child matter of, or NONE
        ("enters", "i8"),  # stage
        ("entity", "i8"),  # number in its register, or NONE
        ("credit", "i8"),  # its class when it was visited, of names.credits, or NONE
        ("offence", "i8"),  # 0: no finding known, 1: the first of its entity, 2: a repeated one
    ]
)
"""All of eight bytes, so that the compiled engine reads them where they stand."""

RUNNING = np.dtype([("case", "i8"), ("clock", "i4"), ("started", "i8")])  # clocks that run when the run starts
FROM_FILING, FROM_ENTERING = -1, -2
"""Instead of a row of `lengths`: a clock has run since its case was filed, or since it entered its stage."""

Records = npt.NDArray[np.void]


def records(rows: Sequence[tuple[float, ...]], shape: np.dtype[np.void]) -> Records:
    """Rows of numbers as a table."""
    return np.array([tuple(row) for row in rows], dtype=shape)


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
    people: tuple[str, ...]
    reforms: tuple[str, ...]
    clocks: tuple[str, ...]
    clock_rows: tuple[str, ...]  # the name of each row of the plan's clocks
    phases: tuple[str, ...]
    labels: tuple[str, ...]
    credits: tuple[str, ...] = ()  # credit classes of all registers


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
    wave: tuple[float, float] | None  # (swing in arrivals a second, period in seconds) around 1 / mean
    weights: tuple[float, ...] | None  # how busy each day is against the others, from the first day on


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Cases of one stream that are open on the first day and stand in one stage."""

    stage: int
    count: int
    first: int  # cases of the same row of the file that belong to the streams before
    kind: int  # NONE: drawn
    age: int  # row of `lengths`
    in_stage: int  # row of `lengths`, or NONE: just come
    clocks: tuple[tuple[int, int], ...]  # (name, row of `lengths`, FROM_FILING or FROM_ENTERING)


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream of cases and what is fixed for all of them."""

    name: str
    address: int
    origin: int
    jurisdiction: int
    field: int
    home: int
    enters: int  # NONE where every case stands in a stage of its own
    kinds: tuple[int, ...]
    kind_cumulated: tuple[float, ...]
    priorities: tuple[int, ...]  # by kind, or one for all
    severities: tuple[int, ...]
    severity_cumulated: tuple[float, ...]
    arrivals: Arrivals
    reform: int  # row of `reforms` that moves its cases, or NONE
    moved_from: int  # second from which a share is moved, or NONE
    moved_full: int  # second from which all of that share is moved; in between it grows evenly
    moved_share: float
    standing: tuple[StandingRow, ...] = ()  # instead of arrivals: cases that are open on the first day
    register: int = NONE  # instead of arrivals: the row of `registers` whose history tells of its cases
    belongs: tuple[float, float] = (0.0, 1.0)  # entities between these lucks are of its home


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
    children: Records  # CHILD
    child_enters: npt.NDArray[np.int32]  # [child, field] -> stage
    changes: Records  # CHANGE
    later: Records  # STAGE, as changed
    teams: Records  # TEAM
    roster: Records  # ROSTER
    queue_changes: Records  # QUEUE_CHANGE, rising in time
    assignment_changes: Records  # ASSIGNMENT_CHANGE, rising in time
    reforms: Records  # REFORM
    evaluations: Records  # EVALUATION, rising in time
    people: Records  # PERSON
    person_lengths: Records  # PERSON_LENGTH
    pressure: Records  # PRESSURE
    gates: Records  # GATE
    meetings: Records  # MEETING
    clocks: Records  # CLOCK
    clock_rule: tuple[str, ...]  # of each row of clocks: the provision it follows
    extensions: Records  # EXTENSION
    suspended: npt.NDArray[np.int32]
    team_of: npt.NDArray[np.int32]  # [role, field, jurisdiction] -> team or NONE
    travel: npt.NDArray[np.float64]  # [jurisdiction] -> seconds on the road for teams of others
    phase_of: npt.NDArray[np.int32]  # [stage] -> phase
    label_of: npt.NDArray[np.int32]  # [stage] -> label or NONE
    procedure_of: npt.NDArray[np.int32]  # [field] -> procedure
    streams: tuple[StreamRow, ...]
    work_tables: tuple[WorkTable, ...]
    day_tables: tuple[DayTable, ...]
    years: tuple[tuple[int, int, int], ...]  # (year, first second, last second exclusive)
    registers: tuple[RegisterRow, ...] = ()

    @property
    def outcomes_at(self) -> int:
        """Number of the first outcome among the stages' names; lower numbers are stages."""
        return len(self.names.stages) - int((self.stages["op"] == 4).sum())
