"""The diary of an office: what happens to cases is written down here, and moves their legal clocks."""

from __future__ import annotations

from functools import partial

from ..records import NONE, What
from .case import Case
from .clocks import Clocks
from .desk import LAPSED
from .office import BELL, LAPSES, Office
from .recall import Recall


class Diary:
    """Writes facts into the log and lets each start, stop and suspend the clocks of its case."""

    def __init__(self, office: Office, clocks: Clocks, recall: Recall, horizon: int) -> None:
        self.office = office
        self.env = office.env
        self.log = office.log
        self.clocks = clocks
        self.recall = recall
        self.horizon = horizon

    @property
    def now(self) -> int:
        """The present second."""
        return int(self.env.now)

    def happens(self, case: Case, what: What, stage: int, team: int = NONE) -> None:
        """Write a fact down, and let it start or stop the legal clocks of the case."""
        now = self.now
        self.log.note(now, case.number, what, stage, team)
        if case.running is not None and what == What.ENTERED:
            self.stands(case, stage, case.running)
            return
        if (stage, what) not in self.clocks.moments:
            return
        told, stirred = self.clocks.moved(case, stage, what, now)
        self.of_clocks(case, stage, told)
        if stirred:
            self.set_bell(case)

    def stands(self, case: Case, stage: int, running: list[tuple[int, int]]) -> None:
        """A case of the first day has been in this stage before; what its entering starts and suspends is told."""
        for clock, started in running:
            self.log.note(started, case.number, What.RUNNING, stage, clock)
        self.clocks.begin_with(case.number, stage, case.since, running)
        case.running = None
        self.set_bell(case)

    def of_clocks(self, case: Case, stage: int, told: list[tuple[What, int]]) -> None:
        """Clocks were extended or have run out; unless such a one only ends a stage, somebody is late."""
        for what, clock in told:
            self.log.note(self.now, case.number, what, stage, clock)
            if what == What.RAN_OUT and self.clocks.rows[clock]["lapses_to"] == NONE:
                self.recall.is_late(case)

    def set_bell(self, case: Case) -> None:
        """Have a bell ring when the next of the case's clocks runs out."""
        rings = max(self.clocks.next_bell(case.number), self.now)
        if rings < self.horizon and (rings != case.bell or rings == self.now):
            case.bell = rings
            self.office.at(rings - self.now, BELL, lambda _: self.ring(case))

    def ring(self, case: Case) -> None:
        """A clock runs out: it is extended, or the case is late, or it lapses out of its stage."""
        for what, clock, to in self.clocks.ring(case, self.now):
            self.of_clocks(case, case.stage, [(what, clock)])
            if to != NONE:
                case.lapses_to = to
                if case.stay is not None:
                    # Only when every bell of this second has rung, so that none rings for a case that has moved on.
                    self.office.at(0, LAPSES, partial(case.stay.end, LAPSED))
                break
        self.set_bell(case)

    def closed(self, case: Case, stage: int) -> None:
        """The case goes to the archive, and its clocks with it."""
        self.happens(case, What.CLOSED, stage)
        self.recall.closes(case)
        self.of_clocks(case, stage, self.clocks.closed(case, self.now))
