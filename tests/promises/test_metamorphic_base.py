"""What must hold between two runs of the shipped base: other names, halves of an origin, more officers, longer days.

The small scenarios of test_metamorphic.py leave out what the base is full of: clocks, legal periods, child matters,
meetings, desks that lend officers to each other. Each test here has a quick version on the first quarter (the counts of
2021 are those of that quarter) and a long one; both begin with the base as its file tells it, changed in memory.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from enforcement_sim.engines.reference import Reference, run
from enforcement_sim.files.read import load
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.backlog import backlog
from enforcement_sim.measures.findings import findings
from enforcement_sim.measures.visits import visits
from enforcement_sim.model.distributions import Discrete, Fixed, Lognormal, Triangular
from enforcement_sim.model.figures import Figure
from enforcement_sim.model.origins import Counted, YearCount
from enforcement_sim.model.quantities import CALENDAR_DAY, Length
from enforcement_sim.model.scenario import Period, Scenario
from enforcement_sim.model.stages import Gate, Procedure, Stage, Wait, Work
from enforcement_sim.model.teams import Team
from enforcement_sim.model.ways import ByShare
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan, Records
from enforcement_sim.records import DAY, HOUR, NONE, What

BASE = Path(__file__).parents[2] / "scenarios" / "tianjin" / "base.yaml"
DISTRICTS = ("tianjin", "baodi", "dakoutun", "dongli")
"""Enough for the quick versions: the city, a district of seven desks that share reviewers with a town, one of a single
desk."""
OF_TEAMS = ("officer_hours", "work_hours", "overtime_hours", "use", "wait_mean", "wait_p90")
"""Measures that tell of a team; elsewhere `police` or `court` may name a phase."""
ABOUT_CLOCKS = (What.EXTENDED, What.RAN_OUT)
"""Rows whose team column holds the number of a clock."""


@cache
def base() -> Scenario:
    return load(BASE)


def until(year: int, *places: str) -> Scenario:
    """The base up to New Year, with the cases of these places only (none: of all)."""
    scenario = base()
    origins = {}
    for name, origin in scenario.origins.items():
        assert isinstance(origin, Counted)
        rows = [row for row in origin.counts if row.year < year and (not places or row.jurisdiction in places)]
        if rows:
            origins[name] = origin.model_copy(update={"counts": rows})
    period = Period(start=scenario.period.start, end=dt.date(year, 1, 1), warm_up=Length(31, "day"))
    return scenario.model_copy(update={"origins": origins, "period": period})


def a_quarter() -> Scenario:
    return until(2022, *DISTRICTS)


LENGTHS = [
    pytest.param(a_quarter, id="a quarter of four districts"),
    pytest.param(base, id="the whole base", marks=pytest.mark.long),
]


def told(scenario: Scenario, replication: int = 0) -> tuple[Plan, EventLog]:
    plan = build(scenario)
    return plan, run(plan, replication)


@cache
def plainly(scenario: Callable[[], Scenario]) -> tuple[Plan, EventLog]:
    """The run of a scenario without any change, shared by the tests that compare with it."""
    return told(scenario())


def with_stages(scenario: Scenario, change: Callable[[str, Stage], Stage]) -> Scenario:
    """Every stage of every procedure put through a change, which learns its name."""

    def changed(body: Procedure) -> Procedure:
        # A copy would keep the stage's former self among its dated versions.
        assert not any(stage.changes for stage in body.stages.values())
        return body.model_copy(update={"stages": {name: change(name, stage) for name, stage in body.stages.items()}})

    return scenario.model_copy(update={"procedures": {name: changed(p) for name, p in scenario.procedures.items()}})


def with_teams(scenario: Scenario, teams: Iterable[tuple[str, Team]]) -> Scenario:
    return scenario.model_copy(update={"teams": dict(teams)})


# Other names, another order


def by_name(log: EventLog) -> np.ndarray:
    """The rows of a log, a column each, teams numbered by the alphabet and not by their order in the file."""
    number = np.argsort(np.argsort(log.names.teams))
    is_team = (log.team != NONE) & ~np.isin(log.what, ABOUT_CLOCKS)
    teams = np.where(is_team, number[np.where(is_team, log.team, 0)], log.team)
    return np.array([log.time, log.case, log.what, log.stage, teams])


def hearers(scenario: Scenario) -> dict[str, str]:
    """For each team the one whose officers it may want at the same instant as others do: the reviewers of a hearing."""
    reviews = {
        place: name for name, team in scenario.teams.items() if team.role == "reviewers" for place in team.serves
    }
    return {
        name: reviews[str(team.jurisdiction)] if team.role == "enforcement" else name
        for name, team in scenario.teams.items()
    }


def mixed(scenario: Scenario) -> Scenario:
    """Teams in turn from one district after the other, the last first; within a district their order stays."""
    groups: dict[str, list[tuple[str, Team]]] = {}
    for name, team in scenario.teams.items():
        groups.setdefault(hearers(scenario)[name], []).append((name, team))
    most = max(len(group) for group in groups.values())
    turns = [group[n] for n in range(most) for group in reversed(groups.values()) if n < len(group)]
    return with_teams(scenario, turns)


def turned(scenario: Scenario) -> Scenario:
    """Teams in the opposite order."""
    return with_teams(scenario, reversed(scenario.teams.items()))


@pytest.mark.parametrize("scenario", LENGTHS)
def test_teams_that_swap_their_names_change_nothing_but_the_names(scenario: Callable[[], Scenario]) -> None:
    teams = scenario().teams
    # Stages call every team of the base by its role. A name is an address of chance only for absence, other duties and
    # officers by name, of which the base has none; with them other names would rightly mean other luck.
    assert all(
        team.role and not (team.absence or team.leave or team.other_duties or team.people) for team in teams.values()
    )
    other = dict(zip(teams, reversed(teams), strict=True))

    plan, log = plainly(scenario)
    named_plan, named = told(with_teams(scenario(), [(other[name], team) for name, team in teams.items()]))

    assert named.names.teams == tuple(reversed(log.names.teams))
    assert named.digest == log.digest
    table, named_table = findings(log, plan), findings(named, named_plan)
    of_teams = table["measure"].isin(OF_TEAMS)
    items = table["item"][of_teams].str.partition("/")  # a team, or a team and a stage of its line
    assert set(items[0]) == set(teams)
    table.loc[of_teams, "item"] = items[0].map(other) + items[1] + items[2]
    pd.testing.assert_frame_equal(named_table, table)


@pytest.mark.parametrize("scenario", LENGTHS)
def test_another_order_of_the_districts_changes_nothing(scenario: Callable[[], Scenario]) -> None:
    """Teams choose in team order, so it matters only where two of them may want the same officers at one instant.

    In the base that is the hearing, for which an enforcement team takes a reviewer of its district from the reviewers'
    own line. `mixed` therefore keeps the order within a district and leaves nothing else in its place.
    """
    _, log = plainly(scenario)
    _, other = told(mixed(scenario()))

    moved = [name for name, before in zip(other.names.teams, log.names.teams, strict=True) if name != before]
    assert len(moved) > 0.8 * len(log.names.teams)
    assert np.array_equal(by_name(other), by_name(log))


def with_many_hearings(scenario: Scenario, reviewers: int) -> Scenario:
    """Every third notice leads to a hearing, which takes so many reviewers of the district."""
    share = ByShare.model_validate({"shares": {"hearing_notice": 0.33, "decision": "rest"}})

    def change(name: str, stage: Stage) -> Stage:
        if name == "notice":
            return stage.model_copy(update={"then": share})
        if isinstance(stage, Work) and stage.also:
            return stage.model_copy(update={"also": {"reviewers": reviewers} if reviewers else {}})
        return stage

    return with_stages(scenario, change)


def test_only_ties_for_a_reviewer_depend_on_the_order_of_teams() -> None:
    lent, alone = with_many_hearings(a_quarter(), 1), with_many_hearings(a_quarter(), 0)
    plain = by_name(told(lent)[1])

    assert np.array_equal(by_name(told(mixed(lent))[1]), plain)
    assert not np.array_equal(by_name(told(turned(lent))[1]), plain)
    assert np.array_equal(by_name(told(turned(alone))[1]), by_name(told(alone)[1]))


# An origin in two halves


def halved(row: YearCount, second: bool) -> YearCount:
    """Half the cases of a row, and half of each of its kinds; the second half takes what is odd."""

    def half(figure: Any) -> Any:
        return figure if isinstance(figure, str) else Figure[int](value=(figure.value + second) // 2)

    kinds = {kind: half(figure) for kind, figure in row.kinds.items()}
    return row.model_copy(update={"count": half(row.count), "kinds": kinds})


def in_halves(scenario: Scenario) -> Scenario:
    """Reports as two origins; both get new names and with them luck of their own."""
    reports = scenario.origins["reports"]
    assert isinstance(reports, Counted)
    halves = {
        f"reports_{number}": reports.model_copy(
            update={"counts": [halved(row, bool(number)) for row in reports.counts]}
        )
        for number in (0, 1)
    }
    others = {name: origin for name, origin in scenario.origins.items() if origin is not reports}
    return scenario.model_copy(update={"origins": {**others, **halves}})


def filed(log: EventLog) -> dict[tuple[str, str, str], int]:
    """Cases at the door by origin (both halves as one), jurisdiction and kind."""
    door = log.cases[log.cases["parent"] == NONE]
    rows, counts = np.unique(door[["origin", "giver", "kind"]], return_counts=True)
    found: dict[tuple[str, str, str], int] = {}
    for (origin, place, kind), count in zip(rows.tolist(), counts.tolist(), strict=True):
        names = log.names.origins[origin].split("_")[0], log.names.jurisdictions[place], log.names.kinds[kind]
        found[names] = found.get(names, 0) + count
    return found


TOTALS = ("closed cases", "hours in line", "hours of a lead check", "days to closing", "variance of reports a day")


def totals(scenario: Scenario, replications: int) -> tuple[list[dict[tuple[str, str, str], int]], np.ndarray]:
    """Who was filed, and a row of totals (TOTALS), replication by replication."""
    plan = build(scenario)
    hours = plan.work_tables[plan.names.calendars.index("office")]
    doors, rows = [], []
    for n in range(replications):
        log = run(plan, n)
        seen = visits(log)
        checked = (np.array(log.names.stages)[seen.stage] == "lead_check") & (seen.how == What.ENDED)
        is_report = np.char.startswith(np.array(log.names.origins), "reports")[log.cases["origin"]]
        is_report &= log.cases["parent"] == NONE
        closed = log.rows(What.CLOSED)
        reports = closed & is_report[log.case]
        day = np.bincount(log.cases["arrived"][is_report] // DAY, minlength=plan.horizon // DAY)
        doors.append(filed(log))
        rows.append(
            (
                closed.sum(),
                (seen.started - seen.entered)[seen.was_served].mean() / HOUR,
                (hours.worked(seen.left[checked]) - hours.worked(seen.started[checked])).mean() / HOUR,
                (log.time[reports] - log.cases["filed"][log.case[reports]]).mean() / DAY,
                day.var(),
            )
        )
    return doors, np.array(rows, dtype=np.float64)


@pytest.mark.parametrize(
    ("scenario", "replications", "widest"),
    [
        pytest.param(
            lambda: until(2022, "dongli", "jinnan"), 8, (0.05, 0.5, 0.15, 0.3, 0.3), id="a quarter of two districts"
        ),
        pytest.param(
            lambda: until(2023), 5, (0.01, 0.2, 0.05, 0.05, 0.05), id="fifteen months of all", marks=pytest.mark.long
        ),
    ],
)
def test_reports_in_two_halves_change_totals_only_by_chance(
    scenario: Callable[[], Scenario], replications: int, widest: tuple[float, ...]
) -> None:
    """Counts are met, so the door is equal to the case; what comes behind it, only in distribution.

    A year's reports are independent draws from that year's office time, and so are those of its halves taken together.
    (Over fields and homes each half is split into whole cases on its own; a field or home may have one case more.)
    Bounds: the difference of two means of n replications over its standard error has a t distribution with 2n - 2
    degrees of freedom, a little narrower here since both sides meet the same inspections with the same luck. Where the
    true means are equal, the bound (4.1 errors for n = 8, 5.0 for n = 5) is left once in 1,000 seeds. So that the test
    goes on telling something, a bound must also stay below a share of the mean: `widest`, two or three times what it came to be.
    """
    doors, whole = totals(scenario(), replications)
    half_doors, halves = totals(in_halves(scenario()), replications)

    assert half_doors == doors
    errors = np.sqrt((whole.var(axis=0, ddof=1) + halves.var(axis=0, ddof=1)) / replications)
    bounds = errors * stats.t.ppf(1 - 0.001 / 2, 2 * replications - 2)
    for n, of in enumerate(TOTALS):
        one, other = whole[:, n], halves[:, n]
        assert one.tolist() != other.tolist(), of
        assert abs(one.mean() - other.mean()) < bounds[n], of
    assert (bounds < np.array(widest) * whole.mean(axis=0)).all()


# More officers


def one_visit(scenario: Scenario) -> Scenario:
    """Every case of an enforcement team ends with its inspection or lead check: a pool without feedback a team.

    What else comes to these teams (children, redone decisions, replies, files to close) begins behind the two, so that
    nothing is left of it; reviewers, police and courts have nothing to do.
    """
    ends = {"inspection": "clean", "lead_check": "not_filed"}

    def change(name: str, stage: Stage) -> Stage:
        if name not in ends:
            return stage
        return stage.model_copy(update={"then": ByShare.model_validate({"shares": {ends[name]: {"value": 1.0}}})})

    origins = {name: origin for name, origin in scenario.origins.items() if origin.enters in ends}
    return with_stages(scenario.model_copy(update={"origins": origins}), change)


def with_officers(scenario: Scenario, number: Callable[[int], int]) -> Scenario:
    """Another number of officers for every enforcement team."""
    return with_teams(
        scenario,
        (
            (name, team.model_copy(update={"officers": Figure[int](value=number(team.officers.value))}))
            if team.role == "enforcement"
            else (name, team)
            for name, team in scenario.teams.items()
        ),
    )


@pytest.mark.parametrize("scenario", LENGTHS)
def test_another_pair_of_officers_makes_no_case_of_a_pool_later_and_no_backlog_larger(
    scenario: Callable[[], Scenario],
) -> None:
    """More officers never hurt in a first-come pool in which nobody overtakes and nobody comes back.

    Both stages stand in one priority class and lines are strict, so cases start in order of arrival (then of number): a
    case starts at the first second in office hours at which it has come, the one before it has started, and those
    before it that are still in work leave it two officers. Its work is the same in both runs, since a draw is addressed
    by case and not by turn or by size of team, and what starts no later ends no later. Along the line it follows that
    with more officers every case could start when it starts with fewer: by then the one before it has started too, and
    none of the earlier ones is in work that is not in work there. So no case starts later, none ends later, and at no
    moment are more of them open. Where lines skip, classes overtake or cases come back, the order in line is itself a
    matter of how many officers there are, and nothing of this holds: hence the cut of the base.

    As every case takes two officers, a third without a mate changes nothing at all; the next pair does. With this work
    alone most of the base's teams would be busy for less than half of their time; half their officers are at 70 % in
    some teams and beyond 100 % in others.
    """
    pools = one_visit(scenario())
    few_plan, few = told(with_officers(pools, lambda officers: 2 * max(1, officers // 4)))
    many_plan, many = told(with_officers(pools, lambda officers: 2 * max(1, officers // 4) + 2))
    _, odd = told(with_officers(pools, lambda officers: 2 * max(1, officers // 4) + 1))
    a, b = visits(few), visits(many)

    assert {(team.line, team.queue, team.preempts) for team in pools.teams.values()} == {
        ("strict", "first_come", False)
    }
    assert np.unique(few_plan.stages[["priority", "officers"]][a.stage]).tolist() == [(2, 2)]
    assert np.array_equal(a.case, b.case)
    assert np.diff(a.case).min() > 0  # one visit each
    assert (b.started <= a.started).all()
    assert (b.left <= a.left).all()
    assert odd.digest == few.digest
    tables = backlog(few, few_plan, a, every_days=1), backlog(many, many_plan, b, every_days=1)
    rows = tables[0].merge(tables[1], on=["measure", "jurisdiction", "field", "item", "period"], validate="1:1")
    assert len(rows) == len(tables[0]) == len(tables[1])
    assert (rows["value_y"] <= rows["value_x"]).all()
    # In most teams somebody did wait, and waits less.
    assert len(np.unique(a.team[b.started < a.started])) > 0.5 * len(np.unique(a.team))
    assert (rows["value_y"] < rows["value_x"]).mean() > 0.2


# Longer days

NOON = 3 * HOUR
"""Working time before the midday break of the base, 09:00-12:00 and 13:00-18:00; the short office has no break."""
OPENS = 9 * HOUR


def in_long_office(moment: int) -> int:
    """The second of the base's office that is twice as far into the working day as one of 09:00-13:00.

    Noon stands for the second at which the short office is half-way to where the long one breaks off: work that ends
    then ends at noon. Seconds outside the short office's hours stay as they are.
    """
    day, second = divmod(moment, DAY)
    worked = 2 * (second - OPENS)
    if not 0 <= worked <= 8 * HOUR:
        return moment
    return day * DAY + OPENS + worked + (HOUR if worked > NOON else 0)


def in_short_office(second: int) -> int:
    """The other way round, for a second of the day that is a whole number of minutes."""
    found = next(s for s in range(0, DAY, 60) if OPENS <= s <= OPENS + 4 * HOUR and in_long_office(s) == second)
    assert in_long_office(found) == second
    return found


def in_minutes(work: Any, times: int) -> Any:
    """A length of work as twenty lengths of whole minutes, or one, times 1 or 2; about half the base's, times 1."""
    if isinstance(work, Fixed):
        return Fixed(family="fixed", value=Length(times * work.value.seconds / 120, "min"))
    assert isinstance(work, Lognormal)
    assert work.median is not None
    _, sigma = work.mu_sigma()
    luck = [NormalDist().inv_cdf((n + 0.5) / 20) for n in range(20)]
    halves = [max(1, round(work.median.seconds / 120 * math.exp(sigma * z))) for z in luck]
    return Discrete(family="discrete", values=[Length(times * half, "min") for half in halves], shares=[0.05] * 20)


def in_days(wait: Any) -> Any:
    """A period of the clock as one of calendar days, which ends at midnight in either office."""
    if isinstance(wait, Triangular) and not wait.low.is_days:
        days = [Length(length.seconds / DAY, CALENDAR_DAY) for length in (wait.low, wait.mode, wait.high)]
        return Triangular(family="triangular", low=days[0], mode=days[1], high=days[2])
    return wait


def office(scenario: Scenario, times: int) -> Scenario:
    """The scenario with work in whole minutes: in an office of four hours (1) or in the base's with all twice as long."""

    def change(_: str, stage: Stage) -> Stage:
        if isinstance(stage, Work):
            return stage.model_copy(update={"duration": in_minutes(stage.duration, times)})
        if isinstance(stage, Wait):
            return stage.model_copy(update={"duration": in_days(stage.duration)})
        if isinstance(stage, Gate) and times == 1:
            assert stage.time is not None
            minutes = in_short_office(stage.time.hour * HOUR + stage.time.minute * 60) // 60
            return stage.model_copy(update={"time": dt.time(minutes // 60, minutes % 60)})
        return stage

    hours = scenario.calendars["office"]
    assert hours.hours == ["09:00-12:00", "13:00-18:00"]
    if times == 1:
        hours = hours.model_copy(update={"hours": ["09:00-13:00"]})
    return with_stages(scenario.model_copy(update={"calendars": {"office": hours}}), change)


@pytest.mark.parametrize(
    "scenario",
    [
        # With a third of the officers lines are long, and clocks run out within the quarter.
        pytest.param(
            lambda: with_officers(a_quarter(), lambda n: 2 * max(1, n // 6)), id="a quarter of four districts"
        ),
        pytest.param(base, id="the whole base", marks=pytest.mark.long),
    ],
)
def test_an_office_of_half_the_hours_with_work_of_half_the_length_gives_the_same_log_in_working_time(
    scenario: Callable[[], Scenario],
) -> None:
    """The base's office of eight hours beside one of 09:00-13:00 in which cases come and work lasts half as long.

    Exact only in a form in which nothing is rounded and nothing goes by the clock. A drawn length is rounded to whole
    seconds, and half of it again, and one second can make the difference between today and tomorrow: work therefore
    takes one of twenty lengths of whole minutes at the base's quantiles, so that one is exactly half of the other. What
    ends by date (legal periods, clocks, waits in days) ends at midnight of the same day in both offices; the base's few
    waits by the clock are told in calendar days. Meetings, and cases at the door, come when the same part of the working
    day is over.
    """
    short_plan, long_plan = build(office(scenario(), 1)), build(office(scenario(), 2))
    cases = intake(short_plan, 0)
    moved: Records = cases.copy()
    for column in ("arrived", "filed", "since"):
        moved[column] = [in_long_office(moment) for moment in cases[column].tolist()]
    short, long = (Reference(p, 0, c).run() for p, c in ((short_plan, cases), (long_plan, moved)))

    # Case by case: the midday break parts what ends in one second from what starts in it.
    orders = [np.argsort(log.case, kind="stable") for log in (short, long)]
    for column in ("case", "what", "stage", "team"):
        one, other = (getattr(log, column)[order] for log, order in zip((short, long), orders, strict=True))
        assert np.array_equal(one, other), column
    times = [log.time[order] for log, order in zip((short, long), orders, strict=True)]
    worked = [
        plan.work_tables[plan.names.calendars.index("office")].worked(time)
        for plan, time in zip((short_plan, long_plan), times, strict=True)
    ]
    assert np.array_equal(2 * worked[0], worked[1])
    assert np.array_equal(times[0] // DAY, times[1] // DAY)
    assert (times[0] != times[1]).mean() > 0.5
    happened = set(np.unique(short.what).tolist())
    assert happened >= {What.STARTED, What.CLOSED, What.RAN_OUT}
