"""Chance with an address: a draw is a pure function of seed, replication, case, visit and question.

The generator is Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), the one
that NumPy ships; the tests hold both against each other word for word. A block of four 64-bit words belongs
to the counter (stream, ordinal, visit and block, question) under the key (seed, replication). Nothing is
consumed in turn, so a new question never changes the answer to an old one.
"""

from __future__ import annotations

import hashlib
import math
import os
from typing import Any

import numpy as np
import numpy.typing as npt

Words = tuple[int, int, int, int]
Uint64s = npt.NDArray[np.uint64]

_MASK = 0xFFFFFFFFFFFFFFFF
_M0 = 0xD2E7470EE14C6C93
_M1 = 0xCA5A826395121157
_W0 = 0x9E3779B97F4A7C15
_W1 = 0xBB67AE8584CAA73B
_ROUNDS = 10
_TO_UNIT = 2.0**-52
MANY = 256
"""From so many cases on it pays to open the compiled draws."""
BLOCKS_PER_VISIT = 1 << 16
"""One visit may ask for this many blocks (a distribution with many phases needs more than one)."""


def question(name: str) -> int:
    """The number of a question: 63 bits of BLAKE2b of its stable name, never a position in a table."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


def round_keys(seed: int, replication: int) -> tuple[tuple[int, int], ...]:
    """The ten pairs of round keys of one replication; computed once, used by every draw."""
    return tuple(((seed + i * _W0) & _MASK, (replication + i * _W1) & _MASK) for i in range(_ROUNDS))


def words(keys: tuple[tuple[int, int], ...], c0: int, c1: int, c2: int, c3: int) -> Words:
    """Four words of 64 bits for one counter."""
    for k0, k1 in keys:
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> 64) ^ c1 ^ k0, p1 & _MASK, (p0 >> 64) ^ c3 ^ k1, p0 & _MASK
    return c0, c1, c2, c3


def unit(word: int) -> float:
    """A number strictly between 0 and 1: the upper 52 bits, put in the middle of their cell.

    With 53 bits the middle of the last cell would round to 1.
    """
    return ((word >> 12) + 0.5) * _TO_UNIT


def _high_low(a: int, b: Uint64s) -> tuple[Uint64s, Uint64s]:
    """Upper and lower 64 bits of a product, in 32-bit limbs since NumPy has no 128-bit integers."""
    low32 = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    a_low, a_high = np.uint64(a & 0xFFFFFFFF), np.uint64(a >> 32)
    b_low, b_high = b & low32, b >> half
    low_low = a_low * b_low
    middle = (low_low >> half) + (a_high * b_low & low32) + (a_low * b_high & low32)
    high = a_high * b_high + (a_high * b_low >> half) + (a_low * b_high >> half) + (middle >> half)
    return high, (middle << half) | (low_low & low32)


def word_arrays(
    keys: tuple[tuple[int, int], ...], c0: int | Uint64s, c1: Uint64s, c2: int, c3: int
) -> tuple[Uint64s, Uint64s, Uint64s, Uint64s]:
    """`words` for a whole stream at once: c1 is an array of ordinals, c0 may be one as long; so are the results."""
    a = np.full_like(c1, c0, dtype=np.uint64)
    b = c1.astype(np.uint64)
    c = np.full_like(a, c2)
    d = np.full_like(a, c3)
    for k0, k1 in keys:
        high0, low0 = _high_low(_M0, a)
        high1, low1 = _high_low(_M1, c)
        a, b, c, d = high1 ^ b ^ np.uint64(k0), low1, high0 ^ d ^ np.uint64(k1), low0
    return a, b, c, d


def unit_array(drawn: Uint64s) -> npt.NDArray[np.float64]:
    """`unit` for an array of words."""
    return ((drawn >> np.uint64(12)).astype(np.float64) + 0.5) * _TO_UNIT


def is_compiled() -> bool:
    """Whether compiled code may be used; numba reads the same variable."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


class Dice:
    """The draws of one replication; holds keys only, no state that a draw could change."""

    __slots__ = ("keys",)

    def __init__(self, seed: int, replication: int) -> None:
        self.keys = round_keys(seed, replication)

    def block(self, stream: int, ordinal: int, visit: int, asked: int, block: int = 0) -> Words:
        """Four words for one question about one visit of one case."""
        return words(self.keys, stream, ordinal, visit * BLOCKS_PER_VISIT + block, asked)

    def units(
        self, stream: int | Uint64s, ordinals: npt.NDArray[Any], asked: int, word: int = 0, visit: int = 0
    ) -> npt.NDArray[np.float64]:
        """Uniform numbers for one question about many cases (of one stream, or each of its own) before time begins."""
        if len(ordinals) >= MANY and is_compiled():
            from ..compiling.draws import fill_units

            found = np.empty(len(ordinals))
            streams = np.ascontiguousarray(np.atleast_1d(stream), dtype=np.uint64)
            fill_units(
                self.key_array(), streams, ordinals.astype(np.uint64), visit * BLOCKS_PER_VISIT, asked, word, found
            )
            return found
        drawn = word_arrays(self.keys, stream, ordinals.astype(np.uint64), visit * BLOCKS_PER_VISIT, asked)
        return unit_array(drawn[word])

    def points(
        self, stream: int, first: int, count: int, asked: int, last: float, enough: float = math.inf
    ) -> npt.NDArray[np.float64]:
        """Points of a Poisson process of rate 1 behind `last`, one for each of `count` ordinals from `first` on.

        Those behind the first that is `enough` may be left out.
        """
        if is_compiled():
            from ..compiling.draws import fill_points

            found = np.empty(count)
            return found[: fill_points(self.key_array(), np.uint64(stream), first, asked, last, enough, found)]
        # math.log1p and not np.log1p: the latter's last bit depends on the processor.
        luck = (-self.units(stream, np.arange(first, first + count, dtype=np.int64), asked)).tolist()
        return np.asarray(last + np.cumsum([-math.log1p(u) for u in luck]))

    def key_array(self) -> Uint64s:
        """The round keys end to end, as compiled code reads them."""
        return np.array(self.keys, dtype=np.uint64).reshape(-1)

    def pairs(
        self, streams: Uint64s, ordinals: npt.NDArray[Any], asked: int, visit: int
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The first two uniform numbers of `block` for one visit of many cases, each of a stream of its own."""
        drawn = word_arrays(self.keys, streams, ordinals.astype(np.uint64), visit * BLOCKS_PER_VISIT, asked)
        return unit_array(drawn[0]), unit_array(drawn[1])
