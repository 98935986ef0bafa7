"""One line that breaks the order within an instant, in either engine, and scenarios of chance find it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from both_engines import sign, told
from scenarios_of_chance import by_seed, scenario

import enforcement_sim
from enforcement_sim.engines import reference
from enforcement_sim.plan.build import build

SCENARIOS, FEW = 60, 12
"""How many a fault has to hide from, and in how many a sound engine is looked at in the quick tests."""
BELONGS = Path(enforcement_sim.__file__).parent

ENGINES = {
    "reference": {
        "births as they come": (
            "engines/case.py", "sorted(self.expected, key=lambda birth: birth[0].number)", "list(self.expected)",
        ),
        "clocks among all that ends": ("engines/office.py", 'BELL = cast("EventPriority", 5)', 'BELL = cast("EventPriority", 1)'),
        "the last team first": ("engines/office.py", "number = min(self._stirred)", "number = max(self._stirred)"),
        "the higher number first": ("decisions/order.py", "by_rule, entered, case", "by_rule, entered, -case"),
        "who came first does not count": ("decisions/order.py", "by_rule, entered, case", "by_rule, 0, case"),
        "a team that has gone is counted": (
            "engines/desk.py", "if not self.new_team or hand.shift == self.shift:", "if hand.officers:",
        ),
        "the first is turned away": (
            "engines/desk.py", "reversed(self.line.copy() if waiting else [])", "(self.line.copy() if waiting else [])",
        ),
        "patience ends after teams have chosen": (
            "engines/office.py", "self.after(seconds, lambda _: waiter.end(GAVE_UP))",
            "self.at(seconds, AFTERWARDS, lambda _: waiter.end(GAVE_UP))",
        ),
        "the best of the worse is broken off": ("engines/desk.py", "self._break_off(worse.pop(), now)", "self._break_off(worse.pop(0), now)"),
    },
    "compiled": {
        "who came first does not count": (
            "places.py", "if C[a + L.C_SINCE] != C[b + L.C_SINCE]:", "if C[a + L.C_SINCE] < 0:",
        ),
        "the last team first": (
            "teams.py", "heap_push(S, S[L.S_STIRRED], n, team, team, 0)", "heap_push(S, S[L.S_STIRRED], n, -team, team, 0)",
        ),
        "clocks among all that ends": ("legal.py", "push(w, rings, L.RINGS, L.BELL", "push(w, rings, L.NORMAL, L.BELL"),
        "gates after teams": ("loop.py", "elif S[L.MEETINGS]:", "elif S[L.MEETINGS] and not S[L.STIRRED_N]:"),
        "the first is turned away": ("lines.py", "case = S[line + L.L_LAST]", "case = S[line + L.L_FIRST]"),
        "births as they come": (
            "life.py", "C[case + L.C_NUMBER] * L.MOST_EXPECTED + S[L.EXPECTED_EVER]", "S[L.EXPECTED_EVER]",
        ),
        "patience of no time lasts a second": (
            "life.py", "seconds = max(0, whole_seconds(patience, 0) - stood)", "seconds = max(1, whole_seconds(patience, 0) - stood)",
        ),
        "the first is broken off": ("service.py", "goes_before(w, found, case)", "goes_before(w, case, found)"),
        "a new rule for those who come": (
            "loop.py", "reorder(w, case, gen)", "S[team_state(w, case) + L.TS_RULE] = gen",
        ),
        "the last of the least loaded": ("crew.py", "if files < fewest and", "if files <= fewest and"),
        "officers are kept by whom is served": ("lines.py", "    let_held_go(w, case)\n    soon(", "    soon("),
    },
}  # fmt: skip
"""By engine and name: a file, a text that stands in it once, and what takes its place."""
QUICK = {("reference", "the higher number first"), ("compiled", "the last team first")}
PLANTED = [
    pytest.param(engine, name, marks=[] if (engine, name) in QUICK else pytest.mark.long)
    for engine, faults in ENGINES.items()
    for name in faults
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as it is, and a file of scenarios with what is said of them."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(BELONGS, folder / "enforcement_sim", ignore=shutil.ignore_patterns("__pycache__"))
    found = (by_seed(seed) for seed in range(2 * SCENARIOS))
    sound = [drawn.data for drawn in found if drawn is not None][:SCENARIOS]
    assert len(sound) == SCENARIOS
    said = [[data, sign(told(reference.run, build(scenario(data))))] for data in sound]
    for name, rows in (("all", said), ("few", said[:FEW])):
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def first_difference(folder: Path, engine: str, scenarios: str = "all") -> str:
    """What the copied engine says first that differs; nothing if all is the same. Nothing is compiled."""
    env = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(Path(__file__).parent / "run_again.py"), engine, str(folder / f"{scenarios}.json")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("engine", "name"), PLANTED)
def test_a_planted_fault_is_found(engine: str, name: str, copied: Path) -> None:
    where, old, new = ENGINES[engine][name]
    file = copied / "enforcement_sim" / (where if engine == "reference" else f"engines/compiled/{where}")
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    try:
        file.write_text(text.replace(old, new), encoding="utf-8")

        assert first_difference(copied, engine)
    finally:
        file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("engine", list(ENGINES))
def test_without_a_fault_nothing_differs(engine: str, copied: Path) -> None:
    assert not first_difference(copied, engine, "few")


@pytest.mark.long
@pytest.mark.parametrize("engine", list(ENGINES))
def test_without_a_fault_nothing_differs_in_any(engine: str, copied: Path) -> None:
    assert not first_difference(copied, engine)
