"""Draws for the kernel: Philox in 64-bit words, and lengths by inversion with the reference's own functions."""

from __future__ import annotations

import math

import numpy as np

from ...compiling.draws import block as philox
from ...compiling.draws import unit
from ...compiling.jit import njit
from ...decisions import durations, normal, ways
from ...decisions.dice import BLOCKS_PER_VISIT
from ...records import Family
from . import layout as L

_BLOCKS = BLOCKS_PER_VISIT

FIXED, EXPONENTIAL, ERLANG, LOGNORMAL = (
    int(f) for f in (Family.FIXED, Family.EXPONENTIAL, Family.ERLANG, Family.LOGNORMAL)
)
HYPEREXPONENTIAL, UNIFORM, TRIANGULAR = (int(f) for f in (Family.HYPEREXPONENTIAL, Family.UNIFORM, Family.TRIANGULAR))
DISCRETE, NORMAL, WEIBULL, LISTED = (int(f) for f in (Family.DISCRETE, Family.NORMAL, Family.WEIBULL, Family.LISTED))

_ratio = njit(normal._ratio)
_A, _B, _C, _D, _E, _F = normal._A, normal._B, normal._C, normal._D, normal._E, normal._F


@njit
def quantile(p):
    """`decisions.normal.quantile`."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_A, _B, 0.180625 - q * q)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    z = _ratio(_C, _D, r - 1.6) if r <= 5.0 else _ratio(_E, _F, r - 5.0)
    return -z if q < 0.0 else z


picked = njit(durations.picked)
listed = njit(durations.listed)
triangular = njit(durations._triangular)
whole_seconds = njit(durations.whole_seconds)
by_share = njit(ways.by_share)
by_tilted_share = njit(ways.by_tilted_share)
by_value = njit(ways.by_value)
by_date = njit(ways.by_date)


@njit
def block(keys, address, ordinal, visit, asked, number):
    """Four words for one question about one visit of one case; `Dice.block`. All but `keys` are int64."""
    return philox(keys, np.uint64(address), np.uint64(ordinal), np.uint64(visit * _BLOCKS + number), np.uint64(asked))


@njit
def signed(word):
    """The same 64 bits as a whole number with a sign."""
    return np.uint64(word).view(np.int64)


@njit
def bits_of(number):
    """A broken number as the whole number of its bits."""
    return np.float64(number).view(np.int64)


@njit
def from_bits(number):
    """The broken number of these bits."""
    return np.int64(number).view(np.float64)


@njit
def length(w, row, address, ordinal, visit, asked, first_visit, first_block, rest_block, word):
    """A length from a row of the plan, in seconds (or in days, for waits counted in days).

    The first uniform number is a word of block `first_block` of `first_visit`; further ones open blocks of `visit`.
    """
    P, X = w.P, w.X
    p, x = P[L.AT_LENGTH] + row * L.LENGTH_W, P[L.F_LENGTH] + row * 3
    family, at, count = P[p], P[p + 1], P[p + 2]
    a, b, c = X[x], X[x + 1], X[x + 2]
    if family == FIXED:
        return a
    if family == LISTED:
        return listed(X, at, count, P[p + 3], ordinal, visit)
    u = unit(block(w.K, address, ordinal, first_visit, asked, first_block)[word])
    if family == EXPONENTIAL:
        return -a * math.log1p(-u)
    if family == LOGNORMAL:
        return math.exp(a + b * quantile(u))
    if family == TRIANGULAR:
        return triangular(a, b, c, u)
    if family == UNIFORM:
        return a + (b - a) * u
    if family == NORMAL:
        return max(c, a + b * quantile(u))
    if family == WEIBULL:
        return a * math.pow(-math.log1p(-u), 1.0 / b)
    if family == DISCRETE:
        return picked(X, at, count, u)
    if family == HYPEREXPONENTIAL:
        second = unit(block(w.K, address, ordinal, visit, asked, rest_block + word + 1)[0])
        return -picked(X, at, count, u) * math.log1p(-second)
    total = -math.log1p(-u)
    for phase in range(1, int(b)):
        further = block(w.K, address, ordinal, visit, asked, rest_block + 4 * (phase - 1) + word + 1)
        total -= math.log1p(-unit(further[0]))
    return total * a / b
