"""What follows from a scenario by its defaults: which fields, jurisdictions, streams and teams there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .figures import Figure
from .origins import Counted, Origin
from .scenario import Scenario
from .stages import Procedure

ONLY_FIELD = "case"
ONLY_JURISDICTION = "office"


def field_names(scenario: Scenario) -> list[str]:
    """Fields in the order of the file; a scenario that names none has one."""
    return list(scenario.fields) or [ONLY_FIELD]


def jurisdiction_names(scenario: Scenario) -> list[str]:
    """Jurisdictions in the order of the file; a scenario that names none has one."""
    return list(scenario.jurisdictions) or [ONLY_JURISDICTION]


def procedure_name(scenario: Scenario, field: str) -> str:
    """The procedure that cases of a field follow."""
    named = scenario.fields[field].procedure if field in scenario.fields else None
    return named if named is not None else next(iter(scenario.procedures))


def procedure_of(scenario: Scenario, field: str) -> Procedure:
    """The procedure itself."""
    return scenario.procedures[procedure_name(scenario, field)]


def below(scenario: Scenario, jurisdiction: str) -> list[str]:
    """A jurisdiction and everything under it."""
    found = [jurisdiction]
    for name in found:
        found += [other for other, body in scenario.jurisdictions.items() if body.parent == name]
    return found


def team_role(scenario: Scenario, team: str) -> str:
    """What stages call a team by."""
    return scenario.teams[team].role or team


def teams_for(scenario: Scenario, role: str, field: str, jurisdiction: str) -> list[str]:
    """The teams of a role that take the cases of a field in a jurisdiction; a sound scenario has one."""
    found = []
    for name, team in scenario.teams.items():
        serves = team.serves or ([team.jurisdiction] if team.jurisdiction else [])
        here = not serves or jurisdiction in serves
        if here and team_role(scenario, name) == role and (not team.fields or field in team.fields):
            found.append(name)
    return found


@dataclass(frozen=True, slots=True)
class Stream:
    """Cases of one origin, jurisdiction, field and home: one address of chance."""

    origin: str
    jurisdiction: str
    field: str
    home: str
    share: float  # of the origin's cases of this jurisdiction
    home_share: float  # of those of this field

    @property
    def name(self) -> str:
        """The stable name that its draws are addressed by."""
        return "/".join((self.origin, self.jurisdiction, self.field, self.home))


def _numbers(shares: Mapping[str, Figure[float]]) -> dict[str, float]:
    return {name: figure.value for name, figure in shares.items()}


def field_shares(scenario: Scenario, origin: Origin, jurisdiction: str) -> dict[str, float]:
    """The share of each field among an origin's cases of a jurisdiction."""
    if isinstance(origin, Counted):
        shares = _shares(scenario, origin, jurisdiction)
        own = origin.jurisdiction or jurisdiction_names(scenario)[0]
        named = [row.field for row in origin.counts if row.field and (row.jurisdiction or own) == jurisdiction]
        return shares | {field: 0.0 for field in named if field not in shares}
    return _shares(scenario, origin, jurisdiction)


def _shares(scenario: Scenario, origin: Origin, jurisdiction: str) -> dict[str, float]:
    if isinstance(origin, Counted) and jurisdiction in origin.fields_of:
        return _numbers(origin.fields_of[jurisdiction])
    if isinstance(origin.fields, str):
        return {origin.fields: 1.0}
    if origin.fields:
        return _numbers(origin.fields)
    return {field_names(scenario)[0]: 1.0}


def origin_jurisdictions(scenario: Scenario, origin: Origin) -> list[str]:
    """Whose cases an origin brings."""
    own = origin.jurisdiction or jurisdiction_names(scenario)[0]
    if not isinstance(origin, Counted):
        return [own]
    return list(dict.fromkeys(row.jurisdiction or own for row in origin.counts))


def streams(scenario: Scenario) -> Iterator[Stream]:
    """Every stream of a scenario, in the order of the file."""
    for name, origin in scenario.origins.items():
        for jurisdiction in origin_jurisdictions(scenario, origin):
            homes = _numbers(origin.home) if origin.home else {jurisdiction: 1.0}
            for field, of_field in field_shares(scenario, origin, jurisdiction).items():
                for home, of_home in homes.items():
                    if of_home > 0 and (of_field > 0 or isinstance(origin, Counted)):
                        yield Stream(name, jurisdiction, field, home, of_field * of_home, of_home)


def handlers(scenario: Scenario, stream: Stream) -> list[str]:
    """The jurisdictions that may handle a stream's cases: its own, and after a reform the home county."""
    reform = scenario.reform
    moves = (
        reform is not None
        and stream.jurisdiction == reform.giver
        and stream.home != stream.jurisdiction
        and stream.field in reform.share
        and reform.share[stream.field].value > 0
    )
    return [stream.jurisdiction, stream.home] if moves else [stream.jurisdiction]
