"""The pages of a sweep: its maps over the levers and, where there are very many points, their list apart."""

from __future__ import annotations

from ..page import Page
from ..questions import question_sections
from ..sweep import points_part, sweep_parts
from ..sweep_tables import MANY
from .shown import Shown


def explorer(shown: Shown) -> list[Page]:
    """The pages; none without a sweep."""
    if shown.sweep is None:
        return []
    asked = [] if shown.answers is None else question_sections(shown.answers, shown.names)
    parts = sweep_parts(shown.sweep, asked)
    places = [place for part in parts for by_place in part.figures.values() for place in by_place if place]
    pages = [Page("explorer", parts, list(dict.fromkeys(places)))]
    if len(shown.sweep.points) > MANY:
        pages.append(Page("points", [points_part(shown.sweep)]))
    return pages
