"""Figures are plain values: plotly's own classes say here whether every property of them is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

import enforcement_sim as es
from enforcement_sim.reports.material import of_results
from enforcement_sim.views import charts, theme
from enforcement_sim.views.figure import Figure, trace
from enforcement_sim.views.pages.all import pages_of
from enforcement_sim.views.words import LANGUAGES

DATA = Path(__file__).parent.parent / "data"


def as_plotly_has_it(figure: dict[str, Any]) -> str:
    """The text that plotly makes of a figure after it has checked every property; ValueError if one is none."""
    told = json.loads(go.Figure(figure).to_json())
    told["layout"].pop("template")
    return json.dumps({"data": told["data"], "layout": told["layout"]})


def without_template(figure: dict[str, Any]) -> str:
    layout = {key: value for key, value in figure["layout"].items() if key != "template"}
    return json.dumps({"data": figure["data"], "layout": layout})


@pytest.fixture(scope="module")
def drawn() -> list[dict[str, Any]]:
    base, shift = (es.run(DATA / f"small_{name}.yaml", replications=2) for name in ("base", "shift"))
    charts_ = {key: by_place for page in pages_of(of_results([base, shift])) for key, by_place in page.figures.items()}
    assert set(charts_) >= {
        "units",
        "gains",
        "change",
        "overdue",
        "resolution",
        "staff",
        "waits",
        "published",
        "between",
    }
    plain = [
        json.loads(json.dumps(one[code].plain()))
        for found in charts_.values()
        for one in found.values()
        for code in LANGUAGES
    ]
    assert len(plain) > 40
    return plain


def test_every_property_of_every_chart_is_one_of_plotly(drawn: list[dict[str, Any]]) -> None:
    for figure in drawn:
        assert json.loads(as_plotly_has_it(figure)) == json.loads(without_template(figure))


@pytest.mark.parametrize("axes", [["staff"], ["staff", "reform"]])
def test_so_are_those_of_a_map_of_a_sweep(axes: list[str]) -> None:
    rows = [
        {"staff": a, "reform": b, "mean": a + b, "low": a, "high": b, "marked": a == 1}
        for a in (1, 2)
        for b in (0.1, 0.2)
    ]

    figure = charts.sweep_map(pd.DataFrame(rows), dict(zip(axes, axes, strict=True)), "use", "Use", "en").plain()

    assert json.loads(as_plotly_has_it(figure)) == json.loads(without_template(figure))


def test_the_scale_of_maps_is_the_one_that_plotly_knows_by_name() -> None:
    known = json.loads(go.Figure(go.Heatmap(z=[[1]], colorscale="Cividis")).to_json())

    assert known["data"][0]["colorscale"] == theme.CIVIDIS


def test_a_property_of_no_chart_is_found() -> None:
    figure = Figure({})
    figure.add(trace("scatter", y=[1], colour="red"))

    with pytest.raises(ValueError, match="colour"):
        as_plotly_has_it(figure.plain())


def test_properties_stand_by_name_and_changes_behind() -> None:
    figure = Figure({"xaxis": {"zeroline": False, "gridcolor": "#eee"}, "height": 1})
    figure.change(height=2, xaxis={"type": "date"})
    figure.add(trace("bar", y=[1], x=[0], marker={"pattern": {}, "color": "red"}))

    assert json.dumps(figure.plain()) == (
        '{"data": [{"marker": {"color": "red", "pattern": {}}, "x": [0], "y": [1], "type": "bar"}], '
        '"layout": {"height": 2, "xaxis": {"gridcolor": "#eee", "zeroline": false, "type": "date"}, "template": {}}}'
    )
