"""The page on what the answer hangs on: how far each lever or unknown moves each measure."""

from __future__ import annotations

import pandas as pd

from ...model.figures import Language
from .. import charts, theme
from ..figure import Figure, trace
from ..html import both, say, section, table
from ..levers import lever_name, lever_value
from ..page import ByPlace, Page, Part
from ..rows import figure
from ..sensitivity import sensitivity_part
from ..sweep_tables import SHARES, map_heading, map_title
from ..words import LANGUAGES, word
from .shown import Shown


def sensitivity(shown: Shown) -> Page | None:
    """The page; none without a sweep that moves anything."""
    if shown.sweep is None:
        return None
    parts = [_tornado(shown, number, keys, rows) for number, (keys, rows) in enumerate(_blocks(shown.sweep.effects))]
    indices = sensitivity_part(shown.sensitivity, shown.names)
    parts += indices
    places = [place for part in parts for by_place in part.figures.values() for place in by_place if place]
    return Page("sensitivity", parts, list(dict.fromkeys(places))) if parts else None


Keys = tuple[str, str]


def _blocks(effects: pd.DataFrame) -> list[tuple[Keys, pd.DataFrame]]:
    if effects.empty:
        return []
    return [
        ((str(measure), str(item)), rows) for (measure, item), rows in effects.groupby(["measure", "item"], sort=False)
    ]


def _tornado(shown: Shown, number: int, keys: Keys, rows: pd.DataFrame) -> Part:
    key = f"tornado-{number}"
    heading = map_heading(*keys, shown.names)
    lines = []
    form = "share" if keys[0] in SHARES else "fine"
    change = "signed_share" if keys[0] in SHARES else "fine"
    for row in rows.to_dict("records"):
        axis = str(row["axis"])
        cells = [both(lambda code, a=axis: lever_name(a, shown.names, code)), lever_value(axis, row["low_level"])]  # type: ignore[misc]
        cells += [figure(row["low"], form), lever_value(axis, row["high_level"]), figure(row["high"], form)]
        lines.append(
            (row["jurisdiction"], [*cells, figure(row["high"] - row["low"], change), figure(row["half"], change)])
        )
    heads = [say(one) for one in ("parameter", "least_at", "least_mean", "most_at", "most_mean", "swing", "swing_half")]
    html = section(key, "tornado_how", key, table(heads, lines, numbers_from=1), heading=heading)
    figures: ByPlace = {
        str(place): {code: _bars(here, keys, shown, code) for code in LANGUAGES}
        for place, here in rows.groupby("jurisdiction", sort=False)
    }
    return Part(key, heading, html, {key: figures})


def _bars(rows: pd.DataFrame, keys: Keys, shown: Shown, code: Language) -> Figure:
    """For each lever a bar from the least to the most, around the mean over all points, the longest on top."""
    rows = rows.assign(swing=(rows["high"] - rows["low"]).abs()).sort_values("swing", ascending=False, kind="stable")
    scale, unit = (100.0, ", %") if keys[0] in SHARES else (1.0, "")
    middle = scale * float(rows["overall"].iloc[0])
    labels = [lever_name(axis, shown.names, code) for axis in rows["axis"]]
    drawn = Figure(theme.layout(map_title(*keys, shown.names, code) + unit, "", ""))
    for end, level, colour, shape in (
        ("low", "low_level", theme.COLOURS[5], "/"),
        ("high", "high_level", theme.COLOURS[0], ""),
    ):
        drawn.add(
            trace(
                "bar",
                orientation="h",
                y=labels,
                x=theme.rounded(scale * rows[end] - middle, 3),
                base=round(middle, 3),
                name=word(f"tornado_{end}", code),
                text=[lever_value(axis, value) for axis, value in zip(rows["axis"], rows[level], strict=True)],
                textposition="outside",
                cliponaxis=False,
                textfont={"size": 11},
                marker={"color": colour, "pattern": {"shape": shape}},
                hovertemplate="%{y} = %{text}<extra></extra>",
            )
        )
    charts.lay_down(drawn, labels, 44)
    drawn.change(barmode="overlay", xaxis={"rangemode": "normal"}, margin={"r": 60})
    drawn.add_shape(
        type="line", x0=middle, x1=middle, y0=0, y1=1, yref="y domain", line={"color": theme.MARK, "width": 1}
    )
    return drawn
