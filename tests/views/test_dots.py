"""The drawing of means and intervals: every point where its number says, whatever the numbers are."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enforcement_sim.views.dots import WIDTH, Dot, dots

NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(NUMBERS, st.floats(0, 1e6)), min_size=1, max_size=8))
@example([(0.0, 5e-324)])
def test_every_point_stands_on_the_drawing_in_order(given_: list[tuple[float, float]]) -> None:
    points = [Dot(f"p{n}", mean, mean - half, mean + half) for n, (mean, half) in enumerate(given_)]
    drawing = ET.fromstring(dots("T", points))
    circles = [float(one.get("cx", "nan")) for one in drawing.iter("{http://www.w3.org/2000/svg}circle")]

    assert len(circles) == len(points)
    assert all(0 <= x <= WIDTH for x in circles)
    by_mean = sorted(zip([p.mean for p in points], circles, strict=True))
    assert all(one[1] <= other[1] + 0.11 for one, other in pairwise(by_mean))
    for path in drawing.iter("{http://www.w3.org/2000/svg}path"):
        ends = [float(x) for x in re.findall(r"[MH](-?[\d.]+)", path.get("d", ""))]
        assert all(-0.1 <= x <= WIDTH + 0.1 for x in ends)


def test_a_label_is_text_and_what_is_not_known_is_not_drawn() -> None:
    drawing = dots("A & B", [Dot("<i>", 1.0, math.nan, math.nan), Dot("市级", math.nan, math.nan, math.nan)])

    assert "A &amp; B" in drawing
    assert "&lt;i&gt;" in drawing
    assert (drawing.count("<circle"), drawing.count("<path")) == (1, 0)
    ET.fromstring(drawing)


@pytest.mark.parametrize(("low", "high", "first"), [(10.0, 90.0, ">0<"), (80.0, 90.0, ">80<")])
def test_the_axis_begins_at_nothing_where_that_hides_nothing(low: float, high: float, first: str) -> None:
    assert first in dots("T", [Dot("a", low, low, low), Dot("b", high, high, high)])
