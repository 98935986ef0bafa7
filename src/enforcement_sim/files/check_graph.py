"""Stages that no case can reach or leave, and circles in which no time passes."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Problem
from ..model.derive import (
    begins_in,
    child_procedures,
    field_shares,
    kinds_of,
    open_cases,
    origin_jurisdictions,
    procedure_name,
    procedure_of,
)
from ..model.graph import Graph, named_graph, reach, ways_graph
from ..model.origins import Inspections
from ..model.registers import NEITHER
from ..model.scenario import Scenario
from ..model.stages import Decision, Fork, Procedure
from ..model.ways import ByFact
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of the graphs of stages, one procedure after the other."""
    found: list[Problem] = []
    entries = _entries(scenario)
    for name, procedure in scenario.procedures.items():
        if name not in entries:
            continue  # a template that others extend
        graph = ways_graph(procedure)
        path: Path_ = ("procedures", name, "stages")
        # What a procedure takes over from another may be more than its own cases need.
        spared = scenario.procedures[procedure.extends].stages if procedure.extends in scenario.procedures else {}
        reached = reach(entries[name], named_graph(procedure)) | set(spared)
        # Cases that are open on the first day have come on ways that nobody may go any more.
        reached |= reach(_entries(scenario, of_open=True).get(name, ()), _turned(graph))
        ends = {target for targets in graph.values() for target in targets if target not in procedure.stages}
        leaving = reach(ends, _turned(graph))
        for stage in procedure.stages:
            if stage not in reached:
                what = "no case can reach this stage"
                hint = "name it in a way out or in `enters` of an origin, or remove it"
                found.append(problem(tree, (*path, stage), what, try_=hint, of_key=True))
            elif stage not in leaving:
                what = "no case can leave the procedure from this stage"
                hint = "give it, or a stage after it, a way out to `closed` or to an outcome"
                found.append(problem(tree, (*path, stage), what, try_=hint, of_key=True))
        found += _timeless(procedure, graph, tree, path)
    return found + _kinds(scenario, tree)


def _entries(scenario: Scenario, of_open: bool = False) -> dict[str, set[str]]:
    """The stages of each procedure where cases begin or stand on the first day; only the latter for those `of_open`."""
    entries: dict[str, set[str]] = {}
    for origin in open_cases(scenario) if of_open else scenario.origins.values():
        for jurisdiction in origin_jurisdictions(scenario, origin):
            for field in field_shares(scenario, origin, jurisdiction):
                begins = begins_in(scenario, origin, jurisdiction, field)
                entries.setdefault(procedure_name(scenario, field), set()).update(begins)
    for name, procedure in scenario.procedures.items() if not of_open else ():
        for stage in procedure.stages.values():
            for child in stage.children.values() if isinstance(stage, Fork) else ():
                for follows in child_procedures(scenario, name, child):
                    entries.setdefault(follows, set()).add(child.enters)
    return entries


def reached_with_children(scenario: Scenario, procedure: str, enters: Iterable[str]) -> list[tuple[str, str]]:
    """(procedure, stage) of every stage that cases which begin there can reach, themselves or in a child matter."""
    graphs = {name: ways_graph(body) for name, body in scenario.procedures.items()}
    begun, reached = [(procedure, name) for name in enters], {}
    for where, first in begun:
        for name in reach([first], graphs[where]):
            stage = scenario.procedures[where].stages.get(name)
            if stage is None or (where, name) in reached:
                continue
            reached[where, name] = stage
            for child in stage.children.values() if isinstance(stage, Fork) else ():
                begins = [(follows, child.enters) for follows in child_procedures(scenario, where, child)]
                begun += [begin for begin in begins if begin not in begun]
    return sorted(reached)


def _turned(graph: Graph) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {}
    for stage, targets in graph.items():
        for target in targets:
            turned.setdefault(target, set()).add(stage)
    return turned


def _timeless(procedure: Procedure, graph: Graph, tree: Tree, path: Path_) -> list[Problem]:
    instant = {name for name, stage in procedure.stages.items() if isinstance(stage, Decision)}
    quick = {name: graph[name] & instant for name in instant}
    for name in sorted(instant):
        if name in reach(quick[name], quick):
            what = "decisions lead back to each other and no time passes"
            hint = "put a wait or work into the circle"
            return [problem(tree, (*path, name), what, try_=hint, of_key=True)]
    return []


def _values(scenario: Scenario, name: str, by: str) -> set[str]:
    """The values of a fact that cases of an origin are sure to have, where every one needs a way out."""
    origin = scenario.origins[name]
    if by == "kind":
        return set(kinds_of(scenario, origin)) or {"(none)"}
    if by == "credit":
        return set(scenario.registers[origin.of_register].classes) if isinstance(origin, Inspections) else {"(none)"}
    if by == "offence" and not isinstance(origin, Inspections):
        return {NEITHER}  # visits that find nothing have gone another way by their kind
    return {name} if by == "origin" else set()


def _kinds(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Kinds of case that reach a decision by kind which does not know them."""
    found: dict[Path_, Problem] = {}
    for origin_name, origin in scenario.origins.items():
        for jurisdiction in origin_jurisdictions(scenario, origin):
            for field in field_shares(scenario, origin, jurisdiction):
                procedure = procedure_of(scenario, field)
                begins = begins_in(scenario, origin, jurisdiction, field)
                for name in reach(begins, ways_graph(procedure)) & set(procedure.stages):
                    then = procedure.stages[name].then
                    if not isinstance(then, ByFact) or then.otherwise is not None:
                        continue
                    lacking = _values(scenario, origin_name, then.by) - set(then.ways)
                    if lacking:
                        path: Path_ = ("procedures", procedure_name(scenario, field), "stages", name, "then")
                        what = (
                            f"no way out for cases of {then.by} '{min(lacking)}' that come from origin '{origin_name}'"
                        )
                        found.setdefault(
                            path, problem(tree, path, what, try_="name it under `ways`, or add `otherwise:`")
                        )
    return list(found.values())
