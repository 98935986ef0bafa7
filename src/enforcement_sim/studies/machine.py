"""The machine on which a replication was run: kept beside how long it took, and apart from what it found."""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from .provenance import digest

FACTS = ("machine", "host", "system", "processor", "processors", "python", "packages")
"""What is told of a machine: a short name for all of it, and a checksum of the versions of all installed packages."""


@cache
def machine() -> dict[str, Any]:
    """What this machine is, by the names FACTS."""
    told = {
        "host": platform.node(),
        "system": platform.platform(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "packages": digest(sorted(f"{one.name}=={one.version}" for one in distributions()))[:16],
    }
    return {"machine": digest(told)[:8], **told}


def _processor() -> str:
    """The model of the processor; Linux tells it in a file only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
