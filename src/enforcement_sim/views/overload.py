"""What is overloaded, said plainly where a mean would be taken for a level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..measures.frame import ALL
from ..model.figures import Language, Title
from . import theme
from .html import both, say, section, table, titled
from .rows import named
from .words import LANGUAGES, Names, name, word

MOST_NAMED = 6
"""Teams and jurisdictions that get a sentence each; more are named in one."""
MOST_ROWS, BUSY = 40, 0.8
"""With more rows than so many those are left out that are not overloaded and less busy than this share."""
Judged = tuple[Title, pd.DataFrame]
"""A scenario's name and its verdicts, as `measures.overload.overload_table` gives them."""


def overload_sentences(judged: Judged, names: Names, language: Language) -> list[str]:
    """What a reader must know before any mean: what is overloaded, else what is not clear; nothing if all is well."""
    title, rows = judged
    told = {"title": title.en if language == "en" else title.zh}
    over = rows[rows["verdict"] == "overloaded"].sort_values("growth", ascending=False, kind="stable")
    if over["kind"].eq("jurisdiction").sum() > 1:
        over = over[over["name"] != ALL]  # its parts say where
    shown = over[~_repeats(over)]
    found = [
        word("said_overloaded", language).format(
            **told, name=name(row["name"], names, language), growth=theme.number(row["growth"], 0),
            half=theme.number((row["growth_high"] - row["growth_low"]) / 2, 0),
        )
        for row in shown.head(MOST_NAMED).to_dict("records")
    ]  # fmt: skip
    if len(shown) > MOST_NAMED:
        more = (name(key, names, language) for key in shown["name"].iloc[MOST_NAMED:])
        found.append(word("said_overloaded_more", language).format(**told, names=_listed(more, language)))
    unclear = rows[(rows["verdict"] == "unclear") & rows["reason"].isin(["slow", "unsure"])]
    unclear = unclear[~_repeats(unclear)]
    if len(unclear):
        some = _listed((name(key, names, language) for key in unclear["name"]), language)
        found.append(word("said_overload_unclear", language).format(**told, names=some))
    if len(rows) and rows["reason"].isin(["too_few", "too_short"]).all():
        found.append(word(f"said_overload_{rows['reason'].iloc[0]}", language).format(**told))
    return found


def _repeats(rows: pd.DataFrame) -> pd.Series:
    """Rows that say again what one before says: the only jurisdiction of all, the only team of a jurisdiction."""
    return rows.duplicated(["growth", "growth_low"])


def _listed(names: Iterator[str], language: Language) -> str:
    return (", " if language == "en" else "、").join(names)


def overload_box(judged: Sequence[Judged], names: Names) -> str:
    """The sentences in a box of their own; empty if there are none."""
    english, chinese = ([one for each in judged for one in overload_sentences(each, names, code)] for code in LANGUAGES)
    said = [{"en": one, "zh": other} for one, other in zip(english, chinese, strict=True)]
    items = "".join(f"<li>{both(lambda code, told=told: told[code])}</li>" for told in said)  # type: ignore[misc]
    return f'<div class="box caution"><ul>{items}</ul></div>' if items else ""


def overload_section(judged: Sequence[Judged], names: Names) -> str:
    """A table of all verdicts with what they rest on."""
    words = ("overload_of", "scenario", "verdict", "load", "interval", "growth", "interval", "open_beside", "judged_on")
    many = sum(len(rows) for _, rows in judged) > MOST_ROWS
    lines, left_out = [], 0
    for title, rows in judged:
        for row in rows.to_dict("records"):
            if many and row["verdict"] == "stable" and not row["load"] >= BUSY and row["name"] != ALL:
                left_out += 1
                continue
            place = row["name"] if row["kind"] == "jurisdiction" else ""
            lines.append((place, [named(row["name"], names), titled(title), *_cells(row, names)]))
    told = both(lambda code: word("overload_left_out", code).format(load=theme.percent(BUSY, 0), count=left_out))
    before = f'<p class="how">{told}</p>' if left_out else ""
    content = table([say(key) for key in words], lines, numbers_from=3)
    return section("overload", "overload_how", None, content, before=before)


def _cells(row: dict[Any, Any], names: Names) -> list[str]:
    mark = {"stable": "met", "overloaded": "missed"}.get(row["verdict"], "chance")
    why = f"<br><small>{say('why_' + row['reason'])}</small>" if row["reason"] else ""
    least = "≥ " if row["verdict"] == "overloaded" else ""
    busiest = f"<br><small>{named(row['busiest'], names)}</small>" if row["busiest"] else ""
    return [
        f'<span class="{mark}">{say("overload_" + row["verdict"])}</span>{why}',
        least + theme.percent(row["load"]) + busiest,
        f"{theme.percent(row['load_low'])} … {theme.percent(row['load_high'])}",
        theme.signed(row["growth"]),
        f"{theme.signed(row['growth_low'])} … {theme.signed(row['growth_high'])}",
        theme.number(row["open"]),
        f"{row['since']} … {row['until']}" + (f"<br><small>{say('yearly_means')}</small>" if row["has_season"] else ""),
    ]
