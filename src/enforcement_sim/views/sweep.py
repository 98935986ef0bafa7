"""The page of a sweep: a map and a table of each measure over its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..measures.frame import ALL
from ..model.figures import Language, Title
from . import charts, theme
from .figure import Figure
from .html import both, fact_line, say, section
from .html import table as html_table
from .page import page, write
from .rows import NO_LEVEL, named
from .scatter import amounts, scatter
from .words import LANGUAGES, Names, name, word

SWEEP_MEASURES = {
    "backlog_at_end": "open_at_end",
    "overdue_share": "overdue",
    "days_median": "resolution",
    "use": "staff",
}
"""What a sweep page maps, and the word that stands for it."""
INCOMPLETE = ' <span class="missed" title="incomplete · 不完整">⚠</span>'
LEAST_CHANGE = 0.02
"""A team whose use never changes by more than this over the sweep gets no map of its own."""


MANY = 200
"""With more points only all jurisdictions together are shown: nobody reads more, and no browser shows it in time."""


FIXED = ("name", "scenario", "future", "used", "asked", "complete", "failures", "overloaded")
"""Columns of the table of points that every sweep has; the others are its axes and paths."""


@dataclass(frozen=True, slots=True)
class SweepTables:
    """What a sweep page shows.

    `table` is the table of the sweep (with `complete` and `overloaded`), `axes` its columns over which the measures are
    mapped, and `points` a row for each point: name, scenario, future, its values by axis and path, used and asked
    replications, complete, why some failed, and the names of what is overloaded. `ended` says which budget was used up
    ("", runs or time).
    """

    title: Title
    table: pd.DataFrame
    axes: Sequence[str]
    points: pd.DataFrame
    ended: str
    names: Names


@dataclass(frozen=True, slots=True)
class More:
    """Sections (key, heading, HTML) that stand before the maps, and their charts."""

    sections: Sequence[tuple[str, str, str]] = ()
    figures: Mapping[str, Mapping[str, Mapping[Language, Figure]]] = field(default_factory=dict)


def write_sweep_report(path: Path, sweep: SweepTables, language: Language = "en", more: Sequence[More] = ()) -> None:
    """Write one offline page with a map of each measure over the points of a sweep, for every jurisdiction."""
    figures: dict[str, Mapping[str, Mapping[Language, Figure]]] = {}
    sections = [("findings", say("findings"), _in_short(sweep))]
    for part in more:
        sections += part.sections
        figures |= part.figures
    table = sweep.table
    if len(sweep.points) > MANY:
        table = table[(table["jurisdiction"] == "all") | (table["measure"] == "use")]
    for measure in SWEEP_MEASURES:
        rows = _last_year(table[(table["field"] == "all") & (table["measure"] == measure)])
        for item in _mapped_items(rows, measure):
            key = measure if item == "all" else f"{measure}-{item}"
            shown = rows[rows["item"] == item]
            figures[key] = {
                "" if measure == "use" else str(place): _map(here, sweep, measure, item)
                for place, here in shown.groupby("jurisdiction", sort=False)
            }
            heading = both(lambda code, m=measure, i=item: _map_title(m, i, sweep.names, code))  # type: ignore[misc]
            sections.append((key, heading, _sweep_section(key, heading, shown, sweep)))
    sections.append(("points", say("points"), _points(sweep)))
    html = page(
        title=sweep.title,
        kind="sweep_report",
        facts=_facts(sweep),
        sections=sections,
        figures=figures,
        places=list(dict.fromkeys(table["jurisdiction"])),
        names=sweep.names,
        language=language,
    )
    write(path, html)


def _map(here: pd.DataFrame, sweep: SweepTables, measure: str, item: str) -> dict[Language, Figure]:
    def title(code: Language) -> str:
        marks = ["incomplete"] * (not here["complete"].all()) + ["overloaded"] * bool(here["overloaded"].any())
        return " · ⚠ ".join([_map_title(measure, item, sweep.names, code), *(word(mark, code) for mark in marks)])

    here = here.assign(marked=here["overloaded"] | ~here["complete"])
    moved = [column for column in sweep.points.columns if column not in FIXED and column in here]
    if list(sweep.axes) == ["point"] and any(amounts(here[column]) is not None for column in moved):
        return {code: scatter(here, moved, title(code), code) for code in LANGUAGES}
    return {code: charts.sweep_map(here, sweep.axes, measure, title(code), code) for code in LANGUAGES}


def _facts(sweep: SweepTables) -> str:
    points = sweep.points
    counts = sorted({int(used) for used in points["used"]})
    told = str(counts[0]) if len(counts) == 1 else f"{counts[0]} … {counts[-1]}"
    return fact_line(
        [
            (say("points"), str(len(points))),
            (say("replications"), told),
            (say("version"), escape(version("enforcement-sim"))),
        ]
    )


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
    return f'<section id="findings"><h2>{say("findings")}</h2>{boxes}</section>'


def _points(sweep: SweepTables) -> str:
    """Every point with what it changes, so that nobody has to guess what stands behind a number or a future."""
    own = [column for column in sweep.points.columns if column not in FIXED]
    shown = [key for key in ("scenario", "future") if sweep.points[key].notna().any()]
    heads = [say("point"), *(say(key) for key in shown), *(f"<code>{escape(path)}</code>" for path in own)]
    heads += [say("replications"), say("state")]
    lines = []
    for row in sweep.points.to_dict("records"):
        cells = [f"<code>{escape(row['name'])}</code>", *(escape(plain(row[key])) for key in [*shown, *own])]
        state = say("complete") if row["complete"] else f'<span class="missed">⚠ {say("incomplete")}</span>'
        failures = f"<br><small>{escape(row['failures'])}</small>" if row["failures"] else ""
        parts = [one for one in row["overloaded"] if one != ALL] or row["overloaded"]
        over = ", ".join(named(one, sweep.names) for one in parts)
        over = over and f'<br><small class="missed">⚠ {say("overloaded")}: {over}</small>'
        cells += [f"{row['used']} / {row['asked']}", state + over + failures]
        lines.append(("", cells))
    return section("points", "points_how", None, html_table(heads, lines, numbers_from=len(heads)))


def plain(value: object) -> str:
    """A value of an axis as text; a dash where there is none."""
    if value is None or value != value:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _last_year(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period"] == rows.groupby(["jurisdiction", "item"])["period"].transform("max")]


def _mapped_items(rows: pd.DataFrame, measure: str) -> list[str]:
    if measure == "backlog_at_end":
        return ["all"]
    spread = rows.groupby("item", sort=False)["mean"].agg(lambda means: means.max() - means.min())
    return [str(item) for item, wide in spread.items() if measure != "use" or wide > LEAST_CHANGE]


def _map_title(measure: str, item: str, names: Names, language: Language) -> str:
    return word(SWEEP_MEASURES[measure], language) + ("" if item == "all" else f" · {name(item, names, language)}")


def _sweep_section(key: str, heading: str, rows: pd.DataFrame, sweep: SweepTables) -> str:
    heads = [say("jurisdiction"), *(_axis(axis) for axis in sweep.axes), say("mean"), say("interval")]
    lines = []
    for row in rows.to_dict("records"):
        mark = ("" if row["complete"] else INCOMPLETE) + (NO_LEVEL if row["overloaded"] else "")
        cells = [named(row["jurisdiction"], sweep.names), *(escape(plain(row[axis])) for axis in sweep.axes)]
        known = row["low"] == row["low"]
        interval = f"{theme.number(row['low'], 2)} … {theme.number(row['high'], 2)}" if known else "–"
        lines.append((row["jurisdiction"], [*cells, theme.number(row["mean"], 2) + mark, interval]))
    return (
        f'<section id="{escape(key)}"><h2>{heading}</h2><div class="beside">'
        f'<div class="chart" data-chart="{escape(key)}"></div>'
        f'<div class="data">{html_table(heads, lines, numbers_from=1)}'
        f'<button type="button" class="csv">{say("csv")}</button></div></div></section>'
    )


def _axis(axis: str) -> str:
    """An axis by its name: a word of ours, or the path that the sweep moves."""
    return say(axis) if axis in ("scenario", "future", "point") else f"<code>{escape(axis)}</code>"
