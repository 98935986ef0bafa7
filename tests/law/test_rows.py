"""The law book against the table of the law that it was made from, and the form of its rows."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

from enforcement_sim.model.law import LawBook, Provision

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "../shared/facts/law.csv"
BOUNDS = {"<=": "at_most", ">=": "at_least", ">": "more_than", "": "exactly"}


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    if not TABLE.exists():
        pytest.skip("the table of the law is not beside the project")
    with TABLE.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def body_of(book: LawBook, row: str) -> Provision:
    body = book.provision(row)
    assert body is not None, row
    return body


def test_every_row_of_the_table_is_in_the_law_book_and_no_other(book: LawBook, table: list[dict[str, str]]) -> None:
    rows = [name for name in book.rows() if "/" not in name]

    assert sorted(rows) == sorted(row["id"] for row in table)
    assert len(rows) == 287


def test_every_row_says_what_the_table_says(book: LawBook, table: list[dict[str, str]]) -> None:
    for row in table:
        body = body_of(book, row["id"])
        assert body.title == row["step"]
        assert body.article == row["article"]
        assert body.written == row["limit"].replace("|", ", ")
        assert body.evidence == row["evidence"].strip("[]")
        assert (body.clock_starts or "") == row["clock_starts"]
        assert (body.excluded or "") == row["excluded_or_suspended"]
        assert (body.extension or "") == row["extension"]
        # Of "<=5 / reasonable" in "working_day / rule" the row keeps the part that is a number.
        assert body.unit == row["unit"] or row["id"] == "ARL0-07"


def test_a_limit_that_is_one_number_is_that_number(book: LawBook, table: list[dict[str, str]]) -> None:
    plain = 0
    for row in table:
        match = re.fullmatch(r"(<=|>=|>|)(\d+)", row["limit"])
        if match is not None:
            body = body_of(book, row["id"])
            assert (body.value, body.bound) == (int(match[2]), BOUNDS[match[1]])
            plain += 1
    assert plain > 150


def test_a_limit_of_several_numbers_has_a_part_for_each(book: LawBook, table: list[dict[str, str]]) -> None:
    for row in table:
        body = body_of(book, row["id"])
        numbers = [int(number) for number in re.findall(r"\d+", row["limit"])]
        if body.parts:
            assert [part.value for part in body.parts.values()] == numbers
            signs = re.findall(r"[<>]=?", row["limit"])
            if len(signs) == len(numbers):
                assert [part.bound for part in body.parts.values()] == [BOUNDS[sign] for sign in signs]
        elif len(numbers) > 1 and row["unit"] != "date" and "|" not in row["limit"]:
            raise AssertionError(f"{row['id']} has {numbers} and no parts")


def test_dates_are_those_of_the_table(book: LawBook, table: list[dict[str, str]]) -> None:
    for row in table:
        body, said = body_of(book, row["id"]), row["version_effective_from"]
        span = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?", said)
        if span is not None:
            assert str(body.starts_on) == span[1]
            assert str(body.ends_on) == str(span[2])
            assert body.version is None
        else:
            assert body.version == said  # words that a reader must see


def test_extensions_as_numbers_stand_in_the_words_of_the_table(book: LawBook) -> None:
    found = 0
    for name in book.rows():
        body = body_of(book, name)
        reached = body.value or 0
        for extension in body.extensions:
            reached += extension.by
            # Either the words give the step ("plus 30") or what it reaches ("to 90").
            assert {str(extension.by), str(reached)} & set(re.findall(r"\d+", body.extension or "")), name
            found += 1
    assert found > 20


def test_how_well_the_rows_are_known(book: LawBook) -> None:
    marks = Counter(body_of(book, name).evidence for name in book.rows() if "/" not in name)

    assert marks == {"text": 240, "page": 34, "memory": 13}


def test_the_files_name_nothing_that_only_its_makers_can_see() -> None:
    for file in sorted((ROOT / "scenarios/law/china").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"stored third-party|[ \"]/[a-z]+/|\bids? [0-9]{6,}", text), file.name
        assert text.startswith("#")


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ("ARL0-05", "2023-12-31"), ("SAFE-02", "2026-01-31"), ("ENV-03", "2023-06-30"), ("ENV-04", "2023-06-30"),
        ("SAMRC-01", "2026-04-14"), ("SAMRC-04", "2026-04-14"), ("CAL-04", "2024-12-31"),
    ],
)  # fmt: skip
def test_old_law_ends_on_its_last_day(book: LawBook, row: str, ends: str) -> None:
    assert body_of(book, row).ends_on == dt.date.fromisoformat(ends)


def test_a_part_is_a_row_with_one_number(book: LawBook) -> None:
    notify = body_of(book, "SAMRH-02/notify")

    assert (notify.value, notify.bound, notify.unit, notify.evidence) == (7, "at_least", "working_day", "memory")
    assert book.provision("SAMRH-02/nothing") is None
    assert book.statute_of("SAMRH-02/notify").title.zh == "市场监督管理行政处罚听证办法"
