"""What a scenario must fulfil beyond the form of its keys."""

from __future__ import annotations

from ..errors import Problem
from ..model.scenario import Scenario
from . import (
    check_backlog,
    check_evidence,
    check_graph,
    check_law,
    check_names,
    check_reforms,
    check_registers,
    check_teams,
)
from .tree import Tree


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Every fault; later checks rely on names, so they run only when the names are right."""
    found = check_names.problems(scenario, tree) + check_law.problems(scenario, tree)
    found += check_backlog.problems(scenario, tree) + check_registers.problems(scenario, tree)
    found = found or check_reforms.problems(scenario, tree)
    if found:
        return found
    found = check_graph.problems(scenario, tree)
    if not found:
        found = check_teams.problems(scenario, tree)
    return found + check_evidence.problems(scenario, tree)
