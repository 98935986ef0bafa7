"""Files: save a changed scenario, send one, and take things away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import Dash, Input, Output, State, html, no_update

from ..errors import EnforcementSimError
from .comparing import run_told
from .controls import options
from .desk import Desk
from .parts import Part, note, problem
from .sessions import Session
from .trying import LEVERS, given_of
from .uploads import name_of, text_of
from .words import say


def register(app: Dash, desk: Desk) -> None:
    """Wire the form that saves, the one that sends, and the lists of files."""

    @app.callback(
        Output("saved", "children", allow_duplicate=True), Output("scenario", "options", allow_duplicate=True),
        Output("fresh", "data", allow_duplicate=True),
        Input("save", "n_clicks"), State("save-title", "value"), State("save-name", "value"), State("fresh", "data"),
        State(LEVERS, "value"), State(LEVERS, "id"), prevent_initial_call=True,
    )  # fmt: skip
    def _save(
        _: int, title: str | None, name: str | None, fresh: int, values: list[Any], ids: list[dict[str, str]]
    ) -> tuple[Any, ...]:
        session = desk.sessions.current()
        try:
            if session.chosen and ids:
                desk.put_in(session, given_of(desk.levers(session), ids, values))
            path = desk.save(session, title or "", name or "")
        except EnforcementSimError as error:
            return problem(desk.told(error)), no_update, no_update
        link = html.A(say("saved_as", session.language, path=path), href=_saved_link(path), download="")
        return html.P(link, className="fine"), options(desk, session), fresh + 1

    @app.callback(
        Output("uploaded", "children"), Output("scenario", "options", allow_duplicate=True),
        Output("scenario", "value", allow_duplicate=True), Output("fresh", "data", allow_duplicate=True),
        Output("upload", "contents"),
        Input("upload", "contents"), State("upload", "filename"), State("fresh", "data"), prevent_initial_call=True,
    )  # fmt: skip
    def _upload(contents: str | None, filename: str | None, fresh: int) -> tuple[Any, ...]:
        session = desk.sessions.current()
        if not contents:
            return (no_update,) * 5
        name = name_of(filename or "")
        try:
            value = desk.send(session, name, text_of(contents))
        except EnforcementSimError as error:
            return problem(desk.told(error)), no_update, no_update, no_update, None
        told = html.P(say("uploaded", session.language, name=name), className="fine")
        return told, options(desk, session), value, fresh + 1, None

    @app.callback(Output("files", "children"), Input("tab", "data"), Input("fresh", "data"), prevent_initial_call=True)
    def _list(tab: str, _: int) -> Part:
        return files(desk, desk.sessions.current()) if tab == "files" else no_update


def files(desk: Desk, session: Session) -> list[Part]:
    """What may be taken away: saved scenarios of the workspace, and the session's own runs."""
    language = session.language
    found: list[Part] = []
    if session.uploads:
        found += [html.H3(say("own_uploads", language)), html.Ul([html.Li(name) for name in session.uploads])]
    saved = [html.Li(html.A(path, href=_saved_link(path), download="")) for path in desk.saving.saved()]
    found.append(html.H3(say("saved_heading", language)))
    found.append(html.Ul(saved) if saved else note(say("saved_none", language)))
    runs = [
        html.Li([
            run_told(run, session), " ",
            html.A(say("download_csv", language), href=f"download/run/{run.id}.csv", download=""), " ",
            html.A(say("download_report", language), href=f"download/run/{run.id}.html", download=""),
        ])
        for run in session.finished()
    ]  # fmt: skip
    found.append(html.H3(say("runs_heading", language)))
    found.append(html.Ul(runs, className="links") if runs else note(say("runs_none", language)))
    return found


def _saved_link(path: str) -> str:
    return f"download/saved/{quote(path)}"
