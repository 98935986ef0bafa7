"""The left side of the page: which scenario, what is changed, run, and save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from ..model.figures import Language
from . import format as fmt
from .desk import Desk
from .levers import Lever
from .parts import Part, aria, note
from .sessions import Session
from .words import say, titled


def controls(desk: Desk, session: Session, levers: Sequence[Lever], problem: Part) -> Part:
    """The whole of it."""
    language = session.language
    most = desk.settings.most_replications
    changed = changes_told(len(desk.changes(session)), language) if session.chosen else ""
    return html.Section(
        [
            html.H2(say("controls", language), id="controls-heading"),
            html.Div(
                [
                    html.Label(say("scenario", language), htmlFor="scenario"),
                    dcc.Dropdown(
                        id="scenario", options=options(desk, session), value=session.chosen or None, clearable=False,
                        placeholder=say("scenario_none", language), optionHeight=44, maxHeight=420,
                    ),
                    html.Div(problem, id="problem", role="alert"),
                ],
                className="choice",
            ),
            html.Div(
                [html.Div(panel(levers, session.given, language), id="levers"), _save(language)], className="scrolls"
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.Label(say("replications", language), htmlFor="wanted"),
                            dcc.Input(
                                id="wanted", type="number", step="any", value=session.wanted,
                                className="count",
                            ),
                            html.Small(say("replications_how", language, most=most)),
                        ],
                        className="line",
                    ),
                    html.Div(
                        [
                            html.Button(say("run", language), id="run", className="main"),
                            html.Button(say("stop", language), id="stop", disabled=True),
                            html.Button(say("reset", language), id="reset"),
                        ],
                        className="buttons",
                    ),
                    html.P(changed, id="changes", className="note"),
                ],
                className="runs",
            ),
        ],
        className="controls", **aria(labelledby="controls-heading"),
    )  # fmt: skip


def _save(language: Language) -> Part:
    return html.Details(
        [
            html.Summary(say("save_heading", language)),
            html.Label(say("save_title", language), htmlFor="save-title"),
            dcc.Input(id="save-title", type="text", maxLength=200, className="wide", value=""),
            html.Label(say("save_name", language), htmlFor="save-name"),
            dcc.Input(id="save-name", type="text", maxLength=64, className="wide", value=""),
            html.Small(say("save_name_how", language)),
            html.Div(id="saved", role="status"),
            html.Div(html.Button(say("save", language), id="save"), className="buttons"),
        ],
        className="save",
    )


def options(desk: Desk, session: Session) -> list[dict[str, str]]:
    """What may be chosen, each by its title and path."""
    found = []
    for value, title, path in desk.choices(session):
        told = titled(title, session.language)
        label = told if told == path else f"{told} · {path}"
        found.append({"label": label, "value": value, "search": f"{told} {path}"})
    return found


def panel(levers: Sequence[Lever], given: Mapping[str, Any], language: Language) -> Part:
    """The levers of a scenario, with what is put in for them."""
    if not levers:
        return None
    shares = [lever for lever in levers if lever.group == "reform"]
    counts = [lever for lever in levers if lever.group == "teams"]
    found = []
    if shares:
        found.append(html.H3(say("reform_heading", language)))
        found += [_reform(lever, given.get(lever.path), language) for lever in shares]
    if counts:
        found += [html.H3(say("officers_heading", language)), _teams(counts, given, language)]
    return html.Div(found)


def _reform(lever: Lever, given: Any, language: Language) -> Part:
    return _date(lever, given, language) if lever.kind == "date" else _slider(lever, given, language)


def _slider(lever: Lever, given: Any, language: Language) -> Part:
    value = lever.value if given is None else given
    assert isinstance(value, (int, float))
    name = say(lever.step, language, of=titled(lever.of, language)) if "{of}" in say(lever.step, language) else ""
    percent, sign = round(100 * value, 4), " %" if language == "en" else "%"
    return html.Div(
        [
            html.Div(
                [
                    html.Label(name or say(lever.step, language), htmlFor=input_id(lever)),
                    html.Span(f"{percent:g}{sign}", id={"type": "shown", "path": lever.path}, className="shown"),
                ],
                className="named",
            ),
            dcc.Input(
                id={"type": "lever", "path": lever.path}, type="range", min=100 * (lever.low or 0),
                max=100 * (lever.high or 0), step=1 if percent == round(percent) else 0.1, value=percent,
                className="slider", debounce=0.1,
            ),
            html.Small(_as_written(lever, language)),
        ],
        className="lever",
    )  # fmt: skip


def _date(lever: Lever, given: Any, language: Language) -> Part:
    kind: Any = "date"  # browsers know it, though the component's list of types leaves it out
    return html.Div(
        [
            html.Label(say(lever.step, language), htmlFor=input_id(lever)),
            dcc.Input(
                id={"type": "lever", "path": lever.path}, type=kind, value=given or lever.value or "", debounce=True,
                className="date",
            ),
        ],
        className="line",
    )  # fmt: skip


def _as_written(lever: Lever, language: Language) -> str:
    assert isinstance(lever.value, (int, float))
    told = say("as_written", language, value=fmt.percent(lever.value, language, 0))
    low, high = (fmt.percent(end or 0.0, language, 0) for end in (lever.low, lever.high))
    joint = "; " if language == "en" else "；"
    return told + joint + say("range_told", language, low=low, high=high)


def input_id(lever: Lever) -> Any:
    """The id of a lever's input as the browser has it, for its label."""
    return f'{{"path":"{lever.path}","type":"lever"}}'


def _teams(levers: Sequence[Lever], given: Mapping[str, Any], language: Language) -> Part:
    rows = [_team(lever, given.get(lever.path), language) for lever in levers]
    heads = [html.Th(say(key, language), scope="col") for key in ("team", "officers", "written")]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="teams")


def _team(lever: Lever, given: Any, language: Language) -> Part:
    team = titled(lever.of, language)
    is_step = lever.step == "officers_from"
    since = say("officers_from", language, since=_day(lever.since, language)) if is_step else ""
    told = say("officers_label", language, team=team, when=since or say("officers_at_start", language))
    worth = say("range_told", language, low=f"{lever.low:g}", high=f"{lever.high:g}")
    return html.Tr(
        [
            html.Th(html.Label(since or team, htmlFor=input_id(lever), title=told), scope="row",
                    className="step" if is_step else ""),
            html.Td(
                dcc.Input(
                    id={"type": "lever", "path": lever.path}, type="number", step="any",
                    value=lever.value if given is None else given, debounce=True, className="count",
                )
            ),
            html.Td(html.Small(str(lever.value), title=worth)),
        ]
    )  # fmt: skip


def _day(since: str, language: Language) -> str:
    try:
        return fmt.date(dt.date.fromisoformat(since), language)
    except ValueError:
        return since


def changes_told(count: int, language: Language) -> str:
    """How much is changed."""
    return say("changes_some", language, count=count) if count else say("changes_none", language)


def empty(language: Language) -> Part:
    """What stands in place of levers where there are none."""
    return note(say("no_levers", language))
