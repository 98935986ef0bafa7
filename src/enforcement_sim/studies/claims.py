"""The numbers that a published result states, from the findings of the points of its sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from ..errors import ResultsError
from ..measures.frame import ALL
from ..measures.levels import without_level
from ..measures.matrix import ZERO_WHEN_MISSING
from ..measures.wanted import named
from ..model.result import Claim, Result, Told
from ..model.wanted import WantedFinding
from ..statistics.means import mean_interval
from .picked import picked, several
from .points_named import matches
from .sweep import Point

Tables = Callable[[int], tuple[Sequence[pa.Table], Sequence[int]]]
"""The findings of the point with this number: a table for each replication, and the replications' numbers."""
COLUMNS = ["point", "value", "low", "high", "sd", "n"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its 95 % interval over replications, in the measure's unit, and as a text tells it."""

    value: float
    low: float
    high: float
    sd: float
    n: int
    told: str

    def as_data(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)


def claimed(result: Result, points: Sequence[Point], tables: Tables) -> dict[str, Number]:
    """The number of every claim, in order. Raises ResultsError where a point has no such finding, or several."""
    return {name: _claim(name, claim, points, tables) for name, claim in result.claims.items()}


def shown(result: Result, points: Sequence[Point], tables: Tables) -> pd.DataFrame:
    """The finding that figure and table show, a row for each point that has it, with COLUMNS."""
    rows = []
    for number, point in enumerate(points):
        values = _values(result.shows, *tables(number), where=point.name)
        if len(values):
            one = mean_interval(values)
            rows.append((point.name, one.mean, one.low, one.high, one.sd, one.n))
    return pd.DataFrame(rows, columns=COLUMNS)


def has_no_level(wanted: WantedFinding, overloaded: Sequence[str]) -> bool:
    """Whether a finding depends on how long the run is, where these jurisdictions and teams are overloaded."""
    named_ = {"measure": wanted.measure, "jurisdiction": wanted.jurisdiction or ALL, "item": wanted.item or ALL}
    return bool(without_level(pd.DataFrame([named_]), overloaded).all())


def told(value: float, like: Told) -> str:
    """A number as the text tells it: so many digits, a share as percent, a difference with its sign."""
    amount = 100.0 * value if like.told_as == "percent" else value
    text = f"{amount:{'+' if like.signed else ''},.{like.digits}f}"
    if float(text.replace(",", "")) == 0.0:
        text = text.lstrip("+-")  # nothing has no sign
    return (text + (" %" if like.told_as == "percent" else "")).replace("-", "−")


def _claim(name: str, claim: Claim, points: Sequence[Point], tables: Tables) -> Number:
    values = _at(name, claim, claim.at, points, tables)
    if claim.beside is not None:
        values = values.sub(_at(name, claim, claim.beside, points, tables))
    found = mean_interval(values.to_numpy(dtype=float))
    return Number(found.mean, found.low, found.high, found.sd, found.n, told(found.mean, claim))


def _at(name: str, claim: Claim, at: Mapping[str, Any], points: Sequence[Point], tables: Tables) -> pd.Series:
    (point,) = matches(points, at)
    values = _values(claim, *tables(list(points).index(point)), where=f"claim '{name}', {point.name}")
    if not len(values):
        raise ResultsError(
            f"claim '{name}': {point.name} has no {claim.told}",
            try_="the names of the table of findings: `enforcement-sim query` shows them",
        )
    return values


def _values(wanted: WantedFinding, tables: Sequence[pa.Table], replications: Sequence[int], where: str) -> pd.Series:
    """The values of one finding by replication; without a period of the last one. Raises ResultsError if several."""
    rows = picked(tables, replications, [wanted.measure])
    rows = rows[named(rows, wanted)]
    if wanted.period is None and len(rows):
        rows = rows[rows["period"] == rows["period"].max()]
    if found := several(rows):
        key, names = found
        raise ResultsError(f"{where}: {wanted.told} is several findings", try_=f"name the {key}, e.g. {names}")
    values: pd.Series = rows.set_index("replication")["value"].sort_index()
    if wanted.measure in ZERO_WHEN_MISSING and len(values):
        values = values.reindex(list(replications), fill_value=0.0)
    return values
