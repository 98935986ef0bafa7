"""The queues as salabim's manual writes them: components and resources, waits from the monitors of the requesters.

Trace off, and processes that yield, which it runs faster than those that do not.
"""

from __future__ import annotations

import salabim as sim
from network import Network


def queue(servers: int, rate: float, mean: float, until: float, seed: int) -> tuple[int, list[float]]:
    """M/M/c: the number of cases and the wait of each that was served."""
    env = sim.Environment(trace=False, random_seed=seed, yieldless=False)
    desk = sim.Resource("desk", capacity=servers)
    gap, work = sim.Exponential(1 / rate), sim.Exponential(mean)

    class Case(sim.Component):
        def process(self):
            yield self.request(desk)
            yield self.hold(work.sample())
            self.release()

    class Door(sim.Component):
        def process(self):
            self.came = 0
            while True:
                yield self.hold(gap.sample())
                self.came += 1
                Case()

    door = Door()
    env.run(till=until)
    return door.came, desk.requesters().length_of_stay.x()


def network(net: Network, seed: int) -> tuple[int, list[float]]:
    """An open network: the number of cases and the wait of each visit."""
    env = sim.Environment(trace=False, random_seed=seed, yieldless=False)
    desks = [sim.Resource("desk.", capacity=station.servers) for station in net.stations]
    works = [sim.Exponential(station.mean) for station in net.stations]
    ways = [sim.Pdf(station.to, station.shares) for station in net.stations]

    class Case(sim.Component):
        def setup(self, station):
            self.station = station

        def process(self):
            while self.station is not None:
                yield self.request(desks[self.station])
                yield self.hold(works[self.station].sample())
                self.release()
                self.station = ways[self.station].sample()

    class Door(sim.Component):
        def setup(self, station, gap):
            self.station, self.gap, self.came = station, gap, 0

        def process(self):
            while True:
                yield self.hold(self.gap.sample())
                self.came += 1
                Case(station=self.station)

    doors = [Door(station=at, gap=sim.Exponential(1 / rate)) for at, rate in enumerate(net.arrivals) if rate]
    env.run(till=net.until)
    waits = [wait for desk in desks for wait in desk.requesters().length_of_stay.x()]
    return sum(door.came for door in doors), waits
