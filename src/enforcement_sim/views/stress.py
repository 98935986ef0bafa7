"""A report after STRESS-DES, as Markdown and as a page that needs no network."""

from __future__ import annotations

from html import escape
from pathlib import Path

from ..measures.stress import Item, StressFacts
from ..measures.stress_cells import Cell, Grid
from ..model.figures import Language, Title
from .flow import flow_svg
from .html import both, table
from .page import Cover, Page, Part, write_single
from .stress_words import stress_word, tell
from .words import LANGUAGES

DIAGRAMS = "2.1"
"""The item that the diagrams of the procedures belong to."""


def stress_markdown(facts: StressFacts, language: Language) -> str:
    """The whole report in one language; diagrams stand in it as SVG."""
    parts = [f"# {tell(facts.title, language)} – {stress_word('stress', language)}", stress_word("what", language)]
    for item in facts.items:
        if _opens(item):
            parts.append(f"## {item.number[0]} {stress_word('section_' + item.number[0], language)}")
        parts.append(f"### {item.number} {stress_word('item ' + item.number, language)}")
        parts += [tell(cell, language) for cell in item.told]
        parts += [_markdown_table(grid, language) for grid in item.grids]
        if item.number == DIAGRAMS:
            parts += [svg for _, svg in _drawings(facts, language)]
        parts.append(f"*{stress_word('by_' + item.filled_by, language)}*")
    return "\n\n".join(parts) + "\n"


def _opens(item: Item) -> bool:
    return item.number.endswith(".1") and item.number.count(".") == 1


def _drawings(facts: StressFacts, language: Language) -> list[tuple[str, str]]:
    """The name and the drawing of each procedure in use."""
    found = []
    for name, body in facts.procedures.items():
        title = name if body.title is None else tell(body.title, language)
        found.append((title, flow_svg(title, body, language)))
    return found


def _markdown_table(grid: Grid, language: Language) -> str:
    heads = [stress_word(f"head_{head}", language) for head in grid.heads]
    rows = [[tell(cell, language).replace("|", "\\|").replace("\n", " ") for cell in row] for row in grid.rows]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_stress_report(path: Path, facts: StressFacts, language: Language = "en") -> None:
    """Write one page in both languages, of which `language` is shown first.

    Raises OSError if the file cannot be written.
    """
    sections: dict[str, list[Item]] = {}
    for item in facts.items:
        sections.setdefault(item.number[0], []).append(item)
    parts = [
        Part(f"s{number}", f"{number} {_word('section_' + number)}", _section(facts, number, items))
        for number, items in sections.items()
    ]
    write_single(path, Cover(_named(facts), "report", _word("what"), {}, language), [Page("stress", parts)])


def _named(facts: StressFacts) -> Title:
    said = {code: f"{tell(facts.title, code)} · {stress_word('stress', code)}" for code in LANGUAGES}
    return Title(en=said["en"], zh=said["zh"])


def _word(key: str) -> str:
    return both(lambda language: stress_word(key, language))


def _told(cell: Cell) -> str:
    return both(lambda language: tell(cell, language))


def _cell(head: str, cell: Cell) -> str:
    """A cell of a table; what has no blanks is set so that it can be broken."""
    told = _told(cell)
    if head == "url" and told.startswith("http"):
        told = f'<a href="{told}" rel="noreferrer">{told}</a>'
    return f"<code>{told}</code>" if head in ("url", "where") else told


def _section(facts: StressFacts, number: str, items: list[Item]) -> str:
    inner = "".join(_item(facts, item) for item in items)
    return f'<section id="s{number}"><h2>{number} {_word("section_" + number)}</h2>{inner}</section>'


def _item(facts: StressFacts, item: Item) -> str:
    parts = [f'<h3 id="i{escape(item.number)}">{item.number} {_word("item " + item.number)}</h3>']
    parts += [f"<p>{_told(cell)}</p>" for cell in item.told]
    for grid in item.grids:
        heads = [_word(f"head_{head}") for head in grid.heads]
        rows = [("", [_cell(*one) for one in zip(grid.heads, row, strict=True)]) for row in grid.rows]
        parts.append(f'<div style="margin:0 0 12px">{table(heads, rows, numbers_from=len(heads))}</div>')
    if item.number == DIAGRAMS:
        for code, tag in zip(LANGUAGES, ("en", "zh-CN"), strict=True):
            # The first stands open; a city has ten procedures, each as long as a page.
            drawn = "".join(
                f"<details{'' if number else ' open'}><summary>{escape(title)}</summary>{svg}</details>"
                for number, (title, svg) in enumerate(_drawings(facts, code))
            )
            parts.append(f'<div lang="{tag}">{drawn}</div>')
    parts.append(f'<p class="how">{_word("by_" + item.filled_by)}</p>')
    return "".join(parts)
