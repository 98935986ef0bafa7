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


@door
def arrange(T, n, time, case, what, stage, team, keys, other):
    """Unpack n rows of the kernel's log into columns, those of one instant by case; how many rows of early times.

    `keys` and `other` have room for the rows of any instant. Rows stand in order of time, but for clocks that have been
    running before the start: the answer is the number of rows up to the end of the last instant in which such are told.
    """
    first, early, latest = 0, 0, -(2**62)
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
            packed = T[row * L.LOG_W + 2]
            time[i], case[i] = now, T[row * L.LOG_W + 1]
            what[i] = packed & 0xFF
            stage[i] = (packed >> 36) - 1
            team[i] = (packed >> 8 & 0xFFFFFFF) - 1
        first = end
    return early


@door
def balances(case, what, life, inside):
    """Whether a log in canonical order passes `EventLog.check`; `life` and `inside` are zeros for each case."""
    for i in range(len(case)):
        c, fact = case[i], what[i]
        if fact == RUNNING:
            continue
        if fact == ARRIVED:
            if life[c] != 0:
                return False
            life[c] = 1
        elif life[c] == 0 or (life[c] == 2 and fact not in (RAN_OUT, EXTENDED)):
            return False
        if fact == CLOSED:
            life[c] = 2
        elif fact == ENTERED:
            inside[c] += 1
        elif fact in (ENDED, GAVE_UP, TURNED_AWAY, LAPSED):
            inside[c] -= 1
    for c in range(len(life)):
        if life[c] == 0 or inside[c] != (life[c] == 1):
            return False
    return True


def is_balanced(case: np.ndarray, what: np.ndarray, cases: int) -> bool:
    """Whether a log of so many cases in canonical order passes `EventLog.check`."""
    return bool(balances(case, what, np.zeros(cases, np.int8), np.zeros(cases, np.int32)))


def columns(T: np.ndarray, n: int) -> list[np.ndarray]:
    """The columns time, case, what, stage and team of n rows of the kernel's log, in canonical order."""
    time, case = np.empty(n, np.int64), np.empty(n, np.int64)
    what, stage, team = np.empty(n, np.int8), np.empty(n, np.int32), np.empty(n, np.int32)
    at = np.flatnonzero(np.diff(T[: n * L.LOG_W : L.LOG_W], prepend=-1, append=-1))
    most = int(np.diff(at).max(initial=0))
    early = arrange(T, n, time, case, what, stage, team, np.empty(most, np.int64), np.empty(most, np.int64))
    found: list[np.ndarray] = [time, case, what, stage, team]
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
    return found
