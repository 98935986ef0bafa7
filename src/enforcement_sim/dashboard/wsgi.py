"""The application for a server of one's own, as `waitress-serve --call enforcement_sim.dashboard.wsgi:application`.

One process with threads: a second one is refused, as it could not know of the runs of the first.
"""

from __future__ import annotations

from flask import Flask

from .app import create_app
from .settings import settings_of


def application() -> Flask:
    """The application with the settings of the environment. Raises ResultsError as `create_app` does."""
    server: Flask = create_app(settings_of()).server
    return server
