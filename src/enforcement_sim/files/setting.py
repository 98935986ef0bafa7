"""Single values of a tree by dotted path, as sweeps change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Problem, ScenarioError
from . import explain
from .tree import Tree


def set_values(tree: Tree, changes: Mapping[str, Any]) -> None:
    """Put values in their places, e.g. {"reform.staff": 0.5, "teams.office.roster.0.officers": 12}.

    A value laid on a figure takes its number and leaves its evidence; a mapping replaces what stood there.
    Only the mappings on the way to a value are made anew, so that trees may share all others.
    Raises ScenarioError for a path that leads nowhere; `where` of its problem is the path.
    """
    if changes:
        tree.data = dict(tree.data)
    for dotted, value in changes.items():
        _set(tree.data, dotted, value)


def _set(data: dict[str, Any], dotted: str, value: Any) -> None:
    holder: Any = data
    parts = dotted.split(".")
    for i, part in enumerate(parts[:-1]):
        key = _key(holder, part)
        if key is None:
            raise ScenarioError(_nowhere(holder, parts, i))
        inner = holder[key]
        # A plain number is short for a figure: its keys are there though nobody has written them.
        copy = dict(inner) if isinstance(inner, dict) else list(inner) if isinstance(inner, list) else {"value": inner}
        holder[key] = copy
        holder = copy
    key = _key(holder, parts[-1])
    if key is None and isinstance(holder, list):
        raise ScenarioError(_nowhere(holder, parts, len(parts) - 1))
    if key is None:
        key = parts[-1]  # a key that the file leaves out; if there is no such key, the check of the form says so
        holder[key] = None
    old = holder[key]
    is_figure = isinstance(old, dict) and "value" in old and not isinstance(value, dict)
    holder[key] = {**old, "value": value} if is_figure else value


def _key(holder: Any, part: str) -> str | int | None:
    """The key of a mapping or the place in a list that a part of a path means."""
    if isinstance(holder, dict) and part in holder:
        return part
    if not part.isdecimal():
        return None
    number = int(part)
    there = number in holder if isinstance(holder, dict) else number < len(holder)
    return number if there else None


def _nowhere(holder: Any, parts: list[str], i: int) -> Problem:
    if isinstance(holder, list):
        count = len(holder)
        what = f"a list of {count} stands here; its items are counted from 0"
        near = "" if not count else parts[i] if parts[i] == "0" else "0"
    else:
        what, near = "no such place in the scenario", explain.nearest(parts[i], holder)
    before = ".".join(parts[:i])
    whole = near if not near or not before or near.startswith("one of ") else f"{before}.{near}"
    return Problem(what, ".".join(parts), got=parts[i], try_=whole)
