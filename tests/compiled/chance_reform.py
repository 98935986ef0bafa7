"""Reforms of the scenarios of chance: cases move down, with or without staff, and sometimes back."""

from __future__ import annotations

from chance_tools import Body, Chance, switches

switches(growing=30, staff_moves=35, learning=50, reversals=60, recall=60, share_of=30, delegation=30)


def reform(c: Chance, body: Body, places: list[str], fields: list[str]) -> Body:
    known = fields or ["case"]
    on = c.number(0, c.days - 1)
    moved: Body = {"on": c.day(on), "giver": "city", "share": {name: c.pick([1.0, 0.5]) for name in known}}
    moved["role"] = c.pick([body["teams"][name].get("role", name) for name in body["teams"]])
    if c.on("growing"):
        moved["full_on"] = c.day(on + 4)
    if c.on("share_of"):
        moved["share_of"] = {"east": {known[0]: 0.5}}
    if c.on("staff_moves"):
        moved["staff"] = c.pick([0.5, 0.3])
    if c.on("learning"):
        moved["learning"] = {"extra_time": c.pick([1.0, 0.5]), "half_life": "3 days"}
        ways = [
            to
            for used in body["procedures"].values()
            for stage in used["stages"].values()
            if isinstance(stage["then"], dict) and "by" not in stage["then"] and len(stage["then"]) > 1
            for to in stage["then"]
        ]
        if ways and c.on("reversals"):
            moved["learning"]["reversals"] = {"ways": [c.pick(ways)], "extra_share": 0.5}
    if c.on("recall"):
        measure = c.pick(["open_each", "overdue_share"])
        days = sorted({c.number(on, c.days - 1) for _ in range(2)})
        rule = {"measure": measure, "above": 0.2 if measure == "overdue_share" else 1, "least_cases": c.number(1, 2)}
        moved["evaluation"] = {"on": [c.day(day) for day in days], **rule}
    if not any("home" in origin and origin["jurisdiction"] == "city" for origin in body["origins"].values()):
        origin = next(iter(body["origins"].values()))
        body["origins"]["moving"] = {
            "process": "poisson", "rate": "20 per week", "enters": "s0", "jurisdiction": "city",
            "home": c.shares(places[1:]), **({"fields": origin["fields"]} if fields else {}),
        }  # fmt: skip
    return {"delegations": {"down": moved}} if c.on("delegation") else {"reform": moved}
