"""Sensitivities against functions whose answers are known, with points that fail and points in any order."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.studies.sensitivity import Sensitivity, sensitivity
from enforcement_sim.studies.sensitivity_samples import Groups, group_sample
from enforcement_sim.studies.uncertain import Floats

SLOW = settings(deadline=None)  # the first draw imports SALib
Truth = tuple[list[float], list[float]]


def ishigami(unit: Floats) -> Floats:
    """Ishigami and Homma 1990, with 7 and 0.1; its first and third parameter act together."""
    first, second, third = (2 * unit.T - 1) * math.pi
    return np.asarray(np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first))


def ishigami_truth() -> Truth:
    of_first, of_second, of_both = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * math.pi**8 / 225
    variance = of_first + of_second + of_both
    first = [of_first, of_second, 0.0]
    total = [of_first + of_both, of_second, of_both]
    return [part / variance for part in first], [part / variance for part in total]


SLOPES = np.array([0.0, 1.0, 4.5, 9.0])


def g_function(unit: Floats) -> Floats:
    """Sobol's product; the larger a slope, the less its parameter matters."""
    return np.asarray(np.prod((np.abs(4 * unit - 2) + SLOPES) / (1 + SLOPES), axis=1))


def g_truth() -> Truth:
    parts = 1 / (3 * (1 + SLOPES) ** 2)
    variance = np.prod(1 + parts) - 1
    return list(parts / variance), list(parts * np.prod(1 + parts) / (1 + parts) / variance)


KNOWN = {"ishigami": (ishigami, ishigami_truth, 3), "g": (g_function, g_truth, 4)}


def of(function: Callable[[Floats], Floats], groups: Groups, failing: list[int] | None = None) -> Sensitivity:
    unit = group_sample(groups, 3)
    values = function(unit)
    causes = ["failed" if number in (failing or []) else "" for number in range(len(unit))]
    return sensitivity(groups, unit, range(len(unit)), values, causes=causes)


def sobol(parameters: int, count: int = 1024, **keys: bool) -> Groups:
    return Groups("sobol_indices", tuple("abcdef"[:parameters]), count, **keys)


def assert_true(found: Sensitivity, truth: Truth, least: float) -> None:
    """Every index lies within one and a half times its interval, and the intervals say something."""
    for index, true in zip(("S1", "ST"), truth, strict=True):
        half = found.own[f"{index}_conf"]
        assert (half < least).all()
        assert (np.abs(found.own[index] - true) <= 1.5 * half + 1e-12).all()


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("second_order", [False, True])
def test_first_and_total_order_are_those_of_the_formula(name: str, second_order: bool) -> None:
    function, truth, parameters = KNOWN[name]
    found = of(function, sobol(parameters, second_order=second_order))

    assert_true(found, truth(), 0.15)
    assert found.reason is Reason.NONE
    assert found.left_out == 0
    assert found.causes == {}


def test_pairs_that_act_together_are_told_from_those_that_do_not() -> None:
    found = of(ishigami, sobol(3, second_order=True))
    truth = np.full((3, 3), np.nan)
    truth[np.triu_indices(3, 1)] = 0.0
    truth[0, 2] = ishigami_truth()[1][2]

    assert np.array_equal(np.isnan(found.pairs["S2"]), np.isnan(truth))
    assert np.nanmax(np.abs(found.pairs["S2"] - truth) / found.pairs["S2_conf"]) < 1.5
    assert np.nanmax(found.pairs["S2_conf"]) < 0.2


@pytest.mark.parametrize("name", KNOWN)
def test_indices_of_what_is_left_are_still_true_when_points_fail_by_chance(name: str) -> None:
    function, truth, parameters = KNOWN[name]
    groups = sobol(parameters)
    failing = np.random.default_rng(8).choice(groups.points, 60, replace=False).tolist()
    found = of(function, groups, failing)

    lost = len({number // groups.size for number in failing})
    assert_true(found, truth(), 0.16)
    assert found.left_out == lost * groups.size
    assert found.used == groups.points - found.left_out
    assert found.causes == {"failed": 60, "in_a_group": lost * groups.size - 60}


SLOPE = st.floats(-100, 100).filter(lambda slope: slope == 0 or abs(slope) > 0.01)


@SLOW
@given(
    slopes=st.lists(SLOPE, min_size=1, max_size=5).filter(any),
    levels=st.sampled_from([2, 4, 6, 8]),
    failing=st.sets(st.integers(0, 39), max_size=8),
)
def test_a_straight_line_has_its_slopes_whichever_walks_fail(
    slopes: list[float], levels: int, failing: set[int]
) -> None:
    groups = Groups("morris", tuple("abcde"[: len(slopes)]), 10, levels=levels)
    failed = [number for number in failing if number < groups.points]
    found = of(lambda unit: 5 + unit @ np.array(slopes), groups, failed)

    lost = len({number // groups.size for number in failed})
    assert found.used == (10 - lost) * groups.size
    if 10 - lost < 4:
        assert found.reason is Reason.TOO_FEW
        return
    size = max(map(abs, slopes))
    assert found.own["mu"] == pytest.approx(slopes, abs=1e-9 * size)
    assert found.own["mu_star"] == pytest.approx(np.abs(slopes), abs=1e-9 * size)
    assert found.own["sigma"] == pytest.approx(0.0, abs=1e-9 * size)


def test_what_bends_or_acts_with_others_shows_in_sigma_and_both_ways_in_mu_star_alone() -> None:
    found = of(
        lambda unit: (2 * unit[:, 0] - 1) * (2 * unit[:, 1] - 1) + unit[:, 2], Groups("morris", tuple("abc"), 40)
    )

    # Along one factor of the product the slope is twice the other, which stands at 1 or at a third.
    assert ((found.own["mu_star"][:2] > 2 / 3) & (found.own["mu_star"][:2] < 2)).all()
    assert (np.abs(found.own["mu"][:2]) < 0.5 * found.own["mu_star"][:2]).all()
    assert (found.own["sigma"][:2] > found.own["mu_star"][:2]).all()
    assert found.own["mu"][2] == pytest.approx(1)
    assert found.own["sigma"][2] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("groups", [sobol(3, 64), Groups("morris", tuple("abc"), 20)], ids=["sobol", "morris"])
def test_the_order_in_which_points_are_told_changes_nothing(groups: Groups) -> None:
    unit = group_sample(groups, 3)
    values = ishigami(unit)
    values[7] = np.nan
    errors = np.linspace(0.1, 0.2, len(unit))
    causes = ["incomplete" if number == 40 else "" for number in range(len(unit))]
    mixed = np.random.default_rng(2).permutation(len(unit))
    mixed = mixed[mixed != 50]  # of one point nothing is told
    straight = np.sort(mixed)

    def told(order: Floats) -> Sensitivity:
        return sensitivity(
            groups, unit, order.tolist(), values[order], causes=[causes[i] for i in order], errors=errors[order]
        )

    one, other = told(straight), told(mixed)
    assert {key: found.tolist() for key, found in one.own.items()} == {
        key: found.tolist() for key, found in other.own.items()
    }
    assert (one.used, one.left_out, one.noise, one.causes) == (other.used, other.left_out, other.noise, other.causes)
    assert one.causes == {"in_a_group": 3 * groups.size - 3, "incomplete": 1, "no_point": 1, "no_value": 1}


@pytest.mark.parametrize(("groups", "least"), [(sobol(3, 16), 8), (Groups("morris", tuple("abc"), 16), 4)])
def test_with_too_few_groups_left_there_is_a_reason_and_no_number(groups: Groups, least: int) -> None:
    def left(count: int) -> Sensitivity:
        return of(ishigami, groups, [group * groups.size for group in range(groups.count - count)])

    few, enough = left(least - 1), left(least)
    assert few.reason is Reason.TOO_FEW
    assert all(np.isnan(index).all() for index in few.own.values())
    assert enough.reason is Reason.NONE
    assert not any(np.isnan(index).any() for index in enough.own.values())
    nothing = left(0)
    assert (nothing.used, nothing.reason, math.isnan(nothing.least)) == (0, Reason.TOO_FEW, True)


@pytest.mark.parametrize("groups", [sobol(3, 16, second_order=True), Groups("morris", tuple("abc"), 16)])
def test_of_a_measure_that_never_moves_nothing_is_told(groups: Groups) -> None:
    found = of(lambda unit: np.full(len(unit), 0.1), groups)

    assert found.reason is Reason.NO_SPREAD
    assert all(np.isnan(index).all() for index in [*found.own.values(), *found.pairs.values()])
    assert (found.least, found.most) == (0.1, 0.1)


def test_noise_is_the_share_of_the_variance_that_chance_makes() -> None:
    groups = sobol(3, 256)
    unit = group_sample(groups, 3)
    chance = np.random.default_rng(4)
    noisy = ishigami(unit) + 2 * chance.standard_normal(len(unit))
    of_noise = 4 / (4 + float(ishigami(unit).var()))

    def noise(values: Floats, error: float) -> float:
        return sensitivity(groups, unit, range(len(unit)), values, errors=np.full(len(unit), error)).noise

    assert noise(noisy, 2.0) == pytest.approx(of_noise, rel=0.1)
    assert noise(ishigami(unit), 0.0) == 0.0
    assert math.isnan(noise(noisy, math.nan))


def test_the_errors_of_points_that_are_left_out_do_not_count() -> None:
    groups = sobol(3, 16)
    unit = group_sample(groups, 3)
    errors = np.where(np.arange(len(unit)) < groups.size, math.nan, 0.5)
    causes = ["overloaded" if number == 0 else "" for number in range(len(unit))]
    found = sensitivity(groups, unit, range(len(unit)), ishigami(unit), causes=causes, errors=errors)

    rest = ishigami(unit)[groups.size :]
    assert found.noise == pytest.approx(0.25 / rest.var(ddof=1))
    assert (found.least, found.most) == (rest.min(), rest.max())


def test_numbers_that_do_not_go_together_are_refused() -> None:
    groups = sobol(2, 8)
    unit = group_sample(groups, 3)
    known: list[tuple[list[int], list[float], str]] = [
        ([0, 0], [1.0, 2.0], "0 is no point of 32, or stands twice"),
        ([32], [1.0], "32 is no point"),
        ([-1], [1.0], "-1 is no point"),
        ([0], [1.0, 2.0], "1 numbers, 2 values"),
        ([0], [math.inf], "infinite"),
    ]
    for numbers, values, said in known:
        with pytest.raises(ValueError, match=said):
            sensitivity(groups, unit, numbers, values)
    with pytest.raises(ValueError, match="shape"):
        sensitivity(groups, unit[:-1], [0], [1.0])
