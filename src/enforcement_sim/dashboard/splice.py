"""Values put into the text of a scenario file; all that is not changed stays letter for letter, comments too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import Problem, ScenarioError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NOT_PLAIN = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a part of the text, from a place up to another, is replaced by."""

    start: int
    end: int
    text: str


def spliced(text: str, changes: Mapping[tuple[str, ...], Any]) -> str:
    """The text with each value at its path, which is added where the text does not have it.

    Paths hold keys and, for items of lists, numbers. Raises ScenarioError where a path leads through something that is
    neither a mapping nor a list.
    """
    for path, value in changes.items():
        root = YAML(typ="safe", pure=True).compose(text)
        assert isinstance(root, MappingNode)
        edit = _edit(text, root, path, value)
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def has(text: str, path: tuple[str, ...]) -> bool:
    """Whether a text itself writes something at a path."""
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    for part in path:
        node = None if node is None else _inner(node, part)
    return node is not None


def _edit(text: str, root: MappingNode, path: tuple[str, ...], value: Any) -> Edit:
    node: Node = root
    for i, part in enumerate(path):
        inner = _inner(node, part)
        if inner is None:
            return _added(text, node, path, i, value)
        node = inner
    return _replaced(text, node, value)


def _inner(node: Node, part: str) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if isinstance(key, ScalarNode) and key.value == part), None)
    if isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        found: Node = node.value[int(part)]
        return found
    return None


def _replaced(text: str, node: Node, value: Any) -> Edit:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style:
        # A block ends where the next thing begins: the lines between belong to that.
        end = start + len(text[start:end].rstrip())
        lines = text[start:end].split("\n")
        while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        end = start + len("\n".join(lines))
    told = flow(value)
    if start == end:  # a key with nothing behind its colon
        told = f" {told}"
    return Edit(start, end, told)


def _added(text: str, node: Node, path: tuple[str, ...], i: int, value: Any) -> Edit:
    if not isinstance(node, MappingNode):
        where = ".".join(path)
        what = "the file writes this part in a way that nothing can be added to"
        raise ScenarioError(Problem(what, where, try_="write it as keys and values, one a line"))
    if node.flow_style:
        for part in reversed(path[i + 1 :]):
            value = {part: value}
        at = node.start_mark.index + 1
        return Edit(at, at, f"{_key(path[i])}: {flow(value)}" + (", " if node.value else ""))
    ends = "\r\n" if "\r\n" in text else "\n"
    if i == 0:  # at the end, where nobody has to look for it
        head = "" if not text or text.endswith("\n") else ends
        return Edit(len(text), len(text), head + _block(path, value, 0, ends))
    first = node.value[0][0].start_mark
    start = first.index - first.column
    return Edit(start, start, _block(path[i:], value, first.column, ends))


def _block(path: tuple[str, ...], value: Any, indent: int, ends: str) -> str:
    lines = [" " * (indent + 2 * depth) + f"{_key(part)}:" for depth, part in enumerate(path)]
    lines[-1] += f" {flow(value)}"
    return ends.join(lines) + ends


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _NOT_PLAIN
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _key(key: Any) -> str:
    return flow(str(key)) if not isinstance(key, int) else str(key)
