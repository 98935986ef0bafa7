"""Means over replications with their intervals, and differences on the same random cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frame import COLUMNS

KEYS = COLUMNS[:-1]
SUMMARY_COLUMNS = [*KEYS, "mean", "low", "high", "sd", "n"]
ZERO_WHEN_MISSING = (
    "count", "backlog", "backlog_mean", "open_at_start", "filed", "closed", "open_at_end", "clock_started",
)  # fmt: skip
"""Measures that count: a replication without the row has none of it. Others have no value there."""


def with_zeros(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings of several replications where counts that one lacks and another has stand as zeros."""
    counts = findings["measure"].isin(ZERO_WHEN_MISSING)
    part = findings[counts]
    if part.empty:
        return findings
    wide = part.pivot_table(index=KEYS, columns="replication", values="value", observed=True)
    for replication in findings["replication"].unique():
        if replication not in wide.columns:
            wide[replication] = np.nan
    long = wide.fillna(0.0).reset_index().melt(id_vars=KEYS, var_name="replication", value_name="value")
    return pd.concat([long, findings[~counts]], ignore_index=True)


def summary(findings: pd.DataFrame) -> pd.DataFrame:
    """Mean over replications of every finding with its 95 % interval (Student's t) and standard deviation.

    `findings` has the columns of one replication's findings and `replication`. With a single replication the
    interval is unknown (NaN).
    """
    from scipy.special import stdtrit  # scipy.stats would take longer to open than a small run

    filled = with_zeros(findings).dropna(subset=["value"])
    grouped = filled.groupby(KEYS, sort=False, observed=True)["value"]
    result: pd.DataFrame = grouped.agg(["mean", "std", "count"]).reset_index()
    result = result.rename(columns={"std": "sd", "count": "n"})
    free = np.maximum(result["n"].to_numpy() - 1, 1)
    half = stdtrit(free, 0.975) * result["sd"].to_numpy() / np.sqrt(result["n"].to_numpy())
    result["low"], result["high"] = result["mean"] - half, result["mean"] + half
    return pd.DataFrame(result[SUMMARY_COLUMNS])


def difference(changed: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Changed minus base, replication by replication, summed up like `summary`.

    Both must come from the same seed: then replication k met the same cases with the same luck in both, and
    the difference is that of the scenarios and not of chance.
    """
    left = with_zeros(changed).set_index([*KEYS, "replication"])["value"]
    right = with_zeros(base).set_index([*KEYS, "replication"])["value"]
    replications = left.index.unique("replication").intersection(right.index.unique("replication"))
    both = pd.concat([left.rename("changed"), right.rename("base")], axis=1)
    both = both[both.index.get_level_values("replication").isin(replications)]
    is_count = both.index.get_level_values("measure").isin(ZERO_WHEN_MISSING)
    both = both.where(both.notna() | ~is_count[:, None], 0.0)
    return summary((both["changed"] - both["base"]).rename("value").reset_index())
