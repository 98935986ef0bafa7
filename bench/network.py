"""An open queueing network read off a plan of ours, and what theory says of it (Erlang C, Jackson)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY


@dataclass(frozen=True)
class Station:
    """Servers of one kind; `to` and `shares` are the stations that follow, None for the way out."""

    servers: int
    mean: float
    to: tuple[int | None, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Network:
    """Stations, the arrivals a day at each of them, and how many days are simulated."""

    stations: tuple[Station, ...]
    arrivals: tuple[float, ...]
    until: float


def network_of(plan: Plan) -> Network:
    """The stages of a plan without anything but exponential work and ways out by chance; times in days."""
    stations = []
    for stage in plan.stages[: plan.outcomes_at]:
        ways = plan.ways[stage["ways_at"] :][: stage["ways_count"]]
        team = plan.teams[plan.team_of[stage["role"], 0, 0]]
        to = tuple(int(way) if way < plan.outcomes_at else None for way in ways["to"])
        shares = tuple(np.diff(ways["cumulated"], prepend=0.0).tolist()) if len(to) > 1 else (1.0,)
        servers = int(plan.roster["officers"][team["roster_at"]])
        stations.append(Station(servers, float(plan.lengths["a"][stage["length"]]) / DAY, to, shares))
    arrivals = [0.0] * len(stations)
    for stream in plan.streams:
        arrivals[stream.enters] += DAY / stream.arrivals.mean
    return Network(tuple(stations), tuple(arrivals), plan.horizon / DAY)


def rates(net: Network) -> np.ndarray:
    """Visits a day at each station: the traffic equations."""
    routing = np.zeros((len(net.stations), len(net.stations)))
    for at, station in enumerate(net.stations):
        for to, share in zip(station.to, station.shares, strict=True):
            if to is not None:
                routing[at, to] += share
    return np.linalg.solve(np.eye(len(routing)) - routing.T, np.array(net.arrivals))


def loads(net: Network) -> list[float]:
    """The share of its time that a server of each station is busy."""
    return [rate * s.mean / s.servers for rate, s in zip(rates(net), net.stations, strict=True)]


def waits(net: Network) -> list[float]:
    """Mean wait of a visit at each station."""
    return [erlang_c(s.servers, rate * s.mean, s.mean) for rate, s in zip(rates(net), net.stations, strict=True)]


def wait_of_a_case(net: Network) -> float:
    """Mean of all waits of a case together."""
    return float(np.dot(rates(net), waits(net)) / sum(net.arrivals))


def erlang_c(servers: int, offered: float, mean: float) -> float:
    """Mean wait in line of M/M/c."""
    below = math.fsum(offered**k / math.factorial(k) for k in range(servers))
    all_busy = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return all_busy / (below + all_busy) * mean / (servers - offered)
