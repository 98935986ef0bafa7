"""How far a long command is, and how long it will still take."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ..engines.choice import prepare
from ..model.scenario import Scenario

QUIET_SECONDS = 10.0


class Told:
    """Shows replications as they finish: a bar on a terminal, now and then a line elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
        )  # fmt: skip
        self.bars = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.tasks: dict[str, TaskID] = {}
        self.said = time.monotonic()
        self.begun = time.monotonic()

    def __enter__(self) -> Told:
        self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def prepare(self, *scenarios: Scenario) -> None:
        """Have the engines ready that some scenarios ask for, and say so where that takes long."""
        for name in {scenario.engine for scenario in scenarios}:
            prepare(name, self.console.print)

    def __call__(self, name: str, done: int, total: int) -> None:
        """A replication of a scenario is done."""
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(name, total=total)
        self.bars.update(self.tasks[name], completed=done)
        now = time.monotonic()
        if not self.console.is_terminal and (
            now - self.said > QUIET_SECONDS or (done == total and now - self.begun > QUIET_SECONDS)
        ):
            print(f"{name}: {done} of {total} replications", file=sys.stderr)
            self.said = now
