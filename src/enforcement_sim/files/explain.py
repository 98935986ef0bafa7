"""What pydantic found, said with file, line, column, what was got and what to try."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ..errors import Problem
from .tree import Path_, Tree, problem

_PLAIN = {
    "int_type": ("a whole number is needed", "officers and cases come whole: round it, without quotes, e.g. 12"),
    "int_parsing": ("a whole number is needed", "a whole number, e.g. 12"),
    "int_from_float": ("a whole number is needed", "officers and cases come whole: round it"),
    "float_type": ("a number is needed", "a number without quotes, e.g. 0.25"),
    "float_parsing": ("a number is needed", "a number, e.g. 0.25"),
    "finite_number": ("a finite number is needed", "a plain number, e.g. 0.25"),
    "string_type": ("a text is needed", "put it in quotes"),
    "dict_type": ("a mapping of keys to values is needed", "indent its keys below it"),
    "model_type": ("a mapping of keys to values is needed", "indent its keys below it"),
    "list_type": ("a list is needed", "write [a, b] or one `- item` a line"),
    "tuple_type": ("a pair is needed", "write [lowest, highest]"),
    "too_long": ("too many items", "remove some"),
    "too_short": ("too few items", "add at least one"),
    "missing": ("a required key is missing", "add it"),
    "date_from_datetime_parsing": ("not a date", "a date as YEAR-MONTH-DAY, e.g. 2024-01-01"),
    "date_parsing": ("not a date", "a date as YEAR-MONTH-DAY, e.g. 2024-01-01"),
    "date_type": ("not a date", "a date as YEAR-MONTH-DAY, e.g. 2024-01-01"),
    "time_parsing": ("not a time of day", "a time as HOUR:MINUTE, e.g. 09:30"),
}


def nearest(word: str, valid: Iterable[Any]) -> str:
    """The valid name most like `word`, or all of them when none is like it and they are few."""
    names = [str(name) for name in valid]
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return close[0]
    if not names:
        return ""
    shown = ", ".join(names[:12])
    return f"one of {shown}" + (", …" if len(names) > 12 else "")


def problems(error: ValidationError, tree: Tree) -> list[Problem]:
    """Every fault of a validation, in the order of the file."""
    found: dict[tuple[Any, ...], Problem] = {}
    for detail in error.errors(include_url=False):
        for fault in _faults(detail, tree):
            # Alternatives of one union complain one by one about the same place; the first says enough.
            # A procedure that others extend is one place too, however often it is read.
            place = (fault.file, fault.line, fault.column)
            found.setdefault(place if fault.line else (fault.where, fault.what), fault)
    return sorted(found.values(), key=lambda fault: (fault.file, fault.line, fault.column))


def _faults(detail: Any, tree: Tree) -> list[Problem]:
    path, missing = _path(detail["loc"], tree.data)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "unknown_key":
        return [
            problem(tree, (*path, key), "unknown key", got=str(key), try_=nearest(key, context["valid"]), of_key=True)
            for key in context["keys"]
        ]
    got = _shown(_at(tree.data, path))
    if kind == "missing":
        return [problem(tree, (*path, missing), *_PLAIN["missing"][:1], try_=f"add `{missing}:`", of_key=True)]
    if kind == "value_error":
        what, _, hint = str(context["error"]).partition("||")
        return [problem(tree, path, what, got=got, try_=hint)]
    if kind == "union_tag_invalid":
        key = str(context["discriminator"]).strip("'")
        tags = [tag.strip().strip("'") for tag in context["expected_tags"].split(",")]
        return [
            problem(tree, (*path, key), f"unknown {key}", got=f"'{context['tag']}'", try_=nearest(context["tag"], tags))
        ]
    if kind == "union_tag_not_found":
        key = str(context["discriminator"]).strip("'")
        return [problem(tree, path, f"a required key is missing: {key}", try_=f"add `{key}:`")]
    if kind == "literal_error":
        expected = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        return [
            problem(
                tree, path, "not one of the words that may stand here", got=got, try_=nearest(detail["input"], expected)
            )
        ]
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return [problem(tree, path, _bound(kind, context), got=got, try_="a number within these bounds")]
    what, hint = _PLAIN.get(kind, (str(detail["msg"]), "see `enforcement-sim schema`"))
    return [problem(tree, path, what, got=got, try_=hint)]


def _bound(kind: str, context: Any) -> str:
    word, key = {
        "greater_than": ("above", "gt"),
        "greater_than_equal": ("at least", "ge"),
        "less_than": ("below", "lt"),
        "less_than_equal": ("at most", "le"),
    }[kind]
    return f"the number must be {word} {context[key]:g}"


def _path(location: tuple[Any, ...], data: Any) -> tuple[Path_, str]:
    """The path in the file: tags of unions and keys that the reader has put in are no part of it."""
    path: Path_ = ()
    last = ""
    for part in location:
        last = str(part)
        if (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        ):
            data = data[part]
            path = (*path, part)
    return path, last


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[part]
    return data


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        text = (
            "{"
            + ", ".join(
                f"{key}: …" if isinstance(inner, (dict, list)) else f"{key}: {inner}" for key, inner in value.items()
            )
            + "}"
        )
    else:
        text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "…"
