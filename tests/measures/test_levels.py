"""Which means are marked as no level."""

from __future__ import annotations

import pandas as pd
import pytest

from enforcement_sim.measures.levels import OF_JURISDICTION, OF_TEAM, overloaded, without_level
from enforcement_sim.model.wanted import MEASURES


@pytest.mark.parametrize(
    ("measure", "jurisdiction", "item", "has_none"),
    [
        ("backlog_mean", "east", "all", True),
        ("backlog_mean", "west", "all", False),
        ("days_p90", "east", "ordinary", True),
        ("wait_mean", "west", "corps/review", True),  # the team is overloaded, wherever its cases come from
        ("wait_mean", "east", "desk/review", False),
        ("stay_mean", "west", "corps", False),  # a stage of the same name
        ("use", "east", "corps", False),
        ("filed", "east", "cases", False),
    ],
)
def test_a_mean_is_no_level_where_what_it_tells_of_is_overloaded(
    measure: str, jurisdiction: str, item: str, has_none: bool
) -> None:
    row = pd.DataFrame({"measure": [measure], "jurisdiction": [jurisdiction], "item": [item]})

    assert without_level(row, ["east", "corps"]).tolist() == [has_none]
    assert without_level(row, []).tolist() == [False]


def test_only_an_overload_counts_as_one() -> None:
    verdicts = pd.DataFrame({"name": ["all", "east", "desk"], "verdict": ["unclear", "overloaded", "stable"]})

    assert overloaded(verdicts) == ["east"]


def test_the_measures_are_those_of_the_findings() -> None:
    assert {*MEASURES, "backlog_at_end"} >= OF_JURISDICTION | OF_TEAM
