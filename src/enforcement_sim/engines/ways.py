"""Where a case goes next: by share, by a fact, or by a date."""

from __future__ import annotations

from ..decisions.dice import unit
from ..decisions.ways import by_date, by_share, by_tilted_share, by_value
from ..plan.tables import Plan
from ..records import NONE, Attribute
from .case import Case, StageRow
from .effort import WAY, Effort, Words


class Ways:
    """The ways out of the stages of a plan."""

    def __init__(self, plan: Plan, effort: Effort) -> None:
        self.effort = effort
        self.cumulated: list[float] = plan.ways["cumulated"].tolist()
        self.values: list[int] = plan.ways["value"].tolist()
        self.to: list[int] = plan.ways["to"].tolist()
        self.falls: list[int] = plan.ways["falls"].tolist()
        self.reversals: list[float] = plan.reforms["reversal_extra"].tolist()

    def out(self, case: Case, at: StageRow, visit: int, luck: Words, now: int) -> int:
        """The stage or outcome to which a case goes from a visit of a stage."""
        start, count = at.ways_at, at.ways_count
        if at.by == Attribute.SHARE:
            if count == 1:
                return self.to[start]
            if case.moved and case.reform != NONE and self.reversals[case.reform]:
                more = 1.0 + self.reversals[case.reform] * self.effort.still_new(case.reform, now)
                return by_tilted_share(
                    self.cumulated, self.to, self.falls, case.reform, start, count, more, unit(luck[WAY])
                )
            return by_share(self.cumulated, self.to, start, count, unit(luck[WAY]))
        if at.by in (Attribute.FILED, Attribute.NOW):
            moment = case.filed if at.by == Attribute.FILED else now
            return by_date(self.values, self.to, start, count, moment)
        return by_value(self.values, self.to, start, count, case.fact(at.by, visit, now))
