"""The command that starts the live application."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ResultsError

if TYPE_CHECKING:
    from ..dashboard.app import App
    from ..dashboard.settings import Settings

TOKEN = "ENFORCEMENT_SIM_TOKEN"
THREADS = 8


def serve(
    workspace: Annotated[
        Path, typer.Argument(metavar="DIR", help="Workspace: the folder with the scenarios.")
    ] = Path(),
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; any but this machine's own needs a token.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen at.")] = 8050,
    token: Annotated[
        str | None,
        typer.Option("--token", envvar=TOKEN, show_envvar=True, help="Word of at least 16 characters that lets in."),
    ] = None,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, help="Most replications of a run.")] = 40,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Most runs that wait at once, of all users.")] = 20,
    time_limit: Annotated[
        str, typer.Option("--time-limit", metavar="LENGTH", help="Longest time of a run.")
    ] = "30 min",
    workers: Annotated[int, typer.Option("--workers", "-w", min=0, help="Processes; 0: one for each processor.")] = 0,
) -> None:
    """Open the scenarios of a folder in a browser: change them, run them, see and save what comes out."""
    try:
        import dash  # noqa: F401
        import waitress  # noqa: F401
    except ImportError:
        raise ResultsError(
            "the application needs libraries that are not installed", try_="pip install 'enforcement-sim[app]'"
        ) from None
    from ..dashboard.app import create_app
    from ..dashboard.settings import Settings
    from .manner import seconds_of

    settings = Settings(
        workspace, host, port, token, most_replications=replications, most_runs=runs, workers=workers,
        run_seconds=seconds_of(time_limit),
    )  # fmt: skip
    _serve(create_app(settings), settings)


def _serve(app: App, settings: Settings) -> None:
    """Answer until the command is stopped."""
    from waitress import create_server

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that its processes are ended too
    try:
        try:
            server = create_server(
                app.server, host=settings.host, port=settings.port, threads=THREADS, ident=None,
                max_request_body_size=app.server.config["MAX_CONTENT_LENGTH"],
            )  # fmt: skip
        except OSError as error:
            what = f"cannot listen at {settings.host}:{settings.port}: {error.strerror or error}"
            raise ResultsError(what, try_="another --port") from None
        app.desk.runner.wait_until_warm()
        typer.echo(f"open {_address(settings)} – Ctrl-C ends it")
        try:
            server.run()
        except KeyboardInterrupt:
            server.close()
    finally:
        app.desk.close()


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    # A token from the environment is a secret that a log of the terminal should not hold.
    secret = "" if settings.token is None else f"?token={'...' if os.environ.get(TOKEN) else settings.token}"
    return f"http://{host}:{settings.port}/{secret}"
