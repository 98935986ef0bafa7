"""Streams of cases as rows: who they belong to, and how they arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..calendars import WorkTable
from ..decisions.dice import question
from ..model import derive
from ..model.origins import Counted, Listed, Origin, Poisson, Regular, Renewal
from ..model.scenario import Scenario
from ..model.staffing import apportioned, second_of
from ..records import DAY, NONE
from .lengths import LengthTable
from .tables import Arrivals, Names, StreamRow


def stream_rows(
    scenario: Scenario,
    names: Names,
    stage_number: Mapping[tuple[str, str], int],
    lengths: LengthTable,
    work_tables: tuple[WorkTable, ...],
) -> tuple[StreamRow, ...]:
    """One row for every stream, in the order of the file."""
    counts = {
        name: _counts(scenario, origin, names)
        for name, origin in scenario.origins.items()
        if isinstance(origin, Counted)
    }
    rows = []
    for stream in derive.streams(scenario):
        origin = scenario.origins[stream.origin]
        procedure = derive.procedure_name(scenario, stream.field)
        kinds, cumulated, total = [], [], 0.0
        for kind, figure in origin.kinds.items():
            total += figure.value
            kinds.append(names.kinds.index(kind))
            cumulated.append(total)
        moved_from, moved_share = _moved(scenario, stream)
        own = counts.get(stream.origin, {}).get(stream, ())
        rows.append(
            StreamRow(
                name=stream.name,
                address=question(f"stream:{stream.name}"),
                origin=names.origins.index(stream.origin),
                jurisdiction=names.jurisdictions.index(stream.jurisdiction),
                field=names.fields.index(stream.field),
                home=names.jurisdictions.index(stream.home),
                enters=stage_number[procedure, origin.enters],
                kinds=tuple(kinds),
                kind_cumulated=tuple(cumulated),
                priorities=_priorities(origin, names),
                arrivals=_arrivals(scenario, origin, stream, names, lengths, work_tables, own),
                moved_from=moved_from,
                moved_share=moved_share,
            )
        )
    return tuple(rows)


def _priorities(origin: Origin, names: Names) -> tuple[int, ...]:
    if isinstance(origin.priority, int):
        return tuple(origin.priority for _ in names.kinds)
    return tuple(origin.priority.get(kind, 0) for kind in names.kinds)


def _moved(scenario: Scenario, stream: derive.Stream) -> tuple[int, float]:
    reform = scenario.reform
    if reform is None or len(derive.handlers(scenario, stream)) < 2:
        return NONE, 0.0
    return second_of(scenario, reform.on), reform.share[stream.field].value


def _arrivals(
    scenario: Scenario,
    origin: Origin,
    stream: derive.Stream,
    names: Names,
    lengths: LengthTable,
    work_tables: tuple[WorkTable, ...],
    counts: tuple[tuple[int, int, int, int], ...],
) -> Arrivals:
    calendar = 0 if origin.calendar is None else names.calendars.index(origin.calendar)
    mean, first, length, most, batch = 0.0, NONE, NONE, NONE, 1
    at: tuple[int, ...] = ()
    steps: tuple[tuple[int, float], ...] = ()
    match origin:
        case Poisson():
            batch = origin.batch
            if origin.rate is None:
                steps = tuple(
                    (round(step.lasts.seconds), step.rate.per_second * stream.share if step.rate else 0.0)
                    for step in origin.steps
                )
            else:
                # The rate is one of clock time; while the office is open, cases come that much faster.
                open_share = float(work_tables[calendar].worked(scenario.period.seconds)) / scenario.period.seconds
                mean = open_share / (origin.rate.per_second * stream.share)
        case Regular():
            mean = origin.every.seconds
            first = round(mean if origin.first is None else origin.first.seconds)
        case Renewal():
            length = lengths.add(origin.interval)
            first = NONE if origin.first is None else round(origin.first.seconds)
            most = NONE if origin.max is None else origin.max
        case Listed():
            at = tuple(round(time.seconds) for time in origin.at)
        case Counted():
            pass
    return Arrivals(origin.process, calendar, mean, first, length, most, batch, at, steps, counts)


def _counts(
    scenario: Scenario, origin: Counted, names: Names
) -> dict[derive.Stream, tuple[tuple[int, int, int, int], ...]]:
    """Yearly counts of each stream: a jurisdiction's count split over fields and homes into whole cases."""
    own = [s for s in derive.streams(scenario) if scenario.origins[s.origin] is origin]
    found: dict[derive.Stream, list[tuple[int, int, int, int]]] = {stream: [] for stream in own}
    start, seconds = scenario.period.start, scenario.period.seconds
    for row in origin.counts:
        place = row.jurisdiction or origin.jurisdiction or names.jurisdictions[0]
        takers = [s for s in own if s.jurisdiction == place and row.field in (None, s.field)]
        shares = [s.share if row.field is None else s.home_share for s in takers]
        first = max(0, (dt.date(row.year, 1, 1) - start).days * DAY)
        last = min(seconds, (dt.date(row.year + 1, 1, 1) - start).days * DAY)
        for kind, count in row.by_kind().items():
            number = NONE if kind is None else names.kinds.index(kind)
            for stream, part in zip(takers, apportioned(count, shares), strict=True):
                if part:
                    found[stream].append((first, last, number, part))
    return {stream: tuple(rows) for stream, rows in found.items()}
