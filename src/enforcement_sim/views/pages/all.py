"""All pages of a report, in their order, and the two forms in which they are written."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from pathlib import Path

from ...model.figures import Language
from ..html import both, fact_line, say
from ..page import Cover, Page, write_set, write_single
from .animation import animation
from .cases import cases
from .clocks import clocks
from .explorer import explorer
from .flows import flows
from .overview import overview
from .quality import quality
from .sensitivity import sensitivity
from .shift import shift
from .shown import Shown, told
from .staffing import staffing


def pages_of(shown: Shown) -> list[Page]:
    """The pages that a study has something for, the overview first."""
    found = [
        shift(shown),
        staffing(shown),
        clocks(shown),
        flows(shown),
        sensitivity(shown),
        *explorer(shown),
        cases(shown),
        animation(shown),
    ]
    others = [page for page in [*found, quality(shown)] if page is not None and page.parts]
    return [overview(shown, [page.key for page in others]), *others]


def write_report(path: Path, shown: Shown, *, language: Language = "en", single: bool = False) -> Path:
    """Write the pages into a folder, or all as one file; gives the file to open first."""
    pages = pages_of(shown)
    write = write_single if single else write_set
    return write(path, cover_of(shown, language), pages)


def cover_of(shown: Shown, language: Language) -> Cover:
    """What all pages say of the study."""
    one = shown.tables[-1]
    period = one.scenario.period
    names = both(lambda code: " · ".join(told(each.title, code) for each in shown.tables))
    facts = [
        (say("scenarios_word" if len(shown.tables) > 1 else "scenario"), names),
        (say("period"), f"{period.start} … {period.end or period.length}"),
        (say("replications"), str(one.replications)),
        (say("seed"), str(one.seed)),
        (say("version"), escape(version("enforcement-sim"))),
    ]
    if one.scenario.stylised_on:
        facts.insert(1, (say("stylised_on"), escape(one.scenario.stylised_on)))
    return Cover(shown.title, "sweep_report" if shown.sweep else "report", fact_line(facts), shown.names, language)
