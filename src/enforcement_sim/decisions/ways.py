"""Where a case goes next."""

from __future__ import annotations

from collections.abc import Sequence


def by_share(cumulated: Sequence[float], to: Sequence[int], start: int, count: int, u: float) -> int:
    """The stage that a uniform number u picks from `count` ways out with cumulated shares."""
    last = start + count - 1
    for i in range(start, last):
        if u < cumulated[i]:
            return to[i]
    return to[last]


def by_tilted_share(
    cumulated: Sequence[float], to: Sequence[int], falls: Sequence[bool], start: int, count: int, more: float, u: float
) -> int:
    """As `by_share`, the shares of the ways marked `falls` larger by the factor `more`, the others smaller in turn."""
    last = start + count - 1
    shares = [cumulated[i] - (cumulated[i - 1] if i > start else 0.0) for i in range(start, last + 1)]
    marked = sum(share for i, share in enumerate(shares) if falls[start + i])
    if marked <= 0.0 or marked >= 1.0:
        return by_share(cumulated, to, start, count, u)
    more = min(more, 1.0 / marked)
    less = (1.0 - marked * more) / (1.0 - marked)
    total = 0.0
    for i in range(start, last):
        total += shares[i - start] * (more if falls[i] else less)
        if u < total:
            return to[i]
    return to[last]


def by_value(values: Sequence[int], to: Sequence[int], start: int, count: int, value: int) -> int:
    """The stage of the way out whose value is `value`; the last way takes every value not named before."""
    last = start + count - 1
    for i in range(start, last):
        if values[i] == value:
            return to[i]
    return to[last]


def by_date(values: Sequence[int], to: Sequence[int], start: int, count: int, moment: int) -> int:
    """The stage of the last way out whose second has come; the last way holds before the first of them."""
    last = start + count - 1
    found = to[last]
    for i in range(start, last):
        if values[i] <= moment:
            found = to[i]
    return found
