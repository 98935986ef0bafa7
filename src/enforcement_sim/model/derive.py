"""What follows from a scenario by its defaults: which fields, jurisdictions, streams and teams there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .figures import Figure
from .law import RuleVersion, limit_of
from .legal import Clock
from .origins import Backlog, Counted, Inspections, Origin
from .periods import rows_to_follow
from .quantities import MONTH
from .reforms import Reform
from .registers import Register
from .scenario import Scenario
from .stages import Child, Fork, Procedure
from .standing import Standing

ONLY_FIELD = "case"
ONLY_JURISDICTION = "office"
REFORM = "reform"
"""The name of a scenario's reform among all shifts."""


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


def procedures_in_use(scenario: Scenario) -> list[str]:
    """The procedures that cases follow, and those of the child matters that arise from them; unknown names left out."""
    known = scenario.procedures
    named = (procedure_name(scenario, field) for field in field_names(scenario))
    found = list(dict.fromkeys(name for name in named if name in known))
    for name in found:
        for stage in known[name].stages.values():
            for child in stage.children.values() if isinstance(stage, Fork) else ():
                if child.procedure in known and child.procedure not in found:
                    found.append(child.procedure)
    return found


def child_procedure(scenario: Scenario, procedure: str, child: Child, field: str) -> str:
    """The procedure that a child matter follows which arises from a case of a field in a procedure.

    Where that is the field's own (a reconsideration of a matter outside the model), `of_field` leads nowhere else.
    """
    own = procedure_name(scenario, field)
    if child.of_field and own != procedure and child.enters in scenario.procedures[own].stages:
        return own
    return child.procedure or procedure


def child_procedures(scenario: Scenario, procedure: str, child: Child) -> list[str]:
    """All procedures that a child matter can follow."""
    fields = field_names(scenario) if child.of_field else field_names(scenario)[:1]
    return list(dict.fromkeys(child_procedure(scenario, procedure, child, field) for field in fields))


def rule_versions(scenario: Scenario, clock: Clock) -> list[RuleVersion]:
    """The versions of a clock's rule, the oldest first; what the clock itself says goes before the law book."""
    own = tuple((int(ext.by.amount), ext.approver, ext.granted.value) for ext in clock.extensions)
    book = scenario.law
    if clock.law is None or book is None:
        assert clock.limit is not None
        return [RuleVersion(None, clock.rule or "", None, clock.limit, clock.rolls is not False, own)]
    found: list[RuleVersion] = []
    for row in rows_to_follow(book, clock.law):
        body = book.provision(row)
        assert body is not None
        limit = clock.limit or limit_of(body)
        if limit is None:
            continue  # a number that nobody knows leaves the one before in place; a check refuses it inside the period
        granted = 0.0 if clock.granted is None else clock.granted.value
        legal = tuple((ext.by, ext.approver, granted) for ext in body.extensions if granted > 0)
        rolls = clock.rolls if clock.rolls is not None else body.rolls is not False
        rule = clock.rule or f"{book.statute_of(row).title.zh} {body.article} ({row})"
        found.append(RuleVersion(row, rule, body.starts_on, limit, rolls, own or legal))
    return found


def longest_limit(scenario: Scenario) -> float:
    """The longest limit of any clock with all its extensions, in days (a month counts 31)."""
    longest = 0.0
    for name in procedures_in_use(scenario):
        for clock in scenario.procedures[name].clocks.values():
            for version in rule_versions(scenario, clock):
                days = version.limit.amount + sum(days for days, _, _ in version.extensions)
                longest = max(longest, days * (31 if version.limit.unit == MONTH else 1))
    return longest


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
    if isinstance(origin, Inspections):
        return {scenario.registers[origin.of_register].field or field_names(scenario)[0]: 1.0}
    if isinstance(origin, Counted):
        shares = _shares(scenario, origin, jurisdiction)
        own = origin.jurisdiction or jurisdiction_names(scenario)[0]
        named = [row.field for row in origin.counts if row.field and (row.jurisdiction or own) == jurisdiction]
        return shares | {field: 0.0 for field in named if field not in shares}
    if isinstance(origin, Backlog):
        rows = standing_of(scenario, origin, jurisdiction)
        shares = _shares(scenario, origin, jurisdiction) if any(row.field is None for row in rows) else {}
        return shares | {row.field: 0.0 for row in rows if row.field is not None and row.field not in shares}
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
    if isinstance(origin, (Counted, Backlog)):
        rows = origin.counts if isinstance(origin, Counted) else origin.cases
        return list(dict.fromkeys(row.jurisdiction or own for row in rows))
    if isinstance(origin, Inspections):
        return register_places(scenario, scenario.registers[origin.of_register])
    return [own]


def register_places(scenario: Scenario, register: Register) -> list[str]:
    """The jurisdictions whose entities a register holds, in the order of the file."""
    own = register.jurisdiction or jurisdiction_names(scenario)[0]
    counted = [
        place for credit in register.classes.values() for place in (credit.entities_of if credit.entities_of else [own])
    ]
    return [place for place in jurisdiction_names(scenario) if place in counted]


def kinds_of(scenario: Scenario, origin: Origin) -> list[str]:
    """Every kind that a case of an origin can have."""
    named = list(origin.kinds)
    if isinstance(origin, Counted):
        named += [kind for row in origin.counts for kind in row.kinds]
    if isinstance(origin, Backlog):
        named += [row.kind for row in origin.cases if row.kind is not None]
    if isinstance(origin, Inspections):
        register = scenario.registers[origin.of_register]
        named += register.all_kinds()
        if origin.leads is not None:
            named = [origin.leads.false_kind, *(kind for kind in named if kind != register.clean)]
    return list(dict.fromkeys(named))


def open_cases(scenario: Scenario) -> Iterator[Backlog]:
    """The origins of cases that are open on the first day."""
    yield from (origin for origin in scenario.origins.values() if isinstance(origin, Backlog))


def standing_of(scenario: Scenario, origin: Backlog, jurisdiction: str) -> list[Standing]:
    """The rows of open cases of one jurisdiction."""
    own = origin.jurisdiction or jurisdiction_names(scenario)[0]
    return [row for row in origin.cases if (row.jurisdiction or own) == jurisdiction]


def begins_in(scenario: Scenario, origin: Origin, jurisdiction: str, field: str) -> list[str]:
    """The stages where an origin's cases of a jurisdiction and field begin, or stand on the first day."""
    if not isinstance(origin, Backlog):
        return [origin.enters]
    rows = standing_of(scenario, origin, jurisdiction)
    return list(dict.fromkeys(row.stage for row in rows if row.field in (None, field)))


def streams(scenario: Scenario) -> Iterator[Stream]:
    """Every stream of a scenario, in the order of the file."""
    for name, origin in scenario.origins.items():
        for jurisdiction in origin_jurisdictions(scenario, origin):
            homes = homes_of(origin, jurisdiction)
            for field, of_field in field_shares(scenario, origin, jurisdiction).items():
                for home, of_home in homes.items():
                    if of_home > 0 and (of_field > 0 or isinstance(origin, (Counted, Backlog))):
                        yield Stream(name, jurisdiction, field, home, of_field * of_home, of_home)


def shifts(scenario: Scenario) -> dict[str, Reform]:
    """The reform and all delegations, by name, in the order of the plan's reforms."""
    return ({} if scenario.reform is None else {REFORM: scenario.reform}) | scenario.delegations


def shift_of(scenario: Scenario, stream: Stream) -> tuple[str, Reform] | None:
    """The reform that moves cases of a stream, the first one if several would."""
    for name, reform in shifts(scenario).items():
        moves = stream.jurisdiction == reform.giver and stream.home != stream.jurisdiction
        if moves and reform.share_for(stream.home, stream.field) > 0:
            return name, reform
    return None


def handlers(scenario: Scenario, stream: Stream) -> list[str]:
    """The jurisdictions that may handle a stream's cases: its own, and after a reform its home."""
    return [stream.jurisdiction, *([] if shift_of(scenario, stream) is None else [stream.home])]


def homes_of(origin: Origin, jurisdiction: str) -> dict[str, float]:
    """The share of each home jurisdiction among an origin's cases of a jurisdiction."""
    homes = origin.home_of.get(jurisdiction) or origin.home
    return _numbers(homes) if homes else {jurisdiction: 1.0}
