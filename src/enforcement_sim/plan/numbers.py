"""Numbers for names: what each procedure, stage, outcome, team, kind and calendar of a scenario is called in tables."""

from __future__ import annotations

import datetime as dt

from ..model import derive
from ..model.origins import Backlog, Inspections
from ..model.quantities import Length
from ..model.scenario import Scenario
from ..model.staffing import second_of
from ..model.stages import CLOSED, Fork
from ..records import NONE
from .lengths import LengthTable

NO_KIND = "-"


def unique(names: list[str]) -> tuple[str, ...]:
    """Each name once, in order of first appearance."""
    return tuple(dict.fromkeys(names))


class Numbers:
    """The lookups that all tables of one plan share, and the table of lengths that they add to."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.lengths = LengthTable()
        self.calendars = ("always", *scenario.calendars)
        self.procedures = tuple(derive.procedures_in_use(scenario))
        self.stage: dict[tuple[str, str], int] = {}
        for procedure in self.procedures:
            for stage in scenario.procedures[procedure].stages:
                self.stage[procedure, stage] = len(self.stage)
        self.outcomes = unique([CLOSED, *(o for p in self.procedures for o in scenario.procedures[p].outcomes)])
        self.roles = unique([derive.team_role(scenario, team) for team in scenario.teams])
        self.teams = tuple(scenario.teams)
        self.kinds = unique([NO_KIND, *self._kinds()])
        self.skills = unique(self._skills())
        self.credits = unique([name for register in scenario.registers.values() for name in register.classes])

    def _kinds(self) -> list[str]:
        named: list[str] = []
        for origin in self.scenario.origins.values():
            named += origin.kinds
            named += [kind for row in getattr(origin, "counts", []) for kind in row.kinds]
            if isinstance(origin, Backlog):
                named += [row.kind for row in origin.cases if row.kind is not None]
            if isinstance(origin, Inspections):
                named += derive.kinds_of(self.scenario, origin)
        named += [kind for register in self.scenario.registers.values() for kind in register.all_kinds()]
        for procedure in self.procedures:
            for stage in self.scenario.procedures[procedure].stages.values():
                if isinstance(stage, Fork):
                    named += [child.kind for child in stage.children.values() if child.kind is not None]
        return named

    def _skills(self) -> list[str]:
        named = [skill for team in self.scenario.teams.values() for who in team.people.values() for skill in who.skills]
        for procedure in self.procedures:
            for stage in self.scenario.procedures[procedure].stages.values():
                named += getattr(stage, "skills", [])
        return named

    def place(self, procedure: str, name: str) -> int:
        """The number of a stage of a procedure, or of an outcome."""
        if (procedure, name) in self.stage:
            return self.stage[procedure, name]
        return len(self.stage) + self.outcomes.index(name)

    def calendar(self, name: str | None) -> int:
        """The number of a calendar; 0 is always open."""
        return 0 if name is None else self.calendars.index(name)

    def mask(self, skills: list[str]) -> int:
        """Skills as bits."""
        return sum(1 << self.skills.index(skill) for skill in set(skills))

    def second(self, moment: dt.date | Length | None) -> int:
        """Seconds since the start, NONE for no moment."""
        return NONE if moment is None else second_of(self.scenario, moment)
