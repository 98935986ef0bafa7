"""How many officers each team has, when: its roster, and the officers that a reform moves."""

from __future__ import annotations

import datetime as dt

from .derive import jurisdiction_names, origin_jurisdictions, team_role
from .origins import Origin
from .quantities import Length
from .scenario import Reform, Scenario


def second_of(scenario: Scenario, moment: dt.date | Length) -> int:
    """Seconds since the start of a date's midnight, or of a time since the start."""
    if isinstance(moment, Length):
        return round(moment.seconds)
    return (moment - scenario.period.start).days * 86_400


def apportioned(total: int, shares: list[float]) -> list[int]:
    """Whole parts of a total in proportion to shares, by largest remainder; the earlier wins a tie."""
    weight = sum(shares)
    exact = [total * share / weight for share in shares] if weight > 0 else [0.0 for _ in shares]
    parts = [int(part + 1e-9) for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts) if weight > 0 else 0]:
        parts[i] += 1
    return parts


def home_shares(scenario: Scenario, giver: str) -> dict[str, float]:
    """How the cases of a giving jurisdiction spread over home counties, the giver itself left out."""
    found: dict[str, float] = {}
    for origin in scenario.origins.values():
        if giver in origin_jurisdictions(scenario, origin):
            for home, share in _homes(origin):
                if home != giver:
                    found[home] = max(found.get(home, 0.0), share)
    return {name: found[name] for name in jurisdiction_names(scenario) if name in found}


def _homes(origin: Origin) -> list[tuple[str, float]]:
    return [(home, figure.value) for home, figure in origin.home.items()]


def rosters(scenario: Scenario) -> dict[str, list[tuple[int, int]]]:
    """For every team its steps (second, officers), the first at 0; moved officers counted in."""
    steps = {}
    for name, team in scenario.teams.items():
        dated = [(second_of(scenario, change.on), change.officers.value) for change in team.roster]
        start = [officers for second, officers in dated if second <= 0]
        steps[name] = [(0, start[-1] if start else team.officers.value)] + [s for s in dated if s[0] > 0]
    if scenario.reform is not None and scenario.reform.staff is not None:
        _move_staff(scenario, scenario.reform, scenario.reform.staff.value, steps)
    return steps


def _move_staff(scenario: Scenario, reform: Reform, share: float, steps: dict[str, list[tuple[int, int]]]) -> None:
    second = second_of(scenario, reform.staff_on or reform.on)
    homes = home_shares(scenario, reform.giver)
    for name, team in scenario.teams.items():
        if team_role(scenario, name) != reform.role or team.jurisdiction != reform.giver:
            continue
        moved_fields = [field for field in reform.share if not team.fields or field in team.fields]
        if not moved_fields:
            continue
        unit = 2 if reform.in_pairs else 1
        moving = int(share * officers_at(steps[name], second) / unit + 0.5)
        takers = _takers(scenario, reform, moved_fields, list(homes))
        parts = [unit * part for part in apportioned(moving, [homes[county] for county in takers])]
        _add_from(steps[name], second, -sum(parts))
        for county, part in zip(takers, parts, strict=True):
            _add_from(steps[takers[county]], second, part)


def _takers(scenario: Scenario, reform: Reform, fields: list[str], counties: list[str]) -> dict[str, str]:
    """For each county the one of its teams that takes moved cases (the first that serves a moved field)."""
    found = {}
    for county in counties:
        for name, team in scenario.teams.items():
            serves = not team.fields or any(field in team.fields for field in fields)
            if team_role(scenario, name) == reform.role and team.jurisdiction == county and serves:
                found[county] = name
                break
    return found


def officers_at(steps: list[tuple[int, int]], second: int) -> int:
    """The number of officers that holds at a second."""
    return [officers for at, officers in steps if at <= second][-1]


def _add_from(steps: list[tuple[int, int]], second: int, more: int) -> None:
    if not more:
        return
    if all(at != second for at, _ in steps):
        steps.append((second, officers_at(steps, second)))
        steps.sort()
    steps[:] = [(at, officers + more if at >= second else officers) for at, officers in steps]
