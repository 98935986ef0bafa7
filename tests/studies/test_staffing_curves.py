"""Curves of staff: which levers move staff, how many officers that makes, and where a target is held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from enforcement_sim.files.read import load
from enforcement_sim.studies.staffing_curves import COLUMNS, staffing_curves
from enforcement_sim.studies.sweep_kept import PointState

DATA = Path(__file__).parents[1] / "data"
STAFF, SHARE = "reform.staff", "reform.share.urban"


def points() -> list[PointState]:
    found = []
    for number, (share, staff) in enumerate(((0.3, 0.0), (0.3, 0.3), (0.8, 0.0), (0.8, 0.3))):
        values: dict[str, Any] = {SHARE: share, STAFF: staff}
        found.append(PointState(number, f"point-{number:03d}", "", dict(values), dict(values), None))
    return found


def table(shares: list[tuple[float, float, float]]) -> pd.DataFrame:
    rows = []
    for number, (mean, low, high) in enumerate(shares):
        where = {"jurisdiction": "all", "field": "all", "period": 2024, "point": number}
        for item, scale, cases in (("decision_90", 1.0, 100.0), ("rare", 5.0, 1.0)):
            rows.append(
                {**where, "measure": "overdue_share", "item": item, "mean": mean * scale, "low": low, "high": high}
            )
            rows.append({**where, "measure": "days_p90", "item": item, "mean": 50.0, "low": 40.0, "high": 60.0})
            rows.append({**where, "measure": "clock_started", "item": item, "mean": cases, "low": cases, "high": cases})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    scenarios = {n: load(DATA / "small_shift.yaml", point.changes) for n, point in enumerate(points())}
    shares = [(0.02, -0.01, 0.05), (0.03, 0.01, 0.06), (0.10, 0.06, 0.14), (0.01, 0.0, 0.02)]
    return staffing_curves(table(shares), points(), scenarios, 0.05)


def test_only_levers_that_move_staff_have_a_curve(found: pd.DataFrame) -> None:
    assert list(found.columns) == COLUMNS
    assert found["axis"].unique().tolist() == [STAFF]
    assert found["level"].tolist() == [0.0, 0.3, 0.0, 0.3]
    assert found["others"].tolist() == [{SHARE: 0.3}, {SHARE: 0.3}, {SHARE: 0.8}, {SHARE: 0.8}]


def test_the_target_is_held_where_the_whole_interval_keeps_it(found: pd.DataFrame) -> None:
    assert found["verdict"].tolist() == ["holds", "unclear", "fails", "holds"]
    assert found["overdue_low"].tolist() == [0.0, 0.01, 0.06, 0.0]  # a share is not below nothing


def test_the_clock_is_the_one_with_most_cases_overdue_and_not_the_largest_share(found: pd.DataFrame) -> None:
    assert set(found["item"]) == {"decision_90"}


def test_the_officers_are_those_at_the_end_of_teams_that_the_sweep_moves(found: pd.DataFrame) -> None:
    # Three of ten city officers go, by the homes of the cases: 60 % east, 40 % west.
    assert found["teams"].tolist()[0] == {"city_urban": 10, "east_urban": 4, "west_urban": 4}
    assert found["teams"].tolist()[1] == {"city_urban": 7, "east_urban": 6, "west_urban": 5}


def test_a_sweep_without_clocks_has_no_curve() -> None:
    assert staffing_curves(pd.DataFrame(), points(), {}, 0.05).empty


def test_of_a_sample_the_points_of_a_level_are_told_together() -> None:
    sample = [
        PointState(n, f"point-{n:03d}", "", {}, {"teams.a.officers": 5 + n % 2, "x.y": n}, None) for n in range(40)
    ]
    shares = [(0.01 * (n % 20), 0.0, 0.5) for n in range(40)]
    found = staffing_curves(table(shares), sample, {}, 0.05)

    assert found["level"].tolist() == [5, 6]
    even = pd.Series([0.01 * (n % 20) for n in range(0, 40, 2)])
    assert found["overdue"].iloc[0] == pytest.approx(even.mean())
    assert found["overdue_high"].iloc[0] == pytest.approx(even.quantile(0.975))
    assert found["verdict"].tolist() == ["unclear", "unclear"]


def test_a_sample_of_very_many_levels_has_no_curve() -> None:
    sample = [PointState(n, f"point-{n:03d}", "", {}, {"teams.a.officers": n, "x.y": n}, None) for n in range(40)]

    assert staffing_curves(table([(0.01, 0.0, 0.02)] * 40), sample, {}, 0.05).empty
