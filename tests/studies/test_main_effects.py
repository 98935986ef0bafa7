"""Effects of levers: of a grid the differences of level means, of a sample those of thirds."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pandas as pd
import pytest

from enforcement_sim.studies.main_effects import COLUMNS, main_effects


def row(point: int, mean: float, measure: str = "backlog_at_end", item: str = "all", **levers: Any) -> dict[str, Any]:
    where = {"measure": measure, "jurisdiction": "all", "field": "all", "item": item, "period": 2024}
    return {**levers, **where, "mean": mean, "sd": 6.0, "n": 4, "point": point}


def grid() -> pd.DataFrame:
    points = itertools.product((0, 1, 2), ("few", "many"))
    return pd.DataFrame([row(n, 100 + 10 * a - (7 if b == "many" else 0), a=a, b=b) for n, (a, b) in enumerate(points)])


def test_of_a_grid_the_effect_is_the_difference_of_level_means() -> None:
    found = main_effects(grid(), ["a", "b"])

    assert list(found.columns) == COLUMNS
    first, second = found.to_dict("records")
    assert (first["axis"], first["low_level"], first["high_level"]) == ("a", 0, 2)
    assert (first["low"], first["high"], first["overall"]) == (96.5, 116.5, 106.5)
    assert (second["low_level"], second["low"], second["high_level"], second["high"]) == ("many", 103.0, "few", 110.0)
    # Each level of a has two points, each with a standard error of 6 / sqrt(4).
    assert first["half"] == pytest.approx(1.96 * math.sqrt(2 * (2 * 9.0) / 2**2))


def test_a_lever_that_does_not_move_is_left_out() -> None:
    assert set(main_effects(grid().assign(c=3), ["a", "b", "c"])["axis"]) == {"a", "b"}


def test_of_a_sample_points_are_grouped_by_thirds_of_as_many() -> None:
    table = pd.DataFrame([row(n, float(n), a=f"{n / 10} h") for n in range(30)])
    [effect] = main_effects(table, ["a"]).to_dict("records")

    assert (effect["low"], effect["high"]) == (4.5, 24.5)
    assert (effect["low_level"], effect["high_level"]) == ("0 … 0.9", "2 … 2.9")


def test_words_with_very_many_levels_have_no_thirds() -> None:
    table = pd.DataFrame([row(n, float(n), a=f"kind {n}") for n in range(30)])

    assert main_effects(table, ["a"]).empty


def test_items_are_those_that_the_sweep_moves_most() -> None:
    rows = [row(n, by * n, "days_p90", item, a=n) for item, by in (("x", 1.0), ("y", 3.0), ("z", 2.0)) for n in (0, 1)]

    assert main_effects(pd.DataFrame(rows), ["a"])["item"].tolist() == ["y", "z"]


def test_no_table_has_no_effects() -> None:
    assert main_effects(pd.DataFrame(), ["a"]).empty
