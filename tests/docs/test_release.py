"""What a release rests on cannot drift: workflows, the check list, versions, licence and citation."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML

import enforcement_sim
from enforcement_sim.cli.app import app

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXTS = [*WORKFLOWS, ROOT / "docs" / "release.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SAME_VERSION = runpy.run_path(str(ROOT / ".ci" / "same_version.py"))

PERMISSIONS = {  # what each job may; whatever is not named here it may not
    ("tests", "locked"): {"contents": "read"},
    ("tests", "elsewhere"): {"contents": "read"},
    ("tests", "oldest"): {"contents": "read"},
    ("long", "validate"): {"contents": "read"},
    ("release", "version"): {"contents": "read"},
    ("release", "tests"): {"contents": "read"},
    ("release", "build"): {"contents": "read"},
    ("release", "publish"): {"id-token": "write"},
}
MADE = ("dist", "other", ".venv", "history.md")
"""What the steps and commands make themselves: no such file or folder is in the project."""


def workflow(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def steps(job: Any) -> list[Any]:
    return job.get("steps", [])


GROUP: Any = typer.main.get_command(app)
COMMANDS = {name: GROUP.get_command(None, name) for name in GROUP.list_commands(None)}


def unknown_words(line: str) -> list[str]:
    """Of a call of the program, the command and the options that it does not have."""
    name, *words = line.split()
    if name.startswith("--"):
        return [] if name == "--version" else [name]
    if name not in COMMANDS:
        return [name]
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    return [word for word in words if word.startswith("-") and word not in options]


def test_there_are_workflows_for_changes_for_long_tests_and_for_releases() -> None:
    assert [file.stem for file in WORKFLOWS] == ["long", "release", "tests"]


@pytest.mark.parametrize("name", [file.stem for file in WORKFLOWS])
def test_a_workflow_may_no_more_than_it_needs_and_ends(name: str) -> None:
    told = workflow(name)
    jobs = told["jobs"]

    assert told["permissions"] == {}
    assert {(name, job): body["permissions"] for job, body in jobs.items()} == {
        key: allowed for key, allowed in PERMISSIONS.items() if key[0] == name
    }
    assert "group" in told["concurrency"]
    assert [job for job, body in jobs.items() if "uses" not in body and not 0 < body["timeout-minutes"] <= 360] == []
    used = [step["uses"] for body in jobs.values() for step in steps(body) if "uses" in step]
    assert [one for one in used if not re.search(r"@(v\d+|release/v\d+)$", one)] == []
    checkouts = [
        step for body in jobs.values() for step in steps(body) if step.get("uses", "").startswith("actions/checkout")
    ]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_matrix_is_three_systems_and_every_python_that_is_promised() -> None:
    strategy = workflow("tests")["jobs"]["elsewhere"]["strategy"]
    pythons = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r"Python :: \d\.\d+$", one)]

    assert strategy["fail-fast"] is False
    assert strategy["matrix"] == {"system": ["ubuntu-latest", "macos-latest", "windows-latest"], "python": pythons}
    assert PROJECT["requires-python"] == f">={pythons[0]}"
    assert [int(one.partition(".")[2]) for one in pythons] == list(range(11, 11 + len(pythons)))


def test_tests_run_on_every_change_and_before_a_release() -> None:
    assert set(workflow("tests")["on"]) == {"push", "pull_request", "workflow_call"}
    assert set(workflow("long")["on"]) == {"schedule", "workflow_dispatch"}
    release = workflow("release")
    assert release["on"] == {"push": {"tags": ["v*"]}}
    publish = release["jobs"]["publish"]
    assert set(publish["needs"]) == {"tests", "build"}
    assert publish["environment"] == "release"
    assert release["jobs"]["tests"]["uses"] == "./.github/workflows/tests.yml"
    assert release["jobs"]["tests"]["needs"] == release["jobs"]["build"]["needs"] == "version"


def test_each_job_of_the_tests_reproduces_what_is_published() -> None:
    said = {job: [step.get("run") for step in steps(body)] for job, body in workflow("tests")["jobs"].items()}

    assert {"bash .ci/run", "make reproduce"} <= set(said["locked"])
    for job in ("elsewhere", "oldest"):
        assert {"python -m pytest -n auto", "enforcement-sim reproduce --all --elsewhere"} <= set(said[job])


@pytest.mark.parametrize("text", TEXTS, ids=lambda file: file.name)
def test_what_a_text_names_is_there(text: Path) -> None:
    said = text.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    made = [
        word
        for line in re.findall(r"(?:^\s*|run: |`|: )make ([a-z][a-z -]*)", said, flags=re.MULTILINE)
        for word in line.split()
    ]
    calls = re.findall(r"(?:^\s*|run: |`|/)enforcement-sim ([^`\n#>]+)", said, flags=re.MULTILINE)
    named = re.sub(r"uses: \w[^@\n]*@\S+", "", said)  # an action of another repository is no path of this one
    paths = re.findall(r"(?<![\w./$-])((?:\.?[\w-]+/)+[\w.-]*\w|[A-Za-z_]+\.(?:md|toml|cff|lock))(?!\w|\.\w)", named)
    real = [path for path in paths if path.split("/")[0] not in MADE and "NAME" not in path]

    assert [word for word in made if word not in targets] == []
    assert [(call, word) for call in calls for word in unknown_words(call)] == []
    assert [path for path in real if not (ROOT / path).exists()] == []
    if text.suffix == ".md":
        assert len(set(made)) >= 6
        assert len(calls) >= 6
        assert len(real) >= 10


def test_all_state_one_version() -> None:
    assert SAME_VERSION["versions"](ROOT) == dict.fromkeys(
        ("pyproject.toml", "CITATION.cff", "src/enforcement_sim/__init__.py"), enforcement_sim.__version__
    )
    assert PROJECT["version"] == enforcement_sim.__version__
    headings = re.findall(r"^## \[(.+?)\]( - \d{4}-\d\d-\d\d)?$", CHANGELOG, flags=re.MULTILINE)
    assert headings[0][0] == "Unreleased" or headings[0][0] == PROJECT["version"]
    assert all(date for name, date in headings if name != "Unreleased")


@pytest.mark.parametrize(
    ("tag", "spoilt", "by", "fault"),
    [
        ("v1.2.3", "", "", None),
        ("v1.2.4", "", "", "pyproject.toml says 1.2.3, the tag 1.2.4"),
        ("1.2.3", "", "", "is no tag of a release"),
        ("v1.2.3", "CITATION.cff", "version: 1.2.2\n", "CITATION.cff says 1.2.2"),
        ("v1.2.3", "CITATION.cff", "cff-version: 1.2.3\n", "CITATION.cff says no version"),
        ("v1.2.3", "src/enforcement_sim/__init__.py", '__version__ = "1.2.2"\n', "__init__.py says 1.2.2"),
        ("v1.2.3", "CHANGELOG.md", "## [Unreleased]\n", "CHANGELOG.md has no heading"),
        ("v1.2.3", "CHANGELOG.md", "## [1.2.3]\n", "CHANGELOG.md has no heading"),
        ("v1.2.3", "CHANGELOG.md", "## [1x2.3] - 2026-01-01\n", "CHANGELOG.md has no heading"),
    ],
)
def test_a_tag_must_fit_every_file(tag: str, spoilt: str, by: str, fault: str | None, tmp_path: Path) -> None:
    whole = {
        "pyproject.toml": '[project]\nversion = "1.2.3"\n',
        "CITATION.cff": "cff-version: 1.2.0\nversion: 1.2.3\n",
        "src/enforcement_sim/__init__.py": '__version__ = "1.2.3"\n',
        "CHANGELOG.md": "## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n",
    }
    for name, content in {**whole, **({spoilt: by} if spoilt else {})}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")

    found = SAME_VERSION["faults"](tag, tmp_path)

    assert (found == []) if fault is None else any(fault in one for one in found)


def test_one_licence_everywhere() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert PROJECT["license"] == CITATION["license"] == "Apache-2.0"
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", text)
    assert "Licence: Apache-2.0." in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_citation_is_one_after_cff() -> None:
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION)
    assert CITATION["cff-version"] == "1.2.0"
    assert all(isinstance(CITATION[key], str) and CITATION[key] for key in ("message", "title", "version"))
    assert CITATION["title"] == PROJECT["name"]
    assert CITATION["type"] in ("software", "dataset")
    names = [
        author.get("name") or f"{author['given-names']} {author['family-names']}" for author in CITATION["authors"]
    ]
    assert names == [author["name"] for author in PROJECT["authors"]]
    known = {"cff-version", "message", "type", "title", "version", "license", "abstract", "authors", "keywords"}
    assert set(CITATION) <= known | {"date-released", "identifiers", "doi", "repository-code", "url", "commit"}


@pytest.mark.skipif(os.name == "nt" or shutil.which("git") is None, reason="asks git, on a system with plain line ends")
def test_published_files_have_the_same_bytes_on_every_system() -> None:
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
    texts = [
        file for file in (ROOT / "results" / "published").rglob("*") if file.suffix in (".md", ".csv", ".json", ".svg")
    ]
    assert [file.name for file in texts if b"\r" in file.read_bytes()] == []
