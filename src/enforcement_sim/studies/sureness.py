"""How far the main means of a scenario can be trusted: their intervals, and whether the start is still felt."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..measures.frame import ALL
from ..statistics.reasons import Reason
from ..statistics.warmup import mser

COLUMNS = ["measure", "mean", "half", "relative", "n", "needed", "warm_up", "weeks"]
EARLY = 0.1
"""Share of the weeks; what MSER-5 leaves out below it is left out of a steady level too, by chance."""
MEASURES = ("backlog_mean", "resolution_mean", "overdue_share")
WANTED = 0.05
"""The half width, relative to the mean, for which `needed` tells the number of replications."""


def sureness(findings: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """A row for each of MEASURES, of all jurisdictions in the last year, with COLUMNS.

    `total` is the summary of `findings`. `half` is the half width of the 95 % interval, `relative` that over the mean,
    `needed` about how many replications make it WANTED, if mean and spread stay as they are (NaN where they cannot
    tell). `warm_up` is what MSER-5 says of the weekly open cases that are counted: settled (little to leave out),
    early (the first `weeks` weeks belong to the start, or to a change of what comes), growing (no end of that is seen
    in the first half) or too_short.
    """
    state, weeks = _warm_up(findings)
    rows = [_row(total, measure) | {"warm_up": state, "weeks": weeks} for measure in MEASURES]
    return pd.DataFrame([row for row in rows if row["mean"] == row["mean"]], columns=COLUMNS)


def _row(total: pd.DataFrame, measure: str) -> dict[str, Any]:
    rows = total[(total["measure"] == measure) & (total["jurisdiction"] == ALL) & (total["field"] == ALL)]
    rows = rows[rows["period"] == rows["period"].max()].sort_values("mean", ascending=False, kind="stable")
    if rows.empty:
        return {"measure": f"measure_{measure}", "mean": math.nan}
    row = rows.iloc[0]
    mean, half, n = float(row["mean"]), float(row["high"] - row["mean"]), int(row["n"])
    relative = half / abs(mean) if mean else math.nan
    needed = math.ceil(n * (relative / WANTED) ** 2) if relative == relative and n > 1 else math.nan
    return {
        "measure": f"measure_{measure}",
        "mean": mean,
        "half": half,
        "relative": relative,
        "n": n,
        "needed": max(float(needed), 2.0),
    }


def _warm_up(findings: pd.DataFrame) -> tuple[str, float]:
    rows = findings[(findings["measure"] == "backlog") & (findings["jurisdiction"] == ALL)]
    rows = rows[(rows["field"] == ALL) & (rows["item"] == ALL)]
    if rows.empty:
        return "too_short", math.nan
    weekly = rows.pivot_table(index="replication", columns="period", values="value", fill_value=0.0)
    found = mser(weekly.to_numpy())
    if found.reason == Reason.AT_LIMIT:
        return "growing", math.nan
    if found.observations is None:
        return "too_short", math.nan
    is_early = found.observations > EARLY * weekly.shape[1]
    return ("early", float(found.observations)) if is_early else ("settled", math.nan)
