"""Files that may name others only inside a folder."""

from __future__ import annotations

from pathlib import Path

from ..errors import ScenarioError
from .tree import Path_, Tree, problem


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, with every link on the way followed, lies in a folder or is the folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, a name that no file can have
        return False


def keep_inside(tree: Tree, where: Path_, beside: Path, named: str, within: Path | None) -> Path:
    """The file or folder that `named` means, seen from the folder `beside`.

    Raises ScenarioError, before anything is looked at, for an absolute path and for one that leads out of `within`.
    """
    at = beside / named
    if within is not None and (Path(named).is_absolute() or not is_inside(at, within)):
        what = "this path leads out of the workspace"
        raise ScenarioError(problem(tree, where, what, got=named, try_="a path to something in the workspace"))
    return at
