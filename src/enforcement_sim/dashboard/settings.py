"""What the application is started with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ResultsError
from ..studies.workers import processors

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEAST_TOKEN = 16
"""Characters of a token; a shorter one could be guessed."""
MOST_REPLICATIONS, MOST_RUNS, RUN_SECONDS = 40, 20, 1800
"""Of one run, of all sessions at once, and of wall time, unless told otherwise."""
PREFIX = "ENFORCEMENT_SIM_"
ASIDE = ".enforcement-sim"
"""The folder of a workspace in which the application keeps what no planner has to look at."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the application works, who may use it, and how much it does at once.

    `port` 0 stands for any. A run has at the most `most_replications`; `most_runs` may run or wait in all; a run is
    ended after `run_seconds` of wall time. Raises ResultsError for a token that could be guessed, a host that others
    reach without a token, and limits below 1.
    """

    workspace: Path
    host: str = "127.0.0.1"
    port: int = 8050
    token: str | None = None
    most_replications: int = MOST_REPLICATIONS
    most_runs: int = MOST_RUNS
    run_seconds: float = RUN_SECONDS
    workers: int = 0
    most_sessions: int = 500

    def __post_init__(self) -> None:
        if self.token is not None and len(self.token) < LEAST_TOKEN:
            raise ResultsError(
                f"the token has {len(self.token)} characters; it could be guessed",
                try_=f"one of at least {LEAST_TOKEN} characters, such as: openssl rand -hex 16",
            )
        if self.token is None and self.host not in LOOPBACK:
            raise ResultsError(
                f"on {self.host} others in the network could use the application, and no token keeps them out",
                try_="--token with at least 16 characters, or --host 127.0.0.1",
            )
        for name in ("most_replications", "most_runs", "run_seconds", "most_sessions"):
            if getattr(self, name) < 1:
                raise ResultsError(f"{name} is {getattr(self, name)}; nothing could be run", try_="1 or more")

    @property
    def aside(self) -> Path:
        """Where the application keeps its own files."""
        return self.workspace / ASIDE

    @property
    def kept(self) -> Path:
        """Where finished replications are kept, by key."""
        return self.aside / "kept"

    @property
    def processes(self) -> int:
        """How many processes run replications."""
        return self.workers or processors()


def settings_of(variables: Mapping[str, str] | None = None) -> Settings:
    """The settings that environment variables give: ENFORCEMENT_SIM_WORKSPACE, _TOKEN, _REPLICATIONS and so on.

    Raises ResultsError for what is no number, and as `Settings` does.
    """
    given = os.environ if variables is None else variables

    def told(name: str, default: str) -> str:
        return given.get(PREFIX + name) or default

    def number(name: str, default: int) -> int:
        text = told(name, str(default))
        try:
            return int(text)
        except ValueError:
            raise ResultsError(f"{PREFIX}{name} is no whole number: {text}", try_=f"such as {default}") from None

    return Settings(
        workspace=Path(told("WORKSPACE", ".")), port=0, token=given.get(PREFIX + "TOKEN") or None,
        most_replications=number("REPLICATIONS", MOST_REPLICATIONS), most_runs=number("RUNS", MOST_RUNS),
        run_seconds=number("RUN_SECONDS", RUN_SECONDS), workers=number("WORKERS", 0),
    )  # fmt: skip
