"""The section on sensitivities: what stands in its tables and charts, in both languages."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from enforcement_sim.model.figures import Title
from enforcement_sim.statistics.reasons import Reason
from enforcement_sim.studies.sensitivity import IN_A_GROUP, NO_POINT, NO_VALUE
from enforcement_sim.views.sensitivity import sensitivity_part, short_paths
from enforcement_sim.views.words import LANGUAGES, WORDS

NAMES = {"clock": Title(en="Sixty days", zh="六十日"), "office": Title(en="Office", zh="办公室")}
PATHS = ["procedures.p.stages.first.duration.median", "procedures.p.stages.second.duration.median"]


def rows(measure: str = "days_median", jurisdiction: str = "office", **keys: Any) -> pd.DataFrame:
    told = {"scenario": "", "measure": measure, "jurisdiction": jurisdiction, "item": "clock", "period": "2024"}
    common = {"used": 30, "left_out": 10, "causes": "failed: 4, in_a_group: 6", "least": 2.0, "most": 9.0}
    common["overloaded"] = 0
    return pd.DataFrame({**told, "parameter": PATHS, "beside": "", **common, "noise": 0.02, "reason": "", **keys})


def morris(**keys: Any) -> pd.DataFrame:
    given = {"mu": [-1.5, 30.25], "mu_star": [1.75, 30.25], "sigma": [2.0, 4.0], "mu_star_conf": [0.5, 6.0]}
    return rows(**given, **keys)


def sobol(**keys: Any) -> pd.DataFrame:
    return rows(**{"S1": [0.125, 0.5], "S1_conf": [0.25, 0.25], "ST": [0.375, 0.75], "ST_conf": 0.125, **keys})


def with_pair(table: pd.DataFrame) -> pd.DataFrame:
    pair = table.iloc[:1].assign(beside=PATHS[1], S1=math.nan, S1_conf=math.nan, ST=math.nan, ST_conf=math.nan)
    return pd.concat([table, pair.assign(S2=0.25, S2_conf=0.0625)], ignore_index=True)


def html(table: pd.DataFrame) -> str:
    (part,) = sensitivity_part(table, NAMES)
    key, text = part.key, part.html
    assert key == "sensitivity"
    return text


def test_the_largest_stands_on_top_with_what_it_does_alone_inside() -> None:
    ((of_place),) = sensitivity_part(with_pair(sobol()), NAMES)[0].figures.values()
    for language, names in (("en", ["with others ST", "alone S1"]), ("zh", ["总效应 ST", "单独效应 S1"])):
        outer, inner = of_place["office"][language].data

        assert [outer["name"], inner["name"]] == names
        assert outer["y"] == inner["y"] == ["second.duration.median", "first.duration.median"]
        assert (outer["x"], inner["x"]) == ([0.75, 0.375], [0.5, 0.125])
        assert outer["width"] > inner["width"]
        assert outer["error_x"]["array"] == [0.125, 0.125]


def test_the_spread_of_effects_is_a_mark_beside_their_size() -> None:
    ((of_place),) = sensitivity_part(morris(), NAMES)[0].figures.values()
    bars, marks = of_place["office"]["en"].data

    assert (bars["type"], bars["x"], bars["error_x"]["array"]) == ("bar", [30.25, 1.75], [6.0, 0.5])
    assert (marks["type"], marks["x"]) == ("scatter", [4.0, 2.0])
    assert bars["customdata"] == marks["customdata"] == PATHS[::-1]


@pytest.mark.parametrize("table", [morris(), sobol(), with_pair(sobol())], ids=["morris", "sobol", "pairs"])
def test_every_property_is_one_of_plotly(table: pd.DataFrame) -> None:
    for of_place in sensitivity_part(table, NAMES)[0].figures.values():
        for language in LANGUAGES:
            figure = of_place["office"][language].plain()
            told = json.loads(go.Figure(figure).to_json())
            assert told["data"] == json.loads(json.dumps(figure["data"]))


def test_the_table_tells_numbers_points_causes_and_noise() -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", html(with_pair(sobol())))

    assert [re.sub(r"<span lang=.zh-CN.>.*?</span>|<[^>]*>", "", cell) for cell in cells[:7]] == [
        "Office", "second.duration.median", "0.75 ± 0.12", "0.50 ± 0.25", "–", "30 / 40failed: 4with one of these: 6",
        "2.0 %",
    ]  # fmt: skip
    assert "first.duration.median</code> × <code" in cells[15]
    assert cells[18] == "0.25 ± 0.06"
    assert f'title="{PATHS[0]}"' in cells[8]


@pytest.mark.parametrize(("noise", "marked"), [(0.09, False), (0.11, True), (1.7, True), (math.nan, False)])
def test_a_noisy_measure_is_marked(noise: float, marked: bool) -> None:
    assert ("⚠" in html(morris(noise=noise)).split("<table>")[1]) is marked


@pytest.mark.parametrize("reason", ["no_spread", "too_few"])
def test_a_reason_stands_once_and_without_a_chart(reason: str) -> None:
    nothing = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), math.nan)
    (part,) = sensitivity_part(sobol(**nothing, reason=reason), NAMES)
    text = part.html

    assert part.figures == {}
    assert "data-chart" not in text
    assert text.count(WORDS[f"sensitivity_{reason}"]["zh"]) == 1
    assert text.count("<tr data-place") == 1


def test_jurisdictions_scenarios_and_measures_are_told_apart() -> None:
    both = [morris(measure="use"), morris(jurisdiction="all"), morris(), morris(scenario="more staff")]
    (part,) = sensitivity_part(pd.concat(both, ignore_index=True), NAMES)
    titles = re.findall(r"<h3>(.*?)</h3>", part.html)

    assert [list(of_place) for of_place in part.figures.values()] == [["all", "office"], ["office"], [""]]
    assert len(titles) == 3
    assert "Time to resolution · Sixty days" in titles[0]
    assert "办理时长 · 六十日 · more staff" in titles[1]
    assert "人员利用率" in titles[2]


def test_points_that_are_overloaded_are_told() -> None:
    assert "超负荷</span>: 3" in html(sobol(overloaded=3))
    assert "</span>: 0" not in html(sobol())


def test_a_team_whose_use_hardly_moves_is_left_out() -> None:
    still = morris(measure="use", least=0.5, most=0.515)

    assert sensitivity_part(still, NAMES) == []
    assert sensitivity_part(still.assign(most=0.53), NAMES) != []
    assert sensitivity_part(pd.DataFrame(), NAMES) == []


def test_there_is_a_word_for_every_cause_and_reason() -> None:
    causes = ("failed", "incomplete", IN_A_GROUP, NO_POINT, NO_VALUE)

    assert {f"left_{cause}" for cause in causes} <= set(WORDS)
    assert {f"sensitivity_{reason}" for reason in (Reason.TOO_FEW, Reason.NO_SPREAD)} <= set(WORDS)


@pytest.mark.parametrize(
    ("paths", "short"),
    [
        (["a.b.c.d", "a.b.x.d"], ["c.d", "x.d"]),
        (["a.b.c.d", "a.b.c.e"], ["c.d", "c.e"]),
        (["a.b.c.d", "staff"], ["a.b.c.d", "staff"]),
        (["a.b.c.d"], ["a.b.c.d"]),
    ],
)
def test_paths_lose_what_all_begin_with(paths: list[str], short: list[str]) -> None:
    assert short_paths(paths) == short
