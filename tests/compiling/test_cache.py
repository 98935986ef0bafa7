"""Compiled code is kept, is never that of other sources, and is made anew where it cannot be read."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from enforcement_sim.compiling import cache

ROOT = cache.ROOT
REPOSITORY = Path(__file__).parents[2]
MM1 = REPOSITORY / "scenarios" / "theory" / "mm1.yaml"
QUICK = """from dataclasses import replace
from enforcement_sim.engines.compiled import engine
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
import sys
print(engine.run(replace(build(load(sys.argv[1])), horizon=500_000), 0).digest)
"""


def python(script: str, *given: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run([sys.executable, "-c", script, *given], env=environment, capture_output=True, text=True)


def told(script: str, *given: str, **variables: str) -> str:
    done = python(script, *given, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def is_compiled(file: Path) -> bool:
    return any("@njit" in line or "@door" in line or " njit(" in line for line in file.read_text("utf-8").splitlines())


def imported(file: Path) -> set[Path]:
    """The package's own modules that a file imports by name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1]
            place = folder.joinpath(*(node.module or "").split(".")) if node.module else folder
            names = [place / alias.name for alias in node.names] + [place]
            found |= {name.with_suffix(".py") for name in names if name.with_suffix(".py").is_file()}
    return found


def test_the_digest_covers_every_source_that_compiled_code_can_hold() -> None:
    kernels = [file for file in ROOT.rglob("*.py") if is_compiled(file)]
    assert len(kernels) >= 15

    missing = {file.relative_to(ROOT).as_posix() for kernel in kernels for file in imported(kernel)}
    missing -= {file.relative_to(ROOT).as_posix() for file in cache.sources()}
    assert not missing


@pytest.mark.parametrize("source", ["decisions/ways.py", "records.py", "engines/compiled/layout.py"])
def test_an_edit_in_any_of_them_asks_for_another_folder(source: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "enforcement_sim", ignore=shutil.ignore_patterns("__pycache__"))
    script = "from enforcement_sim.compiling.cache import ROOT, digest; print(ROOT, digest())"
    before = told(script, PYTHONPATH=str(tmp_path))
    assert before == f"{tmp_path / 'enforcement_sim'} {cache.digest()}"

    with (tmp_path / "enforcement_sim" / source).open("a", encoding="utf-8") as file:
        file.write("\n# another version\n")
    assert told(script, PYTHONPATH=str(tmp_path)) != before


def test_another_place_for_the_folder_can_be_named_and_one_that_cannot_be_written_is_done_without(
    tmp_path: Path,
) -> None:
    script = "from enforcement_sim.compiling import cache; print(cache.folder())"
    assert told(script, ENFORCEMENT_SIM_CACHE=str(tmp_path)) == str(tmp_path / f"compiled-{cache.digest()}")
    (tmp_path / "file").touch()
    assert told(script, ENFORCEMENT_SIM_CACHE=str(tmp_path / "file")) == "None"


def test_spoilt_files_are_made_anew(tmp_path: Path) -> None:
    place = cache.folder()
    assert place is not None
    mine = tmp_path / place.name
    shutil.copytree(place, mine)
    whole = told(QUICK, str(MM1), ENFORCEMENT_SIM_CACHE=str(tmp_path))
    spoilt = next(mine.rglob("arrange.arrange*.nbc"))
    size = spoilt.stat().st_size
    spoilt.write_bytes(spoilt.read_bytes()[: size // 2])

    assert told(QUICK, str(MM1), ENFORCEMENT_SIM_CACHE=str(tmp_path)) == whole
    assert spoilt.stat().st_size > 0.9 * size


def test_the_same_sources_elsewhere_find_what_is_compiled(tmp_path: Path) -> None:
    place = cache.folder()
    assert place is not None
    told(QUICK, str(MM1))
    before = {file: file.stat().st_mtime_ns for file in place.rglob("*.nbc")}
    shutil.copytree(ROOT, tmp_path / "enforcement_sim", ignore=shutil.ignore_patterns("__pycache__"))

    told(QUICK, str(MM1), PYTHONPATH=str(tmp_path))
    assert {file: file.stat().st_mtime_ns for file in place.rglob("*.nbc")} == before


def test_only_the_folders_of_the_last_sources_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    cache.folder.cache_clear()
    try:
        for age, name in enumerate(("compiled-a", "compiled-b", "compiled-c", "compiled-d")):
            (tmp_path / name).mkdir()
            os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
        assert not cache.is_ready()
        cache.note_ready()
        assert cache.is_ready()
        left = {path.name for path in tmp_path.iterdir()}
        assert left == {f"compiled-{cache.digest()}", "compiled-a", "compiled-b"}
    finally:
        cache.folder.cache_clear()


@pytest.mark.long
def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "ENFORCEMENT_SIM_CACHE": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "-c", QUICK, str(MM1)], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    digests = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert digests[0] == digests[1] != ""
    assert told(QUICK, str(MM1), ENFORCEMENT_SIM_CACHE=str(tmp_path)) + "\n" == digests[0]


@pytest.mark.parametrize("words", [["--help"], ["check", str(MM1)], ["schema"]])
def test_words_that_run_nothing_open_no_heavy_rooms(words: list[str]) -> None:
    script = """import sys
sys.argv[0] = "enforcement-sim"
from enforcement_sim.cli import main
try:
    main()
except SystemExit:
    pass
print(sorted({"numba", "pandas", "plotly", "simpy", "scipy"} & set(sys.modules)), file=sys.stderr)
"""
    assert python(script, *words).stderr.splitlines()[-1] == "[]"
