"""The law book of a scenario, read from a folder of statute files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import Problem, ScenarioError
from . import explain
from .inside import keep_inside
from .tree import Path_, Tree, parse_file, problem

_FILES: Path_ = ("law", "files")
_STATUTES: Path_ = ("law", "statutes")


def put_in(tree: Tree, within: Path | None = None) -> None:
    """Put the statutes that a scenario's `law.files` names under `law.statutes`, each with its places.

    The path counts from the file in which it is written, whichever file extends that one. Raises ScenarioError
    for files that cannot be read or do not lie below `within`, if that is given, and for rows that stand twice or
    replace what is no row.
    """
    law = tree.data.get("law")
    if not isinstance(law, dict) or not isinstance(law.get("files"), str):
        return  # the check of its form says so
    if "statutes" in law:
        what = "statutes are read from the files of the law"
        raise ScenarioError(problem(tree, _STATUTES, what, try_="write them into a file there", of_key=True))
    statutes: dict[str, Any] = {}
    tree.data["law"] = {**law, "statutes": statutes}
    for path in _files(tree, law["files"], within):
        facts = path.stat()
        one = _parsed(path, facts.st_mtime_ns, facts.st_size)
        statutes[path.stem] = one.data
        inside: Path_ = (*_STATUTES, path.stem)
        tree.keys.update({(*inside, *at): place for at, place in one.keys.items()})
        tree.values.update({(*inside, *at): place for at, place in one.values.items()})
    found = list(_faults(tree, statutes))
    if found:
        raise ScenarioError(found)


@lru_cache(maxsize=1024)
def _parsed(path: Path, changed: int, size: int) -> Tree:  # noqa: ARG001 - a file is read again once it has changed
    try:
        return parse_file(path)
    except ScenarioError as error:
        raise ScenarioError([_of_a_statute(fault) for fault in error.problems]) from None


def _of_a_statute(fault: Problem) -> Problem:
    """A fault that the reader of scenarios found, said of a statute."""
    hint = "start with `title:` and `rows:`, see docs/law.md" if "format: 1" in fault.try_ else fault.try_
    return replace(fault, what=fault.what.replace("a scenario", "a statute"), try_=hint)


def _files(tree: Tree, named: str, within: Path | None) -> list[Path]:
    place = tree.place(_FILES)
    beside = Path(place.file).parent if place is not None else Path()
    at = keep_inside(tree, _FILES, beside, named, within)
    if at.is_file():
        return [at]
    found = sorted(at.glob("*.yaml")) if at.is_dir() else []
    for file in found:
        keep_inside(tree, _FILES, at, file.name, within)  # it may be a link
    if found:
        return found
    if at.is_dir():
        raise ScenarioError(problem(tree, _FILES, "no statute in this folder", got=named, try_="files named *.yaml"))
    near = explain.nearest(at.name, sorted(other.name for other in at.parent.glob("*") if other.is_dir()))
    what = "no such folder, seen from this file"
    raise ScenarioError(problem(tree, _FILES, what, got=named, try_=near or "check the path"))


def _faults(tree: Tree, statutes: dict[str, Any]) -> Iterator[Problem]:
    """Rows that stand in two files, and rows that replace what is no row or what another one replaced."""
    seen: dict[str, Path_] = {}
    replaced: dict[str, str] = {}
    for row, _, path in _rows(statutes):
        if row in seen:
            first = tree.place(seen[row], of_key=True)
            where = "" if first is None else f" (first in {first.file}, line {first.line})"
            yield problem(tree, path, f"the row {row} stands twice{where}", got=row, try_="remove one", of_key=True)
        seen.setdefault(row, path)
    for row, body, path in _rows(statutes):
        before = body.get("replaces") if isinstance(body, dict) else None
        if not isinstance(before, str):
            continue
        inner: Path_ = (*path, "replaces")
        if before not in seen or before == row:
            others = [name for name in seen if name != row]
            yield problem(tree, inner, "no other row has this id", got=before, try_=explain.nearest(before, others))
        elif before in replaced:
            yield problem(tree, inner, f"{replaced[before]} replaces this row too", got=before, try_="keep one")
        replaced.setdefault(before, row)


def _rows(statutes: dict[str, Any]) -> Iterator[tuple[str, Any, Path_]]:
    """Every row with its body and its path, as far as the files have the form of statutes."""
    for name, statute in statutes.items():
        rows = statute.get("rows") if isinstance(statute, dict) else None
        for row, body in rows.items() if isinstance(rows, dict) else ():
            yield str(row), body, (*_STATUTES, name, "rows", row)
