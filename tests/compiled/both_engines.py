"""One scenario through both engines, and in words where their logs part."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np
from chance_tools import Body
from ruamel.yaml import YAML
from scenarios_of_chance import scenario

from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import engine
from enforcement_sim.errors import EnforcementSimError
from enforcement_sim.journal.log import EventLog
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, NONE, What

NARROW = dict.fromkeys(engine.FIRST_ROWS, 2)
"""So little room at the start that the kernel comes back for more while cases are on their way."""
OF_CLOCKS = (What.RAN_OUT, What.EXTENDED, What.RUNNING)
SHOWN = 6
"""Rows of each log from the first on that differs."""


def told(run: Callable[[Plan, int], EventLog], plan: Plan, replication: int = 0) -> EventLog | str:
    """The log that an engine writes, or the message with which it stops."""
    try:
        return run(plan, replication)
    except EnforcementSimError as error:
        return f"{type(error).__name__}: {error}"


def assert_same(data: Body) -> EventLog | str:
    """Both engines write the same log of a scenario, or stop with the same message; what they said."""
    plan = build(scenario(data))
    try:
        one, other = told(reference.run, plan), told(engine.run, plan)
        with patch.dict(engine.FIRST_ROWS, NARROW):
            narrow = told(engine.run, plan)
    except Exception as error:  # no error that a scenario may cause: show which one did
        error.add_note(as_story(data))
        raise
    for what, said in (("the engines differ", other), ("the engines differ where rooms are narrow", narrow)):
        if sign(one) != sign(said):
            raise AssertionError("\n".join([what, *differences(one, said), as_story(data)]))
    return one


def sign(said: EventLog | str) -> str:
    """What must be the same of both."""
    return said if isinstance(said, str) else said.digest


def as_story(data: Body) -> str:
    """A scenario as it would stand in the file of a story."""
    text = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 140
    body = {key: value for key, value in data.items() if key not in ("format", "title", "purpose")}
    yaml.dump({"story": "Found by chance.", "scenario": body}, text)
    return text.getvalue()


def differences(one: EventLog | str, other: EventLog | str) -> list[str]:
    """The first rows that differ, with what happened before them; - the reference engine, + the compiled one."""
    if isinstance(one, str) or isinstance(other, str):
        sides = zip("-+", (one, other), strict=True)
        return [f"{mark} {said if isinstance(said, str) else f'a log of {len(said)} rows'}" for mark, said in sides]
    rows = [list(words(log)) for log in (one, other)]
    both = zip(*rows, strict=False)
    first = next((n for n, (a, b) in enumerate(both) if a != b), min(map(len, rows)))
    if rows[0] == rows[1]:
        return [f"the same rows, but of other cases: {', '.join(_columns(one, other))}"]
    told_before = [f"  {row}" for row in rows[0][max(0, first - SHOWN) : first]]
    ends = [[f"{mark} {row}" for row in side[first : first + SHOWN]] for mark, side in zip("-+", rows, strict=True)]
    return [*told_before, *ends[0], *ends[1]]


def _columns(one: EventLog, other: EventLog) -> list[str]:
    names = one.cases.dtype.names or ()
    if len(one.cases) != len(other.cases):
        return [f"{len(one.cases)} and {len(other.cases)} of them"]
    return [name for name in names if not np.array_equal(one.cases[name], other.cases[name])]


def words(log: EventLog) -> Iterator[str]:
    """The rows of a log, one a line."""
    teams = len(log.names.teams)
    columns = (log.time, log.case, log.what, log.stage, log.team)
    for second, case, what, stage, team in zip(*(column.tolist() for column in columns), strict=True):
        day, rest = divmod(second, DAY)
        who = "" if team == NONE else log.names.teams[team] if team < teams else f"officer {team - teams}"
        if what in OF_CLOCKS:
            who = f"clock {team}"
        where = "" if stage == NONE else log.names.stages[stage]
        clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        event = What(what).name.lower().replace("_", " ")
        yield "  ".join(part for part in (f"day {day} {clock}", f"case {case}", where, event, who) if part)
