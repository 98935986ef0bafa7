"""What comes with a clone of the project's repository, what with the installed program, and how to say so."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = "scenarios"
FOLDERS = ("docs", "results", SCENARIOS)
"""Folders of the repository that commands and pages name as seen from its top."""
_PACKAGE = Path(__file__).parents[1]


def shipped() -> Path:
    """The folder of the scenarios that come with the program: inside of it, or beside its sources in a clone."""
    inside = _PACKAGE / SCENARIOS
    return inside if inside.is_dir() else _PACKAGE.parents[1] / SCENARIOS


def missing(path: Path) -> str:
    """What to try where a path leads nowhere: how to get it, if it is one of the repository and that is not here."""
    first = path.parts[0] if path.parts else ""
    if path.is_absolute() or first not in FOLDERS or Path(first).exists():
        return "check the path"
    if first == SCENARIOS:
        return "enforcement-sim start . copies the scenarios that come with the program into this folder"
    return (
        f"the folder {first} comes with a clone of the project's repository, not with the installed program: "
        "change into a clone, or name the path to one"
    )
