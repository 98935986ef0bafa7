"""What both engines say of a run in which nothing can move although cases wait."""

from __future__ import annotations

from ..errors import GridlockError
from ..plan.tables import Names


def never_enough(
    names: Names, case: int, stage: int, since: int, team: int, needed: int, most: int, skilled: bool
) -> GridlockError:
    """A case waits for more officers of a team than that will ever have again."""
    skills = " with the skills that it asks for" if skilled else ""
    return GridlockError(
        f"gridlock: case {case} waits for {needed} officers{skills} of team '{names.teams[team]}' at stage "
        f"'{names.stages[stage]}' since second {since}, but the team never has more than {most} again",
        try_=f"give team '{names.teams[team]}' at least {needed} officers, or let another team take the case",
    )


def standstill(names: Names, case: int, stage: int, team: int) -> GridlockError:
    """A case waits at a team, and no event is left that could move it."""
    return GridlockError(
        f"gridlock: case {case} waits at team '{names.teams[team]}', stage '{names.stages[stage]}', "
        "and nothing can move any more",
        try_="check the roster and the calendar of this team",
    )
