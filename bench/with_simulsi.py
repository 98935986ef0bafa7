"""The queues as SimulSI's README writes them: processes and resources, the waits that its resources keep.

Waits are kept one by one; the series of queue lengths and the histories of entities, which nobody reads, are off.
"""

from __future__ import annotations

from network import Network
from simulsi import Simulation
from simulsi.randomness import Categorical, Exponential


def queue(servers: int, rate: float, mean: float, until: float, seed: int) -> tuple[int, list[float]]:
    """M/M/c: the number of cases and the wait of each that was served."""
    sim = Simulation(seed=seed, record_series=False, keep_entity_history=False)
    desk = sim.resource("desk", capacity=servers)
    gap, work = Exponential(rate=rate), Exponential(mean=mean)
    arrivals, service = sim.stream("arrivals"), sim.stream("service")

    def case(sim):
        yield sim.request(desk)
        yield work.sample(service)
        sim.release(desk)

    def door(sim):
        while True:
            yield gap.sample(arrivals)
            sim.process(case(sim))

    sim.process(door(sim))
    sim.run(until=until)
    return int(desk.requests.value), desk.wait_times.values


def network(net: Network, seed: int) -> tuple[int, list[float]]:
    """An open network: the number of cases and the wait of each visit."""
    sim = Simulation(seed=seed, record_series=False, keep_entity_history=False)
    desks = [sim.resource(f"desk {at}", capacity=station.servers) for at, station in enumerate(net.stations)]
    works = [Exponential(mean=station.mean) for station in net.stations]
    ways = [Categorical(station.to, station.shares) for station in net.stations]
    service, routing = sim.stream("service"), sim.stream("routing")
    came = 0

    def case(sim, at):
        while at is not None:
            yield sim.request(desks[at])
            yield works[at].sample(service)
            sim.release(desks[at])
            at = ways[at].sample(routing)

    def door(sim, at, gap):
        nonlocal came
        arrivals = sim.stream(f"arrivals {at}")
        while True:
            yield gap.sample(arrivals)
            came += 1
            sim.process(case(sim, at))

    for at, rate in enumerate(net.arrivals):
        if rate:
            sim.process(door(sim, at, Exponential(rate=rate)))
    sim.run(until=net.until)
    return came, [wait for desk in desks for wait in desk.wait_times.values]
