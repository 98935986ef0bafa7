"""Files that are written whole or not at all, and faults of a disk told as errors of results."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none of it.

    The disk is not waited for: what a power cut spoils, checksums find.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    write_bytes(path, text.encode())
