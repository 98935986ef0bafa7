"""What the claims of a published result must fulfil: points that the sweep has, findings that can be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ..errors import Problem, ScenarioError
from ..files import check_wanted, explain
from ..files.explain import nearest
from ..files.merge import inner_tree
from ..files.tree import Path_, Tree, problem
from ..model.result import SCENARIO, Result
from .points_named import matches, values_of
from .sweep import Point

AT = ("result",)


def result_of(tree: Tree) -> Result:
    """The result of a sweep file, without looking at the sweep. Raises ScenarioError."""
    if "result" not in tree.data:
        what = "this sweep says nothing that could be published"
        raise ScenarioError(problem(tree, (), what, try_="result: {question, set_up, answer, assumes, claims, shows}"))
    try:
        return Result.model_validate(tree.data["result"])
    except ValidationError as error:
        raise ScenarioError(explain.problems(error, inner_tree(tree, AT))) from None


def problems(
    result: Result, points: Sequence[Point], tree: Tree, scenarios: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Claims of a point that is not there or not a single one, and findings that no scenario has.

    `scenarios` are the data of the sweep's scenarios, the base first.
    """
    for name, claim in result.claims.items():
        at: Path_ = (*AT, "claims", name)
        for key, given in (("at", claim.at), ("beside", claim.beside)):
            if given is not None:
                yield from _point(given, points, (*at, key), tree)
        yield from check_wanted.problems(claim, at, tree, lambda: iter(scenarios))
    yield from check_wanted.problems(result.shows, (*AT, "shows"), tree, lambda: iter(scenarios))


def _point(given: Mapping[str, Any], points: Sequence[Point], at: Path_, tree: Tree) -> Iterator[Problem]:
    known = dict.fromkeys(key for point in points for key in values_of(point))
    for key in given:
        if key not in known:
            what, hint = "no axis of the sweep has this name", nearest(key, known)
            yield problem(tree, (*at, key), what, got=f"'{key}'", try_=hint, of_key=True)
            return
    found = matches(points, given)
    if len(found) == 1:
        return
    if not found:
        key = next((k for k in given if not matches(points, {k: given[k]})), next(iter(given), ""))
        levels = dict.fromkeys(str(values_of(point).get(key)) for point in points)
        yield problem(
            tree, (*at, key) if key else at, "the sweep has no such point", got=str(given.get(key, given)),
            try_=nearest(str(given.get(key, "")), levels),
        )  # fmt: skip
        return
    open_ = [key for key in known if key not in given and len({str(values_of(p).get(key)) for p in found}) > 1]
    what = f"{len(found)} points of the sweep are meant by this"
    yield problem(tree, at, what, got=str(dict(given)), try_=f"say which by {' and '.join(open_ or [SCENARIO])}")
