"""Answers of a sweep and verdicts on overload as sentences, tables and charts, in both languages."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import enforcement_sim as es
from enforcement_sim.measures.overload import Why, overload_table
from enforcement_sim.model.figures import Title
from enforcement_sim.model.questions import Best, Limit, Questions
from enforcement_sim.model.wanted import MEASURES
from enforcement_sim.reports.material import of_results
from enforcement_sim.statistics import overload as rule
from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.studies.limit_answers import Verdict
from enforcement_sim.studies.questions import EXTRACT, Answers, answers
from enforcement_sim.studies.sweep_kept import PointState
from enforcement_sim.views.overload import overload_box, overload_sentences
from enforcement_sim.views.pages.all import pages_of
from enforcement_sim.views.questions import question_lines, question_sections
from enforcement_sim.views.words import LANGUAGES, WORDS

LIMIT = Limit(measure="overdue_share", item="decision", at_most=0.05, holds_in=0.8)
BEST = Best(measure="days_mean", smallest=True)
AXIS = "teams.office.officers"


def asked(rows: list[list[float]], questions: Questions, used: int | None = None, **second: Any) -> Answers:
    points = [
        PointState(n, f"point-{n:03d}", "", {AXIS: 9 + n, **second}, {}, None, len(one), used or len(one), True)
        for n, one in enumerate(rows)
    ]
    extracts = [
        pd.concat(
            pd.DataFrame({"kind": kind, "question": 0, "replication": range(len(one)), "value": one}, columns=EXTRACT)
            for kind in ("limit", "best")
        )
        for one in rows
    ]
    return answers(questions, points, extracts)


WHOLE = asked([[0.5] * 40, [0.0] * 39 + [0.2], [0.0] * 40], Questions(limits=[LIMIT], best=[BEST]))


def test_every_verdict_and_reason_has_a_word_in_both_languages() -> None:
    keys = [
        *(f"verdict_{one}" for one in Verdict), *(f"overload_{one}" for one in rule.Verdict),
        *(f"reason_{one}" for one in Reason if one), *(f"why_{one}" for one in Why if one),
        *(f"measure_{measure}" for measure in MEASURES), *(f"left_out_{why}" for why in ("incomplete", "no_finding")),
    ]  # fmt: skip
    assert [key for key, code in itertools.product(keys, LANGUAGES) if not WORDS.get(key, {}).get(code)] == []


def test_a_line_says_where_the_limit_holds_and_which_is_the_best() -> None:
    limit, best = question_lines(WHOLE, {})

    assert limit.startswith(
        "share overdue · decision ≤ 5.0 %: It holds at 2, fails at 1 and is unclear at 0 of 3 points"
    )
    assert "up to 20 % of the replications may be in breach" in limit
    assert f"The smallest {AXIS} at which it holds is 10, the largest 11." in limit
    assert best.startswith("Which is the best: smallest mean days of the clock: 2 of 3 could be the best")
    assert f"{AXIS}: 11" in best


def test_a_title_stands_for_the_names() -> None:
    titled = Questions(limits=[LIMIT.model_copy(update={"title": Title(en="In time", zh="按期")})])
    found = asked([[0.0] * 40, [0.0] * 40], titled)

    assert question_lines(found, {})[0].startswith("In time: It holds at 2")
    assert question_lines(found, {}, "zh")[0].startswith("按期: 2 个方案点中 2 个达标")


def test_too_few_replications_are_said_with_the_number_that_is_needed() -> None:
    [line] = question_lines(asked([[0.0] * 5, [0.0] * 5], Questions(limits=[LIMIT])), {})

    assert "With fewer than 17 replications no point can be said to hold" in line
    assert "at no level" in line


def test_points_left_out_are_named_but_not_all_of_a_hundred() -> None:
    rows = [[0.0] * 40, [0.0] * 40, *([[]] * 30)]
    [line] = question_lines(asked(rows, Questions(best=[BEST])), {})

    assert "point-002, point-003" in line
    assert "and 22 more" in line


def test_a_section_has_table_and_chart_and_its_text_is_escaped() -> None:
    evil = Questions(limits=[LIMIT.model_copy(update={"title": Title(en="<b>x", zh="<b>x")})], best=[BEST])
    part, other = question_sections(asked([[0.5] * 40, [0.0] * 40], evil), {})
    heading, html = part.heading, part.html
    assert (part.key, other.key) == ("limit-0", "best-0")
    assert "<b>x" not in heading + html
    assert html.count("<tr>") == 3
    assert 'data-chart="limit-0"' in html
    [figure] = part.figures.values()
    assert figure[""]["en"].plain()["data"][0]["y"] == [100.0, 0.0]
    assert figure[""]["en"].plain()["layout"]["shapes"][0]["y0"] == pytest.approx(20.0)


def test_two_levers_make_a_map_and_three_no_chart() -> None:
    rows = [[0.5] * 40, [0.0] * 40]
    for second, kinds in (({"b": 1}, ["heatmap"]), ({"b": 1, "c": 2}, [])):
        figures = question_sections(asked(rows, Questions(limits=[LIMIT]), **second), {})[0].figures
        assert [one[""]["en"].plain()["data"][0]["type"] for one in figures.values()] == kinds


def test_an_incomplete_point_is_marked() -> None:
    points = [PointState(n, f"point-{n:03d}", "", {AXIS: n}, {}, None, 40, 40, n > 0) for n in range(2)]
    one = pd.DataFrame({"kind": "limit", "question": 0, "replication": range(40), "value": 0.0}, columns=EXTRACT)
    (part,) = question_sections(answers(Questions(limits=[LIMIT]), points, [one, one]), {})

    assert part.html.count("⚠") == 1


# Overload

QUEUE = """
format: 1
title: {en: One desk, zh: 一个窗口}
purpose: theory
period: {start: 2022-01-01, end: 2025-01-01}
teams: {desk: {officers: 2, title: {en: Desk, zh: 窗口}}}
procedures: {queue: {stages: {work: {kind: work, team: desk, duration: {family: exponential, mean: 24 h}, then: closed}}}}
origins: {cases: {process: poisson, enters: work, rate: RATE per day}}
"""


def results(folder: Path, rate: float, replications: int = 4) -> Any:
    path = folder / "queue.yaml"
    path.write_text(QUEUE.replace("RATE", str(rate)), encoding="utf-8")
    return es.run(path, replications=replications)


@pytest.mark.parametrize(("rate", "is_over"), [(2.6, True), (1.0, False)])
def test_an_overload_stands_in_a_box_and_marks_the_means(tmp_path: Path, rate: float, is_over: bool) -> None:
    found = results(tmp_path, rate)
    parts = [part for page in pages_of(of_results([found])) for part in page.parts]

    sections = {part.key: part.html for part in parts}
    assert ("is overloaded: its open cases grow by" in sections["findings"]) == is_over
    assert ("超负荷，未结案件每年增长" in sections["findings"]) == is_over
    assert ("⚠" in sections["waits"]) == is_over
    assert ("⚠ overloaded" in sections["overload"]) == is_over
    assert ("≥ " in sections["overload"]) == is_over


def test_one_thing_is_said_once(tmp_path: Path) -> None:
    found = results(tmp_path, 2.6)
    judged = found.scenario.title, overload_table(found.scenario, found.findings)

    said = overload_sentences(judged, {}, "en")

    # All cases, those of the only jurisdiction and those of the only team are the same.
    assert len(said) == 1
    assert re.search(r"grow by \d+ ± \d+ a year", said[0])
    assert overload_box([judged], {}).count("<li>") == 1


def test_one_replication_is_said_to_tell_nothing(tmp_path: Path) -> None:
    found = results(tmp_path, 2.6, replications=1)

    said = overload_sentences((found.scenario.title, overload_table(found.scenario, found.findings)), {}, "en")

    assert said == ["One desk: one replication does not tell whether anything is overloaded."]
