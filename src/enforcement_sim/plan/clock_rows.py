"""Legal clocks as rows: one for each version of each clock of each procedure."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..decisions.dice import question
from ..model.derive import rule_versions
from ..model.legal import Clock, Mark
from ..model.quantities import CALENDAR_DAY, WORKING_DAY
from ..records import NONE, Days, What
from .numbers import Numbers, unique
from .tables import CLOCK, EXTENSION, records

BEFORE, AFTER = -(2**62), 2**62
_COUNTS = {CALENDAR_DAY: Days.CALENDAR_DAYS, WORKING_DAY: Days.WORKING_DAYS}
_WHAT = {"entered": What.ENTERED, "started": What.STARTED, "ended": What.ENDED}


class ClockRows:
    """Collects the tables of all clocks of a plan."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        procedures = numbers.scenario.procedures
        self.names = unique([clock for p in numbers.procedures for clock in procedures[p].clocks])
        self.rows: list[tuple[int, ...]] = []
        self.rules: list[str] = []
        self.row_names: list[str] = []
        self.suspended: list[int] = []
        self.extensions: list[tuple[int, float]] = []
        for number, procedure in enumerate(numbers.procedures):
            for name, clock in procedures[procedure].clocks.items():
                self._clock(number, procedure, name, clock)

    def tables(self) -> dict[str, Any]:
        """The tables by their names in the plan."""
        return {
            "clocks": records(self.rows, CLOCK),
            "extensions": records(self.extensions, EXTENSION),
            "suspended": np.array(self.suspended, dtype=np.int32),
        }

    def _clock(self, number: int, procedure: str, name: str, clock: Clock) -> None:
        numbers = self.numbers
        at = len(self.suspended)
        self.suspended += [numbers.place(procedure, stage) for stage in clock.suspended_in]
        marks = (*self._mark(procedure, clock.starts), *self._mark(procedure, clock.stops))
        lapses_to = NONE if clock.lapses_to is None else numbers.place(procedure, clock.lapses_to)
        versions = rule_versions(numbers.scenario, clock)
        since = [BEFORE, *(numbers.second(version.since) for version in versions[1:]), AFTER]
        for i, version in enumerate(versions):
            ext_at = len(self.extensions)
            self.extensions += [(days, granted) for days, _, granted in version.extensions]
            self.rows.append((
                number, *marks, int(version.limit.amount), int(_COUNTS.get(version.limit.unit, Days.MONTHS)),
                int(version.rolls), numbers.calendar(clock.calendar), at, len(clock.suspended_in), since[i],
                since[i + 1], ext_at, len(version.extensions), lapses_to, self.names.index(name),
                question(f"clock:{name}"),
            ))  # fmt: skip
            self.rules.append(version.rule)
            self.row_names.append(name)

    def _mark(self, procedure: str, mark: Mark) -> tuple[int, int]:
        return self.numbers.place(procedure, mark.stage), int(_WHAT[mark.when])
