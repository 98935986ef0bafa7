"""Twelve changes planted around real published results: `reproduce` names the first case and stage, or the file and line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
LAW, TIANJIN, CODE = "scenarios/law/china/", "scenarios/tianjin/", "src/enforcement_sim/"
WHERE = (
    r"replication 0 first differs at row [\d,]+( or one of the 127 after it)?: case \d+, (stage '\w+'|at the door), \w+"
)

PLANTED = {
    "row of the law": (
        "leniency", LAW + "penalty_law.yaml", r"(  APL-13:\n(?:.*\n)*?    value: )7", r"\g<1>8", "APL-13.value: 7 then, 8 now",
    ),
    "staffing number": (
        "leniency", TIANJIN + "base.yaml", r"officers: \{value: 10,", "officers: {value: 11,", "officers.value: 10 then, 11 now",
    ),
    "distribution": (
        "leniency", "scenarios/procedures/penalty.yaml", r"family: lognormal, median: 0.75 h, p90: 1.5 h",
        "family: exponential, mean: 0.75 h", "duration.family: lognormal then, exponential now",
    ),
    "seed": ("leniency", TIANJIN + "base.yaml", "seed: 20240101", "seed: 20240102", "seed: 20240101 then, 20240102 now"),
    "office hours": ("leniency", TIANJIN + "base.yaml", '"13:00-18:00"', '"13:00-17:30"', "calendars.office.hours.1"),
    "step of a lever in 2024": (
        "leniency", "scenarios/levers/leniency.yaml", r"value: 0\.15", "value: 0.16", "correction.value: 0.15 then, 0.16 now",
    ),
    "date of a reform": (
        "shifts", TIANJIN + "shift_without_staff.yaml", "2024-01-01", "2024-01-02", "reform.on: 2024-01-01 then, 2024-01-02 now",
    ),
    "tie rule": ("leniency", CODE + "engines/compiled/places.py", r"C_SINCE\] < C\[b", "C_SINCE] > C[b", ""),
    "rounding of a length": ("leniency", CODE + "decisions/durations.py", r"length \+ 0\.5", "length + 0.49", ""),
    "figure's table": ("leniency", "results/published/leniency/shown.csv", r"\d$", "x", None),
    "figure": ("leniency", "results/published/leniency/figure.svg", "#0072B2", "#0072B3", None),
    "number of a claim": ("inspection_caps", "results/published/inspection_caps/manifest.json", r'"value": 6729.9', '"value": 6729.8', None),
}  # fmt: skip
"""Result, file, pattern, what is put in its place, and what of the scenario is named; None where no log moves."""


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_around_a_published_result_is_named(what: str, tmp_path: Path) -> None:
    name, file, pattern, instead, named = PLANTED[what]
    for folder in ("src", "scenarios", f"results/published/{name}"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    place = tmp_path / file
    before = place.read_text(encoding="utf-8")
    after = re.sub(pattern, instead, before, count=1)
    assert after != before
    place.write_text(after, encoding="utf-8")

    words = [sys.executable, "-m", "enforcement_sim", "reproduce", name]
    if named is not None:
        words.append("--smoke")  # the first log of each point is enough
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert f"{name}: NOT reproduced" in said
    assert "Traceback" not in done.stderr
    if named is not None:
        assert named in said
        assert re.search(WHERE, said), said
    elif what == "number of a claim":
        assert re.search(r"claim \w+: .* then, .* now", said), said
    else:
        assert f"{place.name} is not the file that was published" in said
        assert re.search(rf"{re.escape(place.name)}, line \d+: .* then, .* now", said), said
