"""The application: Dash around a desk."""

from __future__ import annotations

import logging
from typing import Any

from dash import Dash, set_props
from flask import Flask, Response, request

from ..errors import EnforcementSimError
from . import comparing, downloads, filing, sweeping, trying
from .access import guard
from .desk import Desk
from .layout import page
from .parts import problem
from .sessions import COOKIE, Session, keep_cookie
from .settings import Settings
from .uploads import LARGEST_REQUEST
from .words import LANGUAGES, say

_log = logging.getLogger(__name__)
_INDEX = """<!DOCTYPE html>
<html lang="{lang}"><head>{metas}<title>{title}</title>{favicon}{css}</head>
<body><noscript>{no_script}</noscript>{app_entry}<footer>{config}{scripts}{renderer}</footer></body></html>"""


class App(Dash):
    """Dash with a page in the language of who asks, and the desk behind it as `desk`."""

    desk: Desk

    def interpolate_index(self, *_: Any, **parts: Any) -> str:
        """The page around the application."""
        language = self.desk.sessions.current().language
        parts["title"] = say("app_title", language)
        shown = {key: parts.get(key, "") for key in
                 ("metas", "title", "favicon", "css", "app_entry", "config", "scripts", "renderer")}  # fmt: skip
        shown["app_entry"] = shown["app_entry"].replace("Loading...", say("loading", language))
        lang = "zh-CN" if language == "zh" else "en"
        return _INDEX.format(lang=lang, no_script=say("no_script", language), **shown)


def create_app(settings: Settings) -> App:
    """The application, which holds its workspace and its processes until `app.desk.close()`.

    Raises ResultsError where the workspace is not there or another process works in it.
    """
    server = Flask(__name__)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    desk = Desk(settings)
    server.config["desk"] = desk
    try:
        given: Any = server
        app = App(
            __name__, server=given, serve_locally=True, suppress_callback_exceptions=True, update_title="",
            add_log_handler=False, on_error=_on_error(desk), title="enforcement-sim",
        )  # fmt: skip
        app.desk = desk
        app.layout = lambda: page(desk, desk.sessions.current())
        for part in (trying, comparing, sweeping, filing):
            part.register(app, desk)
        guard(server, settings, app.csp_hashes())
        downloads.register(server, desk)
        _with_sessions(server, desk)
    except BaseException:
        desk.close()
        raise
    return app


def _with_sessions(server: Flask, desk: Desk) -> None:
    @server.before_request
    def _language() -> None:
        session = desk.sessions.current()
        asked = request.args.get("lang")
        if COOKIE not in request.cookies and not asked:
            session.language = "zh" if request.accept_languages.best_match(["en", "zh"]) == "zh" else "en"
        if request.path == "/" and asked in LANGUAGES:
            session.language = "zh" if asked == "zh" else "en"

    @server.after_request
    def _cookie(response: Response) -> Response:
        return keep_cookie(response)


def _on_error(desk: Desk) -> Any:
    def told(error: Exception) -> None:
        """A user's error is shown as it is; anything else is the program's fault, and its log says more."""
        session: Session = desk.sessions.current()
        if isinstance(error, EnforcementSimError):
            set_props("problem", {"children": problem(desk.told(error))})
            return
        _log.error("a callback failed", exc_info=error)
        set_props("problem", {"children": problem(say("broken", session.language))})

    return told
