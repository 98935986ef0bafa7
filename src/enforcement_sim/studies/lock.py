"""One at a time: who writes into a folder of results keeps others from it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import ResultsError
from .disk import is_here, written

LOCK = ".lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a folder for oneself. The system lets go of it when the process ends, however it ends.

    Raises ResultsError if somebody else has it, or if nobody may write there.
    """
    if not is_here(folder):
        warnings.warn(f"nobody can hold {folder} for himself: run one command at a time into it", stacklevel=3)
        yield
        return
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise ResultsError(
                f"another run is writing into {folder}", try_="wait until it has ended, or name another --out"
            ) from None
    try:
        yield
    finally:
        lock.release()
