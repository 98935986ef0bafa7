"""The drawing of a procedure: a box for each stage and end, an arrow for each way, nothing on top of anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.files.read import load
from enforcement_sim.model.derive import procedures_in_use
from enforcement_sim.model.figures import Language
from enforcement_sim.model.stages import Procedure, Work
from enforcement_sim.model.ways import next_names
from enforcement_sim.views.flow import flow_svg
from enforcement_sim.views.flow_text import lines_of, width_of

SVG = "{http://www.w3.org/2000/svg}"
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def shipped() -> list[Any]:
    found = []
    for file in ("wenzhou/base.yaml", "tianjin/shift_with_staff.yaml"):
        scenario = load(SCENARIOS / file)
        found += [pytest.param(scenario.procedures[one], id=f"{file}-{one}") for one in procedures_in_use(scenario)]
    return found


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Stages with ways to anywhere, also back and to themselves, with titles of any length."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    titles = st.text("ab 长字—&<", min_size=1, max_size=60).filter(str.strip)
    stages = {}
    for name in names:
        ends = draw(st.lists(st.sampled_from([*names, "closed"]), min_size=1, max_size=4, unique=True))
        then = {end: "rest" if number == 0 else 0.1 for number, end in enumerate(ends)}
        stages[name] = {"kind": "decision", "title": draw(titles), "then": then}
    return Procedure.model_validate({"stages": stages})


def drawing(procedure: Procedure, language: Language = "en") -> ET.Element:
    return ET.fromstring(flow_svg("T", procedure, language))


def boxes(root: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    rects = list(root.iter(f"{SVG}rect"))
    found = {
        one.get("data-name", ""): (
            x := float(one.get("x", "nan")),
            y := float(one.get("y", "nan")),
            x + float(one.get("width", "nan")),
            y + float(one.get("height", "nan")),
        )
        for one in rects
    }
    assert len(found) == len(rects), "a box stands twice"
    return found


def named_ways(procedure: Procedure) -> set[tuple[str, str]]:
    """Every way, read off the stages and not off the drawing's own helper."""
    found = set()
    for name, stage in procedure.stages.items():
        for one in (stage, *(changed for _, changed in stage.versions)):
            found |= {(name, end) for end in next_names(one.then)}
        if isinstance(stage, Work):
            found |= {(name, end) for end in (stage.on_give_up, stage.on_full) if end is not None}
    for clock in procedure.clocks.values():
        if clock.lapses_to is not None:
            found.add((clock.starts.stage, clock.lapses_to))
    return found


def points(path: str) -> list[tuple[float, float]]:
    """The corners of an arrow; of its curve only the end, as the curve stays between its ends."""
    x = y = 0.0
    found = []
    for letter, numbers in re.findall(r"([MVHC])([^MVHC]*)", path):
        values = [float(one) for one in numbers.split()]
        x = {"H": values[0], "V": x}.get(letter, values[-2] if len(values) > 1 else x)
        y = {"V": values[0], "H": y}.get(letter, values[-1])
        found.append((x, y))
    return found


def check(procedure: Procedure, language: Language) -> None:
    root = drawing(procedure, language)
    found = boxes(root)
    ways = named_ways(procedure)
    arrows = [one for one in root.iter(f"{SVG}path") if one.get("class") == "way"]

    assert set(found) == {*procedure.stages, *(end for _, end in ways)}
    assert sorted((one.get("data-from"), one.get("data-to")) for one in arrows) == sorted(ways)
    _, _, width, height = (float(one) for one in root.get("viewBox", "").split())
    assert all(x >= 0 and y >= 0 and right <= width and bottom <= height for x, y, right, bottom in found.values())
    for one, other in combinations(found.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for arrow in arrows:
        way = points(arrow.get("d", ""))
        begin, end = found[arrow.get("data-from", "")], found[arrow.get("data-to", "")]
        assert begin[0] < way[0][0] < begin[2]
        assert way[0][1] == pytest.approx(begin[3], abs=0.11)
        assert end[0] < way[-1][0] < end[2]
        assert way[-1][1] == pytest.approx(end[1], abs=0.11)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in way)
        for (x, y), (to_x, to_y) in pairwise(way):
            for left, top, right, bottom in found.values():
                beside = max(x, to_x) <= left or min(x, to_x) >= right
                assert beside or max(y, to_y) <= top + 0.11 or min(y, to_y) >= bottom - 0.11, "an arrow crosses a box"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("procedure", shipped())
def test_each_stage_has_a_box_and_each_way_an_arrow(procedure: Procedure, language: Language) -> None:
    check(procedure, language)


@given(procedures())
def test_so_it_is_with_any_procedure(procedure: Procedure) -> None:
    check(procedure, "zh")


@given(procedures())
def test_no_label_is_wider_than_its_box(procedure: Procedure) -> None:
    root = drawing(procedure)
    rects = list(boxes(root).values())
    for label in root.iter(f"{SVG}text"):
        if label.get("class") == "label":
            x, y = float(label.get("x", "nan")), float(label.get("y", "nan"))
            half = width_of(label.text or "") / 2  # 0.6 of the height for a Latin letter, 1 for a Chinese one
            assert any(a <= x - half and x + half <= c and b <= y - 9 and y <= d for a, b, c, d in rects)


@given(st.text("ab 长字", min_size=1, max_size=60), st.integers(12, 140))
def test_lines_keep_every_letter_and_are_not_too_wide(text: str, most: int) -> None:
    lines = lines_of(text, most)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= most for line in lines)


def test_the_same_procedure_gives_the_same_bytes_in_another_process() -> None:
    drawn = set()
    for seed in ("1", "2", "3"):  # of Python's hashes, which order its sets
        told = subprocess.run(
            [sys.executable, "-c", DRAW, str(SCENARIOS / "wenzhou" / "base.yaml")],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True,
        )  # fmt: skip
        drawn.add(told.stdout)
    assert len(drawn) == 1
    assert drawn.pop().startswith(b"<svg")


DRAW = """
import sys
from enforcement_sim.files.read import load
from enforcement_sim.views.flow import flow_svg
sys.stdout.buffer.write(flow_svg("T", load(sys.argv[1]).procedures["reconsideration"], "zh").encode())
"""


def test_shares_stand_beside_arrows_and_a_dated_change_as_a_step() -> None:
    stages = {
        "a": {"kind": "decision", "then": {"b": 0.25, "closed": "rest"},
              "changes": [{"on": "10 days", "set": {"then": {"b": 0.5, "closed": "rest"}}}]},
        "b": {"kind": "decision", "then": "closed"},
    }  # fmt: skip
    root = drawing(Procedure.model_validate({"stages": stages}))
    told = sorted(one.text or "" for one in root.iter(f"{SVG}text") if one.get("class") == "share")
    assert told == ["25 % → 50 %", "75 % → 50 %"]


def test_dated_ways_say_from_when() -> None:
    stages = {"a": {"kind": "decision", "then": {"by": "now", "ways": {"2024-01-01": "closed"}, "otherwise": "b"}},
              "b": {"kind": "decision", "then": "closed"}}  # fmt: skip
    root = drawing(Procedure.model_validate({"stages": stages}), "zh")
    assert sorted(one.text or "" for one in root.iter(f"{SVG}text") if one.get("class") == "share") == [
        "2024-01-01起",
        "此前",
    ]
