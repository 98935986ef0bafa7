"""A few lines on the terminal after a run: what was filed, closed, open, and what the change did."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

from ..measures.frame import ALL
from ..studies.replicate import Results


def tell(results: list[Results], base: Results | None) -> None:
    """Print one table: each jurisdiction with its open cases at the end, and the difference to the base."""
    console = Console()
    for one in results:
        table = Table(title=f"{one.scenario.title.en} · {one.scenario.title.zh}", title_justify="left")
        for heading in ("jurisdiction", "filed", "closed", "open at the end (95 % interval)"):
            table.add_column(heading, justify="left" if heading == "jurisdiction" else "right")
        change = None if base is None or one is base else one.difference_to(base)
        if change is not None:
            table.add_column("difference to base (95 % interval)", justify="right")
        for place in _places(one):
            cells = [place, *(_mean(one.summary, what, place) for what in ("filed", "closed"))]
            cells.append(_interval(one.summary, "open_at_end", place))
            if change is not None:
                cells.append(_interval(change, "open_at_end", place, sign=True))
            table.add_row(*cells)
        console.print(table)


def _places(one: Results) -> list[str]:
    found = one.measure("filed")["jurisdiction"].unique().tolist()
    return [*(place for place in found if place != ALL), ALL]


def _row(summary: pd.DataFrame, measure: str, place: str) -> pd.Series | None:
    rows = summary[(summary["measure"] == measure) & (summary["jurisdiction"] == place) & (summary["field"] == ALL)]
    return None if rows.empty else rows.iloc[0]


def _mean(summary: pd.DataFrame, measure: str, place: str) -> str:
    row = _row(summary, measure, place)
    return "-" if row is None else f"{row['mean']:,.0f}"


def _interval(summary: pd.DataFrame, measure: str, place: str, sign: bool = False) -> str:
    row = _row(summary, measure, place)
    if row is None:
        return "-"
    plus = "+" if sign else ""
    spread = "" if row["n"] < 2 else f" ({row['low']:{plus},.1f} to {row['high']:{plus},.1f})"
    return f"{row['mean']:{plus},.1f}{spread}"
