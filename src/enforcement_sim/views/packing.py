"""Movements of cases in few bytes, as text that a script on the page reads back."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer]


class Flow(Protocol):
    """What one log tells of the chosen cases, as `studies.movement.Flow` gives it."""

    @property
    def start(self) -> Integers: ...  # noqa: D102
    @property
    def day(self) -> Integers: ...  # noqa: D102
    @property
    def place(self) -> Integers: ...  # noqa: D102
    @property
    def waiting(self) -> Integers: ...  # noqa: D102
    @property
    def in_work(self) -> Integers: ...  # noqa: D102
    @property
    def outside(self) -> Integers: ...  # noqa: D102
    @property
    def closed(self) -> Integers: ...  # noqa: D102
    @property
    def filed(self) -> Integers: ...  # noqa: D102


def packed_moves(flow: Flow) -> str:
    """The moves of the drawn cases: three columns of numbers one after the other, deflated, in base 64.

    How many moves each case has; the place of each move; its days since the case's move before, for the first one
    since day 0. Numbers are written as `varints` does. The stream has the frame of zlib, which more browsers read
    than a bare one.
    """
    since = np.diff(flow.day, prepend=0)
    starts = flow.start[:-1][np.diff(flow.start) > 0]
    since[starts] = flow.day[starts]
    columns = np.diff(flow.start), flow.place, since
    return _text(zlib.compress(b"".join(varints(column) for column in columns), 9))


def packed_counts(flow: Flow) -> str:
    """How many cases stand where, not deflated, in base 64: a page shows them where it cannot inflate the moves.

    Row after row by midnight: for each office the cases waiting and those in work, then outside, closed and filed.
    Of each number the change since the one before is written, for the first of a row since 0, as 2 * change or, below
    zero, -2 * change - 1, in the way of `varints`; a run of n unchanged numbers is written as 0 and n.
    """
    pairs = np.stack([flow.waiting, flow.in_work], axis=1)
    rows = np.concatenate([pairs.reshape(-1, flow.filed.size), [flow.outside, flow.closed, flow.filed]])
    change = np.diff(rows, axis=1, prepend=0).ravel().astype(np.int64)
    return _text(varints(_in_runs(np.where(change < 0, -2 * change - 1, 2 * change))))


def _in_runs(numbers: Integers) -> Integers:
    """Runs of zeros as a zero and the length of the run."""
    is_zero = numbers == 0
    begins = np.flatnonzero(is_zero & ~np.concatenate([[False], is_zero[:-1]]))
    ends = np.flatnonzero(is_zero & ~np.concatenate([is_zero[1:], [False]]))
    kept = np.concatenate([np.flatnonzero(~is_zero), begins, begins])
    values = np.concatenate([numbers[~is_zero], np.zeros(len(begins), dtype=np.int64), ends - begins + 1])
    return np.asarray(values[np.argsort(kept, kind="stable")])


def varints(numbers: Integers) -> bytes:
    """Whole numbers from 0 on, seven bits a byte, the low ones first; all but the last byte of a number are marked.

    Raises ValueError for a number below 0.
    """
    left = np.asarray(numbers, dtype=np.int64)
    if left.size and int(left.min()) < 0:
        raise ValueError("only numbers from 0 on have such bytes")
    columns, used = [], [np.ones(len(left), dtype=np.bool_)]
    while True:
        goes_on = left > 127
        columns.append((left & 127 | np.where(goes_on, 128, 0)).astype(np.uint8))
        if not goes_on.any():
            break
        left = left >> 7
        used.append(goes_on)
    return bytes(_stacked(columns)[_stacked(used)])


def _stacked(columns: Iterable[npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
    return np.stack(list(columns), axis=1)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
