"""Numbers of the pages, and what each is held against: the register docs/numbers.yaml and its checks."""

from __future__ import annotations

import ast
import csv
import functools
import importlib
import inspect
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(
    r"(?<![\w./])(?<![A-Za-z_.]-)\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,/])(?<![A-Za-z_.]-)\d+(?:\.\d+)*(?!\w)", re.A
)
"""Digits that are no part of a name (P90, ARL-11); the sign is not looked at."""
NO_NUMBER = re.compile(
    r"^(?:```|~~~).*?^(?:```|~~~)\s*$"  # a block of code: tests/docs/test_printed.py and test_docs.py
    r"|``.+?``|`[^`\n]+`|(?<=\])\([^)\s]*\)|https?://[^\s)>]+|<!--.*?-->"
    r"|^#+ +\d+ · |^ *\d+\. +"  # ordinals of headings and lists
    r"|(?<!\d)\d{4}-\d\d-\d\d(?!\d)|(?<![\d,.])202[0-6](?!\d|[,.]\d)|(?<!\d)\d\d:\d\d(?::\d\d)?(?!\d)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Page:
    """A page with its spaces made single, and which characters are no prose."""

    text: str
    left: tuple[bool, ...]

    @staticmethod
    def of(raw: str, generated: Iterable[Mapping[str, str]] = ()) -> Page:
        """Without what is code or written by the program, between two marks or as a whole."""
        left = [False] * len(raw)
        spans = [found.span() for found in NO_NUMBER.finditer(raw)]
        for part in generated:
            start = raw.index(part["since"]) if "since" in part else 0
            spans.append((start, raw.index(part["until"], start) if "until" in part else len(raw)))
        for start, end in spans:
            left[start:end] = [True] * (end - start)
        kept = [at for at, sign in enumerate(raw) if not (sign.isspace() and at and raw[at - 1].isspace())]
        text = "".join(" " if raw[at].isspace() else raw[at] for at in kept)
        return Page(text, tuple(left[at] for at in kept))

    def numbers(self, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Every number of the prose from *start* to *end*."""
        for found in NUMBER.finditer(self.text, start, len(self.text) if end is None else end):
            if not any(self.left[found.start() : found.end()]):
                yield found


def fits(told: str, value: float) -> bool:
    """Whether *told* is *value*, rounded to the digits that are told; thousands at the end may be rounded, too."""
    digits = told.replace(",", "")
    after = len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits and "," in told else 0
    return abs(float(digits) - abs(value)) <= 0.5 * 10.0 ** (zeros - after) * (1 + 1e-9) and (
        zeros > 0 or after > 0 or value != int(value) or float(digits) == abs(value)
    )


def numbers_of(value: Any) -> list[float]:
    """Numbers that a value of a file holds: itself, those of a text, those of its parts."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, (int, float)):
        return [float(value)]
    if isinstance(value, Mapping):
        return [number for part in value.values() for number in numbers_of(part)]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [number for part in value for number in numbers_of(part)]
    text = re.sub(r"(?<=\d)_(?=\d)", "", str(value))  # 1_000 of a source file
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@functools.cache
def loaded(file: str) -> Any:
    """A file of the project in YAML or JSON."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".toml"):
        return tomllib.loads(text)
    return json.loads(text) if file.endswith(".json") else YAML(typ="safe").load(text)


def at(value: Any, path: str) -> Any:
    """What stands at a path of keys with dots between; numbers count in lists, in mappings keys may be numbers."""
    for key in path.split(".") if path else []:
        value = value[int(key)] if isinstance(value, list) else value[key if key in value else int(key)]
    return value


def _claim(name: str) -> list[float]:
    result, _, claim = name.partition("/")
    return numbers_of(loaded(f"results/published/{result}/manifest.json")["claims"][claim]["told"])


def _value(of: Mapping[str, str]) -> list[float]:
    return numbers_of(at(loaded(of["file"]), of["path"]))


@functools.cache
def law_rows() -> dict[str, dict[str, Any]]:
    """Every row of the law book by its id."""
    files = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "scenarios/law/china").glob("*.yaml"))
    return {name: row for file in files for name, row in loaded(file)["rows"].items()}


def _law(row: str) -> list[float]:
    name, _, part = row.partition("/")
    told = law_rows()[name]
    return numbers_of(told["parts"][part]["value"] if part else told.get("value", told.get("written")))


def _article(row: str) -> list[float]:
    return numbers_of(law_rows()[row]["article"])


def _constant(name: str) -> list[float]:
    module, _, names = name.partition(":")
    value: Any = importlib.import_module(f"enforcement_sim.{module}")
    for part in names.split("."):
        fields = getattr(value, "model_fields", {})
        if inspect.isfunction(value):
            value = inspect.signature(value).parameters[part].default
        else:
            value = fields[part].default if part in fields else getattr(value, part)
    return numbers_of(value)


def _count(of: Mapping[str, str] | list[Mapping[str, str]]) -> list[float]:
    if isinstance(of, list):
        return [sum(_count(one)[0] for one in of)]
    if "files" in of:
        return [float(len(list(ROOT.glob(of["files"]))))]
    if "law" in of:
        return [float(sum(of["law"] in ("all", row["evidence"]) for row in law_rows().values()))]
    return [float(len(at(loaded(of["items"]), of.get("path", ""))))]


def _kept(of: Mapping[str, Any]) -> list[float]:
    with (ROOT / of["file"]).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[key] == str(told) for key, told in of["where"].items())]
    if not rows:
        raise LookupError(f"no row of {of['file']} with {of['where']}")
    columns = [of["column"]] if isinstance(of["column"], str) else of["column"]
    return [float(row[column]) for row in rows for column in columns if row[column]]


def _test(name: str) -> list[float]:
    return numbers_of(source_of(name))


def source_of(name: str) -> str:
    """The text of a test or of what else stands at path::name; an error where nothing does."""
    path, _, wanted = name.partition("::")
    text = (ROOT / path).read_text(encoding="utf-8")
    if not wanted:
        return text
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == wanted:
            first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == wanted for to in node.targets):
            return ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == wanted:
            return ast.get_source_segment(text, node) or ""
    raise LookupError(f"{path} has no {wanted}")


def _published(of: Mapping[str, Any]) -> list[float]:
    """Of a source in a scenario's list: the numbers of its note and of every value that cites it."""
    raw = loaded(of["file"])
    cited: list[Any] = [raw["sources"][of["key"]]]

    def look(value: Any) -> None:
        if isinstance(value, Mapping):
            if of["key"] in str(value.get("source", "")):
                cited.append(value)
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                look(part)

    look(raw)
    return numbers_of(cited)


CHECKED: dict[str, Callable[[Any], list[float]]] = {
    "claim": _claim, "scenario": _value, "law": _law, "article": _article, "constant": _constant, "count": _count,
    "kept": _kept, "test": _test, "published": _published,
}  # fmt: skip
TOLD = {"held_by": (), "reference": (), "measured": ("command", "date", "machine"), "definition": ()}
"""Kinds of which only the register says where the number is from, and what each has to say; `held_by` names a test that
compares the sentence with what the program finds."""


def source_faults(numbers: list[str], sources: list[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with numbers that are said to come from these sources."""
    open_, loose = list(numbers), False
    for source in sources:
        kind = next((key for key in source if key in CHECKED or key in TOLD), None)
        if kind is None:
            yield f"of no known kind: {dict(source)}"
        elif kind in TOLD:
            if "numbers" in source:
                open_ = [told for told in open_ if told not in source["numbers"]]
            elif any(key in CHECKED for other in sources for key in other):
                yield f"{kind} stands beside a source that is checked, and says not of which numbers it speaks: numbers: [...]"
            loose |= "numbers" not in source
            if not source[kind] or any(not source[kind].get(key) for key in TOLD[kind]):
                yield f"{kind} says too little"
            if kind == "held_by":
                try:
                    source_of(source[kind])
                except (LookupError, OSError) as error:
                    yield f"held_by: {error}"
        else:
            try:
                times = 100.0 if source.get("as") == "percent" else float(source.get("times", 1))
                values = [value * times for value in CHECKED[kind](source[kind])]
            except (LookupError, OSError, AttributeError, ImportError, TypeError, ValueError) as error:
                yield f"{kind} {source[kind]}: {type(error).__name__} {error}"
                continue
            met = [told for told in numbers if any(fits(told, round(value, 9)) for value in values)]
            if not met:
                yield f"{kind} {source[kind]} is {', '.join(f'{value:g}' for value in values[:8])}"
            open_ = [told for told in open_ if told not in met]
    if open_ and not loose:
        yield f"held against nothing: {', '.join(open_)}"


def page_faults(raw: str, told: Mapping[str, Any]) -> list[str]:
    """Numbers of a page that stand in no entry, entries that stand not on it, and those whose numbers are others."""
    generated = told.get("generated", [])
    faults = []
    for part in generated:
        try:
            source_of(part["by"])
        except (LookupError, OSError) as error:
            faults.append(f"generated: {error}")
    page = Page.of(raw, generated)
    covered: list[tuple[int, int]] = []
    for entry in told.get("numbers", []):
        says = " ".join(entry["says"].split())
        if page.text.count(says) != 1:
            faults.append(f"stands {page.text.count(says)} times on the page: {says}")
            continue
        start = page.text.index(says)
        covered.append((start, start + len(says)))
        numbers = [found[0] for found in page.numbers(*covered[-1])]
        sources = entry["from"] if isinstance(entry["from"], list) else [entry["from"]]
        faults += [f"{says}: {fault}" for fault in source_faults(numbers, sources)]
        if not numbers:
            faults.append(f"{says}: no number in it")
    for found in page.numbers():
        if not any(start <= found.start() and found.end() <= end for start, end in covered):
            around = page.text[max(0, found.start() - 40) : found.end() + 40]
            faults.append(f"{found[0]} is in no entry: …{around}…")
    return faults
