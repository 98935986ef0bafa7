"""A sweep file with the result that is published of it."""

from __future__ import annotations

from pathlib import Path

from ..errors import ScenarioError
from ..files.read import read_tree
from ..files.tree import parse_file
from ..model.result import Result
from .result_checks import problems, result_of
from .sweep import Point, load_sweep
from .sweep_file import Sweep


def load_result(path: Path) -> tuple[Sweep, list[Point], Result]:
    """A sweep, its points and its result, all checked before anything runs. Raises ScenarioError."""
    sweep, points = load_sweep(path)
    tree = parse_file(path)
    result = result_of(tree)
    scenarios = [read_tree(path.parent / file).data for file in (sweep.of, *sweep.scenarios.values())]
    if found := list(problems(result, points, tree, scenarios)):
        raise ScenarioError(found)
    return sweep, points, result
