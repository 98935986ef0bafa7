"""What a measure hangs on: indices of one measure from its values at the points of a design. Arrays in, answers out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..statistics.inputs import Bools, check_level, floats, same_shape
from ..statistics.reasons import Reason
from .sensitivity_samples import Groups
from .sweep_file import FEWEST_BASE_POINTS, FEWEST_TRAJECTORIES
from .uncertain import Floats

OF_MORRIS = ("mu", "mu_star", "sigma", "mu_star_conf")
OF_SOBOL = ("S1", "S1_conf", "ST", "ST_conf")
OF_PAIRS = ("S2", "S2_conf")
IN_A_GROUP, NO_VALUE, NO_POINT = "in_a_group", "no_value", "no_point"
"""Why a point is left out that has no cause of its own: it is sound, but its group is not whole; or it has no value; or
nothing is told of it."""
_RESAMPLES_OF_MORRIS, _RESAMPLES_OF_SOBOL = 1000, 200
_SEED = 1
"""Of the resampling, so that the same values give the same widths. SALib takes 0 for none."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The sensitivities of one measure.

    `own` holds by its name each index, shape (parameters,): for Morris `mu`, `mu_star`, `sigma` and `mu_star_conf` in
    the measure's unit for a way from one end of a spread to the other; for Sobol `S1`, `S1_conf`, `ST` and `ST_conf` as
    shares of the variance. `pairs` holds `S2` and `S2_conf`, shape (parameters, parameters), above the diagonal, where
    they were asked for. Those in `_conf` are half widths of intervals from resampled groups.

    `used` points count and `left_out` do not; `causes` says of how many of these why. `least` and `most` are the
    extremes of the used values. `noise` is the share of their variance that is at most the chance of replications, NaN
    where unknown: with common random numbers part of that chance is the same at all points and moves none against
    another. With a reason (TOO_FEW, NO_SPREAD) every index is NaN.
    """

    own: Mapping[str, Floats]
    pairs: Mapping[str, Floats]
    used: int
    left_out: int
    causes: Mapping[str, int]
    least: float
    most: float
    noise: float
    reason: Reason


def sensitivity(
    groups: Groups,
    unit: npt.ArrayLike,
    numbers: Sequence[int],
    values: npt.ArrayLike,
    *,
    causes: Sequence[str] = (),
    errors: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Sensitivity:
    """Indices of one measure by SALib.

    `unit` is the design's sample, shape (points, parameters); `numbers`, `values` and, where given, `causes` and
    `errors` (standard errors) have the shape (known points,), in any order, and a value stands at the row of `unit`
    that its number says. A point is left out if it has a cause (a word such as failed), NaN for its value, or no
    number here; with it goes its whole group, as no index can be computed from a part. What is left is no fair sample
    of all groups if points fail where values are extreme: read the indices as those of the points that could be used.

    Morris, Technometrics 33 (1991) 161-174, with `mu_star` of Campolongo, Cariboni and Saltelli, Environmental
    Modelling & Software 22 (2007) 1509-1518; first and total order of Saltelli and others, Computer Physics
    Communications 181 (2010) 259-270. Raises ValueError for other shapes, infinite values, numbers that are no point or
    stand twice.
    """
    check_level(level)
    sample = floats(unit, 2, may_miss=False)
    if sample.shape != (groups.points, len(groups.names)):
        raise ValueError(f"a sample of shape {(groups.points, len(groups.names))} is needed, got {sample.shape}")
    at, why = _placed(groups, numbers, values, causes)
    sound = np.array([not cause for cause in why], dtype=np.bool_)
    whole: Bools = np.asarray(sound.reshape(groups.count, groups.size).all(axis=1))
    kept = np.repeat(whole, groups.size)
    counted = Counter(cause or IN_A_GROUP for cause, used in zip(why, kept.tolist(), strict=True) if not used)
    used_values = at[kept]
    reason = _reason(groups, whole, used_values)
    own, pairs = _none(groups) if reason else _by_salib(groups, sample[kept], used_values, level)
    spread = (float(used_values.min()), float(used_values.max())) if kept.any() else (math.nan, math.nan)
    noise = math.nan if errors is None else _noise(groups, numbers, errors, at, kept)
    return Sensitivity(
        own, pairs, int(kept.sum()), int((~kept).sum()), dict(sorted(counted.items())), *spread, noise, reason
    )


def _placed(
    groups: Groups, numbers: Sequence[int], values: npt.ArrayLike, causes: Sequence[str]
) -> tuple[Floats, list[str]]:
    """The value of every point, NaN for none, and why it is none."""
    given = floats(values)
    if len(given) != len(numbers) or (causes and len(causes) != len(numbers)):
        raise ValueError(f"{len(numbers)} numbers, {len(given)} values and {len(causes)} causes do not go together")
    at, why = np.full(groups.points, np.nan), [NO_POINT] * groups.points
    for i, number in enumerate(numbers):
        if not 0 <= number < groups.points or why[number] != NO_POINT:
            raise ValueError(f"{number} is no point of {groups.points}, or stands twice")
        at[number] = given[i]
        why[number] = (causes[i] if causes else "") or (NO_VALUE if np.isnan(given[i]) else "")
    return at, why


def _reason(groups: Groups, whole: Bools, values: Floats) -> Reason:
    fewest = FEWEST_TRAJECTORIES if groups.kind == "morris" else FEWEST_BASE_POINTS
    if whole.sum() < fewest:
        return Reason.TOO_FEW
    # The variance of Sobol's indices is that of the first and the last point of each group.
    ends = values if groups.kind == "morris" else values.reshape(-1, groups.size)[:, [0, -1]]
    alike = 1e-12 * float(np.abs(values).max())
    return Reason.NO_SPREAD if float(np.ptp(ends)) <= alike else Reason.NONE


def _none(groups: Groups) -> tuple[dict[str, Floats], dict[str, Floats]]:
    count = len(groups.names)
    own = {name: np.full(count, np.nan) for name in (OF_MORRIS if groups.kind == "morris" else OF_SOBOL)}
    return own, {name: np.full((count, count), np.nan) for name in OF_PAIRS} if groups.second_order else {}


def _by_salib(
    groups: Groups, sample: Floats, values: Floats, level: float
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    if groups.kind == "morris":
        from SALib.analyze import morris

        found = morris.analyze(
            groups.problem(), sample, values, num_levels=groups.levels, num_resamples=_RESAMPLES_OF_MORRIS,
            conf_level=level, seed=_SEED,
        )  # fmt: skip
        return {name: np.asarray(found[name], dtype=np.float64) for name in OF_MORRIS}, {}
    from SALib.analyze import sobol

    found = sobol.analyze(
        groups.problem(), values, calc_second_order=groups.second_order, num_resamples=_RESAMPLES_OF_SOBOL,
        conf_level=level, seed=_SEED,
    )  # fmt: skip
    own = {name: np.asarray(found[name], dtype=np.float64) for name in OF_SOBOL}
    pairs = {name: np.asarray(found[name], dtype=np.float64) for name in OF_PAIRS} if groups.second_order else {}
    return own, pairs


def _noise(groups: Groups, numbers: Sequence[int], errors: npt.ArrayLike, at: Floats, kept: Bools) -> float:
    """Mean squared standard error against the variance over points; NaN if an error is missing or nothing varies."""
    given = floats(errors)
    same_shape(given, np.zeros(len(numbers)))
    placed = np.full(groups.points, np.nan)
    placed[list(numbers)] = given
    if kept.sum() < 2 or not (variance := float(at[kept].var(ddof=1))):
        return math.nan
    return float((placed[kept] ** 2).mean()) / variance
