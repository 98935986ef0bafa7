"""What holds for the whole suite."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/cli/test_compare.py", "tests/measures/test_counterfactual.py", "tests/pages/test_animation_page.py",
    "tests/pages/test_page_numbers.py", "tests/pages/test_pages.py", "tests/studies/test_movement.py",
    "tests/studies/test_planted_edits.py",
)  # fmt: skip
"""Files whose tests share what takes long to make."""

# Machines differ, and some are busy. All else stays as Hypothesis has it here: under CI it draws the same every time.
settings.register_profile("no wall time", settings(), deadline=None)
settings.load_profile("no wall time")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of a file of TOGETHER go to one worker, all others where there is room."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Of xdist's own ways one cannot be told by the file, and the one by marks does not hear of them any more."""
    return Scheduling(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the fast engine once, before several workers would each do it."""
    if hasattr(session.config, "workerinput") or os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return
    from enforcement_sim.engines.choice import prepare

    prepare("fast")
