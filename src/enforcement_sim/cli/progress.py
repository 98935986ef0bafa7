"""How far a long command is, and how long it will still take."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

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
from ..studies.rounds import Standing

QUIET_SECONDS = 10.0
"""Where there is no terminal, a line is told so often."""


class Told:
    """Shows replications as they finish: bars on a terminal, now and then a line elsewhere, or nothing."""

    def __init__(self, quiet: bool = False, as_json: bool = False) -> None:
        self.console = Console(stderr=True, quiet=quiet or as_json)
        self.quiet, self.as_json = quiet, as_json
        self.shows_bars = self.console.is_terminal and not quiet and not as_json
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[note]}"),
        )  # fmt: skip
        self.bars = Progress(*columns, console=self.console, transient=True, disable=not self.shows_bars)
        self.tasks: dict[str, TaskID] = {}
        self.said = self.begun = time.monotonic()

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

    def __call__(self, name: str, done: int, total: int, of: str = "replications") -> None:
        """A replication of a scenario is done, or another piece of a longer work."""
        self._bar(name, done, total)
        self._line(
            done == total,
            lambda: f"{name}: {done} of {total} {of}",
            lambda: {"scenario": name, "done": done, of: total},
        )

    def standing(self, now: Standing) -> None:
        """A replication of a sweep is done."""
        self._bar("points", now.points_done, now.points)
        note = told_widest(now) + (f"  {now.failed} failed" if now.failed else "")
        self._bar("replications", now.done + now.failed, now.replications, note)
        self._line(now.points_done == now.points, lambda: told_standing(now), lambda: json_standing(now))

    def _bar(self, name: str, done: int, total: int, note: str = "") -> None:
        if self.shows_bars:
            if name not in self.tasks:
                self.tasks[name] = self.bars.add_task(name, total=total, note=note)
            self.bars.update(self.tasks[name], completed=done, total=total, note=note)

    def _line(self, is_last: bool, text: Callable[[], str], fields: Callable[[], dict[str, Any]]) -> None:
        """Tell how far it is, if it was not told lately; of a short command only programs hear."""
        if self.quiet or self.shows_bars:
            return
        now = time.monotonic()
        if now - self.said > QUIET_SECONDS or (is_last and (self.as_json or now - self.begun > QUIET_SECONDS)):
            print(json.dumps(fields(), ensure_ascii=False) if self.as_json else text(), file=sys.stderr)
            self.said = now


def told_standing(now: Standing) -> str:
    """How far a sweep is, in one line."""
    failed = f", {now.failed} failed" if now.failed else ""
    widest = told_widest(now)
    return f"{now.points_done} of {now.points} points, {now.done} of {now.replications} replications{failed}" + (
        f"; {widest}" if widest else ""
    )


def told_widest(now: Standing) -> str:
    """The measure that is farthest from the width that is wanted, with its half-width now."""
    if now.widest is None:
        return ""
    name, reached = now.widest
    return f"{name} ±{reached.interval.half:.3g} (wanted ±{reached.wanted:.3g})"


def json_standing(now: Standing) -> dict[str, Any]:
    """How far a sweep is, for programs."""
    told: dict[str, Any] = {
        "points_done": now.points_done, "points": now.points, "done": now.done, "failed": now.failed,
        "replications": now.replications, "most": now.most,
    }  # fmt: skip
    if now.widest is not None:
        name, reached = now.widest
        told["widest"] = {"finding": name, "half_width": reached.interval.half, "wanted": reached.wanted}
    return told
