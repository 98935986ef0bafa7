"""What a replication depends on stands in the manifest: every module that it can come to, and the whole scenario."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from enforcement_sim.files.read import is_sweep, load
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.studies import provenance
from enforcement_sim.studies.replicate import one_log

TOWN = Path(__file__).parents[1] / "data" / "town"
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def imported(file: Path) -> Iterator[Path]:
    """The modules of the program that a module imports, wherever in it that stands."""
    package = file.relative_to(provenance.ROOT).parts[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.level == 0:
            continue
        parts = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
        for name in ("", *(one.name for one in node.names)):
            path = provenance.ROOT.joinpath(*(part for part in (*parts, name) if part))
            yield from (found for found in (path.with_suffix(".py"), path / "__init__.py") if found.is_file())


def counted() -> set[Path]:
    """The modules that a replication can come to, from what builds its plan and what runs it."""
    found: set[Path] = set()
    left = [provenance.ROOT / "studies/processes.py", provenance.ROOT / "plan/build.py"]
    while left:
        file = left.pop()
        if file not in found and file != provenance.ROOT / "__init__.py":
            found.add(file)
            left += imported(file)
    return found


def test_every_module_that_a_replication_uses_counts() -> None:
    """Also one of a package that stands aside, should a plan, an engine or a measure begin to use it."""
    names = {file.relative_to(provenance.ROOT).as_posix() for file in counted()}
    assert {"engines/compiled/loop.py", "engines/desk.py", "measures/backlog.py", "plan/intake.py"} <= names
    assert names <= provenance.code().keys()


READERS = ("open", "read_text", "read_bytes", "read_csv", "read_parquet", "loadtxt", "getenv")


def read_by(file: Path) -> Iterator[str]:
    """What a module uses to read files or the environment."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "resources"):
            yield node.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            yield node.func.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
            yield node.func.id


def test_no_module_that_a_replication_uses_reads_a_file() -> None:
    """All that a plan is made from stands in the scenario, and so in the manifest."""
    found = {(file.relative_to(provenance.ROOT).as_posix(), name) for file in counted() for name in read_by(file)}
    # Where compiled code is kept, what names that folder, and whether numba is switched off: none moves a result.
    assert found == {
        ("compiling/cache.py", "environ"), ("compiling/cache.py", "read_bytes"), ("decisions/dice.py", "environ"),
    }  # fmt: skip


def without_law(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"law": None})


def kept_and_read(file: Path) -> None:
    scenario = load(file)
    told = provenance.manifest("name", scenario, 1, None)
    again = Scenario.model_validate(json.loads(json.dumps(told))["scenario"])
    assert without_law(again) == without_law(scenario), file
    for row in again.law.rows() if again.law else ():  # test_kept_law.py says which rows these are
        assert again.law.provision(row) == scenario.law.provision(row), (file, row)
    assert provenance.manifest("name", again, 1, None) == told, file


def scenarios() -> Iterator[Path]:
    for file in sorted(SCENARIOS.rglob("*.yaml")):
        aside = {"law", "procedures"} & set(file.parts) or file.name in ("expected.yaml", "systems.yaml")
        if not aside and not is_sweep(file):
            yield file


def test_a_kept_scenario_is_the_scenario_to_the_last_digit() -> None:
    for name in ("validation", "inspection"):
        files = [file for file in scenarios() if file.parent.name == name]
        for file in files if name == "validation" else files[:1]:
            kept_and_read(file)


@pytest.mark.long
def test_every_kept_scenario_is_the_scenario_to_the_last_digit() -> None:
    files = list(scenarios())
    assert len(files) > 100
    for file in files:
        kept_and_read(file)


@pytest.mark.parametrize("file", ["validation/J17.yaml", "validation/J02-redraw.yaml"])
def test_a_kept_scenario_runs_as_the_scenario(file: str) -> None:
    scenario = load(SCENARIOS / file).model_copy(update={"engine": "reference"})
    told = provenance.manifest("name", scenario, 1, None)["scenario"]
    again = Scenario.model_validate(json.loads(json.dumps(told)))
    assert one_log(again, 0, 1)[0].digest == one_log(scenario, 0, 1)[0].digest


def test_a_key_is_the_same_in_every_process() -> None:
    program = (
        "import sys; from enforcement_sim.files.read import load\n"
        "from enforcement_sim.studies.provenance import manifest\n"
        "print(manifest('town', load(sys.argv[1]), 1, None)['key'])"
    )
    keys = set()
    for seed in ("0", "1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program, str(TOWN / "change.yaml")]
        keys.add(subprocess.run(command, capture_output=True, text=True, env=env, check=True).stdout)
    assert len(keys) == 1
