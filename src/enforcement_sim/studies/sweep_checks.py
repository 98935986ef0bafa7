"""What a sweep must fulfil beyond the form of its keys, and where in its file the fault of a point is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..errors import Problem, ScenarioError
from ..files.explain import nearest
from ..files.opened import Opened
from ..files.tree import Path_, Tree, problem
from . import designs, question_checks, sensitivity_samples
from .sweep_file import AnyDesign, Crossed, Grid, Listed, Morris, Range, SobolIndices, Sweep, Together
from .uncertain import LognormalSpread

MOST_POINTS = 1_000_000
"""Points of all scenarios together; nobody could run more, and a slip of the pen makes them soon."""
_OF_A_PATH = ("unknown key", "no such place", "a list of")
"""How faults begin that the path has, and not its value."""
_SAMPLES = "design: {kind: crossed, points: 64} or {kind: sobol, points: 64}"


def problems(sweep: Sweep, tree: Tree) -> list[Problem]:
    """Every fault that the sweep file alone shows."""
    found = list(_design(sweep, tree)) + list(_overlaps(sweep, tree)) + list(_twice(sweep, tree))
    return found or [
        *_too_many(sweep, tree), *question_checks.comparisons(sweep, tree), *_library(sweep, tree),
    ]  # fmt: skip


def evidence_problems(sweep: Sweep, base: Tree, tree: Tree) -> list[Problem]:
    """Spreads without evidence where the scenario asks for it, and evidence or targets that name what is not there."""
    found = []
    for path, spread in sweep.uncertain.items():
        at: Path_ = ("sweep", "uncertain", path)
        if spread.source is None and spread.assumed is None and base.data.get("purpose", "place") == "place":
            what = "this spread has neither a source nor a reason why it is assumed"
            found.append(problem(tree, at, what, try_="add `source: KEY` or `assumed: why`", of_key=True))
        for key, listed in (("source", "sources"), ("assumed", "assumptions")):
            given = getattr(spread, key)
            there = base.data.get(listed) or {}
            # A citation or a reason is a sentence; a single word must be the key of a listed one.
            if given is not None and " " not in given.strip() and given not in there:
                what, hint = (
                    f"no entry of the scenario's {listed}",
                    nearest(given, there) or f"list it under `{listed}`",
                )
                found.append(problem(tree, (*at, key), what, got=f"'{given}'", try_=hint))
    found += question_checks.names(sweep, base, tree)
    return found


def placed(
    error: ScenarioError, sweep: Sweep, number: int, spot: designs.Spot, tree: Tree, opened: Opened
) -> list[Problem]:
    """The faults of a scenario with its changes, said of the lines of the sweep file that made them."""
    said = []
    for fault in error.problems:
        path = _touched(fault.where, spot.changes)
        if path is None:
            changed = ", ".join(f"{key}: {value}" for key, value in spot.changes.items())
            said.append(replace(fault, what=f"{fault.what} (with {changed})" if opened.is_sound else fault.what))
            continue
        near = fault.try_
        if fault.what == "unknown key" and near and not near.startswith("one of "):
            near = ".".join([*path.split(".")[:-1], near])
        beyond = "" if fault.where in (path, "") else f" at {fault.where}"
        what = f"{fault.what}{beyond} (in {opened.path})"
        at = _written(sweep, number, spot, path)
        of_path = fault.where == path and fault.what.startswith(_OF_A_PATH)
        if of_path and isinstance(at[-1], int):
            at = at[:-1]
        said.append(problem(tree, at, what, got=fault.got or str(spot.changes[path]), try_=near, of_key=of_path))
    return said


def _touched(where: str, changes: dict[str, Any]) -> str | None:
    """The path whose change a fault is about: at it, in what it has set, or in what holds it."""
    inside = [path for path in changes if where == path or where.startswith(f"{path}.")]
    around = [path for path in changes if where and path.startswith(f"{where}.")]
    return next(iter([*inside, *around]), None)


def _written(sweep: Sweep, number: int, spot: designs.Spot, path: str) -> Path_:
    """Where the value of a path is written."""
    if isinstance(sweep.chosen, Listed):
        return ("sweep", "design", "points", number, path)
    if path in sweep.uncertain:
        return ("sweep", "uncertain", path)
    for name, axis in sweep.axes.items():
        if isinstance(axis, Together) and path in next(
            level.changes for level in designs.levels(name, axis) if level.label == spot.labels[name]
        ):
            return ("sweep", "axes", name, "together", spot.labels[name], path)
        if name == path and isinstance(axis, list):
            return ("sweep", "axes", name, axis.index(spot.labels[name]))
    return ("sweep", "axes", path)


def _design(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    design = sweep.chosen
    at: Path_ = ("sweep", "design")
    nothing = not sweep.axes and not sweep.uncertain
    if isinstance(design, (Grid, Listed)) and sweep.uncertain:
        what = f"a {design.kind} does not sample what is uncertain"
        key: Path_ = at if sweep.design is not None else ("sweep", "uncertain")
        yield problem(tree, key, what, got=design.kind, try_=_SAMPLES, of_key=sweep.design is None)
    elif isinstance(design, Listed) and sweep.axes:
        what = "a list says its points itself and has no axes"
        yield problem(tree, ("sweep", "axes"), what, try_="move their values into the points", of_key=True)
    elif isinstance(design, Grid) and nothing and not sweep.scenarios:
        yield problem(tree, ("sweep",), "nothing changes in this sweep", try_="add `axes:` or `scenarios:`")
    elif isinstance(design, Crossed) and not sweep.uncertain:
        yield problem(tree, at, "nothing is uncertain here", got="crossed", try_="add `uncertain:`, or `design: grid`")
    elif not isinstance(design, (Grid, Listed)) and nothing:
        yield problem(tree, at, "nothing to draw", got=design.kind, try_="add `uncertain:` or `axes:`")
    if isinstance(design, (Grid, Crossed)):
        yield from _steps(sweep, tree, design)
    if isinstance(design, Morris):
        yield from _ends(sweep, tree)
    for name, axis in sweep.axes.items():
        if isinstance(axis, Range) and axis.whole and 0 < (axis.steps or 0) <= MOST_POINTS:
            levels = [level.label for level in designs.levels(name, axis)]
            if len(set(levels)) < len(levels):
                what = "several steps fall on the same whole number"
                yield problem(tree, ("sweep", "axes", name), what, got=str(levels), try_="fewer steps", of_key=True)


def _steps(sweep: Sweep, tree: Tree, design: AnyDesign) -> Iterator[Problem]:
    for name, axis in sweep.axes.items():
        if isinstance(axis, Range) and axis.steps is None:
            what = f"a {design.kind} needs to know how many levels this axis has"
            yield problem(tree, ("sweep", "axes", name), what, try_="add `steps: 5`", of_key=True)


def _ends(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    """What a walk from end to end cannot go along."""
    for name, axis in sweep.axes.items():
        if not isinstance(axis, Range) or axis.steps is not None:
            what = "morris goes along a range in the levels of the design; this axis has levels of its own"
            hint = "`from` and `to` without `steps`; or design: sobol_indices"
            yield problem(tree, ("sweep", "axes", name), what, try_=hint, of_key=True)
    for path, spread in sweep.uncertain.items():
        if isinstance(spread, LognormalSpread):
            what = "morris puts points at both ends of every spread, and a lognormal has no upper end"
            hint = "a triangular, or a normal with `low` and `high`; or design: sobol_indices"
            at: Path_ = ("sweep", "uncertain", path, "family")
            yield problem(tree, at, what, got=spread.family, try_=hint)


def _library(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    """Said last: of a file with other faults nobody needs to install anything."""
    design = sweep.chosen
    if isinstance(design, (Morris, SobolIndices)) and not sensitivity_samples.is_there():
        what = f"{design.kind} needs the library SALib, which is not installed"
        hint = f"{sensitivity_samples.INSTALL} (or this package with its extra `sensitivity`)"
        yield problem(tree, ("sweep", "design"), what, try_=hint, of_key=True)


def _overlaps(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    """Values that two parts of the file would set, each over the other."""
    seen: list[tuple[str, Path_, str]] = []
    for name, axis in sweep.axes.items():
        at: Path_ = ("sweep", "axes", name)
        if isinstance(axis, Together):
            for level in designs.levels(name, axis):
                yield from _inside(level.changes, (*at, "together", level.label), tree)
            paths = list(dict.fromkeys(path for level in designs.levels(name, axis) for path in level.changes))
        else:
            paths = [name]
        new = [(path, at, f"the axis {name}") for path in paths]
        yield from _clashes(seen, new, tree)
        seen += new
    for path in sweep.uncertain:
        one: list[tuple[str, Path_, str]] = [(path, ("sweep", "uncertain", path), f"the uncertain {path}")]
        yield from _clashes(seen, one, tree)
        seen += one
    if isinstance(sweep.chosen, Listed):
        for i, moves in enumerate(sweep.chosen.points):
            yield from _inside(moves, ("sweep", "design", "points", i), tree)


def _clashes(seen: list[tuple[str, Path_, str]], new: list[tuple[str, Path_, str]], tree: Tree) -> Iterator[Problem]:
    for path, at, _ in new:
        for other, _, who in seen:
            if _same_or_inside(path, other):
                how = "the same value as" if path == other else "a value inside or around that of"
                yield problem(tree, at, f"sets {how} {who}", got=path, try_="keep one of the two", of_key=True)
                break


def _inside(moves: dict[str, Any], at: Path_, tree: Tree) -> Iterator[Problem]:
    paths = list(moves)
    for i, path in enumerate(paths):
        for other in paths[:i]:
            if _same_or_inside(path, other):
                what = f"sets a value inside or around that of {other}"
                yield problem(tree, (*at, path), what, got=path, try_="keep one of the two", of_key=True)


def _same_or_inside(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _twice(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    """Points of a list, or levels of a lever that moves several values, that are the same."""
    lists: list[tuple[Path_, list[tuple[Any, dict[str, Any]]]]] = []
    if isinstance(sweep.chosen, Listed):
        lists.append((("sweep", "design", "points"), list(enumerate(sweep.chosen.points))))
    for name, axis in sweep.axes.items():
        if isinstance(axis, Together):
            levels = [(level.label, level.changes) for level in designs.levels(name, axis)]
            lists.append((("sweep", "axes", name, "together"), levels))
    for at, members in lists:
        first: dict[str, Any] = {}
        for label, moves in members:
            key = json.dumps({path: _plain(value) for path, value in moves.items()}, sort_keys=True)
            if key in first:
                place = tree.place((*at, first[key]))
                line = "" if place is None else f" (first in line {place.line})"
                got = ", ".join(f"{path}: {value}" for path, value in moves.items())
                yield problem(
                    tree, (*at, label), f"this point stands twice{line}", got=got, try_="remove one of the two"
                )
            first.setdefault(key, label)


def _plain(value: Any) -> Any:
    """The value, with whole numbers that are written in two ways made one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _too_many(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    points = designs.count(sweep) * (1 + len(sweep.scenarios))
    if points > MOST_POINTS:
        what = f"this makes {points:,} points, more than the {MOST_POINTS:,} that a sweep may have"
        key = "axes" if sweep.design is None else "design"
        yield problem(tree, ("sweep", key), what, try_="fewer levels, axes, points or scenarios", of_key=True)
