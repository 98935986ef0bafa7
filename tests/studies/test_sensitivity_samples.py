"""Designs from which sensitivities are computed: what their points promise, and what cannot be drawn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.errors import ScenarioError
from enforcement_sim.studies import designs, sensitivity_samples
from enforcement_sim.studies.sensitivity_samples import Groups, group_sample
from enforcement_sim.studies.sweep import load_sweep
from enforcement_sim.studies.sweep_file import Sweep

ROOT = Path(__file__).parents[2]
SLOW = settings(deadline=None)  # the first draw imports SALib
SEEDS = st.integers(0, 2**63 - 1)
NAMES = tuple("abcde")


def sweep(**keys: Any) -> Sweep:
    return Sweep.model_validate({"title": "x", "of": "base.yaml", **keys})


@SLOW
@given(count=st.integers(4, 12), parameters=st.integers(1, 5), levels=st.sampled_from([2, 4, 10]), seed=SEEDS)
def test_on_a_walk_each_parameter_moves_once_and_half_of_the_levels(
    count: int, parameters: int, levels: int, seed: int
) -> None:
    groups = Groups("morris", NAMES[:parameters], count, levels=levels)
    walks = group_sample(groups, seed).reshape(count, parameters + 1, parameters)

    steps = np.diff(walks, axis=1)
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert np.abs(steps[steps != 0]) == pytest.approx(levels / 2 / (levels - 1))
    assert set(walks.ravel().tolist()) <= {level / (levels - 1) for level in range(levels)}


@SLOW
@given(count=st.integers(8, 40), parameters=st.integers(1, 4), second_order=st.booleans(), seed=SEEDS)
def test_around_a_base_point_one_column_at_a_time_is_exchanged(
    count: int, parameters: int, second_order: bool, seed: int
) -> None:
    groups = Groups("sobol_indices", NAMES[:parameters], count, second_order=second_order)
    first, *between, last = group_sample(groups, seed).reshape(count, groups.size, parameters).transpose(1, 0, 2)

    expected = [(first, last)] * parameters + ([(last, first)] * parameters if second_order else [])
    assert len(between) == len(expected)
    for number, (found, (most, one)) in enumerate(zip(between, expected, strict=True)):
        own = np.arange(parameters) == number % parameters
        assert np.array_equal(found, np.where(own, one, most))
    if not count & (count - 1):  # as even as a Sobol sequence: one in each stretch
        assert np.array_equal(np.sort(np.floor(first * count), axis=0)[:, 0], np.arange(count))


@SLOW
@given(few=st.integers(8, 20), more=st.integers(0, 30), seed=SEEDS)
def test_earlier_points_stay_when_more_are_drawn(few: int, more: int, seed: int) -> None:
    def drawn(design: dict[str, Any]) -> list[dict[str, Any]]:
        uncertain = {name: {"family": "uniform", "low": 2, "high": 5} for name in "ab"}
        given = sweep(axes={"c": {"from": 1, "to": 2}}, uncertain=uncertain, design=design)
        spots = [spot.changes for spot in designs.spots(given, seed)]
        assert len(spots) == designs.count(given)
        return spots

    walks = [drawn({"kind": "morris", "trajectories": count}) for count in (few, few + more)]
    groups = [drawn({"kind": "sobol_indices", "base_points": count}) for count in (few, few + more)]
    assert (len(walks[0]), len(groups[0])) == (4 * few, 5 * few)
    assert walks[1][: len(walks[0])] == walks[0]
    assert groups[1][: len(groups[0])] == groups[0]


def test_levels_lie_at_equally_likely_steps_of_a_spread_and_at_its_ends() -> None:
    uncertain = {
        "even": {"family": "uniform", "low": "2 days", "high": "5 days"},
        "peaked": {"family": "triangular", "low": 0, "mode": 0, "high": 9},
        "cut": {"family": "normal", "mean": 3, "sd": 2, "low": 1, "high": 5},
        "words": {"family": "discrete", "values": ["often", "seldom", "never"], "shares": [0.75, 0.25, 0]},
    }
    axes = {"officers": {"from": 1, "to": 4, "whole": True}, "ratio": {"from": 1, "to": 8, "scale": "log"}}
    design = {"kind": "morris", "trajectories": 40}
    spots = designs.spots(sweep(axes=axes, uncertain=uncertain, design=design), 1)

    taken = {name: sorted({spot.changes[name] for spot in spots}) for name in [*axes, *uncertain]}
    assert taken["even"] == ["2 days", "3 days", "4 days", "5 days"]
    # Of a triangle with its peak at 0 a share of 1 - (1 - x / 9) ** 2 lies below x.
    assert taken["peaked"] == pytest.approx([0, 9 * (1 - (2 / 3) ** 0.5), 9 * (1 - (1 / 3) ** 0.5), 9])
    assert (taken["cut"][0], taken["cut"][-1], len(taken["cut"])) == (1, 5, 4)
    assert taken["words"] == ["often", "seldom"]
    assert taken["officers"] == [1, 2, 3, 4]
    assert taken["ratio"] == pytest.approx([1, 2, 4, 8])
    assert spots[0].labels == {name: spots[0].changes[name] for name in axes}


def test_indices_are_drawn_of_every_kind_of_lever_and_of_a_lognormal() -> None:
    axes = {"a": [1, 2, 3], "plan": {"together": {"small": {"b": 1}, "large": {"b": 2}}}}
    uncertain = {"c": {"family": "lognormal", "median": 3, "p90": 8}}
    given = sweep(axes=axes, uncertain=uncertain, design={"kind": "sobol_indices", "base_points": 8})
    spots = designs.spots(given, 1)

    assert len(spots) == 8 * 5
    assert {spot.changes["a"] for spot in spots} == {1, 2, 3}
    assert {(spot.labels["plan"], spot.changes["b"]) for spot in spots} == {("small", 1), ("large", 2)}


def test_at_its_very_ends_a_discrete_spread_takes_what_can_be_drawn() -> None:
    spread = {"family": "discrete", "values": ["a", "b", "c"], "shares": [0.5, 0.5, 0]}

    assert sweep(uncertain={"x": spread}).uncertain["x"].values(np.array([0.0, 1.0])) == ["a", "b"]


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ("{kind: morris, trajectories: 5}", ["morris: 5 trajectories of 2 parameters are 15 points"]),
        ("{kind: sobol_indices, base_points: 8}", ["sobol_indices: 8 base points of 2 parameters are 32 points"]),
        (
            "{kind: sobol_indices, base_points: 9, second_order: true}",
            ["sobol_indices: 9 base points of 2 parameters are 54 points", "better 8 or 16"],
        ),
    ],
)
def test_a_planner_hears_how_many_points_there_are(tmp_path: Path, design: str, said: list[str]) -> None:
    study, points = load_sweep(written(tmp_path, design))
    notes = designs.notes(study)

    assert len(notes) == len(said)
    assert all(part in note for part, note in zip(said, notes, strict=True))
    assert f" {len(points)} points" in notes[0]


STAGES = "procedures.reconsideration.stages"
SPREADS = f"""
  uncertain:
    {STAGES}.acceptance.duration.median: {{family: uniform, low: 0.5 h, high: 2 h, assumed: touch_time}}
    {STAGES}.decision.duration.median: {{family: uniform, low: 3 h, high: 8 h, assumed: touch_time}}
"""


def written(folder: Path, design: str, spreads: str = SPREADS, axes: str = "{}") -> Path:
    path = folder / "sweep.yaml"
    of = ROOT / "scenarios/backlog/reconsideration_2024.yaml"
    path.write_text(f"sweep:\n  title: x\n  of: {of}\n  design: {design}\n  axes: {axes}{spreads}")
    return path


LOGNORMAL = SPREADS.replace("uniform, low: 3 h, high: 8 h", "lognormal, median: 3 h, p90: 8 h")
WALKS, INDICES = "{kind: morris, trajectories: 4}", "{kind: sobol_indices, base_points: 8}"


@pytest.mark.parametrize(
    ("design", "spreads", "axes", "place", "what", "hint"),
    [
        (WALKS, LOGNORMAL, "{}", ":8:", "a lognormal has no upper end", "a normal with `low` and `high`"),
        (WALKS, SPREADS, "{teams.office.officers: [9, 11]}", ":5:", "levels of its own", "without `steps`"),
        (
            WALKS, SPREADS, "{teams.office.officers: {from: 9, to: 11, steps: 3}}", ":5:", "levels of its own",
            "without `steps`",
        ),
        (WALKS, "", "{}", ":4:", "nothing to draw", "add `uncertain:`"),
        (INDICES, "", "{}", ":4:", "nothing to draw", "add `uncertain:`"),
        ("{kind: morris, trajectories: 3}", SPREADS, "{}", ":4:", "at least 4", ""),
        ("{kind: morris, trajectories: 4, levels: 5}", SPREADS, "{}", ":4:", "odd number", "an even number"),
        ("{kind: sobol_indices, base_points: 4}", SPREADS, "{}", ":4:", "at least 8", ""),
        ("{kind: sobol_indices, base_points: 300000}", SPREADS, "{}", ":4:", "1,200,000 points", "fewer"),
        ("{kind: sobol_indices, points: 64}", SPREADS, "{}", ":4:", "unknown key", "base_points"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_with_its_line(
    tmp_path: Path, design: str, spreads: str, axes: str, place: str, what: str, hint: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_sweep(written(tmp_path, design, spreads, axes))

    first = str(caught.value.problems[0])
    assert f"sweep.yaml{place}" in first
    assert what in first
    assert hint in first


@pytest.mark.parametrize("design", [WALKS, INDICES])
def test_without_the_library_the_command_is_named_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, design: str
) -> None:
    monkeypatch.setattr(sensitivity_samples.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ScenarioError) as caught:
        load_sweep(written(tmp_path, design))

    assert 'try:  python -m pip install "SALib>=1.6"' in str(caught.value)
    assert "sweep.yaml:4:" in str(caught.value)
    assert len(load_sweep(written(tmp_path, "{kind: sobol, points: 4}"))[1]) == 4


def test_other_designs_do_not_open_the_library() -> None:
    program = (
        "import sys; from pathlib import Path; from enforcement_sim.studies.sweep import load_sweep; "
        "load_sweep(Path('scenarios/backlog/sweep_staff_and_unknowns.yaml')); "
        "print(sorted({'SALib', 'matplotlib', 'multiprocess', 'pandas'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
