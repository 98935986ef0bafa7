"""From levers, uncertain parameters and a design to points: pure, and the same for the same seed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from .sensitivity_samples import group_sample, groups_of
from .sweep_file import (
    Axis,
    Crossed,
    Grid,
    LatinHypercube,
    Listed,
    Morris,
    Range,
    Sampled,
    Sobol,
    SobolIndices,
    Sweep,
    Together,
)
from .uncertain import AnySpread, Floats, amounts_of, write_all


@dataclass(frozen=True)
class Level:
    """One level of an axis: what it changes, and what it is called."""

    changes: dict[str, Any]
    label: Any


@dataclass(frozen=True)
class Spot:
    """A point of a design before any scenario: values by path, labels by axis, the future that it is run on."""

    changes: dict[str, Any]
    labels: dict[str, Any] = field(default_factory=dict)
    future: int | None = None


def count(sweep: Sweep) -> int:
    """How many points a sweep has, scenarios not counted; nothing is drawn for it."""
    design = sweep.chosen
    if isinstance(design, Listed):
        return len(design.points)
    if isinstance(design, (Sobol, LatinHypercube)):
        return design.points
    groups = groups_of(sweep)
    if groups is not None:
        return groups.points
    combinations = math.prod(_length(axis) for axis in sweep.axes.values())
    return combinations * (design.points if isinstance(design, Crossed) else 1)


def spots(sweep: Sweep, seed: int) -> list[Spot]:
    """The points of a sweep in their order; `seed` draws them unless the design has its own."""
    design = sweep.chosen
    match design:
        case Grid():
            return list(_combinations(sweep.axes))
        case Listed():
            return [Spot(dict(moves)) for moves in design.points]
        case Crossed():
            return list(_crossed(sweep, design, _seed(design, seed)))
        case _:
            return _drawn(sweep, whole_sample(sweep, seed))


def unit_sample(kind: Literal["sobol", "latin_hypercube"], points: int, dimensions: int, seed: int) -> Floats:
    """`points` rows in the unit cube, one column for each dimension."""
    if dimensions == 0:
        return np.empty((points, 0))
    from scipy.stats import qmc

    chance = np.random.default_rng(seed)
    if kind == "latin_hypercube":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=chance).random(points), dtype=np.float64)
    # Drawn to the next power of two and cut, so that SciPy has nothing to warn of; `notes` says it in our words.
    whole = qmc.Sobol(dimensions, scramble=True, rng=chance).random_base2(math.ceil(math.log2(points)))
    return np.asarray(whole[:points], dtype=np.float64)


def whole_sample(sweep: Sweep, seed: int) -> Floats:
    """What a design that draws levers and unknowns alike lays on them, one row for each point.

    Columns are the axes, then what is uncertain, as in the file; `seed` draws it unless the design has its own. Raises
    TypeError for a design that does not draw levers.
    """
    design = sweep.chosen
    if isinstance(design, (Morris, SobolIndices)):
        groups = groups_of(sweep)
        assert groups is not None
        return group_sample(groups, _seed(design, seed))
    if not isinstance(design, (Sobol, LatinHypercube)):
        raise TypeError(f"a {design.kind} does not draw levers")
    return unit_sample(_kind(design), design.points, len(sweep.axes) + len(sweep.uncertain), _seed(design, seed))


def levels(name: str, axis: Axis) -> list[Level]:
    """The levels of an axis, each with what it changes; a range needs its steps."""
    if isinstance(axis, Range):
        return [Level({name: value}, value) for value in _steps(axis)]
    if isinstance(axis, Together):
        named = axis.together.items() if isinstance(axis.together, dict) else enumerate(axis.together)
        return [Level(dict(moves), label) for label, moves in named]
    return [Level({name: value}, value) for value in axis]


def notes(sweep: Sweep) -> list[str]:
    """What a planner should know about the design before it runs, in plain sentences."""
    design, said = sweep.chosen, []
    if isinstance(design, Sampled):
        kind = _kind(design)
        what = "futures" if isinstance(design, Crossed) else "points"
        if kind == "sobol":
            said.append(f"sobol: with more {what} the earlier ones stay as they are")
            said += _uneven(kind, design.points, what)
        else:
            said.append(f"latin_hypercube: with another number of {what} all of them move")
    groups = groups_of(sweep)
    if groups is not None:
        what = "trajectories" if groups.kind == "morris" else "base points"
        said.append(
            f"{groups.kind}: {groups.count} {what} of {len(groups.names)} parameters are {groups.points} points; "
            f"with more {what} the earlier ones stay as they are"
        )
        if groups.kind == "sobol_indices":
            said += _uneven(groups.kind, groups.count, what)
    budget, replications = sweep.budget, sweep.replications
    if budget is not None:
        runs = count(sweep) * (1 + len(sweep.scenarios))
        if budget.runs is not None and isinstance(replications, int) and runs * replications > budget.runs:
            said.append(
                f"budget: {runs} points and scenarios with {replications} replications are {runs * replications} "
                f"runs, more than the {budget.runs} of the budget"
            )
    return said


def _uneven(kind: str, points: int, what: str) -> list[str]:
    """That a Sobol sequence is broken off where it is not even."""
    if not points & (points - 1):
        return []
    below = 2 ** (points.bit_length() - 1)
    return [
        f"{kind}: {points} is no power of two, so the {what} are not spread as evenly as they could be: better "
        f"{below} or {2 * below}"
    ]


def _kind(design: Sampled) -> Literal["sobol", "latin_hypercube"]:
    if isinstance(design, Crossed):
        return design.sample
    return "sobol" if isinstance(design, Sobol) else "latin_hypercube"


def _seed(design: Sampled | Morris | SobolIndices, seed: int) -> int:
    return seed if design.seed is None else design.seed


def _length(axis: Axis) -> int:
    if isinstance(axis, Range):
        return axis.steps or 1
    return len(axis.together) if isinstance(axis, Together) else len(axis)


def _steps(axis: Range) -> list[Any]:
    (low, high), unit = amounts_of((axis.from_, axis.to))
    assert axis.steps is not None
    between = np.geomspace if axis.scale == "log" else np.linspace
    amounts = between(low, high, axis.steps).tolist()
    amounts[0], amounts[-1] = low, high
    whole = axis.whole
    if isinstance(axis.from_, int) and isinstance(axis.to, int):
        whole = whole or all(abs(amount - round(amount)) < 1e-9 for amount in amounts)  # as `[8, 12, 16]` would be
    return write_all(amounts, unit, whole)


def _combinations(axes: dict[str, Axis]) -> Iterator[Spot]:
    each = [[(name, level) for level in levels(name, axis)] for name, axis in axes.items()]
    for chosen in itertools.product(*each):
        yield _spot(chosen)


def _spot(chosen: tuple[tuple[str, Level], ...]) -> Spot:
    changes = {path: value for _, level in chosen for path, value in level.changes.items()}
    return Spot(changes, {name: level.label for name, level in chosen})


def _crossed(sweep: Sweep, design: Crossed, seed: int) -> Iterator[Spot]:
    """All combinations of levers on one future before the next: points keep their numbers when futures are added."""
    sample = unit_sample(design.sample, design.points, len(sweep.uncertain), seed)
    levers = list(_combinations(sweep.axes))
    for number, future in enumerate(_futures(sweep.uncertain, sample)):
        for lever in levers:
            yield Spot({**lever.changes, **future}, lever.labels, number)


def _drawn(sweep: Sweep, sample: Floats) -> list[Spot]:
    """Levers are drawn as well, each level as likely as the others."""
    futures = _futures(sweep.uncertain, sample[:, len(sweep.axes) :])
    columns = [
        [(name, level) for level in _levels_at(name, axis, sample[:, i])]
        for i, (name, axis) in enumerate(sweep.axes.items())
    ]
    levers = [_spot(tuple(column[number] for column in columns)) for number in range(len(sample))]
    return [Spot({**lever.changes, **future}, lever.labels) for lever, future in zip(levers, futures, strict=True)]


def _futures(uncertain: dict[str, AnySpread], sample: Floats) -> list[dict[str, Any]]:
    columns = [spread.values(sample[:, i]) for i, spread in enumerate(uncertain.values())]
    return [{path: column[k] for path, column in zip(uncertain, columns, strict=True)} for k in range(len(sample))]


def _levels_at(name: str, axis: Axis, at: Floats) -> list[Level]:
    if isinstance(axis, Range) and axis.steps is None:
        (low, high), unit = amounts_of((axis.from_, axis.to))
        amounts = np.exp(np.log(low) + np.log(high / low) * at) if axis.scale == "log" else low + (high - low) * at
        values = write_all(amounts.tolist(), unit, axis.whole)
        return [Level({name: value}, value) for value in values]
    all_ = levels(name, axis)
    return [all_[i] for i in (at * len(all_)).astype(int).tolist()]
