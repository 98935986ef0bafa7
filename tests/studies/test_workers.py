"""How many processes a study is worth, from the cases that it expects."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.studies import workers
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    # rates, batches, a wave, steps, listed times, regular ones, yearly counts, open cases
    [
        "theory/mm1", "validation/A25", "validation/F02", "validation/F05", "validation/J01", "validation/A23",
        "tianjin/base", "backlog/reconsideration_2024",
    ],
)  # fmt: skip
def test_about_as_many_cases_are_expected_as_come(name: str) -> None:
    plan = build(load(ROOT / "scenarios" / f"{name}.yaml"))
    come = len(intake(plan, 0))

    assert workers.expected_cases(plan) == pytest.approx(come, abs=5 * math.sqrt(come) + 0.01 * come)


def test_a_small_study_is_one_process_and_a_large_one_takes_every_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 8)
    plan = build(load(ROOT / "scenarios" / "theory" / "mm1.yaml"))

    assert workers.worthwhile(plan, "fast", 20) == 1
    assert workers.worthwhile(plan, "fast", 1_000) == 8
    assert workers.worthwhile(plan, "reference", 20) == 8


def test_whether_they_pay_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(ROOT / "tests" / "data" / "small_base.yaml")
    alone = replicate(scenario, replications=2, how=How(None))
    monkeypatch.setattr(workers, "WORTH", {"fast": 0, "reference": 0})
    monkeypatch.setattr(workers, "processors", lambda: 2)
    together = replicate(scenario, replications=2, how=How(None))

    assert alone.log_digests == together.log_digests
    assert alone.findings.equals(together.findings)


def test_what_only_drawing_would_tell_counts_as_many() -> None:
    assert math.isinf(workers.expected_cases(build(load(ROOT / "scenarios" / "inspection" / "double_random.yaml"))))
