"""The page on legal clocks: which are kept, how long they run, which ran out, and because of what."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ...model.figures import Language
from .. import charts, theme
from ..figure import Figure, trace
from ..html import Number, both, say, section, table
from ..page import Page, Part
from ..rows import beside, day, figure, named
from ..words import LANGUAGES, name, word
from .shown import Shown, Traced, from_one, told

MOST_LISTED = 100
"""Missed limits of which the page tells one by one; the others are counted."""
CAUSES = ("line", "work", "wait", "meeting", "child matter")


def clocks(shown: Shown) -> Page | None:
    """The page; none where no clock runs."""
    heads, rows = beside(
        shown.tables, "overdue", shown.names, ["item"], "share", places=shown.told_places, largest_first=True
    )
    if not rows:
        return None
    day_heads, days = beside(
        shown.tables, "resolution", shown.names, ["item", "measure"], "number", places=shown.told_places, keep=_is_drawn
    )
    parts = [
        _part(shown, "overdue", table([say("clock"), *heads], rows, numbers_from=1), _overdue),
        _part(shown, "resolution", table([say("clock"), say("measure"), *day_heads], days, numbers_from=2), _days),
        _slower(shown),
    ]
    parts += [] if shown.traced is None else [_causes(shown, shown.traced), _register(shown, shown.traced)]
    return Page("clocks", [part for part in parts if "<td" in part.html], shown.told_places)


def _is_drawn(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["measure"].isin(["days_median", "days_p90"])]


def _slower(shown: Shown) -> Part:
    """Differences of time to the base, of clocks where chance does not explain them in some scenario."""
    changed = [one for one in shown.tables if one.resolution_change is not None]

    def moved(rows: pd.DataFrame) -> pd.DataFrame:
        drawn = _is_drawn(rows)
        return drawn[(drawn["low"] > 0) | (drawn["high"] < 0)]

    heads, rows = beside(
        changed, "resolution_change", shown.names, ["item", "measure"], "signed", places=shown.told_places, keep=moved
    )
    content = table([say("clock"), say("measure"), *heads], rows, numbers_from=2)
    return Part("slower", say("slower"), section("slower", "slower_how", None, content))


Draw = Callable[[Shown, str, Language], Figure | None]


def _part(shown: Shown, key: str, content: str, draw: Draw) -> Part:
    figures = {}
    for place in shown.told_places:
        drawn = {code: one for code in LANGUAGES if (one := draw(shown, place, code)) is not None}
        if drawn:
            figures[place] = drawn
    return Part(key, say(key), section(key, f"{key}_how", key, content), {key: figures})


def _of(frame: pd.DataFrame, place: str) -> pd.DataFrame:
    """The rows of a jurisdiction in the last year, all fields together."""
    here = frame[(frame["jurisdiction"] == place) & (frame["field"] == "all")]
    last: pd.DataFrame = here[here["period"] == here["period"].max()]
    return last


def _overdue(shown: Shown, place: str, code: Language) -> Figure | None:
    """Share overdue of each clock in the last year, a mark for each scenario with its interval."""
    rows = [_of(one.overdue, place) for one in shown.tables]
    items = _items(rows)
    if not items:
        return None
    year = max(int(one["period"].max()) for one in rows if len(one))
    drawn = Figure(theme.layout(f"{word('overdue', code)} · {year}", word("overdue_y", code), ""))
    for number, (one, here) in enumerate(zip(shown.tables, rows, strict=True)):
        here = here.set_index("item").reindex(items).reset_index()
        drawn.add(_marks(here, told(one.title, code), number, theme.mark(number), 100.0, shown, code))
    return _laid_out(drawn, [name(item, shown.names, code) for item in items])


def _days(shown: Shown, place: str, code: Language) -> Figure | None:
    """Median and 90th percentile of the days of each clock in the last year, for each scenario."""
    rows = [_of(one.resolution, place) for one in shown.tables]
    items = _items([one[one["measure"] == "days_median"] for one in rows])
    if not items:
        return None
    year = max(int(one["period"].max()) for one in rows if len(one))
    drawn = Figure(theme.layout(f"{word('resolution', code)} · {year}", word("resolution_y", code), ""))
    for number, (one, here) in enumerate(zip(shown.tables, rows, strict=True)):
        for measure, symbol in (("days_median", "circle"), ("days_p90", "diamond")):
            mine = here[here["measure"] == measure].set_index("item").reindex(items).reset_index()
            label = f"{told(one.title, code)} · {word(measure, code)}"
            look = theme.mark(number) | {"symbol": symbol + "-open" * (number > 0)}
            drawn.add(_marks(mine, label, number, look, 1.0, shown, code))
    return _laid_out(drawn, [name(item, shown.names, code) for item in items])


def _items(rows: list[pd.DataFrame]) -> list[str]:
    """The clocks that any scenario has, those with the largest mean on top."""
    both_ = pd.concat(rows)
    both_ = both_[both_["mean"].notna()]
    return [
        str(item)
        for item in both_.groupby("item", sort=False)["mean"].max().sort_values(ascending=False, kind="stable").index
    ]


def _marks(
    rows: pd.DataFrame, label: str, number: int, look: dict[str, object], scale: float, shown: Shown, code: Language
) -> dict[str, object]:
    return trace(
        "scatter",
        x=theme.rounded(rows["mean"] * scale, 2),
        y=[name(item, shown.names, code) for item in rows["item"]],
        error_x={**charts.errors(rows, scale), "color": theme.colour(number)},
        mode="markers",
        name=label,
        marker=look,
    )


def _laid_out(drawn: Figure, items: list[str]) -> Figure:
    charts.lay_down(drawn, items, 24)
    drawn.change(xaxis={"rangemode": "tozero"})
    return drawn


def _causes(shown: Shown, traced: Traced) -> Part:
    """What took most of the time while each clock ran that ran out, in one replication."""
    rows = traced.register
    counts = rows.groupby(["clock", "cause", "cause_stage"], sort=False).size().rename("count").reset_index()
    counts = counts.sort_values(["count", "clock"], ascending=[False, True], kind="stable")
    lines = [
        (
            "",
            [
                named(row["clock"], shown.names),
                say(f"cause_{row['cause'].replace(' ', '_')}"),
                named(row["cause_stage"], shown.names),
                Number(row["count"], str(row["count"])),
            ],
        )
        for row in counts.to_dict("records")
    ]
    key = "causes"
    heads = [say(one) for one in ("clock", "cause", "stage", "missed_limits")]
    content = table(heads, lines, numbers_from=3)
    figures = {key: {"": {code: _cause_bars(counts, shown, code) for code in LANGUAGES}}} if lines else {}
    html = section(key, "causes_how", key if lines else None, content, before=from_one(shown, traced))
    return Part(key, say(key), html, figures)


def _cause_bars(counts: pd.DataFrame, shown: Shown, code: Language) -> Figure:
    drawn = Figure(theme.layout(word("causes", code), word("missed_limits", code), ""))
    clocks_ = counts.groupby("clock")["count"].sum().sort_values(ascending=False, kind="stable").index.tolist()
    for number, cause in enumerate(CAUSES):
        rows = counts[counts["cause"] == cause].groupby("clock")["count"].sum()
        if rows.empty:
            continue
        drawn.add(
            trace(
                "bar",
                orientation="h",
                x=rows.tolist(),
                y=[name(clock, shown.names, code) for clock in rows.index],
                name=word(f"cause_{cause.replace(' ', '_')}", code),
                marker={
                    "color": theme.colour(number),
                    "pattern": {"shape": ("", "/", "x", ".", "-")[number], "fillmode": "overlay"},
                },
            )
        )
    charts.lay_down(drawn, [name(clock, shown.names, code) for clock in clocks_], 32)
    drawn.change(barmode="stack")
    return drawn


def _register(shown: Shown, traced: Traced) -> Part:
    """The register of missed limits, those by most days first."""
    rows = traced.register.sort_values("days_over", ascending=False, kind="stable")
    lines = []
    for row in rows.head(MOST_LISTED).to_dict("records"):
        cells = [f"{row['case']}", named(row["jurisdiction"], shown.names), named(row["field"], shown.names)]
        cells += [named(row["clock"], shown.names), day(row["started"].date()), day(row["due"].date())]
        cells += [named(row["stage"], shown.names), say(f"cause_{row['cause'].replace(' ', '_')}")]
        lines.append(
            (
                row["jurisdiction"],
                [*cells, figure(row["days_over"], mark=f" {say('still_open')}" if row["open"] else "")],
            )
        )
    heads = [
        say(one) for one in ("case", "jurisdiction", "field", "clock", "started", "due", "stage", "cause", "days_over")
    ]
    more = both(lambda code: word("register_more", code).format(shown=min(len(rows), MOST_LISTED), count=len(rows)))
    before = from_one(shown, traced) + f'<p class="how">{more}</p>'
    content = table(heads, lines, numbers_from=8)
    return Part("register", say("register"), section("register", "register_how", None, content, before=before))
