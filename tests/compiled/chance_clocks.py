"""A procedure of the scenarios of chance in the making, and its legal clocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from chance_tools import Body, Chance


@dataclass
class Draft:
    """A procedure in the making: what its stages ask of which role, and what leads where."""

    names: list[str]
    roles: list[str]
    others: Body = field(default_factory=dict)  # procedures of children, finished
    outcomes: list[str] = field(default_factory=lambda: ["closed", "withdrawn"])
    stages: Body = field(default_factory=dict)
    forks: list[int] = field(default_factory=list)
    needed: dict[str, int] = field(default_factory=dict)
    asked: dict[str, set[str]] = field(default_factory=dict)
    lapses: bool = False
    """Whether clocks end stages."""

    def after(self, number: int) -> list[str]:
        """Where a case can go from a stage without going back, the next stage first."""
        return [*self.names[number + 1 :], *self.outcomes]

    def before(self, number: int) -> list[str]:
        """Where it can go back to."""
        return self.names[max((at for at in self.forks if at <= number), default=-1) + 1 : number + 1]

    def needs(self, role: str, officers: int) -> None:
        self.needed[role] = max(self.needed.get(role, 1), officers)


def clock(c: Chance, d: Draft, calendars: Body) -> Body:
    starts, stops = sorted((c.number(0, len(d.names) - 1), c.number(0, len(d.names) - 1)))
    if c.likely(10):
        starts, stops = stops, starts  # back from a later stage
    unit = "working days" if calendars and c.likely(50) else "calendar days"
    if c.on("clock_of_a_month"):
        unit = "months"
    body: Body = {
        "rule": "made up", "limit": f"{c.number(0, 5) if unit != 'months' else 1} {unit}",
        "starts": {"stage": d.names[starts], "when": c.pick(["entered", "started", "ended"])},
        "stops": {"stage": d.names[stops], "when": c.pick(["ended", "started", "entered"])},
    }  # fmt: skip
    if calendars:
        body["calendar"] = c.pick(list(calendars))
    if c.on("clock_suspended"):
        body["suspended_in"] = c.some(d.names, 3)
    if c.on("clock_rolls_not"):
        body["rolls"] = False
    if c.on("clock_extended"):
        body["extensions"] = [
            {"by": f"{c.number(1, 2)} {unit}", "approver": "head", "granted": c.pick([0.5, 1, 0.75])}
            for _ in range(c.number(1, 2))
        ]
    if d.lapses and c.on("clock_lapses"):
        body["lapses_to"] = c.pick([*d.outcomes, *d.names[max(d.forks, default=-1) + 1 :]])
    return body
