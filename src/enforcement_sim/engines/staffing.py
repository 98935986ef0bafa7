"""Desks and crews of a plan at the start of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..plan.attendance import Attendance, speed_of
from ..plan.tables import Plan, Records
from ..records import NONE, AtClose
from .crew import Crew, Person
from .desk import Desk


def desks_of(plan: Plan, attending: Attendance) -> list[Desk]:
    """One desk for each team, in team order."""
    return [_desk(plan, number, attending) for number in range(len(plan.teams))]


def _desk(plan: Plan, number: int, attending: Attendance) -> Desk:
    row = plan.teams[number]
    posts = plan.roster[int(row["roster_at"]) : int(row["roster_at"]) + int(row["roster_count"])]
    pressure = plan.pressure[int(row["pressure_at"]) : int(row["pressure_at"]) + int(row["pressure_count"])]
    roster = attending.rosters[number]
    shared: dict[str, Any] = {
        "number": number,
        "name": plan.names.teams[number],
        "hours": plan.work_tables[int(row["calendar"])],
        "at_close": AtClose(int(row["at_close"])),
        "skips": bool(row["skips"]),
        "new_team": bool(row["new_team"]),
        "sheds": bool(row["sheds"]),
        "preempts": bool(row["preempts"]),
        "rule": int(row["rule"]),
        "roster": roster,
        "posts": tuple((int(post["time"]), int(post["officers"])) for post in posts),
        "pressure": tuple((float(step["waiting_each"]), float(step["speed"])) for step in pressure),
        "duties": int(row["duty"]) != NONE,
        "officers": roster[0][1],
        "speed": roster[0][2],
    }
    if not row["named"]:
        return Desk(**shared)
    at, count = int(row["people_at"]), int(row["people_count"])
    people = [_person(plan, who, attending, row) for who in range(at, at + count)]
    return Crew(**shared, people=people, keeps=bool(row["keeps"]), by_lot=bool(row["by_lot"]), cap=int(row["cap"]))


def _person(plan: Plan, who: int, attending: Attendance, team: Records) -> Person:
    row = plan.people[who]
    speed = _speed(float(row["speed"]), attending.hired[who], float(team["new_extra"]), float(team["new_half_life"]))
    return Person(who, attending.hours[who], attending.until[who], int(row["skills"]), speed)


def _speed(usual: float, hired: int, extra: float, half_life: float) -> Callable[[int], float]:
    if hired == NONE or extra <= 0:
        return lambda _: usual
    return lambda now: usual * speed_of(max(0, now - hired), extra, half_life)
