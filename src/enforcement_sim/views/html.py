"""Small pieces of HTML, every text in both languages and escaped."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from html import escape

from ..model.figures import Language, Title
from .words import LANGUAGES, word

Say = Callable[[Language], str]
_PERCENT = re.compile(r"(?<=\d) %")
"""Chinese sets percent signs without a space, English with one at which no line breaks."""


class Number(str):
    """The text of a cell that shows a number, with the number itself: what is exported has all its digits."""

    __slots__ = ("value",)
    value: float

    def __new__(cls, value: float, text: str) -> Number:
        """A number as it is shown."""
        made = super().__new__(cls, text)
        made.value = value
        return made


class Span(str):
    """The text of a cell that shows an interval, with its ends."""

    __slots__ = ("high", "low")
    low: float
    high: float

    def __new__(cls, low: float, high: float, text: str) -> Span:
        """An interval as it is shown."""
        made = super().__new__(cls, text)
        made.low, made.high = low, high
        return made


Cell = str
"""HTML; a `Number` or `Span` where a number stands in it."""


def both(say: Say) -> str:
    """A text in both languages, of which the page shows one."""
    en, zh = (say(language) for language in LANGUAGES)
    if en == zh:
        return escape(en)
    texts = (("en", _PERCENT.sub("\u00a0%", en)), ("zh-CN", _PERCENT.sub("%", zh)))
    return "".join(f'<span lang="{code}">{escape(text)}</span>' for code, text in texts)


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
        inner = "".join(_cell(cell, i >= numbers_from) for i, cell in enumerate(cells))
        lines.append(f"<tr{mark}>{inner}</tr>")
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="scroll" tabindex="0" role="region" {label("table")}><table>{body}</table></div>'


def _cell(cell: Cell, is_number: bool) -> str:
    # What has a number is set flush right by that, which saves a page of thousands of them a class each.
    if isinstance(cell, Number) and math.isfinite(cell.value):
        return f"<td data-v={exact(cell.value)}>{cell}</td>"
    if isinstance(cell, Span) and math.isfinite(cell.low) and math.isfinite(cell.high):
        return f'<td data-v="{exact(cell.low)} {exact(cell.high)}">{cell}</td>'
    return f'<td class="n">{cell}</td>' if is_number else f"<td>{cell}</td>"


def exact(value: float) -> str:
    """A number with seven digits, more than any of them is sure of."""
    return f"{value:.7g}"


def label(key: str, more: str = "") -> str:
    """The attributes of a label that is heard and not seen; the page's program turns it to the chosen language."""
    english, chinese = (escape(f"{word(key, language)} {more}".strip()) for language in LANGUAGES)
    return f'aria-label="{english}" data-aria-en="{english}" data-aria-zh="{chinese}"'


def section(
    key: str,
    how: str,
    chart: str | None,
    content: str,
    *,
    heading: str = "",
    before: str = "",
    second: str | None = None,
    wide: bool = False,
    after: str = "",
) -> str:
    """A section with heading, explanation, chart and table beside it.

    `heading` is the HTML that stands for the word of the key, `before` and `after` stand above and below chart and
    table, `second` is another chart of the same table. With that, or if the chart is to be `wide`, all stand below each
    other.
    """
    shape = "below" if second or wide else "beside" if chart else "alone"
    figure = "".join(chart_box(one) for one in (chart, second) if one)
    if second:
        figure = f'<div class="two">{figure}</div>'
    return (
        f'<section id="{escape(key)}"><h2 id="h-{escape(key)}">{heading or say(key)}</h2>{before}'
        f'<p class="how">{say(how)}</p><div class="{shape}">{figure}{data_box(content)}{after}</div></section>'
    )


def chart_box(chart: str, height: int = 0) -> str:
    """Where a chart is drawn, with what it can be saved as; `height` in pixels, if it is another than the usual."""
    room = f' style="min-height:{height}px"' if height else ""
    name = escape(chart)
    buttons = "".join(_save(kind, kind.upper(), "save_chart") for kind in ("png", "svg", "pdf", "xlsx"))
    return (
        f'<figure><div class="chart" data-chart="{name}" role="group" {label("chart")}{room}></div>'
        f'<figcaption class="tools">{buttons}</figcaption></figure>'
    )


def _save(kind: str, form: str, what: str) -> str:
    return f'<button type="button" class="save" data-save="{kind}" {label(what, form)}>{form}</button>'


def data_box(content: str) -> str:
    """A table with what it can be saved as."""
    buttons = _save("csv", "CSV", "save_table") + _save("table", "XLSX", "save_table")
    tools = f'<div class="tools">{buttons}</div>' if "<table" in content else ""
    return f'<div class="data">{content}{tools}</div>'
