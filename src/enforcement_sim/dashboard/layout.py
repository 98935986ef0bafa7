"""The page as a browser first gets it, for the session that asks."""

from __future__ import annotations

from dash import dcc, html

from ..errors import EnforcementSimError
from ..measures.tables import places, titles
from . import figures
from .controls import controls
from .desk import Desk
from .levers import Lever
from .parts import Part, aria, graph, problem
from .sessions import Session
from .words import named, say

TABS = ("try", "compare", "sweeps", "files")
TICK = 250
"""Milliseconds between two looks at a run."""


def page(desk: Desk, session: Session) -> Part:
    """The whole page, as the session left it."""
    language = session.language
    levers: list[Lever] = []
    why = ""
    try:
        levers = desk.levers(session)
    except EnforcementSimError as error:
        why = desk.told(error)
    return html.Div(
        [
            html.A(say("skip", language), href="#results", className="skip"),
            _header(session),
            html.Div(
                [
                    controls(desk, session, levers, problem(why)),
                    html.Main(
                        [_tabs(session), *(_panel(name, desk, session) for name in TABS)], id="results", tabIndex=-1
                    ),
                ],
                className="page",
            ),
            dcc.Interval(id="tick", interval=TICK, disabled=session.run is None),
            dcc.Store(id="tab", data="try"),
            dcc.Store(id="seen", data=""),
            dcc.Store(id="fresh", data=0),
            dcc.Store(id="compared", data=[]),
            dcc.Store(id="ask", data=0),
            dcc.Store(id="answered", data=0),
        ],
        className="app",
    )


def _header(session: Session) -> Part:
    language = session.language
    other = "en" if language == "zh" else "zh"
    link = html.A(
        say("language_other", language), href=f"?lang={other}", hrefLang="zh-CN" if other == "zh" else "en",
        lang="zh-CN" if other == "zh" else "en", id="language",
    )  # fmt: skip
    return html.Header(
        [
            html.Div([html.H1(say("app_title", language)), html.P(say("app_lead", language))]),
            html.Nav(link, **aria(label=say("language_switch", language))),
        ]
    )


def _tabs(session: Session) -> Part:
    buttons = [
        html.Button(
            say(f"tab_{name}", session.language), id=f"tab-{name}", role="tab",
            **aria(selected="true" if name == "try" else "false", controls=f"panel-{name}"),
        )
        for name in TABS
    ]  # fmt: skip
    return html.Div(buttons, className="tabs", role="tablist", **aria(label=say("results", session.language)))


def _panel(name: str, desk: Desk, session: Session) -> Part:
    content = {"try": _try, "compare": _compare, "sweeps": _sweeps, "files": _files}[name](desk, session)
    return html.Div(
        content, id=f"panel-{name}", role="tabpanel", className="panel", hidden=name != "try",
        **aria(labelledby=f"tab-{name}"),
    )  # fmt: skip


def chooser(id_: str, label: str, options: list[dict[str, str]], value: str | None) -> Part:
    """A list to choose from, with its label."""
    return html.Div(
        [
            html.Label(label, htmlFor=id_),
            dcc.Dropdown(id=id_, options=options, value=value, clearable=False, className="chosen"),
        ],
        className="line",
    )  # fmt: skip


def place_options(desk: Desk, session: Session) -> list[dict[str, str]]:
    """The jurisdictions of the latest run, or else of the chosen scenario."""
    run = session.run
    try:
        scenario = run.base.scenario if run is not None else desk.opened(session, session.chosen).scenario({})
    except EnforcementSimError:
        return [{"label": say("all_places", session.language), "value": "all"}]
    names = titles(scenario)
    return [{"label": named(place, names, session.language), "value": place} for place in places(scenario)]


def _try(desk: Desk, session: Session) -> Part:
    language = session.language
    lead = "nothing_yet" if desk.choices(session) else "no_scenarios"
    graphs = []
    for key in ("backlog", "difference"):
        chart = graph(figures.nothing(language), 290, id=f"graph-{key}")
        graphs.append(
            html.Section(
                [
                    html.H3(say(f"{key}_heading", language), id=f"heading-{key}"),
                    html.Div(chart, id=f"chart-{key}", role="img", **aria(labelledby=f"heading-{key}")),
                ],
                className="chart",
            )
        )
    return [
        html.H2(say("results", language)),
        html.Div(
            [
                chooser("place", say("place", language), place_options(desk, session), "all"),
                html.Div(
                    [
                        html.P(id="state", role="status", className="state"),
                        html.Progress(id="progress", value="0", max="1", **aria(label=say("progress", language))),
                    ],
                    className="progress",
                ),
            ],
            className="top",
        ),
        html.P(id="stale", className="stale"),
        html.P(say(lead, language), id="nothing", className="lead", hidden=session.run is not None),
        html.Div(
            [
                html.P(id="rests", className="note"),
                html.Div(graphs, className="charts"),
                html.H3(say("table_heading", language)),
                html.Div(id="table", className="tables"),
                html.Div(id="clocks"),
                html.Details(
                    [html.Summary(say("chart_table", language)), html.Div(id="chart-table")], className="numbers"
                ),
                html.P(id="downloads", className="links"),
            ],
            id="found",
            hidden=session.run is None,
        ),
    ]


def _compare(desk: Desk, session: Session) -> Part:
    language = session.language
    return [
        html.H2(say("compare_heading", language)),
        html.Div(
            [
                html.Fieldset(
                    [
                        html.Legend(say("compare_choose", language, most=4)),
                        html.Div(id="compared-list", className="choices"),
                    ]
                ),
                chooser("compare-place", say("place", language), place_options(desk, session), "all"),
            ],
            className="top",
        ),
        html.Div(id="comparison"),
    ]


def _sweeps(desk: Desk, session: Session) -> Part:
    language = session.language
    found = [{"label": path, "value": path} for path in desk.workspace.sweeps()]
    if not found:
        return [html.H2(say("sweep_heading", language)), html.P(say("sweep_none", language), className="lead")]
    keys = ("sweep_choose", "measure", "sweep_item", "place")
    ids = ("sweep", "sweep-measure", "sweep-item", "sweep-place")
    choosers = [
        chooser(id_, say(key, language), found if id_ == "sweep" else [], found[0]["value"] if id_ == "sweep" else None)
        for id_, key in zip(ids, keys, strict=True)
    ]
    return [
        html.H2(say("sweep_heading", language)),
        html.Div(choosers, className="top"),
        html.Div(id="sweep-found"),
    ]


def _files(_: Desk, session: Session) -> Part:
    language = session.language
    return [
        html.H2(say("tab_files", language)),
        html.H3(say("upload_heading", language)),
        html.P(say("upload_how", language), className="note"),
        dcc.Upload(
            html.Button(say("upload_button", language), id="upload-button"), id="upload", multiple=False,
            max_size=-1, className="upload",
        ),
        html.Div(id="uploaded", role="alert"),
        html.Div(id="files"),
    ]  # fmt: skip
