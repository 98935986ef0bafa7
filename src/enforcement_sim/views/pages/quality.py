"""The page on what the numbers are worth: published figures, precision, start, assumptions, sources and origin."""

from __future__ import annotations

from html import escape
from typing import Any

from ...measures.tables import ScenarioTables
from .. import charts
from ..html import Number, both, say, section, table, titled
from ..page import Page, Part
from ..rows import beside, figure, named, spread
from ..words import LANGUAGES, Names, start_told
from .shown import Shown


def quality(shown: Shown) -> Page:
    """The page."""
    parts = [
        published_part(shown.base, shown.names),
        _sure(shown),
        _starts(shown),
        _balance(shown),
        _assumed(shown),
        sources_part(shown.tables[-1]),
        law_part(shown.tables[-1]),
        _origin(shown),
    ]
    return Page("quality", [part for part in parts if part is not None and "<td" in part.html])


def published_part(one: ScenarioTables, names: Names) -> Part | None:
    """Published counts beside simulated ones."""
    if one.published.empty:
        return None
    words = ("label", "jurisdiction", "field", "year", "source", "published_x", "simulated", "interval", "error", "met")
    rows = [("", _published_cells(row, names)) for row in one.published.to_dict("records")]
    html = section("published", "published_how", "published", table([say(key) for key in words], rows, numbers_from=5))
    figures = {"published": {"": {code: charts.published(one.published, names, code) for code in LANGUAGES}}}
    return Part("published", say("published"), html, figures)


def _published_cells(row: dict[Any, Any], names: Names) -> list[str]:
    verdict, sign = ("met", "✓") if row["within"] else ("chance", "≈") if row["by_chance"] else ("missed", "✗")
    return [
        *(named(row[key], names) for key in ("label", "jurisdiction", "field")),
        str(row["year"]),
        f"<code>{escape(row['source'])}</code>",
        figure(row["published"], "whole"),
        figure(row["simulated"]),
        spread(row["low"], row["high"]),
        figure(row["error"], "share"),
        f'<span class="{verdict}">{sign} {say(verdict)}</span>',
    ]


def _sure(shown: Shown) -> Part | None:
    """How far the main means can be trusted: half-widths, and whether the start is still felt."""
    lines = []
    for row in shown.sure.to_dict("records"):
        settled = say(f"warm_{row['warm_up']}")
        cells = [titled(shown.tables[int(row["scenario"])].title), say(row["measure"]), figure(row["mean"])]
        cells += [figure(row["half"]), figure(row["relative"], "share"), Number(row["n"], str(row["n"]))]
        needed = "–" if row["needed"] != row["needed"] else figure(row["needed"], "whole")
        cells += [
            needed,
            settled + (f" ({row['weeks']:.0f} {say('weeks_word')})" if row["weeks"] == row["weeks"] else ""),
        ]
        lines.append(("", cells))
    heads = ("scenario", "measure", "mean", "half_width", "half_relative", "replications", "needed_for", "warm_up")
    html = section("sure", "sure_how", None, table([say(key) for key in heads], lines, numbers_from=2))
    return Part("sure", say("sure"), html)


def _starts(shown: Shown) -> Part:
    """How the runs start, and over which time."""
    lines = []
    for one in shown.tables:
        period = one.scenario.period
        start = both(lambda code, s=one.start: start_told(s, code))  # type: ignore[misc]
        cells = [titled(one.title), f"{period.start} … {period.end or period.length}", start]
        lines.append(("", [*cells, Number(one.replications, str(one.replications)), str(one.seed)]))
    heads = [say(key) for key in ("scenario", "period", "start", "replications", "seed")]
    return Part("start", say("start"), section("start", "start_how", None, table(heads, lines, numbers_from=3)))


def _balance(shown: Shown) -> Part:
    """Filed is closed plus open: all jurisdictions together, and each."""
    found, heads = [], [say("jurisdiction"), say("measure")]
    heads_of, rows = beside(shown.tables, "balance", shown.names, ["measure"], "number")
    for place, cells in rows:
        found.append(("", [named(place, shown.names), *cells]))
    content = table([*heads, *heads_of], found, numbers_from=2)
    return Part("balance", say("balance"), section("balance", "balance_how", None, content))


def _assumed(shown: Shown) -> Part:
    """What is assumed in the base, and what the scenarios beside it assume beyond that."""
    lines = [("", [titled(shown.base.title), *_assumption(row)]) for row in shown.base.assumptions.to_dict("records")]
    for one in shown.others:
        lines += [("", [titled(one.title), *_assumption(row)]) for row in one.assumptions.to_dict("records")]
    heads = [say(key) for key in ("scenario", "where", "value", "why", "low", "high")]
    html = section("assumptions", "assumptions_how", None, table(heads, lines, numbers_from=4))
    return Part("assumptions", say("assumptions"), html)


def _assumption(row: dict[Any, Any]) -> list[str]:
    ends = (
        "–" if row[key] is None or row[key] != row[key] else Number(row[key], f"{row[key]:g}")
        for key in ("low", "high")
    )
    return [f"<code>{escape(row['where'])}</code>", escape(row["value"]), titled(row["why"]), *ends]


def sources_part(one: ScenarioTables) -> Part:
    """Where published numbers come from."""
    rows = []
    for row in one.sources.to_dict("records"):
        citation = escape(row["citation"])
        if row["url"]:
            citation += f' <a href="{escape(row["url"])}" rel="noreferrer">{escape(row["url"])}</a>'
        cells = [f"<code>{escape(row['key'])}</code>", citation, escape(row["date"]), escape(row["note"])]
        rows.append(("", [*cells, Number(row["numbers"], str(row["numbers"]))]))
    heads = [say(key) for key in ("key", "citation", "date", "note", "numbers")]
    return Part("sources", say("sources"), section("sources", "sources_how", None, table(heads, rows, numbers_from=4)))


def law_part(one: ScenarioTables) -> Part:
    """The rows of the law that numbers and clocks rest on."""
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
    return Part(
        "law", say("law"), section("law", "law_how", None, table([say(key) for key in words], rows, numbers_from=7))
    )


def _origin(shown: Shown) -> Part:
    """By which program, libraries and seeds the results were found."""
    lines = [("", [say(f"origin_{key}"), f"<code>{escape(value)}</code>"]) for key, value in shown.origin.items()]
    html = section("origin", "origin_how", None, table([say("what_word"), say("value")], lines, numbers_from=2))
    return Part("origin", say("origin"), html)
