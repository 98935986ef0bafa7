"""Means with their intervals, a row for each point of a sweep: a drawing that any page and any reader can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from . import theme

WIDTH, ROW, TOP, BOTTOM, RIGHT = 760, 26, 44, 40, 24
TICKS = 5
TINY = 1e-300
"""What is not told from zero: a step between marks would be too small a number."""


class Dot(NamedTuple):
    """A point: what it is called, its mean and the ends of its interval (NaN where there is none)."""

    label: str
    mean: float
    low: float
    high: float


def dots(title: str, points: Sequence[Dot]) -> str:
    """An SVG drawing, the same text for the same numbers; the axis begins at nothing where all lie above it."""
    height = TOP + ROW * len(points) + BOTTOM
    ends = [one for dot in points for one in (dot.mean, dot.low, dot.high) if math.isfinite(one)]
    marks = _marks(min(ends, default=0.0), max(ends, default=1.0))
    least, most = marks[0], marks[-1]
    labels = min(max(24.0 + max((_width(dot.label) for dot in points), default=0.0), 60.0), WIDTH / 2)

    def x(value: float) -> str:
        return f"{labels + (WIDTH - labels - RIGHT) * (value - least) / (most - least):.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="Noto Sans CJK SC, Noto Sans SC, sans-serif" font-size="13" fill="#222">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    lines += [
        f'<line x1="{x(mark)}" x2="{x(mark)}" y1="{TOP - 6}" y2="{height - BOTTOM}" stroke="#e3e3e3"/>'
        f'<text x="{x(mark)}" y="{height - BOTTOM + 18}" text-anchor="middle" fill="#555">{mark:,.10g}</text>'
        for mark in marks
    ]
    for number, dot in enumerate(points):
        y = TOP + ROW * number + ROW // 2
        lines.append(f'<text x="{labels - 12:.1f}" y="{y + 4}" text-anchor="end">{escape(dot.label)}</text>')
        if math.isfinite(dot.low) and math.isfinite(dot.high):
            low, high = x(dot.low), x(dot.high)
            path = f"M{low} {y}H{high}M{low} {y - 5}V{y + 5}M{high} {y - 5}V{y + 5}"
            lines.append(f'<path d="{path}" stroke="{theme.colour(0)}" stroke-width="1.5"/>')
        if math.isfinite(dot.mean):
            lines.append(f'<circle cx="{x(dot.mean)}" cy="{y}" r="3.5" fill="{theme.colour(0)}"/>')
    return "\n".join([*lines, "</svg>\n"])


def _width(label: str) -> float:
    """About how wide a text is, in pixels: Chinese characters are square."""
    return sum(13.0 if ord(letter) > 0x2E7F else 7.2 for letter in label)


def _marks(least: float, most: float) -> list[float]:
    """About TICKS round numbers that reach from below the least to above the most."""
    if least > 0 and least < most / 2:
        least = 0.0
    span = most - least
    size = max(abs(least), abs(most))
    if span <= max(1e-9 * size, TINY):
        span = size if size > TINY else 1.0  # all the same, but for rounding
    raw = span / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]
