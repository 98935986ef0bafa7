"""A published result run anew and held against what is kept of it: bit for bit, elsewhere by a test of its numbers."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..engines.choice import prepare
from ..journal.trace import Marks, first_difference
from .claims import Number
from .provenance import differences, dumped, environment, scenario_digest
from .publication import Found, kept_marks, kept_scenario
from .replicate import one_log
from .sweep import Point

ERROR_RATE = 0.001
"""How often the test of the numbers would fault a program that computes the same: once in a thousand times, of all
numbers of all results together."""
MORE_SEED = 1_000_003
"""Added to every seed where numbers are tested: a fresh sample, so that the error rate is what it says."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A number of the text beside that of a fresh sample, and how likely so much between them is by chance alone."""

    result: str
    claim: str
    kept: Number
    now: Number
    p: float


def of_another_program(told: Mapping[str, Any]) -> list[str]:
    """In which libraries this environment differs from the one of a publication; then logs need not be equal."""
    now = environment()
    return [
        f"{name} {told['environment'].get(name, 'none')} then, {now.get(name, 'none')} now"
        for name in sorted({*now, *told["environment"]})
        if now.get(name) != told["environment"].get(name)
    ]


def file_faults(folder: Path, told: Mapping[str, Any]) -> Iterator[str]:
    """Kept files that are not those that were published."""
    for name, digest in told["files"].items():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            yield f"{name} is gone"
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"{name} is not the file that was published: its checksum is another"


def scenario_faults(folder: Path, told: Mapping[str, Any], points: Sequence[Point]) -> Iterator[str]:
    """Points and scenarios that are not those that were published, with the difference named."""
    now = {point.name: scenario_digest(point.scenario) for point in points}
    then = {name: point["scenario"] for name, point in told["points"].items()}
    if list(now) != list(then):
        yield f"the sweep has {len(now)} points, and had {len(then)}" if len(now) != len(then) else "points have moved"
        return
    other = [name for name in now if now[name] != then[name]]
    if not other:
        return
    first = next(point for point in points if point.name == other[0])
    named = _named(kept_scenario(folder, first.name), first)
    yield f"the scenario of {_listed(other)} is another: {'; '.join(named) or 'in what is not kept'}"


def _named(kept: Mapping[str, Any] | None, point: Point) -> list[str]:
    """In what a point's scenario differs from the kept one."""
    if kept is None:
        return []
    now = {"scenario": dumped(point.scenario), "seed": 0, "code": {}}
    return differences({"scenario": kept, "seed": 0, "code": {}}, now)[:3]


def smoke_faults(
    folder: Path, told: Mapping[str, Any], points: Sequence[Point], progress: Callable[[int, int], None] | None = None
) -> list[str]:
    """The first replication of every point is run; the first difference, if there is any."""
    for engine in {point.scenario.engine for point in points}:
        prepare(engine)
    marks = kept_marks(folder, told)
    for number, point in enumerate(points):
        log = one_log(point.scenario, 0, point.scenario.seed)[0]
        if log.digest != told["points"][point.name]["logs"][0]:
            return [_where(point, log_marks=marks[point.name], log=log)]
        if progress is not None:
            progress(number + 1, len(points))
    return []


def log_faults(folder: Path, told: Mapping[str, Any], it: Found) -> list[str]:
    """The first replication whose log is another, and where it first differs."""
    marks = kept_marks(folder, told)
    for point in it.points:
        then, now = told["points"][point.name]["logs"], list(it.logs[point.name])
        other = [number for number, (one, two) in enumerate(zip(then, now, strict=False)) if one != two]
        if len(then) != len(now):
            return [f"{point.name} has {len(now)} replications, and had {len(then)}"]
        if other:
            told_of = f"{len(other)} of {len(now)} logs of {point.name} are others"
            if other[0] != 0:
                return [f"{told_of}, the first of replication {other[0]}"]
            log = one_log(point.scenario, 0, point.scenario.seed)[0]
            return [f"{told_of}; {_where(point, log_marks=marks[point.name], log=log)}"]
    return []


def _where(point: Point, log_marks: Marks, log: Any) -> str:
    where = first_difference(log, log_marks)
    where = where or "a row that its marks do not tell"
    return f"{point.name}, replication 0 first differs at {where}"


def text_faults(folder: Path, texts: Mapping[str, str]) -> Iterator[str]:
    """The first line of every page, figure and table that comes out otherwise."""
    for name, text in texts.items():
        try:
            kept = (folder / name).read_text(encoding="utf-8")
        except OSError:
            yield f"{name} is gone"
            continue
        if kept != text:
            before, after = kept.splitlines(), text.splitlines()
            pairs = zip(before, after, strict=False)
            line = next((n for n, (one, two) in enumerate(pairs) if one != two), min(len(before), len(after)))
            then, now = (_short(lines[line]) if line < len(lines) else "nothing" for lines in (before, after))
            yield f"{name}, line {line + 1}: {then} then, {now} now"


def claim_faults(told: Mapping[str, Any], claims: Mapping[str, Number]) -> Iterator[str]:
    """Numbers of the text that come out otherwise, to the last digit."""
    for name in dict.fromkeys([*told["claims"], *claims]):
        then, now = told["claims"].get(name), claims.get(name)
        if then is None or now is None:
            yield f"claim {name} is {'new' if then is None else 'gone'}"
        elif json.dumps(now.as_data()) != json.dumps(then):  # as text, since what is not a number equals nothing
            yield f"claim {name}: {then['told']} ({then['value']!r}) then, {now.told} ({now.value!r}) now"


def tested(name: str, told: Mapping[str, Any], claims: Mapping[str, Number]) -> list[Tested]:
    """Every number of the text against that of a fresh sample: Welch's t test, two-sided.

    Numbers without spread in both must be equal. Welch, Biometrika 34 (1947) 28-35.
    """
    rows = []
    for claim, kept in told["claims"].items():
        then, now = Number(**kept), claims[claim]
        rows.append(Tested(name, claim, then, now, _p(then, now)))
    return rows


def _p(one: Number, other: Number) -> float:
    from scipy.special import stdtr

    first, second = one.sd**2 / max(one.n, 1), other.sd**2 / max(other.n, 1)
    if not (one.n > 1 and other.n > 1) or first + second == 0.0:
        return 1.0 if math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-12) else 0.0
    freedom = (first + second) ** 2 / (first**2 / (one.n - 1) + second**2 / (other.n - 1))
    return float(2.0 * stdtr(freedom, -abs(one.value - other.value) / math.sqrt(first + second)))


def failed(tests: Sequence[Tested], rate: float = ERROR_RATE) -> list[Tested]:
    """The numbers that are not those of the text, at an error rate for all tests together (Holm 1979)."""
    found = []
    for number, one in enumerate(sorted(tests, key=lambda test: test.p)):
        if one.p > rate / (len(tests) - number):
            break
        found.append(one)
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _short(line: str) -> str:
    return line if len(line) <= 80 else f"{line[:77]}..."
