"""The comparison of several scenarios with one base, on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from ..measures.comparison import COMFORTABLE_USE, Compared
from ..measures.tables import ScenarioTables, titles
from ..model.figures import Language, Title
from . import charts, theme
from .charts import Series
from .figure import Figure
from .html import both, fact_line, say, section, table, titled
from .overload import Judged, overload_box, overload_section
from .page import page, write
from .rows import named
from .words import LANGUAGES, Names, name, word

Row = dict[Any, Any]


def write_comparison(path: Path, base: ScenarioTables, others: Sequence[Compared], language: Language = "en") -> None:
    """Write one offline page: what each scenario does beside the base, in words, tables and one chart."""
    names = titles(base.scenario)
    sections = [
        ("findings", _in_short(base, others, names)),
        ("gains", _differences("gains", others, names, lambda one: one.open_cases, chart="change")),
        ("recovery", _recovery(others, names)),
        ("days", _differences("days", others, names, lambda one: one.days)),
        ("offices", _offices(others, names)),
        ("overload", overload_section(_judged(base, others), names)),
        ("assumed", _assumed(others)),
    ]
    shown = [(key, html) for key, html in sections if key == "findings" or "<td" in html]
    places = [place for place in base.yearly["jurisdiction"].unique() if _is_moved(others, place)]
    html = page(
        title=Title(**{code: word("beside", code).format(title=getattr(base.title, code)) for code in LANGUAGES}),
        kind="comparison",
        facts=_facts(base, others),
        sections=[(key, say(key), html) for key, html in shown],
        figures={"change": {place: _figure(others, place) for place in places}},
        places=places,
        names=names,
        language=language,
    )
    write(path, html)


def _facts(base: ScenarioTables, others: Sequence[Compared]) -> str:
    period = base.scenario.period
    facts = [
        (say("compared_with"), " · ".join(titled(one.title) for one in others)),
        (say("period"), f"{period.start} … {period.end or period.length}"),
        (say("replications"), str(base.replications)),
        (say("seed"), str(base.seed)),
        (say("version"), escape(version("enforcement-sim"))),
    ]
    return fact_line(facts)


def _is_moved(others: Sequence[Compared], place: str) -> bool:
    """Whether chance does not explain what some scenario does to a place; the total is always worth a look."""
    rows = pd.concat([one.open_cases for one in others])
    here = rows[rows["jurisdiction"] == place]
    return place == "all" or bool(((here["low"] > 0) | (here["high"] < 0)).any())


def _figure(others: Sequence[Compared], place: str) -> dict[Language, Figure]:
    shift = next((one.scenario.reform for one in others if one.scenario.reform is not None), None)

    def series(language: Language) -> list[Series]:
        found = []
        for number, one in enumerate(others):
            rows = one.change[(one.change["field"] == "all") & (one.change["jurisdiction"] == place)]
            found.append(Series(one.title.en if language == "en" else one.title.zh, theme.colour(number + 1), rows))
        return found

    return {code: charts.change(series(code), None if shift is None else shift.on, code) for code in LANGUAGES}


def _in_short(base: ScenarioTables, others: Sequence[Compared], names: Names) -> str:
    sentences = [sentence for one in others for sentence in _sentences(one, names)]
    items = "".join(f"<li>{sentence}</li>" for sentence in sentences)
    caution = f'<p class="box caution">{say("not_forecast")}</p>' if base.scenario.stylised_on else ""
    over = overload_box(_judged(base, others), names)
    return (
        f'<section id="findings"><h2>{say("findings")}</h2>{over}<div class="box"><ul>{items}</ul></div>'
        f"{caution}</section>"
    )


def _judged(base: ScenarioTables, others: Sequence[Compared]) -> list[Judged]:
    return [(base.title, base.overload), *((one.title, one.overload) for one in others)]


def _sentences(one: Compared, names: Names) -> Iterable[str]:
    rows = one.open_cases.to_dict("records")
    losing = [row for row in rows if row["low"] > 0 and row["jurisdiction"] != "all"]
    gaining = [row for row in rows if row["high"] < 0 and row["jurisdiction"] != "all"]
    for key, some in (("said_loses", losing), ("said_gains", gaining)):
        if some:
            ordered = sorted(some, key=lambda row: -abs(row["mean"]))
            yield _said(key, one, lambda code, ordered=ordered: _listed(ordered, names, code))  # type: ignore[misc]
    if not losing and not gaining:
        yield _said("said_none", one)
    for row in rows:
        if row["jurisdiction"] == "all":
            yield _said("said_together", one, **_signed(row))
    for row in one.recovery.to_dict("records"):
        if row["jurisdiction"] in {loser["jurisdiction"] for loser in losing} and 2 * row["rose"] > row["replications"]:
            over = row["recovered"] > row["replications"] / 2
            numbers = {key: theme.number(row[key], 0) for key in ("days", "earliest", "latest")}
            counts = {key: str(row[key]) for key in ("recovered", "replications")}
            key = "said_over" if over else "said_not_over"
            yield _said(key, one, _namer(row["jurisdiction"], names), **numbers, **counts)
    yield from _needs(one, names)


def _needs(one: Compared, names: Names) -> Iterable[str]:
    """The offices that are busier than is comfortable, or that there are none."""
    use = theme.percent(COMFORTABLE_USE, 0)
    short = [row for row in one.offices.to_dict("records") if row["needed"] > row["officers"]]
    for row in short:
        numbers = {key: str(row[key]) for key in ("needed", "officers")}
        yield _said("said_need", one, _namer(row["team"], names), use=use, **numbers)
    if len(one.offices) and not short:
        yield _said("said_no_need", one, use=use)


def _namer(key: str, names: Names) -> Callable[[Language], str]:
    return lambda code: name(key, names, code)


def _said(key: str, one: Compared, place: Callable[[Language], str] | None = None, /, **numbers: str) -> str:
    def in_language(code: Language) -> str:
        title = one.title.en if code == "en" else one.title.zh
        where = "" if place is None else place(code)
        return word(key, code).format(title=title, place=where, places=where, year=one.year, **numbers)

    return both(in_language)


def _listed(rows: Sequence[Row], names: Names, code: Language) -> str:
    parts = [
        "{place} {mean} ({low} … {high})".format(place=name(row["jurisdiction"], names, code), **_signed(row))
        for row in rows
    ]
    return ("; " if code == "en" else "；").join(parts)


def _signed(row: Row) -> dict[str, str]:
    return {key: theme.signed(row[key]) for key in ("mean", "low", "high")}


def _differences(
    key: str,
    others: Sequence[Compared],
    names: Names,
    pick: Callable[[Compared], pd.DataFrame],
    chart: str | None = None,
) -> str:
    """A row for each place that some scenario moves, a column for each scenario."""
    wide: dict[str, list[str]] = {}
    for number, one in enumerate(others):
        for row in pick(one).to_dict("records"):
            if not _is_moved(others, row["jurisdiction"]):
                continue
            if row["jurisdiction"] in wide or number == 0:
                cells = wide.setdefault(row["jurisdiction"], [theme.number(row["base"])])
                cells += ["–"] * (number + 1 - len(cells)) + [_difference(row)]
    rows = [
        ("", [named(place, names), *cells, *["–"] * (len(others) + 1 - len(cells))]) for place, cells in wide.items()
    ]
    heads = [say("jurisdiction"), say("base_level"), *(titled(one.title) for one in others)]
    return section(key, f"{key}_how", chart, table(heads, rows, numbers_from=1))


def _difference(row: Row) -> str:
    told = "{mean} <small>({low} … {high})</small>".format(**_signed(row))
    return f"<b>{told}</b>" if row["low"] > 0 or row["high"] < 0 else told


def _recovery(others: Sequence[Compared], names: Names) -> str:
    rows = []
    for one in others:
        for row in one.recovery.to_dict("records"):
            if not _is_moved(others, row["jurisdiction"]):
                continue
            span = "–" if row["recovered"] == 0 else f"{row['earliest']:.0f} … {row['latest']:.0f}"
            told = theme.number(row["days"], 0)
            if row["rose"] == 0:
                told, span = say("never_above"), "–"
            elif row["recovered"] <= row["replications"] / 2:
                told = say("not_by_the_end")
            cells = [named(row["jurisdiction"], names), titled(one.title), theme.number(row["level"])]
            cells += [theme.signed(row["peak"]), told, span, f"{row['recovered']} / {row['replications']}"]
            rows.append(("", cells))
    words = ("jurisdiction", "scenario", "level_before", "peak", "over_after", "earliest_latest", "over_in")
    return section("recovery", "recovery_how", None, table([say(key) for key in words], rows, numbers_from=2))


def _offices(others: Sequence[Compared], names: Names) -> str:
    rows = []
    for one in others:
        for row in one.offices.to_dict("records"):
            cells = [named(row["team"], names), titled(one.title), theme.number(row["base_hours"])]
            span = f"{theme.signed(row['low'])} … {theme.signed(row['high'])}"
            cells += [theme.number(row["hours"]), span, theme.percent(row["use"], 0)]
            cells += [str(row["officers"]), str(row["needed"])]
            rows.append(("", cells))
    words = ("team", "scenario", "hours_base", "hours_here", "interval", "use_word", "officers", "needed")
    return section("offices", "offices_how", None, table([say(key) for key in words], rows, numbers_from=2))


def _assumed(others: Sequence[Compared]) -> str:
    rows = []
    for one in others:
        for row in one.assumptions.to_dict("records"):
            low, high = (
                "–" if value is None or value != value else f"{value:g}" for value in (row["low"], row["high"])
            )
            cells = [titled(one.title), f"<code>{escape(row['where'])}</code>", escape(row["value"])]
            rows.append(("", [*cells, titled(row["why"]), low, high]))
    words = ("scenario", "where", "value", "why", "low", "high")
    return section("assumed", "assumed_how", None, table([say(key) for key in words], rows, numbers_from=4))
