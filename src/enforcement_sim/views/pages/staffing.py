"""The page on staff: how busy teams are, how long cases wait for them, and how many officers a target takes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...model.figures import Language
from .. import charts, theme
from ..figure import Figure, trace
from ..html import both, say, section, table
from ..levers import lever_name, lever_told, lever_value
from ..overload import overload_section
from ..page import ByPlace, Page, Part
from ..rows import beside, figure, named, spread
from ..words import LANGUAGES, name, word
from .shown import Shown, series


def staffing(shown: Shown) -> Page:
    """The page."""
    heads, rows = beside(shown.tables, "staff", shown.names, ["item"], "share", places=shown.told_places, keep=_is_use)
    use = table([say("team"), *heads], rows, numbers_from=1)
    longest = {place: _longest(shown, place) for place in shown.told_places}
    wait_heads, wait_rows = beside(
        shown.tables,
        "waits",
        shown.names,
        ["item"],
        "number",
        places=shown.told_places,
        keep=lambda one: _among(one, longest),
        largest_first=True,
    )
    waits = table([say("team"), *wait_heads], wait_rows, numbers_from=1)
    used = _use(shown)
    judged = [(one.title, one.overload) for one in shown.tables]
    parts = [
        *_curves(shown),
        Part("staff", say("staff"), section("staff", "staff_how", "staff", use), {"staff": used}),
        Part("waits", say("waits"), section("waits", "waits_how", "waits", waits), {"waits": _waits(shown, longest)}),
        Part("overload", say("overload"), overload_section(judged, shown.names)),
    ]
    places = [place for place in shown.told_places if place == "all" or place in used]
    return Page("staffing", [part for part in parts if "<td" in part.html], places)


BUSIEST = 20
"""Teams of all jurisdictions together that the chart shows."""
LONGEST = 12
"""Lines of a jurisdiction of which the page tells."""


def _is_use(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["measure"] == "use"]


def _use(shown: Shown) -> ByPlace:
    """The use of the teams of each jurisdiction, and of the busiest of all."""
    found: dict[str, dict[Language, Figure]] = {}
    all_rows = [_last(_is_use(one.staff)) for one in shown.tables]
    busiest = (
        pd.concat(all_rows)
        .groupby("item", sort=False)["mean"]
        .max()
        .sort_values(ascending=False, kind="stable")
        .index[:BUSIEST]
    )
    for place in shown.told_places:
        rows = [
            one.set_index("item").reindex([item for item in busiest if item in set(one["item"])]).reset_index()
            if place == "all"
            else one[one["jurisdiction"] == place]
            for one in all_rows
        ]
        if any(len(one) for one in rows):
            found[place] = {code: charts.staff(series(shown, rows, code), shown.names, code) for code in LANGUAGES}
    return found


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = rows[rows["period"] == rows["period"].max()]
    return last


def _longest(shown: Shown, place: str) -> list[str]:
    """The lines of a jurisdiction (or of all) where cases wait longest in any scenario in the last year."""
    rows = pd.concat([_waited(one.waits, place) for one in shown.tables])
    order = rows.groupby("item", sort=False)["mean"].max().sort_values(ascending=False, kind="stable")
    return [str(item) for item in order.index[:LONGEST]]


def _among(rows: pd.DataFrame, longest: dict[str, list[str]]) -> pd.DataFrame:
    """The mean waits in the longest lines of each jurisdiction; lines are of teams, and have no total."""
    rows = rows[rows["measure"] == "wait_mean"]
    keys = pd.MultiIndex.from_frame(rows[["jurisdiction", "item"]])
    rows = rows[keys.isin([(place, item) for place, items in longest.items() for item in items])]
    return rows.assign(low=rows["low"].clip(lower=0))


def _waits(shown: Shown, longest: dict[str, list[str]]) -> ByPlace:
    """The mean wait for officers in the last year in the longest lines of each jurisdiction."""
    found: dict[str, dict[Language, Figure]] = {}
    for place, items in longest.items():
        if items:
            rows = [_waited(one.waits, place) for one in shown.tables]
            found[place] = {code: _wait_bars(shown, rows, items, code) for code in LANGUAGES}
    return found


def _waited(table_: pd.DataFrame, place: str) -> pd.DataFrame:
    rows = table_[table_["measure"] == "wait_mean"]
    rows = rows if place == "all" else rows[rows["jurisdiction"] == place]
    return _last(rows).assign(low=_last(rows)["low"].clip(lower=0))


def _wait_bars(shown: Shown, rows: list[pd.DataFrame], items: list[str], code: Language) -> Figure:
    drawn = Figure(theme.layout(word("waits", code), word("measure_wait_mean", code), ""))
    for number, one in enumerate(series(shown, rows, code)):
        here = one.table.set_index("item").reindex(items).reset_index()
        drawn.add(
            trace(
                "scatter",
                x=theme.rounded(here["mean"], 2),
                y=[name(item, shown.names, code) for item in items],
                mode="markers",
                name=one.label,
                error_x={**charts.errors(here), "color": one.colour},
                marker=theme.mark(number),
            )
        )
    charts.lay_down(drawn, [name(item, shown.names, code) for item in items])
    drawn.change(xaxis={"rangemode": "tozero"})
    return drawn


def _curves(shown: Shown) -> list[Part]:
    """For each staffing lever of a sweep: shares overdue and long times at each level, and the least that suffices."""
    parts = []
    for number, (axis, rows) in enumerate(shown.staffing.groupby("axis", sort=False) if len(shown.staffing) else ()):
        key = f"curve-{number}"
        heading = both(lambda code, a=str(axis): word("curve", code).format(axis=lever_name(a, shown.names, code)))  # type: ignore[misc]
        lines = [("", _cells(row, shown)) for row in rows.to_dict("records")]
        heads = [
            say(one)
            for one in (
                "level",
                "beside_levers",
                "officers",
                "clock",
                "share_overdue",
                "interval",
                "days_p90_long",
                "interval",
                "target_word",
            )
        ]
        before = f'<p class="box">{both(lambda code, r=rows: _said(r, shown, code))}</p>'  # type: ignore[misc]
        figures = {
            f"{key}-overdue": {"": {code: _curve(rows, "overdue", shown, code) for code in LANGUAGES}},
            f"{key}-days": {"": {code: _curve(rows, "days", shown, code) for code in LANGUAGES}},
        }
        html = section(
            key,
            "curve_how",
            f"{key}-overdue",
            table(heads, lines, numbers_from=4),
            heading=heading,
            before=before,
            second=f"{key}-days",
        )
        parts.append(Part(key, heading, html, figures))
    return parts


def _cells(row: dict[Any, Any], shown: Shown) -> list[str]:
    axis, told = str(row["axis"]), {"holds": ("met", "✓"), "fails": ("missed", "✗"), "unclear": ("chance", "?")}
    style, sign = told[str(row["verdict"])]
    officers = "; ".join(f"{name(team, shown.names, 'en')}: {count}" for team, count in dict(row["teams"]).items())
    chinese = "；".join(f"{name(team, shown.names, 'zh')}：{count}" for team, count in dict(row["teams"]).items())
    return [
        f"<b>{lever_value(axis, row['level'])}</b>",
        both(lambda code: _others(row["others"], shown, code) or "–"),
        both(lambda code: officers if code == "en" else chinese),
        named(str(row["item"]), shown.names),
        figure(float(row["overdue"]), "share"),
        spread(float(row["overdue_low"]), float(row["overdue_high"]), "share"),
        figure(float(row["days"])),
        spread(float(row["days_low"]), float(row["days_high"])),
        f'<span class="{style}">{sign} {say("target_" + str(row["verdict"]))}</span>',
    ]


def _said(rows: pd.DataFrame, shown: Shown, code: Language) -> str:
    """The smallest level at which the target is held, for each setting of the other levers."""
    found = []
    target = theme.percent(float(rows["target"].iloc[0]), 0)
    for _, some in rows.groupby("beside", sort=False):
        beside, level = _others(some["others"].iloc[0], shown, code), _smallest(some)
        facts = {
            "beside": word("with_levers", code).format(beside=beside) if beside else "",
            "target": target,
            "level": level,
        }
        found.append(word("said_least" if level is not None else "said_least_none", code).format(**facts))
    return (" " if code == "en" else "").join(found)


def _others(others: dict[str, object], shown: Shown, code: Language) -> str:
    """The setting of the other levers in words."""
    return word("list_comma", code).join(lever_told(axis, value, shown.names, code) for axis, value in others.items())


def _smallest(rows: pd.DataFrame) -> object:
    """The first level from which on the target is held at every one."""
    least = None
    for row in rows.iloc[::-1].to_dict("records"):
        if row["verdict"] != "holds":
            break
        least = lever_value(row["axis"], row["level"])
    return least


def _curve(rows: pd.DataFrame, what: str, shown: Shown, code: Language) -> Figure:
    """A line for each setting of the other levers; the target as a dotted line, the least that holds it as a ring."""
    scale = 100.0 if what == "overdue" else 1.0
    title = word("share_overdue" if what == "overdue" else "days_p90_long", code)
    axis = str(rows["axis"].iloc[0])
    drawn = Figure(
        theme.layout(
            title,
            lever_name(axis, shown.names, code),
            word("overdue_y", code) if what == "overdue" else word("resolution_y", code),
        )
    )
    for number, (_, some) in enumerate(rows.groupby("beside", sort=False)):
        beside = _others(some["others"].iloc[0], shown, code)
        told = some.assign(mean=some[what], low=some[f"{what}_low"], high=some[f"{what}_high"])
        drawn.add(
            trace(
                "scatter",
                x=[lever_value(axis, level) for level in some["level"]],
                y=theme.rounded(told["mean"] * scale, 2),
                error_y=charts.errors(told, scale),
                mode="lines+markers",
                name=beside or title,
                line={"color": theme.colour(number), "dash": theme.DASHES[number % 4]},
                marker={
                    "size": [
                        13 if lever_value(axis, level) == _smallest(some) and what == "overdue" else 7
                        for level in some["level"]
                    ]
                },
            )
        )
    if what == "overdue":
        target = 100 * float(rows["target"].iloc[0])
        line = {"color": theme.MARK, "width": 1, "dash": "dot"}
        drawn.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=target, y1=target, yref="y", line=line)
        drawn.add_annotation(
            x=1,
            xref="x domain",
            y=target,
            yref="y",
            text=word("target_word", code),
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
        )
    drawn.change(xaxis={"type": "category"}, hovermode="closest")
    return charts.with_room(drawn)
