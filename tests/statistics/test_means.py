"""Means with t intervals, beside SciPy, and what a sample cannot tell."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import enforcement_sim.statistics as package
from enforcement_sim.statistics.means import mean_interval
from enforcement_sim.statistics.reasons import Reason


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_interval_is_that_of_scipy(level: float) -> None:
    values = np.random.default_rng(3).gamma(2.0, 5.0, 17)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(level)

    found = mean_interval(values, level)

    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert (found.mean, found.sd) == pytest.approx((values.mean(), values.std(ddof=1)), rel=1e-12)
    assert found.half == pytest.approx((expected.high - expected.low) / 2)
    assert (found.n, found.missing, found.reason) == (17, 0, Reason.NONE)


def test_missing_values_are_left_out_and_told() -> None:
    found = mean_interval([1.0, math.nan, 3.0])

    assert (found.mean, found.n, found.missing, found.reason) == (2.0, 2, 1, Reason.MISSING)


@pytest.mark.parametrize("values", [[], [4.0], [4.0, math.nan]])
def test_fewer_than_two_values_have_no_interval(values: list[float]) -> None:
    found = mean_interval(values)

    assert found.reason == Reason.TOO_FEW
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(found.sd)


def test_equal_values_have_no_spread_to_the_last_bit() -> None:
    assert np.std([0.1] * 3, ddof=1) > 0.0, "what the plain formula makes of them"

    found = mean_interval([0.1] * 3)

    assert (found.low, found.mean, found.high, found.sd) == (0.1, 0.1, 0.1, 0.0)
    assert found.reason == Reason.NO_SPREAD


@pytest.mark.parametrize(("values", "level"), [([1.0, math.inf], 0.9), ([1.0, 2.0], 1.0), ([[1.0], [2.0]], 0.9)])
def test_what_is_no_sample_or_no_level_is_refused(values: list[float], level: float) -> None:
    with pytest.raises(ValueError, match=r"infinite|between 0 and 1|dimensions"):
        mean_interval(values, level)


def test_no_module_loads_what_a_small_run_need_not() -> None:
    names = [path.stem for path in Path(package.__path__[0]).glob("*.py") if path.stem != "__init__"]
    lines = [*(f"import enforcement_sim.statistics.{name}" for name in names), "import sys"]
    lines.append(
        "print(sorted({'scipy.stats', 'scipy.optimize', 'scipy.special', 'pandas', 'numba'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)

    assert len(names) >= 10
    assert done.stdout.strip() == "[]"
