"""Means over replications with their intervals, and differences on the same random cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .matrix import KEYS, Matrix

SUMMARY_COLUMNS = [*KEYS, "mean", "low", "high", "sd", "n"]


def summary(findings: pd.DataFrame) -> pd.DataFrame:
    """Mean over replications of every finding with its 95 % interval (Student's t) and standard deviation.

    `findings` has the columns of one replication's findings and `replication`. With a single replication the
    interval is unknown (NaN).
    """
    return summed_up(Matrix.of_frame(findings))


def difference(changed: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Changed minus base, replication by replication, summed up like `summary`.

    Both must come from the same seed: then replication k met the same cases with the same luck in both, and
    the difference is that of the scenarios and not of chance.
    """
    return summed_up(Matrix.of_frame(changed).minus(Matrix.of_frame(base)))


def summed_up(matrix: Matrix) -> pd.DataFrame:
    """The summary of findings side by side; a finding without a value in any replication is left out."""
    from scipy.special import stdtrit  # scipy.stats would take longer to open than a small run

    given = ~np.isnan(matrix.values)
    n = np.count_nonzero(given, axis=1)
    told = n > 0
    values, given, n = matrix.values[told], given[told], n[told]
    mean = np.where(given, values, 0.0).sum(axis=1) / n
    squares = np.where(given, values - mean[:, None], 0.0) ** 2
    sd = np.full(len(n), np.nan)
    np.sqrt(squares.sum(axis=1) / np.maximum(n - 1, 1), out=sd, where=n > 1)
    half = stdtrit(np.maximum(n - 1, 1), 0.975) * sd / np.sqrt(n)
    told_keys = matrix.keys[told].reset_index(drop=True)
    result = told_keys.assign(mean=mean, low=mean - half, high=mean + half, sd=sd, n=n)
    return pd.DataFrame(result[SUMMARY_COLUMNS])
