"""Same seed, same log: the promise that everything else rests on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from enforcement_sim.engines.reference import Reference, run
from enforcement_sim.errors import ConservationError
from enforcement_sim.files.read import load, scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.journal.log import EventLog
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import What
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate

DATA = Path(__file__).parent.parent / "data"
SHIFT = DATA / "small_shift.yaml"


def changed(*replacements: tuple[str, str]) -> Scenario:
    text = SHIFT.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return scenario_of(parse_text(text, "changed.yaml"))


def rows_of(log: EventLog, field: str) -> list[tuple[object, ...]]:
    """A field's rows without case numbers and stage numbers, which another field's cases and stages shift."""
    names = log.names
    mine = np.flatnonzero(log.cases["field"][log.case] == names.fields.index(field))
    return [
        (
            int(log.time[row]),
            int(log.cases["address"][log.case[row]]),
            int(log.cases["ordinal"][log.case[row]]),
            int(log.what[row]),
            names.stages[log.stage[row]] if log.stage[row] >= 0 else "",
            names.teams[log.team[row]] if log.team[row] >= 0 else "",
        )
        for row in mine
    ]


def test_the_same_seed_gives_the_same_log() -> None:
    plan = build(load(SHIFT))

    assert run(plan, 0).digest == run(plan, 0).digest


def test_another_seed_or_replication_gives_another_log() -> None:
    scenario = load(SHIFT)
    digests = {run(build(scenario, seed), replication).digest for seed in (1, 2) for replication in (0, 1)}

    assert len(digests) == 4


def test_the_number_of_workers_does_not_show() -> None:
    scenario = load(SHIFT)

    one, two = (replicate(scenario, replications=3, how=How(workers)) for workers in (1, 2))

    assert one.log_digests == two.log_digests
    assert one.findings.equals(two.findings)


def test_replication_7_is_the_same_alone_or_among_20() -> None:
    scenario = load(SHIFT)

    among = replicate(scenario, replications=20, how=How(2)).log_digests

    assert run(build(scenario), 7).digest == among[7]
    assert len(set(among)) == 20


def test_adding_a_stage_to_one_field_leaves_other_fields_alone() -> None:
    # Fields that share teams meet in lines; here each has its own, so that only draws could tie them together.
    alone = (
        "  east_urban: {role: enforcement, jurisdiction: east, officers: 4, calendar: office}",
        "  east_urban: {role: enforcement, jurisdiction: east, officers: 4, calendar: office, fields: [urban]}\n"
        "  east_market: {role: enforcement, jurisdiction: east, officers: 4, calendar: office, fields: [market]}",
    )
    west = (
        "  west_urban: {role: enforcement, jurisdiction: west, officers: 4, calendar: office}",
        "  west_urban: {role: enforcement, jurisdiction: west, officers: 4, calendar: office, fields: [urban]}\n"
        "  west_market: {role: enforcement, jurisdiction: west, officers: 4, calendar: office, fields: [market]}",
    )
    review = (
        "  review: {role: reviewers, officers: 1, calendar: office}",
        "  review: {role: reviewers, officers: 1, calendar: office, fields: [urban]}\n"
        "  market_review: {role: reviewers, officers: 1, calendar: office, fields: [market]}",
    )
    before = changed(alone, west, review)
    testing = (
        "  market: {extends: ordinary}",
        "  market:\n    extends: ordinary\n    stages:\n"
        "      filing: {then: testing}\n"
        "      testing: {kind: wait, phase: enforcement, duration: {family: exponential, mean: 9 days}, then: investigation}",
    )
    after = changed(alone, west, review, testing)

    old, new = run(build(before), 0), run(build(after), 0)

    assert rows_of(old, "urban") == rows_of(new, "urban")
    assert rows_of(old, "market") != rows_of(new, "market")


def test_the_same_cases_keep_their_luck_in_the_stages_they_had_before() -> None:
    """Also within a changed field, and wherever in the file the new stage stands."""
    filing = "      filing: {kind: wait, phase: enforcement, duration: 2 working days, calendar: office, then: investigation}\n"
    testing = "      testing: {kind: wait, phase: enforcement, duration: 1 days, then: investigation}\n"
    old, new = (
        build(load(SHIFT)),
        build(changed((filing, filing.replace("then: investigation", "then: testing") + testing))),
    )

    def questions(plan: Plan) -> dict[tuple[str, str], int]:
        names, rows = plan.names, plan.stages[: plan.outcomes_at]
        return {
            (names.procedures[row["procedure"]], names.stages[n]): int(row["question"]) for n, row in enumerate(rows)
        }

    before, after = questions(old), questions(new)
    assert set(after) - set(before) == {("ordinary", "testing"), ("market", "testing")}
    assert {stage: after[stage] for stage in before} == before
    assert (intake(old, 0)["address"] == intake(new, 0)["address"]).all()


def test_as_many_cases_are_moved_as_the_share_says() -> None:
    plan = build(load(SHIFT))
    cases = np.concatenate([intake(plan, replication) for replication in range(5)])
    after = cases[(cases["origin"] == 0) & (cases["arrived"] >= plan.years[1][1])]

    assert after["moved"].mean() == pytest.approx(0.8, abs=0.02)
    assert (cases["moved"][cases["arrived"] < plan.years[1][1]] == 0).all()
    assert (cases["handler"][cases["moved"] == 1] == cases["home"][cases["moved"] == 1]).all()


def test_filed_is_closed_plus_open_and_a_run_that_breaks_it_stops() -> None:
    plan = build(load(SHIFT))
    log = Reference(plan, 0).run()
    log.check()
    for victim in (What.CLOSED, What.ENTERED, What.ENDED, What.ARRIVED):
        keep = np.ones(len(log), dtype=bool)
        keep[np.flatnonzero(log.what == victim)[5]] = False
        columns = [column[keep] for column in (log.time, log.case, log.what, log.stage, log.team)]
        broken = EventLog(*columns, log.cases, log.names, log.horizon, log.replication)

        with pytest.raises(ConservationError):
            broken.check()
