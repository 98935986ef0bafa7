"""The graph of a procedure: which stage follows which, and which legal clocks can be running where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .legal import Mark
from .stages import Procedure, Work
from .ways import ByShare, next_names

Graph = Mapping[str, set[str]]
Moment = tuple[str, str]
"""A stage, and `entered`, `started` or `ended`."""


def ways_graph(procedure: Procedure) -> dict[str, set[str]]:
    """For each stage the stages and outcomes that a case can go to from it."""
    graph = {name: _ways_out(procedure, name) | _ways_aside(procedure, name) for name in procedure.stages}
    for clock in procedure.clocks.values():
        graph.get(clock.starts.stage, set()).update(_lapses(procedure))
    return graph


def named_graph(procedure: Procedure) -> dict[str, set[str]]:
    """As `ways_graph`, with the ways that no case takes (a share of 0) as well."""
    return {
        name: targets | set(next_names(procedure.stages[name].then)) for name, targets in ways_graph(procedure).items()
    }


def reach(start: Iterable[str], graph: Graph) -> set[str]:
    """Everything that can be reached from some stages, these included."""
    reached, ahead = set(start), list(start)
    while ahead:
        for target in graph.get(ahead.pop(), ()):
            if target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


def clocks_in(procedure: Procedure, stage: str, again: bool = False) -> dict[str, bool]:
    """The clocks that can be running when a case has entered a stage, and whether that very moment starts them.

    A clock can be running there if a way leads from its start to that moment on which it is not stopped. Those that
    only a case can have started which has been in the stage before are left out, unless it comes there `again`.
    """
    here = (stage, "entered")
    moments = _moments(procedure)
    named = {target for targets in ways_graph(procedure).values() for target in targets}
    firsts = {(name, "entered") for name in procedure.stages if name not in named}
    passed = _passed(firsts - {here}, moments, here) if firsts and not again else set(moments)
    found = {}
    for name, clock in procedure.clocks.items():
        start, stop = _moment(clock.starts), _moment(clock.stops)
        if here != stop and here in _passed({start}, moments, stop) and (start == here or start in passed):
            found[name] = start == here
    return found


def _passed(firsts: set[Moment], moments: Mapping[Moment, set[Moment]], without: Moment) -> set[Moment]:
    """The moments that can follow some first ones, these included, on ways that avoid another."""
    reached, ahead = set(firsts), list(firsts)
    while ahead:
        for then in moments.get(ahead.pop(), set()) - {without} - reached:
            reached.add(then)
            ahead.append(then)
    return reached


def _moment(mark: Mark) -> Moment:
    return mark.stage, mark.when


def _moments(procedure: Procedure) -> dict[Moment, set[Moment]]:
    """For each moment of a case's life the moments that can come next."""
    graph: dict[Moment, set[Moment]] = {}
    aside = _lapses(procedure)
    for name, stage in procedure.stages.items():
        begins, ends = (name, "entered"), (name, "ended")
        graph[ends] = {(target, "entered") for target in _ways_out(procedure, name)}
        graph[begins] = {(target, "entered") for target in _ways_aside(procedure, name) | aside}
        if isinstance(stage, Work):
            graph[begins].add((name, "started"))
            graph[name, "started"] = {ends}
        else:
            graph[begins].add(ends)
    return graph


def _ways_out(procedure: Procedure, name: str) -> set[str]:
    """Where a case can go when a stage has ended, now or after a dated change."""
    stage = procedure.stages[name]
    if isinstance(stage.then, ByShare):
        targets = {to for to, share in stage.then.numbers().items() if share > 0}
    else:
        targets = {*stage.then.ways.values(), *([stage.then.otherwise] if stage.then.otherwise else [])}
    for _, changed in stage.versions:
        targets |= set(next_names(changed.then))
    return targets


def _ways_aside(procedure: Procedure, name: str) -> set[str]:
    """Where a case can go that leaves a line without having been served."""
    stage = procedure.stages[name]
    if not isinstance(stage, Work):
        return set()
    return {to for to in (stage.on_give_up, stage.on_full) if to is not None}


def _lapses(procedure: Procedure) -> set[str]:
    """Where a case can go because a clock has run out."""
    return {clock.lapses_to for clock in procedure.clocks.values() if clock.lapses_to is not None}
