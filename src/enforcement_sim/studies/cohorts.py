"""How soon each month's cases are closed, over replications."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engines.choice import engine, prepare
from ..errors import ResultsError
from ..files.explain import nearest
from ..measures.cohorts import COUNTS, KEYS, Span, cohorts, measured
from ..measures.frame import ALL
from ..model.scenario import Scenario
from ..plan.build import build
from ..statistics.means import mean_interval
from .replicate import Progress

Floats = npt.NDArray[np.float64]
MEASURES = [*COUNTS, *measured()]
COLUMNS = [*KEYS, *(f"{name}{part}" for name in MEASURES for part in ("", "_low", "_high")), "replications", "interval"]


def cohort_table(
    scenario: Scenario,
    replications: int,
    seed: int | None = None,
    by: Span = "month",
    since: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The cohorts of `measures.cohorts` as means over replications, with COLUMNS.

    `interval` says what `_low` and `_high` are: `replications`, a t interval at 95 % over them, or for a single one
    `cases`, the interval over its cases, and none for counts. A number that cannot be seen in some replication that has
    the cohort is not told at all (NaN): those in which it can be seen are the quicker ones. Raises ResultsError for a
    stage that no procedure has.
    """
    plan = build(scenario, seed)
    stages = plan.names.stages[: plan.outcomes_at]
    if since is not None and since not in stages:
        raise ResultsError(f"no stage '{since}' in the scenario", try_=nearest(since, dict.fromkeys(stages)))
    prepare(scenario.engine)
    found = []
    for replication in range(replications):
        if progress is not None:
            progress("cohorts", replication, replications)
        found.append(cohorts(engine(scenario.engine)(plan, replication), plan, by, since))
    if progress is not None:
        progress("cohorts", replications, replications)
    told = _alone(found[0]) if replications == 1 else _together(found)
    known = [ALL, *plan.names.jurisdictions], [ALL, *plan.names.procedures]
    place, procedure = (told[name].map(order.index).to_numpy() for name, order in zip(KEYS[1:], known, strict=True))
    in_order = told.iloc[np.lexsort([told["period"].to_numpy(dtype=str), procedure, place])]
    return in_order[COLUMNS].reset_index(drop=True)


def _alone(found: pd.DataFrame) -> pd.DataFrame:
    unknown = {f"{name}{part}": np.nan for name in COUNTS for part in ("_low", "_high")}
    return found.assign(**unknown, replications=1, interval="cases")


def _together(found: list[pd.DataFrame]) -> pd.DataFrame:
    stacked = pd.concat([table.assign(replication=number) for number, table in enumerate(found)], ignore_index=True)
    whole = stacked.set_index([*KEYS, "replication"])[MEASURES].unstack("replication")
    every = range(len(found))  # also one that has no case at all
    by_name: dict[str, pd.DataFrame] = {name: pd.DataFrame(whole[name]).reindex(columns=every) for name in MEASURES}
    is_there = by_name["filed"].notna().to_numpy()
    columns: dict[str, list[float]] = {}
    for name in MEASURES:
        values = by_name[name].to_numpy(dtype=np.float64)
        most = 1.0 if name.startswith("within") else np.inf
        for part, column in zip(("", "_low", "_high"), zip(*_means(values, is_there, name), strict=True), strict=True):
            columns[f"{name}{part}"] = list(np.clip(np.array(column), 0.0, most))
    keys = whole.index.to_frame(index=False)
    return keys.assign(**columns, replications=len(found), interval="replications")


def _means(values: Floats, is_there: npt.NDArray[np.bool_], name: str) -> Iterator[tuple[float, float, float]]:
    """For each cohort the mean over replications, and its interval; `is_there` says which have a case of it."""
    for row, there in zip(values, is_there, strict=True):
        told = mean_interval(np.where(there, row, 0.0) if name in COUNTS else row[there])
        is_unseen = name not in COUNTS and told.missing > 0
        yield (np.nan, np.nan, np.nan) if is_unseen else (told.mean, told.low, told.high)
