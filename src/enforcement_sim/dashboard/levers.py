"""Levers: the numbers and dates of a scenario that a planner may move, found in the scenario itself."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import Problem, ScenarioError
from ..model.figures import Figure, Title
from ..model.reforms import Reform
from ..model.scenario import Scenario
from ..model.teams import Team

Kind = Literal["count", "share", "date"]
Group = Literal["teams", "reform"]
MOST_OFFICERS = 100_000
CHOICE = "A planner's choice."
"""Why a number is assumed that the scenario leaves out."""
TIMES = 4
"""A count without a range may be moved up to so many times its value."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that may be changed.

    `path` is the dotted path of the scenario. `value` is a whole number, a share from 0 to 1, or a date as
    YEAR-MONTH-DAY, None for one that the scenario leaves out. `low` and `high` are the range worth trying, in the same
    unit, None for dates. `of` names the team or field that it belongs to and `step` what of it, as a key of the words,
    with `since` as the date of a roster step.
    """

    path: str
    of: Title
    step: str
    kind: Kind
    group: Group
    value: int | float | str | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    since: str = ""
    is_optional: bool = False


def levers_of(scenario: Scenario) -> list[Lever]:
    """Every lever of a scenario, teams first, each with its roster steps."""
    found: list[Lever] = []
    for key, team in scenario.teams.items():
        found += _of_team(key, team)
    if scenario.reform is not None:
        found += _of_reform(scenario, scenario.reform)
    return found


def _of_team(key: str, team: Team) -> Iterator[Lever]:
    if team.people or "." in key:
        return  # officers by name are no number; a dot would part the path
    of = team.title or Title(en=key, zh=key)
    yield _count(f"teams.{key}.officers", of, "officers", team.officers)
    for number, step in enumerate(team.roster):
        path, since = f"teams.{key}.roster.{number}.officers", _told(step.on)
        yield _count(path, of, "officers_from", step.officers, since)


def _told(on: Any) -> str:
    return on.isoformat() if isinstance(on, dt.date) else str(on)


def _count(path: str, of: Title, step: str, figure: Figure[int], since: str = "") -> Lever:
    low, high = figure.range or (min(1, figure.value), max(10, TIMES * figure.value))
    return Lever(path, of, step, "count", "teams", figure.value, low, high, "officers", since)


def _of_reform(scenario: Scenario, reform: Reform) -> Iterator[Lever]:
    whole = reform.title or Title(en="", zh="")
    for field, figure in reform.share.items():
        if "." in field:
            continue
        body = scenario.fields.get(field)
        of = (body.title if body is not None else None) or Title(en=field, zh=field)
        yield _share(f"reform.share.{field}", of, "share_of_field", figure)
    if reform.staff is not None:
        yield _share("reform.staff", whole, "staff_share", reform.staff)
    else:
        yield Lever("reform.staff", whole, "staff_share", "share", "reform", 0.0, 0.0, 1.0, "percent", is_optional=True)
    for key, on in (("on", reform.on), ("full_on", reform.full_on), ("staff_on", reform.staff_on)):
        told = None if on is None else on.isoformat()
        yield Lever(f"reform.{key}", whole, f"reform_{key}", "date", "reform", told, is_optional=key != "on")


def _share(path: str, of: Title, step: str, figure: Figure[float]) -> Lever:
    low, high = figure.range or (0.0, 1.0)
    low, high = min(max(low, 0.0), figure.value), max(min(high, 1.0), figure.value)
    return Lever(path, of, step, "share", "reform", figure.value, low, high, "percent")


def read(lever: Lever, given: Any) -> int | float | str | None:
    """The value that somebody has put in, in the lever's unit; ScenarioError says what is wrong with it.

    Nothing given stands for the value of the scenario. A number outside of the range is allowed as long as it can be:
    the range says what is worth trying.
    """
    if given is None or given == "":
        return lever.value
    if lever.kind == "date":
        try:
            return dt.date.fromisoformat(str(given)[:10]).isoformat()
        except ValueError:
            raise _wrong(lever, "not a date", given, "a date as YEAR-MONTH-DAY, e.g. 2024-01-01") from None
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(lever, "not a number", given, "a plain number")
    if lever.kind == "share":
        if not 0 <= number <= 1:
            raise _wrong(lever, "a share lies between 0 and 100 %", given, "a number in between")
        return round(number, 6)
    if number != round(number):
        raise _wrong(lever, "officers come whole", given, "a whole number, e.g. 12")
    if not 0 <= number <= MOST_OFFICERS:
        raise _wrong(
            lever, f"between 0 and {MOST_OFFICERS:,} officers can work in a team", given, "a number in between"
        )
    return int(number)


def _wrong(lever: Lever, what: str, given: Any, try_: str) -> ScenarioError:
    return ScenarioError(Problem(what, lever.path, str(given)[:80], try_))


def changes_of(levers: Sequence[Lever], given: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, by path, that differ from the scenario; raises ScenarioError with every value that cannot be."""
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    for lever in levers:
        if lever.path not in given:
            continue
        try:
            value = read(lever, given[lever.path])
        except ScenarioError as error:
            problems += error.problems
            continue
        if value != lever.value:
            is_new = lever.is_optional and lever.kind == "share"
            changes[lever.path] = {"value": value, "assumed": CHOICE, "range": [0, 1]} if is_new else value
    if problems:
        raise ScenarioError(problems)
    return changes
