"""The first page: the question, the answer in a few sentences with intervals, and every unit at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ...measures.comparison import Compared
from ...model.figures import Language
from .. import theme
from ..figure import Figure, trace
from ..html import both, label, say, section, table, titled
from ..overload import overload_box
from ..page import Page, Part
from ..questions import question_lines
from ..rows import figure, named, spread
from ..words import LANGUAGES, name, word
from .shown import Shown, told

COLUMNS = 4
"""Small charts beside each other."""
EVERY = 4
"""Of the weekly numbers a small chart draws every so many-th."""
PANEL = 150
"""Pixels that a row of small charts is high."""


def overview(shown: Shown, pages: Sequence[str]) -> Page:
    """The page; `pages` are the keys of the others, in their order."""
    parts = [
        Part("findings", say("findings"), _answer(shown)),
        Part("units", say("units"), _units(shown), {"units": {"": {code: _small(shown, code) for code in LANGUAGES}}}),
        Part("more", say("more"), _cards(pages)),
    ]
    return Page("index", parts)


def _answer(shown: Shown) -> str:
    boxes = overload_box([(one.title, one.overload) for one in shown.tables], shown.names)
    sentences = [
        dict(zip(LANGUAGES, one, strict=True))
        for one in zip(*(_sentences(shown, code) for code in LANGUAGES), strict=True)
    ]
    items = "".join(f"<li>{both(one.__getitem__)}</li>" for one in sentences)
    caution = f'<p class="box caution">{say("not_forecast")}</p>' if shown.tables[-1].scenario.stylised_on else ""
    question = both(lambda code: _question(shown, code))
    return (
        f'<section id="findings"><h2 id="h-findings">{question}</h2>'
        f'<div class="box answer"><ol>{items}</ol></div>{boxes}{caution}</section>'
    )


def _question(shown: Shown, code: Language) -> str:
    base = told(shown.base.title, code)
    if not shown.others:
        return word("asks_level", code).format(base=base)
    others = word("list_comma", code).join(f"“{told(one.title, code)}”" for one in shown.others)
    return word("asks_change", code).format(base=base, others=others)


def _sentences(shown: Shown, code: Language) -> list[str]:
    """Three with one other scenario: what becomes of the backlog, what of the deadlines, and how sure that is."""
    level, space = _level(shown, code), " " if code == "en" else ""
    found = [] if shown.others else [level, _worst_clock(shown, code)]
    deadlines = [list(_deadlines(shown, number, code)) for number in range(1, len(shown.tables))]
    same = [word("said_clocks_same", code).format(title=told(one.title, code)) for one in shown.others]
    all_same = len(same) > 1 and [one[0] for one in deadlines if one] == same
    for number, one in enumerate(shown.others, start=1):
        said = [level] * (number == 1) + [_backlog(one, shown, code)]
        found += [space.join(said), *([] if all_same else deadlines[number - 1])]
    found += [word("said_clocks_all_same", code)] if all_same else []
    if shown.answers is not None:
        found += question_lines(shown.answers, shown.names, code)
    found.append(space.join(_trust(shown, code)))
    return [one for one in found if one]


def _level(shown: Shown, code: Language) -> str:
    rows = _last(shown.base.yearly)
    rows = rows[rows["jurisdiction"] == "all"]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    numbers = {key: theme.number(row[key], 0 if row["mean"] >= 100 else 1) for key in ("mean", "low", "high")}
    return word("said_level", code).format(title=told(shown.base.title, code), year=row["period"], **numbers)


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = rows[(rows["field"] == "all") & (rows["period"] == rows["period"].max())]
    return last


def _backlog(one: Compared, shown: Shown, code: Language) -> str:
    """All places together, and the two that gain and lose most where chance does not explain it."""
    rows = one.open_cases
    whole = rows[rows["jurisdiction"] == "all"]
    parts = [word("said_in_all", code).format(title=told(one.title, code), year=one.year, **_signed(whole.iloc[0]))]
    real = rows[(rows["jurisdiction"] != "all") & ((rows["low"] > 0) | (rows["high"] < 0))].sort_values("mean")
    for key, some in (
        ("said_most_more", real[real["mean"] > 0].iloc[::-1]),
        ("said_most_fewer", real[real["mean"] < 0]),
    ):
        if len(some):
            names = word("list_comma", code).join(
                f"{name(row['jurisdiction'], shown.names, code)} {_signed(row)['mean']} "
                f"({_signed(row)['low']} … {_signed(row)['high']})"
                for row in some.head(2).to_dict("records")
            )
            parts.append(word(key, code).format(places=names))
    if real.empty:
        parts.append(word("said_nowhere", code))
    return word("list_semicolon", code).join(parts) + word("full_stop", code)


def _signed(row: Any) -> dict[str, str]:
    return {key: theme.signed(row[key]) for key in ("mean", "low", "high")}


def _deadlines(shown: Shown, number: int, code: Language) -> Iterator[str]:
    """The clock whose share overdue changes most beyond chance, and the extra backlog's end."""
    here, base = (_overdue(shown.tables[at].overdue) for at in (number, 0))
    both_ = here.merge(base, on="item", suffixes=("", "_base"))
    # Where no case of any replication was late there is no interval: it cannot tell how rare that is.
    ends = both_.assign(**{
        key: both_[key].fillna(both_[key.replace("low", "mean").replace("high", "mean")])
        for key in ("low", "high", "low_base", "high_base")
    })  # fmt: skip
    apart = both_[(ends["low"] > ends["high_base"]) | (ends["high"] < ends["low_base"])]
    title = told(shown.tables[number].title, code)
    if both_.empty:
        return
    if apart.empty:
        yield word("said_clocks_same", code).format(title=title)
        return
    row = apart.assign(by=(apart["mean"] - apart["mean_base"]).abs()).sort_values("by").iloc[-1]
    shares = {key or "here": _share(row, key, code) for key in ("", "_base")}
    yield word("said_clock_changes", code).format(title=title, clock=name(row["item"], shown.names, code), **shares)


def _share(row: Any, side: str, code: Language) -> str:
    """A share with its interval, or that there was none."""
    mean, low, high = (float(row[f"{key}{side}"]) for key in ("mean", "low", "high"))
    if low != low and mean == 0.0:
        return word("none_seen", code)
    return word("share_told", code).format(mean=theme.percent(mean), low=theme.percent(low), high=theme.percent(high))


def _worst_clock(shown: Shown, code: Language) -> str:
    rows = _overdue(shown.base.overdue).sort_values("mean")
    rows = rows[rows["low"].notna()]
    if rows.empty:
        return word("said_none_overdue", code)
    row = rows.iloc[-1]
    numbers = {key: theme.percent(row[key]) for key in ("mean", "low", "high")}
    return word("said_worst_clock", code).format(clock=name(row["item"], shown.names, code), **numbers)


def _overdue(table: pd.DataFrame) -> pd.DataFrame:
    rows = _last(table)
    return rows[(rows["jurisdiction"] == "all") & rows["mean"].notna()]


def _trust(shown: Shown, code: Language) -> Iterator[str]:
    base = shown.base
    told_ = {"replications": str(base.replications), "seed": str(base.seed)}
    yield word("said_rests_on" if base.replications > 1 else "said_rests_on_one", code).format(**told_)
    if len(base.published):
        within = base.published["within"]
        chance = int((base.published["by_chance"] & ~within).sum())
        counts = {"met": int(within.sum()), "count": len(base.published), "chance": chance}
        yield word("said_published", code).format(title="", **counts)


def _units(shown: Shown) -> str:
    """A row for each unit: open cases in the last year, and the difference of each other scenario."""
    heads = [say("jurisdiction"), titled(shown.base.title), say("interval")]
    for one in shown.others:
        heads += [titled(one.title), say("interval")]
    lines = []
    base = {row["jurisdiction"]: row for row in _last(shown.base.yearly).to_dict("records")}
    for place in shown.places:
        if place not in base:
            continue
        row = base[place]
        cells = [named(place, shown.names), figure(row["mean"]), spread(row["low"], row["high"])]
        for one in shown.others:
            rows = one.open_cases[one.open_cases["jurisdiction"] == place].to_dict("records")
            cells += (
                [figure(rows[0]["mean"], "signed"), spread(rows[0]["low"], rows[0]["high"], "signed")]
                if rows
                else ["–", "–"]
            )
        lines.append(("", cells))
    how = "units_how" if shown.others else "units_alone_how"
    return section("units", how, "units", table(heads, lines, numbers_from=1), wide=True)


def _small(shown: Shown, code: Language) -> Figure:
    """Open cases over time, a small chart for each unit, every scenario in its own colour."""
    places = shown.places
    rows = -(-len(places) // COLUMNS)
    figure_ = Figure(theme.layout("", "", ""))
    figure_.change(height=116 + PANEL * rows, margin={"t": 76, "l": 40, "r": 12, "b": 30}, hovermode="closest")
    figure_.change(grid={"rows": rows, "columns": COLUMNS, "pattern": "independent", "xgap": 0.14, "ygap": 0.42})
    figure_.change(legend={"orientation": "h", "y": 1, "yanchor": "top", "yref": "container", "x": 0})
    on = shown.reform_on
    for at, place in enumerate(places):
        end = "" if at == 0 else str(at + 1)
        for number, one in enumerate(shown.tables):
            figure_.add(*_line(one.backlog, place, told(one.title, code), number, end, at == 0))
        axis = {"gridcolor": "#eee", "nticks": 4, "tickfont": {"size": 10}, "ticklabelstandoff": 4}
        axes = {"xaxis": {**axis, "type": "date", "zeroline": False}, "yaxis": {**axis, "rangemode": "tozero"}}
        figure_.change(**{f"{key}{end}": one for key, one in axes.items()})
        figure_.add_annotation(
            text=name(place, shown.names, code),
            xref=f"x{end} domain",
            yref=f"y{end} domain",
            x=0,
            y=1.22,
            showarrow=False,
            xanchor="left",
            font={"size": 12},
        )
        if on is not None:
            line = {"color": theme.MARK, "width": 1, "dash": "dot"}
            figure_.add_shape(
                type="line", x0=str(on), x1=str(on), y0=0, y1=1, xref=f"x{end}", yref=f"y{end} domain", line=line
            )
    return figure_


def _line(table: pd.DataFrame, place: str, label_: str, number: int, end: str, is_first: bool) -> list[dict[str, Any]]:
    mine = (table["jurisdiction"] == place) & (table["field"] == "all") & (table["item"] == "all")
    rows = table[mine].iloc[::EVERY]
    if rows.empty:
        return []
    colour = theme.colour(number)
    common: dict[str, Any] = {
        "x0": str(rows["date"].iloc[0])[:10],
        "dx": EVERY * theme.WEEK_MILLISECONDS,
        "xaxis": f"x{end}",
        "yaxis": f"y{end}",
        "legendgroup": label_,
        "mode": "lines",
    }
    edge = {"line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    bounds = (
        []
        if rows["low"].isna().all()
        else [
            trace("scatter", y=theme.rounded(rows["low"]), meta="low", **edge, **common),
            trace(
                "scatter",
                y=theme.rounded(rows["high"]),
                meta="high",
                fill="tonexty",
                fillcolor=theme.faded(colour),
                **edge,
                **common,
            ),
        ]
    )
    line = trace(
        "scatter",
        y=theme.rounded(rows["mean"]),
        name=label_,
        line={"color": colour, "width": 1.6, "dash": theme.DASHES[number % 4]},
        showlegend=is_first,
        **common,
    )
    return [*bounds, line]


def _cards(pages: Sequence[str]) -> str:
    """What the other pages answer."""
    items = "".join(
        f'<li><a href="{key}.html" data-page="{key}">{say(f"page_{key}")}</a><p>{say(f"page_{key}_how")}</p></li>'
        for key in pages
    )
    cards = f'<ul class="cards" {label("pages")}>{items}</ul>'
    return f'<section id="more"><h2 id="h-more">{say("more")}</h2>{cards}</section>'
