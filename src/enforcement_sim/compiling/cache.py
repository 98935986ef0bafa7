"""Where compiled code is kept: a folder of the user's cache whose name tells what was compiled.

numba does not notice when a function that another one calls, or a constant that both use, has changed in another file.
The name of the folder is therefore a digest of every source that compiled code can hold, of Python and of numba; other
sources, another folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

VARIABLE = "ENFORCEMENT_SIM_CACHE"
"""Name of the environment variable that names another place for the folders."""
ROOT = Path(__file__).parents[1]
BAKED_IN = ("compiling", "decisions", "engines/compiled", "plan/attendance.py", "records.py")
"""Packages and modules whose functions or constants compiled code holds."""
_READY, _KEPT = "ready", 3


def sources() -> list[Path]:
    """The files whose contents name the folder."""
    found = [ROOT / name for name in BAKED_IN]
    return sorted(file for path in found for file in (path.rglob("*.py") if path.is_dir() else [path]))


@cache
def digest() -> str:
    """Twelve digits of SHA-256 over the sources, the versions beneath them, and whether bounds are checked."""
    made_by = (sys.version_info[:3], version("numba"), version("numpy"), os.environ.get("NUMBA_BOUNDSCHECK", "0"))
    total = hashlib.sha256(repr(made_by).encode())
    for file in sources():
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:12]


def folders() -> Path:
    """The folder that holds the folders."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("enforcement-sim", appauthor=False))


@cache
def folder() -> Path | None:
    """The folder for the sources of today; None if nobody may write there, and then nothing is kept."""
    path = folders() / f"compiled-{digest()}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / f".{os.getpid()}.try").touch()
        (path / f".{os.getpid()}.try").unlink()
    except OSError:
        return None
    return path


def is_ready() -> bool:
    """Whether everything has been compiled and is kept."""
    place = folder()
    return place is not None and (place / _READY).exists()


def note_ready() -> None:
    """Note that everything is compiled, and drop what older sources have left."""
    place = folder()
    if place is None:
        return
    (place / _READY).touch()
    others = sorted(place.parent.glob("compiled-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def clear() -> None:
    """Drop what is kept for the sources of today."""
    place = folder()
    if place is not None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
