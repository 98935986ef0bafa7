"""Who goes first in a line; one rule for every engine, never a tie."""

from __future__ import annotations

from ..records import QueueRule

Key = tuple[int, int, int, int, int]


def place(rule: int, stage_priority: int, case_priority: int, severity: int, due: int, entered: int, case: int) -> Key:
    """The place of a case in a team's line; the smallest goes first.

    Priority class of the stage, then of the case, then the queue rule, then who came first, then the lower
    case number. `due` and `entered` are in seconds; a higher `severity` goes before a lower one.
    """
    if rule == QueueRule.EARLIEST_DUE:
        by_rule = due
    elif rule == QueueRule.SEVERITY:
        by_rule = -severity
    else:
        by_rule = 0
    return stage_priority, case_priority, by_rule, entered, case
