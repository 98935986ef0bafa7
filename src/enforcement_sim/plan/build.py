"""From names to numbers: a checked scenario as a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..decisions.dice import question
from ..model import derive
from ..model.scenario import Scenario
from ..model.staffing import rosters, second_of
from ..model.stages import CLOSED, ByFact, Clock, Decision, Gate, Mark, Stage, Wait, Work
from ..model.teams import Team
from ..records import DAY, NONE, AtClose, Attribute, Op, QueueRule, What
from . import calendars
from .lengths import LengthTable, days_of
from .meetings import meetings_of
from .streams import stream_rows
from .tables import ALSO, CLOCK, GATE, LENGTH, MEETING, ROSTER, STAGE, TEAM, WAY, Names, Plan, Records

Int32s = npt.NDArray[np.int32]
NO_KIND = "-"
NO_PHASE = "cases"


def build(scenario: Scenario, seed: int | None = None) -> Plan:
    """The plan of a scenario; `seed` replaces the scenario's own."""
    return _Builder(scenario).plan(scenario.seed if seed is None else seed)


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


class _Builder:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.lengths = LengthTable()
        self.ways: list[tuple[float, int, int]] = []
        self.also: list[tuple[int, int]] = []
        self.gates: list[tuple[int, int]] = []
        self.meetings: list[tuple[int, int]] = []
        self.suspended: list[int] = []
        self.calendars = ("always", *scenario.calendars)
        tables = [
            calendars.tables(scenario, None),
            *(calendars.tables(scenario, c) for c in scenario.calendars.values()),
        ]
        self.work_tables = tuple(work for work, _ in tables)
        self.day_tables = tuple(days for _, days in tables)
        self.procedures = _unique([derive.procedure_name(scenario, field) for field in derive.field_names(scenario)])
        self.stage_number: dict[tuple[str, str], int] = {}
        for procedure in self.procedures:
            for stage in scenario.procedures[procedure].stages:
                self.stage_number[procedure, stage] = len(self.stage_number)
        outcomes = [o for p in self.procedures for o in scenario.procedures[p].outcomes]
        self.outcomes = _unique([CLOSED, *outcomes])
        self.roles = _unique([derive.team_role(scenario, team) for team in scenario.teams])
        self.teams = tuple(scenario.teams)
        self.kinds = _unique([NO_KIND, *self._kinds()])

    def _kinds(self) -> list[str]:
        named: list[str] = []
        for origin in self.scenario.origins.values():
            named += origin.kinds
            named += [kind for row in getattr(origin, "counts", []) for kind in row.kinds]
        return named

    def plan(self, seed: int) -> Plan:
        scenario = self.scenario
        stages = self._stages()
        clocks = self._clocks()
        phases, phase_of, labels, label_of = self._phases_and_labels()
        teams, roster = self._teams()
        names = self._names(phases, labels)
        streams = stream_rows(scenario, names, self.stage_number, self.lengths, self.work_tables)
        learning = scenario.reform.learning if scenario.reform is not None else None
        return Plan(
            names=names,
            horizon=scenario.period.seconds,
            warm_up=round(scenario.period.warm_up.seconds) if scenario.period.warm_up else 0,
            seed=seed,
            stages=stages,
            lengths=_records(self.lengths.rows, LENGTH),
            tail=np.array(self.lengths.tail, dtype=np.float64),
            ways=_records(self.ways, WAY),
            also=_records(self.also, ALSO),
            teams=teams,
            roster=roster,
            gates=_records(self.gates, GATE),
            meetings=_records(self.meetings, MEETING),
            clocks=clocks,
            clock_name=tuple(clock for p in self.procedures for clock in scenario.procedures[p].clocks),
            suspended=np.array(self.suspended, dtype=np.int32),
            team_of=self._team_of(names),
            phase_of=phase_of,
            label_of=label_of,
            procedure_of=np.array(
                [self.procedures.index(derive.procedure_name(scenario, f)) for f in names.fields], dtype=np.int32
            ),
            streams=streams,
            work_tables=self.work_tables,
            day_tables=self.day_tables,
            years=_years(scenario),
            learning_from=NONE
            if learning is None or scenario.reform is None
            else second_of(scenario, scenario.reform.on),
            learning_extra=learning.extra_time.value if learning is not None else 0.0,
            learning_half_life=learning.half_life.seconds if learning is not None else 1.0,
        )

    def _names(self, phases: tuple[str, ...], labels: tuple[str, ...]) -> Names:
        scenario = self.scenario
        return Names(
            teams=self.teams,
            roles=self.roles,
            stages=(*(stage for _, stage in self.stage_number), *self.outcomes),
            procedures=self.procedures,
            jurisdictions=tuple(derive.jurisdiction_names(scenario)),
            fields=tuple(derive.field_names(scenario)),
            origins=tuple(scenario.origins),
            kinds=self.kinds,
            streams=tuple(stream.name for stream in derive.streams(scenario)),
            calendars=self.calendars,
            clocks=_unique([c for p in self.procedures for c in scenario.procedures[p].clocks]),
            phases=phases,
            labels=labels,
        )

    def _stages(self) -> Records:
        rows = np.zeros(len(self.stage_number) + len(self.outcomes), dtype=STAGE)
        for column in (
            "role",
            "officers_length",
            "length",
            "patience",
            "give_up",
            "limit",
            "full",
            "gate",
            "procedure",
        ):
            rows[column] = NONE
        for (procedure, name), number in self.stage_number.items():
            self._stage(rows[number], procedure, name, self.scenario.procedures[procedure].stages[name])
        rows["op"][len(self.stage_number) :] = Op.EXIT
        return rows

    def _stage(self, row: np.void, procedure: str, name: str, stage: Stage) -> None:
        row["procedure"] = self.procedures.index(procedure)
        row["question"] = question(f"stage:{name}")
        match stage:
            case Work():
                self._work(row, procedure, stage)
            case Wait():
                row["op"] = Op.WAIT
                row["length"] = self.lengths.add(stage.duration)
                row["days"] = days_of(stage.duration)
                row["calendar"] = self._calendar(stage.calendar)
            case Gate():
                row["op"] = Op.GATE
                row["gate"] = len(self.gates)
                found = meetings_of(self.scenario, stage, self.day_tables[self._calendar(stage.calendar)])
                self.gates.append((len(self.meetings), len(found)))
                self.meetings += found
            case Decision():
                row["op"] = Op.DECIDE
        row["ways_at"] = len(self.ways)
        row["by"] = self._ways(procedure, stage)
        row["ways_count"] = len(self.ways) - row["ways_at"]

    def _work(self, row: np.void, procedure: str, stage: Work) -> None:
        row["op"] = Op.WORK
        row["role"] = self.roles.index(stage.team)
        if isinstance(stage.officers, int):
            row["officers"] = stage.officers
        else:
            shares = [share.value for share in stage.officers.values()]
            row["officers_length"] = self.lengths.add_numbers([float(n) for n in stage.officers], shares)
        row["also_at"], row["also_count"] = len(self.also), len(stage.also)
        self.also += [(self.roles.index(role), officers) for role, officers in stage.also.items()]
        row["length"] = self.lengths.add(stage.duration)
        row["priority"] = stage.priority
        if stage.patience is not None and stage.on_give_up is not None:
            row["patience"] = self.lengths.add(stage.patience)
            row["give_up"] = self._number(procedure, stage.on_give_up)
        if stage.line_limit is not None and stage.on_full is not None:
            row["limit"] = stage.line_limit
            row["full"] = self._number(procedure, stage.on_full)

    def _ways(self, procedure: str, stage: Stage) -> Attribute:
        then = stage.then
        if not isinstance(then, ByFact):
            total = 0.0
            for to, share in then.numbers().items():
                if share > 0:
                    total += share
                    self.ways.append((total, 0, self._number(procedure, to)))
            return Attribute.SHARE
        by = {"kind": Attribute.KIND, "origin": Attribute.ORIGIN, "visit": Attribute.VISIT}[then.by]
        names = {Attribute.KIND: self.kinds, Attribute.ORIGIN: tuple(self.scenario.origins)}.get(by, ())
        for value, to in then.ways.items():
            known = names.index(value) if value in names else NONE
            self.ways.append((0.0, int(value) if by is Attribute.VISIT else known, self._number(procedure, to)))
        last = then.otherwise or next(reversed(then.ways.values()))
        self.ways.append((0.0, 0, self._number(procedure, last)))
        return by

    def _number(self, procedure: str, name: str) -> int:
        if (procedure, name) in self.stage_number:
            return self.stage_number[procedure, name]
        return len(self.stage_number) + self.outcomes.index(name)

    def _calendar(self, name: str | None) -> int:
        return 0 if name is None else self.calendars.index(name)

    def _clocks(self) -> Records:
        rows: list[tuple[int, ...]] = []
        for number, name in enumerate(self.procedures):
            rows += [self._clock(number, name, clock) for clock in self.scenario.procedures[name].clocks.values()]
        return _records(rows, CLOCK)

    def _clock(self, number: int, procedure: str, clock: Clock) -> tuple[int, ...]:
        at = len(self.suspended)
        self.suspended += [self._number(procedure, stage) for stage in clock.suspended_in]
        start, stop = self._mark(procedure, clock.starts), self._mark(procedure, clock.stops)
        working = clock.limit.unit == "working day"
        return (
            number, *start, *stop, int(clock.limit.amount), int(working), int(clock.rolls),
            self._calendar(clock.calendar), at, len(clock.suspended_in),
        )  # fmt: skip

    def _mark(self, procedure: str, mark: Mark) -> tuple[int, int]:
        whats = {"entered": What.ENTERED, "started": What.STARTED, "ended": What.ENDED}
        return self._number(procedure, mark.stage), int(whats[mark.when])

    def _phases_and_labels(self) -> tuple[tuple[str, ...], Int32s, tuple[str, ...], Int32s]:
        bodies = [self.scenario.procedures[p].stages[s] for p, s in self.stage_number]
        phases = _unique([body.phase or NO_PHASE for body in bodies])
        labels = _unique([body.counts_as for body in bodies if body.counts_as])
        ends = len(self.outcomes)
        phase_of = [phases.index(body.phase or NO_PHASE) for body in bodies] + [NONE] * ends
        label_of = [labels.index(body.counts_as) if body.counts_as else NONE for body in bodies] + [NONE] * ends
        return phases, np.array(phase_of, dtype=np.int32), labels, np.array(label_of, dtype=np.int32)

    def _teams(self) -> tuple[Records, Records]:
        rows: list[tuple[int, ...]] = []
        roster: list[tuple[int, int]] = []
        steps = rosters(self.scenario)
        for name, team in self.scenario.teams.items():
            rows.append((*self._team(team), len(roster), len(steps[name]), *self._team_place(name, team)))
            roster += steps[name]
        return _records(rows, TEAM), _records(roster, ROSTER)

    def _team(self, team: Team) -> tuple[int, ...]:
        return (
            self._calendar(team.calendar),
            AtClose[team.at_close.upper()],
            QueueRule[team.queue.upper()],
            int(team.line == "skip"),
            int(team.on_cut == "new_team"),
        )

    def _team_place(self, name: str, team: Team) -> tuple[int, int]:
        places = derive.jurisdiction_names(self.scenario)
        place = places.index(team.jurisdiction) if team.jurisdiction else 0
        return self.roles.index(derive.team_role(self.scenario, name)), place

    def _team_of(self, names: Names) -> Int32s:
        table = np.full((len(names.roles), len(names.fields), len(names.jurisdictions)), NONE, dtype=np.int32)
        for r, role in enumerate(names.roles):
            for f, field in enumerate(names.fields):
                for j, place in enumerate(names.jurisdictions):
                    teams = derive.teams_for(self.scenario, role, field, place)
                    if len(teams) == 1:
                        table[r, f, j] = names.teams.index(teams[0])
        return table


def _records(rows: Sequence[tuple[float, ...]], shape: np.dtype[np.void]) -> Records:
    return np.array([tuple(row) for row in rows], dtype=shape)


def _years(scenario: Scenario) -> tuple[tuple[int, int, int], ...]:
    start = scenario.period.start
    if scenario.period.end is None:
        return ((start.year, 0, scenario.period.seconds),)  # a length without dates is one span
    end = start + dt.timedelta(days=-(-scenario.period.seconds // DAY))
    found = []
    for year in range(start.year, end.year + 1):
        first, last = max(start, dt.date(year, 1, 1)), min(end, dt.date(year + 1, 1, 1))
        if first < last:
            found.append((year, (first - start).days * DAY, (last - start).days * DAY))
    return tuple(found)
