"""Pieces of the page that several of its parts are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from ..model.figures import Language, Title
from . import format as fmt
from .results import ClockRow, Curves, Kind, Row, Spread
from .words import named, say

Part = Any
"""A component of Dash, or a text."""


def table(caption: str, heads: Sequence[Part], lines: Sequence[Sequence[Part]], texts: int = 1) -> Part:
    """A table; the first cell of a line is its heading, and all from column `texts` on are numbers."""
    head = html.Tr([html.Th(text, scope="col", className=_side(i, texts)) for i, text in enumerate(heads)])
    body = [
        html.Tr([
            html.Th(cell, scope="row") if i == 0 else html.Td(cell, className=_side(i, texts))
            for i, cell in enumerate(line)
        ])
        for line in lines
    ]  # fmt: skip
    whole = html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)])
    return html.Div(whole, className="scroll", tabIndex=0, role="region", **aria(label=caption))


def _side(column: int, texts: int) -> str:
    return "number" if column >= texts else ""


def aria(**told: str) -> dict[str, Any]:
    """Properties for readers of screens, such as `label`."""
    return {f"aria-{name}": value for name, value in told.items()}


def graph(figure: dict[str, Any], height: int, **properties: Any) -> Part:
    """A chart without buttons of its own, so many pixels high, as wide as there is room."""
    config: Any = {"displayModeBar": False, "responsive": True}
    return dcc.Graph(figure=figure, config=config, responsive=True, style={"height": f"{height}px"}, **properties)


def problem(text: str) -> Part:
    """What went wrong, letter for letter; nothing for no text."""
    return html.Pre(text, className="problem") if text else None


def note(text: str, kind: str = "note") -> Part:
    """A sentence beside the main thing."""
    return html.P(text, className=kind)


def interval(spread: Spread | None, kind: Kind, language: Language) -> str:
    """An interval, or that it is not known yet."""
    if spread is not None and math.isnan(spread.low):
        return say("interval_unknown", language)
    return fmt.interval(spread, kind)


def measure_table(rows: Sequence[Row], names: Sequence[str], language: Language) -> Part:
    """One measure in the last year: as written, changed and difference with its interval, a line a jurisdiction."""
    measure, year = rows[0].measure, rows[0].year
    heads = [say(key, language) for key in ("place", "side_base", "side_changed", "difference", "interval")]
    lines = [
        [
            name, fmt.level(row.base, measure, language), fmt.level(row.changed, measure, language),
            fmt.change(row.difference, measure), interval(row.difference, measure, language),
        ]
        for row, name in zip(rows, names, strict=True)
    ]  # fmt: skip
    return table(say(f"table_caption_{measure}", language, year=year), heads, lines)


def clock_table(rows: Sequence[ClockRow], names: Mapping[str, Title], place: str, language: Language) -> Part:
    """The legal clocks of the last year at a place, a line for each measure of each."""
    heads = [say(key, language) for key in ("clock", "measure", "side_base", "side_changed", "difference", "interval")]
    lines = [
        [
            named(row.clock, names, language), say(f"clock_{row.measure}", language) + (" *" if row.is_partly else ""),
            fmt.level(row.base, row.kind, language), fmt.level(row.changed, row.kind, language),
            fmt.change(row.difference, row.kind), interval(row.difference, row.kind, language),
        ]
        for row in rows
    ]  # fmt: skip
    whole = table(say("table_caption_clocks", language, year=rows[0].year, place=place), heads, lines, texts=2)
    return html.Div([whole, note(say("clock_partly", language)) if any(row.is_partly for row in rows) else None])


def curve_table(found: Curves, caption: str, language: Language) -> Part:
    """The first week of each month of both curves and their difference, as text."""
    month = found.base["date"].dt.to_period("M")
    first = (~month.duplicated()).to_numpy()
    heads = [say("date", language), say("side_base", language), say("interval", language)]
    heads += [say("side_changed", language), say("interval", language)]
    heads += [say("difference", language), say("interval", language)]
    lines = []
    sides = [side[first].to_dict("records") for side in (found.base, found.changed, found.difference)]
    for base, changed, difference in zip(*sides, strict=True):
        cells = [fmt.date(base["date"].date(), language)]
        for row in (base, changed):
            cells += [fmt.number(row["mean"]), _between(row)]
        cells += [fmt.signed(difference["mean"]), interval(_spread(difference), "open_cases", language)]
        lines.append(cells)
    return table(caption, heads, lines)


def _between(row: Any) -> str:
    known = not math.isnan(row["low"])
    return f"{fmt.number(row['low'])} … {fmt.number(row['high'])}" if known else fmt.NOTHING


def _spread(row: Any) -> Spread:
    return Spread(row["mean"], row["low"], row["high"], row["n"])
