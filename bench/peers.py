"""The compiled engine against other libraries on queues with known answers, in pairs in one process.

Ours writes the full log of every case; the others keep the wait of every visit. Prints how many times as long each of
them takes for a case, and beside it the mean wait that its model gave and what theory says, so that nobody is timed on
a wrong model. Run: python bench/peers.py
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import with_ciw
import with_salabim
import with_simpy
import with_simulsi
from network import Network, loads, network_of, rates, wait_of_a_case
from pairs import Pairs, pairs, ratios, spread

from enforcement_sim.engines.compiled.engine import run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, What

MODELS = Path(__file__).parent / "models"
TITLES = {"mm1": "M/M/1", "mm20": "M/M/20", "network": "Network of twelve stations"}
OURS = "compiled engine"
PEERS = {"simpy": with_simpy, "ciw": with_ciw, "salabim": with_salabim, "simulsi": with_simulsi}
SLOW = {"salabim": 10}
"""These get a part of the cases, or nobody would wait for them; time for a case does not grow with their number."""


def plan_of(model: str, cases: int) -> Plan:
    """A model of the folder, as long as it takes about so many cases to come."""
    days = cases / sum(network_of(build(load(MODELS / f"{model}.yaml"))).arrivals)
    return build(load(MODELS / f"{model}.yaml", {"period.length": f"{math.ceil(days)} days"}))


def of_peer(module: Any, net: Network, number: int) -> tuple[int, float]:
    """One run of another library: cases, and days that all of them together have waited."""
    if len(net.stations) > 1:
        came, waits = module.network(net, number)
    else:
        one = net.stations[0]
        came, waits = module.queue(one.servers, net.arrivals[0], one.mean, net.until, number)
    return came, math.fsum(waits)


def of_log(log: EventLog) -> tuple[int, float]:
    """The same of our log: of each case, a start of work follows the entering of its line."""
    by_case = np.argsort(log.case, kind="stable")
    what, time = log.what[by_case], log.time[by_case]
    starts = np.flatnonzero(what == What.STARTED)
    return len(log.cases), float((time[starts] - time[starts - 1]).sum()) / DAY


def compare(model: str, cases: int, rounds: int, others: list[str]) -> None:
    """One model, ours against every other library."""
    plan = plan_of(model, cases)
    net = network_of(plan)
    contestants: dict[str, Callable[[int], Any]] = {OURS: partial(run, plan)}
    for name in others:
        shorter = replace(net, until=net.until / SLOW.get(name, 1))
        contestants[f"{name} {version(name)}"] = partial(of_peer, PEERS[name], shorter)
    waited: dict[str, list[tuple[int, float]]] = {name: [] for name in contestants}

    def count(name: str, answer: Any) -> int:
        waited[name].append(of_log(answer) if name == OURS else answer)
        return waited[name][-1][0]

    visits = float(rates(net).sum() / sum(net.arrivals))
    load = f"loads {min(loads(net)):.2f} to {max(loads(net)):.2f}"
    print(f"{TITLES[model]}: about {cases:,} cases, {visits:.1f} visits each, {load}, {rounds} rounds")
    found = pairs(contestants, rounds, count)
    print(f"  days that a case waits in all: theory {wait_of_a_case(net):.2f}, {told_of(waited)}")
    tell_best(found)


def told_of(waited: dict[str, list[tuple[int, float]]]) -> str:
    """The mean wait that each model gave in its different runs, and the standard error of that mean."""
    told = []
    for name, runs in waited.items():
        means = [wait / came for came, wait in set(runs)]
        error = statistics.stdev(means) / math.sqrt(len(means)) if len(means) > 1 else math.nan
        told.append(f"{name} {statistics.fmean(means):.2f} ± {error:.2f}")
    return ", ".join(told)


def tell_best(found: Pairs) -> None:
    """The ratio against the library that needs least for a case."""
    best = min(found, key=lambda name: statistics.median(ratios(found[name])))
    print(f"  against the best of them, {best}: {spread(ratios(found[best]))}\n", flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--cases", type=int, default=100_000, help="about so many cases in each run")
    told.add_argument("--rounds", type=int, default=5, help="pairs of each library with ours")
    told.add_argument("--models", nargs="+", choices=TITLES, default=list(TITLES))
    told.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    args = told.parse_args()
    for name in set(args.peers) & set(SLOW):
        print(f"{name} gets a {SLOW[name]}th of the cases of the others.")
    for model in args.models:
        compare(model, args.cases, args.rounds, args.peers)


if __name__ == "__main__":
    main()
