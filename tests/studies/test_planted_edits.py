"""Whatever is edited in a program or a study in mid-run: results of before are never taken for results of after."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet

from enforcement_sim.studies import provenance

TOWN = Path(__file__).parents[1] / "data" / "town"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
NOTES = (
    "times.jsonl",
    ".lock",
    "report",
    "study.json",
    "sweep.json",
    "sweep.csv",
    "sweep.parquet",
    "sweep.yaml",
    "questions.parquet",
)
"""Beside the results: how long they took, who writes, and what is made anew from them at the end."""
RESUME = ("run", "change.yaml", "--replications", "2", "--out", "out")
SWEEP = ("sweep", "sweep.yaml", "--replications", "2", "--out", "swept")


class Study(NamedTuple):
    """A copy of the program, and in a folder of its own a study that is half done."""

    program: Path
    town: Path

    def command(self, *words: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
        paths = [str(path) for path in (first, self.program) if path is not None]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.town, env=env, check=False)

    def resume(self, *words: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self.command("-m", "enforcement_sim", *words, "--workers", "1", "--quiet", first=first)

    def finished(self) -> dict[str, str]:
        """Every shard, record and manifest with its checksum."""
        return {
            file.relative_to(self.town).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for out in ("out", "swept")
            for file in sorted((self.town / out).rglob("*"))
            if file.is_file() and not {file.name, file.parent.name} & set(NOTES)
        }

    def edit(self, file: str, before: str, after: str) -> None:
        """Put some text in place of another that stands in a file, of the program or of the study."""
        path = next(root / file for root in (self.program / "enforcement_sim", self.town) if (root / file).exists())
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{file} has changed: plant another edit there"
        path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def half_done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("half_done")
    study = Study(root / "program", root / "town")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(provenance.ROOT, study.program / "enforcement_sim", ignore=ignored)
    shutil.copytree(TOWN, study.town)
    where = study.command("-c", "import enforcement_sim; print(enforcement_sim.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(study.program)
    for words in (RESUME, SWEEP):
        told = study.resume(*(word if word != "2" else "1" for word in words))
        assert told.returncode == 0, told.stderr
    assert len([name for name in study.finished() if name.endswith(".parquet")]) == 4
    return root


@pytest.fixture
def study(half_done: Path, tmp_path: Path) -> Study:
    shutil.copytree(half_done, tmp_path / "copy")
    return Study(tmp_path / "copy" / "program", tmp_path / "copy" / "town")


def refused(study: Study, named: str, *words: str, first: Path | None = None) -> None:
    """The half-done study does not go on, for a reason that is named, and what it has is as it was."""
    before = study.finished()
    told = study.resume(*words, first=first)
    assert told.returncode != 0
    assert "Traceback" not in told.stderr
    assert "results of something else" in told.stderr, told.stderr
    assert named in told.stderr
    assert "--apart" in told.stderr
    assert before.items() <= study.finished().items()


PROGRAM = {
    "engine constant": ("engines/effort.py", "_MOST_TRIES = 100", "_MOST_TRIES = 1"),
    "engine tie rule": ("engines/office.py", "number = min(self._stirred)", "number = max(self._stirred)"),
    "compiled engine constant": ("engines/compiled/hours.py", "NEAR = 8", "NEAR = 9"),
    "compiled chance": ("compiling/draws.py", "+ 0.5)", "+ 0.25)"),
    "decision rule": ("decisions/order.py", "by_rule, entered, case", "by_rule, entered, -case"),
    "plan building": ("plan/intake.py", 'question("door:day")', 'question("door:hour")'),
    "calendar": ("calendars/china.py", "chinese_calendar.is_workday(day)", "day.weekday() < 5"),
    "measure": ("measures/backlog.py", "WEEK = 7", "WEEK = 6"),
    "journal": ("journal/log.py", 'astype(width)', 'astype("<i8")'),
    "records": ("records.py", "HOUR = 3_600", "HOUR = 3_500"),
    "chance": ("decisions/dice.py", "_ROUNDS = 10", "_ROUNDS = 9"),
    "distributions": ("decisions/durations.py", "\ndef ", "\n_SPREAD = 2.0\n\n\ndef "),
    "what a replication is": ("studies/processes.py", "return Done(replication, ", "return Done(replication + 0, "),
    "seed of a job": ("studies/jobs.py", "build(job.scenario, job.seed)", "build(job.scenario, job.seed + 1)"),
}  # fmt: skip


def of_each_kind(planted: Iterable[str], *first: str) -> list[ParameterSet]:
    """All that is planted; what is not among the first takes its turn in the long suite."""
    return [pytest.param(what, marks=() if what in first else pytest.mark.long) for what in planted]


@pytest.mark.parametrize(
    "what", of_each_kind(PROGRAM, "engine tie rule", "compiled chance", "calendar", "measure", "seed of a job")
)
def test_an_edit_of_the_program_is_refused(study: Study, what: str) -> None:
    file, before, after = PROGRAM[what]
    study.edit(file, before, after)
    refused(study, f"{file} has changed", *RESUME)


def test_an_edit_of_the_program_is_refused_by_a_sweep(study: Study) -> None:
    study.edit("engines/office.py", "min(self._stirred)", "max(self._stirred)")
    refused(study, "engines/office.py has changed", *SWEEP)


TEXT = {
    "row of the law": ("law/statute.yaml", "value: 90", "value: 60", "law.statutes.statute.rows.DEC-01.value: 90"),
    "number": ("base.yaml", "count: 300", "count: 301", "origins.city.counts.0.count.value: 300 then, 301 now"),
    "parameter": ("base.yaml", "p90: 30 h", "p90: 31 h", "investigation.duration.p90: 30 h then, 31 h now"),
    "last digit": ("base.yaml", "12.345678 h", "12.345679 h", "median: 12.345678 h then, 12.345679 h now"),
    "family": ("base.yaml", "duration: 2 h", "duration: {family: exponential, mean: 2 h}", "decision.duration.family"),
    "staff": ("base.yaml", "officers: 3", "officers: 4", "teams.city_urban.officers.value: 3 then, 4 now"),
    "seed": ("base.yaml", "seed: 5", "seed: 6", "seed: 5 then, 6 now"),
    "file that is extended": ("office.yaml", "13:00-18:00", "13:00-17:30", "calendars.office.hours.1"),
    "order of ways": ("base.yaml", "{decision: 0.7, closed: 0.3}", "{closed: 0.3, decision: 0.7}", "shares: in another order"),
    "order of places": ("base.yaml", "  city: {level: city}\n  east: {parent: city}", "  east: {parent: city}\n  city: {level: city}", "jurisdictions: in another order"),
    "engine": ("base.yaml", "engine: reference", "engine: fast", "engine: reference then, fast now"),
    "only what is compared": ("change.yaml", "staff: 0.3", "staff: 0.4", "reform.staff.value: 0.3 then, 0.4 now"),
    "what it is compared to": ("change.yaml", "compare_to: base.yaml", "compare_to: ./base.yaml", "compare_to: base.yaml then"),
}  # fmt: skip


FIRST = (
    "row of the law",
    "last digit",
    "seed",
    "file that is extended",
    "order of ways",
    "engine",
    "only what is compared",
)


@pytest.mark.parametrize("what", of_each_kind(TEXT, *FIRST))
def test_an_edit_of_the_scenario_is_refused(study: Study, what: str) -> None:
    file, before, after, named = TEXT[what]
    study.edit(file, before, after)
    refused(study, named, *RESUME)


def test_an_edit_of_the_file_that_is_compared_to_is_refused(study: Study) -> None:
    study.edit("change.yaml", "extends: base.yaml", "extends: own.yaml")
    shutil.copyfile(study.town / "base.yaml", study.town / "own.yaml")
    study.edit("base.yaml", "officers: 2", "officers: 1")
    refused(study, "out/base holds results of something else: teams.east_urban.officers.value: 2 then", *RESUME)


@pytest.mark.parametrize("before", ["[0, 0.5]", "[0"])
def test_another_level_of_a_sweep_is_refused(study: Study, before: str) -> None:
    study.edit("sweep.yaml", before, before.replace("0.5", "0.4") if "0.5" in before else "[0.25, 0")
    refused(study, "reform.staff.value: 0", *SWEEP)


@pytest.mark.parametrize(("words", "named"), [
    (("--seed", "9"), "seed: 5 then, 9 now"), (("--engine", "fast"), "engine: reference then, fast now"),
])  # fmt: skip
def test_another_option_is_refused(study: Study, words: tuple[str, str], named: str) -> None:
    refused(study, named, *RESUME, *words)


@pytest.mark.parametrize("library", of_each_kind(["numpy", "simpy", "chinesecalendar"], "numpy"))
def test_another_library_is_refused(study: Study, library: str, tmp_path: Path) -> None:
    facts = tmp_path / "other" / f"{library}-0.0.1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {library}\nVersion: 0.0.1\n")
    refused(study, "0.0.1 now", *RESUME, first=tmp_path / "other")


def test_another_python_is_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provenance.code()["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    provenance.code.cache_clear()
    monkeypatch.setattr(provenance.sys, "version_info", (3, 99, 0))
    try:
        assert provenance.code()["python"] == "3.99"
    finally:
        provenance.code.cache_clear()


def test_what_is_read_differently_is_another_scenario(study: Study) -> None:
    """The reader of files stands aside: what it does to a scenario is seen in the scenario."""
    study.edit(
        "files/law_files.py",
        "statutes[path.stem] = one.data",
        "statutes[path.stem] = {**one.data, 'starts_on': '2019-01-01'}",
    )
    refused(study, "law.statutes.statute.starts_on", *RESUME)


def test_compiled_code_of_before_is_not_taken_either(study: Study) -> None:
    program = (
        "from enforcement_sim.compiling import cache; from enforcement_sim.studies import provenance\n"
        "print(cache.digest(), provenance.code()['engines/compiled/hours.py'])"
    )
    then = study.command("-c", program).stdout.split()
    study.edit("engines/compiled/hours.py", "NEAR = 8", "NEAR = 9")
    now = study.command("-c", program).stdout.split()
    assert len(then) == len(now) == 2
    assert then[0] != now[0]
    assert then[1] != now[1]


def test_a_program_edited_while_it_begins_keeps_nothing(study: Study) -> None:
    """It has old modules in memory and would take the new ones for what it ran."""
    program = (
        "import pathlib, sys; from enforcement_sim.cli import main, running\n"
        f"file = pathlib.Path({str(study.program / 'enforcement_sim/engines/office.py')!r})\n"
        "file.write_text(file.read_text().replace('min(self._stirred)', 'max(self._stirred)'))\n"
        f"sys.argv = ['enforcement-sim', *{(*RESUME[:4], '--out', 'other')!r}]\nmain()"
    )
    before = study.finished()
    told = study.command("-c", program)
    assert told.returncode == 2
    assert "the program was edited while this command began: engines/office.py has changed" in told.stderr
    assert "Traceback" not in told.stderr
    assert study.finished() == before
    assert not list((study.town / "other").rglob("*.json"))


UNUSED = "value: 9,"
"""Of a row that stands beside the cited one."""
ALLOWED: dict[str, Callable[[Study], None]] = {
    "comment in the command line": lambda study: study.edit("cli/app.py", "\nfrom", "\n# A comment.\nfrom"),
    "comment in a view": lambda study: study.edit("views/page.py", "\nfrom", "\n# A comment.\nfrom"),
    "comment in a study": lambda study: study.edit("studies/points.py", "\nfrom", "\n# A comment.\nfrom"),
    "comment in the reader": lambda study: study.edit("files/read.py", "\nfrom", "\n# A comment.\nfrom"),
    "comment in the statistics": lambda study: study.edit("statistics/means.py", "\nfrom", "\n# A comment.\nfrom"),
    "comment in the scenario": lambda study: study.edit("base.yaml", "seed: 5", "seed: 5  # as before"),
    "the same length in another unit of the same name": lambda study: study.edit("base.yaml", "2 h", "2 hours"),
    "a readme": lambda study: (study.town / "README.md").write_text("Town") and None,
    "the title of the scenario": lambda study: study.edit("base.yaml", "en: Town", "en: City"),
    "what a number rests on": lambda study: study.edit("base.yaml", "a guess for", "a better guess for"),
    "how far a guess may be off": lambda study: study.edit("base.yaml", "[20, 40]", "[10, 50]"),
    "a statute's comment": lambda study: study.edit("law/statute.yaml", "rows:", "# Rows.\nrows:"),
    "a row of the law that nothing cites": lambda study: study.edit(
        "law/statute.yaml", UNUSED, UNUSED.replace("9", "8")
    ),
    "more replications in the scenario": lambda study: study.edit("base.yaml", "seed: 5", "seed: 5\nreplications: 40"),
    "another title of the sweep": lambda study: study.edit("sweep.yaml", "en: Sweep", "en: Another"),
    "a level more at the end": lambda study: study.edit("sweep.yaml", "0.5]", "0.5, 0.6]"),
}


def test_what_cannot_move_a_result_is_not_refused(study: Study) -> None:
    for edit in ALLOWED.values():
        edit(study)
    goes_on(study)


@pytest.mark.long
@pytest.mark.parametrize("what", ALLOWED)
def test_each_by_itself_is_not_refused(study: Study, what: str) -> None:
    ALLOWED[what](study)
    goes_on(study)


def goes_on(study: Study) -> None:
    """The half-done study goes on, from all that it has."""
    before = study.finished()
    for words in (RESUME, SWEEP):
        told = study.resume(*words)
        assert told.returncode == 0, told.stderr
    after = study.finished()
    results = {name: digest for name, digest in before.items() if not name.endswith("manifest.json")}
    assert results.items() <= after.items()
    assert len(after) >= 2 * len(results)
