"""Small sound scenarios by chance, in which much happens in the same second.

Times lie on a coarse grid, officers are few, and every construct that a scenario file knows for an engine comes on with
some probability, several at once. What validation forbids is avoided where that is simple, and refused otherwise.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chance_reform import reform
from chance_staff import calendar, calendars, team
from chance_stages import KINDS, Draft, procedure
from chance_tools import SWITCHES, Body, Chance, switches
from hypothesis import strategies as st

from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import Tree
from enforcement_sim.model.scenario import Scenario

__all__ = ["SWITCHES", "Drawn", "by_seed", "scenario", "scenarios"]

STARTS = (dt.date(2024, 3, 4), dt.date(2024, 2, 5), dt.date(2023, 9, 25), dt.date(2023, 12, 28))

switches(
    places=55, fields=40, by_place=45, by_field=30, kinds=60, severities=50, priorities=45, home=70, poisson=40,
    batch=40, regular=30, renewal=15, counted=15, backlog=25, reform=70,
    by_outcome=25,
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A scenario as it would stand in a file, and the constructs that were switched on for it."""

    data: Body
    used: frozenset[str]


def scenario(data: Body) -> Scenario:
    """The scenario itself. ScenarioError if it is not sound."""
    return scenario_of(Tree(data))


@st.composite
def scenarios(draw: Any) -> Drawn:
    """Sound scenarios; few are drawn in vain."""
    for _ in range(3):
        drawn = _drawn(Chance(draw))
        try:
            scenario(drawn.data)
        except ScenarioError:
            continue
        return drawn
    draw(st.nothing())
    raise AssertionError("nothing can be drawn from nothing")


class Lot(Chance):
    """The same draws from a generator of random numbers: nothing shrinks, and no scenario is like another."""

    def number(self, low: int, high: int) -> int:
        return int(self.draw.randint(low, high))  # type: ignore[attr-defined]


def by_seed(seed: int) -> Drawn | None:
    """One scenario of a seed, or none if it is not sound."""
    drawn = _drawn(Lot(random.Random(seed)))  # type: ignore[arg-type]
    try:
        scenario(drawn.data)
    except ScenarioError:
        return None
    return drawn


def _drawn(c: Chance) -> Drawn:
    c.days = c.number(3, 16)
    c.start = c.pick(STARTS)
    c.by_outcome = c.on("by_outcome")
    found = calendars(c)
    places = ["city", "east", "west"][: c.pick([3, 2])] if c.on("places") else []
    fields = ["urban", "market"] if c.on("fields") else []
    roles = [f"team{n}" for n in range(c.number(1, 3))]
    names = [f"s{n}" for n in range(c.number(2, 7))]
    facts: Body = {"origin": ("listed",)} | (
        {"jurisdiction": tuple(places), "moved": ("moved", "stayed")} if places else {}
    )
    body: Body = {"format": 1, "title": "a scenario of chance", "purpose": "theory"}
    body |= {"period": {"start": c.start.isoformat(), "length": f"{c.days} days"}, "seed": c.number(1, 1000)}
    body |= {"calendars": found} if found else {}
    if places:
        body["jurisdictions"] = {place: {"parent": "city", "travel": c.number(0, 2)} for place in places[1:]}
        body["jurisdictions"] = {"city": {"level": "city"}, **body["jurisdictions"]}
    used: Body = {}
    drafts: list[Draft] = []
    if fields or c.likely(50):
        second, draft = procedure(c, "second", names[: c.number(1, len(names))], roles, found, facts, {})
        used["second"], drafts = second, [draft]
    first, draft = procedure(c, "first", names, roles, found, facts, used)
    body["procedures"] = {"first": first, **used}
    drafts.append(draft)
    if fields:
        body["fields"] = {"urban": {"procedure": "first"}, "market": {"procedure": "second"}}
    _of_field(c, drafts, fields)
    _second_is_reached(body, fields)
    needed = {role: max([d.needed[role] for d in drafts if role in d.needed], default=1) for role in roles}
    asked = {role: set().union(*(d.asked.get(role, set()) for d in drafts)) for role in roles}
    body["teams"] = dict(_teams(c, roles, needed, asked, names, found, places, fields))
    body["origins"] = _origins(c, body, names, found, places, fields)
    if places and c.on("reform"):
        body |= reform(c, body, places, fields)
    return Drawn(body, frozenset(c.used))


def _second_is_reached(body: Body, fields: list[str]) -> None:
    """The second procedure is one of a field, or a child's; else nobody would ever enter it."""
    if fields or "second" not in body["procedures"]:
        return
    children = [
        child
        for stage in body["procedures"]["first"]["stages"].values()
        for child in stage.get("children", {}).values()
        if child.get("procedure") == "second"
    ]
    if children:
        children[0]["enters"] = "s0"  # so that all its stages are reached
    else:
        del body["procedures"]["second"]


def _of_field(c: Chance, drafts: list[Draft], fields: list[str]) -> None:
    """A child of the second procedure may follow that of its field, behind all forks of that."""
    if not fields:
        return
    second, first = drafts
    late = [name for name in first.names[max(first.forks, default=-1) + 1 :] if name in second.names]
    for number in second.forks:
        for child in second.stages[second.names[number]]["children"].values():
            if child["enters"] in late and c.on("of_field"):
                child["of_field"] = True


def _teams(
    c: Chance, roles: list[str], needed: dict[str, int], asked: dict[str, set[str]], stages: list[str], found: Body,
    places: list[str], fields: list[str],
) -> Iterator[tuple[str, Body]]:  # fmt: skip
    split = 0
    named: list[tuple[str, str, Body]] = []
    for role in roles:
        parts: list[Body] = [{}]
        if places and not split and c.on("by_place"):
            parts = [{"jurisdiction": place, "role": role} for place in places]
        elif fields and not split and c.on("by_field"):
            parts = [{"fields": [name], "role": role} for name in fields]
        split += len(parts) - 1
        named += [(role if len(parts) == 1 else f"{role}_{n}", role, part) for n, part in enumerate(parts)]
    for name, role, part in named:
        others = [other for other, *_ in named if other != name]
        yield name, part | team(c, needed[role], asked[role], stages, found, others)


def _cases(c: Chance, places: list[str], fields: list[str], splits: bool) -> Body:
    """What cases are, whatever brings them."""
    body: Body = {}
    if places:
        body["jurisdiction"] = c.pick(places)
        if splits and body["jurisdiction"] == "city" and c.on("home"):
            body["home"] = c.shares(places[1:])
    if fields:
        body["fields"] = c.shares(fields) if splits and c.likely(60) else c.pick(fields)
    if c.on("kinds"):
        body["kinds"] = c.shares(KINDS)
    if c.on("severities"):
        body["severity"] = {"0": 0.5, "2": 0.5}
    if c.on("priorities"):
        body["priority"] = {"a": 1, "b": 0} if "kinds" in body and c.likely(60) else c.pick([1, -1, 2])
    return body


def _origins(c: Chance, body: Body, names: list[str], found: Body, places: list[str], fields: list[str]) -> Body:
    hours = 24 * c.days
    shared = list(body["procedures"]["second"]["stages"]) if fields else names
    at = [c.pick([c.moment, lambda: c.hours(0, 40)])() for _ in range(c.number(1, 5))]
    origins: Body = {"listed": {"process": "listed", "at": [moment for moment in at for _ in range(c.number(1, 6))]}}
    if c.on("poisson"):
        origins["poisson"] = {"process": "poisson", "rate": f"{c.number(6, 24)} per week", **calendar(c, found)}
        if c.on("batch"):
            origins["poisson"]["batch"] = 3
    if c.on("regular"):
        origins["regular"] = {"process": "regular", "every": c.hours(max(2, hours // 20), 24), **calendar(c, found)}
    if c.on("renewal"):
        origins["renewal"] = {"process": "renewal", "interval": c.span() if c.likely(30) else "4 h", "max": 12}
    if c.on("counted"):
        count = {"year": c.start.year, "count": c.number(5, 20)}
        origins["counted"] = {"process": "counted", "counts": [count], **calendar(c, found)}
    for name, origin in origins.items():
        origin["enters"] = "s0" if name == "listed" or c.likely(70) else c.pick(shared)
        origin |= _cases(c, places, fields, name in ("poisson", "counted"))
    if fields:  # every procedure has cases
        origins["listed"]["fields"] = "urban"
        origins["more"] = {"process": "listed", "at": [c.moment()], "enters": "s0", "fields": "market"}
        origins["more"] |= {"jurisdiction": c.pick(places)} if places else {}
    if c.on("backlog"):
        stages = body["procedures"]["first"]["stages"]
        stands = [name for name in stages if stages[name]["kind"] in ("work", "wait", "gate")]
        if stands:
            origins["backlog"] = {"process": "backlog", **_cases(c, places, [], splits=True)}
            origins["backlog"]["cases"] = [_standing(c, c.pick(stands)) for _ in range(c.number(1, 3))]
            if fields:
                origins["backlog"]["fields"] = "urban"
    return origins


def _standing(c: Chance, stage: str) -> Body:
    row: Body = {"stage": stage, "count": c.number(1, 3), "age": f"{c.number(3, 9)} days"}
    if c.likely(60):
        row["in_stage"] = c.pick(["1 days", "30 h", "3 days"])
    return row
