"""One part of a study, for one of several machines; `merging.merge` puts the parts together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import EnforcementSimError
from .points import ALONE, How, Place, working


@dataclass(frozen=True, slots=True)
class Part:
    """The `number`-th of so many parts, the first being 1."""

    number: int
    of: int

    def replications(self, place: int, count: int) -> range:
        """Which of `count` replications of a place, by its number in the study, belong to this part.

        All replications of all places are dealt out in turn, so that every part has as many, but for one.
        """
        return range((self.number - 1 - place * count) % self.of, count, self.of)


def run_part(
    root: Path,
    places: Sequence[Place],
    count: int,
    part: Part,
    how: How = ALONE,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[Place, int, EnforcementSimError]]:
    """Run and keep those of `count` replications of every place that belong to a part; which failed, and why.

    `progress` is called with the replications done and those in all. Raises ResultsError where a folder cannot be used.
    """
    wanted = [(number, part.replications(number, count)) for number in range(len(places))]
    done, total = 0, sum(len(some) for _, some in wanted)
    failed: list[tuple[Place, int, EnforcementSimError]] = []

    def told(number: int, replication: int, error: EnforcementSimError | None) -> None:
        nonlocal done
        done += 1
        if error is not None:
            failed.append((places[number], replication, error))
        if progress is not None:
            progress(done, total)

    with working(root, places, how, count) as work:
        work.run([(number, some) for number, some in wanted if some], told)
    return failed
