"""Findings of several replications side by side: a row for each finding, a column for each replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from .frame import COLUMNS

KEYS = COLUMNS[:-1]
ZERO_WHEN_MISSING = (
    "count", "backlog", "backlog_mean", "open_at_start", "filed", "closed", "open_at_end", "clock_started",
)  # fmt: skip
"""Measures that count: a replication without the row has none of it. Others have no value there."""


@dataclass(frozen=True)
class Matrix:
    """Findings by replication.

    `keys` has the columns measure, jurisdiction, field, item and period, a row for each finding that any replication
    has, counts first; `values` has the shape (findings, replications), NaN where a replication has no value.
    """

    keys: pd.DataFrame
    values: npt.NDArray[np.float64]
    replications: tuple[int, ...]

    @classmethod
    def of_frame(cls, findings: pd.DataFrame) -> Matrix:
        """From one long table with the columns of findings and `replication`."""
        codes, names = [], []
        for key in KEYS:
            code, name = pd.factorize(findings[key])
            codes.append(code)
            names.append(name)
        column, replications = pd.factorize(findings["replication"], sort=True)
        values = findings["value"].to_numpy(dtype=np.float64)
        return cls._of_codes(codes, names, column, [int(number) for number in replications], values)

    @classmethod
    def of_tables(cls, tables: Sequence[pa.Table], replications: Sequence[int]) -> Matrix:
        """From one table for each replication, with the columns of findings."""
        whole = pa.concat_tables(tables)
        codes, names = [], []
        for key in KEYS:
            column = whole[key].combine_chunks().dictionary_encode()
            codes.append(np.asarray(column.indices))
            names.append(column.dictionary.to_pandas())
        column_of = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
        return cls._of_codes(codes, names, column_of, list(replications), np.asarray(whole["value"]))

    @classmethod
    def _of_codes(
        cls,
        codes: Sequence[npt.NDArray[np.integer]],
        names: Sequence[pd.Index | pd.Series],
        column: npt.NDArray[np.integer],
        replications: list[int],
        values: npt.NDArray[np.float64],
    ) -> Matrix:
        """From what each row's keys are, as numbers of `names`, and the column that its value goes to."""
        if (missing := np.isnan(values)).any():
            codes, column, values = [code[~missing] for code in codes], column[~missing], values[~missing]
        packed = np.zeros(len(values), dtype=np.int64)
        for code, name in zip(codes, names, strict=True):
            packed *= max(len(name), 1)
            packed += code
        row, unique = pd.factorize(packed)
        matrix = np.full((len(unique), len(replications)), np.nan)
        matrix[row, column] = values
        first = np.empty(len(unique), dtype=np.int64)
        first[row[::-1]] = np.arange(len(row))[::-1]
        columns = {key: name.take(code[first]) for key, name, code in zip(KEYS, names, codes, strict=True)}
        keys = pd.DataFrame({key: pd.Series(column).reset_index(drop=True) for key, column in columns.items()})
        return cls(keys, matrix, tuple(replications))._counts_first()

    def _counts_first(self) -> Matrix:
        """Counts before all others, in the order of their names; a count that a replication lacks is zero there."""
        is_count = self.keys["measure"].isin(ZERO_WHEN_MISSING).to_numpy()
        counts = self.keys[is_count].sort_values(KEYS, kind="stable").index.to_numpy()
        order = np.concatenate([counts, np.flatnonzero(~is_count)])
        values = self.values[order]
        values[: len(counts)] = np.nan_to_num(values[: len(counts)], nan=0.0)
        return Matrix(self.keys.iloc[order].reset_index(drop=True), values, self.replications)

    def minus(self, base: Matrix) -> Matrix:
        """The difference on the replications that both have; a count that one lacks is zero there."""
        shared = [number for number in self.replications if number in set(base.replications)]
        left, right = self._only(shared), base._only(shared)
        both = pd.concat([left.keys, right.keys], ignore_index=True)
        row, _ = pd.factorize(pd.MultiIndex.from_frame(both))
        keys = both[~both.duplicated()].reset_index(drop=True)
        sides = []
        for part, at in ((left, row[: len(left.keys)]), (right, row[len(left.keys) :])):
            side = np.full((len(keys), len(shared)), np.nan)
            side[at] = part.values
            sides.append(side)
        is_count = keys["measure"].isin(ZERO_WHEN_MISSING).to_numpy()
        for side in sides:
            side[is_count] = np.nan_to_num(side[is_count], nan=0.0)
        return Matrix(keys, sides[0] - sides[1], tuple(shared))._counts_first()

    def _only(self, replications: Sequence[int]) -> Matrix:
        at = [self.replications.index(number) for number in replications]
        return Matrix(self.keys, self.values[:, at], tuple(replications))
