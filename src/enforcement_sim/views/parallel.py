"""All levers and main measures of a sweep on parallel axes, a line for each point."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from ..model.figures import Language
from . import theme
from .figure import Figure, trace
from .html import say, section
from .html import table as html_table
from .levers import is_share, lever_name, lever_value
from .page import ByPlace, Part
from .rows import figure
from .scatter import amounts, significant
from .sweep_tables import (
    FIXED,
    MANY,
    SHARES,
    SweepTables,
    axis_html,
    extremes,
    last_year,
    map_heading,
    map_title,
    mapped_items,
)
from .words import LANGUAGES


def levers_part(sweep: SweepTables) -> list[Part]:
    """All levers and main measures of all points as parallel axes, where there is more than one lever."""
    levers = [
        column
        for column in sweep.points.columns
        if column not in FIXED and sweep.points[column].astype(str).nunique() > 1
    ]
    if len(levers) < 2:
        return []
    found = _measured(sweep)
    if not found:
        return []
    figures: ByPlace = {"": {code: _parallel(sweep, levers, found, code) for code in LANGUAGES}}
    heads = [say("point"), *(axis_html(lever, sweep.names) for lever in levers)]
    heads += [map_heading(measure, item, sweep.names) for measure, item in found]
    lines = []
    first = next(iter(found.values()))
    shown = first.index if len(first) <= MANY else extremes(first)
    records = sweep.points.to_dict("records")
    for at in shown:
        cells = [
            f"<code>{escape(records[at]['name'])}</code>",
            *(escape(lever_value(lever, records[at][lever])) for lever in levers),
        ]
        cells += [figure(float(values.iloc[at]), _form(measure)) for (measure, _), values in found.items()]
        lines.append(("", cells))
    html = section("levers", "levers_how", "levers", html_table(heads, lines, numbers_from=1), wide=True)
    return [Part("levers", say("levers"), html, {"levers": figures})]


def _measured(sweep: SweepTables) -> dict[tuple[str, str], pd.Series]:
    """For each main measure, of its most moved item, the mean at every point of the list."""
    table = sweep.table[(sweep.table["field"] == "all") & (sweep.table["jurisdiction"] == "all")]
    keys = ["point", "scenario"] if "scenario" in table else ["point"]
    points = [int(str(each).split("-")[1]) for each in sweep.points["name"]]
    listed = list(zip(points, sweep.points["scenario"], strict=True)) if len(keys) > 1 else points
    found = {}
    for measure in ("backlog_at_end", "overdue_share", "days_median"):
        rows = last_year(table[table["measure"] == measure])
        for item in mapped_items(rows, measure, 1):
            means = rows[rows["item"] == item].drop_duplicates(keys).set_index(keys)["mean"]
            found[measure, item] = means.reindex(listed).reset_index(drop=True)
    return found


def _form(measure: str) -> str:
    return "share" if measure in SHARES else "fine"


def _parallel(
    sweep: SweepTables, levers: Sequence[str], found: dict[tuple[str, str], pd.Series], code: Language
) -> Figure:
    dimensions: list[dict[str, Any]] = []
    for lever in levers:
        values = sweep.points[lever]
        numbers = amounts(values)
        if numbers is None:
            levels = list(dict.fromkeys(values.astype(str)))
            ticks = {"tickvals": list(range(len(levels))), "ticktext": levels}
            dimensions.append(
                {
                    "label": lever_name(lever, sweep.names, code),
                    "values": [levels.index(value) for value in values.astype(str)],
                    **ticks,
                }
            )
        else:
            scale, unit = (100.0, ", %") if is_share(lever) else (1.0, "")
            label = lever_name(lever, sweep.names, code) + unit
            dimensions.append({"label": label, "values": significant(scale * numbers)})
    for (measure, item), values in found.items():
        scale, unit = (100.0, ", %") if measure in SHARES else (1.0, "")
        label = map_title(measure, item, sweep.names, code) + unit
        dimensions.append({"label": label, "values": significant(scale * values)})
    first = next(iter(found.values()))
    drawn = Figure(theme.layout("", "", ""))
    line = {"color": significant(first), "colorscale": theme.CIVIDIS, "showscale": False}
    drawn.add(
        trace(
            "parcoords",
            dimensions=dimensions,
            line=line,
            labelangle=-12,
            labelfont={"size": 12},
            rangefont={"size": 10},
        )
    )
    drawn.change(height=440, margin={"t": 110, "l": 110, "r": 190, "b": 32})
    return drawn
