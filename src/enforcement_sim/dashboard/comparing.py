"""Several finished runs of one session beside each other."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from ..measures.tables import places, titles
from ..views.levers import lever_told
from . import figures
from . import format as fmt
from .desk import Desk
from .parts import Part, aria, graph, interval, note, table
from .results import Curves, Row, curves, known, rows
from .run import Run
from .sessions import Session
from .words import named, say, titled

MOST = 4
"""Runs beside each other; more curves with their bands could not be told apart."""
FEW = 2
"""Changes that a run is called by: more would make its name too long."""


def register(app: Dash, desk: Desk) -> None:
    """Wire the tab in which runs are compared."""

    @app.callback(
        Output("compared-list", "children"), Output("compared", "data"), Output("compare-place", "options"),
        Input("tab", "data"), Input({"type": "pick", "run": ALL}, "n_clicks"), Input("seen", "data"),
        State("compared", "data"), prevent_initial_call=True,
    )  # fmt: skip
    def _pick(tab: str, _: list[int | None], __: str, chosen: list[str]) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if tab != "compare":
            return (no_update,) * 3
        finished = session.finished()
        ids = [run.id for run in finished]
        kept = [id_ for id_ in chosen if id_ in ids]
        if isinstance(ctx.triggered_id, dict) and ctx.triggered[0]["value"]:
            picked = ctx.triggered_id["run"]
            kept = [id_ for id_ in kept if id_ != picked] if picked in kept else [*kept, picked]
        elif not chosen:
            kept = ids[:2]
        buttons = [_button(run, run.id in kept, session) for run in finished]
        return buttons, kept, _place_options(finished, session)

    @app.callback(
        Output("comparison", "children"), Input("compared", "data"), Input("compare-place", "value"),
        State("tab", "data"), prevent_initial_call=True,
    )  # fmt: skip
    def _compare(chosen: list[str] | None, place: str | None, tab: str) -> Part:
        session = desk.sessions.current()
        if tab != "compare":
            return no_update
        runs = [run for run in reversed(session.finished()) if run.id in (chosen or ())]
        if not runs:
            return note(say("compare_none", session.language), "lead")
        return comparison(desk, session, runs, place or "all")


def run_told(run: Run, session: Session) -> str:
    """A run by its name and on how many replications it rests."""
    return f"{run_name(run, session)} · n = {len(run.both)}"


def run_name(run: Run, session: Session) -> str:
    """A run by its number, its scenario and what it changes: all of it if that is little, else how much."""
    language = session.language
    told = say("run_label", language, number=run.number, title=titled(run.title, language))
    changes = say("run_changes", language, count=len(run.changes))
    if 0 < len(run.changes) <= FEW:
        names = titles(run.base.scenario)
        values = {path: one["value"] if isinstance(one, dict) else one for path, one in run.changes.items()}
        changes = ", ".join(lever_told(path, one, names, language) for path, one in values.items())
    return f"{told} · {changes}"


def _button(run: Run, is_chosen: bool, session: Session) -> Part:
    id_ = {"type": "pick", "run": run.id}
    return html.Button(run_told(run, session), id=id_, className="pick", **aria(pressed=str(is_chosen).lower()))


def _place_options(runs: list[Run], session: Session) -> list[dict[str, str]]:
    found: dict[str, str] = {"all": say("all_places", session.language)}
    for run in runs:
        names = titles(run.base.scenario)
        for place in places(run.base.scenario):
            found.setdefault(place, named(place, names, session.language))
    return [{"label": label, "value": place} for place, label in found.items()]


def comparison(desk: Desk, session: Session, runs: list[Run], place: str) -> Part:
    """Chart and table of the runs' differences to their own scenarios as written; the first few, if there are more."""
    language = session.language
    shown: list[tuple[Run, Curves, Row | None]] = []
    for run in runs[:MOST]:
        found = known(run, desk.kept)
        curve = curves(found, place, run.base.scenario) if place in places(run.base.scenario) else None
        if curve is None:
            continue
        line = next((row for row in rows(found, [place]) if row.measure == "open_cases"), None)
        shown.append((run, curve, line))
    if not shown:
        return note(say("compare_none", language), "lead")
    lines = [(run_name(run, session), curve.difference) for run, curve, _ in shown]
    figure = figures.differences(lines, place, language)
    names = titles(shown[-1][0].base.scenario)
    told = named(place, names, language)
    alt = say("compare_alt", language, count=len(shown), place=told)
    return html.Div(
        [
            note(say("compare_many", language, most=MOST)) if len(runs) > MOST else None,
            html.Section(
                [
                    html.H3(say("compare_chart", language)),
                    html.Div(graph(figure, 370), role="img", **aria(label=alt)),
                ],
                className="chart",
            ),
            _table(shown, session),
        ]
    )


def _table(shown: list[tuple[Run, Curves, Row | None]], session: Session) -> Part:
    language = session.language
    heads = [say(key, language) for key in ("run_column", "side_base", "side_changed", "difference", "interval")]
    lines, year = [], 0
    for run, _, row in shown:
        if row is None:
            continue
        year = row.year
        lines.append([
            run_told(run, session), fmt.level(row.base, row.measure, language),
            fmt.level(row.changed, row.measure, language), fmt.change(row.difference, row.measure),
            interval(row.difference, row.measure, language),
        ])  # fmt: skip
    return table(say("table_caption_open_cases", language, year=year), heads, lines)
