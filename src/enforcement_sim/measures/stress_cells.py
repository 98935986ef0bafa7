"""Cells, sentences and tables of a report after STRESS-DES, free of any language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..model.figures import Evidence, Figure, Title
from ..model.origins import Backlog, Counted, Inspections, Listed, Origin, Poisson, Regular, Renewal
from ..model.quantities import Length, Rate
from ..model.registers import PLANS
from ..model.scenario import Scenario
from ..model.stages import CLOSED, Fork, Gate, Procedure, Work
from ..model.teams import OfficeCalendar, Team
from ..model.ways import next_names

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence or word by its key, with what stands in its gaps."""

    key: str
    values: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Several cells, told one after the other."""

    cells: tuple[Cell, ...]


Cell = str | Title | Told | Listing | Evidence | Length | Rate
"""What stands in a table or in the gap of a sentence; a distribution is an Evidence."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: keys of its headings, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def say(key: str, **values: Cell) -> Told:
    """A sentence by its key; every gap has its value."""
    return Told(key, tuple(values.items()))


KINDS = ("work", "wait", "gate", "decision", "fork")


def titled(name: str, among: Mapping[str, Any]) -> Cell:
    """The title of a thing, or its key in plain words."""
    title: Title | None = getattr(among.get(name), "title", None)
    return name.replace("_", " ") if title is None else title


def evidence_alone(given: object) -> Cell:
    """The evidence alone, without the value that it stands behind."""
    if not isinstance(given, Evidence) or not has_evidence(given):
        return MISSING
    if given.source is not None:
        return say("by_source", source=given.source)
    if given.law is not None:
        return say("by_law", law=given.law)
    low, high = given.range or (None, None)
    return (
        say("by_range", low=f"{low:g}", high=f"{high:g}") if low is not None and high is not None else say("by_reason")
    )


def has_evidence(given: Evidence) -> bool:
    """Whether a number says what it rests on."""
    return any(part is not None for part in (given.source, given.assumed, given.law))


def officers_of(stage: Work) -> Cell:
    """How many officers a work stage takes at once."""
    if isinstance(stage.officers, Figure):
        return str(stage.officers.value)
    return Listing(tuple(f"{number}: {100 * share.value:g} %" for number, share in stage.officers.items()))


def rule_of(stage: Gate | Fork, procedures: Mapping[str, Procedure]) -> Cell:
    """When a meeting is held and how much it takes, or what a fork begins and waits for."""
    if isinstance(stage, Gate):
        quota = say("no_quota") if stage.quota is None else say("quota", quota=str(stage.quota))
        meets = Listing(tuple(say(day) for day in stage.weekdays)) if stage.weekdays else stage.every or say("on_times")
        return Listing((meets, quota))
    shares = {name: 1.0 if child.share is None else child.share.value for name, child in stage.children.items()}
    children = (
        say("child", name=titled(child.procedure or name, procedures), share=f"{100 * shares[name]:g} %")
        for name, child in stage.children.items()
    )
    return Listing((say(f"join_{stage.join}"), *children))


def hours_of(calendar: OfficeCalendar) -> Cell:
    """The office hours of a calendar."""
    return Listing(tuple(calendar.hours)) if calendar.hours else say("windows" if calendar.windows else "all_day")


def order_of(team: Team) -> Cell:
    """Whom a team serves first, now and after each dated change."""
    changes = (say("rule_from", rule=say(f"queue_{c.queue}"), day=day_of(c.on)) for c in team.queue_from)
    preempts = [say("preempts")] if team.preempts else []
    return Listing((say(f"queue_{team.queue}"), *changes, *preempts))


def limit_of(stage: Work) -> Cell:
    """Most cases that may wait in line for a stage."""
    return say("none") if stage.line_limit is None else str(stage.line_limit)


def patience_of(stage: Work) -> Cell:
    """How long a case waits in line for a stage before it gives up."""
    return say("none") if stage.patience is None else stage.patience


def day_of(moment: dt.date | Length) -> Cell:
    """A date, or a time since the start."""
    return moment if isinstance(moment, Length) else str(moment)


def grid_of(table: pd.DataFrame, columns: tuple[str, ...]) -> Grid:
    """Some columns of a table, as cells."""
    rows = ([row[column] for column in columns] for row in table.to_dict("records"))
    return Grid(columns, tuple(tuple(_cell(value) for value in row) for row in rows))


def _cell(value: Any) -> Cell:
    if isinstance(value, (Title, Told)):
        return value
    if value is None or value != value:
        return MISSING
    return f"{value:g}" if isinstance(value, float) else str(value)


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value of a dumped scenario with its path; lists of bare values stay whole."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{number}")
    elif value is not None:
        yield path, value


def place_of(scenario: Scenario, name: str | None) -> Cell:
    """The name of a jurisdiction."""
    return MISSING if name is None else titled(name, scenario.jurisdictions)


def arrivals(scenario: Scenario, origin: Origin) -> Iterator[tuple[Cell, Cell, Cell, Cell]]:
    """Where cases of an origin come from: which, how many or how often, in which unit, on what evidence."""
    match origin:
        case Counted():
            for row in origin.counts:
                place = place_of(scenario, row.jurisdiction or origin.jurisdiction)
                field = [] if row.field is None else [titled(row.field, scenario.fields)]
                own = row.count if has_evidence(row.count) else row
                yield (
                    Listing((str(row.year), place, *field)),
                    str(row.count.value),
                    say("cases_a_year"),
                    evidence_alone(own),
                )
        case Poisson():
            for rate in [origin.rate] if origin.rate is not None else [step.rate for step in origin.steps]:
                yield say("poisson"), rate or "0", say("cases"), MISSING
        case Regular():
            yield say("regular"), origin.every, say("gap"), MISSING
        case Renewal():
            yield say("renewal"), origin.interval, say("gap"), evidence_alone(origin.interval)
        case Listed():
            yield say("listed"), str(len(origin.at)), say("cases"), MISSING
        case Backlog():
            for standing in origin.cases:
                place = place_of(scenario, standing.jurisdiction or origin.jurisdiction)
                which = Listing((say("open_in", stage=standing.stage), place))
                yield which, str(standing.count.value), say("cases"), evidence_alone(standing.count)
        case Inspections():
            plan = next(plan for plan in PLANS if getattr(origin, plan))
            yield say("visits", register=origin.of_register), say(f"plan_{plan}"), say("visits_unit"), MISSING


def ends_of(procedure: Procedure) -> list[str]:
    """The outcomes at which cases of a procedure can end, in the order of the file; `closed` if a way has it."""
    versions = [one for s in procedure.stages.values() for one in (s, *(changed for _, changed in s.versions))]
    named = {end for one in versions for end in next_names(one.then)}
    named |= {e for one in versions if isinstance(one, Work) for e in (one.on_give_up, one.on_full) if e is not None}
    named |= {clock.lapses_to for clock in procedure.clocks.values() if clock.lapses_to is not None}
    return [end for end in dict.fromkeys((CLOSED, *procedure.outcomes)) if end in named]
