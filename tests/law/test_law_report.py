"""The report lists the rows of the law beside the sources, and marks those that are only remembered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import enforcement_sim as es
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.measures.tables import scenario_tables
from enforcement_sim.views.pages.quality import law_part

LAW = Path(__file__).parents[2] / "scenarios" / "law" / "china"
TEXT = f"""format: 1
title: t
purpose: theory
period: {{start: 2023-06-01, end: 2024-03-01}}
law: {{files: {LAW}}}
calendars: {{office: {{days: china, hours: ["09:00-18:00"]}}}}
teams: {{staff: {{officers: 2, calendar: office}}}}
procedures:
  p:
    stages:
      act: {{kind: work, team: staff, officers: {{value: 2, law: APL-01}}, duration: 2 h, then: reply}}
      reply: {{kind: wait, calendar: office, duration: {{family: legal, law: ARL-08}}, then: closed}}
    clocks: {{filing: {{law: ENV-01, calendar: office, starts: {{stage: act, when: entered}}, stops: {{stage: act}}}}}}
origins: {{o: {{process: poisson, enters: act, rate: 1 per week}}}}
"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    scenario = scenario_of(parse_text(TEXT, "report.yaml"))
    results = es.run(scenario, replications=2)
    part = law_part(scenario_tables("t", results.scenario, results.seed, results.findings, None))
    return re.findall(r"<tr>.*?</tr>", part.html)[1:]  # the first is the head


def test_each_row_that_is_used_has_a_line(lines: list[str]) -> None:
    assert [re.findall(r"<code>(.*?)</code>", line) for line in lines] == [
        ["ENV-01"], ["ENV-03"], ["APL-01"], ["ARL0-04"], ["ARL-08"],
    ]  # fmt: skip


def test_a_line_names_statute_article_dates_and_limit_in_both_languages(lines: list[str]) -> None:
    old = lines[3]

    for part in ("Administrative Reconsideration Law (1999", "行政复议法（1999", "23, 40", "1999-10-01 … 2023-12-31"):
        assert part in old
    assert "&lt;=10 calendar day" in old


def test_a_remembered_row_is_marked(lines: list[str]) -> None:
    assert ['class="missed"' in line for line in lines] == [True, False, False, False, False]
    assert ["remembered" in line and "凭记忆" in line for line in lines] == [True, False, False, False, False]
    assert "text read" in lines[2]
