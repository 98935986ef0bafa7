"""Waits for a period of the law: taken in full, by the version of the day, with a stage's own changes on top."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from enforcement_sim.engines.reference import run
from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.plan.build import build
from enforcement_sim.records import DAY, What

LAW = Path(__file__).parents[2] / "scenarios" / "law" / "china"
TEXT = """format: 1
title: t
purpose: theory
period: {{start: 2023-12-01, end: 2025-01-01}}
law: {{files: {law}{as_of}}}
calendars: {{office: {{days: china, hours: ["09:00-12:00", "13:00-18:00"]}}}}
procedures:
  p:
    stages:
      before: {{kind: wait, duration: {before}, then: reply}}
      reply: {{kind: wait, {calendar}, duration: {duration}, then: closed{more}}}
origins: {{o: {{process: listed, enters: before, at: [{at}]}}}}
"""
FIRST = dt.date(2023, 12, 1)
REPLY = "{family: legal, law: ARL-08}"


def last_days(
    *filed: str,
    duration: str = REPLY,
    more: str = "",
    as_of: str = "",
    before: str = "0 s",
    calendar: str = "calendar: office",
) -> list[str]:
    """The last day of the wait of each case, by the days on which they are filed (at ten in the morning)."""
    at = ", ".join(f"{(dt.date.fromisoformat(day) - FIRST).days * 24 + 10} h" for day in filed)
    text = TEXT.format(
        law=LAW, duration=duration, more=more, as_of=as_of, before=before, calendar=calendar, at=at
    )  # fmt: skip
    log = run(build(scenario_of(parse_text(text, "waits.yaml"))), 0)
    ends = {
        case: second
        for second, case, what, stage in zip(
            log.time.tolist(), log.case.tolist(), log.what.tolist(), log.stage.tolist(), strict=True
        )
        if what == What.ENDED and log.names.stages[stage].endswith("reply")
    }
    assert all(second % DAY == DAY - 1 for second in ends.values())
    return [str(FIRST + dt.timedelta(days=ends[case] // DAY)) for case in sorted(ends)]


def test_the_version_of_the_day_of_entry_applies() -> None:
    # Ten calendar days from 30 and 31 Dec; ten working days from 1 and 2 Jan (see test_chains).
    assert last_days("2023-12-30", "2023-12-31", "2024-01-01", "2024-01-02") == [
        "2024-01-09", "2024-01-10", "2024-01-15", "2024-01-16",
    ]  # fmt: skip


def test_the_old_row_names_the_same_rule() -> None:
    old = "{family: legal, law: ARL0-04}"

    assert last_days("2023-12-31", "2024-01-01", duration=old) == ["2024-01-10", "2024-01-15"]


def test_a_case_can_keep_the_rule_of_its_filing() -> None:
    # Filed Thu 28 Dec, enters five days later, Tue 2 Jan at ten. By entry: ten working days, 3-5 (3), 8-12 (8), 15, 16.
    assert last_days("2023-12-28", before="120 h") == ["2024-01-16"]
    # By filing: ten calendar days, Fri 12 Jan.
    by_filing = "{family: legal, law: ARL-08, by_filing: true}"
    assert last_days("2023-12-28", before="120 h", duration=by_filing) == ["2024-01-12"]
    assert last_days("2024-01-01", before="120 h", duration=by_filing) == ["2024-01-19"]  # 8-12 (5), 15-19 (10)


def test_the_law_of_one_day_applies_throughout() -> None:
    assert last_days("2023-12-31", "2024-01-02", as_of=", as_of: 2023-06-01") == ["2024-01-10", "2024-01-12"]
    assert last_days("2023-12-29", as_of=", as_of: 2024-06-01") == ["2024-01-15"]  # 2-5 (4), 8-12 (9), 15


def test_a_last_day_off_moves_as_the_law_says_unless_the_stage_says_otherwise() -> None:
    # Ten calendar days from Wed 20 Dec end on Sat 30 Dec; the next working day is Tue 2 Jan.
    assert last_days("2023-12-20") == ["2024-01-02"]
    assert last_days("2023-12-20", calendar="calendar: office, rolls: false") == ["2023-12-30"]
    # A limit of custody does not move: three days from Wed 20 Dec end on Sat 23 Dec.
    custody = "{family: legal, law: CPL-01}"
    assert last_days("2023-12-20", duration=custody) == ["2023-12-23"]
    assert last_days("2023-12-20", duration=custody, calendar="calendar: office, rolls: true") == ["2023-12-25"]


def test_a_plain_wait_does_not_move_by_itself() -> None:
    assert last_days("2023-12-20", duration="10 calendar days") == ["2023-12-30"]


def test_months_and_parts_are_taken_in_their_own_unit() -> None:
    # Six months from Thu 28 Dec are Fri 28 June; ten days from Thu 4 Jan are Sun 14, so Mon 15.
    assert last_days("2023-12-28", duration="{family: legal, law: ALL-02}") == ["2024-06-28"]
    assert last_days("2024-01-04", duration="{family: legal, law: ALL-12/ruling}") == ["2024-01-15"]


def test_a_change_of_the_stage_goes_before_later_law() -> None:
    change = ", changes: [{on: 2023-12-28, set: {duration: 3 calendar days}}]"

    # Ten days from Wed 27 Dec are Sat 6 Jan, so Mon 8; from the 28th on three days, whatever the law becomes.
    assert last_days("2023-12-27", "2023-12-28", "2024-01-02", more=change) == [
        "2024-01-08", "2023-12-31", "2024-01-05",
    ]  # fmt: skip


def test_a_change_of_the_stage_goes_before_earlier_law() -> None:
    change = ", changes: [{on: 2024-02-01, set: {duration: 3 calendar days}}]"

    # Old law, new law (working: Thu 1 Feb is 10 days after Thu 18 Jan: 19, 22-26 (6), 29-1 Feb (10)), the change.
    assert last_days("2023-12-31", "2024-01-18", "2024-02-01", more=change) == [
        "2024-01-10", "2024-02-01", "2024-02-04",
    ]  # fmt: skip


def test_a_change_of_other_keys_leaves_the_law_its_dates() -> None:
    change = ", changes: [{on: 2023-12-15, set: {rolls: false}}]"

    assert last_days("2023-12-14", "2023-12-20", "2023-12-31", "2024-01-01", more=change) == [
        "2023-12-25", "2023-12-30", "2024-01-10", "2024-01-15",
    ]  # fmt: skip


def test_a_change_can_begin_a_legal_period() -> None:
    change = ", changes: [{on: 2023-12-15, set: {duration: {family: legal, law: ARL-08}}}]"

    assert last_days("2023-12-11", "2023-12-31", "2024-01-01", duration="2 calendar days", more=change) == [
        "2023-12-13", "2024-01-10", "2024-01-15",
    ]  # fmt: skip


def test_a_change_on_the_day_of_the_law_keeps_the_new_law() -> None:
    change = ", changes: [{on: 2024-01-01, set: {rolls: false}}]"

    assert last_days("2023-12-31", "2024-01-01", more=change) == ["2024-01-10", "2024-01-15"]


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ("", ["2024-01-01"]),
        (", changes: [{on: 2023-12-28, set: {duration: 3 calendar days}}]", ["2023-12-28"]),
        (", changes: [{on: 2024-02-01, set: {duration: 3 calendar days}}]", ["2024-01-01", "2024-02-01"]),
        (", changes: [{on: 2023-12-15, set: {rolls: false}}]", ["2023-12-15", "2024-01-01"]),
        (", changes: [{on: 2024-01-01, set: {rolls: false}}]", ["2024-01-01"]),
    ],
)
def test_the_law_and_the_changes_of_a_stage_are_one_list_that_rises_in_time(more: str, days: list[str]) -> None:
    text = TEXT.format(
        law=LAW, duration=REPLY, more=more, as_of="", before="0 s", calendar="calendar: office", at="10 h"
    )
    plan = build(scenario_of(parse_text(text, "waits.yaml")))

    assert [str(FIRST + dt.timedelta(seconds=second)) for second in plan.changes["since"].tolist()] == days


def test_hours_run_on_the_clock() -> None:
    text = TEXT.format(
        law=LAW, duration="{family: legal, law: TRF-03}", more="", as_of="", before="0 s", calendar="rolls: false", at="10 h"
    )  # fmt: skip
    log = run(build(scenario_of(parse_text(text, "waits.yaml"))), 0)

    assert log.time[log.what == What.ENDED].tolist()[-1] == 34 * 3600


@pytest.mark.parametrize(
    ("parts", "says", "tries"),
    [
        ({"duration": "{family: legal, law: ARL-88}"}, "no row of the law has this id", "ARL-"),
        ({"duration": "{family: legal, law: APL-11}"}, "APL-11, sets no period", "write the length itself"),
        ({"duration": "{family: legal, law: ALL-12}"}, "ALL-12, sets no period", "one of ALL-12/judgment, ALL-12/ruling"),
        ({"duration": "{family: legal}"}, "a required key is missing", "add `law:`"),
        ({"calendar": "rolls: true"}, "working days need a calendar", "calendar:"),
        (
            {"more": ", changes: [{on: 2024-03-01, cases: filed_from_then, set: {rolls: false}}]"},
            "do not apply to the same cases", "by_filing: true",
        ),
        (
            {"more": ", changes: [{on: 2024-03-01, set: {duration: {family: legal, law: ARL-88}}}]"},
            "no row of the law has this id", "ARL-",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(parts: dict[str, str], says: str, tries: str) -> None:
    with pytest.raises(ScenarioError) as error:
        last_days("2023-12-20", **parts)  # type: ignore[arg-type]

    assert says in str(error.value)
    assert tries in str(error.value)
    assert "waits.yaml:1" in str(error.value)


def test_work_does_not_take_a_period_of_the_law() -> None:
    text = TEXT.format(
        law=LAW, duration=REPLY, more="", as_of="", before="0 s", calendar="calendar: office", at="10 h"
    ).replace(
        "{kind: wait, duration: 0 s,", "{kind: work, team: staff, officers: 1, duration: {family: legal, law: ARL-08},"
    )
    text += "teams: {staff: {officers: 1}}\n"

    with pytest.raises(ScenarioError, match="only a wait takes a period of the law"):
        scenario_of(parse_text(text, "waits.yaml"))
