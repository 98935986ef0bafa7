"""Values of many replications of a few scenarios side by side, kept so that a kill loses little.

    python bench/samples.py [--models one_officer ...] [--replications 20000] [--minutes 60]

runs what is missing of the models below, on one core, and keeps `bench/out/samples/MODEL.npz`. Only the measures that
are named are computed, by the functions that make the findings of a run; replication 0 is held against those findings,
and against what is kept before more is added to it: values of another program or scenario are refused.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from enforcement_sim.engines.choice import Engine, prepare
from enforcement_sim.engines.compiled.engine import run as fast
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures import backlog, clocks, stays
from enforcement_sim.measures.findings import findings
from enforcement_sim.measures.frame import stacked
from enforcement_sim.measures.visits import visits
from enforcement_sim.model.origins import Counted
from enforcement_sim.model.quantities import Length
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan

Floats = npt.NDArray[np.float64]

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
OUT = Path(__file__).resolve().parent / "out" / "samples"
KEPT_EVERY = 60.0
"""Seconds of work that a kill can lose."""


class Pick(NamedTuple):
    """One finding: its measure, where, of what, of which year."""

    measure: str
    item: str
    period: int
    jurisdiction: str = "all"


@dataclass(frozen=True)
class Side:
    """A scenario, what is added to its seed, and the engine that runs it."""

    scenario: Callable[[], Scenario]
    more_seed: int = 0
    run: Engine = fast


@dataclass(frozen=True)
class Model:
    """Scenarios that are run side by side (a base and the same with one change), and the findings that are kept."""

    what: str
    sides: tuple[Side, ...]
    picks: Mapping[str, Pick]


def first_quarter(file: str, changes: Mapping[str, object]) -> Scenario:
    """The enforcement base up to its first New Year, with 31 days of warm-up: the counts of later years are left out.

    A period that ended within a year would squeeze that year's cases into what is left of it.
    """
    scenario = load(SCENARIOS / "tianjin" / file, changes)
    end = dt.date(scenario.period.start.year + 1, 1, 1)
    origins = {}
    for name, origin in scenario.origins.items():
        assert isinstance(origin, Counted)
        rows = [row for row in origin.counts if row.year < end.year]
        if rows:
            origins[name] = origin.model_copy(update={"counts": rows})
    period = scenario.period.model_copy(update={"end": end, "warm_up": Length(31, "day")})
    return scenario.model_copy(update={"origins": origins, "period": period})


def of_file(path: str, changes: Mapping[str, object] | None = None) -> Callable[[], Scenario]:
    """A scenario of the folder, with some values changed."""
    return lambda: load(SCENARIOS / path, changes)


def in_system(procedure: str) -> dict[str, Pick]:
    """What is kept of a queue."""
    return {
        "mean time in system, days": Pick("resolution_mean", procedure, 2001),
        "P90 of time in system, days": Pick("resolution_p90", procedure, 2001),
        "mean number in system": Pick("backlog_mean", "all", 2001),
    }


FEWER_HOURS = "procedures.queue.stages.work.duration.mean"
SHORT = {"period.length": "5250 days"}
ONE_OFFICER = Side(of_file("theory/mm1.yaml")), Side(of_file("theory/mm1.yaml", {FEWER_HOURS: "0.9 h"}))
THREE_OFFICERS = (
    Side(of_file("validation/A04.yaml", SHORT)),
    Side(of_file("validation/A04.yaml", SHORT | {FEWER_HOURS: "1.8 days"})),
)
RECONSIDERATION = Side(of_file("wenzhou/base.yaml")), Side(of_file("wenzhou/no_added_staff.yaml"))
ENFORCEMENT_QUARTER = (
    Side(lambda: first_quarter("base.yaml", {})),
    Side(lambda: first_quarter("shift_without_staff.yaml", {"reform.on": "2021-11-01"})),
)
ENFORCEMENT = Side(of_file("tianjin/base.yaml")), Side(of_file("tianjin/shift_without_staff.yaml"))
MODELS = {
    "one_officer": Model(
        "M/M/1 at a load of 0.5, 20,000 mean services (scenarios/theory/mm1.yaml); changed: work 10 % shorter",
        ONE_OFFICER,
        in_system("queue"),
    ),
    "three_officers": Model(
        "M/M/3 at a load of 0.8, 4,000 days after 1,250 of warm-up (scenarios/validation/A04.yaml with the period cut "
        "from 51,250 to 5,250 days); changed: work 10 % shorter",
        THREE_OFFICERS,
        in_system("queue"),
    ),
    "reconsideration": Model(
        "reconsideration base, 16,000 cases (scenarios/wenzhou/base.yaml); changed: no_added_staff.yaml",
        RECONSIDERATION,
        {
            "mean backlog": Pick("backlog_mean", "all", 2024),
            "mean days to resolution": Pick("resolution_mean", "reconsideration", 2024),
            "P90 of days to resolution": Pick("resolution_p90", "reconsideration", 2024),
            "P90 of days of the 60-day clock": Pick("days_p90", "ordinary_60", 2024),
            "overdue share of the 60-day clock": Pick("overdue_share", "ordinary_60", 2024),
            "mean backlog, city office": Pick("backlog_mean", "all", 2024, "wenzhou"),
            "overdue share, city office": Pick("overdue_share", "ordinary_60", 2024, "wenzhou"),
            "overdue share, county 1": Pick("overdue_share", "ordinary_60", 2024, "county_01"),
            "P90 of days of the 60-day clock, county 1": Pick("days_p90", "ordinary_60", 2024, "county_01"),
        },
    ),
    "enforcement": Model(
        "enforcement base (scenarios/tianjin/base.yaml) cut to its first quarter, all districts, 31 days of warm-up; "
        "changed: shift_without_staff.yaml with the shift on 2021-11-01",
        ENFORCEMENT_QUARTER,
        {
            "mean backlog": Pick("backlog_mean", "all", 2021),
            "mean backlog, city corps": Pick("backlog_mean", "all", 2021, "tianjin"),
            "mean days to resolution, urban": Pick("resolution_mean", "urban", 2021),
            "P90 of days to resolution, urban": Pick("resolution_p90", "urban", 2021),
            "mean days to resolution, ordinary": Pick("resolution_mean", "ordinary", 2021),
            "mean days to resolution, urban, city corps": Pick("resolution_mean", "urban", 2021, "tianjin"),
        },
    ),
}  # fmt: skip


def told(log: EventLog, plan: Plan) -> pd.DataFrame:
    """The findings that picks are of, made as `findings` makes them, without the others."""
    seen = visits(log)
    return stacked(
        [
            backlog.backlog(log, plan, seen),
            stays.resolution(log, plan, seen),
            *([clocks.clock_findings(log, plan, seen)] if len(plan.clocks) else []),
        ]
    )


def picked(found: pd.DataFrame, picks: Mapping[str, Pick]) -> Floats:
    """The values of picks in the findings of one replication, over all fields, shape (picks,); NaN for none."""
    rows = found[found["measure"].isin({pick.measure for pick in picks.values()})]
    rows = rows[rows["field"] == "all"]
    keys = zip(rows["measure"], rows["item"], rows["period"], rows["jurisdiction"], strict=True)
    values = dict(zip(map(Pick._make, keys), rows["value"], strict=True))
    return np.array([values.get(pick, np.nan) for pick in picks.values()])


Running = list[tuple[Engine, Plan]]


def one(sides: Running, picks: Mapping[str, Pick], replication: int) -> Floats:
    """The picked values of one replication, shape (sides, picks)."""
    return np.array([picked(told(run(plan, replication), plan), picks) for run, plan in sides])


@dataclass
class Samples:
    """Values kept of a model, shape (replications, sides, picks); NaN where a replication has no such value."""

    picks: Mapping[str, Pick]
    values: Floats

    @property
    def names(self) -> list[str]:
        """The picks by name, in the order of the last axis."""
        return list(self.picks)

    @property
    def done(self) -> int:
        """Replications that are there, from 0 on."""
        return len(self.values)

    def of(self, name: str) -> Floats:
        """The values of a pick, shape (sides, replications)."""
        return self.values[:, :, self.names.index(name)].T


def kept(name: str, model: Model, folder: Path = OUT) -> Samples:
    """What is kept of a model under a name; nothing if there is no file."""
    path = folder / f"{name}.npz"
    if not path.exists():
        return Samples(model.picks, np.zeros((0, len(model.sides), len(model.picks))))
    with np.load(path) as there:
        if there["names"].tolist() != list(model.picks):
            sys.exit(f"{path} holds other measures: {', '.join(there['names'])}; move it away to begin anew")
        return Samples(model.picks, there["values"])


def keep(name: str, samples: Samples, folder: Path = OUT) -> None:
    """Write the values so that a kill leaves the old file or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.{os.getpid()}.part"
    with part.open("wb") as stream:
        np.savez_compressed(stream, names=np.array(samples.names), values=samples.values)
    part.replace(folder / f"{name}.npz")


def collect(name: str, model: Model, count: int, until: float = np.inf, folder: Path = OUT) -> Samples:
    """Run what is missing of `count` replications of a model, up to a moment of `time.monotonic`."""
    samples = kept(name, model, folder)
    if samples.done >= count:
        return samples
    prepare("fast", print)
    sides = [(side.run, plan_of(side)) for side in model.sides]
    _check(name, model, sides, samples)
    new: list[Floats] = []
    saved, before = time.monotonic(), samples.values
    for replication in range(samples.done, count):
        if time.monotonic() >= until:
            break
        new.append(one(sides, model.picks, replication))
        if time.monotonic() - saved > KEPT_EVERY:
            keep(name, Samples(model.picks, np.concatenate([before, np.array(new)])), folder)
            saved = time.monotonic()
    if new:
        samples = Samples(model.picks, np.concatenate([before, np.array(new)]))
        keep(name, samples, folder)
    return samples


def plan_of(side: Side) -> Plan:
    """The plan of a side, with its own seed."""
    scenario = side.scenario()
    return build(scenario, scenario.seed + side.more_seed)


def _check(name: str, model: Model, sides: Running, samples: Samples) -> None:
    """Replication 0 is what its findings say, and what is kept of it."""
    now = one(sides, model.picks, 0)
    expected = np.array([picked(findings(run(plan, 0), plan), model.picks) for run, plan in sides])
    if not np.array_equal(now, expected, equal_nan=True):
        sys.exit(f"{name}: the values of replication 0 are not those of its findings")
    if samples.done and not np.array_equal(now, samples.values[0], equal_nan=True):
        sys.exit(f"{name}: what is kept is of another program or scenario; move it away to begin anew")


def main() -> None:
    """Collect, and tell how far it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--replications", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=np.inf, help="for each model")
    given = parser.parse_args()
    for name in given.models:
        began, used, before = time.monotonic(), time.process_time(), kept(name, MODELS[name]).done
        samples = collect(name, MODELS[name], given.replications, began + 60 * given.minutes)
        each = (time.process_time() - used) / max(1, samples.done - before)
        print(f"{name}: {samples.done} pairs of replications, {each:.3f} s of processor for each new one", flush=True)


if __name__ == "__main__":
    main()
