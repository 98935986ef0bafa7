"""A few lines on the terminal after a run: what was filed, closed, open, and what the change did."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..measures.frame import ALL
from ..measures.overload import overload_table
from ..measures.tables import titles
from ..studies.replicate import Results
from ..views.overload import overload_sentences


def tell(results: list[Results], base: Results | None) -> None:
    """Print one table a scenario: each jurisdiction with its open cases in the last year, and the change.

    Below it stands what is overloaded, if anything is.
    """
    console = Console()
    for one in results:
        change = None if base is None or one is base else one.difference_to(base)
        open_cases = _last_year(one.summary)
        if open_cases.empty:
            console.print(f"{one.scenario.title.en}: no case arrived in the period")
            continue
        year = int(open_cases["period"].max())
        table = Table(title=f"{one.scenario.title.en} · {one.scenario.title.zh}", title_justify="left")
        table.add_column("jurisdiction")
        for heading in (
            "filed",
            "closed",
            f"open cases, mean of {year}",
            *(["difference to base"] if change is not None else []),
        ):
            table.add_column(heading, justify="right")
        for place in _places(one):
            cells = [place, *(_mean(one.summary, what, place) for what in ("filed", "closed"))]
            cells.append(_interval(open_cases, place))
            if change is not None:
                cells.append(_interval(_last_year(change), place, "+"))
            table.add_row(*cells)
        console.print(table)
        judged = one.scenario.title, overload_table(one.scenario, one.findings)
        for line in overload_sentences(judged, titles(one.scenario), "en"):
            console.print(f"[yellow]{escape(line)}[/yellow]")
    if results[0].findings["replication"].nunique() > 1:
        console.print("± is half the 95 % interval of the mean; differences are between the same random cases")


def _places(one: Results) -> list[str]:
    found = one.measure("filed")["jurisdiction"].unique().tolist()
    return [*(place for place in found if place != ALL), ALL]


def _last_year(summary: pd.DataFrame) -> pd.DataFrame:
    rows = summary[(summary["measure"] == "backlog_mean") & (summary["field"] == ALL)]
    last: pd.DataFrame = rows[rows["period"] == rows["period"].max()]
    return last


def _mean(summary: pd.DataFrame, measure: str, place: str) -> str:
    rows = summary[(summary["measure"] == measure) & (summary["jurisdiction"] == place) & (summary["field"] == ALL)]
    return "-" if rows.empty else f"{rows['mean'].iloc[0]:,.0f}"


def _interval(rows: pd.DataFrame, place: str, sign: str = "") -> str:
    here = rows[rows["jurisdiction"] == place]
    if here.empty:
        return "-"
    mean, high = float(here["mean"].iloc[0]), float(here["high"].iloc[0])
    spread = "" if int(here["n"].iloc[0]) < 2 else f" ± {high - mean:,.1f}"
    return f"{mean:{sign},.1f}{spread}"
