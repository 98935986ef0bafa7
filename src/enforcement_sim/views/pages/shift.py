"""The page on moving cases down: what changes where, until when, and what the offices beside it need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from ...measures.comparison import COMFORTABLE_USE, Compared
from ...model.figures import Language
from .. import charts, theme
from ..figure import Figure, trace
from ..html import both, say, section, table, titled
from ..page import ByPlace, Page, Part
from ..rows import day, figure, named, spread
from ..words import LANGUAGES, Names, name, word
from .shown import Shown, is_moved, series, told

Row = dict[Any, Any]
ENOUGH = 2
"""With more scenarios than so many beside the base, every fourth week of the curves is drawn, else every one."""


def shift(shown: Shown) -> Page | None:
    """The page; none without scenarios beside the base."""
    others, names = shown.others, shown.names
    if not others:
        return None
    places = [place for place in shown.places if is_moved(others, place)]
    parts = [
        Part(
            "gains", say("gains"), _gains(shown), {"gains": {"": {code: _by_place(shown, code) for code in LANGUAGES}}}
        ),
        Part("recovery", say("recovery"), _recovery(others, names), {"recovery": _over_figures(shown)}),
        Part("change", say("change"), _curves(shown), {"change": {place: _curve(shown, place) for place in places}}),
        Part("days", say("days"), differences("days", others, names, lambda one: one.days)),
        Part("offices", say("offices"), _offices(others, names)),
    ]
    return Page("shift", [part for part in parts if "<td" in part.html], places)


def _moved(rows: pd.DataFrame, others: Sequence[Compared]) -> pd.DataFrame:
    """The rows of places that some scenario moves."""
    places = [place for place in rows["jurisdiction"].unique() if is_moved(others, place)]
    return rows[rows["jurisdiction"].isin(places)]


def _gains(shown: Shown) -> str:
    sentences = [
        f"<li>{both(lambda code, s=said: s[code])}</li>"  # type: ignore[misc]
        for one in shown.others
        for said in _both_languages(lambda code, o=one: _sentences(o, shown.names, code))  # type: ignore[misc]
    ]
    box = f'<div class="box"><ul>{"".join(sentences)}</ul></div>'
    return differences("gains", shown.others, shown.names, lambda one: one.open_cases, chart="gains", before=box)


def _both_languages(say_all: Callable[[Language], Iterable[str]]) -> Iterable[dict[Language, str]]:
    english, chinese = (list(say_all(code)) for code in LANGUAGES)
    return [{"en": one, "zh": other} for one, other in zip(english, chinese, strict=True)]


def _sentences(one: Compared, names: Names, code: Language) -> Iterable[str]:
    """Who loses and gains, all together, when the extra backlog of losers is over, and what offices need."""
    facts = {"title": told(one.title, code), "year": one.year}
    rows = one.open_cases.to_dict("records")
    losing = [row for row in rows if row["low"] > 0 and row["jurisdiction"] != "all"]
    gaining = [row for row in rows if row["high"] < 0 and row["jurisdiction"] != "all"]
    for key, some in (("said_loses", losing), ("said_gains", gaining)):
        if some:
            ordered = sorted(some, key=lambda row: -abs(row["mean"]))
            yield word(key, code).format(places=_listed(ordered, names, code), **facts)
    if not losing and not gaining:
        yield word("said_none", code).format(**facts)
    for row in rows:
        if row["jurisdiction"] == "all":
            yield word("said_together", code).format(**_signed(row), **facts)
    for row in one.recovery.to_dict("records"):
        if row["jurisdiction"] in {loser["jurisdiction"] for loser in losing} and 2 * row["rose"] > row["replications"]:
            over = row["recovered"] > row["replications"] / 2
            numbers = {key: theme.number(row[key], 0) for key in ("days", "earliest", "latest")}
            counts = {key: str(row[key]) for key in ("recovered", "replications")}
            where = {"place": name(row["jurisdiction"], names, code)}
            yield word("said_over" if over else "said_not_over", code).format(**where, **numbers, **counts, **facts)
    yield from _needs(one, names, code)


def _needs(one: Compared, names: Names, code: Language) -> Iterable[str]:
    """The offices that are busier than is comfortable, or that there are none."""
    facts = {"title": told(one.title, code), "year": one.year, "use": theme.percent(COMFORTABLE_USE, 0)}
    short = [row for row in one.offices.to_dict("records") if row["needed"] > row["officers"]]
    for row in short:
        numbers = {key: str(row[key]) for key in ("needed", "officers")}
        yield word("said_need", code).format(place=name(row["team"], names, code), **numbers, **facts)
    if len(one.offices) and not short:
        yield word("said_no_need", code).format(**facts)


def _listed(rows: Sequence[Row], names: Names, code: Language) -> str:
    parts = (
        "{place} {mean} ({low} … {high})".format(place=name(row["jurisdiction"], names, code), **_signed(row))
        for row in rows
    )
    return word("list_semicolon", code).join(parts)


def _signed(row: Row) -> dict[str, str]:
    return {key: theme.signed(row[key]) for key in ("mean", "low", "high")}


def differences(
    key: str,
    others: Sequence[Compared],
    names: Names,
    pick: Callable[[Compared], pd.DataFrame],
    chart: str | None = None,
    before: str = "",
) -> str:
    """A section with a row for each place that some scenario moves, and for each scenario a difference and interval."""
    rows: dict[str, dict[int, Row]] = {}
    for number, one in enumerate(others):
        for row in pick(one).to_dict("records"):
            if is_moved(others, row["jurisdiction"]):
                rows.setdefault(row["jurisdiction"], {})[number] = row
    lines = []
    for place, by_scenario in rows.items():
        cells = [named(place, names), figure(next(iter(by_scenario.values()))["base"])]
        for number in range(len(others)):
            cells += _difference(by_scenario[number]) if number in by_scenario else ["–", "–"]
        lines.append(("", cells))
    heads = [say("jurisdiction"), say("base_level")]
    for one in others:
        heads += [titled(one.title), say("interval")]
    return section(key, f"{key}_how", chart, table(heads, lines, numbers_from=1), before=before)


def _difference(row: Row) -> list[str]:
    told_ = figure(row["mean"], "signed")
    if row["low"] > 0 or row["high"] < 0:
        told_ = type(told_)(row["mean"], f"<b>{told_}</b>")
    return [told_, spread(row["low"], row["high"], "signed")]


def _by_place(shown: Shown, code: Language) -> Figure:
    """The difference at each place with its interval, the largest increase on top; a line marks no difference."""
    figure_ = Figure(theme.layout(word("gains_chart", code), word("change_y", code), ""))
    order: list[str] = []
    for number, one in enumerate(shown.others, start=1):
        rows = _moved(one.open_cases[one.open_cases["jurisdiction"] != "all"], shown.others)
        rows = rows.sort_values("mean", ascending=False, kind="stable")
        order += [told_ for place in rows["jurisdiction"] if (told_ := name(place, shown.names, code)) not in order]
        figure_.add(
            trace(
                "scatter",
                x=theme.rounded(rows["mean"], 2),
                y=[name(place, shown.names, code) for place in rows["jurisdiction"]],
                error_x={**charts.errors(rows), "color": theme.colour(number)},
                mode="markers",
                name=told(one.title, code),
                marker={
                    "color": theme.colour(number),
                    "size": 10,
                    "symbol": theme.SYMBOLS[number % len(theme.SYMBOLS)],
                },
            )
        )
    charts.lay_down(figure_, order, 34)
    figure_.change(xaxis={"zeroline": True, "zerolinecolor": theme.MARK})
    return figure_


def _curves(shown: Shown) -> str:
    """The differences on the first counted day of each month beside the curves."""
    found: dict[tuple[str, pd.Timestamp], dict[int, list[str]]] = {}
    for number, one in enumerate(shown.others):
        rows = _moved(one.change[(one.change["item"] == "all") & (one.change["field"] == "all")], shown.others)
        month = rows["date"].dt.to_period("M").rename("month")
        for row in rows.groupby(["jurisdiction", month], sort=False).head(1).to_dict("records"):
            cells = [figure(row["mean"], "signed"), spread(row["low"], row["high"], "signed")]
            found.setdefault((row["jurisdiction"], row["date"]), {})[number] = cells
    lines = []
    for (place, date), by_scenario in found.items():
        told_ = [cell for number in range(len(shown.others)) for cell in by_scenario.get(number, ["–", "–"])]
        lines.append((place, [day(date.date()), *told_]))
    heads = [say("date"), *(part for one in shown.others for part in (titled(one.title), say("interval")))]
    return section("change", "change_how", "change", table(heads, lines, numbers_from=1))


def _curve(shown: Shown, place: str) -> dict[Language, Figure]:
    every = 1 if len(shown.others) <= ENOUGH else 4
    rows = [
        one.change[
            (one.change["field"] == "all") & (one.change["item"] == "all") & (one.change["jurisdiction"] == place)
        ].iloc[::every]
        for one in shown.others
    ]
    return {code: charts.change(series(shown, rows, code, first=1), shown.reform_on, code, every) for code in LANGUAGES}


def _over_figures(shown: Shown) -> ByPlace:
    """When the extra backlog is over at each place, from the first to the last replication, by scenario."""
    if not any(len(_moved(one.recovery[one.recovery["rose"] > 0], shown.others)) for one in shown.others):
        return {}
    return {"": {code: _over(shown, code) for code in LANGUAGES}}


def _over(shown: Shown, code: Language) -> Figure:
    """By place the middle of the replications, between the first and the last; a triangle where it does not end."""
    figure_ = Figure(theme.layout(word("recovery_chart", code), word("recovery_x", code), ""))
    order: list[str] = []
    for number, one in enumerate(shown.others, start=1):
        rows = _moved(one.recovery[one.recovery["rose"] > 0], shown.others)
        ends = rows["recovered"] > rows["replications"] / 2
        over, lasting = rows[ends], rows[~ends]
        order += [place for place in rows["jurisdiction"] if place not in order]
        colour, label = theme.colour(number), told(one.title, code)
        figure_.add(
            trace(
                "scatter",
                x=theme.rounded(over["days"], 0),
                y=[name(place, shown.names, code) for place in over["jurisdiction"]],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "thickness": 5,
                    "width": 0,
                    "color": theme.faded(colour, 0.45),
                    "array": theme.rounded(over["latest"] - over["days"], 0),
                    "arrayminus": theme.rounded(over["days"] - over["earliest"], 0),
                },
                mode="markers",
                name=label,
                marker={"color": colour, "size": 10, "symbol": theme.SYMBOLS[number % len(theme.SYMBOLS)]},
            )
        )
        if len(lasting):
            figure_.add(
                trace(
                    "scatter",
                    x=[_days_seen(one)] * len(lasting),
                    y=[name(place, shown.names, code) for place in lasting["jurisdiction"]],
                    mode="markers",
                    name=f"{label} · {word('not_by_the_end', code)}",
                    marker={"color": colour, "size": 12, "symbol": "triangle-right-open"},
                )
            )
    charts.lay_down(figure_, [name(place, shown.names, code) for place in order], 34)
    figure_.change(xaxis={"rangemode": "normal", "zeroline": True, "zerolinecolor": "#ddd"})
    return figure_


def _days_seen(one: Compared) -> int:
    """Days from the reform to the end of the run."""
    on = one.scenario.reform.on if one.scenario.reform is not None else one.scenario.period.start
    return one.scenario.period.seconds // 86_400 - (on - one.scenario.period.start).days


def _recovery(others: Sequence[Compared], names: Names) -> str:
    rows = []
    for one in others:
        for row in one.recovery.to_dict("records"):
            if not is_moved(others, row["jurisdiction"]):
                continue
            span = "–" if row["recovered"] == 0 else spread(row["earliest"], row["latest"], "whole")
            told_: str = figure(row["days"], "whole")
            if row["rose"] == 0:
                told_, span = say("never_above"), "–"
            elif row["recovered"] <= row["replications"] / 2:
                told_ = say("not_by_the_end")
            cells = [named(row["jurisdiction"], names), titled(one.title), figure(row["level"])]
            cells += [figure(row["peak"], "signed"), told_, span, f"{row['recovered']} / {row['replications']}"]
            rows.append(("", cells))
    words = ("jurisdiction", "scenario", "level_before", "peak", "over_after", "earliest_latest", "over_in")
    has_chart = any(len(_moved(one.recovery[one.recovery["rose"] > 0], others)) for one in others)
    content = table([say(key) for key in words], rows, numbers_from=2)
    return section("recovery", "recovery_how", "recovery" if has_chart else None, content)


def _offices(others: Sequence[Compared], names: Names) -> str:
    rows = []
    for one in others:
        for row in one.offices.to_dict("records"):
            cells = [named(row["team"], names), titled(one.title), figure(row["base_hours"]), figure(row["hours"])]
            cells += [spread(row["low"], row["high"], "signed"), figure(row["use"], "share")]
            rows.append(("", [*cells, figure(row["officers"], "whole"), figure(row["needed"], "whole")]))
    words = ("team", "scenario", "hours_base", "hours_here", "interval", "use_word", "officers", "needed")
    return section("offices", "offices_how", None, table([say(key) for key in words], rows, numbers_from=2))
