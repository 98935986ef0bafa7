"""Laying one tree over another: the change keeps only what differs from its base."""

from __future__ import annotations

from typing import Any

from .tree import Path_, Tree

_WHOLE = ("value", "family", "by")
"""A mapping with one of these keys is one thing (a figure, a distribution): it is replaced, never mixed."""


def lay_over(base: Tree, change: Tree) -> Tree:
    """A new tree: mappings merge key by key, anything else replaces; a key set to null is removed."""
    result = Tree(dict(base.data), dict(base.keys), dict(base.values))
    result.data = _merged(base.data, change.data, (), result, change)
    return result


def _merged(base: Any, change: Any, path: Path_, result: Tree, over: Tree) -> Any:
    if not _mixes(base, change, path):
        _move_places(path, result, over)
        return change
    merged = dict(base)
    for key, value in change.items():
        inner = (*path, key)
        if value is None:
            merged.pop(key, None)
            continue
        if key in base:
            merged[key] = _merged(base[key], value, inner, result, over)
        else:
            merged[key] = value
            _move_places(inner, result, over)
        if inner in over.keys:
            result.keys[inner] = over.keys[inner]
    return merged


def _mixes(base: Any, change: Any, path: Path_) -> bool:
    if not isinstance(base, dict) or not isinstance(change, dict) or (path and path[-1] == "then"):
        return False
    return not any(key in change or key in base for key in _WHOLE)


def _move_places(path: Path_, result: Tree, over: Tree) -> None:
    depth = len(path)
    for places, new in ((result.keys, over.keys), (result.values, over.values)):
        for old in [p for p in places if p[:depth] == path]:
            del places[old]
        places.update({p: place for p, place in new.items() if p[:depth] == path})


def inner_tree(tree: Tree, path: Path_) -> Tree:
    """The part of a tree under `path`, with its places."""
    data: Any = tree.data
    for part in path:
        data = data[part]
    depth = len(path)
    return Tree(
        data,
        {p[depth:]: place for p, place in tree.keys.items() if p[:depth] == path},
        {p[depth:]: place for p, place in tree.values.items() if p[:depth] == path},
    )


def put_tree(tree: Tree, path: Path_, part: Tree) -> None:
    """Put a part in its place under `path`, with its places."""
    holder: Any = tree.data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = part.data
    tree.keys.update({(*path, *p): place for p, place in part.keys.items() if p})
    tree.values.update({(*path, *p): place for p, place in part.values.items() if p})
