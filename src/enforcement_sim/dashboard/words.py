"""Every word of the application, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

from ..model.figures import Language, Title

LANGUAGES: tuple[Language, Language] = ("en", "zh")
WORDS: dict[str, dict[Language, str]] = json.loads(
    resources.files(__package__).joinpath("assets", "words.json").read_text(encoding="utf-8")
)


def say(key: str, language: Language, **given: object) -> str:
    """A word or sentence, with what is given put in."""
    told = WORDS[key][language]
    return told.format(**given) if given else told


def titled(title: Title | None, language: Language, otherwise: str = "") -> str:
    """A title in a language."""
    if title is None:
        return otherwise
    return title.en if language == "en" else title.zh


def named(key: str, names: Mapping[str, Title], language: Language) -> str:
    """The name of a thing of the scenario; its key where the scenario gives none."""
    return say("all_places", language) if key == "all" else titled(names.get(key), language, key)
