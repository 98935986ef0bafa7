"""One run: a scenario of the workspace and the same with changes, on the same cases."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..model.figures import Title
from ..model.scenario import Scenario
from ..studies.provenance import manifest

NAME = "scenario"
"""What every scenario is called in the folder of its results: titles may change and the results stay."""
State = Literal["runs", "done", "stopped", "failed", "time_up"]


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario of a run and the key of its results."""

    scenario: Scenario
    key: str

    @classmethod
    def of(cls, scenario: Scenario) -> Side:
        """A scenario with the key that its results have with its own seed."""
        return cls(scenario, str(manifest(NAME, scenario, scenario.seed, None)["key"]))


@dataclass(slots=True)
class Run:
    """A run of one session.

    `changed` and `base` are run with the same seed, replications 0 to `wanted` - 1 of both. `done` holds the numbers of
    the replications of each key that are finished. `why` says why it failed.
    """

    session: str
    source: str
    title: Title
    changes: Mapping[str, Any]
    base: Side
    changed: Side
    seed: int
    wanted: int
    number: int = 0
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "runs"
    why: str = ""
    began: float = field(default_factory=time.monotonic)
    done: dict[str, set[int]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.state != "runs"

    @property
    def both(self) -> list[int]:
        """The replications that are finished of the base and of the changed scenario."""
        return sorted(self.of(self.base) & self.of(self.changed))

    def of(self, side: Side) -> set[int]:
        """The replications of one side that are finished."""
        return set(self.done.get(side.key, ()))

    @property
    def total(self) -> int:
        """How many replications were asked for, of both sides together."""
        return self.wanted * len({self.base.key, self.changed.key})

    @property
    def finished(self) -> int:
        """How many of these are finished."""
        return sum(len(numbers) for numbers in self.done.values())

    def tasks(self) -> list[tuple[Side, int]]:
        """What is to be done, in order: the changed scenario first, for its base is often there already."""
        sides = [self.changed] if self.base.key == self.changed.key else [self.changed, self.base]
        return [(side, number) for number in range(self.wanted) for side in sides]
