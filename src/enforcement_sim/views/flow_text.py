"""Text that must fit into a box, by an estimate of its width, since no font is at hand."""

from __future__ import annotations

import re

SIZE, LINE = 12, 15
"""Pixels of a letter's height, and from one line to the next."""
WIDE, NARROW = 1.0, 0.6
"""Width of a Chinese and of any other letter, by the height; sans-serif Latin text is narrower on average."""


def width_of(text: str, size: float = SIZE) -> float:
    """The estimated width of a text in pixels."""
    return size * sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in text)


def lines_of(text: str, most: float) -> tuple[str, ...]:
    """A text in lines no wider than `most` pixels, broken at blanks, between Chinese letters, else anywhere."""
    parts: list[str] = re.findall(r"\s*[^\s⺀-￿]+|\s*[⺀-￿]", text)
    lines = [""]
    for part in parts:
        if width_of((lines[-1] + part).strip()) <= most:
            lines[-1] += part
            continue
        if lines[-1]:
            lines.append("")
        for letter in part.strip():
            if width_of(lines[-1] + letter) > most:
                lines.append("")
            lines[-1] += letter
    return tuple(line.strip() for line in lines)


def shortened(text: str, most: float, size: float = 10) -> str:
    """A text cut to a width in pixels, with a mark where it was cut."""
    if width_of(text, size) <= most:
        return text
    while text and width_of(text + "…", size) > most:
        text = text[:-1]
    return text.rstrip(", ") + "…"
