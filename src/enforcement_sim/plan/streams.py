"""Streams of cases as rows: who they belong to, and how they arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..calendars import WorkTable
from ..decisions.dice import question
from ..model import derive
from ..model.origins import Backlog, Counted, Inspections, Listed, Origin, Poisson, Regular, Renewal
from ..model.scenario import Scenario
from ..model.staffing import apportioned, second_of
from ..records import DAY, NONE
from .lengths import LengthTable
from .register_rows import register_of
from .standing import standing_rows
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
    open_cases = standing_rows(scenario, names, stage_number, lengths)
    rows = []
    for stream in derive.streams(scenario):
        origin = scenario.origins[stream.origin]
        procedure = derive.procedure_name(scenario, stream.field)
        kinds, cumulated, total = [], [], 0.0
        for kind, figure in origin.kinds.items():
            total += figure.value
            kinds.append(names.kinds.index(kind))
            cumulated.append(total)
        severe = [figure.value for figure in origin.severity.values()]
        reform, moved_from, moved_full, moved_share = _moved(scenario, stream)
        own = counts.get(stream.origin, {}).get(stream, ())
        rows.append(
            StreamRow(
                name=stream.name,
                address=question(f"stream:{stream.name}"),
                origin=names.origins.index(stream.origin),
                jurisdiction=names.jurisdictions.index(stream.jurisdiction),
                field=names.fields.index(stream.field),
                home=names.jurisdictions.index(stream.home),
                enters=NONE if isinstance(origin, Backlog) else stage_number[procedure, origin.enters],
                kinds=tuple(kinds),
                kind_cumulated=tuple(cumulated),
                priorities=_priorities(origin, names),
                severities=tuple(origin.severity),
                severity_cumulated=tuple(sum(severe[: n + 1]) for n in range(len(severe))),
                arrivals=_arrivals(scenario, origin, stream, names, lengths, work_tables, own),
                reform=reform,
                moved_from=moved_from,
                moved_full=moved_full,
                moved_share=moved_share,
                standing=open_cases.get(stream, ()),
                register=register_of(scenario, origin) if isinstance(origin, Inspections) else NONE,
                belongs=_belongs(origin, stream),
            )
        )
    return tuple(rows)


def _belongs(origin: Origin, stream: derive.Stream) -> tuple[float, float]:
    """Between which lucks an entity's cases belong to the home of a stream."""
    homes = derive.homes_of(origin, stream.jurisdiction)
    names = list(homes)
    at = names.index(stream.home)
    below = sum(homes[name] for name in names[:at])
    return below, 1.0 if at == len(names) - 1 else below + homes[stream.home]


def _priorities(origin: Origin, names: Names) -> tuple[int, ...]:
    if isinstance(origin.priority, int):
        return tuple(origin.priority for _ in names.kinds)
    return tuple(origin.priority.get(kind, 0) for kind in names.kinds)


def _moved(scenario: Scenario, stream: derive.Stream) -> tuple[int, int, int, float]:
    """The reform that moves cases of a stream, from when, from when in full, and their share."""
    found = derive.shift_of(scenario, stream)
    if found is None:
        return NONE, NONE, NONE, 0.0
    name, reform = found
    since = second_of(scenario, reform.on)
    full = since if reform.full_on is None else second_of(scenario, reform.full_on)
    return list(derive.shifts(scenario)).index(name), since, full, reform.share_for(stream.home, stream.field)


def _arrivals(
    scenario: Scenario,
    origin: Origin,
    stream: derive.Stream,
    names: Names,
    lengths: LengthTable,
    work_tables: tuple[WorkTable, ...],
    counts: tuple[tuple[int, int, int, int], ...],
) -> Arrivals:
    named = None if isinstance(origin, Backlog) else origin.calendar
    calendar = 0 if named is None else names.calendars.index(named)
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
        case Counted() | Backlog() | Inspections():
            pass
    wave = getattr(origin, "wave", None)
    swing = None if wave is None else (wave.swing.per_second * stream.share, wave.period.seconds)
    weights = day_weights(scenario, getattr(origin, "months", []), getattr(origin, "weekdays", []))
    return Arrivals(origin.process, calendar, mean, first, length, most, batch, at, steps, counts, swing, weights)


def day_weights(scenario: Scenario, months: list[float], weekdays: list[float]) -> tuple[float, ...] | None:
    """How busy each day of the period is, by month and weekday, against a mean of 1; None if all are alike."""
    if not months and not weekdays:
        return None
    by_month = [weight * len(months) / sum(months) for weight in months] or [1.0] * 12
    by_weekday = [weight * len(weekdays) / sum(weekdays) for weight in weekdays] or [1.0] * 7
    start, days = scenario.period.start, -(-scenario.period.seconds // DAY)
    dates = [start + dt.timedelta(days=n) for n in range(days)]
    return tuple(by_month[date.month - 1] * by_weekday[date.weekday()] for date in dates)


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
        if last <= first:
            continue  # a year outside the period, as when a run is cut short
        for kind, count in row.by_kind().items():
            number = NONE if kind is None else names.kinds.index(kind)
            for stream, part in zip(takers, apportioned(count, shares), strict=True):
                if part:
                    found[stream].append((first, last, number, part))
    return {stream: tuple(rows) for stream, rows in found.items()}
