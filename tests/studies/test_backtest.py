"""Back-tests: made-up series whose future is known, what a forecast may know, and the published series by hand."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.studies import backtest
from enforcement_sim.studies.backtest import backtests, errors
from enforcement_sim.studies.backtest_model import (
    REPLICATIONS,
    STAFF,
    Given,
    Question,
    asked,
    expected,
    office,
    predict,
    window,
)  # fmt: skip
from enforcement_sim.studies.backtest_series import Series, SeriesError, courts, eoir, reconsideration, ssa, uk_asylum

SHARED = Path(__file__).parents[2].parent / "shared"
CAPACITY = 1000


def made_up(received: list[float], start: float = 5000, one_for: int = 1, closed: float = CAPACITY) -> Series:
    """A series of an office that closes so many cases a period, as far as there are any."""
    pending = [start]
    for new in received:
        pending.append(max(pending[-1] + new - closed, 0.0))
    done = np.array(received) - np.diff(pending)
    periods = tuple(str(2001 + n) for n in range(len(received)))
    unknown = np.full(len(received), math.nan)
    return Series("made up", "a test", "cases a year", periods, np.array(received), done, np.array(pending), unknown,
                  one_for)  # fmt: skip


def forecasts(series: Series, given: Given, early: int) -> np.ndarray:
    """Mean, low and high of every later period."""
    return np.array(predict(series, asked(series, given, early, len(series.periods))))


def chance(cases: float) -> float:
    """Four standard errors of the mean of Poisson counts over the replications."""
    return 4 * math.sqrt(cases / REPLICATIONS)


# Futures that are known


@pytest.mark.parametrize("given", [Given.RECEIVED, Given.NOTHING])
def test_a_backlog_grows_by_what_comes_beyond_capacity(given: Given) -> None:
    series = made_up([1200.0] * 8)

    mean = forecasts(series, given, 4)[:, 0]

    # 5,000 at first and 200 more a year: 5,800 after four years.
    for ahead, (value, true) in enumerate(zip(mean, [6000, 6200, 6400, 6600], strict=True), start=1):
        assert abs(value - true) < chance(CAPACITY * ahead)


def test_the_model_beats_both_rules_when_arrivals_change() -> None:
    frame = backtest.backtest(made_up([1200.0] * 4 + [700.0, 1500.0, 900.0, 600.0]))
    told = errors(frame).set_index(["split", "given"])

    for split in ("middle", "rolling"):
        row = told.loc[(split, Given.RECEIVED)]
        assert row["predicted"] < 0.2 * min(row["stay"], row["drift"])
    # Told nothing, it expects the old arrivals and is as wrong as the drift.
    row = told.loc[("middle", Given.NOTHING)]
    assert row["predicted"] == pytest.approx(row["drift"], rel=0.1)


def test_a_backlog_that_is_worked_off_ends_at_nothing_and_not_below() -> None:
    series = made_up([1000.0] * 4 + [100.0] * 4, start=1500)

    mean = forecasts(series, Given.RECEIVED, 4)[:, 0]

    assert abs(mean[0] - 600) < chance(CAPACITY)
    # 100 cases a year that each take a tenth of a year: ten are in work on average, and never less than none.
    assert ((mean[1:] >= 0) & (mean[1:] < 30)).all()


def test_intervals_are_as_wide_as_chance_over_ten_replications() -> None:
    (_, low, high), *_ = forecasts(made_up([1200.0] * 8), Given.RECEIVED, 4)

    # Student's t of 9 degrees of freedom times the standard error of a Poisson count, within what ten can tell.
    assert (high - low) / 2 == pytest.approx(2.262 * math.sqrt(CAPACITY / 10), rel=0.6)


def test_a_series_told_by_hundreds_gives_the_same_answer() -> None:
    series = made_up([120_000.0] * 8, start=500_000, one_for=100, closed=100_000)

    mean = forecasts(series, Given.RECEIVED, 4)[:, 0]

    assert np.abs(mean - [600_000, 620_000, 640_000, 660_000]).max() < 100 * chance(4 * CAPACITY)


def test_roundings_to_simulated_cases_do_not_add_up() -> None:
    series = made_up([149.0] * 8, one_for=100)
    question = Question(5000.0, np.full(4, 149.0), (STAFF,) * 4, 1.0)

    counts = [row.count.value for row in office(series, question).origins["received"].counts]  # type: ignore[union-attr]

    # 51.49, 52.98, 54.47 and 55.96 hundreds are open or received by then.
    assert counts == [1, 2, 1, 2]


def test_every_period_is_as_long() -> None:
    question = Question(0.0, np.full(9, 10.0), (STAFF,) * 9, 1.0)

    calendar = office(made_up([1.0] * 4), question).calendars["days"]

    assert calendar.closed_on == [dt.date(2004, 2, 29), dt.date(2008, 2, 29)]


def test_periods_in_which_nothing_can_be_closed() -> None:
    question = Question(0.0, np.array([0.0, 0.0, 50.0]), (STAFF,) * 3, 1000.0)

    answers = predict(made_up([1.0] * 4), question)

    assert answers[:2] == [(0, 0, 0), (0, 0, 0)]
    assert 0 <= answers[2][0] < 1  # 50 cases a year that take nine hours each
    assert predict(made_up([1.0] * 4), Question(0.0, np.zeros(2), (STAFF,) * 2, 1.0)) == [(0, 0, 0)] * 2


def test_officers_carry_capacity() -> None:
    officers = np.array([10.0] * 4 + [20.0, 20.0, 5.0, 5.0])
    plain = made_up([1200.0] * 8, start=20_000)
    series = Series(
        "made up", "a test", "cases", plain.periods, plain.received, plain.closed, plain.pending, officers, 1
    )

    question = asked(series, Given.OFFICERS, 4, 8)
    mean = forecasts(series, Given.OFFICERS, 4)[:, 0]

    assert question.officers == (20, 20, 5, 5)
    assert question.each == pytest.approx(100)
    # 20,800 at the split, then 1,200 come a year and 2,000, 2,000, 500, 500 go.
    assert np.abs(mean - [20_000, 19_200, 19_900, 20_600]).max() < chance(5000)


# What a forecast may know


def test_a_forecast_knows_nothing_of_the_later_part_but_what_it_is_told() -> None:
    series = made_up([1200.0, 1100.0, 1300.0, 1250.0, 900.0, 800.0])
    later = np.arange(6) >= 4
    other = Series(
        "made up", "a test", "cases", series.periods, np.where(later, 7.0, series.received),
        np.where(later, 9.0, series.closed), np.where(np.arange(7) > 4, 11.0, series.pending), series.officers, 1,
    )  # fmt: skip

    for given in (Given.NOTHING, Given.RECEIVED, Given.CLOSURES):
        one, two = asked(series, given, 4, 6), asked(other, given, 4, 6)
        assert (one.pending, one.officers, one.each) == (two.pending, two.officers, two.each)
    assert asked(series, Given.NOTHING, 4, 6).received.tolist() == [1250, 1250]
    assert asked(other, Given.NOTHING, 4, 6).received.tolist() == [1250, 1250]
    assert asked(series, Given.RECEIVED, 4, 6).received.tolist() == [900, 800]


def test_capacity_is_the_mean_unless_a_trend_is_beyond_chance() -> None:
    assert expected(np.array([10.0, 20.0, 30.0, 40.0, 50.0]), 2).tolist() == [30, 30]  # five are too few for a trend
    assert expected(np.array([10.0, 30.0, 12.0, 28.0, 11.0, 31.0]), 2) == pytest.approx([122 / 6, 122 / 6])
    rising = np.array([10.0, 21.0, 29.0, 41.0, 50.0, 59.0])
    slope = (-2.5 * 10 - 1.5 * 21 - 0.5 * 29 + 0.5 * 41 + 1.5 * 50 + 2.5 * 59) / 17.5
    line = [35 + slope * (2.5 + step) for step in (1, 2, 3, 4, 5, 6, 6, 6)]
    assert expected(rising, 8) == pytest.approx(line)
    assert expected(rising[::-1], 6)[-1] == 0  # a capacity that falls ends at nothing


def test_capacity_is_told_by_the_last_eight_periods_with_a_backlog() -> None:
    assert window(made_up([1000.0] * 12), 10).tolist() == [2, 3, 4, 5, 6, 7, 8, 9]
    series = made_up([1200.0, 1200.0, 100.0, 100.0, 1800.0, 1200.0, 1200.0, 1200.0], start=100)
    assert series.pending.tolist() == [100, 300, 500, 0, 0, 800, 1000, 1200, 1400]
    assert window(series, 7).tolist() == [0, 1, 5, 6]  # not those that begin or end with none pending
    with pytest.raises(SeriesError, match="nothing closed with a backlog before 2005"):
        window(made_up([500.0] * 8, start=0), 4)


def test_splits_origins_and_naive_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        backtest, "predict", lambda _, question: [(float(n), 0.0, 1e9) for n in range(len(question.received))]
    )
    series = made_up([1100.0, 1300.0, 900.0, 1200.0, 800.0, 600.0, 400.0])
    frame = backtest.backtest(series)
    told = frame[frame["given"] == Given.NOTHING]

    middle, rolling = told[told["split"] == "middle"], told[told["split"] == "rolling"]
    assert set(frame["given"]) == {Given.RECEIVED, Given.NOTHING}  # it closes what left; nobody knows its officers
    assert middle["period"].tolist() == ["2004", "2005", "2006", "2007"]
    assert set(middle["origin"]) == {"2003"}
    assert list(zip(rolling["origin"], rolling["period"], strict=True)) == [
        ("2003", "2004"), ("2003", "2005"), ("2003", "2006"), ("2004", "2005"), ("2004", "2006"), ("2004", "2007"),
        ("2005", "2006"), ("2005", "2007"), ("2006", "2007"),
    ]  # fmt: skip
    # 5,000, 5,100, 5,400, 5,300 at the split, then 5,500, 5,300, 4,900, 4,300.
    assert middle["observed"].tolist() == [5500, 5300, 4900, 4300]
    assert middle["stay"].tolist() == [5300] * 4
    assert middle["drift"].tolist() == [5200, 5100, 5000, 4900]


def test_the_last_change_does_not_go_on_below_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest, "predict", lambda _, question: [(0.0, 0.0, 0.0)] * len(question.received))
    frame = backtest.backtest(made_up([400.0] * 8, start=4000))

    # 1,600 at the split, 600 less each year.
    assert frame[frame["split"] == "middle"]["drift"].tolist()[:4] == [1000, 400, 0, 0]


def test_no_forecast_of_officers_beyond_those_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest, "predict", lambda _, question: [(0.0, 0.0, 0.0)] * len(question.received))
    plain = made_up([1200.0] * 8)
    officers = np.array([9.0, 9, 9, 9, 9, 9, math.nan, 9])
    series = Series(
        "made up", "a test", "cases", plain.periods, plain.received, plain.closed, plain.pending, officers, 1
    )
    frame = backtest.backtest(series)

    told = frame[frame["given"] == Given.OFFICERS]
    assert list(zip(told["origin"], told["period"], strict=True)) == [
        ("2004", "2005"), ("2004", "2006"), ("2004", "2005"), ("2004", "2006"), ("2005", "2006"),
    ]  # fmt: skip


def test_errors_and_tables_by_hand() -> None:
    frame = pd.DataFrame(
        [
            ("A", "middle", Given.RECEIVED, "2003", 1, "2004", 90.0, 80.0, 100.0, 100.0, 120.0, 150.0),
            ("A", "middle", Given.RECEIVED, "2003", 2, "2005", 230.0, 220.0, 240.0, 200.0, 120.0, 201.0),
        ],
        columns=list(backtest.COLUMNS),
    )

    row = errors(frame).iloc[0]
    assert (row["forecasts"], row["within"]) == (2, 1)
    assert (row["predicted"], row["stay"], row["drift"]) == (20, 50, 25.5)
    assert row["predicted_share"] == pytest.approx((10 / 100 + 30 / 200) / 2)
    line = "| A | middle | cases received | 2 | **20 (12.5 %)** | 50 (30.0 %) | 26 (25.2 %) | 1 |"
    assert backtest.backtest_table(frame).splitlines()[2:] == [line]
    line = "| A | 2004 | 90 [80, 100] | 100 | -10 | +20 | +50 |"
    assert backtest.forecast_table(frame, most=1).splitlines()[2:] == [line]


# The published series


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the project")
    return path


def test_immigration_courts_by_hand() -> None:
    series = eoir(shared("validation/series/us_eoir_immigration_courts_annual_2008_2020.csv"))

    assert series.periods == tuple(str(year) for year in range(2009, 2017))
    assert series.pending[[0, 1, -1]].tolist() == [186_101, 223_779, 521_517]
    assert (series.received[0], series.closed[0], series.left[0]) == (255_035, 231_608, 217_357)
    assert series.officers[:2].tolist() == [227.5, 242.5]
    assert math.isnan(series.officers[-1])  # the judges of 2016 are not verified


def test_hearings_by_hand() -> None:
    path = shared("validation/series/us_ssa_hearings_annual.csv")
    series = ssa(path, "2014", "2018")

    assert series.periods == ("2015", "2016", "2017", "2018")
    assert series.pending.tolist() == [977_736, 1_060_907, 1_121_519, 1_056_026, 858_383]
    assert (series.received[-1], series.closed[-1], series.officers[-1]) == (567_911, 765_554, 1487)
    with pytest.raises(SeriesError, match="2011: this row is not verified"):
        ssa(path, "2009", "2018")
    with pytest.raises(SeriesError, match="2008: 2004 is missing before it"):
        ssa(path, "2002", "2009")
    with pytest.raises(SeriesError, match="2 periods are too few"):
        ssa(path, "2008", "2010")


def test_courts_by_hand() -> None:
    path = shared("validation/series/china_courts_annual.csv")
    series = courts(path, "2018")

    assert series.pending / 10_000 == pytest.approx([283.5, 254.9, 210.3, 341.7, 289.9])
    assert series.received / 10_000 == pytest.approx([2877.0, 2829.5, 3144.7, 3030.6])
    with pytest.raises(SeriesError, match="2017H1: not a whole period"):
        courts(path)


def test_reconsideration_has_no_series_yet() -> None:
    path = shared("validation/series/china_admin_reconsideration_annual.csv")

    with pytest.raises(SeriesError, match="2024H1: not a whole period"):
        reconsideration(path)
    with pytest.raises(SeriesError, match="2022: 2020 is missing before it"):
        reconsideration(path, "2019", "2023")
    with pytest.raises(SeriesError, match="2023: no number in handled_incl_carryover_10k"):
        reconsideration(path, "2022", "2023")
    with pytest.raises(SeriesError, match="2025: no number in concluded_10k"):
        reconsideration(path, "2024")


def test_asylum_by_hand() -> None:
    path = shared("logs/uk_asylum/quarterly_flow_stock.csv")
    series = uk_asylum(path, "2010-06-30")

    assert (len(series.periods), series.periods[0], series.periods[-1]) == (57, "2010-09-30", "2024-09-30")
    assert series.pending[[0, 1, -1]].tolist() == [7720, 6485, 97_170]
    assert (series.received[0], series.closed[0]) == (4486, 4947)
    assert series.closed[series.periods.index("2023-03-31")] == 3566 + 1733  # without administrative outcomes
    at = series.periods.index("2020-03-31")
    assert math.isnan(series.officers[at - 1])
    assert series.officers[at] == pytest.approx((635 + 616 + 607) / 3)
    with pytest.raises(SeriesError, match="2001-06-30: no number in awaiting_initial_le6m"):
        uk_asylum(path)


@pytest.mark.parametrize("number", range(len(backtest.SERIES)))
def test_every_series_of_the_back_tests_can_be_read(number: int) -> None:
    load, name, first, last = backtest.SERIES[number]

    assert load(shared(name), first, last).periods[-1] == last


@pytest.mark.long
def test_back_tests_of_the_published_series_have_a_row_for_each_forecast() -> None:
    shared("validation/series")
    shared("logs/uk_asylum")
    frame = backtests(SHARED)

    assert frame["series"].nunique() == 4
    assert frame[["predicted", "low", "high", "observed", "stay", "drift"]].notna().all(axis=None)
    assert ((frame["low"] <= frame["predicted"]) & (frame["predicted"] <= frame["high"])).all()
    counts = frame[frame["given"] == Given.RECEIVED].groupby(["series", "split"]).size()
    assert counts[("UK asylum decisions", "middle")] == 29
    assert counts[("UK asylum decisions", "rolling")] == 29 * 3 - 3


# Refusals


COURTS = "# notes\nyear,accepted_incl_carryover_10k,concluded_10k,outstanding_end_10k\n"
ASYLUM = (
    "quarter_end,applications_main,decisions_grant,decisions_refused,decisions_administrative,"
    "awaiting_initial_le6m,awaiting_initial_gt6m,awaiting_initial,decisions\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    (folder / "asylum_productivity_breakdown.csv").write_text("Date,Asylum Caseworking Staff\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("2019,30,20,10\n2021,40,30,10\n", "table.csv: 2021: 2020 is missing before it"),
        ("2019,30,20,10\n2020,40,,10\n", "table.csv: 2020: no number in concluded_10k"),
        ("2019,30,20,10\n2020,40,30,11\n", "table.csv: 2020: accepted less concluded is not what is outstanding"),
        ("2022,30,20,10\n2023,40,30,10\n", "table.csv: 2023: mediation before trial is counted from 2023 on"),
        ("2019,30,20,\n2020,40,30,10\n2021,40,30,10\n", "table.csv: 2019: nothing says what was pending"),
        ("2019,30,20,10\n2020,40,nan,10\n2021,40,30,10\n2022,40,30,10\n2022b,40,30,10\n", "2022b: not a whole period"),
        ("2018,30,20,10\n2019,40,30,10\n2020,40,nan,10\n2021,40,30,10\n2022,40,30,10\n", "a number is missing"),
        ("2019,30,20,10\n2020,40,30,10\n", "1 periods are too few"),
    ],
)  # fmt: skip
def test_a_series_with_a_gap_or_a_break_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(SeriesError, match=message):
        courts(written(tmp_path, COURTS + rows))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("2020-03-31,9,1,2,3,4,5,9,6\n2020-06-30,9,1,2,3,4,5,9,7\n", "2020-06-30: decisions are not the sum"),
        ("2020-03-31,9,1,2,3,4,5,9,6\n2020-06-30,9,1,2,3,4,5,8,6\n", "2020-06-30: those awaiting a decision"),
        ("2020-03-31,9,1,2,3,4,5,9,6\n2020-09-30,9,1,2,3,4,5,9,6\n", "2020-09-30: 2020-06-30 is missing before it"),
    ],
)
def test_quarters_that_do_not_add_up_or_follow_are_refused(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(SeriesError, match=message):
        uk_asylum(written(tmp_path, ASYLUM + rows))


def test_quarters_follow_each_other_over_the_year(tmp_path: Path) -> None:
    ends = ["2019-12-31", "2020-03-31", "2020-06-30", "2020-09-30", "2020-12-31", "2021-03-31"]
    rows = "".join(f"{end},9,1,2,3,4,5,9,6\n" for end in ends)

    assert uk_asylum(written(tmp_path, ASYLUM + rows)).periods == tuple(ends[1:])


def test_a_file_or_a_period_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SeriesError, match=r"nowhere\.csv: no such file"):
        eoir(tmp_path / "nowhere.csv")
    with pytest.raises(SeriesError, match="no period 1999\n  try:  one of 2019, 2020"):
        courts(written(tmp_path, COURTS + "2019,30,20,10\n2020,40,30,10\n"), "1999")
