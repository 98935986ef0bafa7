"""Sweeps: one scenario or several at every point of a design."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import MOST_SHOWN, Problem, ScenarioError
from ..files import explain
from ..files.merge import inner_tree
from ..files.opened import Opened
from ..files.tree import Path_, Tree, parse_file, problem
from ..model.scenario import Scenario
from . import designs, sweep_checks
from .sweep_file import Sweep

DIGITS = 3
"""Digits of a point's number, unless there are more points."""


@dataclass(frozen=True)
class Point:
    """One point of a sweep, for one scenario."""

    number: int
    changes: dict[str, Any]
    scenario: Scenario
    scenario_name: str = ""
    """Which of the sweep's scenarios; empty where it has only one."""
    labels: dict[str, Any] = field(default_factory=dict)
    """By axis, its level: a value, or the name or number of several that move together."""
    future: int | None = None
    """In a crossed design, which draw of what is uncertain; the same for every combination of levers."""
    digits: int = DIGITS

    @property
    def name(self) -> str:
        """Its folder's name."""
        number = f"point-{self.number:0{self.digits}d}"
        return f"{number}-{self.scenario_name}" if self.scenario_name else number


def load_sweep(path: Path) -> tuple[Sweep, list[Point]]:
    """A sweep file and its points, every one checked before any runs.

    Points come in the order of the design, at each the base before the scenarios beside it.
    Raises ScenarioError with the faults found, each with its place in the sweep file where that made it.
    """
    tree = parse_file(path)
    sweep = _sweep(tree)
    found = sweep_checks.problems(sweep, tree)
    if found:
        raise ScenarioError(found)
    scenarios = _opened(sweep, path, tree)
    base = next(iter(scenarios.values())).tree
    found = sweep_checks.evidence_problems(sweep, base, tree)
    if found:
        raise ScenarioError(found)
    seed = base.data.get("seed", Scenario.model_fields["seed"].default)
    spots = designs.spots(sweep, seed if isinstance(seed, int) and seed >= 0 else 0)
    digits = max(DIGITS, len(str(len(spots) - 1)))
    points: list[Point] = []
    faults: dict[tuple[Any, ...], Problem] = {}
    for number, spot in enumerate(spots):
        for name, opened in scenarios.items():
            try:
                scenario = opened.scenario(spot.changes)
            except ScenarioError as error:
                for fault in sweep_checks.placed(error, sweep, number, spot, tree, opened):
                    faults.setdefault((fault.file, fault.line, fault.column, fault.where), fault)
                continue
            points.append(Point(number, spot.changes, scenario, name, spot.labels, spot.future, digits))
        if len(faults) >= MOST_SHOWN:
            break  # more than anyone mends at once
    if faults:
        raise ScenarioError(list(faults.values()))
    return sweep, points


def _sweep(tree: Tree) -> Sweep:
    if "sweep" not in tree.data or set(tree.data) - {"sweep", "result"}:
        key = next((key for key in tree.data if key not in ("sweep", "result")), "")
        what = "a sweep file holds `sweep`, and `result` where it is published"
        raise ScenarioError(
            problem(tree, (key,) if key else (), what, got=key, try_="sweep: {title, of, axes}", of_key=True)
        )
    try:
        return Sweep.model_validate(tree.data["sweep"])
    except ValidationError as error:
        raise ScenarioError(explain.problems(error, inner_tree(tree, ("sweep",)))) from None


def _opened(sweep: Sweep, path: Path, tree: Tree) -> dict[str, Opened]:
    """The scenarios by name, the base first; its name is empty where it is alone."""
    base = Path(sweep.of).stem if sweep.scenarios else ""
    files: list[tuple[str, str, Path_]] = [(base, sweep.of, ("sweep", "of"))]
    listed = isinstance(tree.data["sweep"].get("scenarios"), list)
    for i, (name, file) in enumerate(sweep.scenarios.items()):
        files.append((name, file, ("sweep", "scenarios", i if listed else name)))
    result = {}
    for name, file, at in files:
        below = path.parent / file
        if not below.is_file():
            near = explain.nearest(below.name, sorted(other.name for other in below.parent.glob("*.y*ml")))
            raise ScenarioError(problem(tree, at, "no such file, seen from this one", got=file, try_=near))
        result[name] = Opened(below)
    return result
