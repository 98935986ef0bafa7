"""Small pieces of HTML, every text in both languages and escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from ..model.figures import Language, Title
from .words import LANGUAGES, word

Cell = str
Say = Callable[[Language], str]


def both(say: Say) -> str:
    """A text in both languages, of which the page shows one."""
    texts = [say(language) for language in LANGUAGES]
    if texts[0] == texts[1]:
        return escape(texts[0])
    codes = ("en", "zh-CN")
    return "".join(f'<span lang="{code}">{escape(text)}</span>' for code, text in zip(codes, texts, strict=True))


def titled(title: Title) -> str:
    """A name that the scenario gives in both languages."""
    return both(lambda language: title.en if language == "en" else title.zh)


def fact_line(facts: Sequence[tuple[str, str]]) -> str:
    """What a page says of itself below its title: pairs of a word and its value, both HTML."""
    return "".join(f'<span class="fact">{what}: <b>{value}</b></span> ' for what, value in facts)


def say(key: str) -> str:
    """A word of the report in both languages."""
    return both(lambda language: word(key, language))


def table(headings: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], *, numbers_from: int) -> str:
    """A table; each row carries the jurisdiction that it belongs to ("" for none), cells are HTML.

    Columns from `numbers_from` on hold numbers and are set flush right.
    """
    right = ["" if i < numbers_from else ' class="n"' for i in range(len(headings))]
    head = "".join(f'<th scope="col"{side}>{text}</th>' for text, side in zip(headings, right, strict=True))
    lines = []
    for place, cells in rows:
        mark = f' data-place="{escape(place)}"' if place else ""
        inner = "".join(
            f'<td class="n">{cell}</td>' if i >= numbers_from else f"<td>{cell}</td>" for i, cell in enumerate(cells)
        )
        lines.append(f"<tr{mark}>{inner}</tr>")
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="scroll" tabindex="0"><table>{body}</table></div>'


def section(key: str, how: str, chart: str | None, content: str) -> str:
    """A section with heading, explanation, chart and table beside it."""
    figure = f'<div class="chart" data-chart="{chart}" role="img" aria-labelledby="h-{key}"></div>' if chart else ""
    shape = "beside" if chart else "alone"
    button = f'<button type="button" class="csv">{say("csv")}</button>' if "<table" in content else ""
    return (
        f'<section id="{key}"><h2 id="h-{key}">{say(key)}</h2><p class="how">{say(how)}</p>'
        f'<div class="{shape}">{figure}<div class="data">{content}{button}</div></div></section>'
    )
