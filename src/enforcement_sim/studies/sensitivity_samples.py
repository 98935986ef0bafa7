"""Points from which sensitivities can be computed, drawn by SALib, and how they hang together."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .sweep_file import Morris, SobolIndices, Sweep
from .uncertain import Floats

INSTALL = 'python -m pip install "SALib>=1.6"'
"""What gives a machine the designs of this module; the package's extra `sensitivity` asks for the same."""


@dataclass(frozen=True, slots=True)
class Groups:
    """How the points of a design hang together: in groups of equal size, one after another.

    A group is a trajectory of `morris`, or what belongs to one base point of `sobol_indices`. `names` are the
    parameters in the order of the sample's columns.
    """

    kind: Literal["morris", "sobol_indices"]
    names: tuple[str, ...]
    count: int
    levels: int = 4
    second_order: bool = False

    @property
    def size(self) -> int:
        """Points in a group."""
        if self.kind == "morris":
            return len(self.names) + 1
        return (2 if self.second_order else 1) * len(self.names) + 2

    @property
    def points(self) -> int:
        """Points of all groups."""
        return self.count * self.size

    def problem(self) -> dict[str, Any]:
        """The parameters in SALib's form, all between 0 and 1."""
        return {"num_vars": len(self.names), "names": list(self.names), "bounds": [[0.0, 1.0]] * len(self.names)}


def groups_of(sweep: Sweep) -> Groups | None:
    """How the points of a sweep hang together; None for a design of another kind."""
    names = (*sweep.axes, *sweep.uncertain)
    match sweep.chosen:
        case Morris(trajectories=count, levels=levels):
            return Groups("morris", names, count, levels=levels)
        case SobolIndices(base_points=count, second_order=second_order):
            return Groups("sobol_indices", names, count, second_order=second_order)
        case _:
            return None


def is_there() -> bool:
    """Whether SALib is installed; it is not opened for that."""
    return importlib.util.find_spec("SALib") is not None


def group_sample(groups: Groups, seed: int) -> Floats:
    """The points in the unit cube, shape (points, parameters), the same for the same seed.

    With more groups the earlier ones stay as they are. Trajectories after Morris, Technometrics 33 (1991) 161-174, go
    through even levels with both ends, 0 and 1, and every step crosses half of them; base points are those of a
    scrambled Sobol sequence, with their columns exchanged after Saltelli, Computer Physics Communications 145 (2002)
    280-297.
    """
    if groups.kind == "morris":
        from SALib.sample import morris

        steps = groups.levels - 1
        walked = morris.sample(groups.problem(), groups.count, num_levels=groups.levels, seed=seed)
        return np.asarray(np.rint(walked * steps) / steps, dtype=np.float64)  # arithmetic may leave the levels a little
    from SALib.sample import sobol

    # Drawn to the next power of two and cut, as other numbers make SciPy warn; `designs.notes` says it in our words.
    whole = 2 ** math.ceil(math.log2(groups.count))
    drawn = sobol.sample(groups.problem(), whole, calc_second_order=groups.second_order, seed=seed)
    return np.asarray(drawn[: groups.points], dtype=np.float64)
