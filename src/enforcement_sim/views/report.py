"""The report of one or more scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from ..measures.tables import ScenarioTables, places, titles
from ..model.figures import Language
from . import charts, theme
from .charts import Series
from .figure import Figure
from .findings import findings_box
from .html import both, fact_line, say, section, table, titled
from .overload import overload_section
from .page import page, write
from .rows import long_rows, monthly, named
from .words import LANGUAGES, Names, start_told

Draw = Callable[[list[Series], Language], Figure]


def write_report(path: Path, tables: Sequence[ScenarioTables], language: Language = "en") -> None:
    """Write one offline page with every chart and table, for all scenarios together; the first is the base."""
    names = titles(tables[0].scenario) | titles(tables[-1].scenario)
    where = [p for p in places(tables[-1].scenario) if _is_shown(tables, p)]
    sections = [("findings", findings_box(tables, names)), *_sections(tables, names)]
    html = page(
        title=tables[-1].title,
        kind="report",
        facts=_facts(tables),
        sections=[(key, say(key), html) for key, html in sections],
        figures=_figures(tables, names, where),
        places=where,
        names=names,
        language=language,
    )
    write(path, html)


def _is_shown(tables: Sequence[ScenarioTables], place: str) -> bool:
    return any((one.balance["jurisdiction"] == place).any() for one in tables)


def _facts(tables: Sequence[ScenarioTables]) -> str:
    one = tables[-1]
    period = one.scenario.period
    facts = [
        (say("scenario"), both(lambda code: " · ".join(t.title.en if code == "en" else t.title.zh for t in tables))),
        (say("period"), f"{period.start} … {period.end or period.length}"),
        (say("start"), _start(tables)),
        (say("replications"), str(one.replications)),
        (say("seed"), str(one.seed)),
        (say("version"), escape(version("enforcement-sim"))),
    ]
    if one.scenario.stylised_on:
        facts.insert(1, (say("stylised_on"), escape(one.scenario.stylised_on)))
    return fact_line(facts)


def _start(tables: Sequence[ScenarioTables]) -> str:
    """How the runs start: once if all scenarios start alike, else of each scenario in turn."""
    return " · ".join(dict.fromkeys(both(lambda code, s=one.start: start_told(s, code)) for one in tables))  # type: ignore[misc]


def _sections(tables: Sequence[ScenarioTables], names: Names) -> list[tuple[str, str]]:
    thinned = [
        replace(
            one,
            backlog=monthly(one.backlog),
            backlog_change=None if one.backlog_change is None else monthly(one.backlog_change),
        )
        for one in tables
    ]
    item = ["clock", "year", "measure"]
    found = [
        _long("backlog", thinned, "backlog", names, ["date"], ["date"], "number"),
        _long("resolution", tables, "resolution", names, ["item", "period", "measure"], item, "number"),
        _long("overdue", tables, "overdue", names, ["item", "period"], ["clock", "year"], "share"),
        _long("staff", _uses(tables), "staff", names, ["item", "period"], ["team", "year"], "share"),
        _long(
            "waits", tables, "waits", names, ["item", "period", "measure"], ["team", *item[1:]], "number", chart=False
        ),
        ("overload", overload_section([(one.title, one.overload) for one in tables], names)),
        _long("balance", tables, "balance", names, ["measure"], ["measure"], "number", chart=False),
    ]
    found = [part for part in found if "<td" in part[1]]  # nothing to show of a scenario without clocks
    if len(tables) > 1:
        found.insert(2, _slower(tables, names))
        found.insert(1, _long("change", thinned, "backlog_change", names, ["date"], ["date"], "signed"))
    if len(tables[0].published):
        found.append(("published", _published(tables[0], names)))
    if len(tables[-1].assumptions):
        found.append(("assumptions", _assumptions(tables[-1])))
    if len(tables[-1].sources):
        found.append(("sources", _sources(tables[-1])))
    if len(tables[-1].law):
        found.append(("law", _law(tables[-1])))
    return found


def _slower(tables: Sequence[ScenarioTables], names: Names) -> tuple[str, str]:
    columns, headings = ["item", "period", "measure"], ["clock", "year", "measure"]
    return _long("slower", tables, "resolution_change", names, columns, headings, "signed", chart=False)


def _uses(tables: Sequence[ScenarioTables]) -> list[ScenarioTables]:
    return [replace(one, staff=one.staff[one.staff["measure"] == "use"]) for one in tables]


def _long(
    key: str,
    tables: Sequence[ScenarioTables],
    pick: str,
    names: Names,
    columns: list[str],
    headings: list[str],
    form: str,
    chart: bool = True,
) -> tuple[str, str]:
    heads = [say(key) for key in ("jurisdiction", "scenario", *headings, "mean", "interval")]
    rows = list(long_rows(tables, pick, names, columns, form))
    content = table(heads, rows, numbers_from=len(heads) - 2)
    return key, section(key, f"{key}_how", key if chart else None, content)


def _published(one: ScenarioTables, names: Names) -> str:
    words = ("label", "jurisdiction", "field", "year", "source", "published_x", "simulated", "interval", "error", "met")
    rows = [("", _published_cells(row, names)) for row in one.published.to_dict("records")]
    return section("published", "published_how", "published", table([say(key) for key in words], rows, numbers_from=5))


def _published_cells(row: dict[Any, Any], names: Names) -> list[str]:
    verdict, sign = ("met", "✓") if row["within"] else ("chance", "≈") if row["by_chance"] else ("missed", "✗")
    return [
        *(named(row[key], names) for key in ("label", "jurisdiction", "field")),
        str(row["year"]),
        f"<code>{escape(row['source'])}</code>",
        theme.number(row["published"], 0),
        theme.number(row["simulated"]),
        f"{theme.number(row['low'])} … {theme.number(row['high'])}",
        theme.percent(row["error"]),
        f'<span class="{verdict}">{sign} {say(verdict)}</span>',
    ]


def _assumptions(one: ScenarioTables) -> str:
    rows = []
    for row in one.assumptions.to_dict("records"):
        cells = [f"<code>{escape(row['where'])}</code>", escape(row["value"]), titled(row["why"])]
        rows.append(("", [*cells, _plain(row["low"]), _plain(row["high"])]))
    heads = [say(key) for key in ("where", "value", "why", "low", "high")]
    return section("assumptions", "assumptions_how", None, table(heads, rows, numbers_from=3))


def _plain(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:g}"


def _sources(one: ScenarioTables) -> str:
    rows = []
    for row in one.sources.to_dict("records"):
        citation = escape(row["citation"])
        if row["url"]:
            citation += f' <a href="{escape(row["url"])}" rel="noreferrer">{escape(row["url"])}</a>'
        cells = [f"<code>{escape(row['key'])}</code>", citation, escape(row["date"]), escape(row["note"])]
        rows.append(("", [*cells, str(row["numbers"])]))
    heads = [say(key) for key in ("key", "citation", "date", "note", "numbers")]
    return section("sources", "sources_how", None, table(heads, rows, numbers_from=4))


def _law(one: ScenarioTables) -> str:
    rows = []
    for row in one.law.to_dict("records"):
        cells = [
            f"<code>{escape(row['row'])}</code>",
            titled(row["statute"]),
            escape(row["article"]),
            escape(row["step"]),
            escape(row["version"]) or f"{row['from']} … {row['to']}",
            f"{escape(row['written'])} {escape(row['unit'].replace('_', ' '))}",
            f'<span class="missed">⚠ {say("memory")}</span>' if row["evidence"] == "memory" else say(row["evidence"]),
        ]
        rows.append(("", [*cells, str(row["numbers"]), str(row["clocks"])]))
    words = ("key", "statute", "article", "step", "in_force", "limit", "evidence", "numbers", "clocks")
    return section("law", "law_how", None, table([say(key) for key in words], rows, numbers_from=7))


def _figures(
    tables: Sequence[ScenarioTables], names: Names, where: Sequence[str]
) -> dict[str, dict[str, dict[Language, Figure]]]:
    phases = [item for item in tables[-1].backlog["item"].unique() if item != "all"]
    reform_on = tables[-1].reform_on
    draws: dict[str, tuple[str, Draw]] = {
        "backlog": ("backlog", lambda s, code: charts.backlog(s, phases, reform_on, names, code)),
        "change": ("backlog_change", lambda s, code: charts.change(s, reform_on, code)),
        "resolution": ("resolution", lambda s, code: charts.resolution(s, names, code)),
        "overdue": ("overdue", lambda s, code: charts.overdue(s, names, code)),
        "staff": ("staff", lambda s, code: charts.staff(s, names, code)),
    }
    found: dict[str, dict[str, dict[Language, Figure]]] = {}
    for chart, (pick, draw) in draws.items():
        for place in where:
            series = {code: _series(tables, pick, place, code) for code in LANGUAGES}
            if any(len(one.table) for one in series["en"]):
                found.setdefault(chart, {})[place] = {code: draw(series[code], code) for code in LANGUAGES}
    if len(tables[0].published):
        found["published"] = {"": {code: charts.published(tables[0].published, names, code) for code in LANGUAGES}}
    return found


def _series(tables: Sequence[ScenarioTables], pick: str, place: str, language: Language) -> list[Series]:
    found = []
    for number, one in enumerate(tables):
        frame: pd.DataFrame | None = getattr(one, pick)
        if frame is not None:
            rows = frame[
                (frame["field"] == "all") & ((frame["jurisdiction"] == place) | ((place == "all") & (pick == "staff")))
            ]
            label = one.title.en if language == "en" else one.title.zh
            found.append(Series(label, theme.colour(number), rows))
    return found
