"""Levers are found in a scenario, and what is put in for them really changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.dashboard.levers import changes_of, levers_of, read
from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import load
from enforcement_sim.model.scenario import Scenario

DATA = Path(__file__).parents[1] / "data" / "app"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIFT = DATA / "shift.yaml"


def paths(scenario: Scenario) -> dict[str, str]:
    return {lever.path: lever.kind for lever in levers_of(scenario)}


def test_every_team_roster_step_and_part_of_the_reform_is_a_lever() -> None:
    assert paths(load(SHIFT)) == {
        "teams.city_team.officers": "count",
        "teams.city_team.roster.0.officers": "count",
        "teams.east_team.officers": "count",
        "reform.share.urban": "share",
        "reform.staff": "share",
        "reform.on": "date",
        "reform.full_on": "date",
        "reform.staff_on": "date",
    }


def test_without_a_reform_there_are_only_teams() -> None:
    assert {path.split(".")[0] for path in paths(load(DATA / "plain.yaml"))} == {"teams"}


def test_a_range_is_that_of_the_figure_or_else_around_the_value() -> None:
    levers = {lever.path: lever for lever in levers_of(load(SHIFT))}

    assert (levers["teams.city_team.officers"].low, levers["teams.city_team.officers"].high) == (2, 8)
    assert (levers["reform.share.urban"].low, levers["reform.share.urban"].high) == (0, 0.9)
    assert (levers["teams.east_team.officers"].low, levers["teams.east_team.officers"].high) == (1, 10)
    assert (levers["reform.staff"].low, levers["reform.staff"].high) == (0, 1)


def test_titles_come_in_both_languages() -> None:
    titles = {lever.path: (lever.of.en, lever.of.zh) for lever in levers_of(load(SHIFT))}

    assert titles["teams.east_team.officers"] == ("East team", "东队")
    assert titles["reform.share.urban"] == ("urban management", "城市管理")


MOVES = {
    "teams.city_team.officers": (6, lambda s: s.teams["city_team"].officers.value),
    "teams.city_team.roster.0.officers": (3, lambda s: s.teams["city_team"].roster[0].officers.value),
    "teams.east_team.officers": (3, lambda s: s.teams["east_team"].officers.value),
    "reform.share.urban": (0.8, lambda s: s.reform.share["urban"].value),
    "reform.staff": (0.5, lambda s: s.reform.staff.value),
    "reform.on": ("2023-09-01", lambda s: s.reform.on.isoformat()),
    "reform.full_on": ("2024-01-01", lambda s: s.reform.full_on.isoformat()),
    "reform.staff_on": ("2023-10-01", lambda s: s.reform.staff_on.isoformat()),
}


@pytest.mark.parametrize("path", MOVES)
def test_what_is_put_in_changes_the_scenario_there(path: str) -> None:
    value, found = MOVES[path]
    changes = changes_of(levers_of(load(SHIFT)), {path: str(value)})

    assert list(changes) == [path]
    assert found(load(SHIFT, changes)) == value


def test_what_stands_there_already_is_no_change() -> None:
    levers = levers_of(load(SHIFT))

    assert changes_of(levers, {lever.path: lever.value for lever in levers}) == {}
    assert changes_of(levers, dict.fromkeys((lever.path for lever in levers), "")) == {}


def test_a_share_of_staff_that_is_left_out_can_be_given_also_in_a_scenario_of_a_place() -> None:
    file = SCENARIOS / "tianjin" / "shift_without_staff.yaml"
    levers = levers_of(load(file))
    changes = changes_of(levers, {"reform.staff": 0.25})

    changed = load(file, changes)

    assert changed.reform is not None
    assert changed.reform.staff is not None
    assert changed.reform.staff.value == 0.25


@pytest.mark.parametrize("file", ["tianjin/shift_with_staff.yaml", "wenzhou/base.yaml", "theory/mm1.yaml"])
def test_the_levers_of_shipped_scenarios_can_be_moved_to_both_ends(file: str) -> None:
    scenario = load(SCENARIOS / file)
    levers = [lever for lever in levers_of(scenario) if lever.kind != "date"]

    assert levers
    for end in ("low", "high"):
        changes = changes_of(levers, {lever.path: getattr(lever, end) for lever in levers[:6]})
        load(SCENARIOS / file, changes)


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("teams.east_team.officers", "2.5", "officers come whole"),
        ("teams.east_team.officers", "-1", "between 0 and 100,000 officers"),
        ("teams.east_team.officers", "many", "not a number"),
        ("teams.east_team.officers", "nan", "not a number"),
        ("reform.share.urban", "1.5", "between 0 and 100 %"),
        ("reform.on", "soon", "not a date"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(path: str, given: str, said: str) -> None:
    lever = next(lever for lever in levers_of(load(SHIFT)) if lever.path == path)

    with pytest.raises(ScenarioError) as caught:
        read(lever, given)

    assert said in str(caught.value)
    assert path in str(caught.value)
