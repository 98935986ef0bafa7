"""Errors as a planner may read them: without the paths of the machine that serves the page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ..errors import EnforcementSimError, ScenarioError


def without_root(error: ScenarioError, root: Path) -> ScenarioError:
    """The same error with every path as seen from `root`."""

    def short(text: str) -> str:
        return _short(text, root)

    return ScenarioError([
        replace(one, what=short(one.what), got=short(one.got), try_=short(one.try_), file=short(one.file))
        for one in error.problems
    ])  # fmt: skip


def told(error: EnforcementSimError, root: Path) -> str:
    """What an error says, with paths as seen from `root`."""
    return _short(str(error), root)


def _short(text: str, root: Path) -> str:
    return re.sub(re.escape(str(root)) + r"[\\/]?", "", text)
