"""Sweep files: their points and names, and what is said of a faulty one."""

from __future__ import annotations

import contextlib
import itertools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.opened import Opened
from enforcement_sim.files.read import load
from enforcement_sim.studies.sweep import Point, load_sweep
from enforcement_sim.studies.sweep_file import sweep_schema
from enforcement_sim.studies.sweep_kept import map_axes
from enforcement_sim.studies.sweep_run import run_sweep

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent.parent / "data"
BASE = """
format: 1
title: {en: Base, zh: 基线}
purpose: PURPOSE
seed: 7
period: {length: 100 h}
sources: {handbook: {citation: A handbook}}
teams:
  staff: {officers: {value: 2, assumed: An estimate., range: [1, 9]}}
  others: {officers: {value: 1, assumed: An estimate., range: [1, 9]}, roster: [{on: 2001-01-02, officers: {value: 3, assumed: An estimate., range: [1, 9]}}]}
procedures:
  queue:
    stages:
      work: {kind: work, team: staff, duration: {family: exponential, mean: 1 h, assumed: An estimate., range: [1, 2]}, then: closed}
origins:
  cases: {process: poisson, enters: work, rate: 0.5 per h}
"""
STAFF, MEAN = "teams.staff.officers", "procedures.queue.stages.work.duration.mean"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE.replace("PURPOSE", "theory"))
    (tmp_path / "place.yaml").write_text(BASE.replace("PURPOSE", "place"))
    (tmp_path / "busy.yaml").write_text("extends: base.yaml\norigins: {cases: {rate: 1.5 per h}}\n")
    (tmp_path / "alone.yaml").write_text("extends: base.yaml\nteams: {others: null}\n")
    return tmp_path


def written(folder: Path, body: str, of: str = "base.yaml") -> Path:
    """A sweep file of which `body` begins in line 4."""
    path = folder / "sweep.yaml"
    path.write_text(f"sweep:\n  title: x\n  of: {of}\n{body}\n")
    return path


def points(folder: Path, body: str) -> list[Point]:
    return load_sweep(written(folder, body))[1]


def test_an_old_file_has_the_same_points_in_the_same_order_with_the_same_names() -> None:
    _, found = load_sweep(ROOT / "scenarios/tianjin/sweep.yaml")
    axes = {"reform.share.urban": [0, 0.2, 0.4, 0.6, 0.8, 1.0], "reform.staff": [0, 0.2, 0.35, 0.5]}

    expected = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    assert [point.changes for point in found] == expected
    assert [point.name for point in found] == [f"point-{number:03d}" for number in range(24)]
    assert found[7].scenario == load(ROOT / "scenarios/tianjin/shift_with_staff.yaml", expected[7])


def test_each_scenario_is_run_at_every_point(folder: Path) -> None:
    found = points(folder, f"  scenarios: [busy.yaml]\n  axes: {{{STAFF}: [1, 2]}}")

    assert [point.name for point in found] == ["point-000-base", "point-000-busy", "point-001-base", "point-001-busy"]
    assert [point.scenario.teams["staff"].officers.value for point in found] == [1, 1, 2, 2]  # type: ignore[union-attr]
    assert found[1].scenario.origins["cases"] == load(folder / "busy.yaml").origins["cases"]


def test_scenarios_alone_are_a_sweep_of_one_point(folder: Path) -> None:
    found = points(folder, "  scenarios: {much: busy.yaml}")

    assert [point.name for point in found] == ["point-000-base", "point-000-much"]


def test_numbers_grow_a_digit_from_a_thousand_on(folder: Path) -> None:
    few = points(folder, f"  axes: {{{STAFF}: {{from: 1, to: 1000, steps: 1000}}}}")
    many = points(folder, f"  axes: {{{STAFF}: {{from: 1, to: 1001, steps: 1001}}}}")

    assert (few[0].name, few[-1].name) == ("point-000", "point-999")
    assert (many[0].name, many[-1].name) == ("point-0000", "point-1000")


def test_a_sample_has_the_seed_of_the_scenario(folder: Path) -> None:
    body = (
        f"  uncertain: {{{MEAN}: {{family: uniform, low: 1 h, high: 2 h}}}}\n  design: {{kind: sobol, points: 4SEED}}"
    )
    plain, same, other = (points(folder, body.replace("SEED", seed)) for seed in ("", ", seed: 7", ", seed: 8"))

    assert [point.changes for point in plain] == [point.changes for point in same]
    assert [point.changes for point in plain] != [point.changes for point in other]


def test_values_in_lists_and_of_figures_are_reached(folder: Path) -> None:
    path = "teams.others.roster.0.officers"
    found = points(folder, f"  axes: {{{path}: [4, {{value: 5, source: handbook}}]}}")
    officers = [point.scenario.teams["others"].roster[0].officers for point in found]

    assert [(one.value, one.assumed, one.source) for one in officers] == [
        (4, "An estimate.", None), (5, None, "handbook"),
    ]  # fmt: skip


SCENARIOS = ["theory/mm1.yaml", "wenzhou/no_added_staff.yaml", "inspection/yearly_cap.yaml"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_opened_once_is_the_one_that_is_loaded(name: str) -> None:
    path = ROOT / "scenarios" / name
    opened = Opened(path)
    team = next(iter(load(path).teams))
    ways: list[dict[str, Any]] = [{}, {"seed": 5}, {f"teams.{team}.officers": 30}, {f"teams.{team}.title": "A team"}]
    for changes in ways:
        here, there = opened.scenario(changes), load(path, changes)
        assert here == there
        assert here.model_dump(mode="json", exclude_unset=True) == there.model_dump(mode="json", exclude_unset=True)


def test_a_change_of_a_procedure_reaches_those_that_extend_it(folder: Path) -> None:
    text = (folder / "base.yaml").read_text().replace("origins:", "  other: {extends: queue}\norigins:")
    (folder / "base.yaml").write_text(text)
    changes = {MEAN: "2 h"}

    scenario = Opened(folder / "base.yaml").scenario(changes)

    assert scenario == load(folder / "base.yaml", changes)
    assert str(scenario.procedures["other"].stages["work"].duration.mean) == "2 h"  # type: ignore[union-attr]


FAULTS: list[tuple[str, str, str, str]] = [
    # what stands from line 4 on, line and column, what is said, what is to be tried
    ("  axis: {a: [1]}", "4:3", "unknown key", "axes"),
    ("  axes: {teams.stafff.officers: [1]}", "4:10", "no such place in the scenario (in ", "teams.staff"),
    ("  axes: {teams.staff.oficers: [1]}", "4:10", "unknown key (in ", "teams.staff.officers"),
    ("  axes: {teams.others.roster.1.officers: [1]}", "4:10", "a list of 1 stands here", "teams.others.roster.0"),
    (f"  axes: {{{STAFF}: [1, 2.5]}}", "4:36", "a whole number", ""),
    (f"  axes:\n    plan:\n      together:\n        - {{{STAFF}: 1}}\n        - {{teams.staf.officers: 1}}", "8:12", "no such place", "teams.staff"),
    (f"  axes: {{{STAFF}: {{from: 0, to: 5, steps: 3, scale: log}}}}", "4:32", "log scale", "a `from` above 0"),
    (f"  axes: {{{STAFF}: {{from: 5, to: 5, steps: 3}}}}", "4:32", "`from` is not below `to`", "smaller"),
    (f"  axes: {{{STAFF}: {{from: 5, to: 9}}}}", "4:10", "how many levels", "add `steps: 5`"),
    (f"  axes: {{{STAFF}: {{from: 1, to: 3, steps: 9, whole: true}}}}", "4:10", "same whole number", "fewer steps"),
    (f"  axes: {{{MEAN}: {{from: 1 h, to: 3 days, steps: 9}}}}", "4:54", "different units: h and days", "one unit"),
    (f"  axes: {{{MEAN}: {{from: soon, to: 3 days, steps: 9}}}}", "4:61", "neither a number nor a quantity", "3 days"),
    (f"  axes: {{{MEAN}: {{from: 1, to: {10**400}, steps: 9}}}}", "4:68", "neither a number nor a quantity", "3 days"),
    (f"  axes: {{{STAFF}: 3}}", "4:32", "a list is needed", ""),
    (f"  uncertain: {{{STAFF}: {{family: discrete, values: [1, 2], shares: [0.5, 0.4]}}}}\n  design: {{kind: sobol, points: 4}}", "4:37", "shares sum to 0.9", "sum is 1"),
    (f"  uncertain: {{{STAFF}: {{family: unifrom, low: 1, high: 2}}}}\n  design: {{kind: sobol, points: 4}}", "4:46", "unknown family", "uniform"),
    (f"  uncertain: {{{STAFF}: {{family: uniform, low: 2, high: 1}}}}\n  design: {{kind: sobol, points: 4}}", "4:37", "`low` is not below `high`", "smaller"),
    (f"  uncertain: {{{STAFF}: {{family: discrete, values: [1], shares: [1], source: book, assumed: why}}}}\n  design: {{kind: sobol, points: 4}}", "4:37", "both a source and an assumption", "keep"),
    (f"  uncertain: {{{STAFF}: {{family: discrete, values: [1], shares: [1], source: handbok}}}}\n  design: {{kind: sobol, points: 4}}", "4:90", "no entry of the scenario's sources", "handbook"),
    (f"  uncertain: {{{MEAN}: {{family: uniform, low: 1 h, high: 2 h}}}}", "4:3", "does not sample", "crossed"),
    (f"  axes: {{{STAFF}: [1]}}\n  design: crossed", "5:3", "a required key is missing", "add `points:`"),
    (f"  axes: {{{STAFF}: [1]}}\n  design: {{kind: crossed, points: 4}}", "5:11", "nothing is uncertain", "grid"),
    (f"  axes: {{{STAFF}: [1]}}\n  design: {{kind: sobbol, points: 4}}", "5:18", "unknown kind", "sobol"),
    ("  design: {kind: sobol, points: 4}", "4:11", "nothing to draw", "add `uncertain:`"),
    ("  replications: 3", "2:3", "nothing changes", "add `axes:`"),
    (f"  axes: {{{STAFF}: [1]}}\n  design: {{kind: list, points: [{{seed: 1}}]}}", "4:3", "has no axes", "points"),
    (f"  axes: {{{STAFF}: [1], seed: {{from: 1, to: 2000000, steps: 2000000}}}}", "4:3", "2,000,000 points", "fewer"),
    ("  scenarios: [busy.yaml]\n  axes: {seed: [1]}\n  design: {kind: sobol, points: 600000}", "6:3", "1,200,000 points", "fewer"),
    (f"  axes: {{{STAFF}: [1], teams.staff: [2]}}", "4:37", "inside or around", "keep one"),
    (f"  axes: {{{STAFF}: [1]}}\n  uncertain: {{{STAFF}: {{family: discrete, values: [1], shares: [1]}}}}\n  design: {{kind: crossed, points: 4}}", "5:15", "the same value as the axis", "keep one"),
    (f"  axes: {{plan: {{together: [{{{STAFF}: 1, {STAFF}.value: 2}}]}}}}", "4:54", "inside or around", "keep one"),
    ("  design:\n    kind: list\n    points:\n      - {seed: 1}\n      - {seed: 2}\n      - {seed: 1.0}", "9:9", "stands twice (first in line 7)", "remove"),
    ("  axes: {seed: [1]}\n  scenarios: [bussy.yaml]", "5:15", "no such file", "busy.yaml"),
    ("  axes: {seed: [1]}\n  scenarios: {base: busy.yaml}", "2:3", "two scenarios are called 'base'", "name: file"),
    ("  axes: {seed: [1]}\n  scenarios: [a/busy.yaml, busy.yaml]", "5:14", "the same name", "mapping"),
    ("  scenarios: [alone.yaml]\n  axes: {teams.others.officers: [1]}", "5:10", "alone.yaml)", "staff"),
    ("  axes: {seed: [1]}\n  replications: {until: [{measure: use}]}", "5:26", "needs one width", "half_width"),
    ("  axes: {seed: [1]}\n  replications: {until: [{measure: use, half_width: 1}], at_least: 9, at_most: 8}", "5:17", "at_least lies above at_most", "larger"),
    ("  axes: {seed: [1]}\n  replications: {until: [{measure: use, half_width: 1, jurisdiction: city}]}", "5:70", "no jurisdiction has this name", "all"),
    ("  axes: {seed: [1]}\n  replications: 0", "5:17", "at least 1", ""),
    ("  axes: {seed: [1]}\n  budget: {}", "5:11", "empty budget", "time: 30 min"),
    ("  axes: {seed: [1]}\n  budget: {time: 3 working days}", "5:11", "time on the clock", "30 min"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "place", "what", "hint"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_said_with_its_place_and_what_to_try(
    folder: Path, body: str, place: str, what: str, hint: str
) -> None:
    path = written(folder, body)
    with pytest.raises(ScenarioError) as caught:
        load_sweep(path)

    first = caught.value.problems[0]
    assert what in first.what
    assert hint in first.try_
    assert (first.file, f"{first.line}:{first.column}") == (str(path), place)


WHOLE = f"""
  title: x
  of: base.yaml
  scenarios: {{busy: busy.yaml}}
  axes:
    {STAFF}: [1, 2]
    seed: {{from: 1, to: 9, steps: 3, scale: log, whole: true}}
    plan: {{together: {{few: {{teams.others.officers: 1}}, many: {{teams.others.officers: 3}}}}}}
  uncertain:
    {MEAN}: {{family: normal, mean: 1 h, sd: 0.5 h, low: 0.2 h, high: 2 h}}
    period.length: {{family: lognormal, median: 50 h, p90: 60 h}}
    replications: {{family: discrete, values: [3, 4], shares: [0.5, 0.5]}}
  design: {{kind: crossed, points: 2, seed: 3, sample: sobol}}
  replications: {{until: [{{measure: use, half_width: 0.1}}], level: 0.9, at_least: 3, at_most: 9}}
  budget: {{runs: 100, time: 3 h}}
"""
JUNK: list[Any] = [
    None, True, -1, 0, 1.5, 10**400, float("inf"), float("nan"), 1e-300, 1e300, "", "x", "3 h", "grid", "2 per day",
    [], {}, [[]], [1], {"x": 1}, {5: 1}, {"kind": "list"}, {"from": 1}, {"together": []}, {"family": "uniform"}, "a..b",
]  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, below in inner for place in places(below, (*at, key)))]


def broken(place: tuple[Any, ...], junk: Any) -> Any:
    """The whole example with something else, or nothing, in one place."""
    data: Any = {"sweep": YAML(typ="safe", pure=True).load(WHOLE)}
    if not place:
        return junk
    holder = data
    for key in place[:-1]:
        holder = holder[key]
    if junk == "gone":
        del holder[place[-1]]
    else:
        holder[place[-1]] = junk
    return data


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweeps")
    (path / "base.yaml").write_text(BASE.replace("PURPOSE", "theory"))
    (path / "busy.yaml").write_text("extends: base.yaml\n")
    return path


@settings(max_examples=200, deadline=None)
@given(
    place=st.sampled_from(places({"sweep": YAML(typ="safe", pure=True).load(WHOLE)})),
    junk=st.sampled_from([*JUNK, "gone"]),
)
def test_no_broken_sweep_ends_in_a_traceback(one_folder: Path, place: tuple[Any, ...], junk: Any) -> None:
    path = one_folder / "sweep.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(broken(place, junk), file)

    with contextlib.suppress(ScenarioError):
        load_sweep(path)


def test_a_sweep_of_a_place_says_what_its_spreads_rest_on(folder: Path) -> None:
    body = f"  uncertain: {{{MEAN}: {{family: uniform, low: 1 h, high: 2 hWHY}}}}\n  design: {{kind: sobol, points: 2}}"
    with pytest.raises(ScenarioError, match="neither a source nor a reason"):
        load_sweep(written(folder, body.replace("WHY", ""), "place.yaml"))

    _, found = load_sweep(written(folder, body.replace("WHY", ", assumed: An estimate."), "place.yaml"))
    assert len(found) == 2


def test_every_faulty_level_is_told_at_once(folder: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_sweep(written(folder, f"  axes: {{{STAFF}: [1, 2.5, x], {MEAN}: [1 h, 2]}}"))

    assert [fault.got for fault in caught.value.problems] == ["2", "2.5", "'x'"]


def test_what_is_to_be_reached_and_may_be_spent_is_read(folder: Path) -> None:
    body = "  axes: {seed: [1]}\n  budget: {runs: 9, time: 2 h}\n  replications:\n    until: [{measure: use, item: staff, relative_half_width: 0.05}]\n    level: 0.9"
    study, _ = load_sweep(written(folder, body))

    assert study.replications.until[0].relative_half_width == 0.05  # type: ignore[union-attr]
    assert (study.replications.level, study.replications.at_least, study.replications.at_most) == (0.9, 10, 200)  # type: ignore[union-attr]
    assert study.budget.time.seconds == 7200  # type: ignore[union-attr]


def test_the_table_has_a_column_for_all_that_differs(folder: Path) -> None:
    body = f"""\
  scenarios: [busy.yaml]
  axes: {{plan: {{together: {{few: {{{STAFF}: 1}}, many: {{{STAFF}: 3}}}}}}}}
  uncertain: {{{MEAN}: {{family: uniform, low: 0.5 h, high: 1 h}}}}
  design: {{kind: crossed, points: 2}}
  replications: 2"""
    study, found = load_sweep(written(folder, body))
    found = [Point(**{**vars(p), "scenario": p.scenario.model_copy(update={"engine": "reference"})}) for p in found]
    table = run_sweep(study, found, folder=folder / "out").table

    assert map_axes(study) == ["scenario", "plan", "future"]
    assert table.groupby("point")["scenario"].unique().map(list).tolist() == [["base", "busy"]] * 4
    seen = table.drop_duplicates(["scenario", "point"])[["plan", "future", STAFF]]
    assert seen.drop_duplicates().values.tolist() == [["few", 0, 1], ["many", 0, 3], ["few", 1, 1], ["many", 1, 3]]
    assert table.groupby("future")[MEAN].nunique().tolist() == [1, 1]
    assert isinstance(table, pd.DataFrame)
    table.to_parquet(folder / "table.parquet")


@pytest.mark.parametrize("path", [*sorted(ROOT.glob("scenarios/*/sweep*.yaml")), DATA / "small_sweep.yaml"], ids=str)
def test_the_exported_schema_accepts_what_the_program_accepts(path: Path) -> None:
    data = json.loads(json.dumps(YAML(typ="safe", pure=True).load(path), default=str))

    assert [error.message for error in jsonschema.Draft202012Validator(sweep_schema()).iter_errors(data)] == []


@pytest.mark.parametrize("body", ["axis: {}", "design: sobl", "axes: {a: 3}", "budget: {run: 3}", "replications: x"])
def test_the_exported_schema_refuses_what_the_program_refuses(body: str) -> None:
    data = {"sweep": {"title": "x", "of": "base.yaml", **YAML(typ="safe", pure=True).load(body)}}

    assert not jsonschema.Draft202012Validator(sweep_schema()).is_valid(data)
