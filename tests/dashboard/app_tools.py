"""What several tests of the application use."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from enforcement_sim.dashboard.run import Run

DATA = Path(__file__).parents[1] / "data" / "app"


def ended(run: Run, seconds: float = 60.0) -> Run:
    """The run, when it is over."""
    until = time.monotonic() + seconds
    while not run.is_over:
        assert time.monotonic() < until, f"{run.finished} of {run.total} after {seconds} s"
        time.sleep(0.02)
    return run


def until(happens: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
