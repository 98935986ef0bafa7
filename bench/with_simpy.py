"""The queues as SimPy's documentation writes them: a process for each case, a Resource, the waits in a list."""

from __future__ import annotations

import random

import simpy
from network import Network


def queue(servers: int, rate: float, mean: float, until: float, seed: int) -> tuple[int, list[float]]:
    """M/M/c: the number of cases and the wait of each that was served."""
    random.seed(seed)
    env = simpy.Environment()
    desk = simpy.Resource(env, capacity=servers)
    waits = []
    came = 0

    def case(env):
        arrived = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - arrived)
            yield env.timeout(random.expovariate(1 / mean))

    def door(env):
        nonlocal came
        while True:
            yield env.timeout(random.expovariate(rate))
            came += 1
            env.process(case(env))

    env.process(door(env))
    env.run(until=until)
    return came, waits


def network(net: Network, seed: int) -> tuple[int, list[float]]:
    """An open network: the number of cases and the wait of each visit."""
    random.seed(seed)
    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity=station.servers) for station in net.stations]
    waits = []
    came = 0

    def case(env, at):
        while at is not None:
            arrived = env.now
            station = net.stations[at]
            with desks[at].request() as turn:
                yield turn
                waits.append(env.now - arrived)
                yield env.timeout(random.expovariate(1 / station.mean))
            at = random.choices(station.to, station.shares)[0]

    def door(env, at, rate):
        nonlocal came
        while True:
            yield env.timeout(random.expovariate(rate))
            came += 1
            env.process(case(env, at))

    for at, rate in enumerate(net.arrivals):
        if rate:
            env.process(door(env, at, rate))
    env.run(until=net.until)
    return came, waits
