"""Pages that need no network: style, program and data are inside, but for the program that draws, which all share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..model.figures import Language, Title
from .figure import Figure
from .html import both, label, say
from .words import LANGUAGES, WORDS, Names, name, word

ByPlace = Mapping[str, Mapping[Language, Figure]]
"""The figures of a chart by jurisdiction ("" for a chart that has none) and language."""
Figures = Mapping[str, ByPlace]
"""By chart."""
PLOTLY = "plotly.min.js"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page, as HTML, with the figures of its charts; `heading` is HTML."""

    key: str
    heading: str
    html: str
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its key (the stem of its file, and a word), its parts, and the jurisdictions one can choose from.

    `scripts` are programs of its own: text of JavaScript that runs after the page's.
    """

    key: str
    parts: Sequence[Part]
    places: Sequence[str] = ()
    scripts: Sequence[str] = ()

    @property
    def figures(self) -> Figures:
        """The figures of all parts."""
        return {chart: by_place for part in self.parts for chart, by_place in part.figures.items()}


@dataclass(frozen=True, slots=True)
class Cover:
    """What all pages of a report have in common: its title, what it says of itself (HTML), its language at first."""

    title: Title
    kind: str
    facts: str
    names: Names
    language: Language


def write_set(folder: Path, cover: Cover, pages: Sequence[Page]) -> Path:
    """Write a file for each page and, beside them, the program that draws; gives the first page."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / PLOTLY, _plotly())
    for page in pages:
        others = "".join(_link(other, f"{other.key}.html", other is page) for other in pages) if len(pages) > 1 else ""
        write(folder / f"{page.key}.html", _html(cover, [page], others, f'<script src="{PLOTLY}"></script>'))
    return folder / f"{pages[0].key}.html"


def write_single(path: Path, cover: Cover, pages: Sequence[Page]) -> Path:
    """Write all pages below each other in one file, with the program that draws inside."""
    write(path, single_html(cover, pages))
    return path


def single_html(cover: Cover, pages: Sequence[Page]) -> str:
    """All pages below each other as the text of one file."""
    links = "".join(_link(page, f"#page-{page.key}", False) for page in pages) if len(pages) > 1 else ""
    has_charts = any(page.figures for page in pages)
    return _html(cover, pages, links, f"<script>{_plotly()}</script>" if has_charts else "")


def _link(page: Page, href: str, is_here: bool) -> str:
    here = ' aria-current="page"' if is_here else ""
    return f'<a href="{escape(href)}"{here}>{say(f"page_{page.key}")}</a>'


def _html(cover: Cover, pages: Sequence[Page], links: str, plotly: str) -> str:
    title, language = cover.title, cover.language
    kinds = [f"page_{pages[0].key}", cover.kind] if links and len(pages) == 1 else [cover.kind]
    titles = {
        code: " – ".join([text, *(word(kind, code) for kind in kinds)])
        for code, text in zip(LANGUAGES, (title.en, title.zh), strict=True)
    }
    places = list(dict.fromkeys(place for page in pages for place in page.places))
    figures = {chart: by_place for page in pages for chart, by_place in page.figures.items()}
    root = (
        f'<html lang="{"zh-CN" if language == "zh" else "en"}" data-lang="{language}" '
        f'data-title-en="{escape(titles["en"])}" data-title-zh="{escape(titles["zh"])}" '
        f'data-nothing-en="{word("no_data", "en")}" data-nothing-zh="{word("no_data", "zh")}">'
    )
    heading = both(lambda code: title.en if code == "en" else title.zh)
    bodies, phrases = _shortened("".join(_body(page, len(pages) > 1) for page in pages))
    if len(pages) > 1:  # what leads to another page leads further down
        bodies = re.sub(r'href="(\w+)\.html" data-page', r'href="#page-\1" data-page', bodies)
    return "\n".join(
        [
            "<!doctype html>",
            root,
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(titles[language])}</title>",
            f"<style>{_asset('page.css')}</style></head><body>",
            f'<a class="skip" href="#main">{say("skip")}</a>',
            f'<header><p class="kind">{say(cover.kind)}</p><h1>{heading}</h1>',
            f'<p class="facts">{cover.facts}</p></header>',
            f'<div class="bar"><div><nav {label("pages")}>{links}</nav>{_chooser(places, cover.names)}',
            f'<button type="button" id="language" lang="{"en" if language == "zh" else "zh-CN"}">'
            f"{say('language')}</button></div></div>",
            '<main id="main" tabindex="-1">',
            bodies,
            "</main>",
            f"<noscript><p>{say('needs_script')}</p></noscript>",
            f"<footer><p>{say('interval_note')}</p></footer>",
            f'<script type="application/json" id="phrases">{_safe(_text(phrases))}</script>',
            f'<script type="application/json" id="figures">{_json(figures)}</script>',
            plotly,
            *(f"<script>{_asset(file)}</script>" for file in ("saving.js", "page.js")),
            *(f"<script>{script}</script>" for page in pages for script in page.scripts),
            "</body></html>",
        ]
    )


def _body(page: Page, is_one_of_many: bool) -> str:
    """The parts of a page below links to them; in a file of several pages with its name above."""
    links = "".join(f'<a href="#{escape(part.key)}">{part.heading}</a>' for part in page.parts)
    contents = f'<nav class="contents" {label("contents")}>{links}</nav>' if len(page.parts) > 1 else ""
    told = f"page_{page.key}_how"
    how = f'<p class="lead">{say(told)}</p>' if told in WORDS else ""
    head = f'<p class="chapter" id="page-{escape(page.key)}">{say(f"page_{page.key}")}</p>' if is_one_of_many else ""
    return f'<div class="page">{head}{how}{contents}{"".join(part.html for part in page.parts)}</div>'


def _chooser(places: Sequence[str], names: Names) -> str:
    if not places:
        return ""
    options = "".join(
        f'<option value="{escape(place)}" data-en="{escape(name(place, names, "en"))}" '
        f'data-zh="{escape(name(place, names, "zh"))}">{escape(name(place, names, "en"))}</option>'
        for place in places
    )
    return (
        f'<span class="choice"><label for="place">{say("jurisdiction")}</label>'
        f'<select id="place">{options}</select></span>'
    )


def _json(figures: Figures) -> str:
    """All figures, with every layout once: those of the jurisdictions of a chart are mostly the same."""
    layouts: dict[str, int] = {}

    def kept(layout: dict[str, Any]) -> int:
        return layouts.setdefault(_text(layout), len(layouts))

    charts = {
        chart: {place: _bilingual(by_language, kept) for place, by_language in by_place.items()}
        for chart, by_place in figures.items()
    }
    return _safe(f'{{"charts":{_text(charts)},"layouts":[{",".join(layouts)}]}}')


_PHRASE = re.compile(r'<span lang="en">[^<]*</span><span lang="zh-CN">[^<]*</span>')


def _shortened(html: str) -> tuple[str, list[str]]:
    """A page's body with every phrase that stands in it in both languages replaced by its number, and the phrases.

    Names of places and clocks stand in hundreds of rows, and would be most of a page; its program puts them back.
    """
    phrases: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"<i w={phrases.setdefault(found[0], len(phrases))}></i>"

    return _PHRASE.sub(number, html), list(phrases)


def expanded(html: str) -> str:
    """The text of a page as its program shows it, with every phrase in its place."""
    told = json.loads(html.partition('id="phrases">')[2].partition("</script>")[0] or "[]")
    return re.sub(r"<i w=(\d+)></i>", lambda found: str(told[int(found[1])]), html)


def _safe(text: str) -> str:
    """JSON that can stand inside a script element, which "</" would end."""
    return text.replace("</", "<\\/")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bilingual(by_language: Mapping[Language, Figure], kept: Callable[[dict[str, Any]], int]) -> dict[str, Any]:
    """The English figure whole, and of the Chinese one only what differs: the numbers are most of a page."""
    english, chinese = (by_language[language].plain() for language in LANGUAGES)
    traces = [_other(*both_) for both_ in zip(english["data"], chinese["data"], strict=True)]
    return {"data": english["data"], "layout": [kept(english["layout"]), kept(chinese["layout"])], "zh": traces}


def _other(one: Any, another: Any) -> Any:
    """What of a value is another than in the first; of mappings, and lists of them, only the keys that differ."""
    if isinstance(one, dict) and isinstance(another, dict):
        return {key: _other(one.get(key), value) for key, value in another.items() if one.get(key) != value}
    if _is_of_mappings(one) and _is_of_mappings(another) and len(one) == len(another):
        return [_other(first, second) for first, second in zip(one, another, strict=True)]
    return another


def _is_of_mappings(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _asset(file: str) -> str:
    return resources.files(__package__).joinpath("assets", file).read_text(encoding="utf-8")


def _plotly() -> str:
    """The program that draws, from the files of plotly's package; to import it would take longer than to read them."""
    package = find_spec("plotly")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "package_data" / PLOTLY).read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """Write a page, or leave the one that was there."""
    if not isinstance(path, Path):  # in a store elsewhere, where a file is written whole or not at all
        path.write_text(text, encoding="utf-8")
        return
    partial = path.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
