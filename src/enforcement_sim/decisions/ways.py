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
    cumulated: Sequence[float], to: Sequence[int], falls: Sequence[int], bit: int, start: int, count: int, more: float,
    u: float,
) -> int:  # fmt: skip
    """As `by_share`, the shares of the ways with this bit in `falls` larger by the factor `more`, the others smaller in
    turn.
    """
    last = start + count - 1
    marked, before = 0.0, 0.0
    for i in range(start, last + 1):
        if falls[i] >> bit & 1:
            marked += cumulated[i] - before
        before = cumulated[i]
    is_tilted = 0.0 < marked < 1.0
    more = min(more, 1.0 / marked) if is_tilted else 1.0
    less = (1.0 - marked * more) / (1.0 - marked) if is_tilted else 1.0
    total, before = 0.0, 0.0
    for i in range(start, last):
        total += (cumulated[i] - before) * (more if falls[i] >> bit & 1 else less)
        before = cumulated[i]
        if u < (total if is_tilted else before):
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
