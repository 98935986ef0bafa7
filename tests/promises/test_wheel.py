"""What a user gets who installs the program without the project: it is whole, it runs, and it says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "enforcement_sim"
MM1 = ROOT / "scenarios" / "theory" / "mm1.yaml"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}


def called(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    line = [str(word) for word in words]
    return subprocess.run(line, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=False)


def built(source: Path, into: Path, *kinds: str) -> None:
    done = called(sys.executable, "-m", "hatchling", "build", "-d", into, *kinds, cwd=source)
    assert done.returncode == 0, done.stderr


def files(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one sdist and one wheel: those that are about to be published, or built here."""
    if given := os.environ.get("ENFORCEMENT_SIM_DIST"):
        return Path(given).resolve()
    into = tmp_path_factory.mktemp("dist")
    built(ROOT, into)
    return into


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (one,) = dist.glob("*.whl")
    return one


@pytest.fixture(scope="module")
def sdist(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the sdist unpacks to."""
    (one,) = dist.glob("*.tar.gz")
    into = tmp_path_factory.mktemp("sdist")
    with tarfile.open(one) as archive:
        archive.extractall(into, filter="data")
    (folder,) = into.iterdir()
    return folder


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of a fresh environment lie that has the locked libraries and the wheel, and no checkout."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=True)
    where = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (where / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    for what in (("--require-hashes", "--requirement", ROOT / "requirements.lock"), ("--no-deps", wheel)):
        done = called(*pip, *what, cwd=home)
        assert done.returncode == 0, done.stderr
    return where


@pytest.fixture(scope="module")
def results(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder, empty before, with results that the installed program has written."""
    place = tmp_path_factory.mktemp("run")
    done = called(programs / "enforcement-sim", "run", MM1, "--replications", 2, "--out", "out", cwd=place)
    assert done.returncode == 0, done.stderr
    assert (place / "out" / "report" / "index.html").stat().st_size > 100_000
    return place


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    source = {
        file.relative_to(PACKAGE.parent).as_posix(): file.read_bytes()
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    shipped = (file for file in (ROOT / "scenarios").rglob("*") if file.is_file())
    source |= {f"enforcement_sim/{file.relative_to(ROOT).as_posix()}": file.read_bytes() for file in shipped}
    held = {name: content for name, content in files(wheel).items() if ".dist-info/" not in name}

    assert sorted(held) == sorted(source)
    assert held == source
    assert sum(not name.endswith(".py") for name in held) >= 5  # the marker of types, and what pages are made of


def test_the_wheel_tells_licence_python_and_command(wheel: Path) -> None:
    about = {name.partition("/")[2]: content for name, content in files(wheel).items() if ".dist-info/" in name}
    told = BytesParser().parsebytes(about["METADATA"])

    assert about["licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert (told["License-Expression"], told["Requires-Python"]) == ("Apache-2.0", ">=3.11")
    assert about["entry_points.txt"].decode().split("\n", 1)[1].strip() == "enforcement-sim = enforcement_sim.cli:main"
    assert told.get_payload().lstrip().startswith("# enforcement-sim")


def test_the_sdist_holds_what_a_reviewer_needs_and_no_leftovers(sdist: Path) -> None:
    needed = (
        "LICENSE",
        "CITATION.cff",
        "CHANGELOG.md",
        "Makefile",
        "requirements.lock",
        "docs",
        "results",
        "scenarios",
        "tests",
    )
    assert [name for name in needed if not (sdist / name).exists()] == []
    assert [name for name in (".git", ".venv", "out") if (sdist / name).exists()] == []
    assert list(sdist.rglob("__pycache__")) == []


def test_the_sdist_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    built(sdist, tmp_path, "-t", "wheel")
    (again,) = tmp_path.glob("*.whl")

    assert sorted(files(again)) == sorted(files(wheel))
    assert files(again) == files(wheel)


def test_the_installed_program_is_not_the_checkout(programs: Path, tmp_path: Path) -> None:
    told = called(programs / "python", "-c", "import enforcement_sim; print(enforcement_sim.__file__)", cwd=tmp_path)

    assert Path(told.stdout.strip()).is_relative_to(programs.parent)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["schema"],
        ["schema", "--of", "sweep", "--format", "markdown"],
        ["check", MM1],
        ["warm"],
        ["validate", ROOT / "scenarios/validation", "--case", "J01"],
        ["reproduce", "inspection_caps", "--smoke", "--results", ROOT / "results/published"],
    ],
    ids=lambda words: str(words[0]),
)
def test_it_runs_from_an_empty_folder(words: list[object], programs: Path, tmp_path: Path) -> None:
    done = called(programs / "enforcement-sim", *words, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("words", [["status", "out"], ["report", "out"], ["query", "out"], ["export", "out"]])
def test_it_reads_what_it_has_written(words: list[str], programs: Path, results: Path) -> None:
    done = called(programs / "enforcement-sim", *words, cwd=results)

    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["reproduce", "--all"],
        ["describe", MM1, "--texts", "docs/stress/tianjin.yaml"],
    ],
    ids=lambda words: str(words[0]),
)
def test_it_says_what_only_a_clone_has(words: list[object], programs: Path, tmp_path: Path) -> None:
    done = called(programs / "enforcement-sim", *words, cwd=tmp_path)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "comes with a clone of the project's repository, not with the installed program" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_its_scenarios_can_be_copied_run_and_changed(programs: Path, tmp_path: Path) -> None:
    lacking = called(programs / "enforcement-sim", "run", "scenarios/theory/mm1.yaml", cwd=tmp_path)
    assert lacking.returncode == 2
    assert "enforcement-sim start . copies" in lacking.stderr

    for words in (
        ["start", "."],
        ["run", "scenarios/theory/mm1.yaml", "--replications", "2"],
        ["check", "scenarios/tianjin/shift_with_staff_and_training.yaml"],
        ["validate", "--case", "J01"],
    ):
        done = called(programs / "enforcement-sim", *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
