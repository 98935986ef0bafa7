"""Registers of entities: lots, classes that move, caps, offences and leads, all drawn at the door."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement_sim.decisions.dice import Dice
from enforcement_sim.engines.reference import run
from enforcement_sim.errors import EnforcementSimError, ScenarioError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import parse_text
from enforcement_sim.plan.build import build
from enforcement_sim.plan.entities import Event, History, histories, history
from enforcement_sim.plan.intake import intake
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, What

CLASSES = "A: {entities: 4000, found: 0.1}, B: {entities: 1000, found: 0.3}"
SPRING = "spring: {on: 2023-03-01, lasts: 60 days, sampling: {A: 0.1, B: 0.5}}"
LOT = f"lot: {{process: inspections, register: firms, enters: work, calendar: office, campaigns: {{{SPRING}}}}}"
AT_ALL = "lot: {process: inspections, register: firms, enters: work, visits_per_year: {A: 12, B: 12}}"
WORK = "work: {kind: work, team: staff, duration: 1 h, then: closed}"


def text(
    origins: str = LOT, rules: str = "", classes: str = CLASSES, stages: str = WORK, more: str = "",
    period: str = "{start: 2023-01-01, end: 2025-01-01}",
) -> str:  # fmt: skip
    return f"""format: 1
title: inspections
purpose: theory
period: {period}
calendars: {{office: {{days: weekdays, hours: ["09:00-17:00"]}}}}
teams: {{staff: {{officers: 50}}}}
procedures: {{queue: {{stages: {{{stages}}}}}}}
registers: {{firms: {{classes: {{{classes}}}{", " if rules else ""}{rules}}}}}
origins: {{{origins}}}
{more}
"""


def plan_of(*args: str, **kwargs: str) -> Plan:
    return build(scenario_of(parse_text(text(*args, **kwargs), "inspections.yaml")))


def visits(told: History) -> npt.NDArray[np.void]:
    return told.events[np.isin(told.events["what"], (Event.VISITED, Event.LEAD))]


def test_each_class_is_sampled_at_its_share() -> None:
    plan = plan_of()
    seen = np.concatenate([visits(history(plan, replication)) for replication in range(4)])

    for credit, share, count in ((0, 0.1, 16_000), (1, 0.5, 4_000)):
        drawn = int((seen["before"] == credit).sum())
        assert abs(drawn - share * count) < 4 * np.sqrt(count * share * (1 - share))


def test_found_shares_are_those_of_the_class() -> None:
    plan = plan_of()
    seen = np.concatenate([visits(history(plan, replication)) for replication in range(4)])

    for credit, share in ((0, 0.1), (1, 0.3)):
        mine = seen[seen["before"] == credit]
        assert abs(mine["found"].mean() - share) < 4 * np.sqrt(share * (1 - share) / len(mine))


def test_visits_lie_in_office_hours_of_the_campaign() -> None:
    plan = plan_of()
    hours = plan.work_tables[plan.names.calendars.index("office")]
    times = intake(plan, 0)["arrived"]

    assert all(hours.is_open(int(time)) for time in times)
    assert times.min() >= 59 * DAY
    assert times.max() < 119 * DAY


def test_a_higher_share_draws_the_lower_sample_too() -> None:
    low, high = (
        set(visits(history(plan_of(LOT.replace("A: 0.1", f"A: {share}")), 0))["entity"].tolist())
        for share in (0.1, 0.25)
    )

    assert low < high


def test_an_exact_lot_draws_exactly_the_share() -> None:
    told = history(plan_of(LOT.replace("lasts:", "exact: true, lasts:").replace("B: 0.5", "B: 0.0125")), 0)

    assert np.bincount(visits(told)["before"]).tolist() == [400, 13]


def test_a_yearly_campaign_comes_each_year_with_another_lot() -> None:
    told = visits(history(plan_of(LOT.replace("lasts:", "yearly: true, lasts:")), 0))
    first, second = (set(told["entity"][told["time"] // (365 * DAY) == year].tolist()) for year in (0, 1))

    assert 300 < len(first - second) < len(first)
    assert len(second - first) > 300


def test_one_campaign_more_leaves_what_a_first_visit_finds() -> None:
    autumn = SPRING + ", autumn: {on: 2023-09-01, lasts: 30 days, sampling: {A: 0.3, B: 0.3}}"
    before, after = (visits(history(plan_of(origins), 0)) for origins in (LOT, LOT.replace(SPRING, autumn)))
    early = after[after["time"] < 200 * DAY]

    assert (early == before).all()
    assert len(after) > len(before) + 1000


def test_one_campaign_before_leaves_what_a_first_visit_finds() -> None:
    winter = "winter: {on: 2023-01-02, lasts: 30 days, sampling: {A: 0.3, B: 0.3}}, " + SPRING
    before, after = (visits(history(plan_of(origins), 0)) for origins in (LOT, LOT.replace(SPRING, winter)))
    _, at = np.unique(after["entity"], return_index=True)  # the first visit to each
    found = dict(zip(after["entity"][at].tolist(), after["found"][at].tolist(), strict=True))

    assert [found[entity] for entity in before["entity"].tolist()] == before["found"].tolist()


def test_more_entities_of_one_class_leave_the_other_class_alone() -> None:
    def of_b(count: str) -> list[tuple[object, ...]]:
        cases = intake(plan_of(classes=CLASSES.replace("4000", count)), 0)
        return cases[cases["credit"] == 1][["arrived", "address", "ordinal", "kind", "offence"]].tolist()

    assert of_b("4000") == of_b("4500")


def test_the_same_seed_gives_the_same_history_and_another_replication_another() -> None:
    plan = plan_of(LOT, "down: 1, rescoring: {every: month, up: 0.1, down: 0.1}")
    one, two, other = (history(plan, replication) for replication in (0, 0, 1))

    assert (one.events == two.events).all()
    assert len(one.events) != len(other.events) or not (one.events == other.events).all()


THREE = "A: {entities: 1, found: 0}, B: {entities: 1, found: 0}, C: {entities: 1, found: 1}"


def moves(told: History, entity: int) -> list[tuple[int, int, int]]:
    """(day, before, after) of each move of an entity."""
    mine = told.events[(told.events["entity"] == entity) & (told.events["before"] != told.events["after"])]
    return [(int(row["time"]) // DAY, int(row["before"]), int(row["after"])) for row in mine]


def campaigns(*days: str) -> str:
    listed = ", ".join(
        f"c{n}: {{on: {day}, lasts: 1 days, sampling: {{A: 1, B: 1, C: 1}}}}" for n, day in enumerate(days)
    )
    return f"lot: {{process: inspections, register: firms, enters: work, campaigns: {{{listed}}}}}"


def test_classes_of_three_entities_move_as_told() -> None:
    """A finds nothing and stays; B rises after two clean visits; C falls no further than the worst class."""
    days = campaigns("2023-01-11", "2023-01-21", "2023-01-31", "2023-02-10")
    told = history(plan_of(days, "down: 1, clean_visits: 2", THREE), 0)

    assert [moves(told, entity) for entity in range(3)] == [[], [(20, 1, 0)], []]
    assert told.sizes(np.array([0, 19 * DAY, 22 * DAY]), 3).tolist() == [[1, 1, 1], [1, 1, 1], [2, 0, 1]]


def test_a_finding_moves_down_and_a_time_without_one_gives_back_what_was_lost() -> None:
    """One entity falls from A to C at its first visit; in C nothing is found any more; it rises every 100 days."""
    classes = "A: {entities: 1, found: 1}, B: {entities: 1, found: 0}, C: {entities: 1, found: 0}"
    told = history(plan_of(campaigns("2023-01-11", "2023-02-10"), "down: 2, clean_for: 100 days", classes), 0)

    assert moves(told, 0) == [(10, 0, 2), (110, 2, 1), (210, 1, 0)]
    assert moves(told, 1) == moves(told, 2) == []


def test_a_second_finding_begins_the_time_anew() -> None:
    classes = "A: {entities: 1, found: 1}, B: {entities: 1, found: 1}, C: {entities: 1, found: 1}"
    told = history(plan_of(campaigns("2023-01-11", "2023-03-02"), "down: 1, clean_for: 100 days", classes), 0)

    assert moves(told, 0) == [(10, 0, 1), (60, 1, 2), (160, 2, 1), (260, 1, 0)]
    assert moves(told, 1) == [(10, 1, 2), (160, 2, 1)]
    assert moves(told, 2) == []


def test_a_case_has_the_class_of_before_its_finding_and_sizes_are_those_before_a_second() -> None:
    classes = "A: {entities: 1, found: 1}, B: {entities: 1, found: 0}, C: {entities: 1, found: 0}"
    plan = plan_of(campaigns("2023-01-11"), "down: 2", classes)
    cases = intake(plan, 0)
    second = int(cases["arrived"][cases["entity"] == 0][0])

    assert cases["credit"][np.argsort(cases["entity"])].tolist() == [0, 1, 2]
    assert history(plan, 0).sizes(np.array([second, second + 1]), 3).tolist() == [[1, 1, 1], [0, 1, 2]]


def test_re_scoring_follows_its_table() -> None:
    rules = "rescoring: {on: [2023-06-01, 2024-06-01], moves: {A: {B: 0.25}, B: {A: 1}}}"
    told = history(plan_of(LOT, rules), 0)
    sizes = told.sizes(np.array([DAY, 200 * DAY, 700 * DAY]), 2)

    down = sizes[1, 1]
    assert sizes[0].tolist() == [4000, 1000]
    assert abs(down - 1000) < 4 * np.sqrt(4000 * 0.25 * 0.75)
    assert sizes[2, 1] == pytest.approx((5000 - down) * 0.25, abs=120)


def test_monthly_re_scoring_moves_one_step() -> None:
    told = history(plan_of(LOT, "rescoring: {every: month, up: 0.1, down: 0.02}"), 0)
    scored = told.events[told.events["what"] == Event.RESCORED]

    assert len(np.unique(scored["time"])) == 24
    assert (np.abs(scored["before"] - scored["after"]) == 1).all()


def test_re_scoring_goes_up_and_down_at_its_shares() -> None:
    classes = "A: {entities: 0, found: 0}, B: {entities: 5000, found: 0}, C: {entities: 0, found: 0}"
    told = history(plan_of(LOT, "rescoring: {on: [2023-06-01], up: 0.1, down: 0.3}", classes), 0)

    assert told.sizes(np.array([300 * DAY]), 3)[0] == pytest.approx([500, 3000, 1500], abs=130)


def in_year(told: History, days: tuple[int, int], origin: int | None = None) -> npt.NDArray[np.int64]:
    """Visits to each entity between two days."""
    seen = visits(told)
    mine = (seen["time"] >= days[0] * DAY) & (seen["time"] < days[1] * DAY)
    if origin is not None:
        mine &= seen["origin"] == origin
    return np.bincount(seen["entity"][mine], minlength=5000)


def test_a_cap_is_never_exceeded_and_holds_from_its_day() -> None:
    told = history(plan_of(AT_ALL, "caps: [{on: 2024-07-01, visits: 3}]"), 0)
    refused = told.events[told.events["what"] == Event.REFUSED]

    assert in_year(told, (0, 365)).tolist() == [12] * 5000
    assert in_year(told, (365, 731)).max() <= 7  # six were made before the cap, the seventh may fall on its day
    assert in_year(told, (547, 731)).max() == 0
    assert refused["time"].min() >= 547 * DAY


def test_a_cap_counts_each_calendar_year_anew() -> None:
    told = history(plan_of(AT_ALL, "caps: [{on: 2022-01-01, visits: 2}]"), 0)

    assert in_year(told, (0, 365)).tolist() == in_year(told, (365, 731)).tolist() == [2] * 5000


def test_a_cap_counts_what_all_origins_visit_but_exempt_ones() -> None:
    origins = f"{AT_ALL}, {AT_ALL.replace('lot:', 'hot:', 1)}"
    rules = "caps: [{on: 2023-01-01, visits: 2, exempt: [hot]}]"
    plan = plan_of(origins, rules)
    told = history(plan, 0)
    both = history(plan_of(origins, "caps: [{on: 2023-01-01, visits: 2}]"), 0)

    assert in_year(told, (0, 365), plan.names.origins.index("hot")).tolist() == [12] * 5000
    assert in_year(told, (0, 365), plan.names.origins.index("lot")).tolist() == [2] * 5000
    assert in_year(both, (0, 365)).tolist() == [2] * 5000


def test_a_class_can_be_exempt_from_a_cap() -> None:
    told = history(plan_of(AT_ALL, "caps: [{on: 2023-01-01, visits: 2, exempt_classes: [B]}]"), 0)

    assert in_year(told, (0, 365))[:4000].max() == 2
    assert in_year(told, (0, 365))[4000:].min() == 12


def test_the_first_finding_is_first_and_the_next_ones_repeated_within_the_time() -> None:
    classes = "A: {entities: 1, found: 1}, B: {entities: 1, found: 0}, C: {entities: 1, found: 0}"
    days = campaigns("2023-01-11", "2023-04-11", "2024-04-12")
    cases = intake(plan_of(days, "first_offence_within: 180 days", classes), 0)
    ever = intake(plan_of(days, "", classes), 0)

    assert cases["offence"][cases["entity"] == 0].tolist() == [1, 2, 1]
    assert ever["offence"][ever["entity"] == 0].tolist() == [1, 2, 2]
    assert set(cases["offence"][cases["entity"] > 0].tolist()) == {0}


def test_findings_before_the_start_count() -> None:
    classes = "A: {entities: 2000, found: 1, found_before: 0.5}"
    days = campaigns("2023-01-02").replace("{A: 1, B: 1, C: 1}", "{A: 1}")
    offence = intake(plan_of(days, "first_offence_within: 1000 days", classes), 0)["offence"]

    assert (offence == 2).mean() == pytest.approx(0.5, abs=0.05)


LEADS = (
    "leads: {process: inspections, register: firms, enters: work, leads: {per_year: {A: 0.5, B: 2}, false_alarms: 0.7}}"
)


def test_leads_come_at_the_rate_of_the_class_and_most_are_false() -> None:
    plan = plan_of(LEADS)
    seen = visits(history(plan, 0))
    false = seen["kind"] == plan.names.kinds.index("false_alarm")

    assert np.bincount(seen["before"]) == pytest.approx([4000, 4000], rel=0.07)  # 4000 x 0.5 x 2 years, 1000 x 2 x 2
    assert false.mean() == pytest.approx(0.7, abs=0.03)
    assert (seen["found"] == ~false).all()


def test_leads_follow_the_class_of_the_moment() -> None:
    told = history(plan_of(LEADS, "rescoring: {on: [2024-01-01], moves: {A: {B: 1}}}"), 0)
    late = visits(told)
    late = late[late["time"] >= 365 * DAY]

    assert set(late["before"].tolist()) == {1}
    assert len(late) == pytest.approx(5000 * 2, rel=0.06)


def test_a_false_alarm_moves_nobody_and_a_true_lead_does() -> None:
    told = history(plan_of(LEADS, "down: 1"), 0)
    seen = visits(told)

    assert (seen["before"] == seen["after"])[seen["found"] == 0].all()
    assert (seen["after"] == 1)[seen["found"] == 1].all()


def test_key_entities_are_a_share_and_have_visits_of_their_own() -> None:
    origins = AT_ALL.replace("enters:", "of: key, enters:")
    told = history(plan_of(origins, "key: {share_of: {B: 0.3}, found: 1}"), 0)
    seen = visits(told)

    assert set(seen["entity"].tolist()) == set(np.flatnonzero(told.key).tolist())
    assert told.key[:4000].sum() == 0
    assert told.key[4000:].mean() == pytest.approx(0.3, abs=0.06)
    assert (seen["found"] == 1).all()


def test_visits_can_be_for_the_others_only() -> None:
    told = history(plan_of(AT_ALL.replace("enters:", "of: not_key, enters:"), "key: {entities: [0, 4999]}"), 0)

    assert np.flatnonzero(told.key).tolist() == [0, 4999]
    assert set(visits(told)["entity"].tolist()) == set(range(1, 4999))


def test_what_one_visit_finds_says_nothing_of_the_next() -> None:
    seen = visits(history(plan_of(AT_ALL.replace("A: 12, B: 12", "A: 2")), 0))
    found = np.bincount(seen["entity"], weights=seen["found"])[:4000]

    # Two visits in each of two years: the number of findings is binomial.
    expected = [0.9**4, 4 * 0.1 * 0.9**3, 6 * 0.1**2 * 0.9**2, 4 * 0.1**3 * 0.9, 0.1**4]
    assert np.bincount(found.astype(int), minlength=5) / 4000 == pytest.approx(expected, abs=0.025)


def test_a_fraction_of_a_visit_a_year_is_chance() -> None:
    told = history(plan_of(AT_ALL.replace("A: 12, B: 12", "A: 0.3, B: 1.5")), 0)
    first = in_year(told, (0, 365))

    assert first[:4000].mean() == pytest.approx(0.3, abs=0.03)
    assert sorted(set(first[4000:].tolist())) == [1, 2]


def test_origins_share_the_history_of_their_register() -> None:
    """What one origin finds moves the class by which the other samples."""
    classes = "A: {entities: 100, found: 1}, B: {entities: 1, found: 0}"
    first = campaigns("2023-01-11").replace("A: 1, B: 1, C: 1", "A: 1")
    second = first.replace("lot:", "later:").replace("2023-01-11", "2023-03-01").replace("{A: 1}", "{B: 1}")
    plan = plan_of(f"{first}, {second}", "down: 1", classes)
    cases = intake(plan, 0)

    assert (cases["origin"] == plan.names.origins.index("later")).sum() == 101


def test_a_case_goes_where_its_offence_and_its_class_say() -> None:
    stages = (
        "work: {kind: work, team: staff, duration: 1 h, then: {by: kind, ways: {clean: closed}, otherwise: first}}, "
        "first: {kind: decision, then: {by: offence, ways: {first: warn, repeat: class}}}, "
        "class: {kind: decision, then: {by: credit, ways: {A: warn, B: fine}}}, "
        "warn: {kind: wait, duration: 1 h, then: closed}, fine: {kind: wait, duration: 1 h, then: closed}"
    )
    plan = plan_of(AT_ALL, "", "A: {entities: 40, found: 0.2}, B: {entities: 10, found: 0.4}", stages)
    log = run(plan, 0)
    entered = {
        name: log.case[log.rows(What.ENTERED) & (log.stage == plan.names.stages.index(name))]
        for name in ("warn", "fine")
    }

    fined = log.cases[entered["fine"]]
    warned = log.cases[entered["warn"]]
    assert len(fined) > 50
    assert set(fined["offence"].tolist()) == {2}
    assert set(fined["credit"].tolist()) == {1}
    assert ((warned["offence"] == 1) | (warned["credit"] == 0)).all()
    assert (warned["offence"] == 1).sum() == len(np.unique(log.cases["entity"][log.cases["offence"] > 0]))


def test_child_matters_have_the_entity_of_their_case() -> None:
    stages = (
        "work: {kind: work, team: staff, duration: 1 h, then: split}, "
        "split: {kind: fork, children: {other: {enters: later}}, then: closed}, later: {kind: wait, duration: 1 h, then: closed}"
    )
    cases = run(plan_of(stages=stages), 0).cases
    children = cases[cases["parent"] >= 0]

    assert len(children) > 500
    for column in ("entity", "credit", "offence"):
        assert (children[column] == cases[column][children["parent"]]).all()


def test_entities_of_two_places_and_homes() -> None:
    places = (
        "jurisdictions: {city: {level: city}, east: {level: county, parent: city}, west: {level: county, parent: city}}"
    )
    origins = LOT.replace("enters:", "home_of: {city: {east: 0.25, west: 0.75}}, enters:")
    classes = "A: {entities_of: {city: 4000, east: 400}, found: 0.1}, B: {entities_of: {east: 100}, found: 0}"
    plan = plan_of(origins.replace("A: 0.1", "A: 1"), "", classes, more=places)
    cases = intake(plan, 0)
    city = cases[cases["handler"] == 0]

    assert len(city) == 4000
    assert (cases["handler"] == 1).sum() == pytest.approx(450, abs=25)
    assert (city["home"] == 1).mean() == pytest.approx(0.25, abs=0.03)
    assert (city["home"] > 0).all()
    assert len(np.unique(cases["entity"])) == len(cases)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 30), min_size=3, max_size=3), st.lists(st.sampled_from([0, 0.3, 1]), min_size=3, max_size=3),
    st.integers(0, 3), st.integers(0, 3), st.integers(0, 4), st.sampled_from(["", ", clean_for: 90 days"]),
    st.sampled_from(["", ", rescoring: {every: month, up: 0.2, down: 0.3}"]), st.integers(0, 5), st.integers(0, 3),
)  # fmt: skip
def test_whatever_the_rules_the_books_balance(
    counts: list[int], found: list[float], down: int, clean: int, cap: int, back: str, scoring: str, often: int, replication: int
) -> None:  # fmt: skip
    classes = ", ".join(f"{c}: {{entities: {n}, found: {f}}}" for c, n, f in zip("ABC", counts, found, strict=True))
    rules = f"key: {{share: 0.2}}, down: {down}, clean_visits: {clean}{back}{scoring}, caps: [{{on: 2023-03-01, visits: {cap}, exempt: [hot]}}]"
    origins = (
        f"{AT_ALL.replace('A: 12, B: 12', f'A: {often}, C: 2.5')}, {LEADS.replace('leads:', 'hot:', 1)}, "
        + LOT.replace("lot:", "some:")
    )
    plan = plan_of(origins, rules, classes, period="{start: 2023-01-01, end: 2024-01-01}")
    told = history(plan, replication)
    events, cases = told.events, intake(plan, replication)

    assert (np.diff(events["time"]) >= 0).all()
    assert ((events["before"] >= 0) & (events["after"] >= 0) & (events["after"] < 3)).all()
    credit = told.credit.astype(int).tolist()
    for row in events:  # each event begins in the class that the one before has left
        assert credit[row["entity"]] == row["before"]
        credit[row["entity"]] = int(row["after"])
    sizes = told.sizes(np.array([0, 100 * DAY, plan.horizon]), 3)
    assert (sizes.sum(axis=1) == sum(counts)).all()
    assert sizes[-1].tolist() == np.bincount(credit, minlength=3).tolist()
    assert len(cases) == len(visits(told))
    assert len(np.unique(cases[["address", "ordinal"]])) == len(cases)
    limited = visits(told)
    limited = limited[(limited["origin"] != plan.names.origins.index("hot")) & (limited["time"] >= 59 * DAY)]
    assert np.bincount(limited["entity"], minlength=1).max(initial=0) <= cap
    assert [len(one.events) for one in histories(plan, Dice(plan.seed, replication))] == [len(events)]


BROKEN = {
    # what is wrong: the text, where it stands, what the message says, what it tells to try
    "a register that is not there": (text(LOT.replace("register: firms", "register: frims")), 9, "no register has this name", "firms"),
    "a class that is not sampled by its name": (text(LOT.replace("B: 0.5", "BB: 0.5")), 9, "no credit class has this name", "B"),
    "a class of leads": (text(LEADS.replace("B: 2", "b: 2")), 9, "no credit class has this name", "one of A, B"),
    "an exempt origin": (text(rules="caps: [{on: 2023-06-01, visits: 2, exempt: [lott]}]"), 8, "no origin has this name", "lot"),
    "caps that fall": (text(rules="caps: [{on: 2024-01-01, visits: 2}, {on: 2023-01-01, visits: 1}]"), 8, "caps must rise", "earliest"),
    "kinds that do not add up": (text(rules="kinds: {on_the_spot: 0.5, violation: 0.4}"), 8, "shares do not sum to 1", "sum is 1"),
    "a campaign outside the period": (text(LOT.replace("2023-03-01", "2026-03-01")), 9, "outside the period", "2025-01-01"),
    "a campaign without end": (text(LOT.replace("60 days", "400 days")), 9, "a year at most", "366 days"),
    "two plans of visits": (text(LOT.replace("campaigns:", "visits_per_year: {A: 1}, campaigns:")), 9, "one plan of visits", "campaigns"),
    "kinds at the origin": (text(LOT.replace("enters:", "kinds: {x: 1}, enters:")), 9, "are those of the register", "remove"),
    "a stage that is not there": (text(LOT.replace("enters: work", "enters: wrok")), 9, "no stage has this name", "work"),
    "two counts of a class": (text(classes="A: {entities: 1, entities_of: {x: 2}, found: 0}"), 8, "counts its entities once", "entities: 120"),
    "a place that is not there": (text(classes="A: {entities_of: {x: 2}, found: 0}"), 8, "no jurisdiction has this name", "office"),
    "an offence that is none": (text(stages=WORK.replace("then: closed", "then: {by: offence, ways: {second: closed}, otherwise: closed}")), 7, "`first`, `repeat` or `none`", "first"),
    "a class among the ways": (text(stages=WORK.replace("then: closed", "then: {by: credit, ways: {AA: closed}, otherwise: closed}")), 7, "no credit class has this name", "A"),
    "a class without a way": (text(stages=WORK.replace("then: closed", "then: {by: credit, ways: {A: closed}}")), 7, "no way out for cases of credit 'B'", "otherwise"),
    "a kind without a way": (text(LEADS, stages=WORK.replace("then: closed", "then: {by: kind, ways: {violation: closed}}")), 7, "kind 'false_alarm'", "otherwise"),
    "key entities that nobody has": (text(AT_ALL.replace("enters:", "of: key, enters:")), 9, "under key supervision", "key:"),
    "a key entity that is not there": (text(rules="key: {entities: [5000]}"), 8, "no entity has this number", "0 to 4999"),
    "findings before no time": (text(classes="A: {entities: 1, found: 0, found_before: 0.1}", origins=LOT.replace(", B: 0.5", "")), 8, "not told", "first_offence_within"),
    "more than all move": (text(rules="rescoring: {every: month, moves: {A: {B: 1.0, A: 0.5}}}"), 8, "more than all", "at most 1"),
    "a re-scoring without days": (text(rules="rescoring: {up: 0.1}"), 8, "needs its days", "every: month"),
    "too many visits": (text(AT_ALL.replace("A: 12", "A: 1000")), 9, "0 to 366", "bounds"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_register_is_refused_with_its_place(name: str) -> None:
    written, line, says, tries = BROKEN[name]

    with pytest.raises(ScenarioError) as refused:
        scenario_of(parse_text(written, "inspections.yaml"))

    message = str(refused.value)
    assert f"inspections.yaml:{line}:" in message
    assert says in message
    assert tries in message


def test_visits_that_fall_on_days_off_are_refused() -> None:
    with pytest.raises(EnforcementSimError, match="days off"):
        plan_of(LOT.replace("2023-03-01", "2023-03-04").replace("60 days", "2 days"))
