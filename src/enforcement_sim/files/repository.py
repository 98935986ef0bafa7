"""What comes with a clone of the project's repository and not with the installed program, and how to say so."""

from __future__ import annotations

from pathlib import Path

FOLDERS = ("docs", "results", "scenarios")
"""Folders of the repository that commands and pages name as seen from its top."""


def missing(path: Path) -> str:
    """What to try where a path leads nowhere: in a clone, if it is one of the repository and none of that is here."""
    first = path.parts[0] if path.parts else ""
    if path.is_absolute() or first not in FOLDERS or Path(first).exists():
        return "check the path"
    return (
        f"the folder {first} comes with a clone of the project's repository, not with the installed program: "
        "change into a clone, or name the path to one"
    )
