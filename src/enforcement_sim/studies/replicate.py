"""Replications of one scenario, on one or more processes; the number of processes never shows in a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..engines.choice import engine, prepare
from ..journal.log import EventLog
from ..measures.intervals import difference, summary
from ..measures.published import published_table
from ..model.scenario import Scenario
from ..plan.build import build
from ..plan.tables import Plan
from .points import ALONE, How, Place, all_of
from .processes import each
from .store import Folder
from .workers import worthwhile

Progress = Callable[[str, int, int], None]
"""Called with (scenario, replications done, replications in all)."""


@dataclass(frozen=True)
class Results:
    """What replications of a scenario found."""

    name: str
    scenario: Scenario
    seed: int
    findings: pd.DataFrame
    log_digests: tuple[str, ...]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Means over replications with 95 % intervals.

        Columns: measure, jurisdiction, field, item, period, mean, low, high, sd, n.
        """
        return summary(self.findings)

    @cached_property
    def published(self) -> pd.DataFrame:
        """Published counts beside simulated ones."""
        return published_table(self.scenario, self.findings)

    def measure(self, name: str) -> pd.DataFrame:
        """The summary of one measure, e.g. `backlog` or `days_median`."""
        return self.summary[self.summary["measure"] == name].reset_index(drop=True)

    def difference_to(self, base: Results) -> pd.DataFrame:
        """The scenario minus another on the same random cases, with intervals."""
        return difference(self.findings, base.findings)


def replicate(
    scenario: Scenario,
    *,
    name: str = "scenario",
    replications: int | None = None,
    seed: int | None = None,
    folder: Path | None = None,
    how: How = ALONE,
    progress: Progress | None = None,
) -> Results:
    """Run replications 0 .. n-1 and gather their findings.

    `folder` keeps every finished replication; those already there are taken as they are. If they are of another
    scenario, seed or program, that is refused with the difference named, or they are kept apart (`Folder.begin`).
    Without a folder the work is done by processes of this machine and takes as long as it takes. Raises GridlockError
    or ConservationError with the number of the replication, WorkerError if a replication is given up, ResultsError
    where the folder cannot be used.
    """
    count = scenario.replications if replications is None else replications
    chosen = scenario.seed if seed is None else seed
    tell = progress or _silent
    if folder is None:
        return _in_memory(build(scenario, chosen), scenario, name, count, how.workers, tell)
    return _kept(folder, [Place(Folder(folder), name, scenario, chosen)], count, how, tell)[0]


def side_by_side(
    scenarios: Mapping[str, Scenario],
    *,
    replications: int,
    seed: int,
    folder: Path,
    how: How = ALONE,
    progress: Progress | None = None,
) -> list[Results]:
    """The same of several scenarios on the same cases by one set of workers, each kept in the folder of its name.

    What would be refused of any is refused before the first one runs.
    """
    places = [Place(Folder(folder / name), name, scenario, seed) for name, scenario in scenarios.items()]
    return _kept(folder, places, replications, how, progress or _silent)


def _kept(root: Path, places: Sequence[Place], count: int, how: How, tell: Progress) -> list[Results]:
    done = [0] * len(places)

    def one_more(number: int) -> None:
        done[number] += 1
        tell(places[number].name, done[number], count)

    for place in places:
        tell(place.name, 0, count)
    results = []
    for place, key in zip(places, all_of(root, places, count, how, one_more), strict=True):
        findings, digests = place.folder.findings(key, range(count))
        results.append(Results(place.name, place.scenario, place.seed, findings, tuple(digests)))
    return results


def _in_memory(plan: Plan, scenario: Scenario, name: str, count: int, workers: int | None, tell: Progress) -> Results:
    prepare(scenario.engine)
    hands = worthwhile(plan, scenario.engine, count) if workers is None else workers
    tell(name, 0, count)
    found = {}
    for done in each(plan, scenario.engine, range(count), hands):
        found[done.replication] = done
        tell(name, len(found), count)
    parts = [found[r].findings.assign(replication=r) for r in range(count)]
    digests = tuple(found[r].log_digest for r in range(count))
    return Results(name, scenario, plan.seed, pd.concat(parts, ignore_index=True), digests)


def _silent(*_: object) -> None:
    """Tell nobody how far it is."""


def one_log(scenario: Scenario, replication: int, seed: int | None = None) -> tuple[EventLog, Plan]:
    """The event log of a single replication, the same as among any number of others."""
    plan = build(scenario, seed)
    return engine(scenario.engine)(plan, replication), plan


def load_results(folder: Path) -> Results:
    """Results that were kept in a folder; all replications that are there."""
    place = Folder(folder)
    facts = place.manifest()
    tables, digests = place.all_findings(facts["key"])
    return Results(facts["name"], Scenario.model_validate(facts["scenario"]), facts["seed"], tables, tuple(digests))
