"""The table of a sweep: one row for each point and finding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from ..measures.intervals import summed_up
from ..measures.levels import overloaded, without_level
from ..measures.matrix import Matrix
from ..measures.overload import READ, overload_table
from ..model.scenario import Scenario
from .picked import picked
from .sweep_kept import PointState


def point_table(tables: Sequence[pa.Table], replications: Sequence[int]) -> pd.DataFrame:
    """The summary of one point's findings, of the weekly backlog only the last week, as `backlog_at_end`."""
    if not tables:
        return pd.DataFrame()
    found = summed_up(Matrix.of_tables(tables, replications))
    weekly = found["measure"] == "backlog"
    last = found[weekly & (found["period"] == found["period"][weekly].max())]
    table: pd.DataFrame = pd.concat([found[~weekly], last.assign(measure="backlog_at_end")], ignore_index=True)
    return table


def overloaded_in(scenario: Scenario, tables: Sequence[pa.Table], replications: Sequence[int]) -> list[str]:
    """The jurisdictions and teams that are overloaded at one point."""
    return overloaded(overload_table(scenario, picked(tables, replications, READ))) if tables else []


def sweep_table(points: Sequence[PointState], tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The tables of all points below each other, the axes' values beside each.

    With several scenarios `scenario` names them; in a crossed design `future` is the number of the draw. `complete` is
    false where a point lacks replications that were asked for, or is less sure than was asked for; `overloaded` is true
    where a mean is no level but depends on how long the run is, as jurisdiction or team are overloaded.
    """
    parts = []
    columns: dict[str, None] = {}
    for point, table in zip(points, tables, strict=True):
        if table.empty:
            continue
        shown = {**point.labels, **point.changes}
        columns.update(dict.fromkeys(shown))
        beside: dict[str, Any] = {}
        if point.future is not None:
            beside["future"] = point.future
        if point.scenario_name:
            beside["scenario"] = point.scenario_name
        for axis, value in reversed(shown.items()):
            beside[axis] = json.dumps(value) if isinstance(value, (dict, list)) else value
        given = pd.DataFrame(beside, index=table.index)
        no_level = without_level(table, point.overloaded)
        both = pd.concat([given, table], axis=1)
        parts.append(both.assign(point=point.number, complete=point.is_met, overloaded=no_level))
    if not parts:
        return pd.DataFrame()
    whole_table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    for column in columns:
        if len(set(map(type, whole_table[column].dropna().unique()))) > 1 and whole_table[column].dtype == object:
            whole_table[column] = whole_table[column].astype(str)  # a column of words and numbers could not be kept
    return whole_table
