"""What turns one tree of settings into another, so that of several alike only one is kept whole."""

from __future__ import annotations

from typing import Any

_INSTEAD = ""
"""Stands for a value that is taken instead; no setting has an empty name."""


def patch(before: Any, after: Any) -> dict[str, Any]:
    """The way from one tree to another, by name or number; empty where they are equal, order included."""
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        pairs = [(key, before[key], after[key]) for key in before]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = [(str(number), one, other) for number, (one, other) in enumerate(zip(before, after, strict=True))]
    else:
        # As text: equal dicts may differ in order, and equal numbers in kind or sign.
        return {} if repr(before) == repr(after) else {_INSTEAD: after}
    return {key: way for key, one, other in pairs if (way := patch(one, other))}


def patched(before: Any, way: dict[str, Any]) -> Any:
    """The other tree; `before` stays as it is."""
    if _INSTEAD in way:
        return way[_INSTEAD]
    if isinstance(before, dict):
        return {key: patched(value, way[key]) if key in way else value for key, value in before.items()}
    if isinstance(before, list):
        return [patched(value, way.get(str(number), {})) for number, value in enumerate(before)]
    return before
