"""A report of results, as a folder of pages or as one file."""

from __future__ import annotations

from pathlib import Path

from ..model.figures import Language
from ..views.pages.all import write_report
from ..views.pages.shown import Shown

FOLDER, SINGLE = "report", "report.html"


def write(out: Path, shown: Shown, language: Language = "en", *, single: bool = False) -> Path:
    """Write a report into a folder of results: pages below `report`, or one file beside it; gives what to open."""
    return write_report(out / (SINGLE if single else FOLDER), shown, language=language, single=single)
