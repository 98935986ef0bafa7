"""What the results of a sweep hang on: a chart and a table of the sensitivities of each measure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import pandas as pd

from ..model.figures import Language
from . import theme
from .figure import Figure, trace
from .html import both, chart_box, data_box, say
from .html import table as html_table
from .page import Part
from .rows import named
from .scatter import significant
from .sweep_tables import LEAST_CHANGE, SWEEP_MEASURES
from .words import LANGUAGES, Names, name, word

NOISY = 0.1
"""A measure of whose variance more may be noise is marked. A tenth is a choice of this package."""
_COLUMNS = {"mu_star": ("mu_star", "mu", "sigma"), "ST": ("ST", "S1", "S2")}
"""Indices that the page tells, by the one that orders the bars. Those with a half width have it under `…_conf`."""


def sensitivity_part(table: pd.DataFrame, names: Names) -> list[Part]:
    """The section of a sweep's indices, with a chart for each measure, scenario and jurisdiction; nothing of no table.

    `table` is that of `studies.sensitivity_table`. Teams whose use hardly moves are left out, as they have no map.
    """
    if table.empty:
        return []
    main = "mu_star" if "mu_star" in table else "ST"
    blocks, figures = [], {}
    for number, (keys, rows) in enumerate(_blocks(table)):
        key = f"sensitivity-{number}"
        figures[key] = {
            "" if keys["measure"] == "use" else str(place): {
                code: _bars(here, main, _title(keys, names, code), code) for code in LANGUAGES
            }
            for place, here in rows[rows[main].notna()].groupby("jurisdiction", sort=False)
        }
        heading = both(lambda code, k=keys: _title(k, names, code))  # type: ignore[misc]
        blocks.append(_block(key, heading, rows, main, names))
    if not blocks:
        return []
    how = "morris_how" if main == "mu_star" else "sobol_indices_how"
    text = (
        f'<section id="sensitivity"><h2>{say("sensitivity")}</h2><p class="how">{say(how)}</p>'
        f'<p class="how">{say("noise_how")}</p>{"".join(blocks)}</section>'
    )
    return [Part("sensitivity", say("sensitivity"), text, {key: some for key, some in figures.items() if some})]


def _blocks(table: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """What is told together: a measure of one item in one scenario, for every jurisdiction."""
    columns = ["item", "scenario"]
    for measure in SWEEP_MEASURES:
        for keys, rows in table[table["measure"] == measure].groupby(columns, sort=False):
            if measure != "use" or (rows["most"] - rows["least"]).max() > LEAST_CHANGE:
                yield {"measure": measure, **dict(zip(columns, map(str, keys), strict=True))}, rows


def _title(keys: dict[str, str], names: Names, language: Language) -> str:
    parts = [word(SWEEP_MEASURES[keys["measure"]], language)]
    parts += [name(keys["item"], names, language)] if keys["item"] != "all" else []
    return " · ".join([*parts, *([keys["scenario"]] if keys["scenario"] else [])])


def _bars(rows: pd.DataFrame, main: str, title: str, language: Language) -> Figure:
    """The index that orders the parameters as bars, the largest on top, and the other over them.

    Shares alone (S1) stand as a narrow bar inside that of all together (ST). The spread of effects (sigma) is no part
    of their size (mu_star), so it is a mark.
    """
    own = rows[rows["beside"] == ""].sort_values(main, ascending=False, kind="stable")
    labels = short_paths(own["parameter"].tolist())
    figure = Figure(theme.layout(title, word("effect_x" if main == "mu_star" else "share_x", language), ""))
    common: dict[str, Any] = {"y": labels, "customdata": own["parameter"].tolist()}
    hover = {"hovertemplate": "%{customdata}<br>%{x}<extra>%{fullData.name}</extra>"}
    wide: dict[str, Any] = {"orientation": "h", "marker": {"color": theme.faded(theme.colour(0), 0.45)}, "width": 0.8}
    bars = {"x": significant(own[main]), "error_x": _error(own[f"{main}_conf"]), "name": word(main, language)}
    figure.add(trace("bar", **bars, **wide, **common, **hover))
    if main == "ST":
        inner: dict[str, Any] = {"orientation": "h", "marker": {"color": theme.colour(0)}, "width": 0.4}
        # Its interval stands in the table: two on one line could not be told apart.
        figure.add(trace("bar", x=significant(own["S1"]), name=word("S1", language), **inner, **common, **hover))
    else:
        mark = {"mode": "markers", "marker": {"color": theme.colour(1), "symbol": "diamond-open", "size": 10}}
        figure.add(
            trace("scatter", x=significant(own["sigma"]), name=word("sigma", language), **mark, **common, **hover)
        )
    height = _height(len(labels))
    figure.change(barmode="overlay", hovermode="closest", height=height, margin={"b": 84})
    figure.change(xaxis={"zeroline": True, "rangemode": "tozero"}, legend={"y": -56 / (height - 132)})
    figure.change(yaxis={"automargin": True, "rangemode": "normal", "autorange": "reversed", "type": "category"})
    return figure


def _height(bars: int) -> int:
    """Of a chart, in pixels."""
    return max(300, 170 + 44 * bars)


def _error(half_widths: pd.Series) -> dict[str, Any]:
    return {"type": "data", "array": significant(half_widths), "thickness": 1.2, "width": 4, "color": theme.MARK}


def short_paths(paths: Sequence[str]) -> list[str]:
    """Paths without the keys that all begin with, each still with its last two keys, so that they fit beside bars."""
    split = [path.split(".") for path in paths]
    least = min(max(len(parts) - 2, 0) for parts in split)
    same = 0
    while len(paths) > 1 and same < least and len({parts[same] for parts in split}) == 1:
        same += 1
    return [".".join(parts[same:]) for parts in split]


def _block(key: str, heading: str, rows: pd.DataFrame, main: str, names: Names) -> str:
    shown = [column for column in _COLUMNS[main] if column in rows and (column != "S2" or rows[column].notna().any())]
    # Shares have two digits; effects three of the largest, in the measure's unit.
    digits = 2 if main == "ST" else _digits(rows[list(_COLUMNS[main])].abs().max().max())
    heads = [say("jurisdiction"), say("parameter"), *map(say, shown), say("points_used"), say("noise_at_most")]
    paths = list(dict.fromkeys(rows["parameter"]))
    short, lines = dict(zip(paths, short_paths(paths), strict=True)), []
    told = rows[(rows["reason"] == "") | ~rows.duplicated("jurisdiction")]  # a reason once, and not of each parameter
    for row in _in_order(told, main).to_dict("records"):
        cells = [named(row["jurisdiction"], names), _parameter(row, short)]
        cells += [_number(row, column, digits) for column in shown]
        lines.append((row["jurisdiction"], [*cells, _points(row), _noise(row["noise"])]))
    box = "" if rows[main].isna().all() else chart_box(key, _height(len(short)))
    return f'<h3>{heading}</h3><div class="alone">{box}{data_box(html_table(heads, lines, numbers_from=2))}</div>'


def _in_order(rows: pd.DataFrame, main: str) -> pd.DataFrame:
    """By jurisdiction, parameters as their bars stand, and pairs below them."""
    place = {place: number for number, place in enumerate(dict.fromkeys(rows["jurisdiction"]))}
    # Pairs have no index of this kind, and none is below 0.
    keys = pd.DataFrame({"place": rows["jurisdiction"].map(place), "size": -rows[main].fillna(0)})
    return rows.loc[keys.sort_values(["place", "size"], kind="stable").index]


def _parameter(row: dict[Any, Any], short: dict[str, str]) -> str:
    if row["reason"]:
        return say(f"sensitivity_{row['reason']}")
    paths = [path for path in (row["parameter"], row["beside"]) if path]
    return " × ".join(f'<code title="{escape(path)}">{escape(short[path])}</code>' for path in paths)


def _number(row: dict[Any, Any], column: str, digits: int) -> str:
    half = row.get(f"{column}_conf", math.nan)
    told = theme.number(row[column], digits)
    return told if math.isnan(half) else f"{told} ± {theme.number(half, digits)}"


def _points(row: dict[Any, Any]) -> str:
    told = f"{row['used']} / {row['used'] + row['left_out']}"
    why = [part.split(": ") for part in row["causes"].split(", ") if part]
    told += "".join(f"<br><small>{say(f'left_{cause}')}: {count}</small>" for cause, count in why)
    over = f'<br><small class="missed">⚠ {say("overloaded")}: {row["overloaded"]}</small>'
    return told + (over if row["overloaded"] else "")


def _noise(share: float) -> str:
    told = theme.percent(share)
    return f'<span class="missed">⚠ {told}</span>' if share > NOISY else told


def _digits(largest: float) -> int:
    """Digits behind the point with which the largest number has three in all, at most four."""
    if not largest > 0:
        return 2
    return min(max(2 - math.floor(math.log10(largest)), 0), 4)
