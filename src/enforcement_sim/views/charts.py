"""One function a chart: a table in, a figure out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..model.figures import Language
from . import theme
from .figure import Figure, Trace, trace
from .levers import is_share, lever_value
from .words import Names, name, word


@dataclass(frozen=True)
class Series:
    """One scenario's table, with the label and the colour it has in every chart."""

    label: str
    colour: str
    table: pd.DataFrame


def with_room(figure: Figure, columns: int = 2) -> Figure:
    """The figure, higher by what its legend takes up."""
    entries = sum(one.get("showlegend", True) for one in figure.data)
    lines = -(-entries // columns)
    figure.change(height=theme.HEIGHT + theme.LEGEND_LINE * lines, legend={"y": -80 / theme.HEIGHT})
    return figure


LINE_WIDTH = 560
"""Pixels that a legend has beside a table; half a chart's width, so that what fits here fits anywhere."""


def lay_down(figure: Figure, rows: Sequence[str], each: int = 28) -> None:
    """Give a figure whose traces have names on the vertical axis room for these `rows`, the first on top.

    In the traces each name becomes the number of its row: it stands once in the layout instead of in every trace. The
    legend stands below the axis.
    """
    place = {row: number for number, row in enumerate(rows)}
    for one in figure.data:
        one["y"] = [place[row] for row in one["y"]]
    labels = [str(one["name"]) for one in figure.data if one.get("showlegend", True)]
    wide = max((sum(13 if ord(letter) > 0x2E7F else 7 for letter in label) for label in labels), default=0) + 56
    lines = -(-len(labels) // max(1, LINE_WIDTH // wide))
    top, below, plot = 48, 76 + 20 * lines, max(90, each * len(rows))
    figure.change(
        height=top + plot + below,
        margin={"t": top, "b": below},
        hovermode="closest",
        legend={"y": -66 / plot, "yanchor": "top"},
        yaxis={
            "automargin": True,
            "range": [len(rows) - 0.5, -0.5],
            "rangemode": "normal",
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": list(rows),
            "zeroline": False,
        },
    )


def _band(series: Series, rows: pd.DataFrame, group: str, weeks: int = 1) -> list[Trace]:
    """A line of means over its interval, a point every so many weeks."""
    apart = weeks * theme.WEEK_MILLISECONDS
    common: dict[str, Any] = {"x0": str(rows["date"].iloc[0])[:10], "dx": apart, "legendgroup": group}
    edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    low = trace("scatter", y=theme.rounded(rows["low"]), meta="low", **edge, **common)
    high = trace(
        "scatter",
        y=theme.rounded(rows["high"]),
        meta="high",
        fill="tonexty",
        fillcolor=theme.faded(series.colour),
        **edge,
        **common,
    )
    mean = trace(
        "scatter",
        y=theme.rounded(rows["mean"]),
        mode="lines",
        name=series.label,
        line={"color": series.colour},
        **common,
    )
    return [low, high, mean]


def _reform_line(figure: Figure, on: dt.date | None, language: Language) -> None:
    if on is not None:
        line = {"color": theme.MARK, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=str(on), x1=str(on), y0=0, y1=1, yref="paper", line=line)
        figure.add_annotation(
            x=str(on), y=1, yref="paper", text=word("reform", language), showarrow=False, xanchor="left"
        )


def backlog(
    series: Sequence[Series], phases: Sequence[str], reform_on: dt.date | None, names: Names, language: Language
) -> Figure:
    """Open cases over time: the total of each scenario with its band; phases can be switched on in the legend."""
    figure = Figure(theme.layout(word("backlog", language), "", word("backlog_y", language)))
    for one in series:
        total = one.table[one.table["item"] == "all"]
        if len(total):
            figure.add(*_band(one, total, one.label))
    for number, phase in enumerate(phases):
        for one in series:
            rows = one.table[one.table["item"] == phase]
            if len(rows):
                label = f"{one.label} · {name(phase, names, language)}"
                line = {"color": one.colour, "dash": theme.DASHES[(number + 1) % len(theme.DASHES)], "width": 1.5}
                start = str(rows["date"].iloc[0])[:10]
                values = theme.rounded(rows["mean"])
                figure.add(
                    trace(
                        "scatter",
                        y=values,
                        x0=start,
                        dx=theme.WEEK_MILLISECONDS,
                        mode="lines",
                        name=label,
                        line=line,
                        visible="legendonly",
                    )
                )
    _reform_line(figure, reform_on, language)
    figure.change(xaxis={"type": "date"})
    return with_room(figure)


def change(series: Sequence[Series], reform_on: dt.date | None, language: Language, weeks: int = 1) -> Figure:
    """Difference of open cases to the base over time, each with its band; a point every so many weeks."""
    figure = Figure(theme.layout(word("change", language), "", word("change_y", language)))
    for one in series:
        rows = one.table[one.table["item"] == "all"]
        if len(rows):
            figure.add(*_band(one, rows, one.label, weeks))
    zero = {"color": theme.MARK, "width": 1}
    figure.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=0, y1=0, yref="y", line=zero)
    figure.change(yaxis={"rangemode": "normal"})
    figure.change(xaxis={"type": "date"})
    _reform_line(figure, reform_on, language)
    return with_room(figure)


def errors(rows: pd.DataFrame, scale: float = 1.0) -> dict[str, Any]:
    """The interval of each mean as plotly draws it."""
    return {
        "type": "data",
        "symmetric": False,
        "array": theme.rounded((rows["high"] - rows["mean"]) * scale, 2),
        "arrayminus": theme.rounded((rows["mean"] - rows["low"]) * scale, 2),
        "thickness": 1.2,
        "width": 4,
    }


def staff(series: Sequence[Series], names: Names, language: Language) -> Figure:
    """Use of each team in the last year, scenarios beside each other."""
    figure = Figure(theme.layout(word("staff", language), word("staff_y", language), ""))
    for one in series:
        rows = one.table[one.table["measure"] == "use"]
        rows = rows[rows["period"] == rows["period"].max()]
        figure.add(
            trace(
                "bar",
                y=[name(team, names, language) for team in rows["item"]],
                x=theme.rounded(rows["mean"] * 100),
                name=one.label,
                orientation="h",
                marker={"color": one.colour},
                error_x=errors(rows, 100.0),
            )
        )
    lay_down(figure, list(dict.fromkeys(team for bars in figure.data for team in bars["y"])), 14 + 13 * len(series))
    figure.change(xaxis={"rangemode": "tozero"})
    return figure


def published(table: pd.DataFrame, names: Names, language: Language) -> Figure:
    """Published against simulated counts on logarithmic axes, with the band of 5 % around equality."""
    figure = Figure(
        theme.layout(word("published", language), word("published_x", language), word("simulated", language))
    )
    shown = table[(table["published"] > 0) & (table["simulated"] > 0)]
    if len(shown):
        ends = [float(shown["published"].min()) * 0.7, float(shown["published"].max()) * 1.4]
        for factor, dash in ((0.95, "dot"), (1.0, "solid"), (1.05, "dot")):
            line = {"color": theme.MARK, "width": 1, "dash": dash}
            figure.add(
                trace("scatter", x=ends, y=[end * factor for end in ends], mode="lines", line=line, showlegend=False)
            )
        for label in shown["label"].unique():
            rows = shown[shown["label"] == label]
            text = [f"{name(r.jurisdiction, names, language)} {r.year}" for r in rows.itertuples()]
            figure.add(
                trace(
                    "scatter",
                    x=rows["published"].tolist(),
                    y=theme.rounded(rows["simulated"]),
                    mode="markers",
                    text=text,
                    name=name(label, names, language),
                    marker={"size": 9, "opacity": 0.8},
                )
            )
    figure.change(xaxis={"type": "log"})
    figure.change(yaxis={"type": "log", "rangemode": "normal"})
    figure.change(hovermode="closest")
    return with_room(figure)


def sweep_map(table: pd.DataFrame, levers: Mapping[str, str], measure: str, title: str, language: Language) -> Figure:
    """A measure over the points of a sweep: a map of two axes, or a line of one; `levers` are columns with their names.

    Those of which the column `marked` says so have a mark: a sign in the map, an open circle on the line.
    """
    told, axes = list(levers.values()), list(levers)
    figure = Figure(theme.layout(title, told[:2][-1], told[0] if len(axes) > 1 else word("mean", language)))
    if len(axes) == 1:
        in_percent = is_share(axes[0]) and pd.api.types.is_numeric_dtype(table[axes[0]])
        figure.change(xaxis={"ticksuffix": " %"} if in_percent else {})
        figure.add(
            trace(
                "scatter",
                x=[100 * x for x in table[axes[0]]] if in_percent else table[axes[0]].tolist(),
                y=theme.rounded(table["mean"], 2),
                error_y=errors(table),
                mode="lines+markers",
                marker={"symbol": theme.symbols(table["marked"])},
            )
        )
        return figure
    cells = table.pivot_table(index=axes[0], columns=axes[1], values=["mean", "marked"])
    grid, signs = cells["mean"], cells["marked"]
    values = [[None if cell != cell else round(float(cell), 2) for cell in row] for row in grid.to_numpy()]
    texts = [
        ["" if cell is None else theme.short(cell) + " ⚠" * bool(sign) for cell, sign in zip(*both, strict=True)]
        for both in zip(values, signs.to_numpy(), strict=True)
    ]
    figure.add(
        trace(
            "heatmap",
            z=values,
            x=[lever_value(axes[1], x) for x in grid.columns],
            y=[lever_value(axes[0], y) for y in grid.index],
            colorscale=theme.CIVIDIS,
            text=texts,
            texttemplate="%{text}",
            hovertemplate=f"{told[0]} %{{y}}<br>{told[1]} %{{x}}<br>{measure} %{{z}}<extra></extra>",
        )
    )
    figure.change(xaxis={"type": "category"})
    figure.change(yaxis={"type": "category", "rangemode": "normal"})
    figure.change(hovermode="closest")
    return figure
