"""The page on where cases go between enforcement, reconsideration, court and police, and what comes back."""

from __future__ import annotations

import pandas as pd

from ...model.figures import Language
from .. import theme
from ..figure import Figure, trace
from ..flow_text import lines_of
from ..html import Number, both, say, section, table, titled
from ..page import Page, Part
from ..rows import figure, named, spread
from ..words import LANGUAGES, name, word
from .shown import Shown, from_one

END = "__end"
"""Behind the name of an outcome: a stage may be called the same."""
BACK = "__back"
"""Behind the name of a stage that cases come back to."""
RETURN = theme.COLOURS[1]


def flows(shown: Shown) -> Page | None:
    """The page; none where no log was looked into, or nothing goes from one part of the procedure to another."""
    if shown.traced is None:
        return None
    ways = shown.traced.ways
    phases = [phase for phase in dict.fromkeys([*ways["phase"], *ways["to_phase"]]) if phase]
    parts = [_counts(shown), _between(shown, ways)] if len(phases) > 1 else [_counts(shown)]
    parts += [_inside(shown, ways, phase) for phase in phases]
    return Page("flows", [part for part in parts if "<td" in part.html])


def _counts(shown: Shown) -> Part:
    """What was counted in the last year, by scenario: hand-offs, reconsiderations, suits, whatever else there is."""
    by_label: dict[str, dict[int, list[str]]] = {}
    for number, total in enumerate(shown.totals):
        rows = total[(total["measure"] == "count") & (total["jurisdiction"] == "all") & (total["field"] == "all")]
        for row in rows[rows["period"] == rows["period"].max()].to_dict("records"):
            cells = [figure(row["mean"]), spread(max(row["low"], 0.0), row["high"])]
            by_label.setdefault(row["item"], {})[number] = cells
    lines = []
    for label, cells_of in by_label.items():
        told = [cell for number in range(len(shown.tables)) for cell in cells_of.get(number, ["–", "–"])]
        lines.append(("", [named(label, shown.names), *told]))
    heads = [say("label"), *(part for one in shown.tables for part in (titled(one.title), say("interval")))]
    return Part("counts", say("counts"), section("counts", "counts_how", None, table(heads, lines, numbers_from=1)))


def _between(shown: Shown, ways: pd.DataFrame) -> Part:
    """Cases that go from one part of the procedure to another, and those that come back."""
    rows = ways[(ways["phase"] != ways["to_phase"]) & (ways["to_phase"] != "")]
    grouped = rows.groupby(["phase", "to_phase", "is_return"], sort=False)["cases"].sum().reset_index()
    links = [
        (
            f"part:{row['phase']}",
            f"part:{row['to_phase']}" + (BACK if row["is_return"] else ""),
            int(row["cases"]),
            bool(row["is_return"]),
        )
        for row in grouped.to_dict("records")
    ]
    return _part(shown, "between", say("between"), links)


def _inside(shown: Shown, ways: pd.DataFrame, phase: str) -> Part:
    """The ways inside one part of the procedure, with where its cases come from and go to."""
    links: dict[tuple[str, str, bool], int] = {}
    for way in ways[(ways["phase"] == phase) | (ways["to_phase"] == phase)].to_dict("records"):
        begin, end = _ends(way, phase)
        link = (begin, end, bool(way["is_return"]))
        links[link] = links.get(link, 0) + int(way["cases"])
    key, heading = f"inside-{phase}", named(phase, shown.terms)
    return _part(shown, key, heading, [(begin, end, cases, back) for (begin, end, back), cases in links.items()])


def _ends(row: dict[object, object], phase: str) -> tuple[str, str]:
    """The nodes of a way as one part of the procedure sees it."""
    begin = str(row["stage"]) if row["phase"] == phase else f"from:{row['phase']}"
    if row["is_end"]:
        return begin, f"{row['to']}{END}"
    if row["to_phase"] != phase:
        return begin, f"to:{row['to_phase']}"
    return begin, f"{row['to']}{BACK}" if row["is_return"] else str(row["to"])


Link = tuple[str, str, int, bool]


def _part(shown: Shown, key: str, heading: str, links: list[Link]) -> Part:
    assert shown.traced is not None
    lines = [
        (
            "",
            [
                _node_html(begin, shown),
                _node_html(end, shown),
                say("returns_word") if back else "",
                Number(cases, f"{cases:,}"),
            ],
        )
        for begin, end, cases, back in sorted(links, key=lambda link: -link[2])
    ]
    heads = [say(one) for one in ("from_where", "to_where", "returns_head", "cases_word")]
    content = table(heads, lines, numbers_from=3)
    html = section(key, "sankey_how", key, content, heading=heading, before=from_one(shown, shown.traced), wide=True)
    return Part(key, heading, html, {key: {"": {code: _sankey(links, shown, code) for code in LANGUAGES}}})


def _node_html(node: str, shown: Shown) -> str:
    return both(lambda code: _node(node, shown, code))


def _node(node: str, shown: Shown, code: Language) -> str:
    for before in ("from", "to"):
        if node.startswith(f"{before}:"):
            return word(f"node_{before}", code).format(
                name=name(node.partition(":")[2], shown.terms, code) or word("outside", code)
            )
    if node.startswith("part:"):
        told = name(node.removesuffix(BACK).removeprefix("part:"), shown.terms, code) or word("outside", code)
        return word("node_back", code).format(name=told) if node.endswith(BACK) else told
    if node.endswith(END):
        return name(node.removesuffix(END), shown.names, code)
    if node.endswith(BACK):
        return word("node_back", code).format(name=name(node.removesuffix(BACK), shown.names, code))
    return name(node, shown.names, code) if node else word("outside", code)


def _sankey(links: list[Link], shown: Shown, code: Language) -> Figure:
    """Ribbons as wide as the number of cases; what comes back is orange and ends in a node of its own."""
    links = _contracted(links)
    nodes = list(dict.fromkeys(node for begin, end, *_ in links for node in (begin, end)))
    place = {node: number for number, node in enumerate(nodes)}
    columns = _longest(links)
    width = max(66, min(220, WIDTH // max(columns, 1) // (2 if columns > 2 else 1) - 10))
    drawn = Figure(theme.layout("", "", ""))
    drawn.add(
        trace(
            "sankey",
            arrangement="snap",
            node={
                "label": ["<br>".join(lines_of(_node(node, shown, code), width)) for node in nodes],
                "pad": 22,
                "thickness": 12,
                "color": [
                    RETURN
                    if node.endswith(BACK)
                    else "#8a939b"
                    if node.endswith(END) or node.startswith(("from:", "to:"))
                    else theme.COLOURS[0]
                    for node in nodes
                ],
                "line": {"width": 0},
            },
            link={
                "source": [place[begin] for begin, *_ in links],
                "target": [place[end] for _, end, *_ in links],
                "value": [cases for _, _, cases, _ in links],
                "color": [theme.faded(RETURN, 0.5) if back else "rgba(120,130,140,0.28)" for *_, back in links],
            },
            textfont={"size": 11},
        )
    )
    ends = {node for node in nodes if all(begin != node for begin, *_ in links)}
    drawn.change(
        height=min(max(260, 60 + 40 * max(len(ends), 4)), 780),
        margin={"t": 24, "l": 8, "r": 8, "b": 24},
        hovermode="closest",
    )
    return drawn


WIDTH = 1250
"""Pixels of the widest drawing."""


def _contracted(links: list[Link]) -> list[Link]:
    """The ways without stages that cases only pass: with one way in and one out, of which the drawing needs none."""
    while True:
        into, out = (
            {node: [link for link in links if link[at] == node] for node in {link[at] for link in links}}
            for at in (1, 0)
        )
        passed = next(
            (
                node
                for node in into
                if len(into[node]) == 1
                and len(out.get(node, ())) == 1
                and into[node][0][0] != node
                and not into[node][0][3]
                and not out[node][0][3]
                and out[node][0][1] != into[node][0][0]
                and len(out[into[node][0][0]]) == 1
            ),
            None,
        )
        if passed is None:
            return links
        (begin, _, cases, _), (_, end, _, _) = into[passed][0], out[passed][0]
        links = [link for link in links if passed not in link[:2]] + [(begin, end, cases, False)]


def _longest(links: list[Link]) -> int:
    """About how many columns the drawing has: each node as far to the right as the longest way to it is long."""
    depth: dict[str, int] = {}
    for _ in links:
        before = dict(depth)
        for begin, end, *_ in links:
            depth[end] = max(depth.get(end, 0), min(depth.get(begin, 0) + 1, len(links)))
        if depth == before:
            break
    return min(max(depth.values(), default=1) + 1, 14)
