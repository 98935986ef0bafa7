"""In a scenario of a place every number says where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from ..errors import Problem
from ..model.figures import Evidence, Figure
from ..model.scenario import Learning, Published, Scenario
from .explain import nearest
from .tree import Path_, Tree, problem


def evidence_of(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, Evidence]]:
    """Every number of a scenario that carries evidence, with its path in the file."""
    if isinstance(value, Evidence):
        yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from evidence_of(getattr(value, name), path if name in ("shares",) else (*path, name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from evidence_of(inner, (*path, key))
    elif isinstance(value, (list, tuple)):
        for i, inner in enumerate(value):
            yield from evidence_of(inner, (*path, i))


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Numbers without evidence, and sources that nobody has listed."""
    found: list[Problem] = []
    for path, evidence in evidence_of(scenario):
        if evidence.source is not None:
            found += _unlisted(scenario, tree, path, evidence.source)
        if scenario.purpose == "place" and not evidence.is_known and not _is_certain(path, evidence):
            what = "this number has neither a source nor an assumption with a range"
            hint = "{value: …, source: KEY} or {value: …, assumed: why, range: [low, high]}"
            found.append(problem(tree, path, what, try_=hint))
    for i, row in enumerate(scenario.published):
        found += _unlisted(scenario, tree, ("published", i), _key_of(row))
    learning = scenario.reform.learning if scenario.reform else None
    if scenario.purpose == "place" and isinstance(learning, Learning) and not (learning.source or learning.assumed):
        what = "the half-life has neither a source nor an assumption"
        found.append(problem(tree, ("reform", "learning"), what, try_="add `assumed:` and `range:`"))
    return found


def _is_certain(path: Path_, evidence: Evidence) -> bool:
    """A way out that every case takes, or none, is routing and not a number that anyone could publish."""
    return isinstance(evidence, Figure) and "then" in path and evidence.value in (0, 1)


def _key_of(row: Published) -> str:
    return row.source


def _unlisted(scenario: Scenario, tree: Tree, path: Path_, source: str) -> list[Problem]:
    # A citation is a sentence; a single word must be the key of a listed source.
    if " " in source.strip() or source in scenario.sources:
        return []
    what = "no source has this key"
    return [
        problem(
            tree,
            (*path, "source"),
            what,
            got=f"'{source}'",
            try_=nearest(source, scenario.sources) or "list it under `sources`",
        )
    ]
