"""What the page's buttons do, without the page: choose, change, run, stop, save, send, compare."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import EnforcementSimError, ResultsError
from ..files.opened import Opened
from ..model.figures import Title
from ..studies.lock import held
from .kept import Kept
from .levers import Lever, changes_of, levers_of
from .run import Run, Side
from .runner import Runner
from .saving import Saving
from .sessions import Session, Sessions
from .settings import Settings
from .told import told
from .uploads import beside_of, check_kind, name_of, upload
from .workspace import Workspace

UPLOAD = "upload:"
"""What stands before the name of an upload where a scenario is chosen."""
MOST_SIDES = 32
"""Changed scenarios that are remembered."""


class Desk:
    """The application behind its page. Holds its workspace until it is closed; ResultsError if another one does."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workspace = Workspace(settings.workspace)
        self._held = ExitStack()
        try:
            self._held.enter_context(held(settings.aside))
        except ResultsError as error:
            raise ResultsError(
                f"the workspace {settings.workspace} cannot be held: {error.what}",
                try_="one process with several threads for each workspace, such as waitress, or gunicorn --workers 1",
            ) from None
        self.kept = Kept(settings.kept)
        self.saving = Saving(self.workspace, settings.aside)
        self.sessions = Sessions(settings.most_sessions)
        self.runner = Runner(settings, self.kept)
        self._sides: OrderedDict[tuple[int, str], tuple[Opened, Side]] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """End all runs and let go of the workspace."""
        self.runner.close()
        self._held.close()

    def told(self, error: EnforcementSimError) -> str:
        """An error as a planner may read it."""
        return told(error, self.workspace.root)

    # What is chosen

    def choices(self, session: Session) -> list[tuple[str, Title, str]]:
        """What may be chosen: its value, its title, and its path or name."""
        own = [(UPLOAD + name, Title(en=name, zh=name), name) for name in reversed(session.uploads)]
        return own + [(entry.path, entry.title, entry.path) for entry in self.workspace.scenarios()]

    def choose(self, session: Session, value: str) -> list[Lever]:
        """Choose a scenario; gives its levers. What was put in for another is forgotten. Errors as `open` has them."""
        opened = self.opened(session, value)
        levers = self._levers_of(opened)
        self.runner.ahead(self._side(opened, {}))
        with session.lock:
            if session.chosen != value:
                session.chosen, session.given = value, {}
        return levers

    def opened(self, session: Session, value: str) -> Opened:
        """A scenario of the workspace or an upload of this session, read and checked."""
        name = value.removeprefix(UPLOAD)
        if name == value:
            return self.workspace.open(value)
        if name not in session.uploads:
            raise ResultsError("no such upload", try_="one of those that are listed")
        text, folder = session.uploads[name]
        return upload(self.workspace, name, text, folder)

    def levers(self, session: Session) -> list[Lever]:
        """The levers of the chosen scenario; none if nothing is chosen."""
        return self._levers_of(self.opened(session, session.chosen)) if session.chosen else []

    def put_in(self, session: Session, given: dict[str, Any]) -> dict[str, Any]:
        """Remember what is put in for the chosen scenario, by path; gives what it changes.

        Raises ScenarioError for what cannot be.
        """
        with session.lock:
            session.given = given
        opened = self.opened(session, session.chosen)
        changes = changes_of(self._levers_of(opened), given)
        self.runner.ahead(self._side(opened, changes))
        return changes

    def changes(self, session: Session) -> dict[str, Any]:
        """What of the chosen scenario is changed, by path; nothing if what is put in cannot be."""
        if not session.chosen:
            return {}
        try:
            return changes_of(self.levers(session), session.given)
        except EnforcementSimError:
            return {}

    # Runs

    def start(self, session: Session, wanted: Any) -> Run:
        """Run the chosen scenario with what is put in, and without; ends the run before. Errors as they come."""
        self.runner.has_room(session.id)
        most = self.settings.most_replications
        if not isinstance(wanted, int) or not 1 <= wanted <= most:
            told = "no number of" if wanted is None else str(wanted)[:40]
            raise ResultsError(f"{told} replications were asked for", try_=f"a number from 1 to {most}")
        if not session.chosen:
            raise ResultsError("no scenario is chosen", try_="one of the list")
        opened = self.opened(session, session.chosen)
        changes = changes_of(self._levers_of(opened), session.given)
        base, changed = self._side(opened, {}), self._side(opened, changes)
        seed = base.scenario.seed
        run = Run(session.id, session.chosen, base.scenario.title, changes, base, changed, seed, wanted)
        session.wanted = wanted
        self.runner.start(run)
        session.add(run)
        return run

    def _side(self, opened: Opened, changes: Mapping[str, Any]) -> Side:
        """A scenario with changes, which was mostly asked for before: when they were put in."""
        asked = id(opened), json.dumps(changes, sort_keys=True)
        with self._lock:
            known = self._sides.get(asked)
        if known is not None and known[0] is opened:
            return known[1]
        side = Side.of(opened.scenario(changes))
        with self._lock:
            self._sides[asked] = opened, side
            while len(self._sides) > MOST_SIDES:
                self._sides.popitem(last=False)
        return side

    def _levers_of(self, opened: Opened) -> list[Lever]:
        return levers_of(self._side(opened, {}).scenario)

    def stop(self, session: Session) -> None:
        """End the latest run of a session, if it is not over."""
        if session.run is not None:
            self.runner.stop(session.run)

    # Files

    def save(self, session: Session, title: str, name: str) -> str:
        """Keep the chosen scenario with what is put in; gives its path. Errors as `Saving.save` has them."""
        if not session.chosen:
            raise ResultsError("no scenario is chosen", try_="one of the list")
        opened = self.opened(session, session.chosen)
        changes = changes_of(self._levers_of(opened), session.given)
        return self.saving.save(self._source(session), self._text(session), opened, changes, title, name)

    def _source(self, session: Session) -> str:
        """Where the chosen scenario stands, or an upload would."""
        name = session.chosen.removeprefix(UPLOAD)
        return session.chosen if name == session.chosen else beside_of(name, session.uploads[name][1])

    def _text(self, session: Session) -> str:
        name = session.chosen.removeprefix(UPLOAD)
        if name != session.chosen:
            return session.uploads[name][0]
        return self.workspace.at(name).read_bytes().decode("utf-8-sig")

    def send(self, session: Session, filename: str, text: str) -> str:
        """Take a file in; gives what to choose. It is read as if it stood beside the scenario that is chosen now."""
        name = name_of(filename)
        check_kind(text, name)
        folder = PurePosixPath(self._source(session)).parent.as_posix() if session.chosen else "."
        upload(self.workspace, name, text, folder)
        session.upload(name, text, folder)
        return UPLOAD + name

    def saved_file(self, path: str) -> Path:
        """A file that was saved here; ResultsError for any other."""
        if path not in self.saving.saved():
            raise ResultsError("no such saved scenario", try_="one of those that are listed")
        return self.workspace.at(path)
