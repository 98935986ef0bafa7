"""Engine and measures count legal clocks each in its own way; on generated offices they must agree to the second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.clocks import clock_runs, closing_times
from enforcement_sim.measures.register import ran_out, register
from enforcement_sim.measures.visits import visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, What

STAGES = ("reply", "inquiry", "testing", "draft")


@dataclass(frozen=True)
class Clock:
    """One generated clock."""

    limit: str
    starts: tuple[str, str]
    stops: tuple[str, str]
    suspended: tuple[str, ...]
    rolls: bool
    extensions: tuple[tuple[int, float], ...]
    lapses: bool

    def written(self, name: str) -> str:
        unit = self.limit.split(" ", 1)[1]
        longer = ", ".join(
            f"{{by: {by} {unit}, approver: head, granted: {granted}}}" for by, granted in self.extensions
        )
        return (
            f"      {name}: {{rule: story, limit: {self.limit}, calendar: office, rolls: {str(self.rolls).lower()}, "
            f"starts: {{stage: {self.starts[0]}, when: {self.starts[1]}}}, "
            f"stops: {{stage: {self.stops[0]}, when: {self.stops[1]}}}, suspended_in: [{', '.join(self.suspended)}], "
            f"extensions: [{longer}]{', lapses_to: lapsed' if self.lapses else ''}}}\n"
        )


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    unit = draw(st.sampled_from(["calendar days", "working days", "months"]))
    moment = st.tuples(st.sampled_from(STAGES), st.sampled_from(["entered", "ended"]))
    started = st.tuples(st.sampled_from(["inquiry", "draft"]), st.just("started"))
    return Clock(
        limit=f"{draw(st.integers(1, 2) if unit == 'months' else st.integers(1, 15))} {unit}",
        starts=draw(st.one_of(moment, started)),
        stops=draw(st.one_of(moment, started)),
        suspended=tuple(sorted(draw(st.sets(st.sampled_from(STAGES), max_size=2)))),
        rolls=draw(st.booleans()),
        extensions=tuple(draw(st.lists(st.tuples(st.integers(1, 5), st.sampled_from([0, 0.5, 1])), max_size=2))),
        lapses=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def offices(draw: st.DrawFn) -> str:
    # Whole legal days put many moments on the midnights at which limits run out; hours put them elsewhere.
    length = st.one_of(
        st.integers(0, 6).map(lambda n: f"{n} calendar days"), st.integers(0, 5).map(lambda n: f"{n} working days"),
        st.integers(1, 120).map(lambda n: f"{n} h"),
    )  # fmt: skip
    back = draw(st.sampled_from(["reply", "inquiry", "testing"]))
    times = sorted(draw(st.lists(st.integers(0, 240).map(lambda n: n * 12), min_size=1, max_size=6)))
    urgent = sorted(draw(st.lists(st.integers(0, 500), max_size=4)))
    cut = draw(st.sampled_from(["leftovers_count", "suspend"]))
    works = ", ".join(str(draw(st.integers(1, 40))) + " h" for _ in range(3))
    named = "".join(
        clock.written(f"clock_{n}") for n, clock in enumerate(draw(st.lists(clocks(), min_size=1, max_size=3)))
    )
    at = ", ".join(f"{hour} h" for hour in times)
    urgently = f"  urgent: {{process: listed, enters: urgent, at: [{', '.join(f'{hour} h' for hour in urgent)}]}}\n"
    return f"""format: 1
title: clocks
purpose: theory
period: {{start: 2024-01-15, end: 2024-05-20}}
calendars: {{office: {{days: china, hours: ["09:00-12:00", "13:00-18:00"]}}}}
teams:
  staff: {{officers: 2, calendar: office, preempts: true, on_cut: {cut}, roster: [{{on: 2024-02-21, officers: 1}}]}}
procedures:
  p:
    outcomes: {{lapsed: lapsed}}
    stages:
      urgent: {{kind: work, team: staff, duration: 9 h, priority: 0, then: closed}}
      reply: {{kind: wait, calendar: office, duration: {draw(length)}, rolls: {str(draw(st.booleans())).lower()}, then: inquiry}}
      inquiry: {{kind: work, team: staff, priority: 1, duration: {{family: listed, values: [{works}]}}, then: testing}}
      testing: {{kind: wait, calendar: office, duration: {draw(length)}, then: draft}}
      draft: {{kind: work, team: staff, priority: 2, duration: 5 h, then: {{by: visit, ways: {{0: {back}}}, otherwise: pause}}}}
      pause: {{kind: wait, duration: 24 h, then: closed}}
    clocks:
{named}origins:
  cases: {{process: listed, enters: reply, at: [{at}]}}
{urgently if urgent else "  urgent: {process: listed, enters: urgent, at: [1 h]}"}
"""


def told(text: str) -> tuple[Plan, EventLog]:
    plan = build(scenario_of(parse_text(text, "clocks.yaml")))
    return plan, run(plan, 0)


def seen_by_engine(log: EventLog, plan: Plan) -> list[tuple[int, str, int]]:
    """(case, clock, second) of every clock that does not lapse and has run out, as the engine noted it."""
    rows = np.flatnonzero(log.rows(What.RAN_OUT))
    noted = [(int(log.case[row]), int(log.team[row]), int(log.time[row])) for row in rows]
    return sorted(
        (case, plan.names.clock_rows[clock], second)
        for case, clock, second in noted
        if plan.clocks["lapses_to"][clock] < 0
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offices())
def test_the_register_holds_what_the_engine_has_seen_run_out_to_the_second(text: str) -> None:
    plan, log = told(text)
    log.check()
    table = register(log, plan, visits(log))

    assert len(table) == ran_out(log, plan)
    assert sorted(zip(table["case"], table["clock"], table["due"], strict=True)) == seen_by_engine(log, plan)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offices())
def test_limits_run_out_at_midnight_or_not_at_all(text: str) -> None:
    _plan, log = told(text)
    rows = log.rows(What.RAN_OUT) | log.rows(What.EXTENDED)

    assert (log.time[rows] % DAY == 0).all()


SHARE = """format: 1
title: extensions
purpose: theory
period: {start: 2024-01-15, end: 2024-05-20}
calendars: {office: {days: china}}
procedures:
  p:
    stages: {inquiry: {kind: wait, duration: 20 days, then: closed}}
    clocks:
      limit:
        rule: story
        limit: 3 calendar days
        calendar: office
        starts: {stage: inquiry, when: entered}
        stops: {stage: inquiry}
        extensions: [{by: 5 calendar days, approver: head, granted: %s}, {by: 5 calendar days, approver: head, granted: 0.5}]
origins: {cases: {process: poisson, rate: 30 per day, enters: inquiry}}
"""


def extended(share: float) -> tuple[set[int], set[int]]:
    """The cases that were extended at least once, and those twice."""
    _, log = told(SHARE % share)
    cases, times = np.unique(log.case[log.rows(What.EXTENDED)], return_counts=True)
    return set(cases.tolist()), set(cases[times == 2].tolist())


def test_extensions_are_granted_at_their_shares_one_after_the_other() -> None:
    _, log = told(SHARE % 0.3)
    asked = len(np.unique(log.case[log.rows(What.RAN_OUT)]))
    once, twice = extended(0.3)

    assert asked > 3000
    assert abs(len(once) / asked - 0.3) < 4 * (0.3 * 0.7 / asked) ** 0.5
    assert abs(len(twice) / len(once) - 0.5) < 4 * (0.25 / len(once)) ** 0.5
    assert twice < once


def test_who_is_granted_an_extension_at_a_small_share_is_granted_it_at_a_larger_one() -> None:
    few, many = extended(0.3)[0], extended(0.6)[0]

    assert few < many


def test_a_run_that_was_replaced_in_time_is_no_run() -> None:
    text = (
        SHARE.split("procedures:")[0]
        + """procedures:
  p:
    stages: {ask: {kind: wait, duration: 2 days, then: {by: visit, ways: {0: ask}, otherwise: closed}}}
    clocks:
      limit: {rule: story, limit: %s calendar days, rolls: false, starts: {stage: ask, when: entered}, stops: {stage: ask, when: started}}
origins: {cases: {process: listed, enters: ask, at: [9 h]}}
"""
    )
    for limit, started in ((3, [2 * DAY]), (1, [0, 2 * DAY])):
        plan, log = told(text % limit)
        runs = clock_runs(log, plan, visits(log), 0, closing_times(log))

        assert (runs.started // DAY * DAY).tolist() == started
