"""Procedures of the scenarios of chance: stages, ways between them, dated changes, and legal clocks.

Nobody goes back past a fork, and whoever leaves a line unserved goes on: so that no case moves in a circle in which no
time passes, and none has children without end.
"""

from __future__ import annotations

from typing import Any

from chance_clocks import Draft, clock
from chance_staff import SKILLS
from chance_tools import Body, Chance, switches

KINDS = ("a", "b")

switches(
    officers=35, officers_by_share=15, skills=25, also=25, on_site=20, priority=60, patience=30, line_limit=20,
    blocks=35, wait_in_days=40, wait_rolls=75, wait_of_a_month=5, gate_weekdays=30, quota=70, quorum=20, join_none=35,
    child_kind=30, other_procedure=50, of_field=90, back=40, ways_by_fact=35, changes=30, change_by_filing=40,
    change_in_steps=25, clock=75, clock_suspended=45, clock_rolls_not=25, clock_extended=50, clock_lapses=65,
    clock_of_a_month=5,
)  # fmt: skip


def procedure(
    c: Chance, called: str, names: list[str], roles: list[str], calendars: Body, facts: Body, others: Body
) -> tuple[Body, Draft]:
    """A procedure of stages of these names; `facts` are values that ways can follow."""
    d = Draft(names, roles, others)
    d.lapses = called == "first" and c.likely(60)
    for number, name in enumerate(names):
        kinds = ["work", "work", "work", "wait", "gate", "decision"]
        if len(d.forks) < 2 and (number + 1 < len(names) or others):
            kinds.append("fork")
        kind = c.pick(kinds) if number or len(names) == 1 else c.pick(["work", "work", "work", *kinds])
        if kind == "fork":
            d.forks.append(number)
        body = {"kind": kind, **_BODIES[kind](c, d, number, calendars)}
        body["then"] = _then(c, d, number, facts, back=kind != "decision")
        # A dated change cannot be laid over lengths that are told visit by visit.
        if "listed" not in str(body) and c.on("changes"):
            body["changes"] = _changes(c, d, number, body, facts)
        d.stages[name] = body
    body = {"stages": d.stages, "outcomes": {"withdrawn": "withdrawn"}}
    clocks = {f"clock{n}": clock(c, d, calendars) for n in range(c.number(1, 3))} if c.on("clock") else {}
    return body | ({"clocks": clocks} if clocks else {}), d


def _then(c: Chance, d: Draft, number: int, facts: Body, back: bool) -> Any:
    after = d.after(number)
    if c.on("ways_by_fact"):
        return _by_fact(c, d, number, facts, back)
    if back and d.before(number) and c.on("back"):
        return c.shares([after[0], c.pick(d.before(number))])
    if len(after) > 2 and c.likely(40):
        return c.shares(list(dict.fromkeys([after[0], c.pick(after[1:])])))
    return after[0]


def _by_fact(c: Chance, d: Draft, number: int, facts: Body, back: bool) -> Any:
    after = d.after(number)
    by = c.pick(["kind", "visit", "severity", "now", "filed", *facts, *(["outcome"] * 8 if c.by_outcome else [])])
    if by == "visit":
        again = c.pick(d.before(number)) if back and d.before(number) else after[0]
        return {"by": "visit", "ways": {"0": again, "2": c.pick(after)}, "otherwise": after[0]}
    if by in ("now", "filed"):
        days = sorted({c.number(0, c.days - 1) for _ in range(c.number(1, 2))})
        return {"by": by, "ways": {c.day(day): c.pick(after) for day in days}, "otherwise": after[0]}
    told = {"kind": KINDS, "severity": ("0", "2"), "outcome": tuple(d.outcomes), **facts}[by]
    return {"by": by, "ways": {value: c.pick(after) for value in c.some(told, 2)}, "otherwise": after[0]}


def _work(c: Chance, d: Draft, number: int, _: Body) -> Body:
    role, after = c.pick(d.roles), d.after(number)
    body: Body = {"team": role, "duration": c.work()}
    if c.on("officers"):
        body["officers"] = c.number(2, 3)
    elif c.on("officers_by_share"):
        body["officers"] = {"1": 0.5, "2": 0.5}
    d.needs(
        role,
        {"1": 2}.get(next(iter(body["officers"])), 2)
        if isinstance(body.get("officers"), dict)
        else body.get("officers", 1),
    )
    if c.on("skills"):
        body["skills"] = [c.pick(SKILLS)]
        d.asked.setdefault(role, set()).update(body["skills"])
    helpers = [other for other in d.roles if other != role]
    if helpers and c.on("also"):
        body["also"] = {other: c.number(1, 2) for other in c.some(helpers, 2)}
        for other, officers in body["also"].items():
            d.needs(other, officers)
            d.asked.setdefault(other, set()).update(body.get("skills", ()))
    if c.on("on_site"):
        body["on_site"] = True
    if c.on("priority"):
        body["priority"] = c.number(0, 2)
    if c.on("patience"):
        body |= {"patience": c.span(), "on_give_up": c.pick(after)}
    if c.on("line_limit"):
        body |= {"line_limit": c.number(0, 2), "on_full": c.pick(after)}
    elif c.on("blocks"):
        body |= {"line_limit": c.number(0, 2), "blocks": True}
    return body


def _wait(c: Chance, _d: Draft, _n: int, calendars: Body) -> Body:
    if not c.on("wait_in_days"):
        return {"duration": c.span()}
    body: Body = {"duration": f"{c.number(0, 3)} calendar days"}
    if calendars:
        body["calendar"] = c.pick(list(calendars))
        if c.likely(60):
            body["duration"] = f"{c.number(0, 3)} working days"
        if c.on("wait_rolls"):
            body["rolls"] = True
    if c.on("wait_of_a_month"):
        body["duration"] = "1 months"
    return body


def _gate(c: Chance, _d: Draft, _n: int, calendars: Body) -> Body:
    body: Body
    if c.on("gate_weekdays"):
        body = {
            "weekdays": c.some(["mon", "tue", "wed", "thu", "fri", "sat"], 3),
            "time": c.pick(["09:00", "00:00", "14:00"]),
        }
        if calendars and c.likely(70):
            body["calendar"] = c.pick(list(calendars))
    else:
        body = {"every": c.pick(["24 h", "8 h", "7 h"])}
        if c.likely(40):
            body["at"] = [c.pick(["0 h", "9 h"]), c.pick(["9 h", "12 h"])]
    if c.on("quota"):
        body["quota"] = c.number(0, 2) if "at" not in body or c.likely(50) else [1, c.number(0, 3)]
    if c.on("quorum"):
        body |= {"members": 5, "quorum": 3, "attendance": 0.6}
    return body


def _decision(_c: Chance, _d: Draft, _n: int, _k: Body) -> Body:
    return {}


def _fork(c: Chance, d: Draft, number: int, _: Body) -> Body:
    children: Body = {}
    for n in range(c.number(1, 3)):
        child: Body = {}
        if d.others and (number + 1 == len(d.names) or c.on("other_procedure")):
            child["procedure"] = c.pick(list(d.others))
            entries = list(d.others[child["procedure"]]["stages"])
        else:
            entries = d.names[number + 1 :]
        child["enters"] = c.pick(entries)
        if c.likely(50):
            child["share"] = c.pick([0.5, 1, 0, 0.75])
        if c.on("child_kind"):
            child["kind"] = c.pick([*KINDS, "c"])
        children[f"child{n}"] = child
    return {"children": children, "join": _join(c)}


def _join(c: Chance) -> str:
    return "none" if c.on("join_none") else "all"


_BODIES = {"work": _work, "wait": _wait, "gate": _gate, "decision": _decision, "fork": _fork}


def _changes(c: Chance, d: Draft, number: int, body: Body, facts: Body) -> list[Body]:
    found = []
    for on in c.rising(c.midnight, 2):
        new: Body = {"then": _then(c, d, number, facts, back=body["kind"] != "decision")} if c.likely(50) else {}
        if body["kind"] == "wait":
            new["duration"] = _wait(c, d, number, {})["duration"]
        elif body["kind"] == "fork":
            new["join"] = _join(c)
        elif body["kind"] == "work":
            key = c.pick(["duration", "priority", "patience", "line", "officers"])
            more = {
                "duration": {"duration": c.work()}, "priority": {"priority": c.number(0, 2)},
                "patience": {"patience": c.span(), "on_give_up": c.pick(d.after(number))}, "officers": {"officers": 1},
                "line": {"line_limit": c.number(0, 2)} if "line_limit" in body else {"priority": 1},
            }  # fmt: skip
            new |= more[key]
        change: Body = {"on": on, "set": new or {"then": d.after(number)[0]}}
        if c.on("change_by_filing"):
            change["cases"] = "filed_from_then"
        if "then" not in change["set"] and c.on("change_in_steps"):
            change |= {"full_on": f"{c.days} days", "steps": c.number(2, 4)}
        found.append(change)
    return found
