"""What the questions and targets of a sweep must fulfil: findings that can be there, points that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import Problem
from ..files import check_wanted
from ..files.read import read_tree
from ..files.tree import Path_, Tree, problem
from ..model.precision import Precision
from ..model.wanted import WantedFinding
from . import designs
from .sweep_file import Crossed, Sweep

MOST_COMPARED = 300
"""Points, or combinations of levers, that are compared with the best: every pair of them takes a place in memory."""


def names(sweep: Sweep, base: Tree, tree: Tree) -> list[Problem]:
    """Targets and questions that name findings which no scenario of the sweep can have."""
    listed: list[tuple[Path_, Sequence[WantedFinding]]] = [
        (("sweep", "limits"), sweep.limits),
        (("sweep", "best"), sweep.best),
    ]
    if isinstance(sweep.replications, Precision):
        listed.append((("sweep", "replications", "until"), sweep.replications.until))

    @cache
    def others() -> list[dict[str, Any]]:
        place = tree.place(("sweep",))
        files = [Path(place.file).parent / file for file in sweep.scenarios.values()] if place is not None else []
        return [read_tree(file).data for file in files]

    def scenarios() -> Iterator[dict[str, Any]]:
        """Further scenarios are read only where something is wanted that the base does not have."""
        yield base.data
        yield from others()

    return [
        fault
        for at, some in listed
        for i, wanted in enumerate(some)
        for fault in check_wanted.problems(wanted, (*at, i), tree, scenarios)
    ]


def comparisons(sweep: Sweep, tree: Tree) -> Iterator[Problem]:
    """A question for the best where there is nothing to choose from, or more than can be compared."""
    if not sweep.best:
        return
    at: Path_ = ("sweep", "best")
    if sweep.uncertain and not isinstance(sweep.chosen, Crossed):
        what = "points that are drawn are no choices, so none of them is the best"
        hint = "design: {kind: crossed, points: 64}, which compares levers over the same futures"
        yield problem(tree, at, what, got=sweep.chosen.kind, try_=hint, of_key=True)
        return
    compared = systems(sweep)
    if compared < 2:
        yield problem(tree, at, "there is only one point, so nothing to compare", try_="add `axes:`", of_key=True)
    elif compared > MOST_COMPARED:
        what = f"{compared:,} points are more than the {MOST_COMPARED} that can be compared with the best"
        yield problem(tree, at, what, try_="fewer levels, points or scenarios", of_key=True)


def systems(sweep: Sweep) -> int:
    """How many choices there are to compare: points and scenarios, futures not counted."""
    design = sweep.chosen
    futures = design.points if isinstance(design, Crossed) else 1
    return designs.count(sweep) // futures * (1 + len(sweep.scenarios))
