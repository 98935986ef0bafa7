"""Rows in groups, without looking at all rows once for each group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]

_DIGIT = 16
"""Bits that are sorted by at once: numpy sorts numbers of 16 bits by counting them."""


def stable_order(keys: npt.NDArray[np.integer]) -> Int64s:
    """The order by key, like `np.argsort(keys, kind="stable")`; keys are whole numbers from 0 on.

    The fewer bits the largest key has, the faster.
    """
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    if int(keys.min()) < 0:
        raise ValueError("keys are numbers from 0 on")
    keys = keys.astype(np.min_scalar_type(int(keys.max())), copy=False)
    if keys.itemsize * 8 <= _DIGIT:
        return np.argsort(keys, kind="stable")
    # By the upper bits first, then within each of their values by the lower ones: those parts fit into the cache.
    bits = min(int(keys.max()).bit_length() - 8, _DIGIT)
    upper, lower = keys >> bits, (keys & ((1 << bits) - 1)).astype(np.uint16)
    order = stable_order(upper)
    upper = upper.take(order)
    ends = np.append(np.flatnonzero(upper[1:] != upper[:-1]) + 1, len(keys)).tolist()
    for start, end in pairwise([0, *ends]):
        part = order[start:end]
        order[start:end] = part.take(np.argsort(lower.take(part), kind="stable"))
    return order


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows by key: those of key k are `order[starts[k] : starts[k + 1]]`, in the order in which they stood."""

    order: Int64s
    starts: Int64s

    @classmethod
    def of(cls, keys: npt.NDArray[np.integer], count: int) -> Grouping:
        """Rows by keys from 0 on; a row whose key is `count` belongs to no group."""
        sizes = np.bincount(keys, minlength=count + 1)
        return cls(stable_order(keys), np.concatenate([[0], np.cumsum(sizes[:count])]))

    def rows(self, key: int) -> Int64s:
        """The rows of a key, rising; none for a key that there is not."""
        is_known = 0 <= key < len(self.starts) - 1
        return self.order[self.starts[key] : self.starts[key + 1]] if is_known else self.order[:0]

    def filled(self) -> Iterator[tuple[int, int, int]]:
        """The keys that have rows, rising, each with the part of `order` that is theirs, as first and last + 1."""
        keys = np.flatnonzero(np.diff(self.starts))
        return zip(keys.tolist(), self.starts[keys].tolist(), self.starts[keys + 1].tolist(), strict=True)
