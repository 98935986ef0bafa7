"""What holds for the whole suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("no wall time", deadline=None)  # machines differ, and some are busy
settings.load_profile("no wall time")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the fast engine once, before several workers would each do it."""
    if hasattr(session.config, "workerinput") or os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return
    from enforcement_sim.engines.choice import prepare

    prepare("fast")
