"""The kernel's log in canonical order: the same columns, and the same judgement, as those of `journal.log`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement_sim.engines.compiled import layout as L
from enforcement_sim.engines.compiled.arrange import Columns
from enforcement_sim.errors import ConservationError
from enforcement_sim.journal.log import EventLog
from enforcement_sim.plan.tables import CASE
from enforcement_sim.records import What

CASES = 4
WHOLE_LIFE = (What.ARRIVED, What.ENTERED, What.STARTED, What.ENDED, What.CLOSED)


def rows_of(told: list[tuple[int, int, What]]) -> np.ndarray:
    """Rows (seconds since the one before, case, what) as the kernel writes them."""
    time, rows = 0, []
    for later, case, what in told:
        time += later
        rows.append((time, case, (case + 2) << 36 | (case + 7) << 8 | int(what)))
    return np.array(rows, dtype=np.int64).reshape(-1)


def is_sound(told: list[tuple[int, int, What]], cases: int = CASES) -> bool:
    """What the compiled pass says, after comparing its columns with those of the other; taken over in two parts."""
    rows = rows_of(told)
    early, whole = Columns(1), Columns(1)
    whole.take(rows, len(told), len(told), cases)
    instants = np.flatnonzero(np.diff(rows[:: L.LOG_W], prepend=-1))
    first = int(instants[len(instants) // 2]) if len(instants) else 0
    early.take(rows, first, first, cases)
    early.take(rows[first * L.LOG_W :], len(told) - first, len(told), cases, 3.0)
    (found, sound), (parted, again) = whole.whole(cases), early.whole(cases)
    assert sound == again
    for mine, other in zip(found, parted, strict=True):
        np.testing.assert_array_equal(mine, other)
    table = np.zeros(cases, dtype=CASE)
    loose = [rows[0 :: L.LOG_W], rows[1 :: L.LOG_W], rows[2 :: L.LOG_W] & 0xFF]
    loose += [(rows[2 :: L.LOG_W] >> 36) - 1, (rows[2 :: L.LOG_W] >> 8 & 0xFFFFFFF) - 1]
    log = EventLog.in_order(loose, table, None, 10**9, 0)
    for mine, other in zip(found, (log.time, log.case, log.what, log.stage, log.team), strict=True):
        np.testing.assert_array_equal(mine, other)
        assert mine.dtype == other.dtype
    try:
        log.check()
    except (ConservationError, AttributeError):  # the latter: it would tell names that are not there
        assert not sound
        return False
    assert sound
    return True


seconds, numbers = st.integers(0, 2), st.integers(0, CASES - 1)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(seconds, numbers, st.sampled_from(list(What))), max_size=12))
def test_any_rows_are_judged_alike(told: list[tuple[int, int, What]]) -> None:
    is_sound(told)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_whole_lives_are_sound_and_one_row_less_is_judged_alike(data: st.DataObject) -> None:
    left = {case: list(WHOLE_LIFE[: data.draw(st.sampled_from((2, 3, 5)))]) for case in range(CASES)}
    told = []
    while any(left.values()):
        case = data.draw(st.sampled_from([case for case, life in left.items() if life]))
        told.append((data.draw(seconds), case, left[case].pop(0)))
    assert is_sound(told)
    gone = data.draw(st.integers(0, len(told) - 1))
    assert not is_sound(told[:gone] + told[gone + 1 :]) or told[gone][2] == What.STARTED


@pytest.mark.parametrize(
    ("told", "sound"),
    [
        ([What.ARRIVED, What.ENTERED, What.ENDED, What.CLOSED, What.EXTENDED, What.RAN_OUT], True),
        ([What.RUNNING, What.ARRIVED, What.ENTERED], True),
        ([What.ARRIVED, What.ENTERED, What.ENDED, What.CLOSED, What.STARTED], False),
        ([What.ARRIVED, What.ARRIVED, What.ENTERED], False),
        ([What.ARRIVED], False),
    ],
)
def test_one_life(told: list[What], sound: bool) -> None:
    assert is_sound([(1, 0, what) for what in told], 1) is sound
