"""Work without a team, with two teams, or with fewer officers than it needs."""

from __future__ import annotations

import datetime as dt

from ..errors import Problem
from ..model.derive import begins_in, handlers, procedure_name, streams, team_role, teams_for
from ..model.scenario import Scenario
from ..model.staffing import rosters, second_of
from ..model.stages import Work
from .check_graph import reached_with_children
from .explain import nearest
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of staffing, each named once at the stage or the team that can mend it."""
    found: dict[tuple[object, ...], Problem] = {}
    for name, team in scenario.teams.items():
        if team.roster_repeats is None:
            continue
        for number, change in enumerate(team.roster):
            if second_of(scenario, change.on) >= team.roster_repeats.seconds:
                what = "this change of the roster comes when the roster has begun again"
                path: Path_ = ("teams", name, "roster", number, "on")
                found[path] = problem(tree, path, what, try_="a longer `roster_repeats`, or an earlier change")
    if found:
        return list(found.values())
    steps = rosters(scenario)
    roles = sorted({team_role(scenario, team) for team in scenario.teams})
    # Hundreds of streams begin at a few stages: each beginning is followed once.
    reached: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for stream in streams(scenario):
        begins = begins_in(scenario, scenario.origins[stream.origin], stream.jurisdiction, stream.field)
        beginning = (procedure_name(scenario, stream.field), *sorted(begins))
        if beginning not in reached:
            reached[beginning] = reached_with_children(scenario, beginning[0], beginning[1:])
        for procedure_key, name in reached[beginning]:
            stage = scenario.procedures[procedure_key].stages[name]
            if not isinstance(stage, Work):
                continue
            path = ("procedures", procedure_key, "stages", name)
            most = max(stage.officer_numbers)
            if stage.team in stage.also:
                what = "a stage cannot ask the team that leads it to help it"
                hint = f"officers: {most + stage.also[stage.team]}, without the team under `also`"
                found[(path, "also")] = problem(tree, (*path, "also", stage.team), what, try_=hint)
                continue
            for role, needed in [(stage.team, most), *stage.also.items()]:
                if role not in roles:
                    key = "team" if role == stage.team else "also"
                    what = "no team has this role"
                    found[(path, role)] = problem(tree, (*path, key), what, got=f"'{role}'", try_=nearest(role, roles))
                    continue
                for place in handlers(scenario, stream):
                    _staffed(scenario, tree, found, steps, path, role, needed, stream.field, place)
    return list(found.values())


def _staffed(
    scenario: Scenario,
    tree: Tree,
    found: dict[tuple[object, ...], Problem],
    steps: dict[str, list[tuple[int, int]]],
    path: Path_,
    role: str,
    needed: int,
    field: str,
    place: str,
) -> None:
    teams = teams_for(scenario, role, field, place)
    if len(teams) != 1:
        what = f"{len(teams) or 'no'} teams of role '{role}' take cases of field '{field}' in '{place}'; one must"
        hint = (
            "set `serves` and `fields` of the teams so that one is left" if teams else f"add a team with role: {role}"
        )
        found[(role, field, place)] = problem(tree, (*path, "team"), what, got=", ".join(teams) or "none", try_=hint)
        return
    team = teams[0]
    low_at, low = min(steps[team], key=lambda step: step[1])
    if low < 0:
        what = "fewer than no officers are left after all moves"
        found[(team, 0)] = problem(tree, ("teams", team, "officers"), what, got=str(low), try_="move fewer officers")
    elif max(officers for _, officers in steps[team]) < needed or low == 1 < needed:
        day = f" from {scenario.period.start + dt.timedelta(seconds=low_at)} on" if low_at else ""
        has = f"{low} officer{'' if low == 1 else 's'}{day}"
        what = f"team '{team}' has {has}, but stage '{path[-1]}' needs {needed} at once"
        hint = f"officers: {needed} or more, or let another team serve '{place}'"
        found[(team, 1)] = problem(tree, ("teams", team, "officers"), what, got=str(low), try_=hint)
