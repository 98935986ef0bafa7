"""Working days in China 2023-2026 against the State Council's notices."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import numpy as np
import pytest

from enforcement_sim.calendars import china_days
from enforcement_sim.errors import CalendarError

# As in the notices of the General Office of the State Council for each year: breaks (both ends included, weekends
# in them too) and weekend days that are worked instead.
BREAKS = {
    2023: "01-01/01-02 01-21/01-27 04-05/04-05 04-29/05-03 06-22/06-24 09-29/10-06 12-30/12-31",
    2024: "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
    2025: "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    2026: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
}
MADE_UP = {
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
IN_YEAR = {2023: 249, 2024: 251, 2025: 248, 2026: 248}
IN_MONTHS = {
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
}


def of_year(year: int) -> np.ndarray:
    return china_days(dt.date(year, 1, 1), dt.date(year, 12, 31))


def date(year: int, month_day: str) -> dt.date:
    return dt.date.fromisoformat(f"{year}-{month_day}")


@pytest.mark.parametrize("year", IN_YEAR)
def test_every_day_follows_the_notice(year: int) -> None:
    off: set[dt.date] = set()
    for span in BREAKS[year].split():
        first, last = (date(year, end) for end in span.split("/"))
        off |= {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
    made_up = {date(year, day) for day in MADE_UP[year].split()}
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365 + (year == 2024))]
    expected = [day in made_up or (day.weekday() < 5 and day not in off) for day in days]
    assert of_year(year).tolist() == expected
    assert all(day.weekday() >= 5 for day in made_up)
    assert not made_up & off


@pytest.mark.parametrize(("year", "days"), IN_YEAR.items())
def test_working_days_in_a_year(year: int, days: int) -> None:
    assert of_year(year).sum() == days


@pytest.mark.parametrize(("year", "months"), IN_MONTHS.items())
def test_working_days_in_each_month(year: int, months: list[int]) -> None:
    ends = [dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1) for month in range(1, 13)]
    assert [int(china_days(end.replace(day=1), end).sum()) for end in ends] == months


def test_spring_festival_eve_2024_was_a_working_day() -> None:
    assert china_days(dt.date(2024, 2, 9), dt.date(2024, 2, 10)).tolist() == [True, False]


def test_both_ends_are_included() -> None:
    assert len(of_year(2024)) == 366
    assert len(china_days(dt.date(2023, 12, 31), dt.date(2024, 1, 2))) == 3
    assert china_days(dt.date(2023, 5, 6), dt.date(2023, 5, 6)).tolist() == [True]


class TestUnpublishedYears:
    def test_such_a_year_is_refused_by_name_with_the_key_to_set(self) -> None:
        with pytest.raises(CalendarError, match=r"published for 2091[\s\S]*beyond_published: weekends"):
            china_days(dt.date(2091, 1, 1), dt.date(2091, 1, 9))

    def test_refusing_is_the_default_and_names_the_first_such_year(self) -> None:
        with pytest.raises(CalendarError, match="published for 2003"):
            china_days(dt.date(2003, 12, 31), dt.date(2004, 1, 9), "refuse")

    def test_weekends_on_request_and_only_there(self) -> None:
        flags = china_days(dt.date(2003, 12, 25), dt.date(2004, 1, 4), "weekends")
        # 25 December 2003 is a Thursday; 1 January 2004, also a Thursday, is a published holiday.
        assert flags.tolist() == [True, True, False, False, True, True, True, False, True, False, False]

    def test_another_wish_is_refused(self) -> None:
        with pytest.raises(ValueError, match="beyond is"):
            china_days(dt.date(2024, 1, 1), dt.date(2024, 1, 2), "guess")


def test_holiday_data_are_loaded_only_when_asked_for() -> None:
    code = "import sys, enforcement_sim.calendars; sys.exit('chinese_calendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
