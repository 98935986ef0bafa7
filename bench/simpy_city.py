"""A city's enforcement, compiled engine against a plain SimPy model of the same size, in pairs in one process.

The plain model is written as SimPy's documentation would write it: a process for each case, for each team a line
(PriorityResource) and its officers (Container), office hours and legal periods by look-up, ways out by chance, a list
of (time, case, what, stage, team) as its log, clocks checked at the end. Sizes, probabilities and the cases at the
door come from our plan; it gets the cases ready made, ours draws them. It leaves out what only ours has: suspended and
extended clocks, quotas of meetings, keyed draws, the order within an instant, the check of the log.
Run: python bench/simpy_city.py
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path

import simpy
from pairs import pairs, ratios, spread

from enforcement_sim.engines.compiled.engine import run
from enforcement_sim.files.read import load
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.records import DAY, Attribute, Days, Family, Op, What

OURS, PLAIN = "compiled engine", "plain SimPy model"
BASE = Path(__file__).parents[1] / "scenarios" / "tianjin" / "base.yaml"
# Plain numbers: Python compares them several times faster than members of an enumeration.
WORK, WAIT, GATE, _, EXIT, FORK = (int(op) for op in Op)
ARRIVED, ENTERED, STARTED, ENDED, _, _, CLOSED, _, _, RAN_OUT, *_ = (int(what) for what in What)
SECONDS, _, WORKING_DAYS, MONTHS = (int(days) for days in Days)
SHARE, KIND = int(Attribute.SHARE), int(Attribute.KIND)


def simulate(plan, door, seed):
    """The log of one run of the plain model."""
    random.seed(seed)
    env = simpy.Environment()
    log = []
    numbers = count(len(door))

    # What the model knows, as plain lists.
    stages = [dict(zip(plan.stages.dtype.names, row, strict=True)) for row in plan.stages.tolist()]
    ways = [plan.ways[s["ways_at"] :][: s["ways_count"]][["cumulated", "value", "to"]].tolist() for s in stages]
    children = list(zip(plan.children["share"].tolist(), plan.child_enters.tolist(), strict=True))
    meetings = [[*plan.meetings["time"][g["at"] :][: g["count"]].tolist(), plan.horizon] for g in plan.gates]
    team_of = plan.team_of.tolist()
    kinds = [kind if kind >= 0 else None for kind in plan.children["kind"].tolist()]
    lines = [simpy.PriorityResource(env, capacity=1) for _ in plan.teams]
    officers = [simpy.Container(env, init=int(plan.roster["officers"][team["roster_at"]])) for team in plan.teams]
    office = plan.work_tables[plan.teams["calendar"][0]]
    opens, closes, before = office.opens.tolist(), office.closes.tolist(), office.worked_before.tolist()
    working_days = [table.flags.nonzero()[0].tolist() for table in plan.day_tables]

    def drawing(family, a, b, c):
        """What draws from a distribution of the plan."""
        return {
            Family.FIXED: partial(float, a),
            Family.LOGNORMAL: partial(random.lognormvariate, a, b),
            Family.UNIFORM: partial(random.uniform, a, b),
            Family.TRIANGULAR: partial(random.triangular, a, c, b),
        }[family]

    lengths = [drawing(*row) for row in plan.lengths[["family", "a", "b", "c"]].tolist()]

    def after_work(seconds):
        """When so much work is done, if it goes on in office hours only."""
        at = bisect_right(opens, env.now) - 1
        if at >= 0 and env.now + seconds <= closes[at]:
            return env.now + seconds
        done = before[at] + min(env.now, closes[at]) - opens[at] if at >= 0 else 0
        at = bisect_left(before, done + seconds) - 1
        return opens[at] + done + seconds - before[at]

    def last_second(now, limit, counts, calendar, rolls):
        """The last second of a legal period; its first day does not count."""
        day, days = now // DAY, working_days[calendar]
        if counts == WORKING_DAYS:
            day = days[bisect_right(days, day) + limit - 1]
        else:
            day += limit * 30 if counts == MONTHS else limit
            if rolls:
                day = days[bisect_left(days, day)]
        return (day + 1) * DAY - 1

    def way_out(number, case):
        """The next stage: by chance, by kind of case, or by date."""
        out = ways[number]
        if len(out) == 1:
            return out[0][2]
        by = stages[number]["by"]
        luck = random.random()
        for cumulated, value, to in out:
            if (by == SHARE and luck < cumulated) or (by == KIND and value == case[2]):
                return to
        return out[-1][2]

    def life(number, case, stage):
        """One case, from the door to the archive."""
        field, handler, kind = case
        log.append((env.now, number, ARRIVED, -1, -1))
        while True:
            at = stages[stage]
            op = at["op"]
            if op == EXIT:
                log.append((env.now, number, CLOSED, stage, -1))
                return
            team = team_of[at["role"]][field][handler] if op == WORK else -1
            log.append((env.now, number, ENTERED, stage, team))
            if op == WORK:
                with lines[team].request(priority=at["priority"]) as turn:
                    yield turn
                    yield officers[team].get(at["officers"])
                log.append((env.now, number, STARTED, stage, team))
                seconds = max(1, round(lengths[at["length"]]()))
                yield env.timeout(after_work(seconds) - env.now)
                officers[team].put(at["officers"])
            elif op == WAIT:
                length = round(lengths[at["length"]]())
                if at["days"] == SECONDS:
                    yield env.timeout(length)
                else:
                    yield env.timeout(last_second(env.now, length, at["days"], at["calendar"], at["rolls"]) - env.now)
            elif op == GATE:
                times = meetings[at["gate"]]
                yield env.timeout(times[bisect_right(times, env.now)] - env.now)
            elif op == FORK:
                born = []
                for child in range(at["children_at"], at["children_at"] + at["children_count"]):
                    share, enters = children[child]
                    if random.random() < share:
                        of_kind = kind if kinds[child] is None else kinds[child]
                        born.append(env.process(life(next(numbers), (field, handler, of_kind), enters[field])))
                if at["joins"] and born:
                    yield env.all_of(born)
            log.append((env.now, number, ENDED, stage, team))
            stage = way_out(stage, case)

    def arrivals():
        for number, (arrived, *case, enters) in enumerate(door):
            if arrived > env.now:
                yield env.timeout(arrived - env.now)
            env.process(life(number, case, enters))

    env.process(arrivals())
    env.run(until=plan.horizon)
    log += overdue(plan, log, last_second)
    return log


def overdue(plan, log, last_second):
    """A row for each legal clock that ran out before it was stopped."""
    starts, stops = {}, {}
    for number, clock in enumerate(plan.clocks.tolist()):
        _, start_stage, start_what, stop_stage, stop_what, limit, counts, rolls, calendar, *_ = clock
        starts.setdefault((start_stage, start_what), []).append((number, limit, counts, calendar, rolls))
        stops.setdefault((stop_stage, stop_what), []).append(number)
    running, found = {}, []
    for time, case, what, stage, _ in log:
        for number, *limit in starts.get((stage, what), ()):
            running[case, number] = last_second(time, *limit)
        for number in stops.get((stage, what), ()):
            due = running.pop((case, number), time)
            if due < time:
                found.append((due, case, RAN_OUT, stage, number))
    found += [(due, case, RAN_OUT, -1, number) for (case, number), due in running.items() if due < plan.horizon]
    return found


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--rounds", type=int, default=3, help="pairs of the plain model with ours")
    told.add_argument("--scenario", type=Path, default=BASE)
    args = told.parse_args()
    plan = build(load(args.scenario))
    cases = intake(plan, 0)
    door = list(zip(*(cases[name].tolist() for name in ("arrived", "field", "handler", "kind", "enters")), strict=True))
    rows = {}

    def count_cases(name, log):
        facts = log.what.tolist() if name == OURS else [what for _, _, what, *_ in log]
        rows[name] = Counter(What(what).name.lower() for what in facts)
        return rows[name]["arrived"]

    print(f"{len(plan.teams)} teams, {plan.outcomes_at} stages, {len(door):,} cases at the door, {args.rounds} rounds")
    found = pairs(
        {OURS: lambda _: run(plan, 0), PLAIN: lambda seed: simulate(plan, door, seed)}, args.rounds, count_cases
    )
    for name, told_of in rows.items():
        print(f"  {name}: {told_of.total():,} rows; {', '.join(f'{n:,} {what}' for what, n in told_of.most_common())}")
    print(f"  against {PLAIN}: {spread(ratios(found[PLAIN]))}")


if __name__ == "__main__":
    main()
