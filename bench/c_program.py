"""The kernel against a C program that was written for one model and follows the same algorithm, row for row.

The C program (c_program.c) knows the shape of this model at compile time: cases, stages and teams are structs, and of
what the kernel can do only what the model needs is there. It reads the same plan, draws the same numbers, keeps the
same heap, lines and clocks, and must write the same log; if it does not, this says so and fails. Both are then timed
in pairs within one process. Prints ratios with their spread; seconds are a side remark, machines differ.

Run: python bench/c_program.py
"""

from __future__ import annotations

import ctypes
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pairs import Pairs, pairs, spread

from enforcement_sim.engines.compiled import layout as L
from enforcement_sim.engines.compiled.arrange import Columns
from enforcement_sim.engines.compiled.beginning import first_events
from enforcement_sim.engines.compiled.board import board
from enforcement_sim.engines.compiled.engine import GROWS, Rooms
from enforcement_sim.engines.compiled.engine import run as engine
from enforcement_sim.engines.compiled.layout import World
from enforcement_sim.engines.compiled.loop import MARGIN
from enforcement_sim.engines.compiled.loop import run as kernel
from enforcement_sim.files.read import load
from enforcement_sim.plan.attendance import attendance
from enforcement_sim.plan.build import build
from enforcement_sim.plan.first_day import running_clocks
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan

SOURCE = Path(__file__).with_suffix(".c")
FLAGS = ("-std=c11", "-O3", "-march=native", "-ffp-contract=off", "-fPIC", "-shared")
"""Without contraction: a product and a sum that the processor rounds once would end on other seconds."""
ROUNDS = 9
AIM, LEAST = 0.8, 0.5

PLACES = {"city": 13_000, "north": 9_500, "south": 7_000, "west": 4_500}
"""Cases a year of each jurisdiction."""
ENFORCEMENT_HOURS, REVIEW_HOURS, HEARING_HOURS, ARCHIVE_HOURS, OFFICE_HOURS, USE = 9.6, 4.3, 0.42, 0.42, 1_990, 0.9
"""Officers' hours that a case takes of each role, and that an officer has in a year."""

HEAD = """format: 1
title: {{en: For a C program, zh: 与C程序对照}}
purpose: theory
period: {{start: 2022-01-01, end: 2025-01-01}}
seed: 20250101
jurisdictions:
  city: {{level: city}}
{places}
fields:
  penalty: {{procedure: penalty}}
calendars:
  office: {{days: china, hours: ["09:00-12:00", "13:00-18:00"]}}
teams:
{teams}
procedures:
  penalty:
    outcomes: {{paid: paid, warned: warned, dropped: dropped}}
    stages:
      sorting: {{kind: decision, then: {{simple: 0.2, check: rest}}}}
      simple: {{kind: work, team: enforcement, officers: 2, priority: 1, duration: {{family: lognormal, median: 40 min, p90: 90 min}}, then: {{filing: 0.9, check: rest}}}}
      check: {{kind: work, team: enforcement, priority: 2, duration: {{family: exponential, mean: 1 h}}, then: {{dropped: 0.1, investigation: rest}}}}
      investigation: {{kind: work, team: enforcement, officers: 2, priority: 2, duration: {{family: lognormal, median: 2.5 h, p90: 7 h}}, then: evidence}}
      evidence: {{kind: wait, duration: {{family: lognormal, median: 8 days, p90: 25 days}}, then: {{further: 0.15, draft: rest}}}}
      further: {{kind: work, team: enforcement, officers: 2, priority: 1, duration: {{family: exponential, mean: 2 h}}, then: {{evidence: 0.3, draft: rest}}}}
      draft: {{kind: work, team: enforcement, priority: 2, duration: {{family: lognormal, median: 1.5 h, p90: 3 h}}, then: review}}
      review: {{kind: work, team: review, priority: 2, duration: {{family: exponential, mean: 80 min}}, then: {{redraft: 0.2, further: 0.05, notice: rest}}}}
      redraft: {{kind: work, team: enforcement, priority: 1, duration: {{family: exponential, mean: 45 min}}, then: review}}
      notice: {{kind: work, team: enforcement, priority: 3, duration: {{family: exponential, mean: 20 min}}, then: answer}}
      answer: {{kind: wait, duration: {{family: exponential, mean: 5 days}}, then: {{hearing: 0.06, decision: rest}}}}
      hearing: {{kind: work, team: hearing, officers: 2, priority: 1, duration: {{family: lognormal, median: 3 h, p90: 6 h}}, then: decision}}
      decision: {{kind: work, team: review, officers: 2, priority: 1, duration: {{family: lognormal, median: 1 h, p90: 2.5 h}}, then: {{draft: 0.04, dropped: 0.03, service: rest}}}}
      service: {{kind: work, team: enforcement, priority: 3, duration: {{family: exponential, mean: 30 min}}, then: payment}}
      payment: {{kind: wait, duration: {{family: exponential, mean: 12 days}}, then: {{reminder: 0.25, filing: rest}}}}
      reminder: {{kind: work, team: enforcement, priority: 3, duration: {{family: exponential, mean: 30 min}}, then: {{payment: 0.7, filing: rest}}}}
      filing: {{kind: work, team: archive, priority: 2, duration: {{family: exponential, mean: 25 min}}, then: paid}}
    clocks:
      handling: {{rule: none, limit: 60 calendar days, calendar: office, starts: {{stage: check, when: entered}}, stops: {{stage: decision}}}}
      reviewing: {{rule: none, limit: 3 working days, calendar: office, starts: {{stage: review, when: entered}}, stops: {{stage: review}}}}
      serving: {{rule: none, limit: 3 calendar days, calendar: office, starts: {{stage: service, when: entered}}, stops: {{stage: service}}}}
origins:
{origins}
"""  # noqa: E501
PLACE = "  {name}: {{level: county, parent: city}}"
TEAM = (
    "  {name}_{role}: {{role: {role}, jurisdiction: {name}, calendar: office, at_close: suspend, officers: {officers}}}"
)
SHARED = (
    "  {role}: {{jurisdiction: city, serves: [{serves}], calendar: office, at_close: suspend, officers: {officers}}}"
)
ORIGIN = (
    "  of_{name}: {{process: poisson, enters: sorting, calendar: office, jurisdiction: {name}, rate: {rate} per year, "
    "kinds: {{urgent: 0.15, plain: 0.85}}, priority: {{urgent: 0, plain: 1}}}}"
)


def officers(cases: float, hours: float) -> int:
    """Enough officers for so many cases a year, and at least the two whom some work asks for."""
    return max(2, round(cases * hours / (OFFICE_HOURS * USE)))


def scenario() -> str:
    """The text of the scenario file."""
    teams = [
        TEAM.format(name=name, role=role, officers=officers(cases, hours))
        for name, cases in PLACES.items()
        for role, hours in (("enforcement", ENFORCEMENT_HOURS), ("review", REVIEW_HOURS))
    ]
    teams += [
        SHARED.format(role=role, serves=", ".join(PLACES), officers=officers(sum(PLACES.values()), hours))
        for role, hours in (("hearing", HEARING_HOURS), ("archive", ARCHIVE_HOURS))
    ]
    return HEAD.format(
        places="\n".join(PLACE.format(name=name) for name in PLACES if name != "city"),
        teams="\n".join(teams),
        origins="\n".join(ORIGIN.format(name=name, rate=rate) for name, rate in PLACES.items()),
    )


STAGE = np.dtype(
    [
        *((name, "i8") for name in ("op", "officers", "priority", "family", "ways_at", "ways_n", "asked")),
        ("starts", "i8"), ("stops", "i8"), ("a", "f8"), ("b", "f8"),
    ]
)  # fmt: skip
HOURS = np.dtype([(name, "i8") for name in ("opens", "closes", "sums", "of_day", "count")])
CLOCK = np.dtype(
    [(name, "i8") for name in ("limit", "in_working_days", "rolls", "before", "working", "all", "back", "how_many")]
)
"""Structs of c_program.c; addresses stand in them as whole numbers."""
POINTERS = ("stages", "team_of", "shares", "leads_to", "officers", "hours", "clocks", "door", "keys")
NUMBERS = (
    "places", "teams", "door_n", "door_width", "horizon", "n_clocks", "at_arrived", "at_since", "at_address",
    "at_ordinal", "at_handler", "at_priority", "at_enters",
)  # fmt: skip


class Model(ctypes.Structure):
    """`struct model` of c_program.c."""

    _fields_ = [(name, ctypes.c_void_p) for name in POINTERS] + [(name, ctypes.c_int64) for name in NUMBERS]


class Handed(NamedTuple):
    """A model and the arrays that it points into."""

    model: Model
    stages: int
    arrays: tuple[np.ndarray, ...]


class Rows(NamedTuple):
    """A log as it was written."""

    log: np.ndarray  # (n * 3,)
    n: int


def table(P: np.ndarray, where: int, width: int, n: int) -> np.ndarray:  # noqa: N803
    """A table of the plan as the kernel knows it, (n, width)."""
    return P[P[where] : P[where] + n * width].reshape(n, width)


def handed(plan: Plan, world: World) -> Handed:
    """The arrays of the kernel as the structs of the C program."""
    P, X = world.P, world.X  # noqa: N806
    n_stages, n_clocks, n_teams = len(plan.stages), len(plan.clocks), len(plan.teams)
    rows, lengths = table(P, L.AT_STAGE, L.STAGE_W, n_stages), table(P, L.AT_LENGTH, L.LENGTH_W, len(plan.lengths))
    stages = np.zeros(n_stages, STAGE)
    for name, column in (
        ("op", L.OP), ("officers", L.OFFICERS), ("priority", L.PRIORITY), ("ways_at", L.WAYS_AT), ("ways_n", L.WAYS_N),
        ("asked", L.ASKED),
    ):  # fmt: skip
        stages[name] = rows[:, column]
    stages["family"] = lengths[rows[:, L.LENGTH], 0]
    abc = X[P[L.F_LENGTH] :][: 3 * len(plan.lengths)].reshape(-1, 3)[rows[:, L.LENGTH]]
    stages["a"], stages["b"] = abc[:, 0], abc[:, 1]
    np.bitwise_or.at(stages["starts"], plan.clocks["start_stage"], 1 << np.arange(n_clocks))
    np.bitwise_or.at(stages["stops"], plan.clocks["stop_stage"], 1 << np.arange(n_clocks))
    of_role = table(P, L.AT_TEAM_OF, P[L.N_PLACES], len(plan.names.roles))  # there is one field
    team_of = np.ascontiguousarray(np.where(rows[:, [L.ROLE]] >= 0, of_role[rows[:, L.ROLE]], -1))
    hours, clocks = np.zeros(n_teams, HOURS), np.zeros(n_clocks, CLOCK)
    at = P[table(P, L.AT_TEAM, L.TEAM_W, n_teams)[:, L.T_HOURS][:, None] + np.arange(L.HOURS_W)]
    hours["count"] = at[:, 1]
    for name, column in (("opens", 0), ("closes", 2), ("sums", 3), ("of_day", 5)):
        hours[name] = P.ctypes.data + 8 * at[:, column]
    told = table(P, L.AT_CLOCK, L.CLOCK_W, n_clocks)
    at = P[told[:, L.K_DAYS][:, None] + np.arange(L.DAYS_W)]
    clocks["limit"], clocks["rolls"], clocks["in_working_days"] = plan.clocks["limit"], plan.clocks["rolls"], False
    clocks["in_working_days"] = told[:, L.K_COUNTS] == 2
    clocks["before"], clocks["working"] = P.ctypes.data + 8 * at[:, 0], P.ctypes.data + 8 * at[:, 3]
    clocks["all"], clocks["back"], clocks["how_many"] = at[:, 1], at[:, 2], at[:, 4]
    staff = plan.roster["officers"][plan.teams["roster_at"]].astype(np.int64)
    arrays = (stages, team_of, world.YC, world.YT, staff, hours, clocks, world.D, world.K)
    numbers = (
        P[L.N_PLACES], n_teams, P[L.N_DOOR], L.DOOR_W, plan.horizon, n_clocks, L.D_ARRIVED, L.D_SINCE, L.D_ADDRESS,
        L.D_ORDINAL, L.D_HANDLER, L.D_PRIORITY, L.D_ENTERS,
    )  # fmt: skip
    model = Model(*(array.ctypes.data for array in arrays), *map(int, numbers))
    return Handed(model, n_stages, (*arrays, P))


def compiled(folder: Path) -> ctypes.CDLL | None:
    """The C program as a library, or None where there is no compiler."""
    named = sysconfig.get_config_var("CC") or ""
    compiler = next(
        (found for name in ("cc", "gcc", "clang", *named.split()[:1]) if (found := shutil.which(name))), None
    )
    if compiler is None:
        return None
    library = folder / "c_program.so"
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    program = ctypes.CDLL(str(library))
    program.run.restype = ctypes.c_int64
    program.run.argtypes = [ctypes.POINTER(Model), ctypes.c_int64, ctypes.POINTER(ctypes.c_void_p)]
    program.release.argtypes = [ctypes.c_void_p]
    return program


class CLog:
    """A log that the C program has written; its memory goes back with it."""

    def __init__(self, program: ctypes.CDLL, given: Handed) -> None:
        self._program, self._at = program, ctypes.c_void_p()
        self.n = int(program.run(ctypes.byref(given.model), given.stages, ctypes.byref(self._at)))
        if self.n < 0:
            raise SystemExit("c_program.c has no room for so many stages, clocks or teams")

    @property
    def log(self) -> np.ndarray:
        """The rows, (n * 3,); to be read while this object lives."""
        return np.ctypeslib.as_array(ctypes.cast(self._at, ctypes.POINTER(ctypes.c_int64)), (self.n * L.LOG_W,))

    def __del__(self) -> None:
        self._program.release(self._at)


def of_kernel(plan: Plan, world: World, rows: int) -> Rows:
    """The log that the kernel writes, with room for so many rows: nothing is taken over and put into order."""
    rooms = Rooms(world._replace(S=world.S.copy()), plan)
    rooms.grow("T", rows)
    with np.errstate(over="ignore"):
        while (status := kernel(rooms.world)) != L.DONE:
            for name in GROWS[status]:
                rooms.grow(name)
    return Rows(rooms.world.T, int(rooms.world.S[L.LOG_N]))


def world_of(plan: Plan) -> World:
    """What the kernel and the C program begin with."""
    cases, attending = intake(plan, 0), attendance(plan, 0)
    world = board(plan, 0, cases, running_clocks(plan, 0, cases), attending)
    if len(first_events(plan, attending)) or world.S[L.STIRRED_N]:
        raise SystemExit("the C program knows nothing that happens by itself")
    return world


def from_plan(plan: Plan, program: ctypes.CDLL, rows: int) -> None:
    """From a plan to a checked log, as the engine goes, with the C program in place of its kernel."""
    world = world_of(plan)
    log = CLog(program, handed(plan, world))
    _, sound = in_order(Rows(log.log, log.n), int(world.P[L.N_DOOR]), rows)
    if not sound:
        raise SystemExit("the log of the C program does not balance")


def in_order(rows: Rows, cases: int, most: int) -> tuple[list[np.ndarray], bool]:
    """A log put into canonical order, and whether it balances; no instant has more than `most` rows."""
    log = Columns(cases)
    log.take(rows.log, rows.n, most, cases)
    return log.whole(cases)


def differs(ours: Rows, theirs: Rows, cases: int) -> str | None:
    """Where two logs in canonical order differ first; None if nowhere."""
    (mine, _), (other, _) = (in_order(rows, cases, rows.n) for rows in (ours, theirs))
    n = min(ours.n, theirs.n)
    wrong = np.flatnonzero(np.any([a[:n] != b[:n] for a, b in zip(mine, other, strict=True)], axis=0))
    if not len(wrong) and ours.n == theirs.n:
        return None
    row = int(wrong[0]) if len(wrong) else n
    told = ([int(column[row]) for column in columns_ if row < len(column)] for columns_ in (mine, other))
    return f"row {row} of {ours.n:,} and {theirs.n:,}: the kernel has {next(told)}, the C program {next(told)}"


def tell(what: str, found: Pairs) -> None:
    """Print how much of the C program's speed was reached."""
    (runs,) = found.values()
    print(f"{what}: {spread((theirs.wall / ours.wall for ours, theirs in runs), 2)}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(Path(folder))
        if program is None:
            print("No C compiler was found; nothing is compared.")
            return
        file = Path(folder) / "scenario.yaml"
        file.write_text(scenario(), encoding="utf-8")
        plan = build(load(file))
    world = world_of(plan)
    given = handed(plan, world)
    log = CLog(program, given)
    theirs, cases = Rows(log.log, log.n), int(world.P[L.N_DOOR])
    room = theirs.n + MARGIN + len(plan.teams)
    ours = of_kernel(plan, world, room)
    if found := differs(ours, theirs, cases):
        print(f"The logs differ: {found}")
        sys.exit(1)
    rows, at = ours.n, np.flatnonzero(np.diff(theirs.log[:: L.LOG_W], prepend=-1, append=-1))
    most = int(np.diff(at).max())
    print(f"cases: {cases:,}; rows of the log, all the same in both: {rows:,}; pairs: {ROUNDS}")

    def many(_: str, __: object) -> int:
        return cases

    alone: dict[str, Callable[[int], object]] = {
        "kernel": lambda _: of_kernel(plan, world, room), "C program": lambda _: CLog(program, given),
    }  # fmt: skip
    whole: dict[str, Callable[[int], object]] = {
        "plan to log": lambda _: engine(plan, 0), "the same with C": lambda _: from_plan(plan, program, most),
    }  # fmt: skip
    kernels, engines = pairs(alone, ROUNDS, many), pairs(whole, ROUNDS, many)
    for number, name in enumerate(alone):
        each = statistics.median(run[number].wall for run in kernels["C program"])
        print(f"  {name}: {each * 1e6:.2f} us a case, {each * cases / rows * 1e9:.0f} ns a row of the log")
    tell("speed of C reached", kernels)
    tell("speed of C reached from plan to log", engines)
    print(f"Wanted is at least {LEAST}, aimed at {AIM}. The C program can run no other model.")


if __name__ == "__main__":
    main()
