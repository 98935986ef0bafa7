"""What results depend on: the scenario, the seed, the program's sources and the libraries beneath them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..model.scenario import Scenario

ROOT = Path(__file__).parents[1]
ASIDE = ("cli", "files", "statistics", "studies", "views")
"""Packages that read scenarios, which stand in the manifest themselves, or order, keep, sum up and show what the others
have found; but what runs a replication counts."""
LIBRARIES = ("numpy", "scipy", "pandas", "simpy", "numba", "chinesecalendar", "pydantic")
"""Libraries whose versions can move a result."""
MOST_TOLD = 5
"""Differences that a message names; more are counted."""


@cache
def code() -> dict[str, str]:
    """The parts of the program that results come from: each source file with its digest, each library's version."""
    found = {}
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name.split("/")[0] not in ASIDE or name == "studies/processes.py":
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found


def manifest(name: str, scenario: Scenario, seed: int, compare_to: str | None) -> dict[str, Any]:
    """All that replications of a scenario depend on, but for their numbers, and its short name, `key`."""
    told = scenario.model_dump(mode="json", exclude={"replications"})
    depends: dict[str, Any] = {"scenario": told, "seed": seed, "code": code()}
    text = json.dumps(depends, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    # The number of replications is told to readers of the folder; asking for more changes none of them.
    depends["scenario"]["replications"] = scenario.replications
    return {"format": 1, "key": key, "name": name, "compare_to": compare_to, **depends}


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In what two manifests differ, one sentence each: scenario by path, seed, libraries and source files."""
    parts = (
        ("scenario", _flat(then.get("scenario", {})), _flat(now["scenario"])),
        ("", {"seed": then.get("seed")}, {"seed": now["seed"]}),
        ("code", dict(then.get("code", {})), dict(now["code"])),
    )
    return [
        _told(part, path, before.get(path), after.get(path))
        for part, before, after in parts
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path) and path != "replications"
    ]


def few(told: list[str]) -> str:
    """The first differences, and how many more there are."""
    more = len(told) - MOST_TOLD
    return "; ".join(told[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _told(part: str, path: str, before: object, after: object) -> str:
    if part == "code" and path.endswith(".py"):
        return f"{path} {'is new' if before is None else 'is gone' if after is None else 'has changed'}"
    return f"{path}: {_short(before)} then, {_short(after)} now"


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _flat(value: Any) -> dict[str, Any]:
    """A tree of settings by dotted path."""
    return dict(_leaves(value, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        pairs = [(str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(str(number), inner) for number, inner in enumerate(value)]
    else:
        yield path, value
        return
    for key, inner in pairs:
        yield from _leaves(inner, f"{path}.{key}" if path else key)
