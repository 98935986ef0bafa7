"""How sure means are: half-widths, the replications for a wanted one, and whether the start is still felt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.measures.intervals import summary
from enforcement_sim.studies.sureness import COLUMNS, sureness


def findings(weekly: np.ndarray) -> pd.DataFrame:
    """Of replications with open cases by week, [replication, week]."""
    where = {"jurisdiction": "all", "field": "all", "item": "all"}
    parts = []
    for replication, weeks in enumerate(weekly):
        days = {**where, "measure": "backlog", "period": np.arange(len(weeks)) * 7, "value": weeks}
        year = {**where, "measure": "backlog_mean", "period": [2024], "value": [weeks.mean()]}
        parts += [pd.DataFrame(one).assign(replication=replication) for one in (days, year)]
    return pd.concat(parts, ignore_index=True)


def told(weekly: np.ndarray) -> dict[str, object]:
    frame = findings(weekly)
    found = sureness(frame, summary(frame))
    assert list(found.columns) == COLUMNS
    [row] = found.to_dict("records")
    return row


def level(weeks: int = 200, replications: int = 4) -> np.ndarray:
    return 100 + np.random.default_rng(7).normal(0, 5, (replications, weeks))


def test_the_half_width_is_that_of_the_interval_and_tells_what_more_would_take() -> None:
    weekly = level()
    row, means = told(weekly), weekly.mean(axis=1)

    half = 3.182446 * means.std(ddof=1) / 2  # Student's t with three degrees of freedom
    assert row["half"] == pytest.approx(half, rel=1e-5)
    assert row["relative"] == pytest.approx(half / means.mean(), rel=1e-5)
    assert row["n"] == 4
    assert row["needed"] == max(2.0, np.ceil(4 * (half / means.mean() / 0.05) ** 2))


def test_many_replications_are_needed_where_they_differ_much() -> None:
    weekly = level() * np.array([0.5, 1.5, 0.8, 1.2])[:, None]
    row = told(weekly)

    assert row["needed"] > 100


@pytest.mark.parametrize(
    ("weekly", "state"),
    [
        (level(), "settled"),
        (level() + 300 * np.exp(-np.arange(200) / 5), "early"),
        (level() + 5.0 * np.arange(200), "growing"),
        (level(20), "too_short"),
    ],
)
def test_the_start_is_felt_where_the_level_comes_later(weekly: np.ndarray, state: str) -> None:
    row = told(weekly)

    assert row["warm_up"] == state
    assert (row["weeks"] == row["weeks"]) == (state == "early")


def test_one_replication_has_no_width() -> None:
    row = told(level(replications=1))

    assert row["needed"] != row["needed"] or row["needed"] == 2.0
    assert row["half"] != row["half"]
