"""One HTML page that needs no network: style, program and data are all inside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..model.figures import Language, Title
from .figure import Figure
from .html import both, say
from .words import LANGUAGES, Names, name, word

Figures = Mapping[str, Mapping[str, Mapping[Language, Figure]]]
"""By chart, by jurisdiction ("" for a chart that has none), by language."""


def page(
    *,
    title: Title,
    kind: str,
    facts: str,
    sections: Sequence[tuple[str, str, str]],
    figures: Figures,
    places: Sequence[str],
    names: Names,
    language: Language,
) -> str:
    """The whole page; `sections` are (key, heading, HTML)."""
    titles = {code: f"{text} – {word(kind, code)}" for code, text in zip(LANGUAGES, (title.en, title.zh), strict=True)}
    links = "".join(f'<a href="#{key}">{heading}</a>' for key, heading, _ in sections)
    root = (
        f'<html lang="{"zh-CN" if language == "zh" else "en"}" data-lang="{language}" '
        f'data-title-en="{escape(titles["en"])}" data-title-zh="{escape(titles["zh"])}" '
        f'data-nothing-en="{word("no_data", "en")}" data-nothing-zh="{word("no_data", "zh")}">'
    )
    heading = both(lambda code: title.en if code == "en" else title.zh)
    return "\n".join(
        [
            "<!doctype html>",
            root,
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(titles[language])}</title>",
            f"<style>{_asset('page.css')}</style></head><body>",
            f'<header><h1>{heading}</h1><p class="facts">{facts}</p></header>',
            f'<div class="bar"><div>{_chooser(places, names)}',
            f'<nav aria-label="{word("contents", language)}">{links}</nav>',
            f'<button type="button" id="language">{say("language")}</button></div></div>',
            "<main>",
            *(html for *_, html in sections),
            "</main>",
            f"<footer><p>{say('interval_note')}</p></footer>",
            f'<script type="application/json" id="figures">{_json(figures)}</script>',
            *([f"<script>{_plotly()}</script>"] if figures else []),
            f"<script>{_asset('page.js')}</script>",
            "</body></html>",
        ]
    )


def _chooser(places: Sequence[str], names: Names) -> str:
    if not places:
        return ""
    options = "".join(
        f'<option value="{escape(place)}" data-en="{escape(name(place, names, "en"))}" '
        f'data-zh="{escape(name(place, names, "zh"))}"></option>'
        for place in places
    )
    return f'<label for="place">{say("jurisdiction")}</label><select id="place">{options}</select>'


def _json(figures: Figures) -> str:
    plain = {
        chart: {place: _bilingual(by_language) for place, by_language in by_place.items()}
        for chart, by_place in figures.items()
    }
    # "</" inside a script element would end it.
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _bilingual(by_language: Mapping[Language, Figure]) -> dict[str, Any]:
    """The English figure whole, and of the Chinese one only what differs: the numbers are most of a page."""
    english, chinese = (by_language[language].plain() for language in LANGUAGES)
    traces = [
        {key: value for key, value in other.items() if trace.get(key) != value}
        for trace, other in zip(english["data"], chinese["data"], strict=True)
    ]
    return {"data": english["data"], "layout": {"en": english["layout"], "zh": chinese["layout"]}, "zh": traces}


def _asset(file: str) -> str:
    return resources.files(__package__).joinpath("assets", file).read_text(encoding="utf-8")


def _plotly() -> str:
    """The program that draws, from the files of plotly's package; to import it would take longer than to read them."""
    package = find_spec("plotly")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """Write a page, or leave the one that was there."""
    if not isinstance(path, Path):  # in a store elsewhere, where a file is written whole or not at all
        path.write_text(text, encoding="utf-8")
        return
    partial = path.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
