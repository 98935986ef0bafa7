"""YAML 1.2 text as a plain tree, with the place of every key and value kept beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import Problem, ScenarioError
from .repository import missing

LARGEST_FILE = 5_000_000
"""Bytes; the largest scenario that anyone has reason to write is a hundredth of it."""
MOST_NODES = 500_000
"""Aliases can make a small file expand without end; this stops that."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column, both counted from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True)
class Tree:
    """Plain mappings, lists and scalars, and the place of each key and value by its path."""

    data: dict[str, Any]
    keys: dict[Path_, Place] = field(default_factory=dict)
    values: dict[Path_, Place] = field(default_factory=dict)

    def place(self, path: Path_, of_key: bool = False) -> Place | None:
        """The place of the value (or key) at `path`, or of the nearest thing that holds it."""
        first, second = (self.keys, self.values) if of_key else (self.values, self.keys)
        while True:
            found = first.get(path) or second.get(path)
            if found is not None or not path:
                return found
            path = path[:-1]


def problem(tree: Tree, path: Path_, what: str, *, got: str = "", try_: str = "", of_key: bool = False) -> Problem:
    """A problem at `path`, with its file, line and column looked up."""
    place = tree.place(path, of_key)
    where = ".".join(str(part) for part in path)
    if place is None:
        return Problem(what, where, got, try_)
    return Problem(what, where, got, try_, place.file, place.line, place.column)


def parse_file(path: Path) -> Tree:
    """The tree of one file; ScenarioError for anything that cannot be read as one YAML mapping."""
    name = str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise _fault(name, "this is a folder, not a file", "name a scenario file, e.g. scenarios/base.yaml")
        if size > LARGEST_FILE:
            raise _fault(
                name,
                f"the file has {size / 1e6:.0f} MB, more than the {LARGEST_FILE / 1e6:.0f} MB that a scenario may have",
                "a scenario is told in kilobytes: is this a results file?",
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = sorted(str(path.parent / other.name) for other in path.parent.glob("*.y*ml"))[:8]
        hint = f"one of {', '.join(near)}" if near else missing(path)
        raise _fault(name, "no such file", hint) from None
    except UnicodeDecodeError as error:
        raise _fault(name, f"not a UTF-8 text (byte {error.start})", "save the file as UTF-8") from None
    except OSError as error:
        raise _fault(name, f"cannot be read: {error.strerror}", "check its permissions") from None
    return parse_text(text, name)


def parse_text(text: str, name: str) -> Tree:
    """The tree of a text; `name` stands for the file in messages."""
    try:
        # The safe loader: a third quicker than the round-trip one, which also marks folds in texts with a bell.
        root = YAML(typ="safe", pure=True).compose(text)
        if root is None:
            raise _fault(name, "the file is empty", "start with `format: 1` and see docs/tutorial.md")
        if not isinstance(root, MappingNode):
            raise _fault(name, "a scenario is a mapping of keys to values", "start with `format: 1`", root)
        tree = Tree({})
        tree.data = _Builder(name, tree).build(root, ())
        return tree
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what, hint = _said(error, text, mark)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
        raise ScenarioError(Problem(what, "", "", hint, name, line, column)) from None
    except YAMLError as error:
        raise _fault(name, f"not YAML: {' '.join(str(error).split())}", "remove control characters") from None
    except RecursionError:
        raise _fault(name, "nested too deeply", "a scenario has at most a dozen levels") from None


def _said(error: MarkedYAMLError, text: str, mark: Any) -> tuple[str, str]:
    """What a YAML error means, in words of someone who writes scenarios."""
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in str(error.problem):
        return "a tab indents this line", "indent with spaces: YAML does not allow tabs"
    if "document" in str(error.problem) or "single document" in str(error.context):
        return "more than one YAML document", "keep one document a file: remove the `---` in the middle"
    said = " ".join(part for part in (error.context, error.problem) if part)
    return f"not YAML: {said}", "check colons, quotes, brackets and the indentation of this line and the one above"


def _fault(name: str, what: str, try_: str, node: Node | None = None) -> ScenarioError:
    line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node is not None else (0, 0)
    return ScenarioError(Problem(what, "", "", try_, name, line, column))


class _Builder:
    """Turns nodes into plain values and notes every place on the way."""

    def __init__(self, name: str, tree: Tree) -> None:
        self.name = name
        self.tree = tree
        self.nodes = 0

    def build(self, node: Node, path: Path_) -> Any:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _fault(self.name, "the file expands to too many values", "remove aliases (*name) that repeat", node)
        self.tree.values[path] = self._place(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node)

    def _place(self, node: Node) -> Place:
        return Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def _mapping(self, node: MappingNode, path: Path_) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node) if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, (str, int)) or isinstance(key, bool):
                raise _fault(
                    self.name, "a key must be a plain word", "quote it if it looks like yes, no or null", key_node
                )
            if key in result:
                first = self.tree.keys[(*path, key)].line
                raise _fault(
                    self.name,
                    f"the key '{key}' stands twice in this mapping (first in line {first})",
                    "keep one of the two, or rename it",
                    key_node,
                )
            self.tree.keys[(*path, key)] = self._place(key_node)
            result[key] = self.build(value_node, (*path, key))
        return result

    def _scalar(self, node: ScalarNode) -> Any:
        tag = str(node.tag).rsplit(":", 1)[-1]
        text: str = node.value
        try:
            if tag == "int":
                return int(text.replace("_", ""), 0) if text[:2] in ("0x", "0o") else int(text.replace("_", ""))
            if tag == "float":
                return float(text.replace(".inf", "inf").replace(".nan", "nan").replace(".NaN", "nan"))
        except ValueError:
            return text
        if tag == "bool":
            return text.lower() == "true"
        return None if tag == "null" else text
