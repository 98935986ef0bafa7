"""The page of a sweep: what is lacking is marked everywhere, and a sampled sweep shows each parameter."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from enforcement_sim.model.figures import Title
from enforcement_sim.views import theme
from enforcement_sim.views.scatter import MOST, amounts, scatter, unit
from enforcement_sim.views.sweep import points_part, sweep_parts
from enforcement_sim.views.sweep_tables import MANY, SweepTables

STAFF, MEAN, QUEUE = "teams.staff.officers", "procedures.queue.stages.work.duration.mean", "teams.staff.queue"


def tables(
    points: int = 6, lacking: tuple[int, ...] = (), over: tuple[int, ...] = (), axes: tuple[str, ...] = ("point",)
) -> SweepTables:
    rows, listed = [], []
    for number in range(points):
        moved = {STAFF: number % 3 + 1, MEAN: f"{0.5 + number} h", QUEUE: ("first_come", "earliest_due")[number % 2]}
        is_whole = number not in lacking
        listed.append({"name": f"point-{number:03d}", "scenario": None, "future": None, **moved})
        listed[-1] |= {
            "used": 4 if is_whole else 3,
            "asked": 4,
            "complete": is_whole,
            "failures": "" if is_whole else "<i>",
        }
        listed[-1]["overloaded"] = ["east"] if number in over else []
        for place in ("all", "east"):
            mean = 100.0 + number
            finding = {"measure": "backlog_at_end", "jurisdiction": place, "field": "all", "item": "all", "period": 364}
            rows.append({**moved, **finding, "mean": mean, "low": mean - 1, "high": mean + 1, "point": number})
            rows[-1] |= {"complete": is_whole, "overloaded": number in over and place == "east"}
    frame = pd.DataFrame(listed).astype({"future": "Int64"})
    return SweepTables(Title(en="T", zh="题"), pd.DataFrame(rows), axes, frame, "", {})


def written(sweep: SweepTables) -> str:
    return "".join(part.html for part in sweep_parts(sweep))


def titles(sweep: SweepTables) -> list[str]:
    """Of the maps: the parallel axes have none."""
    maps = [by_place for part in sweep_parts(sweep) for key, by_place in part.figures.items() if key != "levers"]
    return [one["en"].plain()["layout"]["title"]["text"] for by_place in maps for one in by_place.values()]


def test_a_whole_sweep_has_no_mark() -> None:
    assert "All 6 points are complete" in written(tables())
    assert "⚠" not in written(tables())
    assert "⚠" not in "".join(titles(tables()))


def test_what_is_lacking_is_marked_in_every_map_and_list() -> None:
    sweep = tables(lacking=(2,))
    body = written(sweep)
    assert "1 of 6 points are incomplete" in body
    assert "6 个方案点中有 1 个不完整" in body
    for part in sweep_parts(sweep):
        assert "⚠" in part.html or part.key in ("levers", "whole"), part.key
    assert all("⚠" in title for title in titles(sweep))
    assert "&lt;i&gt;" in body  # a cause is text, never HTML
    assert "3 / 4" in body


@pytest.mark.parametrize("axes", [("point",), (STAFF,), (STAFF, MEAN)])
def test_so_is_what_is_overloaded(axes: tuple[str, ...]) -> None:
    parts = {part.key: part for part in sweep_parts(tables(over=(1, 2), axes=axes))}
    drawn = [one["en"].plain() for one in parts["backlog_at_end"].figures["backlog_at_end"].values()]

    assert "At 2 of 6 points something is overloaded" in parts["whole"].html
    assert "6 个方案点中有 2 个出现超负荷" in parts["whole"].html
    assert parts["backlog_at_end"].html.count("⚠") == 2  # of the whole nothing is overloaded, of the east two points
    assert parts["points"].html.count("⚠") == 2
    assert [one["layout"]["title"]["text"].endswith("⚠ overloaded") for one in drawn] == [False, True]
    whole, east = (json.dumps(one["data"], ensure_ascii=False) for one in drawn)
    marks = [text.count("⚠" if len(axes) == 2 else "circle-open") for text in (whole, east)]
    assert marks[0] == 0
    assert marks[1] >= 2


def test_of_very_many_points_only_the_whole_is_mapped_and_the_list_stands_apart() -> None:
    few, many = tables(MANY), tables(MANY + 1)
    assert (len(titles(few)), len(titles(many))) == (2, 1)
    keys = [[part.key for part in sweep_parts(sweep)] for sweep in (few, many)]
    assert ["points" in some for some in keys] == [True, False]
    rows = [written(sweep).count("<tr") for sweep in (few, many)]
    assert rows[1] < rows[0] / 4  # beside a map the least and the largest
    assert points_part(many).html.count("<tr>") == MANY + 2


def test_the_points_are_listed_with_all_that_they_change() -> None:
    section = points_part(tables()).html
    assert [section.count(told) for told in (STAFF, MEAN, QUEUE, "5.5 h", "earliest_due")] == [1, 1, 1, 1, 3]


def test_levers_and_measures_of_all_points_stand_side_by_side() -> None:
    [part] = [part for part in sweep_parts(tables()) if part.key == "levers"]
    [trace] = part.figures["levers"][""]["en"].plain()["data"]
    by_label = {one["label"]: one for one in trace["dimensions"]}

    assert by_label["officers · staff"]["values"] == [1, 2, 3, 1, 2, 3]
    assert by_label["staff.queue"]["ticktext"] == ["first_come", "earliest_due"]
    assert by_label["staff.queue"]["values"] == [0, 1, 0, 1, 0, 1]
    assert trace["dimensions"][-1]["values"] == [100, 101, 102, 103, 104, 105]
    assert "data-v=105>" in part.html


def test_a_sampled_sweep_has_one_small_chart_for_each_number() -> None:
    import plotly.graph_objects as go

    figure = scatter(tables().table.assign(marked=False), [STAFF, MEAN, QUEUE], "T", "en").plain()
    assert [trace["x"] for trace in figure["data"]] == [
        [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3],
        [0.5, 0.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5, 4.5, 4.5, 5.5, 5.5],
    ]
    assert figure["layout"]["xaxis2"]["title"]["text"].endswith("duration.mean (h)")
    known = json.loads(go.Figure(figure).to_json())
    assert [trace["marker"] for trace in known["data"]] == [trace["marker"] for trace in figure["data"]]


def test_of_too_many_parameters_those_are_shown_that_the_measure_follows() -> None:
    table = pd.DataFrame({"mean": range(9), "low": range(9), "high": range(9), "point": range(9)})
    table["marked"] = False
    for number in range(MOST + 1):
        table[f"p{number}"] = [(k * 7 + number) % 9 for k in range(9)]
    table["follows"], table["still"] = range(9), 3
    shown = scatter(table, [*(f"p{n}" for n in range(MOST + 1)), "follows", "still"], "T", "en").plain()["layout"]
    texts = [axis["title"]["text"] for name, axis in shown.items() if name.startswith("xaxis")]
    assert len(texts) == MOST
    assert texts[-1] == "follows"


@pytest.mark.parametrize(
    ("written_", "numbers", "unit_"),
    [
        (["1 h", "2.5 h"], [1.0, 2.5], "h"),
        ([3, 4], [3.0, 4.0], ""),
        (["1e-3 per day", "2 per day"], [0.001, 2.0], "per day"),
        (["1 h", "2 days"], None, "h"),
        (["first_come", "x"], None, ""),
        ([True, False], None, ""),
        (["e", "."], None, ""),
    ],
)
def test_a_parameter_is_a_number_if_all_its_values_have_one_unit(written_: list[Any], numbers: Any, unit_: str) -> None:
    found = amounts(pd.Series(written_))
    assert (None if found is None else found.tolist()) == numbers
    assert unit(pd.Series(written_)) == unit_


@pytest.mark.parametrize(("value", "told"), [(-0.001, "0.0"), (-0.06, "-0.1"), (0.0, "0.0"), (-1234.56, "-1,234.6")])
def test_nothing_is_not_below_zero(value: float, told: str) -> None:
    assert theme.number(value) == told
