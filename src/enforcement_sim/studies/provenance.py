"""What results depend on: the scenario, the seed, the program's sources and the libraries beneath them."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..errors import ResultsError
from ..model.scenario import Scenario

ROOT = Path(__file__).parents[1]
ASIDE = ("cli", "dashboard", "files", "reports", "statistics", "studies", "views")
"""Packages that read scenarios, which stand in the manifest themselves, or order, keep, sum up and show what the others
have found; but what runs a replication counts."""
COUNTED = ("studies/jobs.py", "studies/processes.py")
"""What runs a replication: it stands beside what orders and keeps them."""
LIBRARIES = ("numpy", "scipy", "pandas", "simpy", "numba", "chinesecalendar", "pydantic")
"""Libraries whose versions can move a result."""
WORDS = ("title", "description", "stylised_on", "sources", "assumptions", "terms", "published", "replications")
"""Parts of a scenario that move no result: texts, what it is held against, how many replications it asks for."""
EVIDENCE = {"source", "assumed", "range"}
"""What a number rests on, beside the row of the law, which a wait takes its length from."""
FORMAT = 2
"""Of manifests."""
MOST_TOLD = 5
"""Differences that a message names; more are counted."""


def _sources() -> dict[str, str]:
    """The source files that count, each with its digest."""
    found = {}
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name.split("/")[0] not in ASIDE or name in COUNTED:
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return found


_AT_START = _sources()
"""As this process began. Until the first results are asked for it opens further modules, and may compile for a quarter
of a minute: were a file edited meanwhile, results of the old program would be kept as those of the new one."""


@cache
def code() -> dict[str, str]:
    """The parts of the program that results come from: each source file with its digest, each library's version.

    Raises ResultsError if a source file was edited since this process began.
    """
    found = _sources()
    edited = [
        _told("code", name, _AT_START.get(name), found.get(name))
        for name in sorted({*_AT_START, *found})
        if _AT_START.get(name) != found.get(name)
    ]
    if edited:
        raise ResultsError(
            f"the program was edited while this command began: {few(edited)}", try_="the same command again"
        )
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    # From one minor version to the next Python adds up and rounds differently, as `sum` since 3.12.
    return {**found, "python": ".".join(map(str, sys.version_info[:2]))}


@cache
def code_digest() -> str:
    """A short name for what `code` says."""
    return hashlib.sha256(json.dumps(code(), sort_keys=True).encode()).hexdigest()[:16]


def manifest(name: str, scenario: Scenario, seed: int, compare_to: str | None) -> dict[str, Any]:
    """All that replications of a scenario depend on, but for their numbers; its short name, `key`; and its checksum."""
    depends: dict[str, Any] = {"scenario": dumped(scenario), "seed": seed, "code": code()}
    found = {"format": FORMAT, "key": _key(depends), "name": name, "compare_to": compare_to, **depends}
    return sealed(found)


def dumped(scenario: Scenario) -> dict[str, Any]:
    """A scenario as data, with the part of the law book that it cites."""
    told = scenario.model_dump(mode="json", by_alias=True)
    if scenario.law is not None:
        # A row is cited by its name, wherever; the rest of the book moves nothing, and is large.
        texts = (str(value) for _, value in _leaves({**told, "law": None}, ""))
        told["law"] = scenario.law.only(texts).model_dump(mode="json", by_alias=True)
    return told


def _key(depends: Mapping[str, Any]) -> str:
    # The order counts too: among teams and ways it decides.
    return digest({"scenario": moving(depends["scenario"]), "seed": depends["seed"], "code": depends["code"]})[:16]


def moving(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What of a scenario can move a result. Its words stand in the manifest for readers, and may be mended."""
    return {key: _without_words(value) for key, value in scenario.items() if key not in WORDS}


def _without_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_words(one) for one in value]
    if not isinstance(value, dict):
        return value
    is_evidence = value.keys() >= {*EVIDENCE, "law"}  # and no stages or ways, some of which may be called so
    kept = {key: one for key, one in value.items() if not (_is_title(key, one) or (is_evidence and key in EVIDENCE))}
    return {key: _without_words(one) for key, one in kept.items()}


def _is_title(key: str, value: Any) -> bool:
    """Whether this is a text in two languages, and no thing of such a name."""
    is_text = value is None or (isinstance(value, dict) and all(isinstance(one, str) for one in value.values()))
    return key == "title" and is_text


def digest(value: Any) -> str:
    """A checksum of what JSON can tell, order included."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def scenario_digest(scenario: Scenario) -> str:
    """A short name for a scenario and its seed as results depend on them, whatever program runs it."""
    return digest({"scenario": moving(dumped(scenario)), "seed": scenario.seed})[:16]


def environment() -> dict[str, str]:
    """The libraries that can move a result, with their versions, and Python's."""
    return {name: told for name, told in code().items() if not name.endswith(".py")}


def sealed(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a file is to tell, with a checksum of all of it under `check`."""
    content = {name: value for name, value in told.items() if name != "check"}
    return {**content, "check": digest(content)[:16]}


def is_sealed(told: Any) -> bool:
    """Whether this is what was sealed, every letter of it."""
    return isinstance(told, dict) and told == sealed(told)


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In what two manifests differ, a sentence each: scenario by path, its order, seed, libraries and source files."""
    scenarios = moving(then.get("scenario", {})), moving(now["scenario"])
    parts = (
        ("scenario", _flat(scenarios[0]), _flat(scenarios[1])),
        ("", {"seed": then.get("seed")}, {"seed": now["seed"]}),
        ("code", dict(then.get("code", {})), dict(now["code"])),
    )
    told = [
        _told(part, path, before.get(path), after.get(path))
        for part, before, after in parts
        for path in sorted({*before, *after})
        if not _same(before.get(path), after.get(path))
    ]
    return told or [f"{path}: in another order" for path in _reordered(*scenarios, "")]


def _same(before: Any, after: Any) -> bool:
    return type(before) is type(after) and bool(before == after)


def _reordered(before: Any, after: Any, path: str) -> Iterator[str]:
    """Where two trees with the same leaves have the same names in another order."""
    if isinstance(before, dict) and isinstance(after, dict):
        if list(before) != list(after):
            yield path or "the scenario"
        for key in before:
            yield from _reordered(before[key], after.get(key), f"{path}.{key}" if path else key)
    elif isinstance(before, list) and isinstance(after, list):
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from _reordered(one, other, f"{path}.{number}")
    elif not _same(before, after):
        yield path  # an empty table in place of an empty list has no leaves that differ


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
