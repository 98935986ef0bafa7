"""Published counts beside simulated ones."""

from __future__ import annotations

import pandas as pd

from ..model.derive import below
from ..model.scenario import Published, Scenario
from .frame import ALL
from .intervals import summary

TOLERANCE = 0.05
"""Largest share by which a simulated mean may differ from a published count."""


COLUMNS = [
    "label", "jurisdiction", "field", "year", "published", "simulated", "low", "high", "error", "within", "by_chance",
    "source",
]  # fmt: skip
SMALL = 100
"""Counts below this are moved by more than 5 % by chance alone in most years."""


def published_table(scenario: Scenario, findings: pd.DataFrame) -> pd.DataFrame:
    """One row a published count.

    Columns: label, jurisdiction, field, year, published, simulated, low, high, error, within, source.
    A jurisdiction's count takes in everything below it. `error` is (simulated - published) / published;
    `within` says whether it is at most 5 %; `by_chance` whether a count this small could be one of the
    simulated years (then 5 % says little: chance alone moves a count of 20 by a fifth).
    """
    rows = []
    counts = findings[findings["measure"] == "count"]
    for row in scenario.published:
        places = _places(scenario, row)
        part = counts[
            counts["jurisdiction"].isin(places)
            & (counts["field"] == (row.field or ALL))
            & counts["item"].isin(row.labels)
            & (counts["period"] == row.year)
        ]
        sums = part.groupby("replication")["value"].sum().reindex(findings["replication"].unique(), fill_value=0.0)
        mean, low, high = _interval(sums)
        error = (mean - row.value) / row.value if row.value else mean
        rows.append(
            {
                "label": " + ".join(row.labels),
                "jurisdiction": row.jurisdiction or ALL,
                "field": row.field or ALL,
                "year": row.year,
                "published": row.value,
                "simulated": mean,
                "low": low,
                "high": high,
                "error": error,
                "within": abs(error) <= TOLERANCE,
                "by_chance": _is_by_chance(row.value, sums),
                "source": row.source,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _places(scenario: Scenario, row: Published) -> list[str]:
    if row.jurisdiction is None:
        return [ALL]
    return [row.jurisdiction] if row.alone else below(scenario, row.jurisdiction)


def _is_by_chance(published: int, simulated: pd.Series) -> bool:
    """Whether a small count lies in the central 95 % of Poisson counts with the simulated mean."""
    from scipy.special import pdtr

    if published >= SMALL:
        return False
    mean = max(float(simulated.mean()), 1e-9)
    fewer = pdtr(published - 1, mean) if published else 0.0
    return bool(fewer < 0.975 and pdtr(published, mean) >= 0.025)


def _interval(values: pd.Series) -> tuple[float, float, float]:
    frame = values.rename("value").reset_index().rename(columns={"index": "replication"})
    for key in ("measure", "jurisdiction", "field", "item"):
        frame[key] = ALL
    frame["period"] = 0
    row = summary(frame.assign(measure="sum")).iloc[0]
    return float(row["mean"]), float(row["low"]), float(row["high"])
