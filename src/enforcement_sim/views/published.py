"""The pages of a published result: question, set-up, answer, the numbers with their intervals, how to run it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..model.figures import Language, Title
from ..model.result import Result
from .dots import Dot, dots
from .words import LANGUAGES, word

PAGE = {"en": "README.md", "zh": "README.zh.md"}
FIGURE = {"en": "figure.svg", "zh": "figure.zh.svg"}
TABLE, CLAIMS, MARK = "shown.csv", "claims.csv", " ⚠"


class ClaimRow(NamedTuple):
    """A claim as the page tells it: name, what is meant, the number in the text, its interval and replications.

    `no_level` if it depends on how long the run is, as something is overloaded.
    """

    name: str
    what: str
    told: str
    low: str
    high: str
    n: int
    no_level: bool


class PointRow(NamedTuple):
    """A point as the page tells it: its values by axis, mean and ends of the interval as numbers and as texts."""

    values: Sequence[str]
    mean: float
    low: float
    high: float
    texts: tuple[str, str, str]
    no_level: bool


@dataclass(frozen=True, slots=True)
class Publication:
    """What the pages tell. `axes` are the columns of every point's values; `file` is the sweep file."""

    name: str
    title: Title
    result: Result
    axes: Sequence[str]
    points: Sequence[PointRow]
    claims: Sequence[ClaimRow]
    replications: int
    file: str


def published_texts(one: Publication) -> dict[str, str]:
    """Pages, figures and tables in both languages, by file name; the same text for the same numbers."""
    found = {PAGE[code]: _page(one, code) for code in LANGUAGES}
    found |= {FIGURE[code]: _figure(one, code) for code in LANGUAGES}
    rows = ([*row.values, repr(row.mean), repr(row.low), repr(row.high)] for row in one.points)
    found[TABLE] = _csv([[*one.axes, "mean", "low", "high"], *rows])
    claims = ([c.name, c.what, c.told, c.low, c.high, str(c.n)] for c in one.claims)
    found[CLAIMS] = _csv([["claim", "what", "told", "low", "high", "replications"], *claims])
    return found


def _figure(one: Publication, code: Language) -> str:
    title = getattr(one.result.shows.title, code)
    factor = 100.0 if one.result.shows.told_as == "percent" else 1.0
    rows = [Dot(_label(one, row.values), factor * row.mean, factor * row.low, factor * row.high) for row in one.points]
    return dots(title + (" (%)" if factor != 1.0 else ""), rows)


def _label(one: Publication, values: Sequence[str]) -> str:
    """What tells a point from the others, as short as its axes allow."""
    if len(one.axes) == 1:
        return values[0]
    return " · ".join(f"{axis.split('.')[-1]} {value}" for axis, value in zip(one.axes, values, strict=True))


def _page(one: Publication, code: Language) -> str:
    result = one.result

    def said(title: Title) -> str:
        return str(getattr(title, code))

    answer = said(result.answer).format(**{claim.name: claim.told for claim in one.claims})
    heads = [*(f"`{axis}`" for axis in one.axes), said(result.shows.title), word("interval", code)]
    table = _table(
        heads,
        [[*row.values, row.texts[0] + MARK * row.no_level, f"{row.texts[1]} … {row.texts[2]}"] for row in one.points],
    )
    claim_heads = [word(key, code) for key in ("claim", "claim_what", "claim_told", "interval", "replications")]
    claims = _table(
        claim_heads,
        [[c.name, f"`{c.what}`", c.told + MARK * c.no_level, f"{c.low} … {c.high}", str(c.n)] for c in one.claims],
    )
    file = one.file.removeprefix("../" * one.file.count("../"))
    again = word("published_again", code).format(name=one.name, file=file, replications=one.replications)
    parts = [
        f"# {said(one.title)}",
        f"## {word('published_question', code)}\n\n{said(result.question)}",
        f"## {word('published_answer', code)}\n\n{answer}",
        f"![{said(result.shows.title)}]({FIGURE[code]})",
        f"## {word('published_set_up', code)}\n\n{said(result.set_up)}",
        table,
        *([MARK.strip() + " " + word("no_level", code)] if any(row.no_level for row in one.points) else []),
        f"## {word('published_assumes', code)}\n\n{said(result.assumes)}",
        f"## {word('published_numbers', code)}\n\n{claims}",
        f"## {word('published_rerun', code)}\n\n{again}",
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def by_axis(values: Mapping[str, object], axes: Sequence[str]) -> list[str]:
    """A point's values as texts, a dash where it has none."""
    return [str(values[axis]) if axis in values else "–" for axis in axes]
