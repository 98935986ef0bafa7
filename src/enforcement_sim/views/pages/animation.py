"""The page on which cases move through the offices over the day of the reform."""

from __future__ import annotations

from ..animation import animation_section
from ..animation_table import Shown as Moving
from ..html import say
from ..page import Page, Part
from .shown import Shown


def animation(shown: Shown) -> Page | None:
    """The page; none where no log was looked into."""
    if shown.movements is None:
        return None
    base = None if len(shown.tables) < 2 else shown.base.scenario
    moving = Moving(shown.movements, shown.names, shown.tables[-1].scenario, base)
    return Page("animation", [Part("animation", say("anim_title"), animation_section(moving))])
