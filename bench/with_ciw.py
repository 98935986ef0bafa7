"""The queues as Ciw's documentation writes them: a network, a simulation of it, its records."""

from __future__ import annotations

import ciw
from network import Network


def queue(servers: int, rate: float, mean: float, until: float, seed: int) -> tuple[int, list[float]]:
    """M/M/c: the number of cases and the wait of each that was served."""
    described = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=rate)],
        service_distributions=[ciw.dists.Exponential(rate=1 / mean)],
        number_of_servers=[servers],
    )
    return _simulated(described, until, seed)


def network(net: Network, seed: int) -> tuple[int, list[float]]:
    """An open network: the number of cases and the wait of each visit."""
    routing = [[0.0] * len(net.stations) for _ in net.stations]
    for at, station in enumerate(net.stations):
        for to, share in zip(station.to, station.shares, strict=True):
            if to is not None:
                routing[at][to] += share
    described = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=rate) if rate else None for rate in net.arrivals],
        service_distributions=[ciw.dists.Exponential(rate=1 / station.mean) for station in net.stations],
        routing=routing,
        number_of_servers=[station.servers for station in net.stations],
    )
    return _simulated(described, net.until, seed)


def _simulated(described, until, seed):
    ciw.seed(seed)
    simulation = ciw.Simulation(described)
    simulation.simulate_until_max_time(until)
    records = simulation.get_all_records()
    return len(simulation.get_all_individuals()), [record.waiting_time for record in records]
