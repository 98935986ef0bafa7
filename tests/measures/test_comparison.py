"""What the comparison of scenarios says of findings that are made up, so that the answer is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from enforcement_sim.files.read import load
from enforcement_sim.measures.comparison import compared
from enforcement_sim.measures.frame import ALL
from enforcement_sim.model.scenario import Scenario

DATA = Path(__file__).parents[1] / "data"
BASE, SHIFT = load(DATA / "small_base.yaml"), load(DATA / "small_shift.yaml")
ON = 365  # 2024-01-01, the day of the shift, counted from 2023-01-01
WEEKS = range(0, 731, 7)
ROW = ["measure", "jurisdiction", "field", "item", "period", "value", "replication"]

Course = Callable[[int, int], float]
"""Open cases on a day of a replication."""


def findings(course: dict[str, Course], hours: dict[str, float]) -> pd.DataFrame:
    """Findings of three replications: open cases by place week by week, and the work of some offices."""
    rows: list[tuple[object, ...]] = []
    for replication in range(3):
        for place, told in course.items():
            weekly = [told(day, replication) for day in WEEKS]
            rows += [
                ("backlog", place, ALL, ALL, day, value, replication) for day, value in zip(WEEKS, weekly, strict=True)
            ]
            for year, days in ((2023, range(53)), (2024, range(53, len(WEEKS)))):
                mean = sum(weekly[n] for n in days) / len(days)
                rows.append(("backlog_mean", place, ALL, ALL, year, mean, replication))
        for team, work in hours.items():
            rows += [
                ("work_hours", "city", ALL, team, 2024, work + replication, replication),
                ("use", "city", ALL, team, 2024, (work + replication) / 2000, replication),
            ]
    return pd.DataFrame(rows, columns=ROW)


def flat(level: float) -> Course:
    return lambda _, replication: level + replication


def extra(level: float, more: float, until: Callable[[int], int]) -> Course:
    """More open cases from the reform until a day that depends on the replication."""
    return lambda day, replication: level + replication + (more if ON <= day < until(replication) else 0)


def scenario(hours: dict[str, float] | None = None, **course: Course) -> pd.DataFrame:
    return findings({"east": flat(100), "west": flat(10), **course}, hours or {})


def row(table: pd.DataFrame, place: str) -> pd.Series:
    [found] = [row for _, row in table.iterrows() if place in (row.get("jurisdiction"), row.get("team"))]
    return found


def test_open_cases_are_told_with_the_base_and_the_paired_difference() -> None:
    told = compared(SHIFT, scenario(east=extra(100, 30, lambda _: 9999)), BASE, scenario())
    east, west = row(told.open_cases, "east"), row(told.open_cases, "west")

    assert told.year == 2024
    assert east["base"] == pytest.approx(101)  # 100, 101 and 102
    assert east[["mean", "low", "high"]].tolist() == pytest.approx([30, 30, 30])
    assert west["mean"] == 0


def test_an_extra_backlog_is_over_with_the_first_quarter_that_has_none() -> None:
    # Until day 500, 507 and 514: from the week after, no quarter holds an extra case.
    told = compared(SHIFT, scenario(west=extra(10, 13, lambda r: 500 + 7 * r)), BASE, scenario())
    west = row(told.recovery, "west")

    # One case is the tolerance of a place of ten, so a quarter with one extra week of 13 cases is just small enough.
    last_weeks = [max(day for day in WEEKS if day < 500 + 7 * r) for r in range(3)]
    assert west["level"] == pytest.approx(11)
    assert west["peak"] == pytest.approx(13)
    assert west["rose"] == west["recovered"] == west["replications"] == 3
    assert (west["earliest"], west["latest"]) == (last_weeks[0] - ON, last_weeks[2] - ON)
    assert west["days"] == last_weeks[1] - ON


def test_an_extra_backlog_that_stays_is_not_over() -> None:
    told = compared(SHIFT, scenario(west=extra(10, 13, lambda r: 9999 if r else 500)), BASE, scenario())
    west = row(told.recovery, "west")

    assert (west["rose"], west["recovered"]) == (3, 1)


def test_what_is_within_five_in_a_hundred_of_the_level_never_rose() -> None:
    for more, rose in ((4, 0), (6, 3)):
        told = compared(SHIFT, scenario(east=extra(100, more, lambda _: 9999)), BASE, scenario())
        assert row(told.recovery, "east")["rose"] == rose
    small = compared(SHIFT, scenario(east=extra(100, 4, lambda _: 9999)), BASE, scenario())
    assert row(small.recovery, "east")["days"] == 0


def with_reviewers(shift: Scenario) -> Scenario:
    """The small shift with its reviewers at the city, two of them."""
    team = shift.teams["review"]
    officers = team.officers.model_copy(update={"value": 2})
    city = team.model_copy(update={"jurisdiction": "city", "officers": officers})
    return shift.model_copy(update={"teams": {**shift.teams, "review": city}})


@pytest.mark.parametrize(("hours", "needed"), [(1598, 2), (1601, 3), (2500, 4)])
def test_an_office_needs_as_many_as_are_busy_for_four_fifths_of_their_hours(hours: float, needed: int) -> None:
    changed = scenario({"review": hours, "city_urban": 9000})
    told = compared(with_reviewers(SHIFT), changed, BASE, scenario({"review": 800, "city_urban": 9000}))
    review = row(told.offices, "review")

    assert told.offices["team"].tolist() == ["review"]  # enforcement teams are the reform itself
    assert review["officers"] == 2
    assert review["needed"] == needed
    assert review["hours"] - review["base_hours"] == pytest.approx((hours - 800) * 7 / 365)


def test_without_a_reform_nothing_is_said_of_recovery_and_offices() -> None:
    told = compared(BASE, scenario({"review": 10}), BASE, scenario({"review": 10}))

    assert told.recovery.empty
    assert told.offices.empty
    assert not math.isnan(row(told.open_cases, "east")["mean"])
