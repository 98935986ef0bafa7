"""Which version of a rule holds on a day: the day before a change, the day itself, the day after."""

from __future__ import annotations

import datetime as dt

import pytest

from enforcement_sim.model.law import LawBook
from enforcement_sim.model.periods import rows_in_use
from enforcement_sim.model.scenario import Period

BOUNDARIES = {
    # old row, new row: first day of the new one
    ("ARL0-01", "ARL-01"): "2024-01-01", ("ARL0-02", "ARL-03"): "2024-01-01", ("ARL0-03", "ARL-07"): "2024-01-01",
    ("ARL0-04", "ARL-08"): "2024-01-01", ("ARL0-05", "ARL-11"): "2024-01-01", ("ARL0-07", "ARL-04"): "2024-01-01",
    ("ENV-03", "ENV-01"): "2023-07-01", ("ENV-04", "ENV-02"): "2023-07-01", ("SAFE-02", "SAFE-01"): "2026-02-01",
    ("SAMRC-01", "SAMRC-05"): "2026-04-15", ("CAL-04", "CAL-01"): "2025-01-01",
}  # fmt: skip


def test_every_chain_of_the_law_book_is_in_this_list(book: LawBook) -> None:
    found = {
        (chain[i], chain[i + 1]) for row in book.rows() for chain in [book.chain(row)] for i in range(len(chain) - 1)
    }

    assert found == set(BOUNDARIES)


@pytest.mark.parametrize("pair", BOUNDARIES, ids="->".join)
def test_the_day_before_the_day_and_the_day_after(book: LawBook, pair: tuple[str, str]) -> None:
    old, new = pair
    day = dt.date.fromisoformat(BOUNDARIES[pair])

    for named in pair:  # whichever version a scenario names
        assert book.in_force(named, day - dt.timedelta(days=1)) == old
        assert book.in_force(named, day) == new
        assert book.in_force(named, day + dt.timedelta(days=1)) == new


@pytest.mark.parametrize("pair", BOUNDARIES, ids="->".join)
def test_an_old_row_ends_on_the_day_before_the_new_one_begins(book: LawBook, pair: tuple[str, str]) -> None:
    old, new = (book.provision(row) for row in pair)
    assert old is not None
    assert new is not None
    if pair[0] == "ARL0-07":
        assert old.ends_on is None  # the regulation of 2007 stays in force beside the new law
    else:
        assert new.starts_on is not None
        assert old.ends_on == new.starts_on - dt.timedelta(days=1)


def test_before_the_law_knows_any_version_the_oldest_one_holds(book: LawBook) -> None:
    assert book.in_force("ARL-11", dt.date(1990, 1, 1)) == "ARL0-05"
    assert book.in_force("PSAPL-01", dt.date(2023, 1, 1)) == "PSAPL-01"


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        ("2023-01-01", "2024-01-01", ["ARL0-04"]),  # the last simulated day is New Year's Eve
        ("2023-01-01", "2024-01-02", ["ARL0-04", "ARL-08"]),
        ("2024-01-01", "2025-01-01", ["ARL-08"]),
    ],
)
def test_a_period_uses_the_versions_that_are_in_force_in_it(
    book: LawBook, start: str, end: str, rows: list[str]
) -> None:
    period = Period(start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end))

    assert rows_in_use(book, "ARL-08", period) == rows


def test_a_fixed_day_leaves_one_version(book: LawBook) -> None:
    period = Period(start=dt.date(2023, 1, 1), end=dt.date(2025, 1, 1))
    old = book.model_copy(update={"as_of": dt.date(2023, 12, 31)})
    new = book.model_copy(update={"as_of": dt.date(2024, 1, 1)})

    assert rows_in_use(old, "ARL-08", period) == ["ARL0-04"]
    assert rows_in_use(new, "ARL0-04", period) == ["ARL-08"]


def test_a_part_of_the_book_has_all_versions_of_its_rows_and_nothing_else(book: LawBook) -> None:
    part = book.only(["ARL0-02", "ALL-12/judgment", "no row"])

    assert {row for row in part.rows() if "/" not in row} == {"ARL0-02", "ARL-03", "ALL-12"}
    assert part.chain("ARL-03") == book.chain("ARL-03")
    assert part.provision("ALL-12/judgment") == book.provision("ALL-12/judgment")
    assert part.as_of == book.as_of
    assert book.only(book.rows()) == book
    assert book.only([]).statutes == {}
