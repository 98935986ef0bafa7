"""Validation: scenario files whose answers are known, run through the same front door as any other."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..engines.choice import engine
from ..files.read import load
from ..files.tree import parse_file
from ..journal.log import EventLog
from ..model.scenario import Scenario
from ..plan.build import build
from ..records import DAY
from .answers import Answers
from .golden import GOLDEN, Trace, largest_error

EXPECTED = "expected.yaml"
MOST_ERRORS = 4.0
"""Standard errors that a simulated mean may be away from the exact value."""
FEWEST = 8
"""Replications that a standard error needs at least, however long one takes."""
FINITE = ("transient", "flow", "published", "crosscheck")
"""Tolerances of cases that are told over their whole period: they get more replications, never shorter ones."""
WEEK = 168
"""Units of time; whole weeks of hours are whole periods of every periodic case."""
NORMAL_95 = 1.96
TRACE_TOLERANCE = 1e-9
COLUMNS = ["case", "metric", "expected", "got", "n", "se", "z", "passes"]


@dataclass(frozen=True)
class Effort:
    """How long a case is run."""

    replications: int
    finite_replications: int
    shorter: float  # the measured time of a steady case is divided by this
    shorter_warm_up: float
    rows: float  # about so many rows of logs in all; replications beyond the fewest are left out for it

    def more(self) -> Effort:
        """Four times as many replications."""
        return replace(
            self, replications=4 * self.replications, finite_replications=4 * self.finite_replications,
            rows=4 * self.rows,
        )  # fmt: skip

    def count(self, finite: bool, rows: int) -> int:
        """Replications of a case of which one logs so many rows."""
        most = self.finite_replications if finite else self.replications
        return max(FEWEST, min(most, round(self.rows / max(rows, 1))))


QUICK = Effort(10, 200, 100.0, 2.0, 3e4)
MEDIUM = Effort(20, 1000, 5.0, 1.0, 7e5)
LONG = Effort(20, 2000, 1.0, 1.0, 4e7)
EFFORTS = {"quick": QUICK, "medium": MEDIUM, "long": LONG}


@dataclass(frozen=True)
class Catalogue:
    """The cases of a folder: those with scenario files, and those that wait for a construct."""

    folder: Path
    groups: Mapping[str, Mapping[str, str]]
    cases: Mapping[str, Mapping[str, Any]]
    waiting: Mapping[str, Mapping[str, str]]

    def files(self, case: str) -> dict[str, Path]:
        """The scenario files of a case (several where it has variants), by name."""
        return {path.stem: path for path in sorted(self.folder.glob(f"{case}*.yaml"))}


def catalogue(folder: Path) -> Catalogue:
    """The catalogue of a folder of scenario files with its `expected.yaml`."""
    data = parse_file(folder / EXPECTED).data
    return Catalogue(folder, data["groups"], data["cases"], data["waiting"])


def validate(found: Catalogue, case: str, effort: Effort) -> pd.DataFrame:
    """Run one case; a row for each answer: expected, got, replications, standard error, z (or absolute error), verdict.

    Every case has a seed of its own, from its name: with one for all, what is high in one would be so in many.

    A case of which an answer fails is run once more with fresh seeds and four times the replications before it
    is called a failure, since among hundreds of answers chance alone sends one beyond four standard errors.
    """
    if found.cases[case]["tolerance"] == "golden":
        return _trace(found, case)
    seed = zlib.crc32(case.encode())
    table = _statistics(found, case, effort, seed)
    if not bool(table["passes"].all()):
        table = _statistics(found, case, effort.more(), seed + 1)
    return table


def _trace(found: Catalogue, case: str) -> pd.DataFrame:
    traces = {name: Trace(_log(load(path))) for name, path in found.files(case).items()}
    got = GOLDEN[case](traces)
    rows = []
    for metric, expected in found.cases[case]["expected"].items():
        error = largest_error(expected, got.get(metric))
        rows.append((case, metric, math.nan, math.nan, 1, 0.0, error, error <= TRACE_TOLERANCE))
    return pd.DataFrame(rows, columns=COLUMNS)


def _log(scenario: Scenario) -> EventLog:
    return engine(scenario.engine)(build(scenario), 0)


def _statistics(found: Catalogue, case: str, effort: Effort, seed: int) -> pd.DataFrame:
    body = found.cases[case]
    path = found.folder / f"{case}.yaml"
    scenario = load(path)
    finite = body["tolerance"] in FINITE
    if not finite and effort.shorter > 1:
        full = scenario.period.warm_up.amount if scenario.period.warm_up else 0.0
        warm_up = full / effort.shorter_warm_up
        measured = (scenario.period.seconds / DAY - full) / effort.shorter
        if body["tolerance"] == "periodic":
            measured = WEEK * max(1, round(measured / WEEK))
        scenario = load(
            path, {"period.length": f"{round(warm_up + measured)} days", "period.warm_up": f"{warm_up:g} days"}
        )
    plan, run = build(scenario, seed), engine(scenario.engine)
    metrics: list[str] = list(body["expected"])
    values: dict[str, list[float]] = {metric: [] for metric in metrics}
    replication, count = 0, 1
    while replication < count:
        log = run(plan, replication)
        if not replication:
            count = effort.count(finite, len(log.time))
        answers = Answers(case, log, plan)
        for metric in metrics:
            value = answers.value(metric)
            if value is not None and not math.isnan(value):
                values[metric].append(value)
        replication += 1
    return pd.DataFrame([_row(case, body, metric, np.array(values[metric])) for metric in metrics], columns=COLUMNS)


def _row(case: str, body: Mapping[str, Any], metric: str, values: np.ndarray) -> tuple[Any, ...]:
    expected = float(body["expected"][metric])
    if len(values) < 2:
        return case, metric, expected, math.nan, len(values), math.nan, math.nan, False
    got, se = _estimate(metric, values)
    # An answer that was simulated itself has an error of its own.
    error = math.hypot(se, float(body.get("expected_hw", {}).get(metric, 0.0)) / NORMAL_95)
    if error == 0:
        exact = abs(got - expected) <= 1e-9 * max(1.0, abs(expected))
        return case, metric, expected, got, len(values), 0.0, 0.0 if exact else math.inf, exact
    z = (got - expected) / error
    passes = abs(z) <= MOST_ERRORS
    if metric in body.get("published", {}):
        value, half_width = body["published"][metric]
        passes &= abs(got - value) <= half_width + 2 * NORMAL_95 * se
    return case, metric, expected, got, len(values), se, z, passes


def _estimate(metric: str, values: np.ndarray) -> tuple[float, float]:
    """Mean and its standard error; for answers that are a spread over replications, that spread and its error."""
    count = len(values)
    spread = float(values.std(ddof=1))
    if metric in ("var_total", "var_hour_7") or metric.startswith("sdL_"):
        fourth = float(((values - values.mean()) ** 4).mean())
        se_variance = math.sqrt(max(fourth - spread**4, 0.0) / count)
        return (spread**2, se_variance) if metric.startswith("var") else (spread, se_variance / (2 * spread))
    return float(values.mean()), spread / math.sqrt(count)
