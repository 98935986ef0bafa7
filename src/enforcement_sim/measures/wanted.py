"""Which findings somebody asks for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.wanted import WantedFinding


def named(frame: pd.DataFrame, wanted: WantedFinding) -> npt.NDArray[np.bool_]:
    """Which rows of a table with the columns of findings are wanted, shape (rows,)."""
    chosen = frame["measure"] == wanted.measure
    for key in ("jurisdiction", "field", "item", "period"):
        name = getattr(wanted, key)
        if name is not None:
            chosen &= frame[key].astype(str) == str(name)
    return chosen.to_numpy(dtype=np.bool_)
