"""Levers of a sweep in words: what a path of a scenario moves, and the value that it takes."""

from __future__ import annotations

import math
import re

from ..model.figures import Language
from .words import Names, name, word

_KNOWN = (
    (re.compile(r"(?P<shift>reform|delegations\.\w+)\.share\.(?P<thing>\w+)(\.value)?"), "lever_share"),
    (
        re.compile(r"(?P<shift>reform|delegations\.\w+)\.share_of\.(?P<place>\w+)\.(?P<thing>\w+)(\.value)?"),
        "lever_share_of",
    ),
    (re.compile(r"(?P<shift>reform|delegations\.\w+)\.staff(\.value)?"), "lever_staff"),
    (re.compile(r"teams\.(?P<thing>\w+)\.officers(\.value)?"), "lever_officers"),
    (re.compile(r"teams\.(?P<thing>\w+)\.roster\.(?P<step>\d+)\.officers(\.value)?"), "lever_roster"),
    (re.compile(r"(?P<shift>reform|delegations\.\w+)\.on"), "lever_on"),
    (re.compile(r"(?P<shift>reform|delegations\.\w+)\.full_on"), "lever_full_on"),
    (re.compile(r"(?P<shift>reform|delegations\.\w+)\.staff_on"), "lever_staff_on"),
)
SHARES = ("lever_share", "lever_share_of", "lever_staff")
"""Levers whose values are told in percent."""


def lever_name(path: str, names: Names, language: Language) -> str:
    """What a path moves, in words where it is one of the usual levers, else its last two keys."""
    key, found = _known(path)
    if found is None:
        return word(path, language) if path in ("scenario", "future", "point") else ".".join(path.split(".")[-2:])
    things = {
        part: name(given, names, language) for part, given in found.groupdict().items() if given and part != "step"
    }
    step = found.groupdict().get("step")
    return word(key, language).format(**things, **({} if step is None else {"step": int(step) + 1}))


def lever_value(path: str, value: object) -> str:
    """A value of a lever as text; a dash where there is none."""
    if value is None or value != value:
        return "–"
    if is_share(path) and isinstance(value, int | float) and math.isfinite(value):
        return f"{100 * value:.6g} %"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def lever_told(path: str, value: object, names: Names, language: Language) -> str:
    """What a path moves and the value that it takes, e.g. `staff moved 35 %`."""
    return f"{lever_name(path, names, language)} {lever_value(path, value)}"


def is_share(path: str) -> bool:
    """Whether the values of a lever are told in percent."""
    return _known(path)[0] in SHARES


def _known(path: str) -> tuple[str, re.Match[str] | None]:
    for pattern, key in _KNOWN:
        if found := pattern.fullmatch(path):
            return key, found
    return "", None
