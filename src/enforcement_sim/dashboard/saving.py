"""A changed scenario as a file of the workspace."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import Problem, ResultsError, ScenarioError
from ..files.opened import Opened
from ..model.scenario import Scenario
from ..studies.disk import write_bytes, write_text, written
from ..studies.provenance import dumped, moving
from .splice import has, spliced
from .told import without_root
from .workspace import Workspace

SAVED = "saved.json"
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
MOST_TITLE = 200


class Saving:
    """Saves changed scenarios beside those that they were made from, and knows which files it has saved."""

    def __init__(self, workspace: Workspace, aside: Path) -> None:
        self._workspace, self._file = workspace, aside / SAVED
        self._lock = threading.Lock()

    def save(self, source: str, text: str, opened: Opened, changes: Mapping[str, Any], title: str, name: str) -> str:
        """Keep a scenario with its changes as NAME.yaml beside `source`; gives its path as seen from the workspace.

        `text` is what the file of `source` holds and `opened` the same read. What is not changed stays letter for
        letter. The file is kept only if the loader reads the changed scenario from it. Raises ResultsError for a name
        that no file should have and for a file that somebody else has written, ScenarioError for what cannot be saved.
        """
        slug, words = slug_of(name), title_of(title)
        path = (self._workspace.root / source).parent / f"{slug}.yaml"
        new = changed_text(text, opened, changes, words)
        self._check(path, new, opened.scenario(changes))
        with self._lock, written(path.parent):
            self._claim(path)
            write_bytes(path, new.encode())
            self._note(path, new)
        return self.told(path)

    def told(self, path: Path) -> str:
        """A path as seen from the workspace."""
        return path.relative_to(self._workspace.root).as_posix()

    def saved(self) -> list[str]:
        """The files that were saved and still are as they were, by path."""
        return sorted(told for told in self._known() if self._is_own(self._workspace.root / told))

    def _check(self, path: Path, text: str, expected: Scenario) -> None:
        root = self._workspace.root
        try:
            found = Opened(path, text, within=root).scenario({})
        except ScenarioError as error:
            raise without_root(error, root) from None
        if moving(dumped(found)) != moving(dumped(expected)):
            what = "the changes cannot be written into this file: a part of it is shared with another (an alias)"
            raise ScenarioError(Problem(what, try_="write the shared part twice in the original"))

    def _claim(self, path: Path) -> None:
        if (path.exists() or path.is_symlink()) and not self._is_own(path):
            raise ResultsError(
                f"{self.told(path)} is there already, and was not saved here or has been edited since",
                try_="another name",
            )

    def _is_own(self, path: Path) -> bool:
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return False
        return not path.is_symlink() and self._known().get(self.told(path)) == digest

    def _known(self) -> dict[str, str]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _note(self, path: Path, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        known = self._known() | {self.told(path): hashlib.sha256(text.encode()).hexdigest()}
        write_text(self._file, json.dumps(known, ensure_ascii=False, indent=1))


def slug_of(name: str) -> str:
    """The name of a file as typed, without .yaml; ResultsError unless it is of small letters, digits, - and _."""
    told = name.strip()
    told = told.removesuffix(".yaml")
    if _SLUG.fullmatch(told) is None or told in _RESERVED:
        what = f"not a name that a file can have everywhere: {told[:80] or '(nothing)'}"
        raise ResultsError(what, try_="small letters a to z, digits, - and _, such as more-officers-2025")
    return told


def title_of(title: str) -> str:
    """A title as typed, on one line; ResultsError for none, or one that is too long."""
    told = " ".join(title.split())
    if not told or len(told) > MOST_TITLE or not told.isprintable():
        raise ResultsError(f"a title has 1 to {MOST_TITLE} letters", try_="such as: More officers in the district")
    return told


def changed_text(text: str, opened: Opened, changes: Mapping[str, Any], title: str) -> str:
    """The text of a scenario file with its title replaced and changes at their places."""
    edits: dict[tuple[str, ...], Any] = {("title",): title}
    lists: dict[tuple[str, ...], Any] = {}
    for dotted, value in changes.items():
        _place(text, opened.tree.data, tuple(dotted.split(".")), value, edits, lists)
    return spliced(text.removeprefix("\ufeff"), edits | lists)


def _place(
    text: str,
    whole: Any,
    path: tuple[str, ...],
    value: Any,
    edits: dict[tuple[str, ...], Any],
    lists: dict[tuple[str, ...], Any],
) -> None:
    """Note where a value goes: into a list that the file inherits as a whole, else to its own place."""
    node = whole
    for i, part in enumerate(path):
        if isinstance(node, list) and not has(text, path[:i]):
            copied = lists.setdefault(path[:i], copy.deepcopy(node))
            for step in path[i:-1]:
                copied = copied[int(step) if isinstance(copied, list) else step]
            copied[path[-1]] = chosen(copied.get(path[-1]), value)
            return
        node = _inner(node, part)
    edits[_at(text, path, node)] = chosen(node, value) if _at(text, path, node) == path else value


def _inner(node: Any, part: str) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and part.isdecimal() and int(part) < len(node):
        return node[int(part)]
    return None


def _at(text: str, path: tuple[str, ...], figure: Any) -> tuple[str, ...]:
    """Where the value is written: in a figure that the file itself writes, unless a source stands behind it."""
    is_figure = isinstance(figure, dict) and "value" in figure and "source" not in figure
    return (*path, "value") if is_figure and has(text, (*path, "value")) else path


def chosen(figure: Any, value: Any) -> Any:
    """A figure with another value. A source does not vouch for that, so it becomes an assumption that names it."""
    if not isinstance(figure, dict) or "value" not in figure:
        return value
    if "source" not in figure:
        return {**figure, "value": value}
    old = figure["value"]
    low, high = figure.get("range") or (min(old, value), max(old, value))
    why = f"A planner's choice; {figure['source']} gives {old}."
    return {"value": value, "assumed": why, "range": [min(low, value), max(high, value)]}
