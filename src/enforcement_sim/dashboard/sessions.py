"""One session a browser: what it has chosen, put in and run; nobody else sees it."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from flask import Response, has_request_context, request
from flask import g as here

from ..errors import ResultsError
from ..model.figures import Language
from .run import Run

COOKIE = "enforcement_sim_session"
MOST_RUNS = 30
"""Runs that a session remembers; the oldest go first."""
MOST_UPLOADS = 10


@dataclass(slots=True)
class Session:
    """What belongs to one browser.

    `chosen` is the scenario as seen from the workspace or the name of an upload, `given` what was put in for it, by
    path.
    `uploads` holds texts by name, each with the folder that it is read as if it stood in.
    """

    id: str
    language: Language = "en"
    chosen: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    wanted: int = 10
    runs: list[Run] = field(default_factory=list)
    uploads: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)
    begun: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def run(self) -> Run | None:
        """The latest run."""
        return self.runs[-1] if self.runs else None

    def run_of(self, id_: str) -> Run:
        """One of its own runs; ResultsError for any other."""
        with self.lock:
            for run in self.runs:
                if secrets.compare_digest(run.id.encode(), id_.encode()):
                    return run
        raise ResultsError("no such run", try_="one of those that are listed")

    def add(self, run: Run) -> None:
        """Remember a run, the latest of this session."""
        with self.lock:
            self.begun += 1
            run.number = self.begun
            self.runs.append(run)
            del self.runs[:-MOST_RUNS]

    def upload(self, name: str, text: str, folder: str) -> None:
        """Remember a text under a name; the oldest is forgotten when there are too many."""
        with self.lock:
            self.uploads[name] = text, folder
            self.uploads.move_to_end(name)
            while len(self.uploads) > MOST_UPLOADS:
                self.uploads.popitem(last=False)

    def finished(self) -> list[Run]:
        """Its runs of which something is finished on both sides, the latest first."""
        with self.lock:
            return [run for run in reversed(self.runs) if run.both]


class Sessions:
    """All sessions by the random id in their cookie; only ids that were given out are known."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, id_: str | None) -> Session:
        """The session of an id, or a new one; the one that was not seen for longest makes room."""
        with self._lock:
            if id_ is not None and id_ in self._known:
                self._known.move_to_end(id_)
                return self._known[id_]
            session = Session(secrets.token_urlsafe(32))
            self._known[session.id] = session
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return session

    def current(self) -> Session:
        """The session of the request that is answered."""
        if not has_request_context():
            return Session("")  # the layout is asked for once without anybody who asks
        if "session" not in here:
            here.session = self.of(request.cookies.get(COOKIE))
        found: Session = here.session
        return found


def keep_cookie(response: Response) -> Response:
    """Give the browser the id of the session that its request began."""
    session = here.get("session")
    if session is not None and request.cookies.get(COOKIE) != session.id:
        response.set_cookie(COOKIE, session.id, httponly=True, samesite="Strict", secure=request.is_secure)
    return response
