"""Runs that start from open cases: stories to the day, and a run cut in two that goes on as if nobody had cut it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.export import write_csv, write_xes
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.clocks import clock_runs, closing_times
from enforcement_sim.measures.findings import findings
from enforcement_sim.measures.register import ran_out, register
from enforcement_sim.measures.tables import scenario_tables
from enforcement_sim.measures.visits import OPEN, visits
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, HOUR, What
from enforcement_sim.views.words import start_told


def told(body: str, period: str = "start: 2024-02-19, length: 60 days") -> tuple[Plan, EventLog]:
    text = f"format: 1\ntitle: story\npurpose: theory\nperiod: {{{period}}}\n{body}"
    plan = build(scenario_of(parse_text(text, "story.yaml")))
    return plan, run(plan, 0)


def times(log: EventLog, what: What, unit: int = DAY) -> dict[int, float]:
    rows = log.rows(what)
    return {case: time / unit for case, time in zip(log.case[rows].tolist(), log.time[rows].tolist(), strict=True)}


# 2024: Spring Festival 10-17 February; Sunday 4 and Sunday 18 February are worked, and so is the eve, Friday 9.
OFFICE = """
calendars: {office: {days: china, hours: ["09:00-12:00", "13:00-17:00"]}}
teams: {staff: {officers: 1, calendar: office}}
procedures:
  p:
    stages:
      reply: {kind: wait, duration: 10 working days, calendar: office, then: decision}
      decision: {kind: work, team: staff, duration: 2 h, then: closed}
    clocks:
      reply_12: {rule: a, limit: 12 working days, calendar: office, starts: {stage: reply, when: entered}, stops: {stage: reply}}
      all_30: {rule: b, limit: 30 calendar days, calendar: office, starts: {stage: reply, when: entered}, stops: {stage: decision}}
"""


class TestAcrossTheSpringFestival:
    PLAN, LOG = told(
        OFFICE + "origins:\n  open:\n    process: backlog\n    cases:\n"
        "      - {stage: decision, count: 3, age: {family: listed, values: [29 days, 40 days, 33 days]}}\n"
        "      - {stage: reply, count: 1, age: 17 days, in_stage: 17 days}\n"
        "  new: {process: listed, enters: reply, at: [30 days]}\n"
    )

    def test_the_line_stands_oldest_first_and_the_wait_ends_ten_working_days_after_it_began(self) -> None:
        assert (self.LOG.cases["filed"] / DAY).tolist() == [-40, -33, -29, -17, 30]
        closed = times(self.LOG, What.CLOSED, HOUR)
        # 9:00-11:00, 11:00-12:00 and 13:00-14:00, 14:00-16:00; the reply came in on 2 February, its tenth working
        # day is 21 February.
        assert [closed[case] for case in range(3)] == [11, 14, 16]
        assert closed[3] == 3 * 24 + 11

    def test_clocks_that_ran_out_before_are_overdue_from_the_first_second_on_and_told_once(self) -> None:
        table = register(self.LOG, self.PLAN, visits(self.LOG))
        old = table[table["case"] < 3]

        # Filed on 10 January: the 30th day is 9 February. Filed on 17 January: 16 February, moved to the 18th.
        assert old["case"].tolist() == [0, 1]
        assert (old["started"] / DAY).tolist() == [-40, -33]
        assert (old["due"] / DAY).tolist() == [-9, 0]
        assert old["days_over"].tolist() == pytest.approx([9 + 11 / 24, 14 / 24])
        assert old["stage"].tolist() == ["decision"] * 2
        assert old["team"].tolist() == ["staff"] * 2
        assert old["cause"].tolist() == ["line"] * 2
        assert not old["open"].any()
        assert {case: time for case, time in times(self.LOG, What.RAN_OUT).items() if case < 3} == {0: 0, 1: 0}
        assert ran_out(self.LOG, self.PLAN) == len(table)

    def test_a_limit_that_was_over_before_was_missed_in_the_stage_of_the_first_day(self) -> None:
        plan, log = told(
            OFFICE
            + "origins: {open: {process: backlog, cases: [{stage: reply, count: 1, age: 50 days, in_stage: 3 days, clocks: {all_30: filing}}]}}"
        )

        row = register(log, plan, visits(log)).iloc[0]

        assert (row["stage"], row["team"]) == ("reply", "")
        assert row["due"] / DAY == -19  # the 30th day is 30 January
        assert row["cause"] == "wait"
        assert row["cause_days"] == pytest.approx((visits(log).left[0] / DAY) + 3)

    def test_clocks_that_run_are_told_with_the_second_in_which_they_started(self) -> None:
        rows = self.LOG.rows(What.RUNNING)
        clocks = [self.PLAN.names.clock_rows[clock] for clock in self.LOG.team[rows]]

        told_ = sorted(zip(self.LOG.case[rows].tolist(), clocks, (self.LOG.time[rows] / DAY).tolist(), strict=True))

        assert told_ == [
            (0, "all_30", -40), (1, "all_30", -33), (2, "all_30", -29), (3, "all_30", -17), (3, "reply_12", -17),
        ]  # fmt: skip

    def test_every_run_is_measured_once_and_stops_where_it_should(self) -> None:
        seen = visits(self.LOG)
        runs = clock_runs(self.LOG, self.PLAN, seen, 0, closing_times(self.LOG))

        assert runs.case.tolist() == [3, 4]
        assert (runs.started / DAY).tolist() == [-17, 30]
        assert runs.stopped[0] == 3 * DAY - 1
        assert runs.due[0] == 5 * DAY  # its twelfth working day is 23 February
        assert not runs.overdue(self.PLAN.horizon)[0]

    def test_open_at_the_start_plus_filed_is_closed_plus_open(self) -> None:
        self.LOG.check()
        table = findings(self.LOG, self.PLAN).assign(replication=0)
        of = table[(table["jurisdiction"] == "all") & (table["item"] == "cases")].set_index("measure")["value"]

        assert (of["open_at_start"], of["filed"]) == (4, 1)
        assert of["open_at_start"] + of["filed"] == of["closed"] + of["open_at_end"]
        backlog = table[(table["measure"] == "backlog") & (table["item"] == "all") & (table["jurisdiction"] == "all")]
        assert backlog["value"].tolist()[0] == 4

    def test_years_before_the_start_have_cohorts_of_their_own(self) -> None:
        plan, log = told(
            OFFICE
            + "origins: {open: {process: backlog, cases: [{stage: decision, count: 2, age: {family: listed, values: [60 days, 20 days]}}]}}"
        )
        table = findings(log, plan)

        def of(measure: str, item: str) -> dict[int, float]:
            rows = table[(table["measure"] == measure) & (table["item"] == item) & (table["jurisdiction"] == "all")]
            return dict(zip(rows["period"], rows["value"], strict=True))

        assert of("clock_started", "all_30") == {2023: 1, 2024: 1}
        assert of("overdue_share", "all_30") == {2023: 1, 2024: 0}
        assert of("resolution_mean", "p") == {2023: pytest.approx(60 + 11 / 24), 2024: pytest.approx(20 + 14 / 24)}

    def test_the_export_tells_of_the_clocks(self, tmp_path: Path) -> None:
        write_csv(self.LOG, dt.date(2024, 2, 19), tmp_path / "log.csv")
        write_xes(self.LOG, dt.date(2024, 2, 19), tmp_path / "log.xes")

        rows = pd.read_csv(tmp_path / "log.csv")
        first = rows[(rows["what"] == "running") & (rows["case"] == 0)].iloc[0]
        assert (first["time"], first["team"]) == ("2024-01-10T00:00:00.000", "all_30")
        assert "all_30: running" in (tmp_path / "log.xes").read_text()


# Everything that takes time, with lengths that chance has no part in.
CUT = """
calendars: {office: {days: china, hours: ["09:00-12:00", "13:00-17:00"]}}
teams: {staff: {officers: 2, calendar: office, queue: %s, at_close: overtime}}  # nothing is in hand at night
procedures:
  p:
    stages:
      reply: {kind: wait, duration: 10 working days, calendar: office, rolls: true, then: draft}
      draft: {kind: work, team: staff, duration: 7 h, then: expert}
      expert: {kind: wait, duration: 6 days, then: panel}
      panel: {kind: gate, weekdays: [wed], time: 10:00, quota: 5, calendar: office, then: decision}
      decision: {kind: work, team: staff, priority: 1, duration: 3 h, then: delivery}
      delivery: {kind: wait, duration: 7 days, then: closed}
    clocks:
      reply_9: {rule: a, limit: 9 working days, calendar: office, starts: {stage: reply, when: entered}, stops: {stage: reply}}
      draft_20: {rule: b, limit: 22 working days, calendar: office, starts: {stage: reply, when: entered}, stops: {stage: expert, when: entered}}
      expert_5: {rule: c, limit: 5 working days, calendar: office, starts: {stage: draft, when: entered}, stops: {stage: expert}, suspended_in: [expert]}
      all_45: {rule: d, limit: 45 calendar days, calendar: office, starts: {stage: reply, when: entered}, stops: {stage: decision}}
      delivery_7: {rule: e, limit: 6 calendar days, calendar: office, starts: {stage: decision}, stops: {stage: delivery}}
origins:
"""
START, DAYS = dt.date(2024, 1, 2), 120
ARRIVALS = [round(DAY * (0.37 + n * 0.61 + 3 * ((n * 7) % 5) / 5)) for n in range(150)]


def whole(rule: str) -> tuple[Plan, EventLog]:
    at = ", ".join(f"{second} s" for second in sorted(ARRIVALS))
    return told(
        CUT % rule + f"  all: {{process: listed, enters: reply, at: [{at}]}}", f"start: {START}, length: {DAYS} days"
    )


def second_part(plan: Plan, log: EventLog, rule: str, cut: int) -> tuple[Plan, EventLog]:
    """The cases that are open at a second as the backlog of a scenario that starts then."""
    seen, names = visits(log), plan.names
    inside = (seen.entered < cut) & (seen.left >= cut)
    running: dict[int, list[str]] = {}
    for number in range(len(plan.clocks)):
        runs = clock_runs(log, plan, seen, number, closing_times(log))
        for run_ in np.flatnonzero((runs.started < cut) & (runs.stopped >= cut)):
            running.setdefault(int(runs.case[run_]), []).append(
                f"{names.clock_rows[number]}: {cut - runs.started[run_]} s"
            )
    rows = [
        f"      - {{stage: {names.stages[seen.stage[row]]}, count: 1, age: {cut - log.cases['arrived'][seen.case[row]]} s, "
        f"in_stage: {cut - seen.entered[row]} s, clocks: {{{', '.join(running.get(int(seen.case[row]), []))}}}}}"
        for row in np.flatnonzero(inside)
    ]
    later = ", ".join(f"{second - cut} s" for second in sorted(ARRIVALS) if second >= cut)
    origins = "  open:\n    process: backlog\n    cases:\n" + "\n".join(rows)
    if later:
        origins += f"\n  all: {{process: listed, enters: reply, at: [{later}]}}"
    start = START + dt.timedelta(seconds=cut)
    return told(CUT % rule + origins, f"start: {start}, length: {DAYS - cut // DAY} days")


def facts(plan: Plan, log: EventLog, cut: int, what: What) -> list[tuple[object, ...]]:
    """Rows of a kind from a second on, with cases by the second of their filing and times since the first start."""
    moved = (plan.day_tables[0].first - START).days * DAY
    rows = np.flatnonzero(log.rows(what) & (log.time + moved >= cut))
    clocks = plan.names.clock_rows if what == What.RAN_OUT else [*plan.names.teams, ""]
    return sorted(
        (int(log.time[row]) + moved, int(log.cases["filed"][log.case[row]]) + moved, plan.names.stages[log.stage[row]], clocks[log.team[row]])
        for row in rows
    )  # fmt: skip


def missed(plan: Plan, log: EventLog, cut: int) -> list[tuple[object, ...]]:
    """The register from a second on: whose clock, when it began and ran out, and by how much it was missed."""
    moved = (plan.day_tables[0].first - START).days * DAY
    table = register(log, plan, visits(log))
    ends = table["due"] + table["days_over"] * DAY + moved
    table = table[(ends >= cut)]
    filed = log.cases["filed"][table["case"].to_numpy(dtype=np.int64)] + moved
    return sorted(
        zip(filed.tolist(), table["clock"], table["started"] + moved, table["due"] + moved, table["days_over"].round(6), table["open"], strict=True)
    )  # fmt: skip


@pytest.mark.parametrize("rule", ["first_come", "earliest_due"])
def test_a_run_that_is_cut_in_two_goes_on_as_if_nobody_had_cut_it(rule: str) -> None:
    plan, log = whole(rule)
    stood: set[str] = set()
    late = 0
    for day in range(20, 110, 9):
        cut = day * DAY
        plan2, log2 = second_part(plan, log, rule, cut)
        log2.check()
        stood |= {plan2.names.stages[stage] for stage in log2.cases["enters"][log2.cases["filed"] < 0]}
        late += int((log2.rows(What.RAN_OUT) & (log2.time == 0)).sum())
        for what in (What.ENTERED, What.STARTED, What.ENDED, What.CLOSED):
            behind = cut + (what == What.ENTERED)  # on the first day everybody is told to enter
            assert facts(plan2, log2, behind, what) == facts(plan, log, behind, what), (day, what.name)
        assert facts(plan2, log2, cut + 1, What.RAN_OUT) == facts(plan, log, cut + 1, What.RAN_OUT), day
        assert missed(plan2, log2, cut) == missed(plan, log, cut), day

    assert stood == {"reply", "draft", "expert", "panel", "decision", "delivery"}
    assert late > 20


LINE = """
teams: {staff: {officers: 1, queue: %s}}
procedures:
  p:
    stages:
      first: {kind: work, team: staff, duration: 1 h, then: closed}
    clocks:
      short: {rule: a, limit: 10 calendar days, rolls: false, starts: {stage: first, when: entered}, stops: {stage: first}}
origins:
  open:
    process: backlog
    cases:
"""


def order(log: EventLog) -> list[float]:
    """Ages in days, in the order in which work on the cases began."""
    return (-log.cases["filed"][log.case[log.rows(What.STARTED)]] / DAY).tolist()


def test_first_come_goes_by_who_came_to_the_stage_first_and_then_by_age() -> None:
    _, log = told(
        LINE
        % "first_come"
        + "      - {stage: first, count: 3, age: {family: listed, values: [5 days, 9 days, 7 days]}}\n"
        "      - {stage: first, count: 2, age: 3 days, in_stage: {family: listed, values: [1 days, 2 days]}}\n"
        "      - {stage: first, count: 1, age: 4 days, in_stage: 60 h}\n"
    )

    assert order(log) == [4, 3, 3, 9, 7, 5]
    first, second = log.case[log.rows(What.STARTED)][1:3]
    assert (log.cases["since"][first], log.cases["since"][second]) == (-2 * DAY, -DAY)


def test_earliest_due_goes_by_what_is_left_of_the_clocks_that_run() -> None:
    _, log = told(
        LINE % "earliest_due" + "      - {stage: first, count: 1, age: 30 days, clocks: {short: 3 days}}\n"
        "      - {stage: first, count: 1, age: 20 days, in_stage: 1 days, clocks: {short: 12 days}}\n"
        "      - {stage: first, count: 1, age: 10 days, clocks: {short: 8 days}}\n"
        "      - {stage: first, count: 1, age: 9 days, clocks: {}}\n"
    )

    assert order(log) == [20, 10, 30, 9]
    assert times(log, What.RAN_OUT) == {1: 0}


def test_a_clock_that_stands_still_in_the_stage_has_stood_still_since_the_case_came_there() -> None:
    plan, log = told(
        "procedures:\n  p:\n    stages:\n"
        "      away: {kind: wait, duration: 30 days, then: back}\n      back: {kind: wait, duration: 20 days, then: closed}\n"
        "    clocks:\n      c: {rule: a, limit: 15 calendar days, rolls: false, suspended_in: [away], starts: {stage: away, when: entered}, stops: {stage: back}}\n"
        "origins:\n  open:\n    process: backlog\n    cases:\n"
        "      - {stage: away, count: 1, age: 30 days, in_stage: 20 days, clocks: {c: filing}}\n"
        "      - {stage: away, count: 1, age: 50 days, in_stage: 20 days, clocks: {c: 40 days}}\n"
        "      - {stage: back, count: 1, age: 12 days, clocks: {c: filing}}\n"
    )

    # Ten days of the first had gone when it went away; back on day 10, it runs out at the end of day 15. The second
    # had run out 4 days before it went away.
    assert [round(log.cases["filed"][case] / DAY) for case in range(3)] == [-50, -30, -12]
    assert times(log, What.RAN_OUT) == {0: 0, 1: 16, 2: 4}
    table = register(log, plan, visits(log))
    assert dict(zip(table["case"], table["due"] / DAY, strict=True)) == {0: -24, 1: 16, 2: 4}
    assert ran_out(log, plan) == len(table)


def test_a_limit_that_ran_out_before_is_extended_lapses_or_is_late_on_the_first_day() -> None:
    body = (
        "procedures:\n  p:\n    outcomes: {lapsed: lapsed}\n    stages:\n      away: {kind: wait, duration: 40 days, then: closed}\n"
        "    clocks:\n      c: {rule: a, limit: 10 calendar days, rolls: false, %s, starts: {stage: away, when: entered}, stops: {stage: away}}\n"
        "origins: {open: {process: backlog, cases: [{stage: away, count: 1, age: 30 days, in_stage: 30 days}]}}\n"
    )
    extension = "{by: %d calendar days, approver: head, granted: 1}"
    plan, short = told(body % f"extensions: [{extension % 5}, {extension % 4}]")
    _, long = told(body % f"extensions: [{extension % 5}, {extension % 18}]")
    _, lapsed = told(body % "lapses_to: lapsed")

    assert (short.rows(What.EXTENDED) & (short.time == 0)).sum() == 2
    assert times(short, What.RAN_OUT) == {0: 0}
    assert register(short, plan, visits(short))["due"].tolist() == [-10 * DAY]
    assert (long.rows(What.EXTENDED) & (long.time == 0)).sum() == 2
    assert times(long, What.RAN_OUT) == {0: 4}
    assert times(lapsed, What.CLOSED) == {0: 0}
    assert lapsed.rows(What.LAPSED).sum() == 1


def test_patience_and_gates_count_from_when_the_case_came() -> None:
    _, log = told(
        "teams: {staff: {officers: 1}}\nprocedures:\n  p:\n    stages:\n"
        "      line: {kind: work, team: staff, duration: 9 days, patience: 5 days, on_give_up: panel, then: closed}\n"
        "      panel: {kind: gate, every: 1 days, quota: 1, then: closed}\n"
        "origins:\n  open:\n    process: backlog\n    cases:\n"
        "      - {stage: line, count: 3, age: {family: listed, values: [9 days, 8 days, 7 days]}, in_stage: {family: listed, values: [4 days, 3 days, 1 days]}}\n"
        "      - {stage: panel, count: 2, age: {family: listed, values: [3 days, 4 days]}, in_stage: {family: listed, values: [2 days, 1 days]}}\n"
    )

    assert times(log, What.GAVE_UP) == {1: 2, 2: 4}
    filed = {round(-log.cases["filed"][case] / DAY): time for case, time in times(log, What.CLOSED).items()}
    assert filed == {9: 9, 3: 1, 4: 2, 8: 3, 7: 4}


def test_a_period_in_which_a_case_has_stood_for_long_is_one_of_the_longer_ones() -> None:
    wait = "procedures: {p: {stages: {away: {kind: wait, duration: %s, then: closed}}}}\n"
    origin = "origins: {open: {process: backlog, cases: [{stage: away, count: 3000, age: 90 days, in_stage: %s}]}}\n"
    period = "start: 2024-02-19, length: 2000 days"

    def left(duration: str, in_stage: str) -> np.ndarray:
        _, log = told(wait % duration + origin % in_stage, period)
        closed = closing_times(log)
        assert (closed != OPEN).all()
        return closed / DAY

    # A memoryless period goes on as if it had just begun; one between 10 and 30 days has at most 10 left after 20.
    assert left("{family: exponential, mean: 20 days}", "40 days").mean() == pytest.approx(20, rel=0.06)
    erlang = left("{family: erlang, mean: 20 days, phases: 2}", "20 days")
    assert erlang.mean() == pytest.approx(40 / 3, rel=0.06)  # a third of them still has both phases of 10 days to go
    even = left("{family: uniform, low: 10 days, high: 30 days}", "20 days")
    assert even.max() <= 10
    assert even.mean() == pytest.approx(5, rel=0.06)
    assert (left("15 days", "20 days") == 0).all()  # nobody can say why it still stands there: it leaves at once
    assert (left("15 days", "12 days") == 3).all()


def test_rules_by_filing_see_when_it_was_filed_and_a_child_matter_is_filed_when_it_begins() -> None:
    plan, log = told(
        "procedures:\n  p:\n    outcomes: {old: old, new: new}\n    stages:\n"
        "      one: {kind: wait, duration: 10 days, then: fork, changes: [{on: 2024-02-19, cases: filed_from_then, set: {duration: 2 days}}]}\n"
        "      fork: {kind: fork, children: {suit: {procedure: suit, enters: suit}}, then: two}\n"
        "      two: {kind: decision, then: {by: filed, ways: {2024-02-19: new}, otherwise: old}}\n"
        "  suit: {stages: {suit: {kind: wait, duration: 1 days, then: closed}}}\n"
        "origins:\n  open: {process: backlog, cases: [{stage: one, count: 1, age: 1 s}]}\n  fresh: {process: listed, enters: one, at: [0 s]}\n"
    )
    rows = log.rows(What.CLOSED)
    closed = {(case, plan.names.stages[stage]): time / DAY for case, stage, time in zip(log.case[rows].tolist(), log.stage[rows].tolist(), log.time[rows].tolist(), strict=True)}  # fmt: skip

    assert closed[0, "old"] == 11
    assert closed[1, "new"] == 3
    children = log.cases[log.cases["parent"] >= 0]
    assert children["filed"].tolist() == children["arrived"].tolist() == [2 * DAY, 10 * DAY]


def test_who_was_filed_when_is_part_of_the_digest() -> None:
    def digest(age: str) -> str:
        return told(LINE % "first_come" + f"      - {{stage: first, count: 1, age: {age}, clocks: {{}}}}\n")[1].digest

    assert digest("5 days") == digest("120 h")
    assert digest("5 days") != digest("6 days")


@pytest.mark.parametrize(
    ("period", "origin", "en", "zh"),
    [
        ("length: 60 days", "process: regular, enters: a, every: 9 days", "empty: no case is open on the first day", "首日无未结案件"),
        ("length: 60 days, warm_up: 20 days", "process: regular, enters: a, every: 9 days", "a warm-up of 20 days", "预热20天"),
        (
            "length: 60 days", "process: backlog, cases: [{stage: a, count: 3, age: {family: listed, values: [30 days, 40 days, 900 days]}}]",
            "from 3 open cases, filed 40 days before the first day (median), the oldest 900 days", "以3件未结案件起始，首日前已受理天数中位数40天，最长900天",
        ),
    ],
)  # fmt: skip
def test_the_report_says_how_a_run_starts(period: str, origin: str, en: str, zh: str) -> None:
    text = f"format: 1\ntitle: s\npurpose: theory\nperiod: {{{period}}}\nprocedures: {{p: {{stages: {{a: {{kind: wait, duration: 3 days, then: closed}}}}}}}}\norigins: {{o: {{{origin}}}}}\n"
    scenario = scenario_of(parse_text(text, "story.yaml"))
    plan = build(scenario)
    runs = pd.concat([findings(run(plan, n), plan).assign(replication=n) for n in range(2)], ignore_index=True)

    tables = scenario_tables("story", scenario, 1, runs, None)

    assert en in start_told(tables.start, "en")
    assert zh in start_told(tables.start, "zh")
