"""Delegated powers on trial: an evaluation takes them back from places that fall short."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import simpy

from ..plan.tables import Plan, Records
from ..records import NONE, Measure
from .case import Case
from .desk import Desk

Place = tuple[int, int]
"""A reform, and a jurisdiction that receives cases by it."""


class Recall:
    """What each place has made of moved cases so far, and from whom they have been taken back.

    An evaluation looks when everything of its second has happened; what it decides holds for cases that arrive
    later. Cases that a place has already taken stay with it.
    """

    def __init__(self, plan: Plan, desks: list[Desk]) -> None:
        self.reforms: list[dict[str, Any]] = [
            dict(zip(plan.reforms.dtype.names or (), row, strict=True)) for row in plan.reforms.tolist()
        ]
        self.desks = desks
        self.team_place: list[tuple[int, int]] = list(
            zip(plan.teams["role"].tolist(), plan.teams["jurisdiction"].tolist(), strict=True)
        )
        self.came: Counter[Place] = Counter()
        self.open: Counter[Place] = Counter()
        self.late: dict[Place, set[int]] = {}
        self.recalled: set[Place] = set()
        self.returned: list[int] = []

    def arrives(self, case: Case) -> None:
        """A case is filed: with the place that a reform gives it to, or with the giver if powers were recalled."""
        if case.reform == NONE or case.parent is not None:
            return
        place = (case.reform, case.handler)
        if place in self.recalled:
            case.handler, case.moved, case.reform = case.facts["giver"], 0, NONE
            case.facts |= {"handler": case.handler, "moved": 0, "reform": NONE}
            self.returned.append(case.number)
        else:
            self.came[place] += 1
            self.open[place] += 1

    def is_late(self, case: Case) -> None:
        """A legal clock of a case has run out."""
        if case.reform != NONE and case.parent is None:
            self.late.setdefault((case.reform, case.handler), set()).add(case.number)

    def closes(self, case: Case) -> None:
        """A case goes to the archive."""
        if case.reform != NONE and case.parent is None:
            self.open[case.reform, case.handler] -= 1

    def evaluate(self, reform: int, _: simpy.Event) -> None:
        """Take powers back from the places of a reform whose measure lies above its limit."""
        row = self.reforms[reform]
        for place in sorted(place for place in self.came if place[0] == reform):
            if self.came[place] >= row["least"] and self._measure(row, place) > row["above"]:
                self.recalled.add(place)

    def _measure(self, row: dict[str, Any], place: Place) -> float:
        if row["measure"] == Measure.OVERDUE_SHARE:
            return len(self.late.get(place, ())) / self.came[place]
        teams = [n for n, at in enumerate(self.team_place) if at == (row["role"], place[1])]
        return self.open[place] / max(1, sum(self.desks[n].officers for n in teams))

    def told_in(self, cases: Records) -> Records:
        """The table of cases, with those that went back to the giver as handled there."""
        if not self.returned:
            return cases
        cases = cases.copy()
        numbers = np.array(self.returned)
        cases["handler"][numbers], cases["moved"][numbers] = cases["giver"][numbers], 0
        cases["reform"][numbers] = NONE
        return cases
