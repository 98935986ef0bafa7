"""The reference engine with one generator whose numbers are taken in turn: how most simulations draw chance.

Nothing of the model differs. A number is drawn at the moment it is needed: the gap to the next arrival when a case
arrives (for Poisson arrivals of a single stream), the length of work when an officer takes it up, the way out when a
case leaves a stage. Seed and replication give the generator, so that a scenario and the same with one change begin
with the same numbers and go on with them in the order of their own events. Counted arrivals stay as they are drawn at
the door, the same in both scenarios: that is in favour of the single stream.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from enforcement_sim.decisions.dice import unit
from enforcement_sim.engines.case import Case
from enforcement_sim.engines.reference import Reference, Steps
from enforcement_sim.journal.log import EventLog
from enforcement_sim.plan.tables import CASE, Plan

_AT_ONCE = 1 << 14


class Turns:
    """Stands in for the dice of a replication and for the words of a block: whatever is asked, the next word comes."""

    def __init__(self, seed: int, replication: int) -> None:
        self.generator = np.random.default_rng([seed, replication])
        self.words: list[int] = []

    def block(self, *_: int) -> Turns:
        """Words that are drawn only when they are looked at."""
        return self

    def __getitem__(self, _: int) -> int:
        if not self.words:
            self.words = self.generator.integers(0, 2**64, _AT_ONCE, dtype=np.uint64).tolist()
        return self.words.pop()


class InTurn(Reference):
    """One replication of a plan with numbers taken in turn."""

    def __init__(self, plan: Plan, replication: int) -> None:
        super().__init__(plan, replication)
        self.came: int | None = None
        """How many cases have arrived, where they are not known beforehand."""
        self.turns: Any = Turns(plan.seed, replication)
        self.effort.dice = self.clocks.dice = self.office.dice = self.turns

    def door(self) -> Steps:
        """Cases arrive; of a single Poisson stream each one's gap is drawn when the one before has come."""
        arrivals = self.plan.streams[0].arrivals
        if len(self.plan.streams) > 1 or arrivals.process != "poisson":
            yield from super().door()
            return
        # Those of the intake lend their rows, with room for as many again.
        self.cases, self.came, exact = np.repeat(self.cases[:1], 2 * len(self.cases) + 1000), 0, 0.0
        while (exact := exact - arrivals.mean * math.log1p(-unit(self.turns[0]))) < self.plan.horizon:
            yield self.env.timeout(math.floor(exact) - self.now)
            row = self.cases[self.came]
            row["arrived"] = row["filed"] = row["since"] = self.now
            row["ordinal"] = self.came
            case = Case(self.came, dict(zip(CASE.names or (), row.item(), strict=True)))
            self.came += 1
            self.env.process(self.life(case, case.enters))


def run(plan: Plan, replication: int) -> EventLog:
    """The event log of one replication, checked like any other."""
    one = InTurn(plan, replication)
    log = one.run()
    if one.came is not None:
        log = replace(log, cases=log.cases[: one.came])
    log.check()
    return log
