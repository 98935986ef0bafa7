"""When each open case is due by its legal clocks, for teams that serve the earliest due first."""

from __future__ import annotations

from ..plan.tables import Plan
from ..records import NONE, QueueRule

NEVER = 2**62


class Dues:
    """The running clocks of every open case; idle unless a team asks for due dates."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked = bool((plan.teams["rule"] == QueueRule.EARLIEST_DUE).any())
        self.running: dict[int, dict[int, int]] = {}
        self.starts: dict[tuple[int, int], list[int]] = {}
        self.stops: dict[tuple[int, int], list[int]] = {}
        for number, clock in enumerate(plan.clocks):
            self.starts.setdefault((int(clock["start_stage"]), int(clock["start_what"])), []).append(number)
            self.stops.setdefault((int(clock["stop_stage"]), int(clock["stop_what"])), []).append(number)

    def moved(self, case: int, stage: int, what: int, now: int) -> None:
        """Start and stop the clocks that this moment starts and stops."""
        for clock in self.stops.get((stage, what), ()):
            self.running.get(case, {}).pop(clock, None)
        for clock in self.starts.get((stage, what), ()):
            self.running.setdefault(case, {})[clock] = self._due(clock, now)

    def closed(self, case: int) -> None:
        """Forget a case that is closed."""
        self.running.pop(case, None)

    def due(self, case: int) -> int:
        """The earliest due second of a case's running clocks."""
        return min(self.running.get(case, {NONE: NEVER}).values(), default=NEVER)

    def _due(self, clock: int, now: int) -> int:
        row = self.plan.clocks[clock]
        counts = "working" if row["working"] else "calendar"
        return self.plan.day_tables[int(row["calendar"])].due(now, int(row["limit"]), counts, rolls=bool(row["rolls"]))
