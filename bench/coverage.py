"""How often 95 % intervals hold the truth: what the report prints, what `statistics` gives, and the rule of stopping.

    python bench/coverage.py [--models one_officer ...]

reads what `bench/samples.py` has kept (up to 20,000 replications of a base and of the same with one change) and takes
the mean over all of them for the truth. Disjoint groups of 10 of the same replications are the experiments: 2,000 of
20,000. Each group gives the interval of its mean and of its paired difference, by `measures.intervals` as the report
prints it and by `statistics`, which must agree. So do groups of 4 and of 20, of which the first 100 are compared. A
truth from N replications is off by sd / sqrt(N); the share covered is told also for the truth at either end of its own
interval. For the rule of stopping, 2,000 experiments draw their replications from the same ones, with replacement, so
that the truth of that world is known exactly; it looks after every replication from the 20th on, as a sweep does, and
ends at 200. Tables go to bench/out/coverage.csv as well.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import samples
from samples import MODELS, Floats, Pick, Samples

from enforcement_sim.measures.intervals import difference as printed_difference
from enforcement_sim.measures.intervals import summary
from enforcement_sim.measures.matrix import KEYS
from enforcement_sim.statistics.inputs import t_quantile
from enforcement_sim.statistics.means import MeanInterval, mean_interval
from enforcement_sim.statistics.paired import difference
from enforcement_sim.statistics.precision import Wanted, precision
from enforcement_sim.statistics.shares import wilson

OUT = Path(__file__).resolve().parent / "out" / "coverage.csv"
SIZES = (10, 4, 20)
"""Replications of an experiment; the first is the one that is judged."""
FIRST, MOST, EXPERIMENTS = 20, 200, 2_000
"""Of the rule of stopping: the first look, the last, and how often it is tried."""


T_VALUES = [math.nan, math.nan, *(t_quantile(count - 1, 0.975) for count in range(2, MOST + 1))]
"""For an interval at 95 % from so many values."""


@dataclass(frozen=True)
class Covered:
    """How often the intervals of one measure held the truth.

    `low` and `high` are Wilson's interval of the share, `at_ends` the shares if the truth stood at either end of its
    own interval. `above` and `below` are the shares of intervals that lie wholly above and below the truth, `width` the
    mean of their full widths. `missing` is the share of replications without a value; an experiment with fewer than two
    values has no interval and does not count.
    """

    model: str
    what: str
    of: str
    replications: float
    experiments: int
    share: float
    low: float
    high: float
    at_ends: tuple[float, float]
    above: float
    below: float
    width: float
    truth: float
    truth_error: float
    skewness: float
    missing: float


def counted(
    model: str, what: str, of: str, used: float, intervals: Floats, values: Floats, exact: bool = False
) -> Covered:
    """Intervals, shape (experiments, 2), held against the mean of the values, shape (replications,).

    `exact`: that mean is the truth itself, as where experiments are drawn from the values.
    """
    whole = mean_interval(values)
    error = 0.0 if exact else whole.sd / np.sqrt(whole.n)
    intervals = intervals[~np.isnan(intervals).any(axis=1)]
    low, high = intervals[:, 0], intervals[:, 1]

    def share(truth: float) -> float:
        return float(((low <= truth) & (truth <= high)).mean())

    hits = int(((low <= whole.mean) & (whole.mean <= high)).sum())
    told = wilson(hits, len(intervals))
    given = values[~np.isnan(values)]
    skewness = float((((given - whole.mean) / whole.sd) ** 3).mean()) if whole.sd else 0.0
    ends = (whole.mean - 1.96 * error, whole.mean + 1.96 * error)
    return Covered(
        model, what, of, used, len(intervals), told.share, told.low, told.high, (share(ends[0]), share(ends[1])),
        float((low > whole.mean).mean()), float((high < whole.mean).mean()), float((high - low).mean()), whole.mean,
        float(error), skewness, 1.0 - len(given) / len(values),
    )  # fmt: skip


def groups(values: Floats, size: int) -> Floats:
    """Disjoint groups, shape (experiments, size), of values of shape (replications,); what fills no group is left."""
    count = len(values) // size
    return values[: count * size].reshape(count, size)


def frame(picks: Sequence[Pick], values: Floats) -> pd.DataFrame:
    """Findings of replications, `values` of shape (replications, picks), as the long table that a run makes."""
    count = len(values)
    columns = {
        "measure": [pick.measure for pick in picks] * count,
        "jurisdiction": [pick.jurisdiction for pick in picks] * count,
        "field": "all",
        "item": [pick.item for pick in picks] * count,
        "period": [pick.period for pick in picks] * count,
        "value": values.reshape(-1),
        "replication": np.repeat(np.arange(count), len(picks)),
    }
    return pd.DataFrame(columns)


def printed(found: Samples, size: int, count: int) -> tuple[Floats, Floats]:
    """The intervals that a report prints of the first `count` groups, of the base and of the difference.

    Each has the shape (experiments, picks, 2), NaN where the report prints none.
    """
    picks = list(found.picks.values())
    base, changed = (frame(picks, found.values[:, side]) for side in (0, 1))
    rows = size * len(picks)
    of_base, of_difference = [], []
    for at in range(0, count * rows, rows):
        one, two = base.iloc[at : at + rows], changed.iloc[at : at + rows]
        of_base.append(_in_order(picks, summary(one)))
        of_difference.append(_in_order(picks, printed_difference(two, one)))
    return np.array(of_base), np.array(of_difference)


def _in_order(picks: Sequence[Pick], table: pd.DataFrame) -> list[tuple[float, float]]:
    keys = zip(*(table[key] for key in KEYS if key != "field"), strict=True)
    ends = dict(zip(keys, zip(table["low"], table["high"], strict=True), strict=True))
    return [ends.get((one.measure, one.jurisdiction, one.item, one.period), (np.nan, np.nan)) for one in picks]


def by_statistics(found: Samples, size: int) -> tuple[Floats, Floats]:
    """The intervals of `statistics` of each group, of the base and of the difference; shapes as of `printed`."""

    def ends(one: MeanInterval) -> tuple[float, float]:
        return one.low, one.high

    of_base, of_difference = [], []
    for name in found.names:
        base, changed = (groups(values, size) for values in found.of(name)[:2])
        of_base.append([ends(mean_interval(one)) for one in base])
        of_difference.append([ends(difference(two, one).interval) for one, two in zip(base, changed, strict=True)])
    return np.array(of_base).transpose(1, 0, 2), np.array(of_difference).transpose(1, 0, 2)


def fixed(model: str, found: Samples, size: int, compared: int = 100) -> Iterator[Covered]:
    """Coverage of every measure and its difference from groups of one size.

    The first `compared` groups are also put through what the report prints; raises SystemExit where both disagree.
    """
    whole = by_statistics(found, size)
    compared = min(compared, found.done // size)
    for side, (one, two) in enumerate(zip(printed(found, size, compared), whole, strict=True)):
        if not np.allclose(one, two[:compared], rtol=1e-9, atol=1e-12, equal_nan=True):
            raise SystemExit(f"{model}: the report and `statistics` print different intervals")
        for at, name in enumerate(found.names):
            base, changed = found.of(name)[:2]
            values = changed - base if side else base
            if np.nanstd(values) > 0.0:
                yield counted(model, name, "difference" if side else "mean", size, two[:, at], values)


def wanted_widths(values: Floats) -> list[float]:
    """Relative half widths that stop the rule at about 45 replications, and 5 % where that stops within 25 to 150."""
    variation = float(np.nanstd(values, ddof=1) / abs(np.nanmean(values)))

    def width(count: int) -> float:
        half = t_quantile(count - 1, 0.975) * variation / np.sqrt(count)
        return float(half / (1.0 - half))

    return [float(f"{width(45):.2g}")] + ([0.05] if width(150) < 0.05 < width(25) else [])


def stopped(pool: Floats, wanted: Wanted, experiments: int, seed: int = 1) -> tuple[list[int], Floats, int]:
    """The rule tried so often on values drawn from a pool of shape (replications,).

    Where it stopped, the intervals there, shape (experiments, 2), and how many experiments came to the last look
    without being known well enough. Where to look is worked out ahead, and the rule itself asked there and one before.
    """
    rng, used, found, unmet = np.random.default_rng(seed), [], [], 0
    for _ in range(experiments):
        values = pool[rng.integers(0, len(pool), MOST)][:, None]
        count = _first_narrow(values[:, 0], wanted)
        look = precision(values[:count], [wanted], first=FIRST)
        early = count > FIRST and precision(values[: count - 1], [wanted], first=FIRST).reached
        if early or not (look.reached or count == MOST):
            raise SystemExit(f"the rule of stopping does not stop after {count} values, as worked out here")
        used.append(count)
        found.append((look.measures[0].interval.low, look.measures[0].interval.high))
        unmet += not look.reached
    return used, np.array(found), unmet


def _first_narrow(values: Floats, wanted: Wanted) -> int:
    """The first number of values, from FIRST on, whose interval is narrow enough; all of them if none is."""
    for count in range(FIRST, len(values)):
        some = values[:count]
        if T_VALUES[count] * some.std(ddof=1) / math.sqrt(count) <= wanted.half(float(some.mean())):
            return count
    return len(values)


def sequential(model: str, found: Samples, experiments: int = EXPERIMENTS) -> Iterator[Covered]:
    """Coverage at stopping: of every measure by itself."""
    for name in found.names:
        values = found.of(name)[0]
        if np.isnan(values).any() or values.std() == 0.0:
            continue
        for width in wanted_widths(values):
            used, ends, unmet = stopped(values, Wanted(relative=width), experiments)
            most = "{:g} to {:g}".format(*np.quantile(used, [0.05, 0.95]))
            told = f"stopping at {width:.2%} (90 % after {most}; {unmet} unmet)"
            yield counted(model, name, told, float(np.mean(used)), ends, values, exact=True)


def tell(one: Covered) -> str:
    """A line of the table."""
    return (
        f"  {one.what:45} {one.of:12} n {one.replications:5.1f}  covered {one.share:.2%} ({one.low:.2%} to "
        f"{one.high:.2%}) of {one.experiments:,}; above {one.above:.2%}, below {one.below:.2%}; mean width "
        f"{one.width:.4g}; truth {one.truth:.5g} ± {1.96 * one.truth_error:.2g} "
        f"(at its ends {one.at_ends[0]:.2%}, {one.at_ends[1]:.2%}); skewness {one.skewness:.2f}"
        + (f"; {one.missing:.1%} of replications have no value" if one.missing else "")
    )


def main() -> None:
    """Tell the coverage of what is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--experiments", type=int, default=EXPERIMENTS, help="of the rule of stopping")
    given = parser.parse_args()
    rows = []
    for name in given.models:
        found = samples.kept(name, MODELS[name])
        print(f"\n{MODELS[name].what}: {found.done:,} replications of each scenario")
        if found.done < 40:
            print("  too few are kept; run bench/samples.py")
            continue
        first, *others = SIZES
        parts = [fixed(name, found, first, found.done), *(fixed(name, found, size) for size in others)]
        for part in (*parts, sequential(name, found, given.experiments)):
            for one in part:
                rows.append(one)
                print(tell(one), flush=True)
    pd.DataFrame([asdict(one) for one in rows]).to_csv(OUT, index=False)


if __name__ == "__main__":
    main()
