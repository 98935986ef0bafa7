"""Every number of the pages is accounted for in docs/numbers.yaml."""

from __future__ import annotations

from typing import Any

import pytest
from doc_numbers import ROOT, loaded, page_faults

from enforcement_sim.statistics.shares import exact

REGISTER: dict[str, Any] = loaded("docs/numbers.yaml")
PAGES = [str(page.relative_to(ROOT)) for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]]
UNTIL_A_LIMIT_HOLDS = {0.5: 6, 0.6: 8, 0.8: 17, 0.9: 36, 0.95: 72, 0.99: 368}
"""`holds_in` of docs/sweeps.md, and of how many replications without a breach it can first be said."""


@pytest.mark.parametrize("page", PAGES)
def test_every_number_of_a_page_is_accounted_for(page: str) -> None:
    assert page_faults((ROOT / page).read_text(encoding="utf-8"), REGISTER.get(page, {})) == []


def test_the_register_names_pages_that_are_there() -> None:
    assert sorted(set(REGISTER) - set(PAGES)) == []


@pytest.mark.parametrize(("holds_in", "count"), UNTIL_A_LIMIT_HOLDS.items())
def test_so_many_replications_say_that_a_limit_holds(holds_in: float, count: int) -> None:
    assert exact(count, count).low >= holds_in
    assert exact(count - 1, count - 1).low < holds_in


TOLD = {"numbers": [{"says": "287 rows", "from": {"count": {"law": "all"}}}]}


def test_a_new_number_is_found() -> None:
    assert page_faults("The book has 287 rows, in 2024 too.", TOLD) == []
    both = [{"constant": "journal.trace:BLOCK"}, {"definition": "The nine.", "numbers": ["9"]}]
    assert page_faults("128 of 9 rows", {"numbers": [{"says": "128 of 9 rows", "from": both}]}) == []
    assert page_faults("The book has 287 rows, 5 of them new.", TOLD) == [
        "5 is in no entry: …The book has 287 rows, 5 of them new.…"
    ]


@pytest.mark.parametrize(
    ("says", "source"),
    [
        ("288 rows", {"count": {"law": "all"}}),
        ("+15.4 open cases", {"claim": "shifts/without_binhai"}),
        ("129 rows", {"constant": "journal.trace:BLOCK"}),
        ("61 %", {"scenario": {"file": "scenarios/tianjin/shift_without_staff.yaml", "path": "reform.share.urban.value"}, "as": "percent"}),
        ("91 days", {"law": "APL-08"}),
        ("about 2 %", {"measured": {"command": "bench/x.py"}}),  # without a date and a machine
        ("about 2 %", {"guessed": "no such kind"}),
        ("128 of 9 rows", [{"constant": "journal.trace:BLOCK"}, {"definition": "Says not that it speaks of the 9."}]),
        ("128 of 9 rows", [{"constant": "journal.trace:BLOCK"}, {"definition": "Of another.", "numbers": ["8"]}]),
    ],
)  # fmt: skip
def test_a_wrong_number_and_an_empty_source_are_found(says: str, source: Any) -> None:
    assert page_faults(says, {"numbers": [{"says": says, "from": source}]}) != []


def test_an_entry_that_stands_nowhere_and_a_test_that_is_not_there_are_found() -> None:
    assert page_faults("Nothing.", TOLD) == ["stands 0 times on the page: 287 rows"]
    assert page_faults("12", {"generated": [{"by": "tests/docs/test_docs.py::test_nothing"}]}) != []
