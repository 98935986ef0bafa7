"""Finished sweeps of the workspace: a map or a line, and a table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from dash import Dash, Input, Output, State, html, no_update

from ..errors import EnforcementSimError
from ..measures.tables import titles
from ..model.figures import Language
from ..model.scenario import Scenario
from ..studies.folders import places as folders_of
from ..studies.sweep_kept import STATE, points_table
from ..studies.sweep_run import SweepResults, load_sweep_results
from ..views import charts
from ..views.levers import lever_name, lever_value
from ..views.scatter import amounts, scatter
from ..views.sweep_tables import FIXED
from ..views.words import Names
from . import figures
from . import format as fmt
from .desk import Desk
from .parts import Part, aria, graph, note, problem, table
from .words import named, say

MEASURES = ("backlog_mean", "backlog_at_end", "overdue_share", "days_median", "use")
SHARES = ("overdue_share", "use")


def register(app: Dash, desk: Desk) -> None:
    """Wire the tab of sweeps, if the workspace holds any."""

    @app.callback(
        Output("sweep-measure", "options"), Output("sweep-measure", "value"), Output("sweep-place", "options"),
        Output("sweep-place", "value"), Output("sweep-found", "children", allow_duplicate=True),
        Input("tab", "data"), Input("sweep", "value"), State("sweep-measure", "value"), State("sweep-place", "value"),
        prevent_initial_call=True,
    )  # fmt: skip
    def _open(tab: str, chosen: str | None, measure: str | None, place: str | None) -> tuple[Any, ...]:
        language = desk.sessions.current().language
        if tab != "sweeps" or not chosen:
            return (no_update,) * 5
        try:
            found, names = results_of(desk, chosen)
        except EnforcementSimError as error:
            return [], None, [], None, problem(desk.told(error))
        if found.table.empty:
            return [], None, [], None, note(say("sweep_empty", language), "lead")
        there = set(found.table["measure"])
        measures = [one for one in MEASURES if one in there]
        where = list(dict.fromkeys(str(one) for one in found.table["jurisdiction"]))
        return (
            [{"label": say(f"measure_{one}", language), "value": one} for one in measures],
            measure if measure in measures else measures[0] if measures else None,
            [{"label": named(one, names, language), "value": one} for one in where],
            place if place in where else where[0], no_update,
        )  # fmt: skip

    @app.callback(
        Output("sweep-item", "options"), Output("sweep-item", "value"),
        Input("sweep-measure", "value"), Input("sweep-place", "value"), State("sweep", "value"),
        State("sweep-item", "value"), prevent_initial_call=True,
    )  # fmt: skip
    def _items(measure: str | None, place: str | None, chosen: str | None, item: str | None) -> tuple[Any, ...]:
        if not (chosen and measure and place):
            return [], None
        found, names = results_of(desk, chosen)
        there = list(dict.fromkeys(str(one) for one in _rows(found.table, measure, place)["item"]))
        language = desk.sessions.current().language
        options = [{"label": named(one, names, language), "value": one} for one in there]
        return options, item if item in there else there[0] if there else None

    @app.callback(
        Output("sweep-found", "children"), Input("sweep-item", "value"), Input("sweep-measure", "value"),
        Input("sweep-place", "value"), State("sweep", "value"), prevent_initial_call=True,
    )  # fmt: skip
    def _show(item: str | None, measure: str | None, place: str | None, chosen: str | None) -> Part:
        language = desk.sessions.current().language
        if not (chosen and measure and place and item):
            return no_update
        found, names = results_of(desk, chosen)
        here = _rows(found.table, measure, place)
        here = here[here["item"] == item]
        return (
            _shown(found, here, measure, names, language) if len(here) else note(say("sweep_empty", language), "lead")
        )


def results_of(desk: Desk, chosen: str) -> tuple[SweepResults, Names]:
    """A sweep of the workspace, and the names of its scenario's things. Raises ResultsError."""
    folder = desk.workspace.at(chosen)
    return _read(folder, (folder / STATE).stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(folder: Path, changed: int) -> tuple[SweepResults, Names]:  # noqa: ARG001 - read again once it has changed
    found = load_sweep_results(folder)
    names: Names = {}
    if not found.table.empty:
        names = titles(Scenario.model_validate(folders_of(folder)[0].manifest()["scenario"]))
    return found, names


def _rows(table_: pd.DataFrame, measure: str, place: str) -> pd.DataFrame:
    """The rows of a measure and jurisdiction in the last year; the use of a team belongs to all together."""
    where = "all" if measure == "use" else place
    rows = table_[(table_["field"] == "all") & (table_["measure"] == measure) & (table_["jurisdiction"] == where)]
    return rows[rows["period"] == rows.groupby("item")["period"].transform("max")]


def _shown(found: SweepResults, here: pd.DataFrame, measure: str, names: Names, language: Language) -> Part:
    here = here.assign(marked=here["overloaded"] | ~here["complete"])
    title = say(f"measure_{measure}", language)
    points = points_table(found.state)
    moved = [column for column in points.columns if column not in FIXED and column in here]
    axes = [axis for axis in found.state.axes if axis in here.columns]
    if axes == ["point"] and any(amounts(here[column]) is not None for column in moved):
        figure = scatter(here, moved, "", language)
    else:
        told = {axis: figures.harmless(lever_name(axis, names, language)) for axis in axes}
        figure = charts.sweep_map(here, told, figures.harmless(title), "", language)
    plain = figures.calm(figure, language)
    plain["layout"]["margin"] = {"l": 92, "r": 12, "t": 30, "b": 60}
    lacking = len(found.state.lacking)
    return html.Div(
        [
            note(say("sweep_points", language, points=len(points), lacking=lacking)),
            html.Section(
                [html.H3(title), html.Div(graph(plain, 370), role="img", **aria(label=say("sweep_alt", language)))],
                className="chart",
            ),
            _table(here, axes if axes != ["point"] else ["point", *moved], measure, names, language),
        ]
    )


def _table(here: pd.DataFrame, columns: list[str], measure: str, names: Names, language: Language) -> Part:
    heads = [lever_name(one, names, language) for one in columns]
    heads += [say("mean", language), say("interval", language)]
    lines = []
    for row in here.to_dict("records"):
        marks = [say(key, language) for key, is_so in
                 (("incomplete", not row["complete"]), ("overloaded", row["overloaded"])) if is_so]  # fmt: skip
        mark = f" ⚠ {', '.join(marks)}" if marks else ""
        known = row["low"] == row["low"]
        between = f"{_level(row['low'], measure, language)} … {_level(row['high'], measure, language)}"
        cells = [lever_value(one, row[one]) for one in columns]
        lines.append([*cells, _level(row["mean"], measure, language) + mark, between if known else fmt.NOTHING])
    return table(say(f"measure_{measure}", language), heads, lines, texts=len(columns))


def _level(value: float, measure: str, language: Language) -> str:
    return fmt.percent(value, language) if measure in SHARES else fmt.number(value)
