"""From a file to a checked scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import ScenarioError
from ..model.scenario import Scenario
from . import check, explain, law_files
from .inside import keep_inside
from .merge import inner_tree, lay_over, put_tree
from .setting import set_values
from .tree import Path_, Tree, parse_file, problem

Changes = Mapping[str, Any]
"""Values by dotted path, e.g. {"reform.staff.value": 0.5}."""


def load(path: str | Path, changes: Changes | None = None) -> Scenario:
    """The scenario of a file, checked; `changes` are laid over it, as a sweep does.

    Raises ScenarioError with every fault found, each with its file, line and column.
    """
    tree = read_tree(Path(path))
    set_values(tree, changes or {})
    return scenario_of(tree)


def is_sweep(path: Path) -> bool:
    """Whether a file holds a sweep and not a scenario."""
    return path.is_file() and "sweep" in parse_file(path).data


def scenario_of(tree: Tree, within: Path | None = None) -> Scenario:
    """The scenario of a tree whose bases are laid under it; law files are read only below `within`, if given."""
    _extend_procedures(tree)
    law_files.put_in(tree, within)
    return checked(tree, tree.data)


def checked(tree: Tree, data: Mapping[str, Any]) -> Scenario:
    """The scenario of `data`, which is the tree's own with parts, if any, that are nouns already."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(explain.problems(error, tree)) from None
    found = check.problems(scenario, tree)
    if found:
        raise ScenarioError(found)
    return scenario


def read_tree(path: Path, above: tuple[Path, ...] = (), within: Path | None = None) -> Tree:
    """The tree of a file with every base that it extends laid under it; all only from below `within`, if given."""
    return extended(parse_file(path), path, above, within)


def extended(tree: Tree, path: Path, above: tuple[Path, ...] = (), within: Path | None = None) -> Tree:
    """A tree that stands, or would stand, at `path`, with every base that it extends laid under it."""
    here = path.resolve()
    named = tree.data.pop("extends", None)
    if named is None:
        return tree
    bases = named if isinstance(named, list) else [named]
    if not bases or not all(isinstance(base, str) for base in bases):
        what = "extends names a file, or a list of files of which the later go over the earlier"
        raise ScenarioError(problem(tree, ("extends",), what, try_="extends: base.yaml"))
    if here in above:
        got = ", ".join(bases)
        raise ScenarioError(
            problem(tree, ("extends",), "this file extends itself", got=got, try_="extend another file, or none")
        )
    laid = _base(tree, path, bases[0], (*above, here), within)
    for base in bases[1:]:
        laid = lay_over(laid, _base(tree, path, base, (*above, here), within))
    return lay_over(laid, tree)


def _base(tree: Tree, path: Path, base: str, above: tuple[Path, ...], within: Path | None) -> Tree:
    """One of the files that a file extends, with all that it extends itself."""
    below = keep_inside(tree, ("extends",), path.parent, base, within)
    if not below.is_file():
        near = explain.nearest(base, [other.name for other in path.parent.glob("*.y*ml")])
        raise ScenarioError(
            problem(tree, ("extends",), "no such file beside this one", got=base, try_=near or "check the name")
        )
    return read_tree(below, above, within)


def _extend_procedures(tree: Tree) -> None:
    procedures = tree.data.get("procedures")
    if not isinstance(procedures, dict):
        return
    done: set[str] = set()
    for name in list(procedures):
        _extend_procedure(tree, name, done, ())


def _extend_procedure(tree: Tree, name: str, done: set[str], above: tuple[str, ...]) -> None:
    procedures = tree.data["procedures"]
    body = procedures[name]
    if name in done or not isinstance(body, dict) or not isinstance(body.get("extends"), str):
        return
    base = body["extends"]
    where: Path_ = ("procedures", name, "extends")
    if base not in procedures:
        raise ScenarioError(
            problem(tree, where, "no procedure has this name", got=base, try_=explain.nearest(base, procedures))
        )
    if base in (*above, name):
        raise ScenarioError(problem(tree, where, "procedures extend each other in a circle", got=base, try_="break it"))
    if not isinstance(procedures[base], dict):
        return  # not a procedure at all: the check of its form says so
    _extend_procedure(tree, base, done, (*above, name))
    path: Path_ = ("procedures", name)
    put_tree(tree, path, lay_over(inner_tree(tree, ("procedures", base)), inner_tree(tree, path)))
    done.add(name)
