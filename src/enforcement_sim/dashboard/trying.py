"""What the page does while a planner tries changes: choose, change, run, stop, and look."""

from __future__ import annotations

from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from ..errors import EnforcementSimError
from ..measures.tables import places, titles
from . import figures
from . import format as fmt
from .controls import changes_told, empty, panel
from .desk import Desk
from .layout import place_options
from .levers import Lever
from .parts import Part, clock_table, curve_table, measure_table, note, problem
from .results import Curves, Known, Row, clock_rows, curves, known, rows
from .run import Run
from .sessions import Session
from .words import named, say

LEVERS = {"type": "lever", "path": ALL}


def register(app: Dash, desk: Desk) -> None:
    """Wire the left side of the page and the results of a run."""
    _in_the_browser(app)
    _choosing(app, desk)
    _running(app, desk)
    _looking(app, desk)


def _in_the_browser(app: Dash) -> None:
    here: Any = app.clientside_callback
    here(
        ClientsideFunction("enforcement", "percent"),
        Output({"type": "shown", "path": MATCH}, "children"),
        Input({"type": "lever", "path": MATCH}, "value"),
        prevent_initial_call=True,
    )
    here(
        ClientsideFunction("enforcement", "ask"), Output("ask", "data"),
        Input("tick", "n_intervals"), State("ask", "data"), State("answered", "data"), prevent_initial_call=True,
    )  # fmt: skip
    names = ("try", "compare", "sweeps", "files")
    here(
        ClientsideFunction("enforcement", "tab"),
        Output("tab", "data"),
        *(Output(f"tab-{name}", "aria-selected") for name in names),
        *(Output(f"panel-{name}", "hidden") for name in names),
        *(Input(f"tab-{name}", "n_clicks") for name in names),
        prevent_initial_call=True,
    )


def _choosing(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output("levers", "children"), Output("problem", "children"), Output("changes", "children"),
        Output("place", "options"), Output("place", "value"), Output("save-title", "value"),
        Output("saved", "children"), Input("scenario", "value"), prevent_initial_call=True,
    )  # fmt: skip
    def _choose(value: str | None) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if not value:
            return (no_update,) * 7
        try:
            levers = desk.choose(session, value)
        except EnforcementSimError as error:
            return (None, problem(desk.told(error)), "", *(no_update,) * 4)
        places_now = place_options(desk, session) if session.run is None else no_update
        told = changes_told(len(desk.changes(session)), session.language)
        chosen = "all" if session.run is None else no_update
        return _panel(levers, session), None, told, places_now, chosen, "", None

    @app.callback(
        Output("problem", "children", allow_duplicate=True), Output("changes", "children", allow_duplicate=True),
        Output("stale", "children", allow_duplicate=True),
        Input(LEVERS, "value"), State(LEVERS, "id"), prevent_initial_call=True,
    )  # fmt: skip
    def _change(values: list[Any], ids: list[dict[str, str]]) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if not ids:
            return (no_update,) * 3
        try:
            changes = desk.put_in(session, given_of(desk.levers(session), ids, values))
        except EnforcementSimError as error:
            return problem(desk.told(error)), "", no_update
        return None, changes_told(len(changes), session.language), _stale(desk, session)

    @app.callback(
        Output("levers", "children", allow_duplicate=True), Output("problem", "children", allow_duplicate=True),
        Output("changes", "children", allow_duplicate=True), Output("stale", "children", allow_duplicate=True),
        Input("reset", "n_clicks"), prevent_initial_call=True,
    )  # fmt: skip
    def _reset(_: int) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if not session.chosen:
            return (no_update,) * 4
        desk.put_in(session, {})
        return _panel(desk.levers(session), session), None, changes_told(0, session.language), _stale(desk, session)


def _panel(levers: list[Lever], session: Session) -> Part:
    return panel(levers, session.given, session.language) if levers else empty(session.language)


def given_of(levers: list[Lever], ids: list[dict[str, str]], values: list[Any]) -> dict[str, Any]:
    """What is put in, by path and in the levers' units: the page has shares in percent."""
    kinds = {lever.path: lever.kind for lever in levers}
    given = {}
    for id_, value in zip(ids, values, strict=True):
        kind = kinds.get(id_["path"])
        if kind is not None and value is not None and value != "":
            given[id_["path"]] = _share(value) if kind == "share" else value
    return given


def _share(value: Any) -> Any:
    try:
        return round(float(value) / 100, 6)
    except (TypeError, ValueError):
        return value


def _stale(desk: Desk, session: Session) -> str:
    run = session.run
    if run is None or (run.source == session.chosen and dict(run.changes) == desk.changes(session)):
        return ""
    return say("stale", session.language)


def _running(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output("tick", "disabled"), Output("problem", "children", allow_duplicate=True),
        Output("nothing", "hidden"), Output("found", "hidden"), Output("stop", "disabled"),
        Output("stale", "children", allow_duplicate=True), Output("place", "options", allow_duplicate=True),
        Input("run", "n_clicks"), Input("stop", "n_clicks"), State("wanted", "value"),
        State(LEVERS, "value"), State(LEVERS, "id"), prevent_initial_call=True,
    )  # fmt: skip
    def _run(_: int, __: int, wanted: Any, values: list[Any], ids: list[dict[str, str]]) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if ctx.triggered_id == "stop":
            desk.stop(session)
            return False, *(no_update,) * 3, True, *(no_update,) * 2
        try:
            if session.chosen and ids:
                desk.put_in(session, given_of(desk.levers(session), ids, values))
            desk.start(session, wanted)
        except EnforcementSimError as error:
            return no_update, problem(desk.told(error)), *(no_update,) * 5
        return False, None, True, False, False, "", place_options(desk, session)


def _looking(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output("seen", "data"), Output("state", "children"), Output("progress", "value"), Output("progress", "max"),
        Output("rests", "children"), Output("graph-backlog", "figure"), Output("graph-difference", "figure"),
        Output("chart-backlog", "aria-label"), Output("chart-difference", "aria-label"), Output("table", "children"),
        Output("clocks", "children"), Output("chart-table", "children"), Output("downloads", "children"),
        Output("tick", "disabled", allow_duplicate=True), Output("stop", "disabled", allow_duplicate=True),
        Output("answered", "data"), Input("ask", "data"), Input("place", "value"), State("seen", "data"),
        prevent_initial_call="initial_duplicate",
    )  # fmt: skip
    def _look(asked: int, place: str | None, seen: str) -> tuple[Any, ...]:
        session = desk.sessions.current()
        run = session.run
        if run is None:
            return (*(no_update,) * 13, True, True, asked)
        is_over = run.is_over
        found = known(run, desk.kept)
        place = place if place in places(run.base.scenario) else "all"
        stamp = f"{run.id} {run.state} {run.finished} {found.curves} {found.whole} {place}"
        still = not (is_over and found.is_all)
        if stamp == seen:
            return (*(no_update,) * 13, not still, is_over, asked)
        return (stamp, *_shown(run, found, place, session), not still, is_over, asked)


def _shown(run: Run, found: Known, place: str, session: Session) -> tuple[Any, ...]:
    """State, progress, what it rests on, charts, texts and tables of a run."""
    language = session.language
    scenario = run.changed.scenario
    names = titles(scenario)
    told = named(place, names, language)
    shown = curves(found, place, scenario)
    head = (state_told(run, session), str(run.finished), str(run.total), _rests(found, session))
    lines = rows(found, places(scenario))
    tables = [] if not lines else _tables(lines, found, names, session)
    order = {key: number for number, key in enumerate(names)}  # as the procedures have them
    of_clocks = sorted(clock_rows(found, place), key=lambda row: order.get(row.clock, len(order)))
    clocks = clock_table(of_clocks, names, told, language) if of_clocks else None
    if shown is None:
        empty_chart = figures.nothing(language)
        return (*head, empty_chart, empty_chart, "", "", tables, clocks, None, None)
    on = None if scenario.reform is None else scenario.reform.on
    last = {name: getattr(shown, name).iloc[-1] for name in ("base", "changed")}
    alt = say(
        "chart_backlog_alt", language, place=told, **{k: fmt.number(last[k]["mean"]) for k in ("base", "changed")}
    )
    return (
        *head,
        figures.backlog(shown, on, place, language),
        figures.difference(shown, on, place, language),
        alt,
        _difference_alt(shown, told, session),
        tables,
        clocks,
        curve_table(shown, f"{say('backlog_heading', language)} · {told}", language),
        _downloads(run, session) if run.both else None,
    )


def _difference_alt(shown: Curves, place: str, session: Session) -> str:
    last = shown.difference.iloc[-1]
    known_ = last["low"] == last["low"]
    between = f"{fmt.signed(last['low'])} … {fmt.signed(last['high'])}" if known_ else "–"
    difference = fmt.signed(last["mean"])
    return say("chart_difference_alt", session.language, place=place, difference=difference, interval=between)


def state_told(run: Run, session: Session) -> str:
    """How far a run is, in words."""
    if run.state == "failed":
        return say("state_failed", session.language, why=run.why)
    return say(f"state_{run.state}", session.language, finished=run.finished, total=run.total)


def _rests(found: Known, session: Session) -> str:
    count = len(found.curves)
    key = "rests_on_none" if count == 0 else "rests_on_one" if count == 1 else "rests_on"
    return say(key, session.language, count=count) if count > 1 else say(key, session.language)


def _tables(lines: list[Row], found: Known, names: Any, session: Session) -> list[Part]:
    language = session.language
    tables = []
    for measure in ("open_cases", "overdue"):
        mine = [row for row in lines if row.measure == measure]
        if mine:
            tables.append(measure_table(mine, [named(row.place, names, language) for row in mine], language))
    if not any(row.measure == "overdue" for row in lines):
        tables.append(note(say("overdue_none" if found.whole else "overdue_later", language)))
    return tables


def _downloads(run: Run, session: Session) -> list[Part]:
    return [
        html.A(say("download_csv", session.language), href=f"download/run/{run.id}.csv", download=""),
        html.A(say("download_report", session.language), href=f"download/run/{run.id}.html", download=""),
    ]
