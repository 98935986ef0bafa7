"""Progress: lines for people without a terminal, JSON for programs, nothing for the quiet."""

from __future__ import annotations

import json

import pytest

from enforcement_sim.cli import progress
from enforcement_sim.cli.progress import Told
from enforcement_sim.statistics.means import mean_interval
from enforcement_sim.statistics.precision import Reached
from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.studies.rounds import Standing

WIDEST = ("use staff", Reached(mean_interval([1.0, 2.0, 3.0]), 0.5, False, 90, Reason.NONE))
NOW = Standing(points_done=1, points=4, done=7, replications=20, most=800, failed=2, widest=WIDEST)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", -1.0)


def told(capsys: pytest.CaptureFixture[str], quiet: bool = False, as_json: bool = False) -> list[str]:
    with Told(quiet, as_json) as one:
        one.standing(NOW)
        one("base", 3, 9)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_people_are_told_points_replications_failures_and_what_is_known_worst(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sweep, scenario = told(capsys)
    assert sweep == "1 of 4 points, 7 of 20 replications, 2 failed; use staff ±2.48 (wanted ±0.5)"
    assert scenario == "base: 3 of 9 replications"


def test_programs_are_told_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    sweep, scenario = map(json.loads, told(capsys, as_json=True))
    assert (sweep["points_done"], sweep["failed"], sweep["widest"]["finding"]) == (1, 2, "use staff")
    assert sweep["widest"]["half_width"] == pytest.approx(2.484, abs=1e-3)
    assert scenario == {"scenario": "base", "done": 3, "replications": 9}


def test_the_quiet_are_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, quiet=True) == told(capsys, quiet=True, as_json=True) == []
