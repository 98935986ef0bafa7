"""Reforms and delegations whose names, dates or shares lead nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..errors import Problem
from ..model.derive import (
    REFORM,
    field_names,
    homes_of,
    jurisdiction_names,
    origin_jurisdictions,
    procedures_in_use,
    shifts,
    team_role,
)
from ..model.reforms import Reform
from ..model.scenario import Scenario
from ..model.staffing import second_of
from ..model.ways import ByFact
from .explain import nearest
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of every shift, each at its place."""
    found: list[Problem] = []
    for name, reform in shifts(scenario).items():
        path: Path_ = (REFORM,) if reform is scenario.reform else ("delegations", name)
        found += _of(scenario, tree, reform, path)
    return found


def _of(scenario: Scenario, tree: Tree, reform: Reform, path: Path_) -> list[Problem]:
    found = _dates(scenario, tree, reform, path)

    def name(given: str, valid: Iterable[str], kind: str, *inner: str) -> None:
        valid = list(valid)
        if given not in valid:
            hint = nearest(given, valid) or f"add it under `{kind}s`"
            found.append(problem(tree, (*path, *inner), f"no {kind} has this name", got=f"'{given}'", try_=hint))

    places = jurisdiction_names(scenario)
    name(reform.giver, places, "jurisdiction", "giver")
    for field in reform.share:
        name(field, field_names(scenario), "field", "share", field)
    for home, shares in reform.share_of.items():
        name(home, places, "jurisdiction", "share_of", home)
        for field in shares:
            name(field, field_names(scenario), "field", "share_of", home, field)
    if reform.staff is not None or reform.evaluation is not None:
        name(reform.role, sorted({team_role(scenario, team) for team in scenario.teams}), "role", "role")
    if reform.learning is not None and reform.learning.reversals is not None:
        taken = {to for used in procedures_in_use(scenario) for to in _ways(scenario, used)}
        for i, way in enumerate(reform.learning.reversals.ways):
            if way not in taken:
                path_to = (*path, "learning", "reversals", "ways", i)
                what = "chance leads to no stage or outcome of this name"
                found.append(problem(tree, path_to, what, got=f"'{way}'", try_=nearest(way, sorted(taken))))
    if not found and not _homes(scenario, reform):
        what = f"no origin says to which jurisdictions the cases of '{reform.giver}' belong, so none can move"
        hint = "give the origin `home:`, or `home_of:` for this jurisdiction"
        found.append(problem(tree, (*path, "giver"), what, got=reform.giver, try_=hint))
    return found


def _ways(scenario: Scenario, procedure: str) -> list[str]:
    """Where chance leads from the stages of a procedure, in all their versions."""
    stages = scenario.procedures[procedure].stages.values()
    versions = [*stages, *(version for stage in stages for _, version in stage.versions)]
    chances = [version.then.numbers() for version in versions if not isinstance(version.then, ByFact)]
    return [to for ways in chances if len(ways) > 1 for to in ways]


def _homes(scenario: Scenario, reform: Reform) -> set[str]:
    return {
        home
        for origin in scenario.origins.values()
        if reform.giver in origin_jurisdictions(scenario, origin)
        for home in homes_of(origin, reform.giver)
        if home != reform.giver
    }


def _dates(scenario: Scenario, tree: Tree, reform: Reform, path: Path_) -> list[Problem]:
    period = scenario.period
    end = period.start + dt.timedelta(seconds=period.seconds)
    days: list[tuple[dt.date | None, Path_]] = [(reform.on, ("on",)), (reform.staff_on, ("staff_on",))]
    if reform.evaluation is not None:
        days += [(day, ("evaluation", "on", i)) for i, day in enumerate(reform.evaluation.on)]
    return [
        problem(
            tree, (*path, *inner), "this moment lies outside the period", got=str(day),
            try_=f"from {period.start} to before {end}",
        )
        for day, inner in days
        if day is not None and not 0 <= second_of(scenario, day) < period.seconds
    ]  # fmt: skip
