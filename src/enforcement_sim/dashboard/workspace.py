"""The folder in which planners keep their scenarios: what is in it, and nothing outside of it."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ..errors import ResultsError, ScenarioError
from ..files.inside import is_inside
from ..files.opened import Opened
from ..model.figures import Title
from ..studies.sweep_kept import STATE
from .settings import ASIDE
from .told import without_root

_TOP = re.compile(r"^([A-Za-z_]+)\s*:", re.MULTILINE)
_TITLE = re.compile(r"^title\s*:.*\n?(?:^(?:[ \t].*|\s*)\n?)*", re.MULTILINE)
MOST_LISTED = 2000
MOST_OPENED = 12
"""Scenarios that stay opened; a large one takes a second to open and some megabytes."""
HEAD = 200_000
"""Bytes of a file in which its title is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario of the workspace: its path as seen from there, with slashes, and its title."""

    path: str
    title: Title


class Workspace:
    """The scenarios and sweeps below a folder. Paths that lead out of it are refused, also by links."""

    def __init__(self, root: Path) -> None:
        try:
            self.root = root.resolve(strict=True)
        except OSError as error:
            what = f"no workspace at {root}: {error.strerror or error}"
            raise ResultsError(what, try_="a folder that is there; enforcement-sim start DIR fills one") from None
        if not self.root.is_dir():
            raise ResultsError(f"{root} is no folder", try_="a folder with scenarios")
        self._titles: dict[Path, tuple[tuple[int, int], Title | None]] = {}
        self._opened: OrderedDict[tuple[Path, str | None], tuple[dict[str, tuple[int, int]], Opened]] = OrderedDict()
        self._lock = threading.Lock()
        self._opening = threading.Lock()

    def scenarios(self) -> list[Entry]:
        """Every scenario file below the folder by path; files that hold something else are not among them."""
        found = []
        for path in sorted(self._below("*.y*ml"))[:MOST_LISTED]:
            title = self._title(path)
            if title is not None:
                found.append(Entry(path.relative_to(self.root).as_posix(), title))
        return found

    def sweeps(self) -> list[str]:
        """The folders that hold a sweep, as seen from the workspace, by path."""
        return sorted(file.parent.relative_to(self.root).as_posix() for file in self._below(STATE))[:MOST_LISTED]

    def _below(self, pattern: str) -> list[Path]:
        return [
            path
            for path in self.root.rglob(pattern)
            if not any(part.startswith(".") for part in path.relative_to(self.root).parts)
            and path.is_file()
            and is_inside(path, self.root)
        ]

    def _title(self, path: Path) -> Title | None:
        """The title of a scenario file, None for a file that holds none."""
        try:
            facts = path.stat()
            stamp = facts.st_mtime_ns, facts.st_size
            known = self._titles.get(path)
            if known is not None and known[0] == stamp:
                return known[1]
            with path.open("rb") as file:
                head = file.read(HEAD).decode("utf-8", errors="replace")
        except OSError:
            return None
        title = title_in(head, path.stem)
        self._titles[path] = stamp, title
        return title

    def at(self, told: str) -> Path:
        """The file or folder that a path as seen from the workspace means; ResultsError if it is not in there."""
        parts = Path(told).parts
        path = self.root / told
        bad = not told or "\0" in told or Path(told).is_absolute() or ".." in parts or ASIDE in parts
        if bad or not is_inside(path, self.root) or not path.exists():
            raise ResultsError(f"no such thing in the workspace: {told[:200]}", try_="one of those that are listed")
        return path

    def open(self, told: str) -> Opened:
        """A scenario of the workspace, read and checked; ScenarioError with paths as seen from the workspace."""
        return self._open(self.at(told), None)

    def open_text(self, text: str, beside: str) -> Opened:
        """A text as if it stood at a path of the workspace; ScenarioError with paths as seen from the workspace."""
        path = self.root / beside
        if not is_inside(path, self.root):
            raise ResultsError(f"no such place in the workspace: {beside[:200]}", try_="a path in it")
        return self._open(path, text)

    def _open(self, path: Path, text: str | None) -> Opened:
        with self._opening:  # two that ask for the same shall not both read it
            with self._lock:
                known = self._opened.get((path, text))
                if known is not None and known[0] == _stamps(known[0]):
                    self._opened.move_to_end((path, text))
                    return known[1]
            try:
                opened = Opened(path, text, within=self.root)
                if not opened.is_sound:
                    opened.scenario({})
            except ScenarioError as error:
                raise without_root(error, self.root) from None
            with self._lock:
                self._opened[path, text] = _stamps(opened.files), opened
                while len(self._opened) > MOST_OPENED:
                    self._opened.popitem(last=False)
            return opened


def _stamps(files: Any) -> dict[str, tuple[int, int]]:
    """When each file was changed last, and its size; nothing of one that is not there."""
    found = {}
    for file in files:
        try:
            facts = Path(file).stat()
        except OSError:
            found[file] = (0, 0)  # a text that somebody sent stands nowhere
            continue
        found[file] = facts.st_mtime_ns, facts.st_size
    return found


def title_in(text: str, name: str) -> Title | None:
    """The title that a text gives if it looks like a scenario, `name` if it gives none; None if it holds no scenario.

    Only its top-level keys are looked at: to read all files of a workspace would take minutes.
    """
    keys = set(_TOP.findall(text))
    if "sweep" in keys or "rows" in keys or not keys & {"format", "extends"}:
        return None
    plain = Title(en=name, zh=name)
    found = _TITLE.search(text)
    if found is None:
        return plain
    try:
        told = YAML(typ="safe", pure=True).load(found.group())["title"]
    except (YAMLError, KeyError, TypeError, RecursionError, ValueError):
        return plain
    if isinstance(told, str):
        return Title(en=told, zh=told)
    if isinstance(told, dict) and all(isinstance(told.get(code), str) for code in ("en", "zh")):
        return Title(en=told["en"], zh=told["zh"])
    return plain
