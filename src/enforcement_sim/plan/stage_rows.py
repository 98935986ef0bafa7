"""Stages as rows: what each asks of the engine, its ways out, its child matters and its dated changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..calendars import DayTable
from ..decisions.dice import question
from ..model.derive import child_procedure, field_names, shifts
from ..model.figures import Figure
from ..model.registers import OFFENCES
from ..model.stages import Decision, Fork, Gate, Stage, Wait, Work
from ..model.ways import DATED, MOVED, NUMBERED, ByFact
from ..records import NONE, Attribute, Op
from .legal_waits import Dated, dated
from .lengths import days_of
from .meetings import held_share, meetings_of
from .numbers import Numbers
from .tables import ALSO, CHANGE, CHILD, GATE, MEETING, STAGE, WAY, Records, records

_NAMELESS = (
    "role", "officers_length", "length", "patience", "give_up", "limit", "full", "gate", "procedure",
)  # fmt: skip


class StageRows:
    """Collects the tables of all stages of a plan."""

    def __init__(self, numbers: Numbers, day_tables: Sequence[DayTable]) -> None:
        self.numbers = numbers
        self.scenario = numbers.scenario
        self.learning = [reform.learning for reform in shifts(numbers.scenario).values()]
        self.day_tables = day_tables
        self.ways: list[tuple[float, int, int, int]] = []
        self.also: list[tuple[int, int]] = []
        self.children: list[tuple[float, int, int]] = []
        self.child_enters: list[list[int]] = []
        self.changes: list[tuple[int, int, int]] = []
        self.later: list[np.void] = []
        self.gates: list[tuple[int, int, float, int]] = []
        self.meetings: list[tuple[int, int]] = []
        self.stages = self._all()

    def tables(self) -> dict[str, Any]:
        """The tables by their names in the plan."""
        later = np.array(self.later, dtype=STAGE) if self.later else np.zeros(0, dtype=STAGE)
        return {
            "stages": self.stages, "later": later, "ways": records(self.ways, WAY), "also": records(self.also, ALSO),
            "children": records(self.children, CHILD),
            "child_enters": np.array(self.child_enters, dtype=np.int32).reshape(-1, len(field_names(self.scenario))),
            "changes": records(self.changes, CHANGE),
            "gates": records(self.gates, GATE), "meetings": records(self.meetings, MEETING),
        }  # fmt: skip

    def _all(self) -> Records:
        numbers = self.numbers
        rows = np.zeros(len(numbers.stage) + len(numbers.outcomes), dtype=STAGE)
        for column in _NAMELESS:
            rows[column] = NONE
        changes: dict[int, list[Dated]] = {}
        for (procedure, name), number in numbers.stage.items():
            stage = self.scenario.procedures[procedure].stages[name]
            first, changes[number] = dated(self.scenario, stage, numbers.second)
            self._stage(rows[number], procedure, name, first)
        for (procedure, name), number in numbers.stage.items():
            self._changes(rows[number], procedure, name, changes[number])
        rows["op"][len(numbers.stage) :] = Op.EXIT
        return rows

    def _changes(self, row: np.void, procedure: str, name: str, changes: Sequence[Dated]) -> None:
        row["changes_at"] = len(self.changes)
        for since, by_filing, after in changes:
            changed = row.copy()
            changed["gate"] = row["gate"]
            self._stage(changed, procedure, name, after, gate=int(row["gate"]))
            self.changes.append((since, int(by_filing), len(self.later)))
            self.later.append(changed)
        row["changes_count"] = len(self.changes) - row["changes_at"]

    def _stage(self, row: np.void, procedure: str, name: str, stage: Stage, gate: int = NONE) -> None:
        row["procedure"] = self.numbers.procedures.index(procedure)
        row["question"] = question(f"stage:{name}")
        match stage:
            case Work():
                self._work(row, procedure, stage)
            case Wait():
                row["op"] = Op.WAIT
                row["length"] = self.numbers.lengths.add(stage.duration)
                row["days"] = days_of(stage.duration)
                row["calendar"] = self.numbers.calendar(stage.calendar)
                row["rolls"] = bool(stage.rolls)
            case Gate():
                row["op"] = Op.GATE
                row["gate"] = self._gate(procedure, name, stage) if gate == NONE else gate
            case Decision():
                row["op"] = Op.DECIDE
            case Fork():
                self._fork(row, procedure, name, stage)
        row["ways_at"] = len(self.ways)
        row["by"] = self._ways(procedure, stage)
        row["ways_count"] = len(self.ways) - row["ways_at"]

    def _work(self, row: np.void, procedure: str, stage: Work) -> None:
        numbers = self.numbers
        row["op"] = Op.WORK
        row["role"] = numbers.roles.index(stage.team)
        row["officers"], row["officers_length"] = 0, NONE
        if isinstance(stage.officers, Figure):
            row["officers"] = stage.officers.value
        else:
            shares = [share.value for share in stage.officers.values()]
            row["officers_length"] = numbers.lengths.add_numbers([float(n) for n in stage.officers], shares)
        row["also_at"], row["also_count"] = len(self.also), len(stage.also)
        self.also += [(numbers.roles.index(role), officers) for role, officers in stage.also.items()]
        row["length"] = numbers.lengths.add(stage.duration)
        row["on_site"] = stage.on_site
        row["priority"] = stage.priority
        row["skills"] = numbers.mask(stage.skills)
        if stage.patience is not None and stage.on_give_up is not None:
            row["patience"] = numbers.lengths.add(stage.patience)
            row["give_up"] = numbers.place(procedure, stage.on_give_up)
        if stage.line_limit is not None:
            row["limit"] = stage.line_limit
            row["full"] = NONE if stage.on_full is None else numbers.place(procedure, stage.on_full)
            row["blocks"] = stage.blocks

    def _gate(self, procedure: str, name: str, gate: Gate) -> int:
        found = meetings_of(self.scenario, gate, self.day_tables[self.numbers.calendar(gate.calendar)])
        self.gates.append((len(self.meetings), len(found), held_share(gate), question(f"gate:{procedure}/{name}")))
        self.meetings += found
        return len(self.gates) - 1

    def _fork(self, row: np.void, procedure: str, name: str, fork: Fork) -> None:
        row["op"] = Op.FORK
        row["joins"] = fork.join == "all"
        row["children_at"], row["children_count"] = len(self.children), len(fork.children)
        for child_name, child in fork.children.items():
            follows = [child_procedure(self.scenario, procedure, child, field) for field in field_names(self.scenario)]
            self.child_enters.append([self.numbers.place(procedure, child.enters) for procedure in follows])
            share = 1.0 if child.share is None else child.share.value
            kind = NONE if child.kind is None else self.numbers.kinds.index(child.kind)
            self.children.append((share, kind, question(f"child:{name}/{child_name}")))

    def _ways(self, procedure: str, stage: Stage) -> Attribute:
        then = stage.then
        if not isinstance(then, ByFact):
            total = 0.0
            for to, share in then.numbers().items():
                if share > 0:
                    total += share
                    self.ways.append((total, 0, self.numbers.place(procedure, to), self._falls(to)))
            return Attribute.SHARE
        for value, to in zip(self._values(then), then.ways.values(), strict=True):
            self.ways.append((0.0, value, self.numbers.place(procedure, to), 0))
        last = then.otherwise or next(reversed(then.ways.values()))
        self.ways.append((0.0, 0, self.numbers.place(procedure, last), 0))
        return Attribute[then.by.upper()]

    def _falls(self, to: str) -> int:
        """The reforms, as bits, whose moved cases go to a stage or outcome more often at first."""
        bits = 0
        for number, learning in enumerate(self.learning):
            if learning is not None and learning.reversals is not None and to in learning.reversals.ways:
                bits |= 1 << number
        return bits

    def _values(self, then: ByFact) -> list[int]:
        """What each way out's value is as a number; a name that this plan does not know fits no case."""
        if then.by in DATED:
            return [self.numbers.second(date) for date in then.dates()]
        if then.by in NUMBERED:
            return [int(value) for value in then.ways]
        if then.by == "moved":
            return [int(value == MOVED) for value in then.ways]
        if then.by == "offence":
            return [OFFENCES.index(value) for value in then.ways]
        names: dict[str, tuple[str, ...]] = {
            "kind": self.numbers.kinds,
            "origin": tuple(self.scenario.origins),
            "jurisdiction": tuple(self.scenario.jurisdictions),
            "outcome": self.numbers.outcomes,
            "credit": self.numbers.credits,
        }
        known = names[then.by]
        first = len(self.numbers.stage) if then.by == "outcome" else 0
        return [first + known.index(value) if value in known else NONE for value in then.ways]
