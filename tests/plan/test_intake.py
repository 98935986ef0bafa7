"""The cases at the door."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.files.read import load, scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.model.staffing import apportioned, rosters
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan

ROOT = Path(__file__).parents[2]
SHIFT = ROOT / "tests" / "data" / "small_shift.yaml"


def bare(origin: str, length: str = "3000 h", calendars: str = "") -> Plan:
    text = f"""
format: 1
title: bare
purpose: theory
period: {{length: {length}}}
{calendars}
teams: {{staff: {{officers: 1}}}}
procedures: {{queue: {{stages: {{work: {{kind: work, team: staff, duration: 1 h, then: closed}}}}}}}}
origins: {{cases: {{enters: work, {origin}}}}}
"""
    return build(scenario_of(parse_text(text, "bare.yaml")))


def test_counted_origins_bring_exactly_their_counts() -> None:
    plan = build(load(SHIFT))
    cases = intake(plan, 0)
    year = np.searchsorted([first for _, first, _ in plan.years], cases["arrived"], side="right") - 1
    names = plan.names

    counts = {
        (names.origins[origin], plan.years[y][0], names.kinds[kind]): int(
            ((cases["origin"] == origin) & (year == y) & (cases["kind"] == kind)).sum()
        )
        for origin in range(2) for y in range(2) for kind in range(1, 3)
    }  # fmt: skip

    assert counts["city", 2023, "clean"] == 1500
    assert counts["city", 2024, "found"] == 300
    assert counts["counties", 2024, "found"] == 100


def test_cases_arrive_in_office_hours_only() -> None:
    plan = build(load(SHIFT))
    hours = plan.work_tables[plan.names.calendars.index("office")]

    assert all(hours.is_open(int(time)) for time in intake(plan, 3)["arrived"])


def test_cases_are_numbered_by_arrival() -> None:
    arrived = intake(build(load(SHIFT)), 1)["arrived"]

    assert (np.diff(arrived) >= 0).all()


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("process: poisson, rate: 2 per h", 6000),
        ("process: poisson, rate: 1 per h, batch: 3", 9000),
        ("process: poisson, steps: [{lasts: 6 h, rate: 3 per h}, {lasts: 6 h}]", 4500),
        ("process: renewal, interval: {family: erlang, phases: 3, mean: 1 h}", 3000),
        ("process: regular, every: 0.5 h", 5999),
    ],
)
def test_origins_bring_as_many_cases_as_their_rate_says(origin: str, expected: int) -> None:
    counts = [len(intake(bare(origin), replication)) for replication in range(12)]

    assert np.mean(counts) == pytest.approx(expected, rel=0.02)


def test_a_rate_with_a_calendar_is_met_over_the_whole_time() -> None:
    plan = bare(
        "process: poisson, rate: 1 per h, calendar: shift",
        calendars="calendars: {shift: {windows: [{opens: 0 h, closes: 8 h}], repeat_every: 24 h}}",
    )
    arrived = intake(plan, 0)["arrived"]

    assert len(arrived) == pytest.approx(3000, rel=0.06)
    assert (arrived % 86_400 < 8 * 3600).all()


def test_a_step_without_a_rate_brings_nobody() -> None:
    arrived = intake(bare("process: poisson, steps: [{lasts: 6 h, rate: 3 per h}, {lasts: 6 h}]"), 0)["arrived"]

    assert (arrived % (12 * 3600) < 6 * 3600).all()


def test_a_longer_period_does_not_change_the_cases_of_the_shorter_one() -> None:
    short, long = (intake(bare("process: poisson, rate: 2 per h", length), 0) for length in ("500 h", "900 h"))

    assert (long[: len(short)] == short).all()


@given(st.integers(0, 5000), st.lists(st.floats(0, 1), min_size=1, max_size=9).filter(lambda shares: sum(shares) > 0))
def test_parts_of_a_total_are_whole_and_sum_to_it(total: int, shares: list[float]) -> None:
    parts = apportioned(total, shares)

    assert sum(parts) == total
    assert all(abs(part - total * share / sum(shares)) < 1 + 1e-6 for part, share in zip(parts, shares, strict=True))


@pytest.mark.parametrize("share", [0, 0.1, 0.3, 0.5, 0.8, 1])
@pytest.mark.parametrize("pairs", [True, False])
def test_officers_that_leave_the_city_arrive_in_the_counties(share: float, pairs: bool) -> None:
    steps = rosters(load(SHIFT, {"reform.staff": share, "reform.in_pairs": pairs}))
    last = {team: team_steps[-1][1] for team, team_steps in steps.items()}
    first = {team: team_steps[0][1] for team, team_steps in steps.items()}

    assert sum(last.values()) == sum(first.values())
    assert first["city_urban"] - last["city_urban"] == pytest.approx(share * 10, abs=1)
    assert min(last.values()) >= 0
    if pairs:
        assert all((last[team] - first[team]) % 2 == 0 for team in last)
