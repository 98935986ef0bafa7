"""The explorer of a sweep: levers and measures of all points at once, and a map and a table of each measure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from ..measures.frame import ALL
from ..model.figures import Language
from . import charts
from .figure import Figure
from .html import both, say, section
from .html import table as html_table
from .levers import lever_name, lever_value
from .page import ByPlace, Part
from .parallel import levers_part
from .rows import NO_LEVEL, figure, named, spread
from .scatter import amounts, scatter
from .sweep_tables import (
    FIXED,
    MANY,
    SHARES,
    SWEEP_MEASURES,
    SweepTables,
    axis_html,
    extremes,
    last_year,
    map_heading,
    map_title,
    mapped_items,
)
from .words import LANGUAGES, word

INCOMPLETE = ' <span class="missed" title="incomplete · 不完整">⚠</span>'
MOST_ITEMS = 3
"""Clocks, or teams, that get a map each: those that the levers move most. The table of the sweep has all."""
MOST_CELLS = 1_000
"""Points times jurisdictions of all maps that have a choice of jurisdictions; the other maps are of all together. The
most moved item of each measure comes first."""
MOST_LISTED = 1_000
"""Points that are listed; the table of the sweep has all."""


def sweep_parts(sweep: SweepTables, more: Sequence[Part] = ()) -> list[Part]:
    """What the sweep rests on, then `more`, all levers beside the main measures, maps of each, and the points.

    With more than MANY points the points stand apart (`points_part`), and fewer items get a map.
    """
    table, is_large = sweep.table, len(sweep.points) > MANY
    parts = [Part("whole", say("whole"), _in_short(sweep)), *more, *levers_part(sweep)]
    maps: dict[tuple[str, str], pd.DataFrame] = {}
    for measure in SWEEP_MEASURES:
        rows = last_year(table[(table["field"] == "all") & (table["measure"] == measure)])
        for item in mapped_items(rows, measure, 1 if is_large else MOST_ITEMS):
            maps[measure, item] = rows[rows["item"] == item]
    parts += [_map_part(rows, *key, sweep) for key, rows in _in_room(maps, 0 if is_large else MOST_CELLS).items()]
    return parts if is_large else [*parts, points_part(sweep)]


def _in_room(maps: dict[tuple[str, str], pd.DataFrame], room: int) -> dict[tuple[str, str], pd.DataFrame]:
    """The maps, as many of them with all jurisdictions as there is room for, the others of all together."""
    nth = {key: [other for other in maps if other[0] == key[0]].index(key) for key in maps}
    whole = set()
    for key in sorted(maps, key=nth.__getitem__):
        if key[0] == "use" or len(maps[key]) <= room:
            whole.add(key)
            room -= 0 if key[0] == "use" else len(maps[key])
    return {key: rows if key in whole else rows[rows["jurisdiction"] == "all"] for key, rows in maps.items()}


def points_part(sweep: SweepTables) -> Part:
    """The list of points."""
    return Part("points", say("points"), _points(sweep))


def _map_part(shown: pd.DataFrame, measure: str, item: str, sweep: SweepTables) -> Part:
    key = measure if item == "all" else f"{measure}-{item}"
    figures: ByPlace = {
        "" if measure == "use" else str(place): _map(here, sweep, measure, item)
        for place, here in shown.groupby("jurisdiction", sort=False)
    }
    heading = map_heading(measure, item, sweep.names)
    return Part(
        key,
        heading,
        _sweep_section(key, heading, shown, "share" if measure in SHARES else "fine", sweep),
        {key: figures},
    )


def _map(here: pd.DataFrame, sweep: SweepTables, measure: str, item: str) -> dict[Language, Figure]:
    def title(code: Language) -> str:
        marks = ["incomplete"] * (not here["complete"].all()) + ["overloaded"] * bool(here["overloaded"].any())
        unit = ", %" if measure in SHARES else ""
        return " · ⚠ ".join([map_title(measure, item, sweep.names, code) + unit, *(word(mark, code) for mark in marks)])

    here = here.assign(marked=here["overloaded"] | ~here["complete"])
    if measure in SHARES:
        here = here.assign(**{key: 100 * here[key] for key in ("mean", "low", "high")})
    moved = [column for column in sweep.points.columns if column not in FIXED and column in here]
    if list(sweep.axes) == ["point"] and any(amounts(here[column]) is not None for column in moved):
        return {code: scatter(here, moved, title(code), code) for code in LANGUAGES}
    found = {}
    for code in LANGUAGES:
        axes = {axis: lever_name(axis, sweep.names, code) for axis in sweep.axes}
        found[code] = charts.sweep_map(here, axes, measure, title(code), code)
    return found


def _in_short(sweep: SweepTables) -> str:
    """What a reader must know before anything else: whether the sweep is whole, and whether means are levels."""
    lacking = int((~sweep.points["complete"].astype(bool)).sum())
    key, mark = ("sweep_whole", "") if lacking == 0 else ("sweep_lacking", " caution")
    said = both(lambda code: word(key, code).format(lacking=lacking, points=len(sweep.points)))
    why = f" {say(f'sweep_ended_{sweep.ended}')}" if sweep.ended else ""
    boxes = f'<p class="box{mark}">{said}{why}</p>'
    if over := int(sweep.points["overloaded"].str.len().gt(0).sum()):
        told = both(lambda code: word("sweep_overloaded", code).format(count=over, points=len(sweep.points)))
        boxes += f'<p class="box caution">{told}</p>'
    return f'<section id="whole"><h2 id="h-whole">{say("whole")}</h2>{boxes}</section>'


def _points(sweep: SweepTables) -> str:
    """Every point with what it changes, so that nobody has to guess what stands behind a number or a future."""
    own = [column for column in sweep.points.columns if column not in FIXED]
    shown = [key for key in ("scenario", "future") if sweep.points[key].notna().any()]
    heads = [
        say("point"),
        *(say(key) for key in shown),
        *(f"{axis_html(path, sweep.names)}<br><small><code>{escape(path)}</code></small>" for path in own),
    ]
    heads += [say("replications"), say("state")]
    lines = []
    for row in sweep.points.head(MOST_LISTED).to_dict("records"):
        cells = [f"<code>{escape(row['name'])}</code>", *(escape(lever_value(key, row[key])) for key in [*shown, *own])]
        state = say("complete") if row["complete"] else f'<span class="missed">⚠ {say("incomplete")}</span>'
        failures = f"<br><small>{escape(row['failures'])}</small>" if row["failures"] else ""
        parts = [one for one in row["overloaded"] if one != ALL] or row["overloaded"]
        over = ", ".join(named(one, sweep.names) for one in parts)
        over = over and f'<br><small class="missed">⚠ {say("overloaded")}: {over}</small>'
        cells += [f"{row['used']} / {row['asked']}", state + over + failures]
        lines.append(("", cells))
    more = len(sweep.points) - MOST_LISTED
    left = both(lambda code: word("points_left", code).format(count=more)) if more > 0 else ""
    before = f'<p class="how">{left}</p>' if left else ""
    return section("points", "points_how", None, html_table(heads, lines, numbers_from=len(heads)), before=before)


def _sweep_section(key: str, heading: str, rows: pd.DataFrame, form: str, sweep: SweepTables) -> str:
    heads = [*(axis_html(axis, sweep.names) for axis in sweep.axes), say("mean"), say("interval")]
    lines = []
    if len(rows) > MANY and rows["jurisdiction"].nunique() == 1:
        rows = rows.loc[extremes(rows["mean"])]
    for row in rows.to_dict("records"):
        mark = ("" if row["complete"] else INCOMPLETE) + (NO_LEVEL if row["overloaded"] else "")
        cells = [escape(lever_value(axis, row[axis])) for axis in sweep.axes]
        lines.append(
            (row["jurisdiction"], [*cells, figure(row["mean"], form, mark), spread(row["low"], row["high"], form)])
        )
    return section(key, "map_how", key, html_table(heads, lines, numbers_from=0), heading=heading)
