"""From names to numbers: a checked scenario as a plan."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from ..model import derive
from ..model.scenario import Scenario
from ..records import DAY, HOUR, NONE
from . import calendars
from .clock_rows import ClockRows
from .numbers import Numbers, unique
from .reform_rows import reform_tables
from .register_rows import register_rows
from .stage_rows import StageRows
from .streams import stream_rows
from .tables import LENGTH, Names, Plan, records
from .team_rows import TeamRows

Int32s = npt.NDArray[np.int32]
NO_PHASE = "cases"


def build(scenario: Scenario, seed: int | None = None) -> Plan:
    """The plan of a scenario; `seed` replaces the scenario's own."""
    numbers = Numbers(scenario)
    tables = [calendars.tables(scenario, None)]
    tables += [calendars.tables(scenario, calendar) for calendar in scenario.calendars.values()]
    work_tables, day_tables = tuple(work for work, _ in tables), tuple(days for _, days in tables)
    teams = TeamRows(numbers, work_tables)
    stages, clocks = StageRows(numbers, day_tables), ClockRows(numbers)
    phases, phase_of, labels, label_of = _phases_and_labels(numbers)
    names = _names(numbers, teams, clocks, phases, labels)
    streams = stream_rows(scenario, names, numbers.stage, numbers.lengths, work_tables)
    return Plan(
        names=names,
        horizon=scenario.period.seconds,
        warm_up=round(scenario.period.warm_up.seconds) if scenario.period.warm_up else 0,
        seed=scenario.seed if seed is None else seed,
        **stages.tables(),
        **clocks.tables(),
        **teams.tables(),
        clock_rule=tuple(clocks.rules),
        lengths=records(numbers.lengths.rows, LENGTH),
        tail=np.array(numbers.lengths.tail, dtype=np.float64),
        team_of=_team_of(numbers, names),
        travel=_travel(scenario, names),
        phase_of=phase_of,
        label_of=label_of,
        procedure_of=np.array(
            [numbers.procedures.index(derive.procedure_name(scenario, field)) for field in names.fields], dtype=np.int32
        ),
        streams=streams,
        work_tables=teams.work_tables,
        day_tables=day_tables,
        years=_years(scenario),
        registers=register_rows(scenario, names, work_tables),
        **reform_tables(numbers),
    )


def _names(
    numbers: Numbers, teams: TeamRows, clocks: ClockRows, phases: tuple[str, ...], labels: tuple[str, ...]
) -> Names:
    scenario = numbers.scenario
    return Names(
        teams=numbers.teams,
        roles=numbers.roles,
        stages=(*(stage for _, stage in numbers.stage), *numbers.outcomes),
        procedures=numbers.procedures,
        jurisdictions=tuple(derive.jurisdiction_names(scenario)),
        fields=tuple(derive.field_names(scenario)),
        origins=tuple(scenario.origins),
        kinds=numbers.kinds,
        streams=tuple(stream.name for stream in derive.streams(scenario)),
        calendars=numbers.calendars,
        people=tuple(teams.person_names),
        reforms=tuple(derive.shifts(scenario)),
        clocks=clocks.names,
        clock_rows=tuple(clocks.row_names),
        phases=phases,
        labels=labels,
        credits=numbers.credits,
    )


def _phases_and_labels(numbers: Numbers) -> tuple[tuple[str, ...], Int32s, tuple[str, ...], Int32s]:
    bodies = [numbers.scenario.procedures[p].stages[s] for p, s in numbers.stage]
    phases = unique([body.phase or NO_PHASE for body in bodies])
    labels = unique([body.counts_as for body in bodies if body.counts_as])
    ends = len(numbers.outcomes)
    phase_of = [phases.index(body.phase or NO_PHASE) for body in bodies] + [NONE] * ends
    label_of = [labels.index(body.counts_as) if body.counts_as else NONE for body in bodies] + [NONE] * ends
    return phases, np.array(phase_of, dtype=np.int32), labels, np.array(label_of, dtype=np.int32)


def _team_of(numbers: Numbers, names: Names) -> Int32s:
    table = np.full((len(names.roles), len(names.fields), len(names.jurisdictions)), NONE, dtype=np.int32)
    for r, role in enumerate(names.roles):
        for f, field in enumerate(names.fields):
            for j, place in enumerate(names.jurisdictions):
                teams = derive.teams_for(numbers.scenario, role, field, place)
                if len(teams) == 1:
                    table[r, f, j] = names.teams.index(teams[0])
    return table


def _travel(scenario: Scenario, names: Names) -> npt.NDArray[np.float64]:
    places = [scenario.jurisdictions.get(name) for name in names.jurisdictions]
    hours = [place.travel.value if place is not None and place.travel is not None else 0.0 for place in places]
    return np.array(hours, dtype=np.float64) * HOUR


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
