"""Stages by date: their own changes and those of the law, one upon the other in order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ..model.distributions import Fixed, Legal
from ..model.periods import PeriodVersion, period_versions
from ..model.quantities import Length
from ..model.scenario import Scenario
from ..model.stages import Stage, Wait

ALWAYS, NEVER = -(2**62), 2**62
Second = Callable[[dt.date | Length | None], int]
Dated = tuple[int, bool, Stage]
"""From which second, whether the filing (and not the entry) decides, and the stage from then on."""


def dated(scenario: Scenario, stage: Stage, second: Second) -> tuple[Stage, list[Dated]]:
    """The stage as it is at first, and as each change of its own or of its legal period leaves it.

    A legal period becomes a fixed length that changes on the first day of each later version. What the stage itself
    changes goes first: once it has set another duration, the versions of the old one do nothing.
    """
    steps: list[Dated] = [(ALWAYS, False, stage)]
    for change, after in stage.versions:
        steps.append((second(change.on), change.cases == "filed_from_then", after))
    found: list[Dated] = []
    for i, (since, by_filing, at) in enumerate(steps):
        until = steps[i + 1][0] if i + 1 < len(steps) else NEVER
        found += _by_law(scenario, (since, by_filing, at), until, second)
    return found[0][2], found[1:]


def _by_law(scenario: Scenario, step: Dated, until: int, second: Second) -> list[Dated]:
    """A step, once for each version of the law that begins before the next step."""
    since, by_filing, at = step
    if not isinstance(at, Wait) or not isinstance(at.duration, Legal):
        return [step]
    first, *later = period_versions(scenario, at.duration)
    found: list[Dated] = [(since, by_filing, _in_full(at, first))]
    for version in later:
        begins = second(version.since)
        if begins <= since:
            found = [(since, by_filing, _in_full(at, version))]
        elif begins < until:
            found.append((begins, at.duration.by_filing, _in_full(at, version)))
    return found


def _in_full(at: Wait, version: PeriodVersion) -> Wait:
    """The wait for a version of a legal period, taken in full."""
    rolls = version.rolls if at.rolls is None else at.rolls
    return at.model_copy(update={"duration": Fixed(family="fixed", value=version.length), "rolls": rolls})
