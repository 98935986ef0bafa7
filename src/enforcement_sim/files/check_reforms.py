"""Reforms and delegations whose names, dates or shares lead nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..errors import Problem
from ..model.derive import REFORM, field_names, homes_of, jurisdiction_names, origin_jurisdictions, shifts, team_role
from ..model.reforms import Reform
from ..model.scenario import Scenario
from ..model.staffing import second_of
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
    if not found and not _homes(scenario, reform):
        what = f"no origin says to which jurisdictions the cases of '{reform.giver}' belong, so none can move"
        hint = "give the origin `home:`, or `home_of:` for this jurisdiction"
        found.append(problem(tree, (*path, "giver"), what, got=reform.giver, try_=hint))
    return found


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
