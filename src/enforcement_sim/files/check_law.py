"""Rows of the law that a scenario names: they exist, they set what is asked of them, and the numbers obey them."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from ..model.derive import procedures_in_use, rule_versions
from ..model.distributions import Discrete, Fixed, Legal, Listed, Triangular, Uniform
from ..model.figures import Evidence, Figure
from ..model.law import Bound, LawBook, Provision, limit_of, period_of
from ..model.legal import Clock
from ..model.periods import period_versions, rows_in_use
from ..model.quantities import WORKING_DAY, Length
from ..model.scenario import Scenario
from ..model.stages import Stage, Wait
from .check_evidence import evidence_of
from .explain import nearest
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Rows that nobody knows, rows without the number that is asked of them, and numbers that break their row."""
    return list(_Law(scenario, tree).all())


class _Law:
    def __init__(self, scenario: Scenario, tree: Tree) -> None:
        self.scenario = scenario
        self.tree = tree

    def all(self) -> Iterator[Problem]:
        for name in procedures_in_use(self.scenario):  # one that nobody follows may have no rule in this period
            procedure = self.scenario.procedures[name]
            for clock_name, clock in procedure.clocks.items():
                yield from self._clock(clock, ("procedures", name, "clocks", clock_name))
            for stage_name, stage in procedure.stages.items():
                yield from self._stage(stage, ("procedures", name, "stages", stage_name))
        for path, evidence in evidence_of(self.scenario):
            if isinstance(evidence, Legal):
                if not self._is_of_a_wait(path):
                    hint = "hours of work, or a `kind: wait` for the period"
                    yield self._says(path, "only a wait takes a period of the law", evidence.law, hint)
            elif evidence.law is not None:
                yield from self._number(evidence, evidence.law, path)

    def _says(self, path: Path_, what: str, got: str, try_: str) -> Problem:
        return problem(self.tree, path, what, got=got, try_=try_)

    def _unknown(self, row: str, path: Path_) -> Iterator[Problem]:
        """Why a row cannot be looked up, if it cannot."""
        book = self.scenario.law
        if book is None:
            yield self._says(path, "this scenario has no law book", row, "add `law: {files: …}`")
        elif book.provision(row) is None:
            yield self._says(path, "no row of the law has this id", f"'{row}'", nearest(row, book.rows()))

    def _clock(self, clock: Clock, path: Path_) -> Iterator[Problem]:
        if clock.law is not None:
            at: Path_ = (*path, "law")
            found = list(self._unknown(clock.law, at))
            if not found and clock.limit is None:
                found = list(self._unset(clock.law, at, hours=False))
            if found:
                yield from found
                return
        units = {version.limit.unit for version in rule_versions(self.scenario, clock)}
        if WORKING_DAY in units and clock.calendar is None:
            at = (*path, "limit" if clock.limit is not None else "law")
            yield self._says(at, "working days need a calendar", str(clock.limit or clock.law), "add `calendar:`")

    def _unset(self, row: str, path: Path_, hours: bool) -> Iterator[Problem]:
        """Versions of a row that apply inside the period and set no length of time."""
        book = self.scenario.law
        assert book is not None
        for name in rows_in_use(book, row, self.scenario.period):
            body = _body(book, name)
            if (period_of(body) if hours else limit_of(body)) is None:
                kind = "period" if hours else "limit in days or months"
                since = "" if name == row else f", in force from {body.starts_on}"
                parts = [f"{name}/{part}" for part in body.parts]
                hint = f"one of {', '.join(parts)}" if parts else "write the length itself, or name a row that has one"
                yield self._says(path, f"{name}{since}, sets no {kind}", f"{body.written} {body.unit}", hint)

    def _stage(self, stage: Stage, path: Path_) -> Iterator[Problem]:
        if not isinstance(stage, Wait):
            return
        versions = [(path, stage)] + [((*path, "changes", i, "set"), after) for i, (_, after) in self._changed(stage)]
        seen: list[Legal] = []
        for at, version in versions:
            if isinstance(version, Wait) and isinstance(version.duration, Legal) and version.duration not in seen:
                seen.append(version.duration)
                yield from self._period(stage, version, version.duration, path, (*at, "duration"))

    def _changed(self, stage: Wait) -> list[tuple[int, tuple[object, Stage]]]:
        """What a stage's changes make of it, each with the number of its change in the file."""
        steps = [i for i, change in enumerate(stage.changes) for _ in change.parts()]
        return list(zip(steps, stage.versions, strict=True))

    def _period(self, stage: Wait, version: Wait, given: Legal, path: Path_, at: Path_) -> Iterator[Problem]:
        found = list(self._unknown(given.law, (*at, "law"))) or list(self._unset(given.law, (*at, "law"), hours=True))
        if found:
            yield from found
            return
        units = {one.length.unit for one in period_versions(self.scenario, given)}
        if WORKING_DAY in units and version.calendar is None:
            yield self._says(at, "working days need a calendar", given.law, "add `calendar:`")
        assert self.scenario.law is not None
        if len(rows_in_use(self.scenario.law, given.law, self.scenario.period)) > 1:
            for i, change in enumerate(stage.changes):
                if (change.cases == "filed_from_then") != given.by_filing:
                    what = "the law and this change of the stage do not apply to the same cases"
                    hint = "`by_filing: true` goes with `cases: filed_from_then`, false with `cases: all`"
                    yield self._says((*path, "changes", i, "cases"), what, change.cases, hint)

    def _is_of_a_wait(self, path: Path_) -> bool:
        if path[0] != "procedures" or path[2] != "stages" or path[-1] != "duration":
            return False
        return isinstance(self.scenario.procedures[str(path[1])].stages[str(path[3])], Wait)

    def _number(self, evidence: Evidence, row: str, path: Path_) -> Iterator[Problem]:
        found = list(self._unknown(row, (*path, "law")))
        if found:
            yield from found
            return
        book = self.scenario.law
        assert book is not None
        body = _body(book, row)
        if body.value is None or body.bound is None:
            return
        limit, numbers = _compared(evidence, body, path)
        if numbers and not _obeys(numbers, limit, body.bound):
            got = str(numbers[0][1]) if len(numbers) == 1 else f"{numbers[0][1]} to {numbers[-1][1]}"
            statute = book.statute_of(row).title.en
            what = f"the law sets another number: {row} ({statute}, Art. {body.article}), {_said(body)}"
            yield self._says(path, what, got, "a number within this limit, or the row that sets it")


def _body(book: LawBook, row: str) -> Provision:
    body = book.provision(row)
    assert body is not None
    return body


def _said(body: Provision) -> str:
    words = {"at_most": "at most", "at_least": "at least", "more_than": "more than", "exactly": "exactly"}
    assert body.bound is not None
    counted = body.unit in ("working_day", "calendar_day", "month", "year", "hour", "person") and body.value != 1
    return f"{words[body.bound]} {body.value} {body.unit.replace('_', ' ')}{'s' if counted else ''}"


def _compared(evidence: Evidence, body: Provision, path: Path_) -> tuple[float, list[tuple[float, object]]]:
    """A row's number and those that must obey it, rising, each also as written; none where the units are others."""
    assert body.value is not None
    if isinstance(evidence, Figure):
        if body.unit == "person" and path[-1] == "officers":
            return body.value, [(evidence.value, evidence.value)]
        if body.unit == "percent" and isinstance(evidence.value, float):
            return body.value, [(100 * evidence.value, f"{100 * evidence.value:g} %")]
        return body.value, []
    limit, lengths = period_of(body), _lengths(evidence)
    if limit is None or {_counts(one) for one in lengths} != {_counts(limit)}:
        return body.value, []
    by_size = sorted((one.amount if one.is_days else one.seconds, str(one)) for one in lengths)
    return limit.amount if limit.is_days else limit.seconds, [(size, said) for size, said in by_size]


def _counts(length: Length) -> str:
    return length.unit if length.is_days else "clock time"


def _lengths(evidence: Evidence) -> list[Length]:
    """The lowest and highest length of a distribution that has both, or all of its lengths."""
    match evidence:
        case Fixed():
            return [evidence.value]
        case Uniform() | Triangular():
            return [evidence.low, evidence.high]
        case Discrete():
            return evidence.values
        case Listed():
            return [one for entry in evidence.values for one in (entry if isinstance(entry, list) else [entry])]
    return []


def _obeys(numbers: list[tuple[float, object]], limit: float, bound: Bound) -> bool:
    low, high = numbers[0][0], numbers[-1][0]
    match bound:
        case "at_most":
            return high <= limit
        case "at_least":
            return low >= limit
        case "more_than":
            return low > limit
    return low == high == limit
