"""Cases with known answers, each through its scenario file."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.studies.golden import largest_error
from enforcement_sim.studies.validation import LONG, QUICK, catalogue, validate

FOLDER = Path(__file__).parents[2] / "scenarios" / "validation"
FOUND = catalogue(FOLDER)
TOO_LONG_FOR_CI = {"A06", "I01", "I02", "I04", "I10", "H04"}
TRACES = [case for case, body in FOUND.cases.items() if body["tolerance"] == "golden"]
STATISTICS = [case for case in FOUND.cases if case not in TRACES]


@pytest.mark.parametrize("case", TRACES)
def test_a_trace_is_told_to_the_second(case: str) -> None:
    answers = validate(FOUND, case, QUICK)

    assert answers.loc[~answers["passes"], "metric"].tolist() == []


@pytest.mark.parametrize("case", [case for case in STATISTICS if case not in TOO_LONG_FOR_CI])
def test_an_answer_lies_within_four_standard_errors(case: str) -> None:
    answers = validate(FOUND, case, QUICK)

    assert answers.loc[~answers["passes"], "metric"].tolist() == []


@pytest.mark.long
@pytest.mark.parametrize("case", STATISTICS)
def test_an_answer_lies_within_four_standard_errors_of_a_long_run(case: str) -> None:
    answers = validate(FOUND, case, LONG)

    assert answers.loc[~answers["passes"], "metric"].tolist() == []


def test_every_case_either_has_a_scenario_file_or_says_what_it_waits_for() -> None:
    assert not set(FOUND.cases) & set(FOUND.waiting)
    assert len(FOUND.cases) + len(FOUND.waiting) == 94
    assert [case for case in FOUND.cases if not FOUND.files(case)] == []


def test_every_scenario_file_belongs_to_a_case() -> None:
    stems = {path.stem.split("-")[0] for path in FOLDER.glob("*.yaml")} - {"expected"}

    assert stems == set(FOUND.cases)


def test_a_wrong_answer_is_seen() -> None:
    wrong = dict(FOUND.cases["A01"]) | {"expected": {"Wq": 1.4}}
    lying = type(FOUND)(FOUND.folder, {"A01": wrong}, {})

    assert not validate(lying, "A01", QUICK)["passes"].any()


def test_structures_that_differ_in_shape_differ_without_end() -> None:
    assert largest_error([1, 2], [1, 2, 3]) == float("inf")
    assert largest_error({"a": [1.0]}, {"a": [1.25]}) == 0.25
    assert largest_error({"a": 1}, {}) == float("inf")
