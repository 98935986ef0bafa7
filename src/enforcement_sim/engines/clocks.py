"""Legal clocks of open cases: they start, stop, stand still, are extended, run out, and may end a stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..decisions.dice import Dice, unit
from ..decisions.limits import days_away, due
from ..errors import CalendarError
from ..plan.tables import Plan
from ..records import NONE, What
from .case import Case

NEVER = 2**62
_LEFT = (What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED)


@dataclass(slots=True)
class Run:
    """One run of a clock of one case."""

    started: int
    still: int = 0  # days for which it stood still
    away_since: int = NEVER
    more: int = 0  # days by which the limit had grown through rolling when it came to stand still
    extended: int = 0  # extensions granted
    due: int = NEVER
    ran_out: bool = False


class Clocks:
    """The running clocks of every open case, and the bells that ring when one runs out."""

    def __init__(self, plan: Plan, dice: Dice) -> None:
        self.plan = plan
        self.dice = dice
        self.rows = [dict(zip(plan.clocks.dtype.names or (), row, strict=True)) for row in plan.clocks.tolist()]
        self.running: dict[int, dict[int, Run]] = {}
        self.times: dict[tuple[int, int], int] = {}  # how often a case has started a clock
        self.starts = self._by_moment("start")
        self.stops = self._by_moment("stop")
        names = [(row["procedure"], row["name"]) for row in self.rows]
        self.versions = [[n for n, name in enumerate(names) if name == mine] for mine in names]
        self.still_in: dict[int, list[int]] = {}
        for number, row in enumerate(self.rows):
            for stage in plan.suspended[row["suspended_at"] : row["suspended_at"] + row["suspended_count"]].tolist():
                self.still_in.setdefault(stage, []).append(number)
        # Most moments mean nothing to any clock; who asks about these alone is spared the rest.
        self.moments = {*self.starts, *self.stops}
        self.moments |= {(stage, what) for stage in self.still_in for what in (What.ENTERED, *_LEFT)}

    def _by_moment(self, which: str) -> dict[tuple[int, int], list[int]]:
        found: dict[tuple[int, int], list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault((row[f"{which}_stage"], row[f"{which}_what"]), []).append(number)
        return found

    def moved(self, case: Case, stage: int, what: int, now: int) -> tuple[list[tuple[What, int]], bool]:
        """Let this moment end suspensions, stop, start and suspend clocks, in this order.

        Returns what became of those whose last second it was (extended or ran out), and whether a bell must be set.
        """
        told: list[tuple[What, int]] = []
        mine = self.running.get(case.number, {})
        still = self.still_in.get(stage, ()) if what == What.ENTERED or what in _LEFT else ()
        if what in _LEFT:
            for clock in still:
                self._resume(clock, mine.get(clock), now)
        for clock in self.stops.get((stage, what), ()):
            self._end(clock, mine.pop(clock, None), case, now, told)
        stirred = bool(still and mine)
        for clock in self.starts.get((stage, what), ()):
            if self.rows[clock]["since"] <= now < self.rows[clock]["until"]:
                mine = self.running.setdefault(case.number, {})
                for earlier in self.versions[clock]:
                    self._end(earlier, mine.pop(earlier, None), case, now, told)
                self.times[case.number, clock] = self.times.get((case.number, clock), -1) + 1
                mine[clock] = run = Run(now)
                run.due = self._due(clock, run)
                stirred = True
        if what == What.ENTERED:
            for clock in still:
                self._suspend(clock, mine.get(clock), case, now, told)
        return told, stirred

    def begin_with(self, case: int, stage: int, since: int, started: list[tuple[int, int]]) -> None:
        """Let clocks run that have started before the run; the case stands in a stage since second `since`."""
        mine = self.running.setdefault(case, {})
        for clock, second in started:
            self.times[case, clock] = 0
            mine[clock] = run = Run(second)
            run.due = self._due(clock, run)
            if clock in self.still_in.get(stage, ()) and run.due > since:
                run.away_since = since

    def _suspend(self, clock: int, run: Run | None, case: Case, now: int, told: list[tuple[What, int]]) -> None:
        if run is not None and not run.ran_out:
            self._extend(clock, run, case, now, told)
            if run.due > now:
                run.away_since = now
                plain = self._due(clock, run, rolls=False)
                if plain <= now:  # the day to which the limit has rolled is a day of the limit that is left
                    row = self.rows[clock]
                    run.more += days_away(self.plan.day_tables[row["calendar"]], row["counts"], plain, run.due)

    def _resume(self, clock: int, run: Run | None, now: int) -> None:
        if run is not None and run.away_since != NEVER:
            row = self.rows[clock]
            run.still += days_away(self.plan.day_tables[row["calendar"]], row["counts"], run.away_since, now)
            run.away_since = NEVER
            run.due = self._due(clock, run)

    def _end(self, clock: int, run: Run | None, case: Case, now: int, told: list[tuple[What, int]]) -> None:
        """A run ends before its bell has rung; in the very second of the bell it is extended or too late."""
        if run is not None and not run.ran_out and run.away_since == NEVER:
            self._extend(clock, run, case, now, told)
            if run.due <= now:
                told.append((What.RAN_OUT, clock))

    def _extend(self, clock: int, run: Run, case: Case, now: int, told: list[tuple[What, int]]) -> None:
        while run.due <= now and self._is_granted(clock, run, case):
            run.extended += 1
            run.due = self._due(clock, run)
            told.append((What.EXTENDED, clock))

    def _due(self, clock: int, run: Run, rolls: bool = True) -> int:
        row = self.rows[clock]
        at = row["extensions_at"]
        more = int(self.plan.extensions["days"][at : at + run.extended].sum())
        table, rolls = self.plan.day_tables[row["calendar"]], rolls and bool(row["rolls"])
        try:
            return due(table, row["counts"], run.started, row["limit"] + more, run.still + run.more, rolls)
        except CalendarError:
            return NEVER  # behind all that the calendar covers, and so behind the horizon

    def next_bell(self, case: int) -> int:
        """The earliest second at which a running clock of this case runs out."""
        dues = [r.due for r in self.running.get(case, {}).values() if not r.ran_out and r.away_since == NEVER]
        return min(dues, default=NEVER)

    def ring(self, case: Case, now: int) -> Iterator[tuple[What, int, int]]:
        """What becomes of the clocks of a case that run out now: (extended or ran out, clock, stage it lapses to)."""
        mine = self.running.get(case.number, {})
        for clock in sorted(mine):
            run = mine.get(clock)
            if run is None or run.due > now or run.ran_out or run.away_since != NEVER:
                continue
            if self._is_granted(clock, run, case):
                run.extended += 1
                run.due = self._due(clock, run)
                yield What.EXTENDED, clock, NONE
            else:
                run.ran_out = True
                yield What.RAN_OUT, clock, self.rows[clock]["lapses_to"]

    def _is_granted(self, clock: int, run: Run, case: Case) -> bool:
        row = self.rows[clock]
        if run.extended >= row["extensions_count"]:
            return False
        nth = self.times[case.number, clock]
        luck = self.dice.block(case.address, case.ordinal, nth, row["question"], run.extended)
        return unit(luck[0]) < float(self.plan.extensions["granted"][row["extensions_at"] + run.extended])

    def due(self, case: int) -> int:
        """The earliest due second of a case's running clocks, for teams that serve the earliest due first."""
        return min((run.due for run in self.running.get(case, {}).values()), default=NEVER)

    def closed(self, case: Case, now: int) -> list[tuple[What, int]]:
        """Forget a case that is closed; returns what became of the clocks whose last second this was."""
        told: list[tuple[What, int]] = []
        for clock, run in sorted(self.running.pop(case.number, {}).items()):
            self._end(clock, run, case, now, told)
        return told
