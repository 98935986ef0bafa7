"""A reader of the bytes of a page with movements that shares nothing with their writer."""

from __future__ import annotations

import base64
import itertools
import zlib
from collections.abc import Iterator


def numbers(data: bytes) -> Iterator[int]:
    """Numbers of seven bits a byte, the low ones first, of which all but the last byte are marked."""
    number = shift = 0
    for byte in data:
        number += (byte % 128) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0
    assert shift == 0


def unpacked_moves(text: str, cases: int) -> tuple[list[int], list[int], list[int]]:
    """Where each case's moves begin, and the days and places of all moves."""
    read = numbers(zlib.decompress(base64.b64decode(text)))
    many = [next(read) for _ in range(cases)]
    places = [next(read) for _ in range(sum(many))]
    days = []
    for count in many:
        days += list(itertools.accumulate(next(read) for _ in range(count)))
    assert next(read, None) is None
    return [0, *itertools.accumulate(many)], days, places


def unpacked_counts(text: str, days: int) -> list[list[int]]:
    """The rows of counts by midnight."""
    found: list[int] = []
    read = numbers(base64.b64decode(text))
    for told in read:
        for _ in range(next(read) if told == 0 else 1):
            before = found[-1] if len(found) % days else 0
            found.append(before + (told // 2 if told % 2 == 0 else -(told + 1) // 2))
    return [found[at : at + days] for at in range(0, len(found), days)]
