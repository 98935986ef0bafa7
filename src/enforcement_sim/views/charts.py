"""One function a chart: a table in, a figure out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..model.figures import Language
from . import theme
from .figure import Figure, Trace, trace
from .words import Names, name, word

WEEK_MILLISECONDS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Series:
    """One scenario's table, with the label and the colour it has in every chart."""

    label: str
    colour: str
    table: pd.DataFrame


def _with_room(figure: Figure, columns: int = 2) -> Figure:
    """The figure, higher by what its legend takes up."""
    entries = sum(one.get("showlegend", True) for one in figure.data)
    lines = -(-entries // columns)
    figure.change(height=theme.HEIGHT + theme.LEGEND_LINE * lines, legend={"y": -80 / theme.HEIGHT})
    return figure


def _rounded(values: pd.Series, digits: int = 1) -> list[float | None]:
    return [None if value != value else round(float(value), digits) for value in values]


def _band(series: Series, rows: pd.DataFrame, group: str) -> list[Trace]:
    """A line of means over its interval."""
    common: dict[str, Any] = {"x0": str(rows["date"].iloc[0])[:10], "dx": WEEK_MILLISECONDS, "legendgroup": group}
    edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    low = trace("scatter", y=_rounded(rows["low"]), **edge, **common)
    high = trace(
        "scatter", y=_rounded(rows["high"]), fill="tonexty", fillcolor=theme.faded(series.colour), **edge, **common
    )
    mean = trace(
        "scatter", y=_rounded(rows["mean"]), mode="lines", name=series.label, line={"color": series.colour}, **common
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
                values = _rounded(rows["mean"])
                figure.add(
                    trace(
                        "scatter",
                        y=values,
                        x0=start,
                        dx=WEEK_MILLISECONDS,
                        mode="lines",
                        name=label,
                        line=line,
                        visible="legendonly",
                    )
                )
    _reform_line(figure, reform_on, language)
    figure.change(xaxis={"type": "date"})
    return _with_room(figure)


def change(series: Sequence[Series], reform_on: dt.date | None, language: Language) -> Figure:
    """Difference of open cases to the base over time, each with its band."""
    figure = Figure(theme.layout(word("change", language), "", word("change_y", language)))
    for one in series:
        rows = one.table[one.table["item"] == "all"]
        if len(rows):
            figure.add(*_band(one, rows, one.label))
    zero = {"color": theme.MARK, "width": 1}
    figure.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=0, y1=0, yref="y", line=zero)
    figure.change(yaxis={"rangemode": "normal"})
    figure.change(xaxis={"type": "date"})
    _reform_line(figure, reform_on, language)
    return _with_room(figure)


def _errors(rows: pd.DataFrame, scale: float = 1.0) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": _rounded((rows["high"] - rows["mean"]) * scale, 2),
        "arrayminus": _rounded((rows["mean"] - rows["low"]) * scale, 2),
        "thickness": 1.2,
        "width": 4,
    }


def resolution(series: Sequence[Series], names: Names, language: Language) -> Figure:
    """Median (dot) and 90th percentile (diamond) of the days each clock ran, by year of start."""
    figure = Figure(theme.layout(word("resolution", language), "", word("resolution_y", language)))
    for one in series:
        for clock in one.table["item"].unique():
            for measure, symbol in (("days_median", "circle"), ("days_p90", "diamond-open")):
                rows = one.table[(one.table["item"] == clock) & (one.table["measure"] == measure)]
                label = f"{one.label} · {name(clock, names, language)} · {word(measure, language)}"
                figure.add(
                    trace(
                        "scatter",
                        x=rows["period"].astype(str).tolist(),
                        y=_rounded(rows["mean"]),
                        error_y=_errors(rows),
                        name=label,
                        mode="lines+markers",
                        marker={"symbol": symbol, "size": 9},
                        line={"color": one.colour, "width": 1},
                        visible=True if clock == one.table["item"].iloc[0] else "legendonly",
                    )
                )
    figure.change(xaxis={"type": "category"})
    return _with_room(figure)


def overdue(series: Sequence[Series], names: Names, language: Language) -> Figure:
    """Share of clocks that ran out, by year of start."""
    figure = Figure(theme.layout(word("overdue", language), "", word("overdue_y", language)))
    for one in series:
        for number, clock in enumerate(one.table["item"].unique()):
            rows = one.table[one.table["item"] == clock]
            label = f"{one.label} · {name(clock, names, language)}"
            shape = ("", "/", "x", ".", "+")[number % 5]
            figure.add(
                trace(
                    "bar",
                    x=rows["period"].astype(str).tolist(),
                    y=_rounded(rows["mean"] * 100, 2),
                    name=label,
                    error_y=_errors(rows, 100.0),
                    marker={"color": one.colour, "pattern": {"shape": shape}},
                )
            )
    figure.change(xaxis={"type": "category"})
    return _with_room(figure)


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
                x=_rounded(rows["mean"] * 100),
                name=one.label,
                orientation="h",
                marker={"color": one.colour},
                error_x=_errors(rows, 100.0),
            )
        )
    teams = max((len(bars["y"]) for bars in figure.data), default=1)
    figure.change(height=max(320, 90 + 26 * teams * max(1, len(series))), hovermode="closest")
    figure.change(yaxis={"automargin": True, "rangemode": "normal", "autorange": "reversed"})
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
                    y=_rounded(rows["simulated"]),
                    mode="markers",
                    text=text,
                    name=name(label, names, language),
                    marker={"size": 9, "opacity": 0.8},
                )
            )
    figure.change(xaxis={"type": "log"})
    figure.change(yaxis={"type": "log", "rangemode": "normal"})
    figure.change(hovermode="closest")
    return _with_room(figure)


def sweep_map(table: pd.DataFrame, axes: Sequence[str], measure: str, title: str, language: Language) -> Figure:
    """A measure over the points of a sweep: a map of two axes, or a line of one.

    Those of which the column `marked` says so have a mark: a sign in the map, an open circle on the line.
    """
    told = [word(axis, language) if axis in ("scenario", "future", "point") else axis for axis in axes]
    figure = Figure(theme.layout(title, told[:2][-1], told[0] if len(axes) > 1 else word("mean", language)))
    if len(axes) == 1:
        figure.add(
            trace(
                "scatter",
                x=table[axes[0]].tolist(),
                y=_rounded(table["mean"], 2),
                error_y=_errors(table),
                mode="lines+markers",
                marker={"symbol": theme.symbols(table["marked"])},
            )
        )
        return figure
    cells = table.pivot_table(index=axes[0], columns=axes[1], values=["mean", "marked"])
    grid, signs = cells["mean"], cells["marked"]
    values = [[None if cell != cell else round(float(cell), 2) for cell in row] for row in grid.to_numpy()]
    texts = [
        ["" if cell is None else f"{cell:.10g}" + " ⚠" * bool(sign) for cell, sign in zip(*both, strict=True)]
        for both in zip(values, signs.to_numpy(), strict=True)
    ]
    figure.add(
        trace(
            "heatmap",
            z=values,
            x=[str(x) for x in grid.columns],
            y=[str(y) for y in grid.index],
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
