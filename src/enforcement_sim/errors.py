"""What can go wrong for a user, said so that it can be put right: where, what, got, try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class EnforcementSimError(Exception):
    """Base of every error that a user's input or a user's model can cause."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file: its place, what is wrong, what stood there and what to try."""

    what: str
    where: str = ""
    got: str = ""
    try_: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Several lines: `file:line:column: where: what`, then `got` and `try` where known."""
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}"
        head = ": ".join(part for part in (place, self.where, self.what) if part)
        lines = [head]
        if self.got:
            lines.append(f"  got:  {self.got}")
        if self.try_:
            lines.append(f"  try:  {self.try_}")
        return "\n".join(lines)


MOST_SHOWN = 12
"""Faults that one message tells; a file with more is mended in rounds."""


class ScenarioError(EnforcementSimError):
    """A scenario file that cannot be used; holds every fault found, not only the first."""

    def __init__(self, problems: Sequence[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        more = len(self.problems) - len(shown)
        super().__init__("\n".join([*shown, *([f"and {more} more"] if more else [])]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class _OneLineError(EnforcementSimError):
    """An error of one sentence with, where there is one, a second that says what to try."""

    def __init__(self, what: str, *, try_: str = "") -> None:
        self.what = what
        self.try_ = try_
        super().__init__(f"{what}\n  try:  {try_}" if try_ else what)


class CalendarError(_OneLineError):
    """A date or a working time that no calendar of the scenario covers."""


class GridlockError(_OneLineError):
    """Cases wait although nothing can ever move again; names the team and the stage."""


class ConservationError(_OneLineError):
    """Filed is not closed plus open: a fault of the engine or of a log, never of a planner."""


class WorkerError(_OneLineError):
    """A process that worked for a study has died."""


class ResultsError(_OneLineError):
    """A results folder that cannot be read or does not fit the scenario."""
