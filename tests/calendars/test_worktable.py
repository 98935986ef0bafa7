"""Office hours: hand cases, laws that hold for every table, and agreement with a loop over seconds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.calendars import WorkTable
from enforcement_sim.errors import CalendarError

HOUR, DAY = 3_600, 86_400
FAR = 1_000
# No time limit for one example: a busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)


def table(*spans: tuple[int, int], covers: int = FAR) -> WorkTable:
    return WorkTable(np.array([a for a, _ in spans]), np.array([b for _, b in spans]), covers)


@pytest.fixture
def week() -> WorkTable:
    """Monday to Friday 9-12 and 13-17, Wednesday a holiday; day 0 is a Monday."""
    flags = np.array([True, True, False, True, True, False, False])
    return WorkTable.from_days(flags, [(9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)])


class TestHandCases:
    def test_desk_open_from_5_to_10_and_from_15(self) -> None:
        desk = table((5, 10), (15, FAR))
        ends, now = [], 0
        for _ in range(3):
            now = desk.clock_after(desk.next_open(now), 5)
            ends.append(now)
        assert ends == [10, 20, 25]

    @pytest.mark.parametrize(("start", "work", "end"), [(11, 4, 16), (40, 10, 107), (12.5, 1, 14)])
    def test_lunch_break_and_holiday(self, week: WorkTable, start: float, work: int, end: int) -> None:
        assert week.clock_after(int(start * HOUR), work * HOUR) == end * HOUR

    @pytest.mark.parametrize(("at_close", "end"), [("suspend", 15), ("overtime", 11), ("restart", 19)])
    def test_closing_interrupts_a_job(self, at_close: str, end: int) -> None:
        assert table((0, 5), (9, FAR)).end_of_work(1, 10, at_close) == end

    def test_work_that_ends_at_closing_ends_there(self) -> None:
        desk = table((5, 10), (15, 20))
        for at_close in ("suspend", "overtime", "restart"):
            assert desk.end_of_work(7, 3, at_close) == 10
        assert desk.clock_after(5, 6) == 16

    def test_restart_skips_hours_that_are_too_short(self) -> None:
        desk = table((0, 5), (9, 12), (20, 30), (40, 90))
        assert desk.end_of_work(3, 10, "restart") == 30
        assert desk.end_of_work(3, 11, "restart") == 51
        assert desk.end_of_work(3, 50, "restart") == 90
        assert desk.end_of_work(6, 2, "restart") == 11
        assert desk.end_of_work(12, 1, "restart") == 21

    def test_edges_of_an_interval_are_half_open(self) -> None:
        desk = table((5, 10), (15, 20))
        assert [t for t in range(25) if desk.is_open(t)] == [*range(5, 10), *range(15, 20)]
        assert [desk.next_open(t) for t in (0, 5, 9, 10, 15, 19)] == [5, 5, 9, 15, 15, 19]
        assert [desk.next_close(t) for t in (5, 9, 15, 19)] == [10, 10, 20, 20]
        assert [desk.worked(t) for t in (0, 5, 6, 10, 14, 15, 16, 20, FAR)] == [0, 0, 1, 5, 5, 5, 6, 10, 10]

    def test_no_work_ends_where_it_begins(self) -> None:
        desk = table((5, 10), (15, 20))
        assert [desk.clock_after(t, 0) for t in (0, 5, 10, 12, 30)] == [0, 5, 10, 12, 30]


class TestMaking:
    def test_always(self) -> None:
        always = WorkTable.always(100)
        assert (always.opens.tolist(), always.closes.tolist(), always.covers) == ([0], [100], 100)
        assert always.clock_after(40, 60) == 100

    def test_neighbours_are_joined_over_midnight(self) -> None:
        hours = WorkTable.from_days(np.array([True, True, False, True]), [(0, 6 * HOUR), (20 * HOUR, DAY)])
        assert hours.opens.tolist() == [0, 20 * HOUR, DAY + 20 * HOUR, 3 * DAY, 3 * DAY + 20 * HOUR]
        assert hours.next_close(20 * HOUR) == DAY + 6 * HOUR
        whole = WorkTable.from_days(np.ones(9, dtype=bool), [(0, DAY)])
        assert (whole.opens.tolist(), whole.closes.tolist(), whole.covers) == ([0], [9 * DAY], 9 * DAY)

    def test_overlapping_unsorted_and_empty_spans(self) -> None:
        desk = table((30, 40), (0, 10), (2, 3), (5, 12), (20, 20))
        assert (desk.opens.tolist(), desk.closes.tolist()) == ([0, 30], [12, 40])
        assert desk.worked_before.tolist() == [0, 12]

    def test_spans_are_cut_to_the_table(self) -> None:
        desk = table((-5, 3), (95, 200), (300, 400), covers=100)
        assert (desk.opens.tolist(), desk.closes.tolist()) == ([0, 95], [3, 100])

    def test_a_cycle_with_its_offset(self) -> None:
        plain = WorkTable.cyclic(10, [(2, 5)], 35)
        assert list(zip(plain.opens.tolist(), plain.closes.tolist(), strict=True)) == [
            (2, 5),
            (12, 15),
            (22, 25),
            (32, 35),
        ]
        for offset in (4, -6, 14):
            moved = WorkTable.cyclic(10, [(2, 5)], 35, offset)
            assert moved.opens.tolist() == [6, 16, 26]
        assert WorkTable.cyclic(10, [(2, 5)], 35, 7).opens.tolist() == [0, 9, 19, 29]
        assert WorkTable.cyclic(10, [(2, 5)], 35, 7).closes.tolist() == [2, 12, 22, 32]

    def test_a_night_shift_reaches_into_the_next_repetition(self) -> None:
        nights = WorkTable.cyclic(24, [(22, 30)], 48)
        assert list(zip(nights.opens.tolist(), nights.closes.tolist(), strict=True)) == [(0, 6), (22, 30), (46, 48)]

    def test_a_period_of_the_whole_table_does_not_repeat(self) -> None:
        once = WorkTable.cyclic(100, [(5, 10), (90, 130), (150, 160)], 100)
        assert list(zip(once.opens.tolist(), once.closes.tolist(), strict=True)) == [(5, 10), (90, 100)]

    @pytest.mark.parametrize("span", [(5, 5), (7, 3), (-1, 4), (10, 12)])
    def test_windows_that_make_no_sense_are_refused(self, span: tuple[int, int]) -> None:
        with pytest.raises(CalendarError, match="opens at second"):
            WorkTable.cyclic(10, [span], 100)

    def test_arrays_are_int64_and_read_only(self) -> None:
        desk = table((5, 10), (15, 20))
        for array in (desk.opens, desk.closes, desk.worked_before):
            assert array.dtype == np.int64
            assert len(array) == 2
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1

    def test_the_callers_arrays_stay_its_own(self) -> None:
        opens = np.array([5])
        desk = WorkTable(opens, np.array([9]), 20)
        opens[0] = 7
        assert desk.opens.tolist() == [5]


class TestBeyondTheTable:
    def test_each_question_about_the_unknown_is_refused(self) -> None:
        desk = table((5, 10), (15, 20), covers=30)
        with pytest.raises(CalendarError, match="not open again after second 20"):
            desk.next_open(20)
        for closed in (0, 10, 12, 20):
            with pytest.raises(CalendarError, match=f"closed at second {closed}"):
                desk.next_close(closed)
        with pytest.raises(CalendarError, match="beyond second 30"):
            desk.worked(31)
        with pytest.raises(CalendarError, match="beyond second 30"):
            desk.worked(np.array([3, 31]))
        with pytest.raises(CalendarError, match="beyond second 30"):
            desk.clock_after(5, 11)
        with pytest.raises(CalendarError, match="beyond second 30"):
            desk.clock_after(np.array([5, 5]), np.array([10, 11]))
        with pytest.raises(CalendarError, match="never ends"):
            desk.end_of_work(5, 6, "restart")
        assert desk.clock_after(5, 10) == desk.worked(30) + 10 == 20

    def test_an_error_says_what_to_try(self) -> None:
        with pytest.raises(CalendarError, match="try:  more office hours"):
            table((5, 10)).clock_after(5, 6)

    def test_restart_with_too_little_time_left_is_refused(self) -> None:
        desk = table((0, 10), (15, 18))
        with pytest.raises(CalendarError, match="never ends"):
            desk.end_of_work(2, 9, "restart")
        with pytest.raises(CalendarError, match="never ends"):
            desk.end_of_work(18, 1, "restart")

    def test_an_unknown_rule_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at_close is"):
            table((0, 10)).end_of_work(2, 1, "nap")

    def test_an_office_that_never_opens(self) -> None:
        never = WorkTable.from_days(np.zeros(3, dtype=bool), [(0, HOUR)])
        assert not never.is_open(5)
        assert never.worked(2 * DAY) == 0
        assert never.worked(np.array([0, DAY])).tolist() == [0, 0]
        assert never.clock_after(np.array([3, 4]), 0).tolist() == [3, 4]
        for ask in (lambda: never.next_open(0), lambda: never.clock_after(0, 1), lambda: never.next_close(0)):
            with pytest.raises(CalendarError):
                ask()
        with pytest.raises(CalendarError):
            never.clock_after(np.array([0]), 1)


@st.composite
def offices(draw: st.DrawFn) -> WorkTable:
    """Small tables of any shape: touching, overlapping, reaching over both ends, or empty."""
    covers = draw(st.integers(1, 60))
    points = st.integers(-3, covers + 3)
    spans = draw(st.lists(st.tuples(points, points), max_size=6))
    return table(*spans, covers=covers)


def open_seconds(office: WorkTable) -> list[bool]:
    """Second by second, from the intervals as they stand."""
    spans = list(zip(office.opens.tolist(), office.closes.tolist(), strict=True))
    return [any(a <= t < b for a, b in spans) for t in range(office.covers)]


def slow_end(is_open: list[bool], t: int, work: int, at_close: str) -> int | None:
    """The end of work by walking from second to second; None if the table ends first."""
    left = work
    while left > 0:
        if t >= len(is_open):
            return None
        if is_open[t]:
            left -= 1
        elif at_close == "restart":
            left = work
        t += 1
    return t


@UNHURRIED
@given(st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=6))
def test_joining_keeps_exactly_the_open_seconds(spans: list[tuple[int, int]]) -> None:
    office = table(*spans, covers=37)
    assert open_seconds(office) == [any(a <= t < b for a, b in spans) for t in range(37)]
    assert (office.opens < office.closes).all()
    assert (office.opens[1:] > office.closes[:-1]).all()
    assert office.worked_before.tolist() == [office.worked(t) for t in office.opens.tolist()]


@UNHURRIED
@given(offices())
def test_look_ups_equal_a_loop_over_seconds(office: WorkTable) -> None:
    is_open = open_seconds(office)
    for t in range(office.covers + 1):
        assert office.is_open(t) == (t < office.covers and is_open[t])
        assert office.worked(t) == sum(is_open[:t])
        later = [s for s in range(t, office.covers) if is_open[s]]
        if later:
            assert office.next_open(t) == later[0]
        else:
            with pytest.raises(CalendarError):
                office.next_open(t)
        if office.is_open(t):
            assert office.next_close(t) == next(s for s in range(t, office.covers + 1) if not office.is_open(s))


@UNHURRIED
@given(offices(), st.integers(0, 60), st.integers(1, 30), st.sampled_from(["suspend", "restart"]))
def test_ends_of_work_equal_a_loop_over_seconds(office: WorkTable, t: int, work: int, at_close: str) -> None:
    t = min(t, office.covers)
    expected = slow_end(open_seconds(office), t, work, at_close)
    if expected is None:
        with pytest.raises(CalendarError):
            office.end_of_work(t, work, at_close)
    else:
        assert office.end_of_work(t, work, at_close) == expected


@UNHURRIED
@given(offices(), st.data())
def test_as_much_is_worked_as_was_asked(office: WorkTable, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, office.covers))
    work = data.draw(st.integers(0, office.worked(office.covers) - office.worked(t)))
    end = office.clock_after(t, work)
    assert office.worked(end) == office.worked(t) + work
    assert end == t or office.worked(end - 1) < office.worked(end)


@UNHURRIED
@given(offices(), st.data())
def test_later_or_more_never_ends_sooner(office: WorkTable, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, office.covers - 1))
    room = office.worked(office.covers) - office.worked(t + 1)
    work = data.draw(st.integers(0, room))
    end = office.clock_after(t, work)
    assert office.clock_after(t + 1, work) >= end
    assert work == 0 or office.clock_after(t, work - 1) < end
    assert 0 <= office.worked(t + 1) - office.worked(t) <= 1


@UNHURRIED
@given(offices(), st.data())
def test_arrays_say_the_same_as_single_numbers(office: WorkTable, data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(0, office.covers), max_size=8))
    least = min([office.worked(office.covers) - office.worked(t) for t in times], default=0)
    works = data.draw(st.lists(st.integers(0, least), min_size=len(times), max_size=len(times)))
    t, work = np.array(times, dtype=np.int64), np.array(works, dtype=np.int64)
    one = data.draw(st.integers(0, least))
    pairs = list(zip(times, works, strict=True))
    assert office.worked(t).tolist() == [office.worked(x) for x in times]
    assert office.clock_after(t, work).tolist() == [office.clock_after(x, w) for x, w in pairs]
    assert office.clock_after(t, one).tolist() == [office.clock_after(x, one) for x in times]
    for x in times[:1]:
        assert office.clock_after(x, work).tolist() == [office.clock_after(x, w) for w in works]
    assert office.worked(t).dtype == office.clock_after(t, work).dtype == np.int64


@UNHURRIED
@given(st.integers(1, 12), st.data())
def test_a_cycle_repeats(period: int, data: st.DataObject) -> None:
    opens = st.integers(0, period - 1)
    spans = data.draw(
        st.lists(st.tuples(opens, st.integers(1, 2 * period)).map(lambda s: (s[0], s[0] + s[1])), max_size=3)
    )
    offset = data.draw(st.integers(-30, 30))
    cycle = WorkTable.cyclic(period, spans, 50, offset)
    shifts = [period * n for n in range(-100, 100)]
    expected = [any(a <= t - offset + s < b for a, b in spans for s in shifts) for t in range(50)]
    assert open_seconds(cycle) == expected
