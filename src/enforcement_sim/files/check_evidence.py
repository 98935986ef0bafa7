"""In a scenario of a place every number says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from ..errors import Problem
from ..model.derive import REFORM, shifts
from ..model.figures import Evidence, Figure
from ..model.law import LawBook
from ..model.origins import YearCount
from ..model.scenario import Scenario
from .explain import nearest
from .tree import Path_, Tree, problem


def evidence_of(value: object, path: Path_ = (), covered: bool = False) -> Iterator[tuple[Path_, Evidence]]:
    """Every number of a scenario that carries evidence, or lacks it, with its path in the file.

    What holds evidence covers the numbers in it that have none of their own.
    """
    if isinstance(value, LawBook):
        return  # the law is evidence for other numbers; none of its own asks for any, and there are thousands
    if isinstance(value, Evidence):
        if value.is_known or not covered:
            yield path, value
        covered = covered or value.is_known
    for i, change in enumerate(getattr(value, "changes", ())):
        after = [stage for step, stage in value.versions if step.set is change.set][-1]  # type: ignore[attr-defined]
        for key in change.set:
            yield from evidence_of(getattr(after, key), (*path, "changes", i, "set", key), covered)
    if isinstance(value, BaseModel):
        # What nobody has written, such as the number of officers of a team that names them, needs no evidence.
        for name in (name for name in type(value).model_fields if name in value.model_fields_set):
            yield from evidence_of(getattr(value, name), path if name == "shares" else (*path, name), covered)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from evidence_of(inner, (*path, key), covered)
    elif isinstance(value, (list, tuple)):
        for i, inner in enumerate(value):
            yield from evidence_of(inner, (*path, i), covered)


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Numbers without evidence, and sources that nobody has listed."""
    found: list[Problem] = []
    for path, evidence in evidence_of(scenario):
        if evidence.source is not None:
            found += _unlisted(scenario.sources, "source", tree, path, evidence.source)
        if evidence.assumed is not None:
            found += _unlisted(scenario.assumptions, "assumption", tree, path, evidence.assumed)
        if scenario.purpose == "place" and not evidence.is_known and not _is_certain(path, evidence):
            what = "this number has neither a source nor an assumption with a range"
            hint = "{value: …, source: KEY} or {value: …, assumed: why, range: [low, high]}"
            found.append(problem(tree, path, what, try_=hint))
    for i, row in enumerate(scenario.published):
        found += _unlisted(scenario.sources, "source", tree, ("published", i), row.source)
    for name, reform in shifts(scenario).items():
        learning, path = reform.learning, (REFORM,) if reform is scenario.reform else ("delegations", name)
        if scenario.purpose == "place" and learning is not None and not (learning.source or learning.assumed):
            what = "the half-life has neither a source nor an assumption"
            found.append(problem(tree, (*path, "learning"), what, try_="add `assumed:` and `range:`"))
    return found


def _is_certain(path: Path_, evidence: Evidence) -> bool:
    """What nobody could publish: a way that all cases take, a row whose numbers speak for themselves."""
    if isinstance(evidence, YearCount):
        return True
    if path[-1] == "officers" and "stages" in path:
        return isinstance(evidence, Figure) and evidence.value == 1
    return isinstance(evidence, Figure) and bool({"then", "kinds"} & set(path)) and evidence.value in (0, 1)


def _unlisted(listed: Mapping[str, object], kind: str, tree: Tree, path: Path_, given: str) -> list[Problem]:
    # A citation or a reason is a sentence; a single word must be the key of a listed one.
    if " " in given.strip() or given in listed:
        return []
    what, hint = f"no {kind} has this key", nearest(given, listed) or f"list it under `{kind}s`"
    key = "assumed" if kind == "assumption" else "source"
    return [problem(tree, (*path, key), what, got=f"'{given}'", try_=hint)]
