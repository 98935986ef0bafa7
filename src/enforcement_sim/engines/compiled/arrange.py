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
    whether `EventLog.check` lets each row follow on those before.

    `keys` and `other` have room for the rows of any instant, `states` tell of each case where it stands. Rows stand in
    order of time, but for clocks that have been running before the start: the answer is the number of rows up to the
    end of the last instant in which such are told.
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
    return early, sound


AHEAD = 1_000.0
"""The first part of a log may be told in its first seconds, which say nothing about the rest."""


def _roomier(old: np.ndarray, used: int, rows: int) -> np.ndarray:
    new = np.empty(rows, old.dtype)
    new[:used] = old[:used]
    return new


class Columns:
    """The log of a run in canonical order, as it is taken over from the kernel part by part."""

    TYPES = (np.int64, np.int64, np.int8, np.int32, np.int32)  # time, case, what, stage, team

    def __init__(self, cases: int) -> None:
        """Empty, for so many cases and those that will be born."""
        self.n = 0
        self._sound = True
        self._all = [np.empty(0, kind) for kind in self.TYPES]
        self._states = np.zeros(cases, np.int32)
        self._rooms = (np.empty(0, np.int64), np.empty(0, np.int64))

    def take(self, T: np.ndarray, n: int, most: int, cases: int, ahead: float = 1.0) -> None:
        """Take the first n rows of the kernel's log over: whole instants, none of more than `most` rows, of cases with
        numbers below `cases`. The whole log is expected to be `ahead` times as long as what there is with these.
        """
        if self.n + n > len(self._all[0]):
            # More than is expected costs nothing: memory that is not written is not taken.
            rows = int((self.n + n) * min(1.2 * ahead, AHEAD))
            self._all = [_roomier(column, self.n, rows) for column in self._all]
        self._grow(most, cases)
        new = [column[self.n : self.n + n] for column in self._all]
        early, sound = arrange(T, n, *new, *self._rooms, self._states)
        if early:
            # Rows of one case and second keep the order in which they were written: those of `T`, not of `time`.
            written = T[: early * L.LOG_W].reshape(-1, L.LOG_W)
            order = np.lexsort((np.arange(early), written[:, 1], written[:, 0]))
            packed = written[order, 2]
            sorted_rows = (*written[order, :2].T, packed & 0xFF, (packed >> 36) - 1, (packed >> 8 & 0xFFFFFFF) - 1)
            for column, rows in zip(new, sorted_rows, strict=True):
                column[:early] = rows
        self.n += n
        self._sound = self._sound and sound

    def _grow(self, most: int, cases: int) -> None:
        if cases > len(self._states):
            had = len(self._states)
            self._states = _roomier(self._states, had, max(cases, 2 * had))
            self._states[had:] = 0
        if most > len(self._rooms[0]):
            self._rooms = (np.empty(2 * most, np.int64), np.empty(2 * most, np.int64))

    def whole(self, cases: int) -> tuple[list[np.ndarray], bool]:
        """The columns time, case, what, stage and team, and whether a log of so many cases with them passes
        `EventLog.check`.
        """
        states = self._states[:cases]
        sound = self._sound and len(states) == cases and bool(((states == OPEN + LIVES) | (states == SHUT)).all())
        return [column[: self.n] for column in self._all], sound
