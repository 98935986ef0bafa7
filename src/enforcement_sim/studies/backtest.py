"""Back-tests: fit a backlog that capacity drives on the early part of a published series, predict the later.

The errors stand beside those of two naive rules: what is pending stays as it was at the end of the early part, or its
last change goes on. Forecasts that are told the cases received (what a planner asks: if so many come) know more than
the rules do; those that are told nothing do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from .backtest_model import Given, asked, predict, window
from .backtest_series import Series, courts, eoir, ssa, uk_asylum

HORIZON = 3
"""Periods ahead of each rolling origin."""
RULES = ("predicted", "stay", "drift")

Loader = Callable[[Path, str | None, str | None], Series]
SERIES: tuple[tuple[Loader, str, str, str], ...] = (
    (eoir, "validation/series/us_eoir_immigration_courts_annual_2008_2020.csv", "2008", "2016"),
    (ssa, "validation/series/us_ssa_hearings_annual.csv", "2014", "2018"),
    (courts, "validation/series/china_courts_annual.csv", "2018", "2022"),
    (uk_asylum, "logs/uk_asylum/quarterly_flow_stock.csv", "2010-06-30", "2024-09-30"),
)
"""Loader, file, and the stretch without gaps or breaks: the first period gives only what is pending at its end."""

COLUMNS = (
    "series", "split", "given", "origin", "horizon", "period", "predicted", "low", "high", "observed", "stay", "drift",
)  # fmt: skip


def backtests(folder: Path) -> pd.DataFrame:
    """Back-tests of all series below a folder: a row for each series, split, origin, kind of forecast and period.

    Columns as COLUMNS: `split` is middle or rolling, `given` a value of Given, `origin` the last period of the early
    part, `horizon` periods after it; the others are pending cases at the end of the period: predicted (mean over
    replications with its 95 % interval), observed, and by the two naive rules. SERIES names the files below the folder;
    SeriesError if one is missing or has a gap in the stretch that is wanted. Takes a minute or two.
    """
    loaded = [load(folder / file, first, last) for load, file, first, last in SERIES]
    return pd.concat([backtest(series) for series in loaded], ignore_index=True)


def backtest(series: Series) -> pd.DataFrame:
    """The same of one series: split at the middle, then at every origin from the middle on."""
    n = len(series.periods)
    splits = [("middle", n // 2, n)] + [("rolling", early, min(early + HORIZON, n)) for early in range(n // 2, n)]
    rows = [
        row
        for split, early, end in splits
        for given in Given
        for row in _rows(series, split, given, early, _end(series, given, early, end))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _end(series: Series, given: Given, early: int, end: int) -> int:
    """The period before which a forecast ends; `early` if there is none to make."""
    if given is Given.CLOSURES and np.allclose(series.closed, series.left):
        return early  # it would be the same forecast again
    if given is Given.OFFICERS:
        if np.isnan(series.officers[window(series, early)]).any():
            return early
        unknown = np.flatnonzero(np.isnan(series.officers[early:end]))
        return early + int(unknown[0]) if len(unknown) else end
    return end


def _rows(series: Series, split: str, given: Given, early: int, end: int) -> Iterator[tuple[object, ...]]:
    if end <= early:
        return
    pending = series.pending
    last, change = pending[early], pending[early] - pending[early - 1]
    for ahead, predicted in enumerate(predict(series, asked(series, given, early, end)), start=1):
        at = early + ahead
        names = series.name, split, str(given), series.periods[early - 1], ahead, series.periods[at - 1]
        yield *names, *predicted, pending[at], last, max(last + ahead * change, 0.0)


def errors(frame: pd.DataFrame) -> pd.DataFrame:
    """Mean errors of the rows of `backtests`: a row for each series, split and kind of forecast.

    Columns: series, split, given, forecasts (how many), within (how many observed lay within the interval), then for
    each of predicted, stay and drift the mean absolute error in cases and, with `_share`, the mean of absolute errors
    as shares of what was observed.
    """
    rows = []
    for names, group in frame.groupby(["series", "split", "given"], sort=False):
        row: dict[str, object] = dict(zip(("series", "split", "given"), names, strict=True))
        row["forecasts"] = len(group)
        row["within"] = int(group["observed"].between(group["low"], group["high"]).sum())
        for rule in RULES:
            off = (group[rule] - group["observed"]).abs()
            row |= {rule: off.mean(), f"{rule}_share": (off / group["observed"]).mean()}
        rows.append(row)
    return pd.DataFrame(rows)


def backtest_table(frame: pd.DataFrame) -> str:
    """Markdown: the mean errors by series, split and kind of forecast; the least of each line is in bold."""
    return errors_table(errors(frame))


def errors_table(found: pd.DataFrame) -> str:
    """The same of the rows of `errors`, as they are kept with the validation book."""
    lines = [
        "| series | split | told of the later part | periods | model | stays | last change goes on | within interval |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in found.to_dict("records"):
        least = min(row[rule] for rule in RULES)
        cells = [f"{row[rule]:,.0f} ({_percent(row[f'{rule}_share'])})" for rule in RULES]
        cells = [f"**{cell}**" if row[rule] == least else cell for rule, cell in zip(RULES, cells, strict=True)]
        head = [row["series"], row["split"], row["given"], row["forecasts"]]
        lines.append(f"| {' | '.join(str(cell) for cell in [*head, *cells, row['within']])} |")
    return "\n".join(lines) + "\n"


def forecast_table(frame: pd.DataFrame, most: int = 4) -> str:
    """Markdown: the first periods after the middle, at `most` so many, if the cases received are told."""
    lines = [
        "| series | end of | predicted [95 % interval] | observed | error | stays: error | goes on: error |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    asked_for = (frame["split"] == "middle") & (frame["given"] == Given.RECEIVED) & (frame["horizon"] <= most)
    for row in frame[asked_for].to_dict("records"):
        mean, low, high, seen = (f"{row[name]:,.0f}" for name in ("predicted", "low", "high", "observed"))
        off = [f"{row[rule] - row['observed']:+,.0f}" for rule in RULES]
        lines.append(f"| {row['series']} | {row['period']} | {mean} [{low}, {high}] | {seen} | {' | '.join(off)} |")
    return "\n".join(lines) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
