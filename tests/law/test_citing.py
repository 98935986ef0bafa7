"""`law: ROW` as evidence of a number, as the rule of a clock, and as rows of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from enforcement_sim.errors import ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.measures.tables import law_table, sources_table
from enforcement_sim.model.derive import rule_versions
from enforcement_sim.model.figures import Figure
from enforcement_sim.model.scenario import Scenario

LAW = Path(__file__).parents[2] / "scenarios" / "law" / "china"
TEXT = """format: 1
title: t
purpose: {purpose}
period: {period}
{law}
calendars: {{office: {{days: china, hours: ["09:00-12:00", "13:00-18:00"], beyond_published: weekends}}}}
teams: {{staff: {{officers: {{value: 4, source: a yearbook}}, calendar: office}}}}
procedures:
  p:
    stages:
      act: {{kind: work, team: staff, officers: {officers}, duration: {{family: fixed, value: 2 h, source: a paper}}, then: rest}}
      rest: {{kind: wait, calendar: office, duration: {duration}, then: closed}}
    clocks: {{limit: {{{clock}, starts: {{stage: act, when: entered}}, stops: {{stage: rest}}}}}}
origins: {{o: {{process: listed, enters: act, at: [1 days]}}}}
"""


def scenario(
    officers: str = "1",
    duration: str = "{family: fixed, value: 3 days, source: a paper}",
    clock: str = "law: APL-08",
    law: str = f"law: {{files: {LAW}}}",
    period: str = "{start: 2024-01-01, end: 2025-01-01}",
    purpose: str = "place",
) -> Scenario:
    text = TEXT.format(officers=officers, duration=duration, clock=clock, law=law, period=period, purpose=purpose)
    return scenario_of(parse_text(text, "cited.yaml"))


def told(**parts: str) -> str:
    with pytest.raises(ScenarioError) as error:
        scenario(**parts)
    return str(error.value)


def test_a_number_that_the_law_sets_needs_no_other_evidence() -> None:
    assert scenario(officers="{value: 2, law: APL-01}")
    assert "neither a source nor an assumption" in told(officers="{value: 2}")


@pytest.mark.parametrize("other", ["source: a paper", "assumed: a guess, range: [1, 2]"])
def test_evidence_is_of_one_kind(other: str) -> None:
    assert "a row of the law and other evidence" in told(officers=f"{{value: 2, law: APL-01, {other}}}")


def test_evidence_by_law_is_known() -> None:
    assert Figure[int](value=2, law="APL-01").is_known
    with pytest.raises(ValidationError, match="other evidence"):
        Figure[int](value=2, law="APL-01", source="a paper")


def test_a_row_that_is_not_there_is_told_with_the_nearest_one() -> None:
    message = told(officers="{value: 2, law: APL01}")

    assert "cited.yaml:11:64: procedures.p.stages.act.officers.law: no row of the law has this id" in message
    assert "try:  APL-01" in message


def test_a_part_that_is_not_there_is_told_with_the_nearest_one() -> None:
    message = told(duration="{family: fixed, value: 7 working days, law: SAMRH-02/notfy}")

    assert "try:  SAMRH-02/notify" in message


def test_a_scenario_without_law_book_cannot_cite_one() -> None:
    assert "this scenario has no law book" in told(officers="{value: 2, law: APL-01}", law="", clock="law: APL-08")


# The number as written, and whether its row lets it pass.
OBEYS = [
    ("officers", "{value: 2, law: APL-01}", True), ("officers", "{value: 3, law: APL-01}", True),
    ("officers", "{value: 1, law: APL-01}", False), ("officers", "{value: 1, law: PSAPL-09}", True),
    ("officers", "{value: 2, law: PSAPL-09}", False),
    ("officers", "{value: 2, law: SYS-01}", True),  # a share of the staff: not comparable
    ("duration", "{family: fixed, value: 5 working days, law: APL-12}", True),
    ("duration", "{family: fixed, value: 6 working days, law: APL-12}", False),
    ("duration", "{family: fixed, value: 6 calendar days, law: APL-12}", True),  # other days: not comparable
    ("duration", "{family: fixed, value: 7 working days, law: APL-13}", True),
    ("duration", "{family: fixed, value: 6 working days, law: APL-13}", False),
    ("duration", "{family: fixed, value: 10 working days, law: ACL-12}", True),
    ("duration", "{family: fixed, value: 9 working days, law: ACL-12}", False),
    ("duration", "{family: fixed, value: 30 calendar days, law: ACL-09}", False),  # more than 30
    ("duration", "{family: fixed, value: 31 calendar days, law: ACL-09}", True),
    ("duration", "{family: fixed, value: 24 months, law: APL-25}", True),
    ("duration", "{family: fixed, value: 2 months, law: APL-25}", False),
    ("duration", "{family: fixed, value: 24 h, law: TRF-03}", True),
    ("duration", "{family: fixed, value: 25 h, law: TRF-03}", False),
    ("duration", "{family: uniform, low: 1 working days, high: 5 working days, law: APL-12}", True),
    ("duration", "{family: uniform, low: 1 working days, high: 6 working days, law: APL-12}", False),
    ("duration", "{family: triangular, low: 1 months, mode: 2 months, high: 7 months, law: ALL-02}", False),
    ("duration", "{family: triangular, low: 1 months, mode: 2 months, high: 6 months, law: ALL-02}", True),
    ("duration", "{family: discrete, values: [2 working days, 6 working days], shares: [0.5, 0.5], law: APL-12}", False),
    ("duration", "{family: discrete, values: [2 working days, 5 working days], shares: [0.5, 0.5], law: APL-12}", True),
    ("duration", "{family: exponential, mean: 9 h, law: TRF-03}", True),  # has no highest value
    ("duration", "{family: fixed, value: 16 calendar days, law: ALL-12/judgment}", False),
    ("duration", "{family: fixed, value: 15 calendar days, law: ALL-12/judgment}", True),
    ("duration", "{family: fixed, value: 3 days, law: APL-11}", True),  # a gate has no number
]  # fmt: skip


@pytest.mark.parametrize(("key", "written", "passes"), OBEYS)
def test_a_number_obeys_its_row(key: str, written: str, passes: bool) -> None:
    if passes:
        assert scenario(**{key: written})
    else:
        assert "the law sets another number" in told(**{key: written})


def test_the_message_says_row_article_limit_and_what_stood_there() -> None:
    message = told(duration="{family: uniform, low: 1 working days, high: 6 working days, law: APL-12}")

    assert "APL-12 (Administrative Penalty Law (2021 revision), Art. 64(1)), at most 5 working days" in message
    assert "got:  1 working day to 6 working days" in message
    assert "cited.yaml:12:" in message


def test_a_share_obeys_a_row_in_percent() -> None:
    part = "{{act: {{value: {share}, law: SYS-01}}, closed: rest}}"
    text = TEXT.replace("then: closed}}", "then: " + part.replace("{share}", "SHARE") + "}}").format(
        officers="1", duration="{family: fixed, value: 3 days, source: a paper}", clock="law: APL-08",
        law=f"law: {{files: {LAW}}}", period="{start: 2024-01-01, end: 2025-01-01}", purpose="place",
    )  # fmt: skip

    assert scenario_of(parse_text(text.replace("SHARE", "0.05"), "cited.yaml"))
    with pytest.raises(ScenarioError, match="at least 5 percent"):
        scenario_of(parse_text(text.replace("SHARE", "0.04"), "cited.yaml"))


def test_a_clock_takes_the_versions_of_its_row() -> None:
    made = scenario(clock="law: ARL-08, calendar: office", period="{start: 2023-06-01, end: 2024-06-01}")

    versions = rule_versions(made, made.procedures["p"].clocks["limit"])

    assert [(v.row, str(v.limit), str(v.since)) for v in versions] == [
        ("ARL0-04", "10 calendar days", "1999-10-01"),
        ("ARL-08", "10 working days", "2024-01-01"),
    ]


def test_a_clock_gets_the_extensions_of_the_version() -> None:
    made = scenario(
        clock="law: ARL-11, granted: {value: 0.5, source: a paper}", period="{start: 2023-06-01, end: 2024-06-01}"
    )

    versions = rule_versions(made, made.procedures["p"].clocks["limit"])

    assert [v.extensions for v in versions] == [
        ((30, "head of the reconsideration organ", 0.5),),
        ((30, "head of the reconsideration office", 0.5),),
    ]


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        ("law: APL-11", "APL-11, sets no limit in days or months"),
        ("law: ALL-12", "one of ALL-12/judgment, ALL-12/ruling"),
        ("law: TRF-03", "TRF-03, sets no limit in days or months"),
        ("law: APL-12", "working days need a calendar"),
        ("law: APL-88", "no row of the law has this id"),
    ],
)
def test_a_clock_needs_a_row_with_a_limit(clock: str, says: str) -> None:
    assert says in told(clock=clock)


def test_a_part_gives_a_clock_its_limit() -> None:
    made = scenario(clock="law: ALL-12/ruling")

    assert str(rule_versions(made, made.procedures["p"].clocks["limit"])[0].limit) == "10 calendar days"


def test_a_version_of_unknown_number_is_refused_only_where_it_is_in_force() -> None:
    before = scenario(clock="law: SAFE-02", period="{start: 2025-02-01, end: 2026-02-01}")

    assert [v.row for v in rule_versions(before, before.procedures["p"].clocks["limit"])] == ["SAFE-02"]
    message = told(clock="law: SAFE-02", period="{start: 2025-02-01, end: 2026-02-02}")
    assert "SAFE-01, in force from 2026-02-01, sets no limit in days or months" in message
    assert scenario(clock="law: SAFE-02, limit: 90 calendar days", period="{start: 2025-02-01, end: 2026-02-02}")


def test_a_procedure_that_no_case_follows_may_have_no_rule_in_the_period() -> None:
    unused = """  q:
    stages: {act: {kind: decision, then: closed}}
    clocks: {limit: {law: SAFE-02, calendar: office, starts: {stage: act}, stops: {stage: act}}}
origins:"""
    text = TEXT.format(
        officers="1", duration="{family: fixed, value: 3 days, source: a paper}", clock="law: APL-08",
        law=f"law: {{files: {LAW}}}", period="{start: 2026-01-01, end: 2026-06-01}", purpose="place",
    )  # fmt: skip

    assert scenario_of(parse_text(text.replace("origins:", unused), "unused.yaml"))
    with pytest.raises(ScenarioError, match="sets no limit"):
        scenario_of(
            parse_text(text.replace("origins:", unused) + "fields: {f: {procedure: q}, g: {procedure: p}}", "used.yaml")
        )


def test_the_table_of_the_law_lists_what_rests_on_each_row() -> None:
    made = scenario(
        officers="{value: 2, law: APL-01}",
        duration="{family: legal, law: ARL-08}",
        clock="law: ENV-01, calendar: office",
        period="{start: 2023-06-01, end: 2024-06-01}",
    )

    table = law_table(made).set_index("row")

    assert table["numbers"].to_dict() == {"ENV-03": 0, "ENV-01": 0, "APL-01": 1, "ARL0-04": 1, "ARL-08": 1}
    assert table["clocks"].to_dict() == {"ENV-03": 1, "ENV-01": 1, "APL-01": 0, "ARL0-04": 0, "ARL-08": 0}
    assert table["evidence"].to_dict()["ENV-01"] == "memory"
    assert str(table["to"]["ARL0-04"]) == "2023-12-31"
    assert table["statute"]["ARL-08"].zh == "行政复议法（2023修订）"
    assert table["article"]["ARL-08"] == "48, 70"
    assert sources_table(made).empty


def test_a_scenario_without_law_has_no_table_of_it() -> None:
    assert law_table(scenario(clock="rule: story, limit: 5 calendar days", law="")).empty
