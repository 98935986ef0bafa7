"""Chains of steps as exact dates, each counted by hand from the published holidays.

Days off and make-up working days used below (State Council notices):
2023: off 29 September to 6 October; worked Sat 7 and Sun 8 October.
2024: off 10 to 17 February, 15 to 17 September, 1 to 7 October; worked Sun 4 and Sun 18 February.
2025: off 28 January to 4 February, 4 to 6 April, 1 to 5 May, 31 May to 2 June, 1 to 8 October;
      worked Sun 26 January, Sat 8 February, Sun 27 April, Sun 28 September, Sat 11 October.
2026: off 15 to 23 February, 4 to 6 April, 1 to 7 October; worked Sat 14 and Sat 28 February.
The first day is never counted; a last day off moves to the next working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from enforcement_sim.model.law import LawBook, period_of

LastDay = Callable[[str, str, int], dt.date]
# What runs: the row, the day its clock starts, how many extensions, the last day.
Step = tuple[str, str, int, str]

RECONSIDERATION_2024: list[Step] = [
    # Applied Mon 5 Feb. Working: 6, 7, 8, 9 (the eve is worked), then off until Sun 18, which is worked.
    ("ARL-03", "2024-02-05", 0, "2024-02-18"),
    # Working after the 18th: 19-23 (5), 26, 27.
    ("ARL-07", "2024-02-18", 0, "2024-02-27"),
    # Working: 28, 29, 1 Mar (3), 4-8 (8), 11, 12.
    ("ARL-08", "2024-02-27", 0, "2024-03-12"),
    # 60 days on: 29 Feb is 11, 31 Mar 42, 18 Apr 60, a Thursday.
    ("ARL-11", "2024-02-18", 0, "2024-04-18"),
    # 90 days on: 30 Apr is 72, 18 May 90, a Saturday; Monday is the 20th.
    ("ARL-11", "2024-02-18", 1, "2024-05-20"),
    # A request to supplement, within the same 5 days, and 10 working days for it: 19-23 (5), 26-1 Mar (10).
    ("ARL-04", "2024-02-05", 0, "2024-02-18"),
    ("ARL-05", "2024-02-18", 0, "2024-03-01"),
]
RECONSIDERATION_2023: list[Step] = [
    # The old law, named by the rows of the new one. Applied Wed 20 Sep: 21, 22, 25, 26, 27.
    ("ARL-03", "2023-09-20", 0, "2023-09-27"),
    # 28 Sep (1), off until 6 Oct, Sat 7, Sun 8 (3), 9-12 (7).
    ("ARL-07", "2023-09-27", 0, "2023-10-12"),
    # Ten calendar days: 22 Oct is a Sunday, so Monday.
    ("ARL-08", "2023-10-12", 0, "2023-10-23"),
    # 60 days on: 30 Sep is 3, 31 Oct 34, 26 Nov 60, a Sunday, so Monday.
    ("ARL-11", "2023-09-27", 0, "2023-11-27"),
    # 90 days on: 30 Nov is 64, 26 Dec 90, a Tuesday.
    ("ARL-11", "2023-09-27", 1, "2023-12-26"),
]
REPLY_AT_THE_TURN_OF_THE_YEAR: list[Step] = [
    # Copy on Sat 30 Dec: 10 calendar days are Tue 9 Jan. On Sun 31 Dec: Wed 10 Jan.
    ("ARL-08", "2023-12-30", 0, "2024-01-09"),
    ("ARL-08", "2023-12-31", 0, "2024-01-10"),
    # On New Year's Day: 10 working days are 2-5 (4), 8-12 (9), 15. On the 2nd: 3-5 (3), 8-12 (8), 15, 16.
    ("ARL-08", "2024-01-01", 0, "2024-01-15"),
    ("ARL-08", "2024-01-02", 0, "2024-01-16"),
]
SIMPLIFIED_2025: list[Step] = [
    # Accepted Mon 20 Jan: 21, 22, 23.
    ("ARL-09", "2025-01-20", 0, "2025-01-23"),
    # Fri 24, Sun 26 (worked), Mon 27, off until 4 Feb, 5, 6.
    ("ARL-10", "2025-01-23", 0, "2025-02-06"),
    # 30 days on: 31 Jan is 11, 19 Feb 30, a Wednesday.
    ("ARL-12", "2025-01-20", 0, "2025-02-19"),
]
HEARINGS: list[Step] = [
    # Told Fri 25 Apr 2025: Sun 27 (worked), 28, 29, 30, off 1-5 May, 6 May.
    ("APL-12", "2025-04-25", 0, "2025-05-06"),
    # Asked at once: 27-30 (4), 6, 7, 8 May are the seven working days of notice.
    ("APL-13", "2025-04-25", 0, "2025-05-08"),
    # Asked on the last day, 6 May: 7, 8, 9 (3), 12-15 (7).
    ("APL-13", "2025-05-06", 0, "2025-05-15"),
    # A hearing in reconsideration, notice on Mon 9 Feb 2026: 10-13 (4), Sat 14 (worked).
    ("ARL-19", "2026-02-09", 0, "2026-02-14"),
]
UNPAID_FINE: list[Step] = [
    # Served Fri 20 Sep 2024. 15 days on is 5 Oct, a day off until the 7th: Tue 8 Oct.
    ("APL-16", "2024-09-20", 0, "2024-10-08"),
    # To apply for reconsideration: 30 Sep is 10, 31 Oct 41, 19 Nov 60, a Tuesday, inside the six months.
    ("ARL-01", "2024-09-20", 0, "2024-11-19"),
    # Six months: the same day of March, a Thursday; then three months for the court, 20 June, a Friday.
    ("ALL-02", "2024-09-20", 0, "2025-03-20"),
    ("ACL-11", "2025-03-20", 0, "2025-06-20"),
    # Demand letter Mon 24 Mar: 25-28 (4), 31, 1, 2, 3 Apr (8), off 4-6, 7, 8.
    ("ACL-12", "2025-03-24", 0, "2025-04-08"),
    # Court: application Wed 9 Apr: 10, 11, 14, 15, 16; ruling 17, 18, 21-25; or 30 days on, Fri 16 May.
    ("ACL-13", "2025-04-09", 0, "2025-04-16"),
    ("ACL-15", "2025-04-16", 0, "2025-04-25"),
    ("ACL-16", "2025-04-16", 0, "2025-05-16"),
    # Served on the last day of August: February has no 31st, so its last day.
    ("ALL-02", "2024-08-31", 0, "2025-02-28"),
]
FORWARD_HANDOFF: list[Step] = [
    # Report Mon 3 Mar 2025, the head within 3 days; then 24 hours, see below; the police 3 days; hand-over 3 days.
    ("TRF-02", "2025-03-03", 0, "2025-03-06"),
    ("TRF-05", "2025-03-07", 0, "2025-03-10"),
    ("TRF-09", "2025-03-10", 0, "2025-03-13"),
    # Refused on the 10th: ask by the 13th, answer by Sun 16, so Mon 17, procuratorate by the 20th.
    ("TRF-06", "2025-03-10", 0, "2025-03-13"),
    ("TRF-07", "2025-03-13", 0, "2025-03-17"),
    ("TRF-08", "2025-03-17", 0, "2025-03-20"),
    # Reasons in 7 days from Mon 24 Mar; filing in 15 days from Tue 1 Apr.
    ("MPS-04", "2025-03-24", 0, "2025-03-31"),
    ("MPS-05", "2025-04-01", 0, "2025-04-16"),
]
REVERSE_HANDOFF: list[Step] = [
    # Not prosecuted Fri 26 Sep 2025: Sun 28 (worked), 29, 30.
    ("REV-04", "2025-09-26", 0, "2025-09-30"),
    # Off until 8 Oct: 9, 10, Sat 11 (worked), 13-17 (8), 20, 21.
    ("REV-05", "2025-09-30", 0, "2025-10-21"),
    # Filed on 22 Oct: 31 Oct is 9, 30 Nov 39, 31 Dec 70, 20 Jan 90; the report after two months is due before.
    ("APL-08", "2025-10-22", 0, "2026-01-20"),
    ("REV-02", "2025-10-22", 0, "2025-12-22"),
]
MARKET_LONGEST: list[Step] = [
    # Lead Mon 8 Jan 2024: 9-12 (4), 15-19 (9), 22-26 (14), 29.
    ("SAMR-01", "2024-01-08", 0, "2024-01-29"),
    # Fifteen more: 30, 31, 1, 2 Feb (4), Sun 4 (worked), 5-9 (10), off, Sun 18 (worked), 19-22 (15).
    ("SAMR-01", "2024-01-08", 1, "2024-02-22"),
    # Filed 22 Feb: 29 Feb is 7, 31 Mar 38, 30 Apr 68, 22 May 90; 31 May 99, 21 June 120, a Friday.
    ("SAMR-06", "2024-02-22", 0, "2024-05-22"),
    ("SAMR-06", "2024-02-22", 1, "2024-06-21"),
    # Service: 24-28 June (5), 1, 2 July.
    ("APL-15", "2024-06-21", 0, "2024-07-02"),
]
SUIT: list[Step] = [
    # Complaint Mon 30 Mar 2026: 7 days on is 6 Apr, off; Tue 7. Then 5 days: 12 Apr is a Sunday, so 13.
    ("ALL-05", "2026-03-30", 0, "2026-04-07"),
    ("ALL-06", "2026-04-07", 0, "2026-04-13"),
    ("ALL-07", "2026-04-13", 0, "2026-04-28"),
    # Six months from filing: 7 Oct is off, Thu 8. Appeal in 15 days, Fri 23; against a ruling in 10, Sun 18, so 19.
    ("ALL-09", "2026-04-07", 0, "2026-10-08"),
    ("ALL-12/judgment", "2026-10-08", 0, "2026-10-23"),
    ("ALL-12/ruling", "2026-10-08", 0, "2026-10-19"),
    # Second instance: three months from 31 March end on the last day of June.
    ("ALL-13", "2026-03-31", 0, "2026-06-30"),
]
ENVIRONMENT: list[Step] = [
    # Old rule, three months: Tue 20 June to Wed 20 Sep. On its last day, 30 June: 30 Sep is off, Sat 7 Oct is worked.
    ("ENV-02", "2023-06-20", 0, "2023-09-20"),
    ("ENV-02", "2023-06-30", 0, "2023-10-07"),
    # New rule, 90 days from Mon 10 July: 31 July is 21, 31 Aug 52, 30 Sep 82, Sun 8 Oct 90, which is worked.
    ("ENV-02", "2023-07-10", 0, "2023-10-08"),
    # Filing: 7 working days from Wed 28 June (29, 30, 3-7 July), then 15 calendar days from Sat 1 July (Sun 16, so 17).
    ("ENV-01", "2023-06-28", 0, "2023-07-07"),
    ("ENV-01", "2023-07-01", 0, "2023-07-17"),
]
CUSTODY: list[Step] = [
    # A limit of custody does not move: three days from Wed 28 May 2025 end on Sat 31 May, a day off.
    ("CPL-01", "2025-05-28", 0, "2025-05-31"),
    # Two months from 1 April: Sun 1 June, off, and not Tue 3 June.
    ("CPL-03", "2025-04-01", 0, "2025-06-01"),
    # A trial's limit does move: 20 days from 12 May are 1 June, so Tue 3 June.
    ("CPL-09", "2025-05-12", 0, "2025-06-03"),
]
CHAINS = {
    "reconsideration": RECONSIDERATION_2024, "reconsideration under the old law": RECONSIDERATION_2023,
    "reply at the turn of the year": REPLY_AT_THE_TURN_OF_THE_YEAR, "simplified reconsideration": SIMPLIFIED_2025,
    "hearings": HEARINGS, "unpaid fine": UNPAID_FINE, "hand-off": FORWARD_HANDOFF, "reverse hand-off": REVERSE_HANDOFF,
    "market regulation": MARKET_LONGEST, "suit": SUIT, "environment": ENVIRONMENT, "custody": CUSTODY,
}  # fmt: skip
STEPS = [(name, *step) for name, steps in CHAINS.items() for step in steps]


@pytest.mark.parametrize(("chain", "row", "start", "more", "last"), STEPS)
def test_a_limit_ends_on_the_day_counted_by_hand(
    last_day: LastDay, chain: str, row: str, start: str, more: int, last: str
) -> None:
    assert last_day(row, start, more) == dt.date.fromisoformat(last), chain


def test_papers_go_to_the_police_within_24_hours_on_the_clock(book: LawBook) -> None:
    for row in ("TRF-03", "TRF-04", "ENVCR-02", "SAMR-08", "ACL-02"):
        body = book.provision(row)
        assert body is not None
        length = period_of(body)
        assert length is not None
        assert (length.seconds, length.is_days) == (86_400, False)


def test_years_are_counted_as_months(book: LawBook) -> None:
    body = book.provision("APL-25")
    assert body is not None
    assert str(period_of(body)) == "24 months"


def test_the_surcharge_meets_its_cap_on_day_34(book: LawBook) -> None:
    body = book.provision("APL-17")
    assert body is not None
    assert body.value is not None
    # 33 days make 99 % of the fine, 34 days 102 %.
    assert 33 * body.value < 100 <= 34 * body.value


def test_who_approves_a_longer_reconsideration(book: LawBook) -> None:
    new, old = book.provision("ARL-11"), book.provision("ARL0-05")
    assert new is not None
    assert old is not None

    assert [(e.by, e.approver) for e in new.extensions] == [(30, "head of the reconsideration office")]
    assert [(e.by, e.approver) for e in old.extensions] == [(30, "head of the reconsideration organ")]


def test_work_safety_cases_take_30_then_90_then_180_days(book: LawBook) -> None:
    body = book.provision("SAFE-02")
    assert body is not None
    assert body.value is not None

    assert [body.value + sum(e.by for e in body.extensions[:n]) for n in (0, 1, 2)] == [30, 90, 180]
    assert body.extensions[1].evidence == "memory"
