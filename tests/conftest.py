"""What holds for the whole suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Machines differ, and some are busy. All else stays as Hypothesis has it here: under CI it draws the same every time.
settings.register_profile("no wall time", settings(), deadline=None)
settings.load_profile("no wall time")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the fast engine once, before several workers would each do it."""
    if hasattr(session.config, "workerinput") or os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return
    from enforcement_sim.engines.choice import prepare

    prepare("fast")
