"""Which engine runs a plan. Both write the same log; the compiled one is opened only when it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..compiling import cache
from ..journal.log import EventLog
from ..plan.tables import Plan

Engine = Callable[[Plan, int], EventLog]
"""From a plan and the number of a replication to its event log."""


def engine(name: str) -> Engine:
    """The engine of this name: `fast` (compiled) or `reference` (SimPy)."""
    if name == "reference":
        from .reference import run as reference

        return reference
    from .compiled.engine import run as fast

    return fast


def prepare(name: str, tell: Callable[[str], None] | None = None) -> float | None:
    """Have an engine ready before many processes ask for it; the seconds that it took to compile, None if it was.

    `tell` is told before compiling begins, which takes ten seconds or more and happens once for each version.
    """
    if name == "reference" or cache.is_ready():
        return None
    if tell is not None:
        tell("compiling the fast engine for this machine; this happens once and takes about a quarter of a minute")
    began = time.perf_counter()
    from .compiled.warm import warm

    warm()
    cache.note_ready()
    return time.perf_counter() - began
