"""Legal limits in days and months: hand cases around the holidays of 2023-2026, and laws that always hold."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.calendars import DayTable, china_days
from enforcement_sim.errors import CalendarError

DAY = 86_400
# No time limit for one example: a busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)
FIRST = dt.date(2023, 1, 1)
CHINA = DayTable(china_days(FIRST, dt.date(2026, 12, 31)), FIRST)


def at(date: str, second: int = 10 * 3_600) -> int:
    return (dt.date.fromisoformat(date) - FIRST).days * DAY + second


def last_day(due: int) -> str:
    """The last day that is still in time, given the first second that is not."""
    assert due % DAY == 0
    return (FIRST + dt.timedelta(days=due // DAY - 1)).isoformat()


# start, limit in working days, last day; each counted by hand on the notices' calendars.
WORKING = [
    # 2023: Spring Festival 21-27 January, the weekend 28-29 worked; Labour Day; the long break to 6 October.
    ("2023-01-19", 1, "2023-01-20"),
    ("2023-01-20", 1, "2023-01-28"),
    ("2023-01-20", 2, "2023-01-29"),
    ("2023-01-24", 3, "2023-01-30"),
    ("2023-01-28", 1, "2023-01-29"),
    ("2023-04-22", 1, "2023-04-23"),
    ("2023-04-28", 3, "2023-05-06"),
    ("2023-09-28", 1, "2023-10-07"),
    ("2023-09-28", 3, "2023-10-09"),
    ("2023-12-29", 1, "2024-01-02"),
    # 2024: the eve, 9 February, is worked; 18 February (Sunday) made up; 14 September (Saturday) made up.
    ("2024-02-08", 1, "2024-02-09"),
    ("2024-02-09", 1, "2024-02-18"),
    ("2024-02-09", 2, "2024-02-19"),
    ("2024-09-13", 2, "2024-09-18"),
    ("2024-09-30", 5, "2024-10-12"),
    ("2024-09-30", 6, "2024-10-14"),
    # 2025: 28 January to 4 February off; 8 February (Saturday) made up; 1-8 October off, 11 October made up.
    ("2025-01-27", 1, "2025-02-05"),
    ("2025-01-27", 4, "2025-02-08"),
    ("2025-01-27", 5, "2025-02-10"),
    ("2025-09-30", 3, "2025-10-11"),
    ("2025-09-30", 4, "2025-10-13"),
    # 2026: 1-3 January off, Sunday 4 made up; 15-23 February off, both Saturdays beside it made up.
    ("2025-12-31", 1, "2026-01-04"),
    ("2025-12-31", 2, "2026-01-05"),
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 2, "2026-02-24"),
    ("2026-02-24", 4, "2026-02-28"),
    ("2026-09-24", 1, "2026-09-28"),
]

# start, limit in calendar days, last day if it does not roll, last day if it does.
CALENDAR = [
    ("2023-01-05", 15, "2023-01-20", "2023-01-20"),  # the day before a break
    ("2023-01-06", 15, "2023-01-21", "2023-01-28"),  # its first day: on to a Saturday that is worked
    ("2023-01-12", 15, "2023-01-27", "2023-01-28"),  # its last day
    ("2023-01-13", 15, "2023-01-28", "2023-01-28"),  # the make-up Saturday itself
    ("2023-01-14", 15, "2023-01-29", "2023-01-29"),  # the make-up Sunday
    ("2023-09-21", 15, "2023-10-06", "2023-10-07"),
    ("2023-12-15", 15, "2023-12-30", "2024-01-02"),  # over the turn of the year
    ("2024-01-25", 15, "2024-02-09", "2024-02-09"),
    ("2024-01-26", 15, "2024-02-10", "2024-02-18"),
    ("2024-04-01", 30, "2024-05-01", "2024-05-06"),
    ("2024-06-05", 3, "2024-06-08", "2024-06-11"),  # Saturday, Sunday, Dragon Boat Monday
    ("2025-01-20", 15, "2025-02-04", "2025-02-05"),
    ("2025-08-09", 60, "2025-10-08", "2025-10-09"),
    ("2025-10-03", 90, "2026-01-01", "2026-01-04"),  # to the make-up Sunday
    ("2026-02-01", 15, "2026-02-16", "2026-02-24"),
    ("2026-02-13", 15, "2026-02-28", "2026-02-28"),
    ("2026-07-03", 90, "2026-10-01", "2026-10-08"),
]


class TestHandCases:
    @pytest.mark.parametrize(("start", "limit", "last"), WORKING)
    def test_working_days(self, start: str, limit: int, last: str) -> None:
        for second in (0, DAY - 1):
            for rolls in (False, True):
                assert last_day(CHINA.due(at(start, second), limit, "working", rolls=rolls)) == last

    @pytest.mark.parametrize(("start", "limit", "plain", "rolled"), CALENDAR)
    def test_calendar_days(self, start: str, limit: int, plain: str, rolled: str) -> None:
        for second in (0, DAY - 1):
            assert last_day(CHINA.due(at(start, second), limit, "calendar", rolls=False)) == plain
            assert last_day(CHINA.due(at(start, second), limit, "calendar", rolls=True)) == rolled

    @pytest.mark.parametrize(
        ("start", "months", "plain", "rolled"),
        [
            ("2023-01-31", 1, "2023-02-28", "2023-02-28"),
            ("2024-01-31", 1, "2024-02-29", "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28", "2025-02-28"),
            ("2024-02-29", 1, "2024-03-29", "2024-03-29"),  # the 29th, not the month's end
            ("2023-10-31", 1, "2023-11-30", "2023-11-30"),
            ("2023-10-01", 3, "2024-01-01", "2024-01-02"),
            ("2023-11-10", 3, "2024-02-10", "2024-02-18"),
            ("2025-10-04", 3, "2026-01-04", "2026-01-04"),  # a Sunday that is worked
            ("2023-05-03", 36, "2026-05-03", "2026-05-06"),
            ("2023-12-15", 0, "2023-12-15", "2023-12-15"),
        ],
    )
    def test_months(self, start: str, months: int, plain: str, rolled: str) -> None:
        assert last_day(CHINA.due_months(at(start), months, rolls=False)) == plain
        assert last_day(CHINA.due_months(at(start), months, rolls=True)) == rolled

    def test_counting_and_rolling(self) -> None:
        days = DayTable(np.array([True, False, False, True, True, False, True]), dt.date(2024, 1, 1))
        assert [days.is_working_day(day) for day in range(7)] == days.flags.tolist()
        assert [days.rolled(day) for day in range(7)] == [0, 3, 3, 3, 4, 6, 6]
        assert [days.nth_working_day_after(0, n) for n in range(4)] == [0, 3, 4, 6]
        assert [days.nth_working_day_after(1, n) for n in range(4)] == [1, 3, 4, 6]
        assert days.working_days_between(0, 3) == 1
        assert days.working_days_between(0, 4) == 2
        assert days.working_days_between(3, 7) == 3
        assert days.working_days_between(7, 3) == -3
        assert days.working_days_between(5, 5) == 0


class TestBeyondTheTable:
    SHORT = DayTable(np.array([True, True, False]), dt.date(2025, 12, 30))

    def test_a_limit_beyond_names_the_year_and_what_to_try(self) -> None:
        for ask in (
            lambda: self.SHORT.due(0, 2, "working", rolls=False),
            lambda: self.SHORT.due(0, 2, "calendar", rolls=True),
            lambda: self.SHORT.due(0, 9_999_999, "calendar", rolls=True),
            lambda: self.SHORT.due(0, 9_999_999, "working", rolls=True),
            lambda: self.SHORT.due_months(0, 1, rolls=True),
            lambda: self.SHORT.due_months(0, 999_999, rolls=True),
            lambda: self.SHORT.rolled(2),
            lambda: self.SHORT.is_working_day(3),
            lambda: self.SHORT.working_days_between(0, 4),
            lambda: self.SHORT.due(np.array([0]), 2, "working", rolls=False),
            lambda: self.SHORT.rolled(np.array([0, 2])),
            lambda: self.SHORT.rolled(np.array([0, 3])),
            lambda: self.SHORT.is_working_day(np.array([0, 3])),
        ):
            with pytest.raises(CalendarError, match=r"of 2026 from 2026-01-02[\s\S]*try:  a shorter limit"):
                ask()

    def test_a_limit_that_starts_before_the_table_is_refused(self) -> None:
        for ask in (
            lambda: self.SHORT.due(-1, 1, "working", rolls=False),
            lambda: self.SHORT.is_working_day(-1),
            lambda: self.SHORT.nth_working_day_after(-1, 0),
            lambda: self.SHORT.working_days_between(-1, 2),
            lambda: self.SHORT.is_working_day(np.array([1, -1])),
        ):
            with pytest.raises(CalendarError, match="begins on 2025-12-30"):
                ask()

    def test_calendar_days_that_do_not_roll_need_no_table(self) -> None:
        assert self.SHORT.due(0, 100, "calendar", rolls=False) == 101 * DAY
        assert self.SHORT.due_months(0, 1, rolls=False) == 32 * DAY
        assert self.SHORT.due(-1, 1, "calendar", rolls=False) == DAY

    def test_the_last_known_day_is_still_known(self) -> None:
        assert self.SHORT.nth_working_day_after(0, 1) == 1
        assert self.SHORT.working_days_between(0, 3) == 2
        assert self.SHORT.working_days_between(np.array([0, 3]), np.array([3, 3])).tolist() == [2, 0]

    def test_nonsense_is_refused(self) -> None:
        with pytest.raises(ValueError, match="calendar or working"):
            self.SHORT.due(0, 1, "lunar", rolls=False)
        for ask in (
            lambda: self.SHORT.due(0, -1, "calendar", rolls=False),
            lambda: self.SHORT.due(0, -1, "working", rolls=False),
            lambda: self.SHORT.due_months(0, -1, rolls=False),
            lambda: self.SHORT.nth_working_day_after(0, -1),
            lambda: self.SHORT.nth_working_day_after(np.array([0, 0]), np.array([1, -1])),
            lambda: self.SHORT.due(np.array([0]), -1, "calendar", rolls=False),
        ):
            with pytest.raises(ValueError, match="negative"):
                ask()


class TestBeforeDayZero:
    START = dt.date(2024, 2, 19)
    BACK = (START - FIRST).days
    LATER = DayTable(CHINA.flags, START, BACK)

    def at(self, date: str) -> int:
        return (dt.date.fromisoformat(date) - self.START).days

    def test_limits_that_start_before_run_by_the_working_days_of_the_past(self) -> None:
        for start, limit, last in WORKING:
            due = self.LATER.due(self.at(start) * DAY + 7, limit, "working", rolls=True)
            assert due == (self.at(last) + 1) * DAY
        for start, limit, plain, rolled in CALENDAR:
            assert self.LATER.due(self.at(start) * DAY, limit, "calendar", rolls=False) == (self.at(plain) + 1) * DAY
            assert self.LATER.due(self.at(start) * DAY, limit, "calendar", rolls=True) == (self.at(rolled) + 1) * DAY
        assert self.LATER.due_months(self.at("2023-11-10") * DAY, 3, rolls=True) == 0  # 18 February, worked

    def test_everything_is_that_of_an_earlier_table_moved(self) -> None:
        days = np.arange(0, len(CHINA.flags) - 120, 3)
        here = days - self.BACK
        limits = days % 61
        assert self.LATER.is_working_day(here).tolist() == CHINA.is_working_day(days).tolist()
        assert (self.LATER.rolled(here) + self.BACK).tolist() == CHINA.rolled(days).tolist()
        moved = self.LATER.nth_working_day_after(here, limits) + self.BACK
        assert moved.tolist() == CHINA.nth_working_day_after(days, limits).tolist()
        between = self.LATER.working_days_between(here, here + limits)
        assert between.tolist() == CHINA.working_days_between(days, days + limits).tolist()
        for counts in ("calendar", "working"):
            dues = self.LATER.due(here * DAY + 5, limits, counts, rolls=True)
            assert dues.tolist() == [
                self.LATER.due(int(d) * DAY + 5, int(n), counts, rolls=True) for d, n in zip(here, limits, strict=True)
            ]
            assert (dues + self.BACK * DAY).tolist() == CHINA.due(days * DAY + 5, limits, counts, rolls=True).tolist()
        assert self.LATER.nth_working_day_after(-3, 0) == -3
        assert self.LATER.rolled(-5) == -1

    def test_what_lies_too_far_back_is_refused(self) -> None:
        assert isinstance(self.LATER.is_working_day(-self.BACK), bool)
        for ask in (
            lambda: self.LATER.is_working_day(-self.BACK - 1),
            lambda: self.LATER.due(-(self.BACK + 1) * DAY, 1, "working", rolls=False),
            lambda: self.LATER.nth_working_day_after(-self.BACK - 1, 0),
            lambda: self.LATER.rolled(np.array([0, -self.BACK - 1])),
        ):
            with pytest.raises(CalendarError, match="begins on 2023-01-01"):
                ask()
        with pytest.raises(CalendarError, match="from 2027-01-01 on"):
            self.LATER.is_working_day(len(CHINA.flags) - self.BACK)


def test_the_callers_flags_stay_its_own() -> None:
    flags = np.array([True, False, True])
    days = DayTable(flags, FIRST)
    flags[:] = False
    assert days.flags.tolist() == [True, False, True]
    with pytest.raises(ValueError, match="read-only"):
        days.flags[0] = False


DAYS = st.integers(0, len(CHINA.flags) - 120)


def slow_due(day: int, limit: int, counts: str, rolls: bool) -> int:
    """The last day, found by walking from day to day."""
    while limit > 0:
        day += 1
        if counts == "calendar" or CHINA.flags[day]:
            limit -= 1
    while rolls and not CHINA.flags[day]:
        day += 1
    return day


@UNHURRIED
@given(DAYS, st.integers(0, DAY - 1), st.integers(0, 60), st.sampled_from(["calendar", "working"]), st.booleans())
def test_due_equals_a_walk_from_day_to_day(day: int, second: int, limit: int, counts: str, rolls: bool) -> None:
    expected = (slow_due(day, limit, counts, rolls) + 1) * DAY
    assert CHINA.due(day * DAY + second, limit, counts, rolls=rolls) == expected


@UNHURRIED
@given(DAYS, st.integers(0, 60))
def test_counting_back_gives_the_limit(day: int, n: int) -> None:
    last = CHINA.nth_working_day_after(day, n)
    assert CHINA.working_days_between(day + 1, last + 1) == n
    assert n == 0 or CHINA.is_working_day(last)


@UNHURRIED
@given(DAYS, st.integers(0, 60), st.sampled_from(["calendar", "working"]), st.booleans())
def test_later_or_longer_is_never_due_sooner(day: int, limit: int, counts: str, rolls: bool) -> None:
    due = CHINA.due(day * DAY, limit, counts, rolls=rolls)
    assert CHINA.due((day + 1) * DAY, limit, counts, rolls=rolls) >= due
    assert CHINA.due(day * DAY, limit + 1, counts, rolls=rolls) >= due
    assert CHINA.due(day * DAY, limit, counts, rolls=True) >= due


@UNHURRIED
@given(
    st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=9), st.sampled_from(["calendar", "working"]), st.booleans()
)
def test_arrays_say_the_same_as_single_numbers(pairs: list[tuple[int, int]], counts: str, rolls: bool) -> None:
    days = np.array([day for day, _ in pairs], dtype=np.int64)
    limits = np.array([limit for _, limit in pairs], dtype=np.int64)
    starts = days * DAY + 7
    assert CHINA.is_working_day(days).tolist() == [CHINA.is_working_day(day) for day, _ in pairs]
    assert CHINA.rolled(days).tolist() == [CHINA.rolled(day) for day, _ in pairs]
    assert CHINA.nth_working_day_after(days, limits).tolist() == [CHINA.nth_working_day_after(d, n) for d, n in pairs]
    assert CHINA.working_days_between(days, days + limits).tolist() == [
        CHINA.working_days_between(day, day + n) for day, n in pairs
    ]
    assert CHINA.due(starts, limits, counts, rolls=rolls).tolist() == [
        CHINA.due(day * DAY + 7, n, counts, rolls=rolls) for day, n in pairs
    ]
    assert CHINA.due(starts, 15, counts, rolls=rolls).tolist() == [
        CHINA.due(day * DAY + 7, 15, counts, rolls=rolls) for day, _ in pairs
    ]
    assert days.tolist() == [day for day, _ in pairs]
