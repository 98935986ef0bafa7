"""Every word of the report, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

from ..measures.start import Start
from ..model.figures import Language, Title

LANGUAGES: tuple[Language, Language] = ("en", "zh")

WORDS: dict[str, dict[Language, str]] = json.loads(
    resources.files(__package__).joinpath("assets", "words.json").read_text(encoding="utf-8")
)

Names = Mapping[str, Title]


def start_told(start: Start, language: Language) -> str:
    """How a run starts, in words."""
    numbers = {"days": start.days, "cases": start.cases, "median": start.median_age, "oldest": start.oldest_age}
    return word(f"start_{start.kind}", language).format(**{key: _short(value) for key, value in numbers.items()})


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def word(key: str, language: Language) -> str:
    """A word of the report."""
    return WORDS[key][language]


def name(key: str, names: Names, language: Language) -> str:
    """The name of a thing of the scenario; its key where the scenario gives none."""
    if key == "all":
        return word("all", language)
    if key in names:
        return names[key].en if language == "en" else names[key].zh
    if "/" in key:
        return " · ".join(name(part, names, language) for part in key.split("/"))
    return key
