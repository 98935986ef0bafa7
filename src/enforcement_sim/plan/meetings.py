"""The times at which a gate meets, and how many cases each meeting takes."""

from __future__ import annotations

import math

from ..calendars import DayTable
from ..model.scenario import Scenario
from ..model.stages import Gate
from ..model.teams import WEEKDAYS
from ..records import DAY

NO_QUOTA = 2**62


def meetings_of(scenario: Scenario, gate: Gate, days: DayTable) -> list[tuple[int, int]]:
    """(second, quota) of every meeting inside the period, rising."""
    horizon = scenario.period.seconds
    if gate.weekdays:
        assert gate.time is not None
        weekdays = {WEEKDAYS.index(day) for day in gate.weekdays}
        at = gate.time.hour * 3600 + gate.time.minute * 60
        first = scenario.period.start.weekday()
        quota = gate.quota if isinstance(gate.quota, int) else NO_QUOTA
        held = [d for d in range(horizon // DAY + 1) if (d + first) % 7 in weekdays and days.is_working_day(d)]
        return [(d * DAY + at, quota) for d in held if d * DAY + at < horizon]
    times = [round(length.seconds) for length in gate.at]
    quotas = (
        gate.quota
        if isinstance(gate.quota, list)
        else [NO_QUOTA if gate.quota is None else gate.quota] * max(1, len(times))
    )
    if gate.every is None:
        return sorted((time, quota) for time, quota in zip(times, quotas, strict=True) if time < horizon)
    period = round(gate.every.seconds)
    times = times or [period]
    repeats = range(horizon // period + 1)
    found = [(n * period + time, quota) for n in repeats for time, quota in zip(times, quotas, strict=True)]
    return sorted((time, quota) for time, quota in found if time < horizon)


def held_share(gate: Gate) -> float:
    """The chance that a meeting has its quorum: members come independently of each other."""
    if gate.members is None or gate.quorum is None or gate.attendance is None:
        return 1.0
    n, p = gate.members, gate.attendance.value
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(gate.quorum, n + 1))
