"""A backlog that capacity drives, fitted on the early part of a series and told as an ordinary scenario.

A team whose officers close so many cases each in a period, cases that come in counted numbers, and those that are open
when the early part ends. One period of the series, year or quarter, is told as one year of the scenario. What is
estimated, and how, was fixed before any error was seen and looks at the early part alone.
"""

from __future__ import annotations

import datetime as dt
import math
from calendar import isleap
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from ..files.read import scenario_of
from ..files.tree import Tree
from ..measures.frame import ALL
from ..model.scenario import Scenario
from ..statistics.inputs import t_quantile
from ..statistics.means import mean_interval
from .backtest_series import Floats, Series, SeriesError
from .replicate import replicate

WINDOW = 8
"""Most periods that capacity is estimated from, the last ones of the early part: two whole years of quarters."""
FEWEST_FOR_TREND = 6
"""Periods from which on a trend is looked for; fewer cannot tell one from chance."""
TREND_LEVEL = 0.975
"""Quantile of Student's t that the slope must exceed, in either direction, in its standard errors."""
REPLICATIONS = 10
SEED = 20_010_101
STAFF = 100
"""Officers of the simulated team where nobody has published any; only officers times cases each matters then."""
FIRST_YEAR = 2001


class Given(StrEnum):
    """What a forecast is told of the later part."""

    RECEIVED = "cases received"
    NOTHING = "nothing"
    CLOSURES = "cases received; capacity by published closures"
    OFFICERS = "cases received and officers"


@dataclass(frozen=True)
class Question:
    """What one forecast starts from: `pending` cases, then for each later period those received and the officers.

    `each` is how many cases an officer closes in a period.
    """

    pending: float
    received: Floats
    officers: tuple[int, ...]
    each: float


def asked(series: Series, given: Given, early: int, end: int) -> Question:
    """The question of a forecast: fitted on periods before `early`, asked for those before `end`.

    Of the later part it holds what `given` names, and nothing else.
    """
    ahead, past = end - early, window(series, early)
    left = (series.closed if given is Given.CLOSURES else series.left)[past]
    received = series.received[early:end]
    if given is Given.NOTHING:
        received = np.full(ahead, series.received[early - 1])
    if given is Given.OFFICERS:
        each = float(left.sum() / series.officers[past].sum())
        officers = np.maximum(np.rint(series.officers[early:end]), 1.0)
    else:
        each = float(left.mean()) / STAFF
        officers = np.maximum(np.rint(expected(left, ahead) / each), 1.0)
    return Question(float(series.pending[early]), received, tuple(int(number) for number in officers), each)


def window(series: Series, early: int) -> np.ndarray:
    """The early periods that tell of capacity: the last ones that neither began nor ended without a backlog.

    An office without a backlog closes what comes, which may be less than it could. Raises SeriesError for none.
    """
    busy = np.flatnonzero((series.pending[:early] > 0) & (series.pending[1 : early + 1] > 0))[-WINDOW:]
    if not len(busy) or series.left[busy].sum() <= 0 or series.closed[busy].sum() <= 0:
        raise SeriesError(f"{series.name}: nothing closed with a backlog before {series.periods[early]}")
    return busy


def expected(past: Floats, ahead: int) -> Floats:
    """Cases that a team is expected to close in each of the periods ahead, shape (ahead,), by those before.

    Their mean; or their straight line (least squares) if its slope is beyond chance by t. The line goes on for no more
    periods than it was seen over, and stays where it is then.
    """
    n, level = len(past), float(past.mean())
    if n < FEWEST_FOR_TREND:
        return np.full(ahead, level)
    times = np.arange(n) - (n - 1) / 2
    squares = float(times @ times)
    slope = float(times @ past) / squares
    rest = past - level - slope * times
    error = math.sqrt(float(rest @ rest) / (n - 2) / squares)
    if abs(slope) <= t_quantile(n - 2, TREND_LEVEL) * error:
        return np.full(ahead, level)
    steps = np.minimum(np.arange(1, ahead + 1), n)
    return np.maximum(level + slope * ((n - 1) / 2 + steps), 0.0)


def predict(series: Series, question: Question) -> list[tuple[float, float, float]]:
    """Pending at the end of each later period: mean over replications and its 95 % interval, in cases."""
    found = replicate(office(series, question), replications=REPLICATIONS, seed=SEED).findings
    everywhere = (found["jurisdiction"] == ALL) & (found["field"] == ALL)
    closed = found[everywhere & (found["measure"] == "count") & (found["item"] == "closed")]
    by_year = closed.pivot(index="replication", columns="period", values="value")
    years = [FIRST_YEAR + n for n in range(len(question.received))]
    start, received = _scaled(series, question)
    done = by_year[years].to_numpy().cumsum(axis=1)
    pending = start + np.cumsum(received) - done
    means = [mean_interval(pending[:, n] * series.one_for) for n in range(len(years))]
    return [(one.mean, one.low, one.high) for one in means]


def _scaled(series: Series, question: Question) -> tuple[int, np.ndarray]:
    """Simulated cases: pending at the start, and received in each period."""
    total = np.rint(np.cumsum([question.pending, *question.received]) / series.one_for).astype(int)
    return int(total[0]), np.diff(total)  # differences of rounded sums, so that roundings do not add up


def office(series: Series, question: Question) -> Scenario:
    """The scenario of a forecast: one stage of work, one team, its roster by the year, and what it has to do."""
    start, received = _scaled(series, question)
    years = [FIRST_YEAR + n for n in range(len(received))]
    hours = 365 * 24 * series.one_for / question.each
    named = {"source": series.source}
    staff = {"assumed": "staff", "range": [1, 10 * max(question.officers)]}
    body: dict[str, Any] = {
        "format": 1,
        "title": f"Back-test: {series.name}, {series.unit}",
        "period": {"start": dt.date(FIRST_YEAR, 1, 1), "end": dt.date(years[-1] + 1, 1, 1)},
        "assumptions": {
            "staff": "Officers as published, or the expected capacity divided by what each closes.",
            "each": "What left in the early part, for each officer; exponential, as then work in hand needs no age.",
            "age": "Not published; who was filed first goes first, so that numbers do not depend on it.",
        },
        # A leap day is off, so that every period is as long.
        "calendars": {"days": {"closed_on": [dt.date(year, 2, 29) for year in years if isleap(year)]}},
        "teams": {
            "office": {
                "calendar": "days",
                "officers": {"value": question.officers[0], **staff},
                "roster": [
                    {"on": dt.date(year, 1, 1), "officers": {"value": number, **staff}}
                    for year, number in zip(years[1:], question.officers[1:], strict=True)
                ],
            }
        },
        "procedures": {"case": {"outcomes": {"done": "done"}, "stages": {"work": _work(hours)}}},
        "origins": {
            "received": {
                "process": "counted",
                "enters": "work",
                "counts": [
                    {"year": year, "count": {"value": int(count), **named}}
                    for year, count in zip(years, received, strict=True)
                ],
            }
        },
    }
    if start:
        body["origins"]["pending"] = {"process": "backlog", "cases": [_standing(start, named)]}
    return scenario_of(Tree(body))


def _work(hours: float) -> dict[str, Any]:
    length = {"family": "exponential", "mean": f"{hours:.9g} h", "assumed": "each", "range": [hours / 2, hours * 2]}
    return {"kind": "work", "team": "office", "counts_as": "closed", "duration": length, "then": "done"}


def _standing(count: int, named: dict[str, str]) -> dict[str, Any]:
    age = {"family": "fixed", "value": "1 days", "assumed": "age", "range": [1, 1000]}
    return {"stage": "work", "count": {"value": count, **named}, "age": age}
