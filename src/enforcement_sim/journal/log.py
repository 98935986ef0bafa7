"""The event log: rows of (time, case, what, stage, team), and nothing that could be computed from them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ConservationError
from ..records import What


class LogWriter:
    """Collects rows in the order in which an engine writes them."""

    __slots__ = ("case", "stage", "team", "time", "what")

    def __init__(self) -> None:
        self.time = array("q")
        self.case = array("q")
        self.what = array("b")
        self.stage = array("i")
        self.team = array("i")

    def note(self, time: int, case: int, what: int, stage: int, team: int) -> None:
        """One fact."""
        self.time.append(time)
        self.case.append(case)
        self.what.append(what)
        self.stage.append(stage)
        self.team.append(team)


@dataclass(frozen=True)
class EventLog:
    """One replication's facts in canonical order: by time, then case, then as they happened to that case.

    `time` int64 seconds; `case` int64 rows of `cases`; `what` int8 records.What; `stage` int32 (outcomes of
    closed cases included); `team` int32, -1 for none: for rows about a clock the row of the plan's clocks, for
    officers by name their number behind those of the teams. `cases` is the table of cases at the door; `names` says
    what numbers stand for; `horizon` is the first second that was not simulated. Nothing is told of the time before
    second 0 but the starts of clocks that already run (records.What.RUNNING).
    """

    time: npt.NDArray[np.int64]
    case: npt.NDArray[np.int64]
    what: npt.NDArray[np.int8]
    stage: npt.NDArray[np.int32]
    team: npt.NDArray[np.int32]
    cases: npt.NDArray[np.void]
    names: Any
    horizon: int
    replication: int

    @classmethod
    def of(cls, rows: LogWriter, cases: npt.NDArray[np.void], names: Any, horizon: int, replication: int) -> EventLog:
        """The log of what an engine wrote.

        Engines may settle independent cases of one instant in any order; the canonical order hides it.
        """
        columns = (rows.time, rows.case, rows.what, rows.stage, rows.team)
        return cls.in_order([np.array(column) for column in columns], cases, names, horizon, replication)

    @classmethod
    def in_order(
        cls,
        columns: Sequence[npt.NDArray[Any]],
        cases: npt.NDArray[np.void],
        names: Any,
        horizon: int,
        replication: int,
    ) -> EventLog:
        """The log of columns (time, case, what, stage, team) as an engine wrote them, put into canonical order."""
        time, case, what, stage, team = columns
        order = np.lexsort((np.arange(len(time)), case, time))
        return cls(
            time[order].astype(np.int64), case[order].astype(np.int64), what[order].astype(np.int8),
            stage[order].astype(np.int32), team[order].astype(np.int32), cases, names, horizon, replication,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.time)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all rows and over who the cases are; equal logs and only those have equal digests."""
        total = hashlib.sha256()
        for column in (self.time, self.case, self.what, self.stage, self.team):
            total.update(np.ascontiguousarray(column).tobytes())
        children = ("parent",) if (self.cases["parent"] >= 0).any() else ()
        before = ("filed", "since") if (self.cases["filed"] < self.cases["arrived"]).any() else ()
        for name in ("arrived", "address", "ordinal", "handler", "kind", *children, *before):
            width = "<i4" if name in ("handler", "kind") else "<i8"
            total.update(self.cases[name].astype(width).tobytes())
        return total.hexdigest()

    def rows(self, what: What) -> npt.NDArray[np.bool_]:
        """Which rows tell of this."""
        return np.asarray(self.what == what, dtype=np.bool_)

    def check(self) -> None:
        """Filed is closed plus open in every jurisdiction and field, and nobody acts before filing or after closing.

        Raises ConservationError; a log that fails is no basis for any result.
        """
        if not len(self) and not len(self.cases):
            return
        filed = np.bincount(self.case[self.rows(What.ARRIVED)], minlength=len(self.cases))
        closed = np.bincount(self.case[self.rows(What.CLOSED)], minlength=len(self.cases))
        if len(self.cases) and (filed.max(initial=0) > 1 or filed.min(initial=1) < 1):
            raise ConservationError(f"case {int(np.argmax(filed != 1))} was filed {int(filed[filed != 1][0])} times")
        if closed.max(initial=0) > 1:
            raise ConservationError(f"case {int(np.argmax(closed))} was closed {int(closed.max())} times")
        by_case = np.lexsort((np.arange(len(self)), self.case))
        by_case = by_case[self.what[by_case] != What.RUNNING]
        first = np.flatnonzero(np.diff(self.case[by_case], prepend=-1))
        if np.any(self.what[by_case[first]] != What.ARRIVED):
            raise ConservationError("a case acts before it is filed")
        # Clocks whose last second was that of the closing are told behind it.
        acts = by_case[~np.isin(self.what[by_case], (What.RAN_OUT, What.EXTENDED))]
        last = np.flatnonzero(np.diff(self.case[acts], append=-1))
        ends_closed = self.what[acts[last]] == What.CLOSED
        if int(ends_closed.sum()) != int(closed.sum()):
            raise ConservationError("a case acts after it is closed")
        # What is left open must be somewhere: every open case stands in exactly one stage.
        entered = np.isin(self.what, (What.ENTERED,)).astype(np.int64)
        left = np.isin(self.what, (What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED)).astype(np.int64)
        inside = np.bincount(self.case, weights=entered - left, minlength=len(self.cases)).astype(np.int64)
        wrong = np.flatnonzero(inside != (filed - closed))
        if len(wrong):
            case = self.cases[wrong[0]]
            place = f"{self.names.jurisdictions[case['handler']]}, field {self.names.fields[case['field']]}"
            raise ConservationError(
                f"filed is not closed plus open: case {int(wrong[0])} of {place} is in {int(inside[wrong[0]])} stages"
            )
