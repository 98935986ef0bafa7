"""What the same luck in both scenarios is worth, beside independent seeds and beside a single stream of numbers.

    python bench/common_numbers.py [--models ...] [--minutes 60]

For a base and a changed scenario the variance of the difference is measured three ways: (i) keyed draws with the same
seed and replication, as every comparison of this program; (ii) another seed for the changed scenario; (iii) the same
seed, but one generator whose numbers are taken in the order of events (single_stream.py, on the reference engine). A
ratio says how many times as many replications the other way needs for an interval of the same width. Intervals of
ratios are percentiles of 4,000 bootstrap samples of replications. Values are kept like those of samples.py.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import samples
import single_stream
from samples import ENFORCEMENT, MODELS, RECONSIDERATION, THREE_OFFICERS, Floats, Model, Pick, Side

OUT = Path(__file__).resolve().parent / "out" / "samples"
OTHER_SEED = 1_000_003
BOOTSTRAP = 4_000


def keyed(what: str, base: Side, changed: Side, picks: dict[str, Pick]) -> Model:
    """Base, changed, and changed with another seed."""
    return Model(what, (base, changed, Side(changed.scenario, OTHER_SEED)), picks)


def in_turn(what: str, base: Side, changed: Side, picks: dict[str, Pick]) -> Model:
    """Base and changed by one generator each, begun with the same seed."""
    sides = (Side(side.scenario, run=single_stream.run) for side in (base, changed))
    return Model(what, tuple(sides), picks)


QUEUE = {name: MODELS["three_officers"].picks[name] for name in ("mean number in system", "mean time in system, days")}
RECONSIDERED = {
    name: MODELS["reconsideration"].picks[name]
    for name in ("mean backlog", "mean days to resolution", "P90 of days to resolution", "mean backlog, city office")
}
ENFORCED = {
    "mean backlog": Pick("backlog_mean", "all", 2025),
    "mean backlog, city corps": Pick("backlog_mean", "all", 2025, "tianjin"),
    "mean days to resolution, urban": Pick("resolution_mean", "urban", 2025),
    "P90 of days to resolution, urban": Pick("resolution_p90", "urban", 2025),
    "mean days to resolution, ordinary": Pick("resolution_mean", "ordinary", 2025),
}
STUDIES = {
    "three_officers_pairs": (keyed("M/M/3, work 10 % shorter", *THREE_OFFICERS, QUEUE), 200),
    "three_officers_in_turn": (in_turn("the same by a single stream", *THREE_OFFICERS, QUEUE), 200),
    "reconsideration_pairs": (keyed("reconsideration base, no added staff", *RECONSIDERATION, RECONSIDERED), 200),
    "enforcement_pairs": (keyed("enforcement base, shift without staff", *ENFORCEMENT, ENFORCED), 30),
    "reconsideration_in_turn": (in_turn("the same by a single stream", *RECONSIDERATION, RECONSIDERED), 40),
}
"""Models by name, each with the number of replications."""


def variance(differences: Floats) -> Floats:
    """Along the last axis, without the values that are missing."""
    return np.nanvar(differences, axis=-1, ddof=1)


def resampled(count: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers of replications, shape (bootstrap samples, replications)."""
    return rng.integers(0, count, (BOOTSTRAP, count))


def ratio(other: Floats, ours: Floats, together: bool, seed: int = 1) -> tuple[float, float, float]:
    """Variance of other differences against that of ours, with its interval; `together` if of the same replications."""
    rng = np.random.default_rng(seed)
    mine = resampled(len(ours), rng)
    theirs = mine if together else resampled(len(other), rng)
    below = variance(ours[mine])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = variance(other[theirs]) / below
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(variance(other) / variance(ours)), float(low), float(high)


def tell(name: str, folder: Path = OUT) -> None:
    """The variances and their ratios of one base and change, as far as they are there."""
    study, alone = STUDIES[f"{name}_pairs"][0], STUDIES.get(f"{name}_in_turn")
    ours = samples.kept(f"{name}_pairs", study, folder)
    theirs = samples.kept(f"{name}_in_turn", alone[0], folder) if alone else None
    print(f"\n{study.what}: {ours.done} pairs" + (f"; single stream {theirs.done} pairs" if theirs else ""))
    if ours.done < 2:
        return
    for pick in ours.names:
        base, changed, other = ours.of(pick)
        keyed_difference, independent = changed - base, other - base
        shown = "difference {:.4g}, standard deviation of it {:.3g} keyed, {:.3g} by independent seeds".format(
            np.nanmean(keyed_difference), *np.sqrt(variance(np.stack([keyed_difference, independent])))
        )
        found = "independent / keyed {:.3g} ({:.3g} to {:.3g})".format(*ratio(independent, keyed_difference, True))
        if theirs is not None and theirs.done > 1:
            one, two = theirs.of(pick)
            shown += f", {np.sqrt(variance(two - one)):.3g} by a single stream (difference {np.nanmean(two - one):.4g})"
            told = ratio(two - one, keyed_difference, False)
            found += "; single stream / keyed {:.3g} ({:.3g} to {:.3g})".format(*told)
        print(f"  {pick}: {shown}\n    {found}")


def main() -> None:
    """Run what is missing, then tell all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="*", choices=STUDIES, default=list(STUDIES))
    parser.add_argument("--minutes", type=float, default=np.inf, help="in all; what is missing then is told as missing")
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    for name in given.models:
        model, count = STUDIES[name]
        samples.collect(name, model, count, until, OUT)
    for name in ("three_officers", "reconsideration", "enforcement"):
        tell(name)


if __name__ == "__main__":
    main()
