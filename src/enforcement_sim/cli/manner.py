"""In what manner a command runs a study: by whom, within which limits, and how it tells."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import typer
from rich.console import Console

from ..errors import ResultsError
from ..model.quantities import parse_length
from ..model.scenario import Scenario
from ..studies.points import How
from .progress import Told

EngineName = Literal["fast", "reference"]


@dataclass(frozen=True, slots=True)
class Manner:
    """The options of that kind, as the user wrote them."""

    workers: int | None = None
    apart: bool = False
    time_limit: str | None = None
    cluster: str | None = None
    quiet: bool = False
    as_json: bool = False

    @contextmanager
    def running(self, out: Path) -> Iterator[tuple[How, Told]]:
        """Those who run a study, and somebody to tell; Ctrl-C ends it and says how to go on."""
        limit = None if self.time_limit is None else seconds_of(self.time_limit)
        with _stoppable(out), Told(self.quiet, self.as_json) as told:
            if self.cluster is None:
                yield How(self.workers, apart=self.apart, time_limit=limit), told
                return
            if limit is not None:
                raise ResultsError("--time-limit is for processes of this machine", try_="leave it out with --cluster")
            from ..studies.cluster import connected

            with connected(self.cluster) as cluster:
                yield How(self.workers, cluster, self.apart), told

    def busy(self, what: str) -> AbstractContextManager[object]:
        """Tell people on a terminal what takes a moment, for as long as it does."""
        return Console(stderr=True, quiet=self.quiet or self.as_json).status(what)

    def end(self, **outcome: Any) -> None:
        """Tell the outcome to a program; people were told on the way."""
        if self.as_json:
            typer.echo(json.dumps(outcome, ensure_ascii=False))

    def say(self, text: str) -> None:
        """Tell people something."""
        if not self.as_json:
            typer.echo(text)


def seconds_of(written: str) -> float:
    """Seconds of a length of time as it is given to an option; ResultsError for what is none."""
    try:
        length = parse_length(written)
    except ValueError as error:
        what, _, try_ = str(error).partition("||")
        raise ResultsError(f"--time-limit {written}: {what}", try_=try_ or "for example '10 min'") from None
    if length.is_days or length.seconds <= 0:
        raise ResultsError(f"--time-limit {written}: this is no time on the clock above 0", try_="for example '10 min'")
    return length.seconds


@contextmanager
def _stoppable(out: Path) -> Iterator[None]:
    """Says what is kept when the user breaks off a run."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"stopped; finished replications are kept in {out}: the same command goes on from there", file=sys.stderr)
        raise typer.Exit(130) from None


def with_the(with_engine: EngineName | None, scenario: Scenario) -> Scenario:
    """The scenario, run with another engine than its file says if one is given."""
    return scenario if with_engine is None else scenario.model_copy(update={"engine": with_engine})
