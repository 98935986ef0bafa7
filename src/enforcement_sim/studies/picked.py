"""Some measures of the findings that are kept, in one long table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..measures.matrix import KEYS


def several(rows: pd.DataFrame) -> tuple[str, str] | None:
    """The first key by which rows are several findings, and some of its names for a message; None if they are one."""
    for key in KEYS:
        if rows[key].nunique() > 1:
            return key, ", ".join(f"'{name}'" for name in rows[key].unique()[:3])
    return None


def picked(tables: Sequence[pa.Table], replications: Sequence[int], measures: Collection[str]) -> pd.DataFrame:
    """The rows of some measures from one table for each replication, with the column `replication`.

    What nobody asks for is never turned into a frame, which costs more than to read it.
    """
    if not tables:
        return pd.DataFrame(columns=[*KEYS, "value", "replication"])
    number = np.repeat(np.asarray(replications), [table.num_rows for table in tables])
    whole = pa.concat_tables(tables).append_column("replication", pa.array(number))
    wanted = pa.array(sorted(measures), whole["measure"].type)
    found: pd.DataFrame = whole.filter(pc.is_in(whole["measure"], value_set=wanted)).to_pandas()
    return found
