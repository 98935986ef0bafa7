"""What the page shows of a replication: a small part of its findings, ready to be summed up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..measures.frame import ALL

Floats = npt.NDArray[np.float64]
Years = dict[str, dict[int, float]]
"""By jurisdiction and year."""
CLOCK_MEASURES = ("overdue_share", "days_median", "days_p90")
"""What is shown of each legal clock, as the findings call it."""
Clocks = dict[str, dict[tuple[str, str], float]]
"""By jurisdiction, clock and measure."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one replication, all fields together, by jurisdiction.

    `weekly` are the open cases on `days` since the start, `yearly` their mean by year, `overdue` the share of the
    clocks started in a year that ran out, of those of which it is known. `clocks` are the measures of each legal clock,
    as a share or in days, of those started in the `last` year. A jurisdiction without cases is not there.
    """

    days: npt.NDArray[np.int64]
    weekly: dict[str, Floats]
    yearly: Years = field(default_factory=dict)
    overdue: Years = field(default_factory=dict)
    clocks: Clocks = field(default_factory=dict)
    last: int = 0

    def told(self) -> bytes:
        """The open cases as JSON; nothing else is known while a replication still runs."""
        weekly = {place: values.tolist() for place, values in self.weekly.items()}
        return json.dumps({"days": self.days.tolist(), "weekly": weekly, "yearly": self.yearly}).encode()

    @classmethod
    def of_told(cls, content: bytes) -> Seen:
        """What `told` tells; ValueError for anything else."""
        try:
            told: dict[str, Any] = json.loads(content)
            weekly = {place: np.array(values, dtype=np.float64) for place, values in told["weekly"].items()}
            yearly = {place: {int(year): one for year, one in by.items()} for place, by in told["yearly"].items()}
            return cls(np.array(told["days"], dtype=np.int64), weekly, yearly)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not what was told early: {error}") from None


def extract(findings: pd.DataFrame | pa.Table) -> Seen:
    """What the page shows of a table of findings, or of the part of it that is known."""
    table = findings if isinstance(findings, pa.Table) else pa.Table.from_pandas(findings, preserve_index=False)
    table = table.filter(pc.equal(table["field"], ALL))
    weekly = _of(table, "backlog", ALL)
    days = np.unique(weekly["period"].to_numpy())
    lines: dict[str, Floats] = {}
    for place, day, value in _rows(weekly):
        lines.setdefault(place, np.zeros(len(days)))[np.searchsorted(days, day)] = value
    yearly: Years = {}
    for place, year, value in _rows(_of(table, "backlog_mean", ALL)):
        yearly.setdefault(place, {})[year] = value
    started = _of(table, "clock_started")
    last = max(started["period"].to_pylist(), default=0)
    return Seen(days, lines, yearly, _overdue(started, _of(table, "overdue_share")), _clocks(table, last), last)


def _of(table: pa.Table, measure: str, item: str | None = None) -> pa.Table:
    rows = table.filter(pc.equal(table["measure"], measure))
    return rows if item is None else rows.filter(pc.equal(rows["item"], item))


def _rows(table: pa.Table) -> zip[tuple[str, int, float]]:
    return zip(*(table[name].to_pylist() for name in ("jurisdiction", "period", "value")), strict=True)


def _overdue(started: pa.Table, shares: pa.Table) -> Years:
    """The share of overdue clocks, all clocks together; one of which none has ended or run out is left out."""
    count = dict(zip(_keys(started), started["value"].to_pylist(), strict=True))
    sums: dict[str, dict[int, tuple[float, float]]] = {}
    for key, share in zip(_keys(shares), shares["value"].to_pylist(), strict=True):
        place, _, year = key
        cases = count.get(key, 0.0)
        if share is not None and share == share and cases > 0:
            over, all_ = sums.setdefault(place, {}).get(year, (0.0, 0.0))
            sums[place][year] = over + share * cases, all_ + cases
    return {place: {year: over / all_ for year, (over, all_) in by.items()} for place, by in sums.items()}


def _clocks(table: pa.Table, year: int) -> Clocks:
    """What is known of each clock in a year."""
    now = table.filter(pc.equal(table["period"], year))
    found: Clocks = {}
    for measure in CLOCK_MEASURES:
        of_measure = _of(now, measure)
        for (place, clock, _), value in zip(_keys(of_measure), of_measure["value"].to_pylist(), strict=True):
            if value is not None and value == value:
                found.setdefault(place, {})[clock, measure] = value
    return found


def _keys(table: pa.Table) -> list[tuple[str, str, int]]:
    return list(zip(*(table[name].to_pylist() for name in ("jurisdiction", "item", "period")), strict=True))
