"""Whether findings that somebody wants can be there at all, judged by the names in scenario files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import Problem
from ..model.derive import ONLY_FIELD, ONLY_JURISDICTION
from ..model.scenario import MONDAY
from ..model.wanted import BY_DAY, MEASURES, ItemKind, WantedFinding
from .explain import nearest
from .tree import Path_, Tree, problem

Data = Mapping[str, Any]
NO_PHASE = "cases"
_WITH_A_TOTAL: tuple[ItemKind, ...] = ("phase", "all", "class")
_OF_FIELDS: tuple[ItemKind, ...] = ("clock", "label", "phase", "cases", "all")
_OF_TEAMS: tuple[ItemKind, ...] = ("team", "line")
_OF_NO_PLACE: tuple[ItemKind, ...] = ("age", "class", "origin")
_KINDS: dict[ItemKind, str] = {
    "clock": "clock", "stage": "stage", "procedure": "procedure", "team": "team",
    "line": "team with one of its stages (team/stage)", "label": "label (`counts_as`)", "phase": "phase",
    "cases": "item of this measure", "all": "item of this measure", "age": "item of this measure",
    "class": "class of a register (register/class)", "origin": "origin at a register (register/origin)",
}  # fmt: skip


def problems(wanted: WantedFinding, at: Path_, tree: Tree, scenarios: Callable[[], Iterator[Data]]) -> list[Problem]:
    """Names of a wanted finding, written at a place of `tree`, that no scenario has, with the nearest that one has.

    `scenarios` gives their data, the base first, as read and not yet checked; what is malformed there has no names.
    """
    if wanted.measure not in MEASURES:
        hint = nearest(wanted.measure, MEASURES)
        return [problem(tree, (*at, "measure"), "no measure has this name", got=f"'{wanted.measure}'", try_=hint)]
    kind = MEASURES[wanted.measure]
    names: dict[str, tuple[str, Callable[[Data], list[str]]]] = {
        "jurisdiction": ("jurisdiction", lambda data: _named(data, "jurisdictions", ONLY_JURISDICTION)),
        "field": ("field", lambda data: _named(data, "fields", ONLY_FIELD)),
        "item": (_KINDS[kind], lambda data: items(data, kind)),
    }
    found = []
    for key, (what, of) in names.items():
        given = getattr(wanted, key)
        if given is not None and given != "all" and all(given not in of(data) for data in scenarios()):
            valid = list(dict.fromkeys(name for data in scenarios() for name in of(data)))
            hint = nearest(given, [*valid, *(["all"] if key != "item" else [])])
            found.append(problem(tree, (*at, key), f"no {what} has this name", got=f"'{given}'", try_=hint))
    if found:
        return found
    if wanted.item == "all" and kind not in _WITH_A_TOTAL:
        hint = nearest("", items(next(scenarios()), kind)) or "leave `item` out"
        found.append(_lacks("item", f"{wanted.measure} has no total over its items", hint, wanted, at, tree))
    return found + list(_not_told_by(wanted, kind, at, tree)) + _period(wanted, at, tree, next(scenarios()))


def _not_told_by(wanted: WantedFinding, kind: ItemKind, at: Path_, tree: Tree) -> Iterator[Problem]:
    """Places and fields by which a measure is not told, or only by them."""
    if wanted.field not in (None, "all") and kind not in _OF_FIELDS:
        yield _lacks("field", f"{wanted.measure} is not told by field", "leave `field` out", wanted, at, tree)
    if wanted.jurisdiction == "all" and kind in _OF_TEAMS:
        what = f"{wanted.measure} is told of teams and not of all together"
        yield _lacks("jurisdiction", what, "leave `jurisdiction` out and name the `item`", wanted, at, tree)
    if wanted.jurisdiction not in (None, "all") and kind in _OF_NO_PLACE:
        what = f"{wanted.measure} is not told by jurisdiction"
        yield _lacks("jurisdiction", what, "leave `jurisdiction` out", wanted, at, tree)


def _lacks(key: str, what: str, try_: str, wanted: WantedFinding, at: Path_, tree: Tree) -> Problem:
    return problem(tree, (*at, key), what, got=f"'{getattr(wanted, key)}'", try_=try_)


def _period(wanted: WantedFinding, at: Path_, tree: Tree, data: Data) -> list[Problem]:
    """Periods that are no number, and years after the last. Earlier years may be told of cases that are that old."""
    if wanted.period is None:
        return []
    what, hint = f"no period of {wanted.measure}", "a calendar year, e.g. 2025"
    if not str(wanted.period).isdecimal():
        if wanted.measure == BY_DAY:
            hint = "the number of a day since the start"
    elif wanted.measure == BY_DAY or (last := _last_year(data)) is None or int(wanted.period) <= last:
        return []
    else:
        what, hint = "a year after the last one that is simulated", str(last)
    return [problem(tree, (*at, "period"), what, got=f"'{wanted.period}'", try_=hint)]


def _last_year(data: Data) -> int | None:
    """The last year with measures, if the scenario says its dates plainly."""
    period = _mapping(data.get("period"))
    given = str(period.get("end") or period.get("start") or MONDAY)[:10]
    try:
        day = dt.date.fromisoformat(given)
    except ValueError:
        return None
    # The end is the first day that is not simulated; a length without an end is one span, told under its first year.
    return (day - dt.timedelta(days=1)).year if period.get("end") else day.year


def items(data: Data, kind: ItemKind) -> list[str]:
    """The items that a measure of a kind may have, by the names in a scenario's data; totals left out."""
    match kind:
        case "clock":
            return _unique(name for body in _bodies(data, "procedures") for name in _mapping(body.get("clocks")))
        case "stage":
            return _unique(name for name, _ in _stages(data))
        case "procedure":
            return list(_mapping(data.get("procedures")))
        case "team":
            return list(_mapping(data.get("teams")))
        case "line":
            return _lines(data)
        case "label":
            return _unique(body["counts_as"] for _, body in _stages(data) if isinstance(body.get("counts_as"), str))
        case "phase":
            return _unique(str(body.get("phase") or NO_PHASE) for _, body in _stages(data))
        case "class":
            return _classes(data)
        case "origin":
            return [f"{register}/{origin}" for register in _registers(data) for origin in _mapping(data.get("origins"))]
        case "cases":
            return ["cases"]
        case "age":
            return ["median", "oldest"]
        case _:
            return ["all"]


def _lines(data: Data) -> list[str]:
    """Teams with the stages that name them, by their role or by their name, now or after a dated change."""
    stages = [(name, named) for name, body in _stages(data) for named in _teams_named(body)]
    return _unique(
        f"{team}/{stage}"
        for team, body in _mapping(data.get("teams")).items()
        for stage, named in stages
        if named in (team, _mapping(body).get("role"))
    )


def _teams_named(stage: Data) -> list[Any]:
    changes = stage.get("changes")
    later = [_mapping(_mapping(change).get("set")) for change in changes] if isinstance(changes, list) else []
    return [body["team"] for body in (stage, *later) if "team" in body]


def _classes(data: Data) -> list[str]:
    return [
        f"{register}/{credit}"
        for register, body in _registers(data).items()
        for credit in [*_mapping(_mapping(body).get("classes")), "all"]
    ]


def _registers(data: Data) -> Data:
    return _mapping(data.get("registers"))


def _stages(data: Data) -> Iterator[tuple[str, Data]]:
    for body in _bodies(data, "procedures"):
        for name, stage in _mapping(body.get("stages")).items():
            yield name, _mapping(stage)


def _bodies(data: Data, key: str) -> Iterator[Data]:
    yield from (_mapping(body) for body in _mapping(data.get(key)).values())


def _named(data: Data, key: str, only: str) -> list[str]:
    return list(_mapping(data.get(key))) or [only]


def _unique(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _mapping(given: Any) -> Data:
    return given if isinstance(given, Mapping) else {}
