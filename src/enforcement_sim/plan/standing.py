"""Cases that are open on the first day as rows: how many of each stream stand where, since when, with which clocks."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import derive
from ..model.graph import clocks_in
from ..model.origins import Backlog
from ..model.scenario import Scenario
from ..model.staffing import apportioned
from ..model.standing import Standing
from ..records import NONE
from .lengths import LengthTable
from .tables import FROM_ENTERING, FROM_FILING, Names, StandingRow


def standing_rows(
    scenario: Scenario, names: Names, stage_number: Mapping[tuple[str, str], int], lengths: LengthTable
) -> dict[derive.Stream, tuple[StandingRow, ...]]:
    """The open cases of each stream, rows of the file in order; a row's count is split into whole cases."""
    found: dict[derive.Stream, list[StandingRow]] = {}
    for name, origin in scenario.origins.items():
        if not isinstance(origin, Backlog):
            continue
        own = [stream for stream in derive.streams(scenario) if stream.origin == name]
        for row in origin.cases:
            takers = [stream for stream in own if _takes(scenario, origin, stream, row)]
            shares = [stream.share if row.field is None else stream.home_share for stream in takers]
            age = lengths.add(row.age)
            in_stage = NONE if row.in_stage is None else lengths.add(row.in_stage)
            starts = {} if row.clocks is None else _told(row, lengths)
            first = 0
            for stream, count in zip(takers, apportioned(row.count.value, shares), strict=True):
                procedure = derive.procedure_name(scenario, stream.field)
                clocks = starts
                if row.clocks is None:
                    running = clocks_in(scenario.procedures[procedure], row.stage)
                    clocks = {clock: FROM_ENTERING if here else FROM_FILING for clock, here in running.items()}
                found.setdefault(stream, []).append(
                    StandingRow(
                        stage=stage_number[procedure, row.stage],
                        count=count,
                        first=first,
                        kind=NONE if row.kind is None else names.kinds.index(row.kind),
                        age=age,
                        in_stage=in_stage,
                        clocks=tuple((names.clocks.index(clock), start) for clock, start in clocks.items()),
                    )
                )
                first += count
    return {stream: tuple(rows) for stream, rows in found.items()}


def _takes(scenario: Scenario, origin: Backlog, stream: derive.Stream, row: Standing) -> bool:
    here = row in derive.standing_of(scenario, origin, stream.jurisdiction)
    return here and row.field in (None, stream.field)


def _told(row: Standing, lengths: LengthTable) -> dict[str, int]:
    """When each clock has started, as told: a row of lengths, or from filing on."""
    assert row.clocks is not None
    return {clock: FROM_FILING if isinstance(age, str) else lengths.add(age) for clock, age in row.clocks.items()}
