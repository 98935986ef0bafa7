"""Outputs that the pages show are what the program prints, and their tables follow from what is kept or comes out again."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from enforcement_sim.studies.backtest import RULES, backtest_table, backtests, errors, errors_table, forecast_table
from enforcement_sim.studies.backtest_model import Given

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TUTORIAL = ROOT / "docs" / "tutorial.md"
SHARED = ROOT.parent / "shared"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(\$ )?(\.venv/bin/)?enforcement-sim ")
TRY = re.compile(r"^  try:  ", re.MULTILINE)
LEFT_OUT = "…"  # alone on a line of a page


# Reading pages


@dataclass(frozen=True)
class Step:
    """A command of a page, the output shown below it (none: empty), and the files that were to be saved by then."""

    words: tuple[str, ...]
    output: str
    files: dict[str, str]
    again: bool = False
    """Whether the page has this command run once before, with other files."""

    @property
    def fails(self) -> bool:
        """Whether the page shows a message of what is wrong."""
        return TRY.search(self.output) is not None


def steps(page: Path) -> list[Step]:
    """The commands of a page in their order, with what a reader has saved who did all that stands above them."""
    text, end, files = page.read_text(encoding="utf-8"), 0, dict[str, str]()
    found: list[Step] = []
    for block in FENCE.finditer(text):
        prose, end = text[end : block.start()], block.end()
        kind, body = block.groups()
        if kind == "yaml":
            save(files, prose, body)
        elif COMMAND.match(body):
            found += [step for step in commands(body, dict(files)) if "FILE" not in step.words]
        elif found and not kind and TRY.search(body):
            before = found[-1]
            files.update(corrected(files, before.output, prose, body))
            found.append(Step(before.words, body, dict(files), again="run" in before.words))
    return found


def commands(body: str, files: dict[str, str]) -> Iterator[Step]:
    """The commands of a block; what is no command below one is its output. One goes on while a quote is open."""
    lines = body.splitlines()
    while lines:
        line = lines.pop(0)
        while (words := whole(line)) is None:
            line += "\n" + lines.pop(0)
        output = []
        while lines and not COMMAND.match(lines[0]):
            output.append(lines.pop(0))
        yield Step(tuple(words), "\n".join(output), files)


def whole(line: str) -> list[str] | None:
    """The words behind the name of the program; None if the command goes on in the next line."""
    try:
        return None if line.endswith("\\") else shlex.split(COMMAND.sub("", line, count=1), comments=True)
    except ValueError:
        return None


def save(files: dict[str, str], prose: str, body: str) -> None:
    """A whole file has its name in the prose above it; a line that is set in takes the place of the one with its key."""
    if name := re.search(r"Save this as `([\w.]+)`", prose):
        files[name[1]] = body
    elif files and (key := re.match(r" +\w+:", body)):
        last = list(files)[-1]
        files[last] = re.sub(rf"^{key[0]}.*\n", lambda _: body, files[last], flags=re.MULTILINE)


def corrected(files: dict[str, str], told: str, prose: str, message: str) -> dict[str, str]:
    """The files as the page says that a reader mends or changes them, before the next message comes."""
    found = dict(files)
    for name, text in list(found.items())[-1:]:
        wrong = re.search(r"got:  (\w+)\n +try:  (\w+)", told)
        if wrong and f"With `{wrong[2]}:`" in prose:
            text = text.replace(wrong[1] + ":", wrong[2] + ":")
        if change := re.search(r"(\S+) then, (\S+) now", message):
            text = text.replace(change[1], change[2])
        found[name] = text
    return found


# Holding them against the program


def project(folder: Path) -> Path:
    """A folder that has the scenarios where the pages have them, and results of its own."""
    (folder / "scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    return folder


def called(folder: Path, *words: str, columns: int = 120) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": str(columns), "PYTHONUTF8": "1"}
    line = [sys.executable, "-m", "enforcement_sim", *words]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")


def held_against_the_program(folder: Path, step: Step) -> None:
    for name, text in step.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    shown = step.output.splitlines()
    done = called(folder, *step.words, columns=max([120, *map(len, shown)]))

    assert (done.returncode != 0) == step.fails, done.stderr
    # A message may have progress above it, which is as long as the machine is slow.
    printed, shown = (done.stderr, [LEFT_OUT, *shown]) if step.fails else (done.stdout, shown)
    if step.output:
        assert missing(shown, printed.splitlines()) == [], f"the program prints:\n{printed}"


def missing(shown: list[str], printed: list[str]) -> list[str]:
    """The first stretch of a page's lines that the program does not print where the page has it; none if it does."""
    shown, printed = ([line.rstrip() for line in lines] for lines in (shown, printed))
    stretches: list[list[str]] = [[]]
    for line in shown:
        if line == LEFT_OUT:
            stretches.append([])
        else:
            stretches[-1].append(line)
    at = 0
    for number, stretch in enumerate(stretches):
        last = len(printed) - len(stretch)
        first = at if number < len(stretches) - 1 else max(at, last)
        starts = range(first, (0 if number == 0 else last) + 1)
        here = [start for start in starts if printed[start : start + len(stretch)] == stretch]
        if not here:
            return stretch
        at = here[0] + len(stretch)
    return []


def test_what_a_page_leaves_out() -> None:
    printed = ["a", "b", "c ", "d"]

    for shown in (["a", "b", "c", "d"], ["a", "…", "d"], ["…", "c", "d"], ["a", "b", "…"], ["…", "b", "…", "d"]):
        assert missing(shown, printed) == []
    assert missing(["a", "b"], printed) == ["a", "b"]  # the end is not said to be left out
    assert missing(["b", "c", "d"], printed) == ["b", "c", "d"]
    assert missing(["a", "…", "c", "b", "…"], printed) == ["c", "b"]
    assert missing(["…", "c", "…", "b", "…"], printed) == ["b"]  # the order counts
    assert missing(["a", "…", "b", "d"], printed) == ["b", "d"]


SHOWN = [(page, number, step) for page in PAGES for number, step in enumerate(steps(page)) if step.output]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(
            step,
            id=f"{page.stem}-{number}-{step.words[0]}",
            marks=[] if step.words[0] == "check" else [pytest.mark.long],  # the others run a city
        )
        for page, number, step in SHOWN
        if not step.again
    ],
)
def test_printed_outputs(step: Step, tmp_path: Path) -> None:
    held_against_the_program(project(tmp_path), step)


def test_no_output_is_passed_over() -> None:
    found = [(page.stem, step.words[0], step.again) for page, _, step in SHOWN]

    assert found == [
        ("cases_and_cohorts", "cases", False),
        ("cases_and_cohorts", "cohorts", False),
        *[("tutorial", "check", False)] * 3,
        ("tutorial", "run", True),
    ]
    # Every block with a prompt or a message is among them; the page leaves out what the query prints.
    blocks = [body for page in PAGES for _, body in FENCE.findall(page.read_text(encoding="utf-8"))]
    told = [body for body in blocks if body.startswith("$ ") or TRY.search(body)]
    assert len(told) == len(found) + sum(" query " in body for body in told)


@pytest.mark.long
def test_the_tutorial_from_first_to_last(tmp_path: Path) -> None:
    """Every command after those that came before it, so that one refuses what an earlier one left."""
    whole_page, folder = steps(TUTORIAL), project(tmp_path)

    assert [step.words[0] for step in whole_page] == ["check"] * 3 + ["run"] * 2 + ["sweep", "query", "export"]
    for step in whole_page:
        held_against_the_program(folder, step)
    assert (folder / "out" / "my_city" / "report" / "index.html").is_file()
    assert len(pd.read_csv(folder / "out" / "sweep" / "sweep.csv")["point"].unique()) == 24


# Back-tests and systems


@pytest.fixture(scope="module")
def kept() -> pd.DataFrame:
    """The errors of the back-tests that the validation book keeps."""
    return pd.read_csv(ROOT / "results" / "validation" / "backtests.csv")


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs" / "backtests.md").read_text(encoding="utf-8")


def test_the_tables_of_back_tests(kept: pd.DataFrame, page: str) -> None:
    assert f"\n\n{errors_table(kept)}\n" in page


@pytest.mark.long
def test_the_tables_of_back_tests_come_out_again(kept: pd.DataFrame, page: str) -> None:
    for name in ("validation/series", "logs/uk_asylum"):
        if not (SHARED / name).exists():
            pytest.skip(f"{name} is not beside the project")
    frame = backtests(SHARED)

    pd.testing.assert_frame_equal(errors(frame), kept, check_dtype=False)
    assert f"\n\n{backtest_table(frame)}\n" in page
    assert f"\n\n{forecast_table(frame)}\n" in page


def test_what_is_said_of_the_back_tests(kept: pd.DataFrame, page: str) -> None:
    said = " ".join(page.split("## What it says")[1].split())
    best = kept[list(RULES)].idxmin(axis="columns")
    series, split, given = kept["series"], kept["split"], kept["given"]
    rules = kept[["stay", "drift"]].min(axis="columns")
    wins = best == "predicted"

    # Wins
    assert f"The model has the least error in {wins.sum()} of {len(kept)} lines" in said
    assert not (wins & (given == Given.NOTHING)).any(), "told nothing it is best nowhere"
    hearings = series.str.contains("hearings")
    assert (wins | ~hearings | (given == Given.NOTHING)).all()
    parts = (rules / kept["predicted"])[hearings]
    assert "with half the error of the better rule and, told the judges too, a sixth" in said
    assert parts[given == Given.RECEIVED].round().tolist() == [2, 2]
    assert parts[given == Given.OFFICERS].round().tolist() == [6, 6]
    assert kept[hearings].groupby("split")["forecasts"].unique().map(list).to_dict() == {"middle": [2], "rolling": [3]}

    def against(split_at: str, told: Given) -> str:
        row = kept[(series == "UK asylum decisions") & (split == split_at) & (given == told)].iloc[0]
        better = min(row["stay_share"], row["drift_share"])
        return f"{100 * row['predicted_share']:.0f} % against {100 * better:.0f} %"

    assert f"UK asylum: {against('middle', Given.RECEIVED)} from the middle on," in said
    assert f", {against('rolling', Given.RECEIVED)} rolling and" in said
    assert f"told the caseworkers too, {against('rolling', Given.OFFICERS)}. " in said
    closures = (series == "UK asylum decisions") & (split == "middle") & (given == Given.CLOSURES)
    assert closures.sum() == 1
    assert not wins[closures].any(), "with the published closures the gain from the middle on is gone"

    # Losses
    assert (best[series == "US immigration courts"] == "drift").all(), "it loses to *goes on* in every line"
    china = kept[series == "Courts of China"]
    assert (china["predicted"] > china[["stay", "drift"]].max(axis="columns")).all(), "it loses to both rules"

    # Intervals
    assert f"{kept['within'].sum()} of {kept['forecasts'].sum()} observed numbers lie within" in said


@pytest.mark.long
def test_the_page_of_systems(tmp_path: Path) -> None:
    written = project(tmp_path) / "systems.md"
    done = called(tmp_path, "effects", "--replications", "4", "--write", written.name)

    assert done.returncode == 0, done.stderr
    shown = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8").splitlines()
    assert written.read_text(encoding="utf-8").splitlines() == shown
