"""Points of a design: what each promises, and that SciPy would draw the same."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import qmc

from enforcement_sim.studies import designs
from enforcement_sim.studies.sweep_file import Sweep
from enforcement_sim.studies.uncertain import Floats

SLOW = settings(deadline=None)  # the first draw imports SciPy
SEEDS = st.integers(0, 2**63 - 1)
SPREADS: dict[str, tuple[dict[str, Any], Any]] = {
    "uniform": ({"low": 2, "high": 5}, stats.uniform(2, 3)),
    "triangular": ({"low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
    "normal": ({"mean": 3, "sd": 2, "low": 1, "high": 4}, stats.truncnorm(-1, 0.5, 3, 2)),
    "lognormal": ({"median": 3, "p90": 8}, stats.lognorm(np.log(8 / 3) / stats.norm.ppf(0.9), scale=3)),
}


def sweep(**keys: Any) -> Sweep:
    return Sweep.model_validate({"title": "x", "of": "base.yaml", **keys})


def changes(given: Sweep, seed: int = 1) -> list[dict[str, Any]]:
    return [spot.changes for spot in designs.spots(given, seed)]


def strata(sample: Floats) -> list[list[int]]:
    """By column, which of as many equal stretches as there are rows each row lies in, sorted."""
    return [sorted(column) for column in np.floor(sample * len(sample)).astype(int).T.tolist()]


@SLOW
@given(points=st.integers(1, 60), dimensions=st.integers(1, 5), seed=SEEDS)
def test_a_latin_hypercube_has_one_point_in_each_stretch_of_each_parameter(
    points: int, dimensions: int, seed: int
) -> None:
    sample = designs.unit_sample("latin_hypercube", points, dimensions, seed)

    assert strata(sample) == [list(range(points))] * dimensions
    assert np.array_equal(sample, qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(points))


@SLOW
@given(power=st.integers(0, 6), dimensions=st.integers(1, 5), seed=SEEDS)
def test_so_has_a_power_of_two_of_sobol_points(power: int, dimensions: int, seed: int) -> None:
    sample = designs.unit_sample("sobol", 2**power, dimensions, seed)

    assert strata(sample) == [list(range(2**power))] * dimensions
    assert np.array_equal(sample, qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(power))


@SLOW
@given(few=st.integers(1, 40), more=st.integers(0, 60), seed=SEEDS)
def test_earlier_points_of_sobol_stay_when_more_are_drawn(few: int, more: int, seed: int) -> None:
    def drawn(points: int, kind: str) -> list[dict[str, Any]]:
        uncertain = {name: {"family": name, **keys} for name, (keys, _) in SPREADS.items()}
        axes = {"a": [1, 2, 3], "b": {"from": 1, "to": 2}} if kind == "sobol" else {"a": [1, 2, 3]}
        return changes(sweep(axes=axes, uncertain=uncertain, design={"kind": kind, "points": points}), seed)

    assert drawn(few + more, "sobol")[:few] == drawn(few, "sobol")
    assert drawn(few + more, "crossed")[: 3 * few] == drawn(few, "crossed")


def test_those_of_a_latin_hypercube_move_and_the_notes_say_which_do() -> None:
    spread = {"x": {"family": "uniform", "low": 0, "high": 1}}
    few = sweep(uncertain=spread, design={"kind": "latin_hypercube", "points": 8})
    more = sweep(uncertain=spread, design={"kind": "latin_hypercube", "points": 9})

    assert changes(more)[:8] != changes(few)
    assert "all of them move" in designs.notes(few)[0]
    assert "earlier ones stay" in designs.notes(sweep(uncertain=spread, design={"kind": "sobol", "points": 8}))[0]


@pytest.mark.parametrize(("points", "said"), [(1, []), (64, []), (3, ["better 2 or 4"]), (100, ["better 64 or 128"])])
def test_a_number_that_is_no_power_of_two_is_noted(points: int, said: list[str]) -> None:
    notes = designs.notes(sweep(axes={"a": [1]}, design={"kind": "sobol", "points": points}))

    assert [note.split(": ")[-1] for note in notes if "power" in note] == said


AXIS = st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True)


@SLOW
@given(axes=st.dictionaries(st.sampled_from("abcd"), AXIS, min_size=1))
def test_a_grid_is_the_product_of_its_axes_in_the_order_of_the_file(axes: dict[str, list[int]]) -> None:
    study = sweep(axes=axes)

    expected = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    assert changes(study) == expected
    assert designs.count(study) == len(expected)


@SLOW
@given(
    axes=st.dictionaries(st.sampled_from("abc"), AXIS, min_size=1),
    points=st.integers(1, 12),
    seed=SEEDS,
    sample=st.sampled_from(["sobol", "latin_hypercube"]),
)
def test_crossed_levers_meet_the_same_futures(axes: dict[str, list[int]], points: int, seed: int, sample: str) -> None:
    uncertain = {f"u.{name}": {"family": name, **keys} for name, (keys, _) in SPREADS.items()}
    study = sweep(axes=axes, uncertain=uncertain, design={"kind": "crossed", "points": points, "sample": sample})

    futures: dict[str, list[Any]] = {}
    for spot in designs.spots(study, seed):
        lever = json.dumps({path: spot.changes[path] for path in axes})
        futures.setdefault(lever, []).append((spot.future, {path: spot.changes[path] for path in uncertain}))
    first = next(iter(futures.values()))
    assert len(futures) == len(list(itertools.product(*axes.values())))
    assert all(met == first for met in futures.values())
    assert [number for number, _ in first] == list(range(points))
    assert designs.count(study) == points * len(futures)


@SLOW
@given(name=st.sampled_from(sorted(SPREADS)), at=st.floats(0.001, 0.999))
def test_a_spread_gives_the_quantiles_of_its_distribution(name: str, at: float) -> None:
    keys, frozen = SPREADS[name]
    spread = sweep(uncertain={"x": {"family": name, **keys}}).uncertain["x"]

    assert spread.values(np.array([at])) == [pytest.approx(frozen.ppf(at), rel=1e-9)]


def test_a_lognormal_by_its_mean_has_that_mean() -> None:
    spread = sweep(uncertain={"x": {"family": "lognormal", "mean": 4, "sd": 3}}).uncertain["x"]
    values = spread.values((np.arange(20_000) + 0.5) / 20_000)

    assert np.mean(values) == pytest.approx(4, rel=0.001)
    assert np.std(values) == pytest.approx(3, rel=0.02)


@SLOW
@given(shares=st.lists(st.integers(1, 5), min_size=1, max_size=5), seed=SEEDS)
def test_choices_come_as_often_as_their_shares_say(shares: list[int], seed: int) -> None:
    whole = sum(shares)
    choices = [f"choice {i}" for i in range(len(shares))]
    spread = {"family": "discrete", "values": choices, "shares": [share / whole for share in shares]}
    study = sweep(uncertain={"x": spread}, design={"kind": "latin_hypercube", "points": 4 * whole})
    drawn = [one["x"] for one in changes(study, seed)]

    assert [drawn.count(choice) for choice in choices] == pytest.approx([4 * share for share in shares], abs=1)


def test_a_share_of_nothing_is_never_drawn() -> None:
    spread = sweep(uncertain={"x": {"family": "discrete", "values": ["never", "always"], "shares": [0, 1]}}).uncertain[
        "x"
    ]

    assert spread.values(np.array([0.0, 0.5])) == ["always", "always"]


@SLOW
@given(levels=st.integers(1, 6), each=st.integers(1, 5), seed=SEEDS)
def test_a_sampled_lever_takes_every_level_as_often(levels: int, each: int, seed: int) -> None:
    study = sweep(axes={"a": list(range(levels))}, design={"kind": "latin_hypercube", "points": levels * each})
    drawn = [one["a"] for one in changes(study, seed)]

    assert [drawn.count(level) for level in range(levels)] == [each] * levels


def test_quantities_keep_their_unit() -> None:
    uncertain = {
        "a": {"family": "uniform", "low": "2 days", "high": "4 days"},
        "b": {"family": "triangular", "low": "10 per week", "mode": "20 per week", "high": "30 per week"},
        "c": {"family": "uniform", "low": 1, "high": 9, "whole": True},
    }
    drawn = changes(sweep(uncertain=uncertain, design={"kind": "sobol", "points": 16}))

    assert all(2 <= float(one["a"].removesuffix(" days")) <= 4 for one in drawn)
    assert all(10 <= float(one["b"].removesuffix(" per week")) <= 30 for one in drawn)
    assert {type(one["c"]) for one in drawn} == {int}


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ({"from": 0.1, "to": 0.5, "steps": 5}, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ({"from": 8, "to": 20, "steps": 4}, [8, 12, 16, 20]),
        ({"from": 1, "to": 2, "steps": 3}, [1.0, 1.5, 2.0]),
        ({"from": 1, "to": 6, "steps": 3, "whole": True}, [1, 4, 6]),
        ({"from": 1, "to": 100, "steps": 3, "scale": "log"}, [1, 10, 100]),
        ({"from": "1 day", "to": "7 days", "steps": 4}, ["1 days", "3 days", "5 days", "7 days"]),
        ({"from": "10 per h", "to": "40 per h", "steps": 3, "scale": "log"}, ["10 per h", "20 per h", "40 per h"]),
    ],
)
def test_a_range_has_even_steps(written: dict[str, Any], levels: list[Any]) -> None:
    found = [one["a"] for one in changes(sweep(axes={"a": written}))]

    assert list(map(repr, found)) == list(map(repr, levels))  # officers come whole, 12 and not 12.0


def test_values_that_move_together_are_one_axis() -> None:
    axes = {"plan": {"together": {"small": {"a": 1, "b": 2}, "large": {"a": 3}}}, "c": [5, 6]}
    spots = designs.spots(sweep(axes=axes), 1)

    assert [spot.changes for spot in spots] == [
        {"a": 1, "b": 2, "c": 5}, {"a": 1, "b": 2, "c": 6}, {"a": 3, "c": 5}, {"a": 3, "c": 6},
    ]  # fmt: skip
    assert [spot.labels["plan"] for spot in spots] == ["small", "small", "large", "large"]


@pytest.mark.parametrize("kind", ["sobol", "latin_hypercube", "crossed"])
def test_the_seed_of_the_design_goes_before_that_of_the_scenario(kind: str) -> None:
    def drawn(seed: int, own: int | None) -> list[dict[str, Any]]:
        uncertain = {"x": {"family": "uniform", "low": 0, "high": 1}}
        return changes(
            sweep(axes={"a": [1]}, uncertain=uncertain, design={"kind": kind, "points": 4, "seed": own}), seed
        )

    assert drawn(1, None) == drawn(2, 1) != drawn(2, None)
