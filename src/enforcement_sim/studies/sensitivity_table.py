"""Sensitivities of the measures of a sweep, as a table with one row for each measure and parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import designs
from .disk import write_bytes, written
from .sensitivity import NO_VALUE, Sensitivity, sensitivity
from .sensitivity_samples import Groups, groups_of
from .sweep import Point
from .sweep_file import Sweep
from .sweep_kept import parquet
from .uncertain import Floats

MEASURES = ("backlog_at_end", "overdue_share", "days_median", "use")
"""Those that the page of a sweep maps."""
FILE, CSV = "sensitivity.parquet", "sensitivity.csv"
_KEYS = ["measure", "jurisdiction", "item"]


def sensitivity_table(sweep: Sweep, points: Sequence[Point], table: pd.DataFrame) -> pd.DataFrame:
    """What every measure of `MEASURES` hangs on, by scenario and jurisdiction, in its last period, all fields together.

    `table` is the table of the sweep, with one row for each point and finding. A point is left out as `failed` if it
    has no finding at all, as `incomplete` if the column `complete` says so, and as `no_value` if it lacks the finding.
    Points where the finding is no level, as something is overloaded, count: without them the indices would be those of
    the calm part of what is possible. The column `overloaded` says how many they are.

    One row for each parameter, with its indices, and below them one for each pair, named by `parameter` and `beside`,
    where second order was asked for. In every row stand how many points are used and left out and why, the extremes of
    the measure, the share of noise and a reason, as told in `sensitivity.Sensitivity`. Empty for designs without
    indices. Raises ValueError if the points are not those of the sweep's design.
    """
    groups = groups_of(sweep)
    if groups is None or table.empty:
        return pd.DataFrame()
    seed = points[0].scenario.seed
    unit = designs.whole_sample(sweep, seed)
    _check(sweep, points, seed)
    rows = table[(table["field"] == "all") & table["measure"].isin(MEASURES)]
    rows = rows[(rows["measure"] != "backlog_at_end") | (rows["item"] == "all")]
    found: list[dict[str, Any]] = []
    for scenario in dict.fromkeys(point.scenario_name for point in points):
        own, all_of_it = (_of(frame, scenario) for frame in (rows, table))
        causes = _causes(groups.points, all_of_it, "failed")
        for keys, here in own.groupby(_KEYS, sort=False):
            last = here[here["period"] == here["period"].max()]
            told = {"scenario": scenario, **dict(zip(_KEYS, keys, strict=True)), "period": str(last["period"].iloc[0])}
            overloaded = int(last["overloaded"].sum())
            found += _rows(groups, told, _sensitivity(groups, unit, last, causes), overloaded)
    return pd.DataFrame(found)


def keep_sensitivity(folder: Path, table: pd.DataFrame) -> None:
    """Write the table beside that of the sweep, for programs and for people; of an empty one remove what was there."""
    if table.empty:
        for file in (FILE, CSV):
            (folder / file).unlink(missing_ok=True)
        return
    with written(folder):
        write_bytes(folder / FILE, parquet(table))
        write_bytes(folder / CSV, table.to_csv(index=False).encode())


def kept_sensitivity(folder: Path) -> pd.DataFrame:
    """The table that `keep_sensitivity` has written; empty if there is none."""
    return pd.read_parquet(folder / FILE) if (folder / FILE).exists() else pd.DataFrame()


def _check(sweep: Sweep, points: Sequence[Point], seed: int) -> None:
    drawn = [spot.changes for spot in designs.spots(sweep, seed)]
    first = points[0].scenario_name
    if [point.changes for point in points if point.scenario_name == first] != drawn:
        raise ValueError("these points are not those that the design of the sweep draws")


def _of(table: pd.DataFrame, scenario: str) -> pd.DataFrame:
    return table[table["scenario"] == scenario] if scenario else table


def _causes(points: int, table: pd.DataFrame, otherwise: str) -> list[str]:
    """By number, why a point cannot be used; empty where it can, and `otherwise` for points that are not there."""
    causes = [otherwise] * points
    for row in table.drop_duplicates("point").to_dict("records"):
        causes[row["point"]] = "" if row["complete"] else "incomplete"
    return causes


def _sensitivity(groups: Groups, unit: Floats, rows: pd.DataFrame, causes: list[str]) -> Sensitivity:
    """That of one finding, of which `rows` holds one for each point; `causes` are those of points without one."""
    values, errors = np.full(groups.points, math.nan), np.full(groups.points, math.nan)
    number = rows["point"].to_numpy()
    values[number] = rows["mean"]
    errors[number] = rows["sd"] / np.sqrt(rows["n"])
    own = _causes(groups.points, rows, "absent")
    why = [(of_point or NO_VALUE) if mine == "absent" else mine for mine, of_point in zip(own, causes, strict=True)]
    return sensitivity(groups, unit, range(groups.points), values, causes=why, errors=errors)


def _rows(groups: Groups, told: dict[str, Any], found: Sensitivity, overloaded: int) -> list[dict[str, Any]]:
    common = {
        "used": found.used,
        "left_out": found.left_out,
        "causes": ", ".join(f"{cause}: {count}" for cause, count in found.causes.items()),
        "overloaded": overloaded,
        "least": found.least,
        "most": found.most,
        "noise": found.noise,
        "reason": str(found.reason),
    }
    rows: list[dict[str, Any]] = []
    for i, name in enumerate(groups.names):
        indices = {key: float(values[i]) for key, values in found.own.items()}
        rows.append({**told, "parameter": name, "beside": "", **indices, **common})
    if not found.pairs:
        return rows
    for i, name in enumerate(groups.names):
        for j in range(i + 1, len(groups.names)):
            indices = {key: float(values[i, j]) for key, values in found.pairs.items()}
            rows.append({**told, "parameter": name, "beside": groups.names[j], **indices, **common})
    return rows
