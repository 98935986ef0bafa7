"""The page of case stories: single cases from filing to archive, with every stage and every legal clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...model.figures import Language
from .. import charts, theme
from ..figure import Figure, Trace, trace
from ..html import both, data_box, say, section, table
from ..page import Page, Part
from ..rows import day, figure, named
from ..words import LANGUAGES, name, word
from .shown import Shown, Traced, from_one

DAY = 86_400_000
"""Milliseconds."""
LINE, WORK, WAIT = theme.COLOURS[4], theme.COLOURS[0], "#b9c0c7"
"""Waiting for officers, work, and waiting for something else."""
KEPT, OVER = theme.COLOURS[2], theme.COLOURS[1]
ROW = 24


def cases(shown: Shown) -> Page | None:
    """The page; none where no log was looked into."""
    traced = shown.traced
    if traced is None:
        return None
    return Page("cases", [_part(shown, traced, row) for row in traced.cases.to_dict("records")])


def _part(shown: Shown, traced: Traced, case: dict[Any, Any]) -> Part:
    number = int(case["case"])
    stays, clocks = (rows[rows["case"] == number] for rows in (traced.stays, traced.clocks))
    key, heading = f"case-{number}", both(lambda code: word(f"why_case_{case['why']}", code))
    said = both(lambda code: _said(case, stays, clocks, shown, code))
    heads = [say(one) for one in ("stage", "team", "since", "until", "waited_days", "worked_days")]
    content = table(heads, list(_rows(stays, shown)), numbers_from=4)
    after = ""
    if len(clocks):
        heads = [say(one) for one in ("clock", "rule", "started", "due", "stopped", "verdict")]
        after = data_box(table(heads, list(_clock_rows(clocks, shown)), numbers_from=6))
    before = f'<p class="box">{said}</p>{from_one(shown, traced)}'
    html = section(key, "case_how", key, content, heading=heading, before=before, wide=True, after=after)
    return Part(key, heading, html, {key: {"": {code: _timeline(stays, clocks, shown, code) for code in LANGUAGES}}})


def _said(case: dict[Any, Any], stays: pd.DataFrame, clocks: pd.DataFrame, shown: Shown, code: Language) -> str:
    facts = {
        "name": case["name"],
        "field": name(case["field"], shown.names, code),
        "place": name(case["jurisdiction"], shown.names, code),
        "filed": theme.date(case["filed"].date(), code),
        "stages": len(stays),
        "late": int(clocks["is_overdue"].sum()) if len(clocks) else 0,
    }
    ended = (
        word("case_open", code)
        if case["is_open"]
        else word("case_closed", code).format(
            closed=theme.date(case["closed"].date(), code), outcome=name(case["outcome"], shown.names, code)
        )
    )
    days = theme.number((case["closed"] - case["filed"]) / pd.Timedelta(days=1), 0)
    return word("said_case", code).format(**facts, ended=ended, days=days)


def _rows(stays: pd.DataFrame, shown: Shown) -> Iterator[tuple[str, list[str]]]:
    for row in stays.to_dict("records"):
        cells = [
            _stage_html(row, shown),
            named(row["team"], shown.names) if row["team"] else "–",
            day(row["entered"].date()),
        ]
        cells.append(say("still_open") if row["is_open"] else day(row["left"].date()))
        waited, worked = (row["waited"].total_seconds() / 86_400, row["worked"].total_seconds() / 86_400)
        yield "", [*cells, figure(waited), figure(worked)]


def _stage_html(row: dict[Any, Any], shown: Shown) -> str:
    return both(lambda code: _stage(row, shown, code))


def _stage(row: dict[Any, Any], shown: Shown, code: Language) -> str:
    again = f" ({row['nth'] + 1})" if row["nth"] else ""
    return name(row["stage"], shown.names, code) + again


def _clock_rows(clocks: pd.DataFrame, shown: Shown) -> Iterator[tuple[str, list[str]]]:
    for row in clocks.to_dict("records"):
        cells = [
            named(row["clock"], shown.names),
            f"<small>{row['rule']}</small>",
            day(row["started"].date()),
            day(row["due"].date()),
        ]
        cells.append(say("still_open") if row["runs_on"] else day(row["stopped"].date()))
        verdict = (
            f'<span class="missed">✗ {say("clock_over")}</span>'
            if row["is_overdue"]
            else f'<span class="met">✓ {say("clock_kept")}</span>'
        )
        extra = [
            word_ for word_ in (_extra("clock_still", row["still"]), _extra("clock_extended", row["extended"])) if word_
        ]
        yield "", [*cells, verdict + "".join(f"<br><small>{one}</small>" for one in extra)]


def _extra(key: str, count: int) -> str:
    return both(lambda code: word(key, code).format(count=count)) if count else ""


def _timeline(stays: pd.DataFrame, clocks: pd.DataFrame, shown: Shown, code: Language) -> Figure:
    """A row for each stay, in order of time; below them a row for each clock, to its stop, with the day it is due."""
    drawn = Figure(theme.layout("", "", ""))
    labels = _labels([_stage(row, shown, code) for row in stays.to_dict("records")])
    bars: dict[str, list[tuple[str, dt.datetime, dt.datetime]]] = {"line": [], "work": [], "wait": []}
    for label, row in zip(labels, stays.to_dict("records"), strict=True):
        served = row["started"] == row["started"]  # NaT is no time
        if row["team"]:
            bars["line"].append((label, row["entered"], row["started"] if served else row["left"]))
            if served:
                bars["work"].append((label, row["started"], row["left"]))
        else:
            bars["wait"].append((label, row["entered"], row["left"]))
    for kind, colour, shape in (("line", LINE, "/"), ("work", WORK, ""), ("wait", WAIT, "")):
        if bars[kind]:
            drawn.add(_spans(bars[kind], word(f"span_{kind}", code), colour, shape))
    clock_labels = _labels([f"§ {name(row['clock'], shown.names, code)}" for row in clocks.to_dict("records")])
    for is_over, colour, key in ((False, KEPT, "clock_kept"), (True, OVER, "clock_over")):
        mine = [
            (label, row)
            for label, row in zip(clock_labels, clocks.to_dict("records"), strict=True)
            if bool(row["is_overdue"]) is is_over
        ]
        if mine:
            drawn.add(
                _spans(
                    [(label, row["started"], row["stopped"]) for label, row in mine],
                    word(key, code),
                    colour,
                    "x" if is_over else "",
                    0.35,
                )
            )
    if len(clocks):
        drawn.add(
            trace(
                "scatter",
                x=[_iso(due) for due in clocks["due"]],
                y=clock_labels,
                mode="markers",
                name=word("due", code),
                marker={"symbol": "line-ns-open", "size": 18, "color": "#000", "line": {"width": 2}},
            )
        )
    order = [*labels, *clock_labels]
    charts.lay_down(drawn, order, ROW)
    drawn.change(barmode="overlay", xaxis={"type": "date"}, margin={"t": 12})
    return drawn


def _labels(names: list[str]) -> list[str]:
    """Names of rows, each another one: of equal ones the later have spaces behind them that nobody sees."""
    return [one + " " * names[:at].count(one) for at, one in enumerate(names)]


def _spans(
    spans: list[tuple[str, dt.datetime, dt.datetime]], label: str, colour: str, shape: str, width: float = 0.7
) -> Trace:
    """Bars from a moment to another; what takes no time is as wide as a quarter of a day, so that it is seen."""
    return trace(
        "bar",
        orientation="h",
        y=[row for row, *_ in spans],
        base=[_iso(begin) for _, begin, _ in spans],
        width=width,
        x=[max((end - begin).total_seconds() * 1000, DAY / 4) for _, begin, end in spans],
        name=label,
        customdata=[f"{_iso(begin)} – {_iso(end)}" for _, begin, end in spans],
        hovertemplate="%{y}<br>%{customdata}<extra>%{fullData.name}</extra>",
        marker={"color": colour, "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "#fff", "size": 6}},
    )


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
