"""What a sweep was asked: a section for each question, and the same sentences for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Protocol

import pandas as pd

from ..model.figures import Language
from ..model.questions import Best, Limit, Questions
from . import charts, theme
from .figure import Figure
from .html import both, say, section
from .html import table as html_table
from .levers import lever_name, lever_value
from .page import ByPlace, Part
from .words import LANGUAGES, Names, name, word

_SHARES = ("overdue_share", "extended_share", "use")
_OWN = (
    "question", "name", "scenario", "complete", "breaches", "of", "futures", "share", "low", "high", "verdict",
    "reason", "needed", "mean", "difference", "could_be_best", "rows", "picked",
)  # fmt: skip
MOST_NAMED = 8
"""Points that a sentence names; more are counted."""


class Answers(Protocol):
    """What a sweep was asked and the tables of its answers, as `studies.questions.answers` gives them."""

    @property
    def questions(self) -> Questions: ...  # noqa: D102
    @property
    def limits(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def smallest(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def best(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def left_out(self) -> pd.DataFrame: ...  # noqa: D102


def question_sections(answers: Answers, names: Names) -> list[Part]:
    """A section with sentences, table and, for limits of a sweep with levers, a chart for each question."""
    parts: list[Part] = []
    for number, limit in enumerate(answers.questions.limits):
        key, table = f"limit-{number}", _of(answers.limits, number)
        drawn = _limit_figure(limit, table, names)
        figures: dict[str, ByPlace] = {} if drawn is None else {key: {"": drawn}}
        said = both(lambda code, n=number: " ".join(_limit_sentences(answers, n, code)))  # type: ignore[misc]
        heading = both(lambda code, q=limit: _heading(q, names, code))  # type: ignore[misc]
        content = _limit_rows(limit, table)
        parts.append(Part(key, heading, _section(key, heading, said, "limit_how", content, drawn is not None), figures))
    for number, best in enumerate(answers.questions.best):
        key, table = f"best-{number}", _of(answers.best, number)
        said = both(lambda code, n=number: " ".join(_best_sentences(answers, n, code)))  # type: ignore[misc]
        heading = both(lambda code, q=best: _heading(q, names, code))  # type: ignore[misc]
        parts.append(Part(key, heading, _section(key, heading, said, "best_how", _best_rows(best, table), False)))
    return parts


def question_lines(answers: Answers, names: Names, language: Language = "en") -> list[str]:
    """The answers in sentences, a line for each question, for the terminal."""
    lines = []
    for number, limit in enumerate(answers.questions.limits):
        said = " ".join(_limit_sentences(answers, number, language))
        lines.append(f"{_heading(limit, names, language)}: {said}")
    for number, best in enumerate(answers.questions.best):
        said = " ".join(_best_sentences(answers, number, language))
        lines.append(f"{_heading(best, names, language)}: {said}")
    return lines


def _limit_sentences(answers: Answers, number: int, code: Language) -> list[str]:
    limit, table = answers.questions.limits[number], _of(answers.limits, number)
    counts = {verdict: int((table["verdict"] == verdict).sum()) for verdict in ("holds", "fails", "unclear")}
    allowed = theme.percent(1 - limit.holds_in, 0)
    said = [word("said_limit", code).format(**counts, points=len(table), allowed=allowed)] if len(table) else []
    for row in _of(answers.smallest, number).to_dict("records"):
        told = {"axis": row["axis"], "smallest": row["smallest"], "largest": row["largest"]}
        where = "" if row["scenario"] is None else word("in_scenario", code).format(scenario=row["scenario"])
        key = "said_smallest" if row["smallest"] is not None else "said_smallest_none"
        said.append(word(key, code).format(**told, where=where))
        if row["smallest"] is not None and not row["between"]:
            said.append(word("said_not_between", code).format(**told))
    if len(table) and (table["reason"] == "too_few").any():
        unit = "futures" if table["futures"].any() else "replications"
        said.append(word(f"said_limit_needs_{unit}", code).format(needed=int(table["needed"].iloc[0])))
    return [*said, *_left_out(answers, "limit", number, code)]


def _best_sentences(answers: Answers, number: int, code: Language) -> list[str]:
    best, table = answers.questions.best[number], _of(answers.best, number)
    said = []
    if table.empty:
        said.append(word("said_no_choice", code))
    elif table["reason"].iloc[0]:
        said.append(word(f"reason_{table['reason'].iloc[0]}", code))
    elif table["picked"].any():
        told = {"level": theme.percent(best.level, 0), "indifference": f"{best.indifference:g}"}
        said.append(word("said_picked", code).format(name=_choice(table[table["picked"]].iloc[0], code), **told))
    else:
        could = [_choice(row, code) for _, row in table[table["could_be_best"]].iterrows()]
        key = "said_best_one" if len(could) == 1 else "said_best_some"
        said.append(word(key, code).format(names=_listed(could, code), count=len(could), of=len(table)))
    if best.indifference is not None and len(table) and not table["picked"].any():
        needed = table["needed"].iloc[0]
        key = "said_pick_first" if needed != needed else "said_pick_needs"
        told = {"needed": "" if needed != needed else f"{needed:,.0f}", "rows": str(int(table["rows"].iloc[0]))}
        said.append(word(key, code).format(**told))
    return [*said, *_left_out(answers, "best", number, code)]


def _left_out(answers: Answers, kind: str, number: int, code: Language) -> list[str]:
    out = _of(answers.left_out, number)
    out = out[out["kind"] == kind]
    return [
        word(f"left_out_{why}", code).format(points=_listed([str(point) for point in some["point"]], code))
        for why, some in out.groupby("why", sort=False)
    ]


def _listed(parts: Sequence[str], code: Language) -> str:
    shown = (", " if code == "en" else "、").join(parts[:MOST_NAMED])
    more = len(parts) - MOST_NAMED
    return shown if more <= 0 else shown + word("and_more", code).format(more=more)


def _choice(row: Any, code: Language) -> str:
    """A choice by its levels, with its scenario; by its name where it has none."""
    axes = [key for key in row.index if key not in _OWN]
    told = ", ".join(f"{axis}: {lever_value(axis, row[axis])}" for axis in axes if lever_value(axis, row[axis]) != "–")
    scenario = "" if row["scenario"] is None else word("in_scenario", code).format(scenario=row["scenario"])
    return f"{told or row['name']}{scenario}"


def _heading(question: Limit | Best, names: Names, code: Language) -> str:
    """Its title, or what is asked in a few words."""
    if question.title is not None:
        return question.title.en if code == "en" else question.title.zh
    parts = [word(f"measure_{question.measure}", code)]
    named = (question.jurisdiction, question.field, question.item)
    parts += [name(part, names, code) for part in named if part not in (None, "all")]
    parts += [] if question.period is None else [str(question.period)]
    told = " · ".join(parts)
    if isinstance(question, Limit):
        return f"{told} {'≤' if question.at_most is not None else '≥'} {_number(question, question.bound)}"
    return word("best_smallest" if question.smallest else "best_largest", code).format(what=told)


def _number(question: Limit | Best, value: float) -> str:
    return theme.percent(value) if question.measure in _SHARES else theme.number(value, 2)


def _limit_rows(limit: Limit, table: pd.DataFrame) -> str:
    axes, lines = _axes(table), []
    for row in table.to_dict("records"):
        verdict = {"holds": "met", "fails": "missed"}.get(row["verdict"], "chance")
        told = f'<span class="{verdict}">{say("verdict_" + row["verdict"])}</span>'
        why = f"<br><small>{say('reason_' + row['reason'])}</small>" if row["reason"] else ""
        interval = f"{theme.percent(row['low'])} … {theme.percent(row['high'])}"
        cells = [_point(row), *(escape(lever_value(axis, row[axis])) for axis in axes), told + why]
        lines.append(("", [*cells, f"{row['breaches']} / {row['of']}", theme.percent(row["share"]), interval]))
    heads = [
        say("point"),
        *map(_axis, axes),
        say("verdict"),
        say("breaches"),
        say("share_in_breach"),
        _interval(limit.level),
    ]
    return html_table(heads, lines, numbers_from=len(heads) - 3)


def _best_rows(best: Best, table: pd.DataFrame) -> str:
    axes, lines = _axes(table), []
    for row in table.to_dict("records"):
        could = say("picked") if row["picked"] else say("could_be_best") if row["could_be_best"] else say("is_worse")
        mark = "met" if row["picked"] or row["could_be_best"] else "missed"
        interval = f"{theme.signed(row['low'], 2)} … {theme.signed(row['high'], 2)}"
        cells = [
            _point(row),
            *(escape(lever_value(axis, row[axis])) for axis in axes),
            f'<span class="{mark}">{could}</span>',
        ]
        numbers = [_number(best, row["mean"]), theme.signed(row["difference"], 2), "–" if row["reason"] else interval]
        lines.append(("", [*cells, *numbers]))
    heads = [say("point"), *map(_axis, axes), say("verdict"), say("mean"), say("ahead"), _interval(best.level)]
    return html_table(heads, lines, numbers_from=len(heads) - 3)


def _interval(level: float) -> str:
    return both(lambda code: word("interval_at", code).format(level=theme.percent(level, 0)))


def _point(row: Mapping[Any, Any]) -> str:
    mark = "" if row.get("complete", True) else f' <span class="missed">⚠ {say("incomplete")}</span>'
    return f"<code>{escape(str(row['name']))}</code>{mark}"


def _limit_figure(limit: Limit, table: pd.DataFrame, names: Names) -> dict[Language, Figure] | None:
    """Shares in breach over one or two levers, or None where there are none or a point has no level of one."""
    axes = _axes(table)
    if len(table) and table["scenario"].notna().any():
        axes = ["scenario", *axes]
    if not 0 < len(axes) <= 2 or table[axes].isna().any(axis=None):
        return None
    shown = table[axes].assign(
        marked=~table["complete"].astype(bool), **{key: 100 * table[own] for key, own in _DRAWN.items()}
    )
    found = {}
    for code in LANGUAGES:
        figure = charts.sweep_map(
            shown, {axis: lever_name(axis, names, code) for axis in axes}, "share", _heading(limit, names, code), code
        )
        if len(axes) == 1:
            figure.change(yaxis={"title": {"text": word("share_in_breach_y", code)}})
            allowed = 100 * (1 - limit.holds_in)
            line = {"color": theme.MARK, "width": 1, "dash": "dot"}
            figure.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=allowed, y1=allowed, yref="y", line=line)
        found[code] = figure
    return found


_DRAWN = {"mean": "share", "low": "low", "high": "high"}


def _section(key: str, heading: str, said: str, how: str, content: str, has_chart: bool) -> str:
    return section(key, how, key if has_chart else None, content, heading=heading, before=f'<p class="box">{said}</p>')


def _of(table: pd.DataFrame, number: int) -> pd.DataFrame:
    return table[table["question"] == number] if "question" in table else table


def _axes(table: pd.DataFrame) -> list[str]:
    """The levers of a table; a column of another question's levers is empty here."""
    return [column for column in table.columns if column not in _OWN and table[column].notna().any()]


def _axis(axis: str) -> str:
    return f"<code>{escape(axis)}</code>"
