"""The scenarios that come with the project."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from enforcement_sim.engines.reference import run
from enforcement_sim.files.check_evidence import evidence_of
from enforcement_sim.files.read import is_sweep, load
from enforcement_sim.files.schema import schema
from enforcement_sim.measures.tables import sources_table
from enforcement_sim.model.derive import below
from enforcement_sim.model.figures import Evidence
from enforcement_sim.model.origins import Counted
from enforcement_sim.plan.build import build
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.systems import systems

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
NO_SCENARIO = ("expected.yaml", "systems.yaml")
LAID_UNDER = ("procedures", "law")
"""Folders of files that scenarios extend or read."""
ALL = sorted(
    path
    for path in FOLDER.rglob("*.yaml")
    if path.name not in NO_SCENARIO and path.relative_to(FOLDER).parts[0] not in LAID_UNDER
)
SCENARIOS = [path for path in ALL if not is_sweep(path)]
PLACES = [FOLDER / "tianjin" / "base.yaml", FOLDER / "wenzhou" / "base.yaml"]
DIGESTS = json.loads((ROOT / "results" / "digests.json").read_text())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SCENARIOS, ids=named)
def test_a_shipped_scenario_is_sound(path: Path) -> None:
    plan = build(load(path))

    assert plan.horizon > 0


@pytest.mark.parametrize(
    "path", [path for path in ALL if is_sweep(path) and path.parent.name != "published"], ids=named
)
def test_a_shipped_sweep_has_at_least_fifteen_points(path: Path) -> None:
    _, points = load_sweep(path)

    assert len(points) >= 15


@pytest.mark.parametrize("path", SCENARIOS, ids=named)
def test_the_exported_schema_accepts_what_the_program_accepts(path: Path) -> None:
    data = json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))
    if "extends" in data:
        pytest.skip("a change over a base holds only what differs")
    procedures = {name: body for name, body in data["procedures"].items() if "extends" not in body}
    data["procedures"] = procedures  # the others hold only what differs, too

    assert [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(data)] == []


def test_the_exported_schema_refuses_a_typo() -> None:
    data = {"format": 1, "tilte": "x"}

    assert not jsonschema.Draft202012Validator(schema()).is_valid(data)


@pytest.mark.parametrize("path", PLACES, ids=named)
def test_every_number_of_a_place_has_its_evidence_and_every_source_is_used(path: Path) -> None:
    scenario = load(path)
    evidence: list[Evidence] = [found for _, found in evidence_of(scenario)]
    sources = sources_table(scenario)

    assert len(evidence) > 50
    reasons = " ".join(reason.en for reason in scenario.assumptions.values())
    # A procedure that is laid under the scenario may bring a source whose number the scenario replaces.
    own = YAML(typ="safe", pure=True).load(path)["sources"]
    unused = sources.loc[sources["numbers"] == 0, "key"]
    assert [key for key in unused if key in own and key not in reasons] == []
    assert all(body.citation and body.date for body in scenario.sources.values())


@pytest.mark.parametrize("path", PLACES, ids=named)
def test_names_in_the_report_are_told_in_both_languages(path: Path) -> None:
    scenario = load(path)
    groups = [scenario.jurisdictions, scenario.fields, scenario.teams, scenario.origins]
    groups += [body.stages for body in scenario.procedures.values()]  # type: ignore[misc]
    untold = [
        key
        for group in groups
        for key, body in group.items()
        if body.title is None and getattr(body, "kind", "") != "decision"
    ]
    shown = {stage.phase for p in scenario.procedures.values() for stage in p.stages.values()} | {
        stage.counts_as for p in scenario.procedures.values() for stage in p.stages.values()
    }

    assert untold == []
    assert shown - {None} <= set(scenario.terms)


def test_published_inspections_are_the_counts_at_the_door() -> None:
    scenario = load(PLACES[0])
    origin = scenario.origins["inspections"]
    assert isinstance(origin, Counted)
    for row in scenario.published:
        if row.labels != ["inspections"]:
            continue
        assert row.jurisdiction is not None
        places = [row.jurisdiction] if row.alone else below(scenario, row.jurisdiction)
        counted = sum(
            count.count.value
            for count in origin.counts
            if count.year == row.year
            and (count.jurisdiction or origin.jurisdiction) in places
            and row.field in (None, count.field)
        )
        assert counted == row.value, (row.jurisdiction, row.year)


@pytest.mark.parametrize("name", [name for name in DIGESTS if "tianjin" not in name])
def test_a_kept_result_comes_out_again(name: str) -> None:
    assert run(build(load(ROOT / name)), 0).digest == DIGESTS[name]


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in DIGESTS if "tianjin" in name])
def test_a_kept_result_of_the_large_scenarios_comes_out_again(name: str) -> None:
    assert run(build(load(ROOT / name)), 0).digest == DIGESTS[name]


@pytest.mark.long
@pytest.mark.parametrize("path", PLACES, ids=named)
def test_published_counts_are_met_within_five_percent_or_within_chance(path: Path) -> None:
    table = replicate(load(path), replications=6, how=How(2)).published

    missed = table[~table["within"] & ~table["by_chance"]]
    assert missed.to_dict("records") == []


def test_the_second_base_meets_its_published_counts() -> None:
    table = replicate(load(PLACES[1]), replications=2, how=How(2)).published

    assert table.loc[~table["within"], "label"].tolist() == []


def test_every_system_has_a_scenario_beside_another_and_a_test_that_is_there() -> None:
    catalogue = ROOT / "scenarios" / "levers" / "systems.yaml"
    listed = systems(catalogue)

    assert len({system.system for system in listed}) == len(listed) > 50
    for system in listed:
        assert (ROOT / system.test).exists(), system.test
        text = (catalogue.parent / system.scenario).read_text(encoding="utf-8")
        inherits = "tianjin" in system.scenario  # the shifts extend each other
        assert inherits or "\ncompare_to: " in text, system.scenario
    used = {Path(system.scenario).name for system in listed} | {"systems.yaml", "start_empty.yaml"}
    assert {path.name for path in catalogue.parent.glob("*.yaml")} <= used
