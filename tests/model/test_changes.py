"""Dated changes of stages: at once, in steps, and for cases filed from then on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from enforcement_sim.model.quantities import Length
from enforcement_sim.model.stages import Stage, Wait, Work

STAGE: TypeAdapter[Any] = TypeAdapter(Stage)


def work(**changes: Any) -> Work:
    body = {"kind": "work", "team": "t", "duration": "8 h", "then": {"a": 0.2, "b": "rest"}, "changes": [changes]}
    stage = STAGE.validate_python(body)
    assert isinstance(stage, Work)
    return stage


def test_a_change_at_once_is_one_step_with_the_new_values() -> None:
    [(change, after)] = work(on="2024-01-01", set={"duration": "4 h"}).versions

    assert change.on == dt.date(2024, 1, 1)
    assert str(after.duration.value) == "4 h"


def test_a_ramp_moves_lengths_and_shares_in_equal_steps_from_its_first_day() -> None:
    ramp = work(
        on="2024-01-01", full_on="2024-01-31", steps=3, set={"duration": "2 h", "then": {"a": 0.8, "b": "rest"}}
    )
    days = [change.on for change, _ in ramp.versions]
    hours = [after.duration.value.seconds / 3600 for _, after in ramp.versions]
    shares = [after.then.numbers() for _, after in ramp.versions]

    # A third of the way from the first day on, all of it ten days before the ramp is over.
    assert days == [dt.date(2024, 1, 1), dt.date(2024, 1, 11), dt.date(2024, 1, 21)]
    assert hours == pytest.approx([6, 4, 2])
    assert [share["a"] for share in shares] == pytest.approx([0.4, 0.6, 0.8])
    assert [share["b"] for share in shares] == pytest.approx([0.6, 0.4, 0.2])


def test_a_ramp_of_a_scenario_without_dates_counts_time() -> None:
    ramp = work(on="10 h", full_on="30 h", steps=2, set={"duration": "2 h"})

    assert [change.on for change, _ in ramp.versions] == [Length(36_000, "s"), Length(72_000, "s")]


def test_a_second_change_begins_where_the_first_one_ended() -> None:
    body = {
        "kind": "wait", "duration": "10 days", "then": "closed",
        "changes": [
            {"on": "2024-01-01", "set": {"duration": "20 days"}},
            {"on": "2025-01-01", "full_on": "2025-03-01", "steps": 2, "set": {"duration": "40 days"}},
        ],
    }  # fmt: skip
    stage = STAGE.validate_python(body)
    assert isinstance(stage, Wait)

    assert [str(after.duration.value) for _, after in stage.versions] == ["20 days", "30 days", "40 days"]


def test_what_is_no_number_changes_with_the_first_step() -> None:
    ramp = work(on="2024-01-01", full_on="2024-03-01", steps=2, set={"duration": "4 h", "team": "other"})

    assert [after.team for _, after in ramp.versions] == ["other", "other"]


@pytest.mark.parametrize(
    ("full_on", "said"), [("2023-12-31", "complete after it begins"), ("30 h", "both dates or both times")]
)
def test_a_ramp_that_ends_before_it_begins_is_refused(full_on: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        work(on="2024-01-01", full_on=full_on, set={"duration": "4 h"})
