"""Philox compiled: the draws of `decisions.dice`, word for word, for kernels and for whole streams of cases."""

from __future__ import annotations

import math

import numpy as np

from .jit import door, high_half, njit

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_TWELVE = np.uint64(12)
_TO_UNIT = 2.0**-52


@njit
def block(keys, c0, c1, c2, c3):
    """Four words for one counter of four unsigned numbers; `keys` are ten pairs of round keys, end to end."""
    for i in range(10):
        high0, low0 = high_half(_M0, c0), _M0 * c0
        high1, low1 = high_half(_M1, c2), _M1 * c2
        c0, c1, c2, c3 = high1 ^ c1 ^ keys[2 * i], low1, high0 ^ c3 ^ keys[2 * i + 1], low0
    return c0, c1, c2, c3


@njit
def unit(word):
    """`dice.unit`."""
    return (np.float64(word >> _TWELVE) + 0.5) * _TO_UNIT


@door
def fill_units(keys, streams, ordinals, visit, asked, word, into):
    """The uniform number of one word of a question's block, for each case of a stream (or each of its own)."""
    for i in range(len(ordinals)):
        stream = streams[i if len(streams) > 1 else 0]
        words = block(keys, stream, ordinals[i], np.uint64(visit), np.uint64(asked))
        into[i] = unit(words[word])


@door
def fill_points(keys, stream, first, asked, last, enough, into):
    """Sums of exponential numbers of mean 1 from `last` on, one for each ordinal from `first` on, up to the first that
    is `enough`; how many.
    """
    total = 0.0
    for i in range(len(into)):
        words = block(keys, np.uint64(stream), np.uint64(first + i), np.uint64(0), np.uint64(asked))
        total += -math.log1p(-unit(words[0]))
        into[i] = last + total
        if into[i] >= enough:
            return i + 1
    return len(into)
