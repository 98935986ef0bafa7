"""The kernel's log in canonical order, and whether it balances: what `journal.log` does, in one pass over the rows."""

from __future__ import annotations

import numpy as np

from ...compiling.jit import door, njit
from ...records import What
from . import layout as L

ARRIVED, ENTERED, ENDED, GAVE_UP, TURNED_AWAY, CLOSED, EXTENDED, RAN_OUT, LAPSED, RUNNING = (
    int(what)
    for what in (
        What.ARRIVED, What.ENTERED, What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.CLOSED, What.EXTENDED,
        What.RAN_OUT, What.LAPSED, What.RUNNING,
    )
)  # fmt: skip
FEW, ROWS = 24, 24
"""So many rows of one instant are sorted by insertion; and bits for the place of a row in its instant."""


@njit
def _by_case(T, first, n, keys, other):
    """Into `keys`, in order: cases of n rows of one instant, with the place of each row in the instant behind it."""
    for i in range(n):
        keys[i] = T[(first + i) * L.LOG_W + 1] << ROWS | i
    if n <= FEW:
        for i in range(1, n):
            key, j = keys[i], i
            while j > 0 and keys[j - 1] > key:
                keys[j] = keys[j - 1]
                j -= 1
            keys[j] = key
        return
    width = 1
    while width < n:
        for low in range(0, n, 2 * width):
            middle, high = min(low + width, n), min(low + 2 * width, n)
            a, b = low, middle
            for i in range(low, high):
                if a < middle and (b >= high or keys[a] <= keys[b]):
                    other[i] = keys[a]
                    a += 1
                else:
                    other[i] = keys[b]
                    b += 1
        for i in range(n):
            keys[i] = other[i]
        width *= 2


NOT_YET, OPEN, SHUT, LIVES = 0, 1, 2, 4
"""What a case is; the number of stages that it stands in is counted in steps of LIVES above it."""


@njit
def _fits(state, fact):
    """Whether `EventLog.check` lets a row be told of a case of this state."""
    life = state % LIVES
    if fact == ARRIVED:
        return life == NOT_YET
    return life == OPEN or (life == SHUT and fact in (RAN_OUT, EXTENDED))


@njit
def _after(state, fact):
    if fact in (ARRIVED, CLOSED):
        return state + 1
    if fact == ENTERED:
        return state + LIVES
    return state - LIVES if fact in (ENDED, GAVE_UP, TURNED_AWAY, LAPSED) else state


@door
def arrange(T, n, time, case, what, stage, team, keys, other, states):
    """Unpack n rows of the kernel's log into columns, those of one instant by case; how many rows of early times, and
    whether the log passes `EventLog.check`.

    `keys` and `other` have room for the rows of any instant, `states` are zeros for each case. Rows stand in order of
    time, but for clocks that have been running before the start: the answer is the number of rows up to the end of the
    last instant in which such are told.
    """
    first, early, latest, sound = 0, 0, -(2**62), True
    while first < n:
        now = T[first * L.LOG_W]
        end, ordered = first + 1, True
        while end < n and T[end * L.LOG_W] == now:
            ordered = ordered and T[end * L.LOG_W + 1] >= T[(end - 1) * L.LOG_W + 1]
            end += 1
        if now < latest or (early == first and now == latest):
            early = end
        latest = max(now, latest)
        if not ordered:
            _by_case(T, first, end - first, keys, other)
        for i in range(first, end):
            row = i if ordered else first + (keys[i - first] & (1 << ROWS) - 1)
            packed, whose = T[row * L.LOG_W + 2], T[row * L.LOG_W + 1]
            fact = packed & 0xFF
            time[i], case[i], what[i] = now, whose, fact
            stage[i] = (packed >> 36) - 1
            team[i] = (packed >> 8 & 0xFFFFFFF) - 1
            if fact != RUNNING:
                sound = sound and _fits(states[whose], fact)
                states[whose] = _after(states[whose], fact)
        first = end
    for state in states:
        sound = sound and state in (OPEN + LIVES, SHUT)
    return early, sound


def columns(T: np.ndarray, n: int, most: int, cases: int) -> tuple[list[np.ndarray], bool]:
    """The columns time, case, what, stage and team of n rows of the kernel's log, in canonical order, and whether they
    pass `EventLog.check`; no instant has more than `most` of them, and they are of so many cases.
    """
    types = (np.int64, np.int64, np.int8, np.int32, np.int32)
    found = [np.empty(n, kind) for kind in types]
    room = (np.empty(most, np.int64), np.empty(most, np.int64))
    early, sound = arrange(T, n, *found, *room, np.zeros(cases, np.int32))
    if early:
        # Rows of one case and second keep the order in which they were written: those of `T`, not of `time`.
        written = T[: early * L.LOG_W].reshape(-1, L.LOG_W)
        order = np.lexsort((np.arange(early), written[:, 1], written[:, 0]))
        packed = written[order, 2]
        for column, rows in zip(
            found,
            (*written[order, :2].T, packed & 0xFF, (packed >> 36) - 1, (packed >> 8 & 0xFFFFFFF) - 1),
            strict=True,
        ):
            column[:early] = rows
    return found, sound
