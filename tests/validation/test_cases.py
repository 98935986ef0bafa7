"""Cases with known answers, each through its scenario file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from enforcement_sim.studies.golden import largest_error
from enforcement_sim.studies.validation import FEWEST, LONG, QUICK, catalogue, validate

FOLDER = Path(__file__).parents[2] / "scenarios" / "validation"
FOUND = catalogue(FOLDER)
TOO_LONG_FOR_CI = {
    "A16": "the spread of its waits hangs on rare long services, so that of a short run is too low",
    "A06": "48 cases a unit of time through a warm-up of 500 units",
    "D04": "one of its answers is met by one case in 600",
    "D16": "callers try again many times, with a warm-up of 2000 units",
    "F02": "10 cases a unit of time through 25 days of warm-up, and numbers at many times",
    "F04": "as F02",
    "F06": "as F02",
    "H04": "28 cases a week through a warm-up of 1000 weeks",
    "I05": "400 days before the shock come close to a steady state",
    "I09": "200 officers, 17 000 cases in each replication",
    "K12": "12 000 parts in each replication, which cannot be shorter",
    "K13": "as K12",
    "K15": "12 000 jobs in each replication, which cannot be shorter",
}
"""Cases that only the long suite runs, each with the reason why a few short replications would not do."""
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
    lying = replace(FOUND, cases={"A01": wrong}, waiting={})

    assert not validate(lying, "A01", QUICK)["passes"].any()


def test_an_answer_that_was_simulated_itself_brings_its_own_error() -> None:
    uncertain = dict(FOUND.cases["A01"]) | {"expected": {"Wq": 1.4}, "expected_hw": {"Wq": 0.4}}
    told = replace(FOUND, cases={"A01": uncertain}, waiting={})

    assert validate(told, "A01", QUICK)["passes"].all()


def test_a_published_value_outside_its_interval_is_seen() -> None:
    published = dict(FOUND.cases["A01"]) | {"expected": {"Wq": 1.0}, "published": {"Wq": [3.0, 0.1]}}
    told = replace(FOUND, cases={"A01": published}, waiting={})

    assert not validate(told, "A01", QUICK)["passes"].any()


def test_an_effort_is_spent_on_replications_until_logs_are_long() -> None:
    assert QUICK.count(finite=True, rows=100) == 200
    assert QUICK.count(finite=False, rows=100) == 10
    assert QUICK.count(finite=True, rows=1_000) == 30
    assert QUICK.count(finite=True, rows=10**6) == FEWEST
    assert QUICK.more().count(finite=True, rows=1_000) == 120


def test_structures_that_differ_in_shape_differ_without_end() -> None:
    assert largest_error([1, 2], [1, 2, 3]) == float("inf")
    assert largest_error({"a": [1.0]}, {"a": [1.25]}) == 0.25
    assert largest_error({"a": 1}, {}) == float("inf")
