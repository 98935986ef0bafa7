"""The share of a clock's cases that are overdue, over all cases of all replications."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics.shares import clustered
from .matrix import KEYS, Matrix


def overdue_table(findings: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """The rows `overdue_share` of a summary (`total` of `findings`), `mean` and interval as of shares of cases.

    The share is of all cases together and not the mean of the replications' shares, in which a year with two cases
    would count as much as one with two hundred. Each replication is a cluster of cases, so the interval is that of
    `statistics.shares.clustered`; it is unknown (NaN) with a single replication, and where no case of any replication
    was overdue (or every one): that cannot tell how rare it is. A replication counts with its clocks started, though
    those that still run are in no share yet.
    """
    mine = Matrix.of_frame(findings[findings["measure"].isin(["overdue_share", "clock_started"])])
    started = pd.Series(np.arange(len(mine.keys)), index=pd.MultiIndex.from_frame(mine.keys))
    rows = total[total["measure"] == "overdue_share"].reset_index(drop=True)
    shares = started.loc[pd.MultiIndex.from_frame(rows[KEYS])].to_numpy()
    totals = started.loc[pd.MultiIndex.from_frame(rows[KEYS].assign(measure="clock_started"))].to_numpy()
    found = [_of(mine.values[share], mine.values[cases]) for share, cases in zip(shares, totals, strict=True)]
    return rows.assign(**{key: [one[at] for one in found] for at, key in enumerate(("mean", "low", "high"))})


def _of(share: np.ndarray, cases: np.ndarray) -> tuple[float, float, float]:
    # A replication in which no clock has ended or run out yet says nothing of the share.
    cases = np.where(np.isnan(share), 0.0, cases)
    found = clustered(np.nan_to_num(share) * cases, cases)
    return found.share, found.low, found.high
