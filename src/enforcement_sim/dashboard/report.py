"""The report of a run: all of its pages in one file."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from ..model.figures import Language, Title
from ..reports.material import of_results
from ..studies.replicate import Results
from ..views.pages.all import write_report
from .kept import Kept
from .run import Run, Side

_one_at_a_time = threading.Lock()
"""A report simulates a replication of each side again, and the engines keep what they work on in the process."""


def report_of(run: Run, kept: Kept, path: Path, language: Language) -> None:
    """Write the report of a run, on the replications that both of its sides have, as one file at a path."""
    sides = [("base", run.base)] if run.changed.key == run.base.key else [("base", run.base), ("changed", run.changed)]
    with _one_at_a_time:
        write_report(path, of_results([_results(run, kept, *one) for one in sides]), language=language, single=True)


def _results(run: Run, kept: Kept, name: str, side: Side) -> Results:
    """What one side found; the changed one is told apart by its title."""
    findings, digests = kept.findings(side.key, run.both)
    found = Results(name, side.scenario, run.seed, findings, tuple(digests))
    if name == "base":
        return found
    title = side.scenario.title
    told = Title(en=f"{title.en} (changed)", zh=f"{title.zh}（变更后）")
    return replace(found, scenario=side.scenario.model_copy(update={"title": told}))
