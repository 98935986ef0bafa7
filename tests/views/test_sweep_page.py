"""The page of a sweep: what is lacking is marked everywhere, and a sampled sweep shows each parameter."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from enforcement_sim.model.figures import Title
from enforcement_sim.views import theme
from enforcement_sim.views.scatter import MOST, amounts, scatter, unit
from enforcement_sim.views.sweep import MANY, SweepTables, write_sweep_report

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


def written(folder: Path, sweep: SweepTables) -> str:
    write_sweep_report(folder / "page.html", sweep)
    return (folder / "page.html").read_text(encoding="utf-8")


def titles(page: str) -> list[str]:
    figures = json.loads(page.split('id="figures">')[1].split("</script>")[0])
    return [one["layout"]["en"]["title"]["text"] for chart in figures.values() for one in chart.values()]


def test_a_whole_sweep_has_no_mark(tmp_path: Path) -> None:
    page = written(tmp_path, tables())
    assert "All 6 points are complete" in page
    assert "⚠" not in page.split("<script>")[0]
    assert "⚠" not in "".join(titles(page))


def test_what_is_lacking_is_marked_in_every_table_and_chart(tmp_path: Path) -> None:
    page = written(tmp_path, tables(lacking=(2,)))
    assert "1 of 6 points are incomplete" in page
    assert "6 个方案点中有 1 个不完整" in page
    body = page.split("<script")[0]
    for section in re.findall(r"<section.*?</section>", body, flags=re.S):
        assert "⚠" in section
    assert all("⚠" in title for title in titles(page))
    assert "&lt;i&gt;" in body  # a cause is text, never HTML
    assert "3 / 4" in body


@pytest.mark.parametrize("axes", [("point",), (STAFF,), (STAFF, MEAN)])
def test_so_is_what_is_overloaded(tmp_path: Path, axes: tuple[str, ...]) -> None:
    page = written(tmp_path, tables(over=(1, 2), axes=axes))
    body, figures = page.split("<script")[0], page.split('id="figures">')[1].split("</script>")[0]
    sections = dict(re.findall(r'<section id="([\w-]+)">(.*?)</section>', body, flags=re.S))
    charts = {chart["layout"]["en"]["title"]["text"]: chart for chart in json.loads(figures)["backlog_at_end"].values()}

    assert "At 2 of 6 points something is overloaded" in sections["findings"]
    assert "6 个方案点中有 2 个出现超负荷" in sections["findings"]
    assert sections["backlog_at_end"].count("⚠") == 2  # of the whole nothing is overloaded, of the east two points
    assert sections["points"].count("⚠") == 2
    assert [title.endswith("⚠ overloaded") for title in charts] == [False, True]
    whole, east = (json.dumps(chart["data"], ensure_ascii=False) for chart in charts.values())
    marks = [text.count("⚠" if len(axes) == 2 else "circle-open") for text in (whole, east)]
    assert marks == [0, 2 * marks[1] // 2]
    assert marks[1] >= 2


def test_of_very_many_points_only_the_whole_is_mapped(tmp_path: Path) -> None:
    few, many = written(tmp_path, tables(MANY)), written(tmp_path, tables(MANY + 1))
    assert (len(titles(few)), len(titles(many))) == (2, 1)


def test_the_points_are_listed_with_all_that_they_change(tmp_path: Path) -> None:
    body = written(tmp_path, tables()).split("<script")[0]
    [section] = re.findall(r'<section id="points">.*?</section>', body, flags=re.S)
    assert [section.count(told) for told in (STAFF, MEAN, QUEUE, "5.5 h", "earliest_due")] == [1, 1, 1, 1, 3]


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
