"""Cases that are open on the first day: where they stand, how old they are, which clocks run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..errors import Problem
from ..model.derive import field_names, jurisdiction_names, procedure_name
from ..model.distributions import CLOCK, AnyDistribution, units_of
from ..model.graph import clocks_in
from ..model.origins import Backlog
from ..model.past import days_back
from ..model.scenario import Scenario
from ..model.stages import Decision, Fork, Procedure
from ..model.standing import Standing, longest_of
from ..records import DAY
from .explain import nearest
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of all origins of open cases."""
    found: list[Problem] = []
    for name, origin in scenario.origins.items():
        if not isinstance(origin, Backlog):
            continue
        path: Path_ = ("origins", name)
        if scenario.period.warm_up is not None:
            what = "a run starts from open cases or from a warm-up, not from both"
            hint = "remove `warm_up` of the period, or this origin"
            found.append(problem(tree, path, what, got=f"warm_up: {scenario.period.warm_up}", try_=hint))
        for i, row in enumerate(origin.cases):
            found += _Row(scenario, tree, origin, row, (*path, "cases", i)).all()
    return found


class _Row:
    def __init__(self, scenario: Scenario, tree: Tree, origin: Backlog, row: Standing, path: Path_) -> None:
        self.scenario = scenario
        self.tree = tree
        self.row = row
        self.path = path
        self.found: list[Problem] = []
        named = origin.fields if isinstance(origin.fields, dict) else [origin.fields] if origin.fields else []
        self.fields = [row.field] if row.field is not None else list(named) or field_names(scenario)[:1]

    def all(self) -> list[Problem]:
        """Faults of one row; clocks are looked at where its stage is right."""
        row = self.row
        self._name(row.jurisdiction, jurisdiction_names(self.scenario), "jurisdiction", "jurisdiction")
        self._name(row.field, field_names(self.scenario), "field", "field")
        if not self.found:
            for field in self.fields:
                name = procedure_name(self.scenario, field) if field in field_names(self.scenario) else ""
                if name in self.scenario.procedures:
                    self._stands(self.scenario.procedures[name])
        self._length(row.age, "age")
        if row.in_stage is not None:
            self._length(row.in_stage, "in_stage")
        return self.found

    def _add(self, keys: Path_, what: str, got: str, try_: str) -> None:
        self.found.append(problem(self.tree, (*self.path, *keys), what, got=got, try_=try_))

    def _name(self, name: str | None, valid: Iterable[str], kind: str, *keys: str) -> bool:
        valid = list(valid)
        if name is None or name in valid:
            return True
        self._add(keys, f"no {kind} has this name", f"'{name}'", nearest(name, valid))
        return False

    def _stands(self, procedure: Procedure) -> None:
        row = self.row
        if not self._name(row.stage, procedure.stages, "stage", "stage"):
            return
        stage = procedure.stages[row.stage]
        if isinstance(stage, Decision):
            self._add(("stage",), "no case stands in a decision: no time passes there", row.stage, "the stage after it")
        elif isinstance(stage, Fork):
            hint = "the stage after it; its child matters are open cases of their own procedure"
            self._add(("stage",), "child matters of a fork would begin anew on the first day", row.stage, hint)
        running = clocks_in(procedure, row.stage, again=True)
        for name, age in (row.clocks or {}).items():
            if not self._name(name, procedure.clocks, "clock", "clocks", name):
                continue
            if name not in running:
                what = f"this clock cannot be running when a case comes to stage '{row.stage}'"
                self._add(("clocks", name), what, name, nearest("", running) or "clocks: {}")
            if not isinstance(age, str):
                self._length(age, "clocks", name)

    def _length(self, given: AnyDistribution, *keys: str) -> None:
        units = units_of(given)
        if units != {CLOCK}:
            what = "how long ago something was is told in clock time, not in legal days"
            self._add(keys, what, " and ".join(sorted(units)) or "a legal period", "days or hours, e.g. 40 days")
            return
        longest = longest_of(given)
        if longest is None:
            return
        start = self.scenario.period.start
        for calendar in (None, *self.scenario.calendars.values()):
            back = days_back(self.scenario, calendar)
            if longest.seconds > back * DAY:
                what = f"this lies before the first day that calendars know, {start - dt.timedelta(days=back)}"
                self._add(keys, what, str(longest), f"at most {back} days")
                return
