"""Stages that no case can reach or leave, and circles in which no time passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import Problem
from ..model.derive import field_shares, origin_jurisdictions, procedure_name, procedure_of
from ..model.origins import Counted
from ..model.scenario import Scenario
from ..model.stages import ByFact, ByShare, Decision, Procedure, Work
from .tree import Path_, Tree, problem

Graph = Mapping[str, set[str]]


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of the graphs of stages, one procedure after the other."""
    found: list[Problem] = []
    entries = _entries(scenario)
    for name, procedure in scenario.procedures.items():
        if name not in entries:
            continue  # a template that others extend
        graph = ways_graph(procedure)
        path: Path_ = ("procedures", name, "stages")
        reached = _reach(entries[name], graph)
        ends = {target for targets in graph.values() for target in targets if target not in procedure.stages}
        leaving = _reach(ends, _turned(graph))
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


def _entries(scenario: Scenario) -> dict[str, set[str]]:
    entries: dict[str, set[str]] = {}
    for origin in scenario.origins.values():
        for jurisdiction in origin_jurisdictions(scenario, origin):
            for field in field_shares(scenario, origin, jurisdiction):
                entries.setdefault(procedure_name(scenario, field), set()).add(origin.enters)
    return entries


def ways_graph(procedure: Procedure) -> dict[str, set[str]]:
    """For each stage the stages and outcomes that a case can go to from it."""
    graph = {}
    for name, stage in procedure.stages.items():
        if isinstance(stage.then, ByShare):
            targets = {to for to, share in stage.then.numbers().items() if share > 0}
        else:
            targets = {*stage.then.ways.values(), *([stage.then.otherwise] if stage.then.otherwise else [])}
        if isinstance(stage, Work):
            targets |= {to for to in (stage.on_give_up, stage.on_full) if to is not None}
        graph[name] = targets
    return graph


def _reach(start: Iterable[str], graph: Graph) -> set[str]:
    reached, ahead = set(start), list(start)
    while ahead:
        for target in graph.get(ahead.pop(), ()):
            if target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


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
        if name in _reach(quick[name], quick):
            what = "decisions lead back to each other and no time passes"
            hint = "put a wait or work into the circle"
            return [problem(tree, (*path, name), what, try_=hint, of_key=True)]
    return []


def _kinds(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Kinds of case that reach a decision by kind which does not know them."""
    found: dict[Path_, Problem] = {}
    for origin_name, origin in scenario.origins.items():
        kinds = set(origin.kinds)
        if isinstance(origin, Counted):
            kinds |= {kind for row in origin.counts for kind in row.kinds}
        for jurisdiction in origin_jurisdictions(scenario, origin):
            for field in field_shares(scenario, origin, jurisdiction):
                procedure = procedure_of(scenario, field)
                for name in _reach([origin.enters], ways_graph(procedure)) & set(procedure.stages):
                    then = procedure.stages[name].then
                    if not isinstance(then, ByFact) or then.otherwise is not None or then.by == "visit":
                        continue
                    lacking = (
                        (kinds or {"(none)"}) - set(then.ways) if then.by == "kind" else {origin_name} - set(then.ways)
                    )
                    if lacking:
                        path: Path_ = ("procedures", procedure_name(scenario, field), "stages", name, "then")
                        what = (
                            f"no way out for cases of {then.by} '{min(lacking)}' that come from origin '{origin_name}'"
                        )
                        found.setdefault(
                            path, problem(tree, path, what, try_="name it under `ways`, or add `otherwise:`")
                        )
    return list(found.values())
