"""Registers of entities: classes that are not there, shares that do not add up, days that lie nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from ..errors import Problem
from ..model.derive import field_names, jurisdiction_names, kinds_of
from ..model.figures import Figure
from ..model.origins import Inspections
from ..model.registers import Campaign, Register
from ..model.scenario import Scenario
from ..model.ways import ByFact
from .explain import nearest
from .tree import Path_, Tree, problem

MOST_ENTITIES = 1_000_000
"""Entities of one register; a province has fewer in one field."""
MOST_VISITS = 366
"""Visits or leads about one entity in a year."""
LONGEST_CAMPAIGN = 366
"""Days over which the visits of one campaign may be spread."""


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of registers, of the origins that visit them, and of ways out by credit class."""
    return _Registers(scenario, tree).all()


class _Registers:
    def __init__(self, scenario: Scenario, tree: Tree) -> None:
        self.scenario = scenario
        self.tree = tree
        self.found: list[Problem] = []

    def all(self) -> list[Problem]:
        for name, register in self.scenario.registers.items():
            self._register(register, ("registers", name))
        for name, origin in self.scenario.origins.items():
            if isinstance(origin, Inspections):
                self._origin(origin, ("origins", name))
        classes = [name for register in self.scenario.registers.values() for name in register.classes]
        for procedure, body in self.scenario.procedures.items():
            for stage, part in body.stages.items():
                if isinstance(part.then, ByFact) and part.then.by == "credit":
                    for name in part.then.ways:
                        path: Path_ = ("procedures", procedure, "stages", stage, "then", "ways", name)
                        self._name(name, classes, "credit class", path)
        return self.found

    def _add(self, path: Path_, what: str, got: object, try_: str) -> None:
        self.found.append(problem(self.tree, path, what, got=str(got), try_=try_))

    def _name(self, name: str | None, valid: Iterable[str], kind: str, path: Path_) -> bool:
        valid = list(valid)
        if name is None or name in valid:
            return True
        self._add(path, f"no {kind} has this name", f"'{name}'", nearest(name, valid) or "add it")
        return False

    def _classes(self, named: Mapping[str, object], register: Register, path: Path_) -> None:
        for name in named:
            self._name(name, register.classes, "credit class", (*path, name))

    def _sum(self, shares: Mapping[str, Figure[float]], path: Path_) -> None:
        total = sum(figure.value for figure in shares.values())
        if shares and abs(total - 1) > 1e-6:
            self._add(path, "shares do not sum to 1", f"{total:g}", "change a share so that the sum is 1")

    def _inside(self, day: dt.date, path: Path_) -> None:
        period = self.scenario.period
        end = period.start + dt.timedelta(seconds=period.seconds)
        if not period.start <= day < end:
            self._add(path, "this moment lies outside the period", day, f"from {period.start} to before {end}")

    def _register(self, register: Register, path: Path_) -> None:
        places = jurisdiction_names(self.scenario)
        self._name(register.jurisdiction, places, "jurisdiction", (*path, "jurisdiction"))
        self._name(register.field, field_names(self.scenario), "field", (*path, "field"))
        self._sum(register.kinds, (*path, "kinds"))
        number = 0
        for name, credit in register.classes.items():
            inner: Path_ = (*path, "classes", name)
            for place in credit.entities_of:
                self._name(place, places, "jurisdiction", (*inner, "entities_of", place))
            self._sum(credit.kinds, (*inner, "kinds"))
            counts = credit.entities_of.values() if credit.entities is None else [credit.entities]
            number += sum(figure.value for figure in counts)
            if credit.found_before is not None and register.first_offence_within is None:
                what = "findings before the start count within a time that is not told"
                self._add((*inner, "found_before"), what, credit.found_before.value, "add `first_offence_within:`")
        if number > MOST_ENTITIES:
            self._add((*path, "classes"), "a register of too many entities", number, f"at most {MOST_ENTITIES}")
        self._movement(register, number, path)

    def _movement(self, register: Register, number: int, path: Path_) -> None:
        if register.key is not None:
            self._classes(register.key.share_of, register, (*path, "key", "share_of"))
            for i, entity in enumerate(register.key.entities):
                if not 0 <= entity < number:
                    what = "no entity has this number"
                    self._add((*path, "key", "entities", i), what, entity, f"0 to {number - 1}")
        if register.clean_for is not None and register.clean_for.seconds < 86_400:
            self._add(
                (*path, "clean_for"), "a time without findings lasts a day at least", register.clean_for, "730 days"
            )
        if register.rescoring is not None:
            inner: Path_ = (*path, "rescoring")
            for i, day in enumerate(register.rescoring.on):
                self._inside(day, (*inner, "on", i))
            for name, moves in register.rescoring.moves.items():
                self._name(name, register.classes, "credit class", (*inner, "moves", name))
                self._classes(moves, register, (*inner, "moves", name))
                total = sum(figure.value for figure in moves.values())
                if total > 1 + 1e-9:
                    what = "more than all entities of this class move"
                    self._add((*inner, "moves", name), what, f"{total:g}", "shares of at most 1 together")
        for i, cap in enumerate(register.caps):
            inner = (*path, "caps", i)
            if i and cap.on <= register.caps[i - 1].on:
                self._add((*inner, "on"), "caps must rise in time", cap.on, "write the earliest first")
            for j, name in enumerate(cap.exempt):
                self._name(name, self.scenario.origins, "origin", (*inner, "exempt", j))
            for j, name in enumerate(cap.exempt_classes):
                self._name(name, register.classes, "credit class", (*inner, "exempt_classes", j))

    def _origin(self, origin: Inspections, path: Path_) -> None:
        if not self._name(origin.of_register, self.scenario.registers, "register", (*path, "register")):
            return
        register = self.scenario.registers[origin.of_register]
        if isinstance(origin.priority, dict):
            for kind in origin.priority:
                self._name(kind, kinds_of(self.scenario, origin), "kind", (*path, "priority", kind))
        for name, campaign in origin.campaigns.items():
            self._campaign(campaign, register, (*path, "campaigns", name))
        leads = {} if origin.leads is None else origin.leads.per_year
        for key, numbers in {("visits_per_year",): origin.visits_per_year, ("leads", "per_year"): leads}.items():
            self._classes(numbers, register, (*path, *key))
            for name, figure in numbers.items():
                if not 0 <= figure.value <= MOST_VISITS:
                    what = f"visits or leads a year are 0 to {MOST_VISITS}"
                    self._add((*path, *key, name), what, f"{figure.value:g}", "a number within these bounds")
        keyed = origin.of != "all" or (origin.leads is not None and origin.leads.of != "all")
        keyed = keyed or any(campaign.of != "all" for campaign in origin.campaigns.values())
        if keyed and register.key is None:
            what = "no entity of this register is under key supervision"
            self._add(
                (*path, "register"), what, origin.of_register, "add `key: {share: 0.1}` to the register, or `of: all`"
            )

    def _campaign(self, campaign: Campaign, register: Register, path: Path_) -> None:
        self._inside(campaign.on, (*path, "on"))
        self._classes(campaign.sampling, register, (*path, "sampling"))
        if campaign.lasts.seconds > LONGEST_CAMPAIGN * 86_400:
            self._add((*path, "lasts"), "a campaign lasts a year at most", campaign.lasts, f"{LONGEST_CAMPAIGN} days")
