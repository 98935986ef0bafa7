"""Everything compiled, without a run: each door is opened once on a world in which nothing can happen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...decisions.dice import MANY, Dice
from . import layout as L
from .arrange import Columns
from .layout import World
from .loop import run


def warm() -> None:
    """Compile, or fetch from disk, what the engine consists of."""
    arrays: dict[str, Any] = dict.fromkeys(World._fields, np.zeros(1, dtype=np.int64))
    arrays |= {"P": np.zeros(L.HEADER, np.int64), "S": np.zeros(L.STATE, np.int64)}
    arrays |= {"X": np.zeros(1), "YC": np.zeros(1), "K": np.zeros(1, np.uint64)}
    world = World(**arrays)
    run(world)
    dice = Dice(1, 0)
    dice.units(1, np.zeros(MANY, dtype=np.int64), 1)
    dice.points(1, 0, 1, 1, 0.0)
    Columns(0).take(world.T, 0, 0, 0)
