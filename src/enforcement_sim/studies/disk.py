"""Files that are written whole or not at all, here or in a store elsewhere; faults told as errors of results.

A folder is a `Path`, or what universal_pathlib makes of an address that fsspec knows, which has the methods of one:
a share, an object store. There a file that is written is there whole or not at all by itself.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from ..errors import ResultsError


@contextmanager
def written(path: Path) -> Iterator[None]:
    """What goes wrong with a disk while this lasts is told as an error of results."""
    try:
        yield
    except OSError as error:
        raise ResultsError(
            f"cannot write into {path}: {error.strerror or error}",
            try_="make room or name another --out; what is finished is kept, the same command goes on from there",
        ) from None


def make_folder(path: Path) -> None:
    """Make a folder, if it is not there. Raises ResultsError."""
    with written(path):
        path.mkdir(parents=True, exist_ok=True)


def located(written: str | Path) -> Path:
    """A folder by its path, or by an address like s3://bucket/out. Raises ResultsError for one that nobody knows."""
    if "://" not in str(written):
        return Path(written)
    try:
        from upath import UPath
    except ImportError:
        what = f"{written} is an address, and the libraries for these are not installed"
        raise ResultsError(what, try_="pip install 'enforcement-sim[remote]'") from None
    try:
        place = UPath(str(written))
        place.exists()  # opens what knows this kind of address
    except (ImportError, ValueError) as error:
        raise ResultsError(f"{written}: {error}", try_="a path, or an address of a kind that fsspec knows") from None
    return cast(Path, place)


def is_here(path: Path) -> bool:
    """Whether a path is one of this machine's."""
    return isinstance(path, Path)


def move(file: Path, to: Path) -> None:
    """Move a file over another."""
    if is_here(file):
        os.replace(file, to)
    else:
        to.write_bytes(file.read_bytes())
        file.unlink()


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it."""
    if is_here(folder):
        shutil.rmtree(folder)
    else:
        folder.fs.rm(folder.path, recursive=True)  # type: ignore[attr-defined]


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none of it.

    The disk is not waited for: what a power cut spoils, checksums find.
    """
    if not is_here(path):
        path.write_bytes(content)
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    write_bytes(path, text.encode())


def told_by(content: bytes) -> dict[str, Any]:
    """What a file of JSON tells; nothing if it is garbled."""
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
