"""The facts of a report after STRESS-DES, free of any language; views tell them in words.

Source: Monks, Currie, Onggo, Robinson, Kunc and Taylor, Strengthening the reporting of empirical simulation studies:
introducing the STRESS guidelines, Journal of Simulation 13 (2019) 55-67, the list for discrete-event simulation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..model.derive import procedures_in_use
from ..model.figures import Title
from ..model.origins import Backlog
from ..model.scenario import Scenario
from ..model.staffing import rosters
from ..model.stages import CLOSED, Fork, Gate, Procedure, Wait, Work
from ..model.stress import StressTexts
from ..model.wanted import MEASURES
from .stress_cells import (
    KINDS,
    MISSING,
    Cell,
    Grid,
    Listing,
    arrivals,
    day_of,
    ends_of,
    evidence_alone,
    grid_of,
    hours_of,
    leaves,
    limit_of,
    officers_of,
    order_of,
    patience_of,
    place_of,
    rule_of,
    say,
    titled,
)
from .tables import assumptions_table, law_table, own_evidence, sources_table

AUTHOR = {"1.1": "purpose", "1.3": "experimentation_aims", "3.2": "pre_processing", "6.1": "sharing_statement"}
"""Items that only an author can fill, with the field of `StressTexts` that does."""
NUMBERS = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1", "3.2", "3.3",
    "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1",
)  # fmt: skip
"""The items in order; the five parts of 2.5 count one by one."""
WORDS = {"title", "description", "stylised_on", "compare_to", "sources", "assumptions", "terms", "published", "law"}
"""Parts of a scenario that are no logic."""
TEXTS = {"title", "assumed", "source", "range"}
"""Keys of what is said of a value and changes none."""
Content = tuple[tuple[Cell, ...], tuple[Grid, ...]]
"""Paragraphs and tables."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list: its number, who fills it, and its paragraphs and tables."""

    number: str
    filled_by: Literal["program", "author", "nobody"]
    told: tuple[Cell, ...]
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class StressFacts:
    """The facts of all items, in the order of NUMBERS, and the procedures in use, of which diagrams are drawn."""

    title: Title
    items: tuple[Item, ...]
    procedures: Mapping[str, Procedure]


def stress_facts(
    scenario: Scenario,
    texts: StressTexts,
    *,
    base: Scenario | None = None,
    seed: int | None = None,
    replications: int | None = None,
    code: Mapping[str, str] | None = None,
    machine: str | None = None,
) -> StressFacts:
    """The facts of a scenario, beside the one that it is compared to, if any.

    `seed`, `replications` and `code` (versions by library, as the manifest of kept results holds them) are those of
    the results where there are any, else the scenario's own; `machine` says in a line on what they were made.
    """
    facts = _Facts(scenario, base)
    told: dict[str, Content] = {
        "1.2": facts.outputs(),
        "2.1": ((say("diagram_how"),), ()),
        "2.2": facts.logic(),
        "2.3": facts.scenario_logic(),
        "2.4": ((say("order"), say("ways_drawn"), say("clocks_run")), ()),
        "2.5.1": ((), (Grid(("origin", "which", "number", "unit", "evidence"), tuple(facts.entities())),)),
        "2.5.2": ((), tuple(facts.activities())),
        "2.5.3": facts.resources(),
        "2.5.4": facts.queues(),
        "2.5.5": facts.doors(),
        "3.1": facts.sources(),
        "3.3": facts.parameters(),
        "3.4": facts.assumptions(),
        "4.1": (tuple(facts.start()), ()),
        "4.2": (tuple(facts.length()), ()),
        "4.3": ((say("estimation", replications=str(replications or scenario.replications)),), ()),
        "5.1": _software(code),
        "5.2": ((say("sampling", seed=str(scenario.seed if seed is None else seed)),), ()),
        "5.3": ((say(f"engine_{scenario.engine}"), say("workers")), ()),
        "5.4": ((say("machine", machine=machine),) if machine else (say("no_machine"),), ()),
    }
    items = [
        Item(number, "author", (getattr(texts, AUTHOR[number]),))
        if number in AUTHOR
        else Item(number, "nobody" if number == "5.4" and not machine else "program", *told[number])
        for number in NUMBERS
    ]
    return StressFacts(scenario.title, tuple(items), facts.procedures)


def _software(code: Mapping[str, str] | None) -> Content:
    versions = {name: number for name, number in (code or {}).items() if not name.endswith(".py")}
    grids = (Grid(("library", "version"), tuple(versions.items())),) if versions else ()
    return (say("software"),), grids


class _Facts:
    """What a scenario says to each item."""

    def __init__(self, scenario: Scenario, base: Scenario | None) -> None:
        self.scenario, self.base = scenario, base
        self.procedures = {name: scenario.procedures[name] for name in procedures_in_use(scenario)}

    def _end(self, procedure: Procedure, name: str) -> Cell:
        return procedure.outcomes.get(name) or (say("closed") if name == CLOSED else name)

    def outputs(self) -> Content:
        kinds: dict[str, list[str]] = {}
        for measure, kind in MEASURES.items():
            kinds.setdefault(kind, []).append(measure)
        rows = tuple(
            (say(f"item_{kind}"), Listing(tuple(say(f"m_{m}") for m in names))) for kind, names in kinds.items()
        )
        return (say("outputs_how"),), (Grid(("each", "outputs"), rows),)

    def logic(self) -> Content:
        rows = [
            (titled(name, self.procedures), *(str(sum(s.kind == kind for s in body.stages.values())) for kind in KINDS))
            for name, body in self.procedures.items()
        ]
        told = [text for text in [self.scenario.description] if text is not None]
        return (*told, say("logic_how")), (Grid(("procedure", *(f"kind_{kind}" for kind in KINDS)), tuple(rows)),)

    def scenario_logic(self) -> Content:
        changes = tuple(
            (titled(stage, body.stages), day_of(change.on), ", ".join(f"{k}: {v}" for k, v in change.set.items()))
            for body in self.procedures.values()
            for stage, of in body.stages.items()
            for change in of.changes
        )
        grids = [Grid(("stage", "since", "change"), changes)] if changes else []
        if self.base is None:
            return (say("no_base"),), tuple(grids)
        mine, other = (
            dict(leaves(one.model_dump(mode="json", exclude=WORDS), "")) for one in (self.scenario, self.base)
        )
        rows = tuple(
            (path, str(other.get(path, MISSING)), str(mine.get(path, MISSING)))
            for path in dict.fromkeys([*mine, *other])
            if mine.get(path) != other.get(path) and not TEXTS & set(path.split("."))
        )
        grids.insert(0, Grid(("where", "base", "here"), rows))
        return (say("against", base=self.base.title, number=str(len(rows))),), tuple(grids)

    def entities(self) -> Iterator[tuple[Cell, ...]]:
        for name, origin in self.scenario.origins.items():
            for which, number, unit, evidence in arrivals(self.scenario, origin):
                yield titled(name, self.scenario.origins), which, number, unit, evidence

    def activities(self) -> Iterator[Grid]:
        work, waits, others = [], [], []
        for name, body in self.procedures.items():
            procedure = titled(name, self.procedures)
            for key, stage in body.stages.items():
                where = procedure, titled(key, body.stages)
                if isinstance(stage, Work):
                    work.append(
                        (*where, stage.team, officers_of(stage), stage.duration, evidence_alone(stage.duration))
                    )
                elif isinstance(stage, Wait):
                    waits.append((*where, stage.duration, evidence_alone(stage.duration)))
                elif isinstance(stage, (Gate, Fork)):
                    others.append((*where, say(f"kind_{stage.kind}"), rule_of(stage, self.scenario.procedures)))
        yield Grid(("procedure", "kind_work", "team", "officers", "duration", "evidence"), tuple(work))
        for heads, rows in (
            (("procedure", "kind_wait", "duration", "evidence"), waits),
            (("procedure", "stage", "kind", "rule"), others),
        ):
            if rows:
                yield Grid(heads, tuple(rows))

    def resources(self) -> Content:
        scenario, rows = self.scenario, []
        for name, steps in rosters(scenario).items():
            team = scenario.teams[name]
            days = [(scenario.period.start + dt.timedelta(seconds=second), officers) for second, officers in steps]
            by_date = Listing(tuple(say("officers_from", day=str(day), officers=str(n)) for day, n in days))
            place = place_of(self.scenario, team.jurisdiction)
            calendar = team.calendar or say("always_open")
            evidence = Listing(
                tuple(dict.fromkeys(evidence_alone(f) for f in [team.officers, *(r.officers for r in team.roster)]))
            )
            rows.append((titled(name, scenario.teams), place, by_date, calendar, evidence))
        calendars = tuple((name, say(f"days_{body.days}"), hours_of(body)) for name, body in scenario.calendars.items())
        grids = [Grid(("team", "place", "officers", "calendar", "evidence"), tuple(rows))]
        grids += [Grid(("calendar", "days", "hours"), calendars)] if calendars else []
        return (say("resources_how"),), tuple(grids)

    def queues(self) -> Content:
        named = self.scenario.teams
        teams = tuple((titled(n, named), order_of(team), say(f"line_{team.line}")) for n, team in named.items())
        stages = tuple(
            (
                titled(name, self.procedures),
                titled(key, body.stages),
                str(one.priority),
                limit_of(one),
                patience_of(one),
            )
            for name, body in self.procedures.items()
            for key, one in body.stages.items()
            if isinstance(one, Work)
        )
        heads = ("procedure", "kind_work", "priority", "line_limit", "patience")
        return (say("queues_how"),), (Grid(("team", "queue", "line"), teams), Grid(heads, stages))

    def doors(self) -> Content:
        titles = {key: stage for body in self.procedures.values() for key, stage in body.stages.items()}
        enters = []
        for name, origin in self.scenario.origins.items():
            stages = [s.stage for s in origin.cases] if isinstance(origin, Backlog) else [origin.enters]
            cells = Listing(tuple(titled(stage, titles) for stage in dict.fromkeys(stages)))
            enters.append((titled(name, self.scenario.origins), cells))
        ends = tuple(
            (titled(name, self.procedures), Listing(tuple(self._end(body, end) for end in ends_of(body))))
            for name, body in self.procedures.items()
        )
        return (), (Grid(("origin", "enters"), tuple(enters)), Grid(("procedure", "outcomes"), ends))

    def sources(self) -> Content:
        law = law_table(self.scenario)
        cited = grid_of(law, ("row", "statute", "article", "step", "written"))
        known = tuple(
            (str(unit).replace("_", " "), say(f"known_{evidence}"))
            for unit, evidence in zip(law["unit"], law["evidence"], strict=True)
        )
        grids = (
            grid_of(sources_table(self.scenario), ("key", "citation", "url", "date", "note", "numbers")),
            Grid((*cited.heads, "unit", "known"), tuple(row + one for row, one in zip(cited.rows, known, strict=True))),
        )
        return (say("sources_how"),), tuple(grid for grid in grids if grid.rows)

    def parameters(self) -> Content:
        found = dict.fromkeys(("source", "assumed", "law"), 0)
        for _, evidence in own_evidence(self.scenario):
            for kind in found:
                found[kind] += getattr(evidence, kind) is not None
        return (say("parameters", **{kind: str(number) for kind, number in found.items()}),), ()

    def assumptions(self) -> Content:
        grid = grid_of(assumptions_table(self.scenario), ("where", "value", "why", "low", "high"))
        return (say("assumptions_how", number=str(len(grid.rows))),), (grid,) if grid.rows else ()

    def start(self) -> Iterator[Cell]:
        warm_up = self.scenario.period.warm_up
        standing = [s for o in self.scenario.origins.values() if isinstance(o, Backlog) for s in o.cases]
        if standing:
            yield say("start_backlog", cases=str(sum(s.count.value for s in standing)))
        else:
            yield say("start_empty")
        yield say("no_warm_up") if warm_up is None else say("warm_up", length=warm_up)

    def length(self) -> Iterator[Cell]:
        period = self.scenario.period
        end = period.start + dt.timedelta(seconds=period.seconds)
        yield say("run_length", start=str(period.start), end=str(end), days=f"{period.seconds / 86_400:g}")
