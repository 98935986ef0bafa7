"""How often the interval of an overdue share that the report prints holds the truth, beside the t interval.

    python bench/coverage_shares.py [--replications 8000] [--minutes 60]

The report takes the share over all cases of all replications and gives it an interval for clusters
(`measures.overdue`), since t intervals of replications' shares are too short where few cases are late. Disjoint groups
of replications of the reconsideration base are the experiments, and the share over all cases that were run is the
truth. Values are kept like those of samples.py.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import numpy as np
import samples
from coverage import Covered, counted, frame, groups, mean_interval, tell
from samples import Floats, Model, Pick, Samples

from enforcement_sim.measures.intervals import summary
from enforcement_sim.measures.overdue import overdue_table
from enforcement_sim.statistics.shares import clustered

PLACES = {"city office": "wenzhou", "county 1": "county_01", "county 2": "county_02", "all thirteen offices": "all"}
CLOCKS = {"60-day clock": "ordinary_60", "30-day clock": "simplified_30"}
NAME = "reconsideration_shares"
MODEL = Model(
    "overdue shares of the reconsideration base (scenarios/wenzhou/base.yaml), 2024",
    samples.RECONSIDERATION[:1],
    {
        f"{measure}, {clock}, {place}": Pick(measure, CLOCKS[clock], 2024, PLACES[place])
        for place in PLACES
        for clock in CLOCKS
        for measure in ("overdue_share", "clock_started")
    },
)
SIZES = (10, 4, 20)
COMPARED = 30
"""Experiments of each size that are also put through the table of the report."""


def shares(found: Samples, size: int) -> Iterator[Covered]:
    """Coverage of each place's and clock's share from groups of one size: as the report prints it, and by t.

    Raises SystemExit where the report and `statistics` print different intervals.
    """
    _compare(found, size)
    for place in PLACES:
        for clock in CLOCKS:
            share, cases = (
                found.of(f"{measure}, {clock}, {place}")[0] for measure in ("overdue_share", "clock_started")
            )
            truth = float((share * cases).sum() / cases.sum())
            hits, totals = groups(share * cases, size), groups(cases, size)
            printed = np.array([_ends(*one) for one in zip(hits, totals, strict=True)])
            by_t = np.array([_t_ends(one) for one in groups(share, size)])
            # What varies is the share; the truth moves it by the weight of years with more cases.
            values = share + (truth - share.mean())
            for of, ends in (("clusters", printed), ("t", by_t)):
                yield counted("reconsideration", f"overdue share, {clock}, {place}", of, size, ends, values)


def _values(found: Samples, place: str, clock: str) -> tuple[Floats, Floats]:
    """The overdue share and the clocks started of each replication."""
    return found.of(f"overdue_share, {clock}, {place}")[0], found.of(f"clock_started, {clock}, {place}")[0]


def _ends(hits: Floats, totals: Floats) -> tuple[float, float]:
    found = clustered(hits, totals)
    return found.low, found.high


def _t_ends(values: Floats) -> tuple[float, float]:
    found = mean_interval(values)
    return found.low, found.high


def _compare(found: Samples, size: int) -> None:
    picks = list(found.picks.values())
    table = frame(picks, found.values[:, 0])
    rows = size * len(picks)
    for number in range(min(COMPARED, found.done // size)):
        part = table.iloc[number * rows : (number + 1) * rows]
        printed = overdue_table(part, summary(part)).set_index(["jurisdiction", "item"])
        here = slice(number * size, (number + 1) * size)
        for place, jurisdiction in PLACES.items():
            for clock, item in CLOCKS.items():
                share, cases = (values[here] for values in _values(found, place, clock))
                row = printed.loc[(jurisdiction, item)]
                if not np.allclose((row["low"], row["high"]), _ends(share * cases, cases), equal_nan=True):
                    raise SystemExit("the report and `statistics` print different intervals of an overdue share")


def main() -> None:
    """Run what is missing, then tell the coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=8_000)
    parser.add_argument("--minutes", type=float, default=np.inf)
    given = parser.parse_args()
    found = samples.collect(NAME, MODEL, given.replications, time.monotonic() + 60 * given.minutes)
    print(f"{MODEL.what}: {found.done:,} replications")
    for size in SIZES:
        for one in shares(found, size):
            print(tell(one), flush=True)


if __name__ == "__main__":
    main()
