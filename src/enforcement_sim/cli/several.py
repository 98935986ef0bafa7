"""Pieces of a longer work, each in a process, told as they finish."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import typer

from ..engines.choice import prepare
from ..studies.workers import processors
from .progress import Told


def several(
    name: str, of: str, work: Callable[..., Any], pieces: Sequence[tuple[Any, ...]], workers: int | None
) -> list[Any]:
    """What `work` makes of the arguments of each piece, in their order; `name` and `of` tell how far it is."""
    prepare("fast", typer.echo)
    count, context = min(workers or processors(), max(len(pieces), 1)), multiprocessing.get_context("spawn")
    with Told() as told, ProcessPoolExecutor(count, mp_context=context) as pool:
        waiting = [pool.submit(work, *arguments) for arguments in pieces]
        for number, future in enumerate(as_completed(waiting)):
            future.result()  # what stops one piece stops all
            told(name, number + 1, len(waiting), of)
        return [future.result() for future in waiting]
