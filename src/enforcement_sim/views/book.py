"""The validation book as Markdown pages and as one page in two languages that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..model.figures import Language
from . import page
from .book_parts import Cell, Grid, Part, Row, said
from .html import both, table, titled

FAILING = "🔴"
WRITTEN = "Written by `enforcement-sim book` from `results/validation`; a test holds it to that."


def book_markdown(parts: Sequence[Part], language: Language = "en") -> str:
    """Chapters in one language; a line that fails begins with a red dot, since Markdown has no colours."""
    found: list[str] = []
    for part in parts:
        found += [f"## {_in(said(part.key), language)}", _in(part.text, language)]
        for grid in part.grids:
            if grid.heading is not None:
                found.append(f"### {_in(grid.heading, language)}")
            found.append(_grid(grid, language))
    return "\n\n".join(found) + "\n"


def book_html(parts: Sequence[Part], language: Language = "en") -> str:
    """The whole book; what fails is red."""
    sections = [page.Part(part.key, titled(said(part.key)), _section(part)) for part in parts]
    cover = page.Cover(said("title"), "report", titled(said("what")), {}, language)
    return page.single_html(cover, [page.Page("book", sections)])


def _in(cell: Cell, language: Language) -> str:
    return cell if isinstance(cell, str) else cell.en if language == "en" else cell.zh


def _grid(grid: Grid, language: Language) -> str:
    heads = [_in(said(head), language) for head in grid.heads]
    rules = ["---" if number < grid.numbers_from else "--:" for number in range(len(heads))]
    lines = [heads, rules, *(_line(row, language) for row in grid.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _line(row: Row, language: Language) -> list[str]:
    # A bar would end the cell, a star begin slanted letters, and an angle bracket a tag.
    cells = [_in(cell, language) for cell in row.cells]
    cells = [cell.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;") for cell in cells]
    return [f"{FAILING} {cells[0]}", *cells[1:]] if row.fails else cells


def _section(part: Part) -> str:
    text = both(lambda language: _in(part.text, language).replace("`", ""))  # marks of Markdown
    inner = f'<p class="how">{text}</p>'
    for grid in part.grids:
        heading = "" if grid.heading is None else f"<h3>{titled(grid.heading)}</h3>"
        heads = [titled(said(head)) for head in grid.heads]
        rows = [("", [_cell(cell, row.fails) for cell in row.cells]) for row in grid.rows]
        inner += heading + table(heads, rows, numbers_from=grid.numbers_from)
    return f'<section id="{part.key}"><h2>{titled(said(part.key))}</h2>{inner}</section>'


def _cell(cell: Cell, fails: bool) -> str:
    told = escape(cell) if isinstance(cell, str) else both(lambda language: _in(cell, language))
    return f'<b class="failing">{told}</b>' if fails else told
