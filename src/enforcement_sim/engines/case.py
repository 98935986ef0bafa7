"""A case on its way, the stages as plain numbers, and the child matters that are about to begin."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..plan.tables import CASE, Plan, Records
from ..records import NONE, Attribute
from .desk import Hand, Stay


class StageRow:
    """A stage as plain numbers: reading a record array in the loop would cost more than the model."""

    def __init__(self, row: Any) -> None:
        for name in row.dtype.names:
            setattr(self, name, int(row[name]))

    def __getattr__(self, name: str) -> int:  # for the type checker: every column is a whole number
        raise AttributeError(name)


Changes = dict[int, list[tuple[int, bool, StageRow]]]


def stage_rows(plan: Plan) -> tuple[list[StageRow], Changes]:
    """All stages, and for each that changes: (from which second, by filing, the stage from then on)."""
    changes: Changes = {}
    for number, row in enumerate(plan.stages):
        at = int(row["changes_at"])
        for since, by_filing, later in plan.changes[at : at + int(row["changes_count"])].tolist():
            changes.setdefault(number, []).append((since, bool(by_filing), StageRow(plan.later[later])))
    return [StageRow(row) for row in plan.stages], changes


class Case:
    """One case: what it is, and what only the way so far tells."""

    __slots__ = (
        "address",
        "arrived",
        "bell",
        "enters",
        "facts",
        "field",
        "filed",
        "handler",
        "held",
        "home",
        "joins",
        "just_ended",
        "keeps",
        "kind",
        "lapses_to",
        "last_child",
        "moved",
        "number",
        "ordinal",
        "origin",
        "outcome",
        "owners",
        "parent",
        "priority",
        "reform",
        "running",
        "severity",
        "since",
        "stage",
        "stay",
        "visits",
    )  # fmt: skip

    def __init__(self, number: int, facts: dict[str, Any]) -> None:
        self.number = number
        self.facts = facts
        self.arrived: int = facts["arrived"]
        self.filed: int = facts["filed"]
        self.since: int = facts["since"]  # the second in which it entered the stage where it stands
        self.running: list[tuple[int, int]] | None = None  # (clock, second) that have started before the run
        self.address: int = facts["address"]
        self.ordinal: int = facts["ordinal"]
        self.origin: int = facts["origin"]
        self.field: int = facts["field"]
        self.home: int = facts["home"]
        self.handler: int = facts["handler"]
        self.kind: int = facts["kind"]
        self.priority: int = facts["priority"]
        self.severity: int = facts["severity"]
        self.moved: int = facts["moved"]
        self.reform: int = facts["reform"]
        self.enters: int = facts["enters"]
        self.visits: dict[int, int] = {}
        self.stage = NONE
        self.stay: Stay | None = None  # what a lapse can end
        self.lapses_to = NONE
        self.bell = NONE
        self.held: list[Hand] = []
        self.owners: dict[int, int] = {}  # handling officer by desk
        self.keeps: list[tuple[int, int]] = []  # desks in which it counts as a file of an officer
        self.parent: Case | None = None
        self.joins: Stay | None = None  # of the parent that waits for it
        self.outcome = NONE
        self.last_child = (NONE, NONE)
        self.just_ended = (NONE, NONE, NONE)  # second, number and outcome of a child that nobody waited for

    def fact(self, by: int, visit: int, now: int) -> int:
        """The number of a fact that a way out can follow."""
        if by == Attribute.KIND:
            return self.kind
        if by == Attribute.ORIGIN:
            return self.origin
        if by == Attribute.VISIT:
            return visit
        if by == Attribute.SEVERITY:
            return self.severity
        if by == Attribute.JURISDICTION:
            return self.handler
        if by in (Attribute.OFFENCE, Attribute.CREDIT):
            return int(self.facts["offence" if by == Attribute.OFFENCE else "credit"])
        if by == Attribute.OUTCOME:
            self._know_children(now)
            return self.outcome
        return int(self.moved)

    def ended_child(self, now: int, number: int, outcome: int, is_awaited: bool) -> None:
        """A child matter has closed; of two that close in one second the higher number counts as the last.

        Who waits for a child knows of it at once. Of others a case hears a second later, since nothing says what comes
        first within one.
        """
        if is_awaited:
            if (now, number) > self.last_child:
                self.last_child, self.outcome = (now, number), outcome
            return
        self._know_children(now)
        self.just_ended = max(self.just_ended, (now, number, outcome))

    def _know_children(self, now: int) -> None:
        ended, number, outcome = self.just_ended
        if NONE < ended < now:
            if (ended, number) > self.last_child:
                self.last_child, self.outcome = (ended, number), outcome
            self.just_ended = (NONE, NONE, NONE)


class Births:
    """Child matters that begin when the instant settles, and the rows of those that have begun."""

    def __init__(self, plan: Plan, first_number: int) -> None:
        self.kinds: list[int] = plan.children["kind"].tolist()
        self.enters: list[list[int]] = plan.child_enters.tolist()
        self.next_number = first_number
        self.expected: list[tuple[Case, int, int, Stay | None]] = []
        self.rows: list[tuple[Any, ...]] = []

    def expect(self, parent: Case, child: int, address: int, joins: Stay | None) -> None:
        """A child matter arises from a case; `address` is that of its own chance."""
        if joins is not None:
            joins.children += 1
        self.expected.append((parent, child, address, joins))

    def deliver(self, now: int) -> list[Case]:
        """The children of this instant with their numbers, by number of the parent."""
        born = []
        for parent, child, address, joins in sorted(self.expected, key=lambda birth: birth[0].number):
            kind = self.kinds[child]
            facts = {
                **parent.facts, "arrived": now, "filed": now, "since": now, "address": address,
                "handler": parent.handler, "kind": parent.kind if kind == NONE else kind, "parent": parent.number,
                "enters": self.enters[child][parent.field],
            }  # fmt: skip
            case = Case(self.next_number, facts)
            case.parent, case.joins, case.owners = parent, joins, dict(parent.owners)
            self.next_number += 1
            self.rows.append(tuple(facts[name] for name in CASE.names or ()))
            born.append(case)
        self.expected.clear()
        return born

    def after(self, cases: Records) -> Records:
        """The table of all cases, children behind those from the door."""
        if not self.rows:
            return cases
        return np.concatenate([cases, np.array(self.rows, dtype=CASE)])
