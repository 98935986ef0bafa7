"""How many officers each team has, when: its roster, and the officers that a reform moves."""

from __future__ import annotations

import datetime as dt

from .derive import homes_of, jurisdiction_names, origin_jurisdictions, shifts, team_role
from .quantities import Length
from .reforms import Reform
from .scenario import Scenario
from .teams import Team

_NEVER = 2**62


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
            for home, share in homes_of(origin, giver).items():
                if home != giver:
                    found[home] = max(found.get(home, 0.0), share)
    return {name: found[name] for name in jurisdiction_names(scenario) if name in found}


def rosters(scenario: Scenario) -> dict[str, list[tuple[int, int]]]:
    """For every team its steps (second, officers), the first at 0; moved and seconded officers counted in."""
    steps = {name: _own_steps(scenario, team) for name, team in scenario.teams.items()}
    for name, team in scenario.teams.items():
        for away in team.secondments:
            since = second_of(scenario, away.since)
            until = None if away.until is None else second_of(scenario, away.until)
            for who, more in ((name, -away.officers), (away.to, away.officers)):
                if who is not None:
                    _add_from(steps[who], since, more)
                    if until is not None:
                        _add_from(steps[who], until, -more)
        for hiring in team.hires:
            _add_from(steps[name], _after(scenario, hiring.decided, hiring.lag), hiring.officers.value)
    for reform in shifts(scenario).values():
        if reform.staff is not None:
            _move_staff(scenario, reform, reform.staff.value, steps)
    return steps


def _after(scenario: Scenario, decided: dt.date | Length, lag: Length) -> int:
    """The second at which officers whose hiring was decided begin, a lag later at a midnight."""
    return -(-(second_of(scenario, decided) + round(lag.seconds)) // 86_400) * 86_400


def _own_steps(scenario: Scenario, team: Team) -> list[tuple[int, int]]:
    if team.people:
        return [(0, len(team.people))]
    dated = [(second_of(scenario, change.on), change.officers.value) for change in team.roster]
    if team.roster_repeats is not None:
        period = round(team.roster_repeats.seconds)
        dated = [
            (second + n * period, officers)
            for n in range(scenario.period.seconds // period + 1)
            for second, officers in dated
        ]
    start = [officers for second, officers in dated if second <= 0]
    return [(0, start[-1] if start else team.officers.value)] + [step for step in dated if step[0] > 0]


def officer_spans(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each seat of a roster from when to when it is filled, the lowest seats filled first."""
    spans = []
    for seat in range(max(officers for _, officers in steps)):
        since = None
        for second, officers in [*steps, (_NEVER, 0)]:
            if officers > seat and since is None:
                since = second
            elif officers <= seat and since is not None:
                spans.append((since, second))
                since = None
    return spans


def _move_staff(scenario: Scenario, reform: Reform, share: float, steps: dict[str, list[tuple[int, int]]]) -> None:
    second = second_of(scenario, reform.staff_on or reform.on)
    homes = home_shares(scenario, reform.giver)
    for name, team in scenario.teams.items():
        if team_role(scenario, name) != reform.role or team.jurisdiction != reform.giver:
            continue
        moved_fields = [field for field in reform.fields if not team.fields or field in team.fields]
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
