"""Systems and levers with their measured effects: each a scenario beside the one that it changes."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import Problem, ScenarioError
from ..files.explain import nearest
from ..files.read import load
from ..files.tree import Tree, parse_file, problem
from ..measures.frame import ALL
from ..model.scenario import Scenario
from .points import ALONE, How
from .replicate import Progress, Results, replicate

KEYS = ("system", "title", "scenario", "test", "measure", "item", "jurisdiction", "field", "year", "unit", "times")
NEEDED = ("system", "title", "scenario", "test", "measure", "item", "year", "unit")


@dataclass(frozen=True, slots=True)
class System:
    """One system or lever: the scenario that turns it on or changes it, and the measure that tells what it does.

    `times` turns the measure's own unit into `unit` (24 for hours where the measure counts days).
    """

    system: str
    title: str
    scenario: str
    test: str
    measure: str
    item: str
    year: int
    unit: str
    jurisdiction: str = ALL
    field: str = ALL
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a system does: mean and 95 % interval without it, with it, and of the difference on the same cases."""

    system: System
    base: tuple[float, float, float]
    changed: tuple[float, float, float]
    difference: tuple[float, float, float]

    @property
    def is_measured(self) -> bool:
        """Whether there is a number at all."""
        return not math.isnan(self.difference[0])


def systems(path: Path) -> list[System]:
    """The systems that a catalogue file lists. Raises ScenarioError with every fault and its place."""
    tree = parse_file(path)
    rows = tree.data.get("systems")
    if not isinstance(rows, list) or not rows:
        raise ScenarioError(problem(tree, (), "a catalogue lists `systems`", try_="systems: [{system: …, …}]"))
    faults = [fault for i, row in enumerate(rows) for fault in _faults(tree, path, i, row)]
    if faults:
        raise ScenarioError(faults)
    return [System(**row) for row in rows]


def _faults(tree: Tree, path: Path, number: int, row: Any) -> list[Problem]:
    where = ("systems", number)
    if not isinstance(row, dict):
        return [problem(tree, where, "a system is a mapping", got=str(row), try_=f"keys {', '.join(KEYS)}")]
    found = [
        problem(tree, (*where, key), "unknown key", got=key, try_=nearest(key, KEYS)) for key in row if key not in KEYS
    ]
    found += [problem(tree, where, f"`{key}` is missing", try_=f"{key}: …") for key in NEEDED if key not in row]
    if "scenario" in row and not (path.parent / str(row["scenario"])).is_file():
        found.append(problem(tree, (*where, "scenario"), "no such file beside this one", got=str(row["scenario"])))
    return found


def effects(
    path: Path,
    listed: list[System],
    *,
    folder: Path,
    replications: int,
    how: How = ALONE,
    progress: Progress | None = None,
) -> list[Effect]:
    """Run every scenario of a catalogue and what it is compared to; finished replications in `folder` are taken.

    Nothing is run beyond the last year in which a scenario of the catalogue is measured.
    """
    last = {system.scenario: max(s.year for s in listed if s.scenario == system.scenario) for system in listed}
    done: dict[tuple[Path, int], Results] = {}

    def run(file: Path, year: int) -> Results:
        file = file.resolve()
        if (file, year) not in done:
            name = f"{file.parent.name}-{file.stem}-{year}"
            done[file, year] = replicate(
                _until_end_of(year, load(file)),
                name=name,
                replications=replications,
                folder=folder / name,
                how=how,
                progress=progress,
            )
        return done[file, year]

    found = []
    for system in listed:
        file = path.parent / system.scenario
        year = last[system.scenario]
        changed = run(file, year)
        base = changed.scenario.compare_to
        if base is None:
            raise ScenarioError(
                Problem("a system is measured against another scenario", "compare_to", file=str(file),
                        try_="compare_to: the scenario without it")
            )  # fmt: skip
        found.append(_effect(system, changed, run(file.parent / base, year)))
    return found


def _until_end_of(year: int, scenario: Scenario) -> Scenario:
    """The scenario as it is, stopped at the end of a year: what happens later changes nothing before."""
    period = scenario.period
    if period.end is None or period.end.year <= year:
        return scenario
    end = dt.date(year + 1, 1, 1)
    return scenario.model_copy(update={"period": period.model_copy(update={"end": end})})


def _effect(system: System, changed: Results, base: Results) -> Effect:
    without, with_it = _read(system, base.summary), _read(system, changed.summary)
    difference = _read(system, changed.difference_to(base))
    # What only the changed scenario has (the lead time of a decision) is told as it is: there is nothing to take off.
    return Effect(system, without, with_it, with_it if math.isnan(without[0]) else difference)


def _read(system: System, table: pd.DataFrame) -> tuple[float, float, float]:
    rows = table[
        (table["measure"] == system.measure) & (table["item"] == system.item)
        & (table["jurisdiction"] == system.jurisdiction) & (table["field"] == system.field)
        & (table["period"] == system.year)
    ]  # fmt: skip
    if rows.empty:
        return math.nan, math.nan, math.nan
    row = rows.iloc[0]
    return tuple(float(row[column]) * system.times for column in ("mean", "low", "high"))  # type: ignore[return-value]


def systems_table(found: list[Effect]) -> str:
    """Markdown: a row for each system with its scenario, its test, and what it does."""
    lines = [
        "| system | scenario | test | measure | without | with | difference [95 % interval] |",
        "|---|---|---|---|---|---|---|",
    ]
    for effect in found:
        system = effect.system
        place = "" if system.jurisdiction == ALL else f", {system.jurisdiction}"
        measure = f"{system.title}, {system.year}{place} ({system.unit})"
        base, changed = (_number(part[0]) for part in (effect.base, effect.changed))
        mean, low, high = effect.difference
        change = f"{_signed(mean)} [{_signed(low)}, {_signed(high)}]" if effect.is_measured else "**not measured**"
        lines.append(
            f"| {system.system} | `{system.scenario}` | `{system.test}` | {measure} | {base} | {changed} | {change} |"
        )
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"


def _signed(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:+,.3g}" if abs(value) < 100 else f"{value:+,.0f}"
