"""What is overloaded: made-up courses of open cases, queues of known load, and windows that stay clear of reforms."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import enforcement_sim as es
from enforcement_sim.files.read import load
from enforcement_sim.measures.frame import ALL
from enforcement_sim.measures.overload import COLUMNS, Why, overload_table, window_of
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.statistics.overload import Verdict

DATA = Path(__file__).parents[1] / "data"
YEAR = 365.25
QUEUE = """
format: 1
title: Two desks
purpose: theory
period: {start: 2020-01-01, end: END}
jurisdictions: {east: {}, west: {}}
teams:
  first: {role: desk, jurisdiction: east, officers: OFFICERS}
  second: {role: desk, jurisdiction: west, officers: 4}
  checkers: {role: check, officers: 4}
procedures:
  queue:
    stages:
      work: {kind: work, team: desk, phase: work, duration: 1 h, then: look}
      look: {kind: work, team: check, phase: work, duration: 1 h, then: closed}
origins:
  east: {process: poisson, enters: work, rate: 1 per day, jurisdiction: east}
  west: {process: poisson, enters: work, rate: 1 per day, jurisdiction: west}
"""
Course = Callable[[float, int], float]
"""Open cases after so many years, in a replication."""


def scenario(folder: Path, end: str = "2024-01-01", officers: int = 4, more: str = "") -> Scenario:
    path = folder / "queue.yaml"
    path.write_text(QUEUE.replace("END", end).replace("OFFICERS", str(officers)) + more, encoding="utf-8")
    return load(path)


def findings(of: Scenario, east: Course, west: Course, use: dict[str, float], replications: int = 4) -> pd.DataFrame:
    """Weekly open cases of two jurisdictions, all in the phase of work, and the hours of the teams."""
    days = np.arange(0, of.period.seconds // 86_400 + 1, 7)
    rows: list[tuple[object, ...]] = []
    for replication in range(replications):
        courses = {
            place: [one(day / YEAR, replication) for day in days] for place, one in (("east", east), ("west", west))
        }
        courses[ALL] = [a + b for a, b in zip(courses["east"], courses["west"], strict=True)]
        for place, course in courses.items():
            for item in (ALL, "work"):
                rows += [
                    ("backlog", place, ALL, item, day, value, replication)
                    for day, value in zip(days, course, strict=True)
                ]
        for team, share in use.items():
            for year in range(2020, 2024):
                rows.append(("work_hours", "east", ALL, team, year, 1000 * share + replication, replication))
                rows.append(("officer_hours", "east", ALL, team, year, 1000.0, replication))
    return pd.DataFrame(rows, columns=["measure", "jurisdiction", "field", "item", "period", "value", "replication"])


def flat(level: float) -> Course:
    return lambda _, replication: level + replication


def rising(level: float, a_year: float) -> Course:
    return lambda years, replication: level + (a_year + replication) * years


def judged(folder: Path, east: Course, busy: float, **options: object) -> dict[str, pd.Series]:
    of = scenario(folder, **options)  # type: ignore[arg-type]
    use = {"first": busy, "second": 0.5, "checkers": 0.4}
    table = overload_table(of, findings(of, east, flat(20), use))
    assert list(table.columns) == COLUMNS
    return {f"{row['kind']} {row['name']}": row for _, row in table.iterrows()}


def test_a_busy_team_whose_cases_grow_is_overloaded_with_the_growth_of_a_year(tmp_path: Path) -> None:
    found = judged(tmp_path, rising(10, 100), 0.99)

    for name in ("jurisdiction all", "jurisdiction east", "team first"):
        assert found[name]["verdict"] == Verdict.OVERLOADED
        assert found[name]["growth"] == pytest.approx(101.5)  # the mean of 100 to 103
        assert found[name]["growth_low"] < 101.5 < found[name]["growth_high"]
    assert found["jurisdiction east"]["busiest"] == "first"
    assert found["team first"]["load"] == pytest.approx(0.9915)


def test_who_works_in_the_same_phase_and_is_free_is_not(tmp_path: Path) -> None:
    found = judged(tmp_path, rising(10, 100), 0.99)

    assert (found["team checkers"]["verdict"], found["team checkers"]["reason"]) == (Verdict.STABLE, Why.ELSEWHERE)
    assert found["team second"]["verdict"] == found["jurisdiction west"]["verdict"] == Verdict.STABLE


def test_without_a_busy_team_nothing_is_overloaded(tmp_path: Path) -> None:
    found = judged(tmp_path, rising(10, 100), 0.6)

    assert {row["verdict"] for row in found.values()} == {Verdict.STABLE, Verdict.UNCLEAR}
    assert found["jurisdiction east"]["reason"] == found["team first"]["reason"] == Why.NOT_BUSY


@pytest.mark.parametrize(("officers", "busy"), [(4, False), (3, True)])
def test_an_odd_officer_out_cannot_work_in_pairs(tmp_path: Path, officers: int, busy: bool) -> None:
    of = scenario(tmp_path, officers=officers)
    path = tmp_path / "queue.yaml"
    path.write_text(path.read_text().replace("team: desk, phase", "team: desk, officers: 2, phase"), encoding="utf-8")
    of = load(path)
    table = overload_table(of, findings(of, rising(10, 100), flat(20), {"first": 0.65, "second": 0.5, "checkers": 0.4}))
    verdict = table.set_index("name").loc["first", "verdict"]

    assert (verdict == Verdict.OVERLOADED) == busy


def test_a_backlog_that_stays_is_stable_however_busy(tmp_path: Path) -> None:
    found = judged(tmp_path, flat(500), 0.99)

    assert {row["verdict"] for row in found.values()} == {Verdict.STABLE}


def test_a_season_is_no_growth(tmp_path: Path) -> None:
    # A straight line through two such years rises by three quarters of their mean, though they are alike.
    def season(years: float, replication: int) -> float:
        return 100 + replication - 80 * math.sin(2 * math.pi * years)

    assert judged(tmp_path, season, 0.99)["team first"]["verdict"] == Verdict.STABLE
    short = judged(tmp_path, lambda years, r: season(years + 0.5, r), 0.99, end="2021-07-01")["team first"]
    assert not short["has_season"]


def test_growth_that_is_sure_but_slow_is_not_called_stable_of_a_busy_team(tmp_path: Path) -> None:
    slow = rising(500, 50)

    assert judged(tmp_path, slow, 0.99)["team first"]["reason"] == Why.SLOW
    assert judged(tmp_path, slow, 0.6)["team first"]["verdict"] == Verdict.STABLE


def test_one_replication_or_a_few_weeks_tell_nothing(tmp_path: Path) -> None:
    of = scenario(tmp_path)
    alone = findings(of, rising(10, 100), flat(20), {"first": 0.99}, replications=1)
    assert set(overload_table(of, alone)["reason"]) == {Why.TOO_FEW}
    of = scenario(tmp_path, end="2020-02-10")
    short = findings(of, rising(10, 100), flat(20), {"first": 0.99})
    assert set(overload_table(of, short)["reason"]) == {Why.TOO_SHORT}


def test_the_step_of_a_reform_is_outside_the_window() -> None:
    shift = load(DATA / "small_shift.yaml")
    on = (shift.reform.on - shift.period.start).days  # type: ignore[union-attr]

    window = window_of(shift)

    assert on <= window.first < on + 7
    assert not window.has_season  # only a year is left


@pytest.mark.parametrize(
    ("end", "warm_up", "first", "has_season"),
    [
        ("2024-01-01", "0 days", dt.date(2020, 1, 1), True),
        ("2023-06-01", "0 days", dt.date(2020, 6, 20), True),  # three whole years
        ("2024-01-01", "1000 days", dt.date(2022, 9, 27), False),
    ],
)
def test_the_window_is_whole_years_after_the_warm_up(
    tmp_path: Path, end: str, warm_up: str, first: dt.date, has_season: bool
) -> None:
    path = tmp_path / "queue.yaml"
    text = QUEUE.replace("END", end).replace("OFFICERS", "4")
    path.write_text(
        text.replace("end: ", f"warm_up: {warm_up}, end: ") if warm_up != "0 days" else text, encoding="utf-8"
    )
    of = load(path)

    window = window_of(of)

    assert window.has_season == has_season
    assert abs((of.period.start + dt.timedelta(days=window.first) - first).days) <= 35
    assert len(window.days) % 13 == 0 or not has_season


def test_the_order_and_numbers_of_replications_change_nothing(tmp_path: Path) -> None:
    of = scenario(tmp_path)
    here = findings(of, rising(10, 100), flat(20), {"first": 0.99, "second": 0.5, "checkers": 0.4})
    mixed = here.assign(replication=here["replication"] * 7 + 3).sample(frac=1.0, random_state=1)
    first, second = (overload_table(of, table).sort_values(["kind", "name"]) for table in (here, mixed))

    pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True), rtol=1e-12)


MMC = """
format: 1
title: Three officers
purpose: theory
period: {start: 2022-01-01, end: 2025-01-01}
teams: {staff: {officers: 3}}
procedures: {queue: {stages: {work: {kind: work, team: staff, duration: {family: exponential, mean: 24 h}, then: closed}}}}
origins: {cases: {process: poisson, enters: work, rate: RATE per day}}
"""


@pytest.mark.parametrize(("load_", "verdict"), [(0.7, Verdict.STABLE), (1.2, Verdict.OVERLOADED)])
def test_a_queue_of_known_load_is_judged_right(tmp_path: Path, load_: float, verdict: Verdict) -> None:
    path = tmp_path / "mmc.yaml"
    path.write_text(MMC.replace("RATE", str(3 * load_)), encoding="utf-8")
    results = es.run(path, replications=6)

    table = overload_table(results.scenario, results.findings)

    assert set(table["verdict"]) == {verdict}
    if load_ > 1:
        # Work for 0.2 of three officers is left over, at one case a day for each.
        assert table["growth"].to_numpy() == pytest.approx(0.6 * YEAR, rel=0.15)
