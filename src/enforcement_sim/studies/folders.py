"""The scenarios whose results are in a folder."""

from __future__ import annotations

import warnings
from pathlib import Path

from ..errors import ResultsError
from .store import EARLIER, MANIFEST, Folder, SpoiltWarning
from .sweep_kept import STATE, kept_state


def places(folder: Path) -> list[Folder]:
    """The scenarios whose results are in a folder, by path, but for those put by; ResultsError if there is none."""
    found = sorted(file.parent for file in folder.rglob(MANIFEST) if EARLIER not in file.relative_to(folder).parts)
    if not found:
        raise ResultsError(f"no results in {folder}", try_="name a folder that `run`, `compare` or `sweep` has written")
    return [Folder(path) for path in found]


def in_study(folder: Path) -> tuple[list[Folder], list[Folder]]:
    """The scenarios whose results are in a folder, and the points there that its sweep had once and has no more."""
    found = places(folder)
    if not (folder / STATE).exists():
        return found, []
    names = {point.name for point in kept_state(folder).points}
    here = [place.path == folder or place.path.relative_to(folder).as_posix() in names for place in found]
    return (
        [place for place, is_here in zip(found, here, strict=True) if is_here],
        [place for place, is_here in zip(found, here, strict=True) if not is_here],
    )


def sound_and_spoilt(place: Folder) -> tuple[int, int]:
    """How many finished replications of a scenario are sound, and how many spoilt."""
    with warnings.catch_warnings(record=True) as spoilt:
        warnings.simplefilter("always", SpoiltWarning)
        sound = place.finished(place.manifest()["key"])
    return len(sound), len(spoilt)
