"""Cases moving between offices over the date of a change: a picture that plays, and the same as a table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from ..model.figures import Language
from . import theme
from .animation_table import Shown, numbers, place_name, role_name, table_how
from .html import both, data_box, say, titled
from .packing import packed_counts, packed_moves
from .rows import day
from .words import LANGUAGES, name, word

COLOURS = {"in_work": theme.COLOURS[0], "waiting": theme.COLOURS[1], "outside": "#767676", "closed": "#b9bec4"}
"""Of the dots: blue and vermilion are told apart by all; greys are neither."""
LEVELS = ("city", "county", "town", "none")
_ROOM = 340
"""Pixels for the rows of the table, so that all of it can be seen at once on a small screen, if they suffice."""
_SCRIPTS = ("animation_data.js", "animation_crowd.js", "animation_picture.js", "animation.js")
_TOLD = ("said", "said_two", "days_before", "days_after", "reform_day", "dot", "dots", "bars", "picture")
"""Words that the script fills in."""
_ICONS = {
    key: f'<svg class="anim-icon" viewBox="0 0 12 12" aria-hidden="true"><path d="{path}"/></svg>'
    for key, path in {
        "play": "M2 1l9 5-9 5z", "pause": "M2 1h3v10H2zM7 1h3v10H7z", "back": "M1 1h2v10H1zM11 1v10L4 6z",
        "on": "M9 1h2v10H9zM1 1v10l7-5z",
    }.items()
}  # fmt: skip


def animation_section(shown: Shown, key: str = "animation") -> str:
    """A section with the picture, its controls and the table; style, script and data are in it.

    Each page may have one or more of them, each with a `key` of its own.
    """
    heading = f'<h2 id="h-{key}">{say("anim_title")}</h2><p class="how">{both(lambda code: _how(shown, code))}</p>'
    parts = [_controls(shown, key), _legend(), _stage(shown)]
    player = f'<div class="anim-player" role="group" aria-labelledby="h-{key}" hidden>{"".join(parts)}</div>'
    data = json.dumps(_data(shown), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<section id="{key}" class="anim"><style>{_asset("animation.css")}</style>'
        f"{heading}{player}{_left_out(shown)}"
        f'<h3>{say("anim_table")}</h3><p class="how">{say(table_how(shown))}</p>{data_box(numbers(shown))}'
        f'<script type="application/json" class="anim-data">{data}</script>'
        f"<script>{''.join(_asset(file) for file in _SCRIPTS)}</script></section>"
    )


def _how(shown: Shown, code: Language) -> str:
    """Which cases are shown, in sentences."""
    moved = shown.movements
    joint = ", " if code == "en" else "、"
    is_all = len(moved.fields) == len(shown.changed.fields) or not shown.changed.fields
    fields = word("anim_all_fields", code) if is_all else joint.join(name(f, shown.names, code) for f in moved.fields)
    last = moved.first + dt.timedelta(days=moved.days - 1)
    told = {
        "fields": fields,
        "first": theme.date(moved.first, code),
        "last": theme.date(last, code),
        "chosen": f"{moved.chosen:,}",
    }
    key = "anim_shown_two" if len(shown.sides) > 1 else "anim_shown"
    return _joined([word(key, code).format(**told), word("anim_midnight", code)], code)


def _left_out(shown: Shown) -> str:
    """Which cases are not shown or not drawn, below the picture."""
    moved = shown.movements
    counts = {"same_day": moved.same_day, "elsewhen": moved.elsewhen, "every": moved.every if moved.every > 1 else 0}
    keys = [key for key, count in counts.items() if count]
    said = both(
        lambda code: _joined([word(f"anim_{key}", code).format(**{key: f"{counts[key]:,}"}) for key in keys], code)
    )
    return f'<p class="how">{said}</p>' if keys else ""


def _joined(sentences: Sequence[str], code: Language) -> str:
    return (" " if code == "en" else "").join(sentences)


def _controls(shown: Shown, key: str) -> str:
    """Buttons, speed, date, the lines of all offices together and the slider below them."""
    moved = shown.movements
    speeds = "".join(
        f'<option value="{days}"{" selected" if days == 7 else ""} data-en="{word(f"anim_speed_{days}", "en")}" '
        f'data-zh="{word(f"anim_speed_{days}", "zh")}">{word(f"anim_speed_{days}", "en")}</option>'
        for days in (3, 7, 14, 30)
    )
    totals = "".join(
        f'<span class="anim-total"><svg width="26" height="8" aria-hidden="true"><line x2="26" y1="4" y2="4" '
        f'class="anim-line-{side}"/></svg> {say(f"anim_total_{side}")} <b data-total="{number}"></b></span>'
        for number, (side, *_) in enumerate(shown.sides)
    )
    mark = since = ""
    if moved.reform is not None:
        on = f"{day(moved.first + dt.timedelta(days=moved.reform))} {say('anim_reform')}"
        since = '<span class="anim-since"></span>'
        mark = f'<span class="anim-mark-text">{on}</span><i class="anim-mark"></i>'
    last = moved.first + dt.timedelta(days=moved.days - 1)
    return (
        '<div class="anim-controls">'
        f'<button type="button" class="anim-back">{_ICONS["back"]}{say("anim_back")}</button>'
        '<button type="button" class="anim-play">'
        f'<span class="anim-is-paused">{_ICONS["play"]}{say("anim_play")}</span>'
        f'<span class="anim-is-playing" hidden>{_ICONS["pause"]}{say("anim_pause")}</span></button>'
        f'<button type="button" class="anim-on">{say("anim_on")}{_ICONS["on"]}</button>'
        f'<label for="{key}-speed">{say("anim_speed")}</label><select id="{key}-speed" class="anim-speed">{speeds}'
        f'</select><span class="anim-when"><output class="anim-date" for="{key}-day"></output>{since}</span></div>'
        f'<div class="anim-heads">{say("anim_total")} {totals}{_highest(shown)}</div>'
        f'<div class="anim-time"><canvas class="anim-strip" aria-hidden="true"></canvas><i class="anim-now"></i>'
        f'<label class="anim-hidden" for="{key}-day">{say("anim_date")}</label>'
        f'<input type="range" id="{key}-day" class="anim-day" min="0" max="{moved.days - 1}" step="1" '
        f'value="{moved.reform or 0}">'
        f'<div class="anim-ticks"><span>{day(moved.first)}</span>{mark}<span>{day(last)}</span></div>'
        f'</div><p class="anim-said anim-hidden" aria-live="polite"></p>'
    )


def _highest(shown: Shown) -> str:
    """The largest number that the lines above the slider reach."""
    most = max(int(flow.waiting.sum(axis=0).max(initial=0)) for _, flow, _ in shown.sides)
    return f"<span>{both(lambda code: word('anim_highest', code).format(most=f'{most:,}'))}</span>"


def _legend() -> str:
    dots = "".join(
        f'<span><i style="background:{COLOURS[key]}"></i>{say(f"anim_legend_{key}")}</span>' for key in COLOURS
    )
    return f'<div class="anim-legend">{dots}<span class="anim-scale"></span></div>'


def _stage(shown: Shown) -> str:
    """A table with a row for each place; the dots are drawn over its empty cells."""
    sides = shown.sides
    tops = "".join(
        f'<th colspan="3" scope="colgroup">{say("anim_" + side)}'
        f"{f' <small>{titled(title)}</small>' if side != 'alone' else ''}</th>"
        for side, _, title in sides
    )
    heads = f'<th scope="col" class="n">{say("anim_in_work")}</th><th scope="col" class="n">{say("anim_waiting")}</th>'
    heads = (heads + "<td></td>") * len(sides)
    columns = ("<col class='anim-n'><col class='anim-n'><col>") * len(sides)
    body = "".join(_group(shown, level, rows) for level, rows in _by_level(shown))
    end = f'<tbody class="anim-end">{_outside(shown)}</tbody>'
    row = min(max(_ROOM // (len(shown.movements.offices) + 2), 22), 40)
    return (
        f'<div class="anim-stage" tabindex="0" style="--row: {row}px"><table>'
        f'<colgroup><col class="anim-place"><col class="anim-role">{columns}</colgroup>'
        f'<thead><tr><th colspan="2" rowspan="2" scope="col">{say("anim_offices")}</th>{tops}</tr><tr>{heads}</tr>'
        f'</thead>{body}{end}</table><canvas class="anim-dots" role="img"></canvas></div>'
    )


def _by_level(shown: Shown) -> Iterator[tuple[str, list[int]]]:
    """The numbers of the offices of each level that has any, from the upper level down."""
    offices = range(len(shown.movements.offices))
    for level in LEVELS:
        rows = [number for number in offices if shown.level(number) == level]
        if rows:
            yield level, rows


def _group(shown: Shown, level: str, rows: Sequence[int]) -> str:
    offices = shown.movements.offices
    places = [shown.place(row) for row in rows]
    lines = []
    for at, row in enumerate(rows):
        place, role = places[at], offices[row][1]
        is_first = at == 0 or places[at - 1] != place
        head = f'<th scope="rowgroup" rowspan="{places.count(place)}">{place_name(shown.names, place)}</th>'
        told = f'<th scope="row">{both(lambda code, r=role: role_name(r, shown.names, code))}</th>'  # type: ignore[misc]
        cells = "".join(
            f'<td class="n" data-count="{side}-{2 * row + 1}"></td><td class="n" data-count="{side}-{2 * row}"></td>'
            f'<td class="anim-bar" data-side="{side}" data-office="{row}"></td>'
            for side in range(len(shown.sides))
        )
        lines.append(f"<tr>{head if is_first else ''}{told}{cells}</tr>")
    width = 2 + 3 * len(shown.sides)
    top = f'<tr class="anim-level"><th colspan="{width}" scope="rowgroup">{say("anim_level_" + level)}</th></tr>'
    return f"<tbody>{top if shown.changed.jurisdictions else ''}{''.join(lines)}</tbody>"


def _outside(shown: Shown) -> str:
    """The rows of cases that are at no office."""
    lines = []
    for at, key in enumerate(("outside", "closed")):
        number = 2 * len(shown.movements.offices) + at
        what = both(lambda code, k=key: word(f"anim_{k}_what", code).format(chosen=f"{shown.movements.chosen:,}"))  # type: ignore[misc]
        cells = "".join(
            f'<td class="n" colspan="2" data-count="{side}-{number}"></td>'
            f'<td class="anim-bar" data-side="{side}" data-{key}="yes"></td>'
            for side in range(len(shown.sides))
        )
        lines.append(f'<tr><th colspan="2" scope="row">{say("anim_" + key)} <small>{what}</small></th>{cells}</tr>')
    return "".join(lines)


def _data(shown: Shown) -> dict[str, Any]:
    moved = shown.movements
    words: dict[Language, Mapping[str, str]] = {
        code: {key: word(f"anim_{key}", code) for key in _TOLD} for code in LANGUAGES
    }
    sides = [
        {"cases": len(flow.start) - 1, "moves": packed_moves(flow), "counts": packed_counts(flow), "is": side}
        for side, flow, _ in shown.sides
    ]
    return {
        "first": str(moved.first), "days": moved.days, "reform": moved.reform, "offices": len(moved.offices),
        "every": moved.every, "chosen": moved.chosen, "colours": COLOURS, "words": words, "sides": sides,
    }  # fmt: skip


def _asset(file: str) -> str:
    return resources.files(__package__).joinpath("assets", file).read_text(encoding="utf-8")
