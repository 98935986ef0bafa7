"""Simulate how administrative enforcement handles cases, and what shifting it to the counties does.

Three lines do what the command does:

    import enforcement_sim as es
    results = es.run("scenarios/tianjin/base.yaml", replications=5)
    results.measure("backlog")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import cases, cohorts, compare, export, load, run, sweep
    from .errors import EnforcementSimError, ScenarioError
    from .studies.replicate import Results

__version__ = "0.1.0"
__all__ = [
    "EnforcementSimError",
    "Results",
    "ScenarioError",
    "__version__",
    "cases",
    "cohorts",
    "compare",
    "export",
    "load",
    "run",
    "sweep",
]


def __getattr__(name: str) -> Any:
    # Names are fetched when asked for, so that `enforcement-sim --help` need not import pandas.
    from importlib import import_module

    where = {
        "EnforcementSimError": ".errors", "ScenarioError": ".errors", "Results": ".studies.replicate",
        "cases": ".api", "cohorts": ".api", "compare": ".api", "export": ".api", "load": ".api", "run": ".api",
        "sweep": ".api",
    }  # fmt: skip
    if name not in where:
        raise AttributeError(f"module 'enforcement_sim' has no attribute '{name}'")
    return getattr(import_module(where[name], __name__), name)
