"""Which teams and jurisdictions are overloaded, so that their backlog has no level but grows with the run."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model import derive
from ..model.scenario import Scenario
from ..model.staffing import officers_at, rosters, second_of
from ..model.stages import Work
from ..plan.build import NO_PHASE
from ..records import DAY
from ..statistics.means import mean_interval
from ..statistics.overload import Overload, Trend, Verdict, overload
from .backlog import WEEK
from .frame import ALL

Floats = npt.NDArray[np.float64]
HOURS = ("work_hours", "officer_hours")
READ = ("backlog", *HOURS)
"""The measures that a verdict rests on."""
COLUMNS = [
    "kind", "name", "verdict", "reason", "load", "load_low", "load_high", "busiest", "growth", "growth_low",
    "growth_high", "open", "since", "until", "has_season",
]  # fmt: skip
BUSY, AWAY = 0.9, 0.85
"""From this share of what its officers can be at work on a team counts as busy; a team whose officers are away at times
(absence, leave, vacant posts, part time) from AWAY of that."""
SLOW = 0.05
"""Growth over the stretch that is judged, as a share of the open cases, from which a busy team is not called stable."""
_SEASON = 4
"""Where seasons are averaged out, every so many weeks are looked at: 13 make 52 weeks, a year but for a day."""
_YEAR = 13
_FEWEST = 8
_DAYS = 365.25


class Why(StrEnum):
    """What a verdict rests on beside the numbers."""

    NONE = ""
    NOT_BUSY = "not_busy"
    """Open cases grow though officers are free: another change, a meeting, or work that takes several at once."""
    ELSEWHERE = "elsewhere"
    """Open cases grow, but they wait for another team, which is overloaded."""
    SLOW = "slow"
    """Busy, and open cases grow surely but slowly."""
    UNSURE = "unsure"
    """Chance moves the open cases too much for a verdict."""
    TOO_FEW = "too_few"
    """A single replication."""
    TOO_SHORT = "too_short"
    """Too little time after the warm-up, or after the last reform."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a verdict looks at, counted from the start; of them the second half is judged.

    With `has_season` each of `days` stands for the year before it, so that seasons do not count as growth.
    """

    first: int
    days: npt.NDArray[np.int64]
    has_season: bool

    @property
    def every(self) -> int:
        """Days from one look to the next."""
        return int(self.days[1] - self.days[0]) if len(self.days) > 1 else WEEK


def window_of(scenario: Scenario) -> Window:
    """The longest stretch of whole years after the warm-up and after the last step of a reform.

    Of at least two years, means of a year are judged, every four weeks; the second half of them shows growth and no
    season. Of less, the open cases themselves, from the warm-up or reform on. A step within the stretch
    (rosters, filings, law) counts as growth; a team that is not busy is not called overloaded for it.
    """
    warm_up = 0 if scenario.period.warm_up is None else round(scenario.period.warm_up.seconds)
    counted = np.arange(-(-warm_up // DAY), scenario.period.seconds // DAY + 1, WEEK)
    counted = counted[counted >= _last_step(scenario)]
    years = len(counted) // (_SEASON * _YEAR)
    if years < 2:
        return Window(int(counted[0]) if len(counted) else 0, counted, False)
    last = counted[::-1][::_SEASON][::-1][-years * _YEAR :]
    return Window(int(last[0]), last, True)


def _last_step(scenario: Scenario) -> int:
    """The day from which no reform moves anything more."""
    dates = [
        date
        for reform in derive.shifts(scenario).values()
        for date in (reform.on, reform.full_on, reform.staff_on, *(reform.evaluation.on if reform.evaluation else ()))
        if date is not None
    ]
    steps = [second_of(scenario, date) for date in dates]
    return max((-(-second // DAY) for second in steps if second < scenario.period.seconds), default=0)


def overload_table(scenario: Scenario, findings: pd.DataFrame) -> pd.DataFrame:
    """A verdict for all cases together, each jurisdiction and each team, with the columns COLUMNS.

    `findings` have the column `replication`. `load` is the work done against the hours on duty over the years of the
    judged half (of a jurisdiction that of its `busiest` team). What is not done is not measured, so it is the least
    that the offered load can be, and it stands for the offered load only of teams that are not busy. `growth` is in
    cases a year and `open` the mean number of open cases beside it: of a team those in a phase in which it works, in
    its jurisdictions and fields. Intervals are 95 % (Student's t over replications). `since` and `until` are the dates
    that the verdict looks at. The rule is that of `statistics.overload`; an overload also needs a busy team.
    """
    window = window_of(scenario)
    series = Series.of(findings, window)
    loads = _loads(scenario, findings, window)
    teams = _teams(scenario, series)
    busy = {t.name for t in teams if t.name in loads and loads[t.name].mean() >= t.busy_from}
    judged = {t.name: _judged(series, t.rows, loads.get(t.name), t.name in busy) for t in teams}
    rows = []
    for place, at in series.places.items():
        here = [t.name for t in teams if t.name in loads and (place == ALL or place in t.places)]
        busiest = max(here, key=lambda name: float(loads[name].mean()), default="")
        one = _judged(series, [at], loads.get(busiest), any(name in busy for name in here))
        rows.append({"kind": "jurisdiction", "name": place, "busiest": busiest, **one})
    rows += [{"kind": "team", "name": t.name, "busiest": "", **_or_elsewhere(t, judged, teams)} for t in teams]
    start, last = scenario.period.start, int(window.days[-1]) if len(window.days) else window.first
    since, until = (start + dt.timedelta(days=day) for day in (window.first, last))
    table = pd.DataFrame(rows).assign(since=since, until=until, has_season=window.has_season)
    return table.reindex(columns=COLUMNS)


@dataclass(frozen=True, slots=True)
class Series:
    """Open cases on the days of a window, shape (rows, replications, days), by jurisdiction, field and phase."""

    values: Floats
    row_of: dict[tuple[str, str, str], int]
    window: Window

    @classmethod
    def of(cls, findings: pd.DataFrame, window: Window) -> Series:
        """Taken from all findings at once: there are a million of them in a study."""
        period = findings["period"].to_numpy()
        wanted = np.flatnonzero((findings["measure"] == "backlog").to_numpy(dtype=np.bool_))
        at = np.searchsorted(window.days, period[wanted])
        fits = at < len(window.days)
        fits[fits] = window.days[at[fits]] == period[wanted[fits]]
        wanted, at = wanted[fits], at[fits]
        replication, numbers = pd.factorize(findings["replication"].to_numpy())
        packed, names = np.zeros(len(wanted), dtype=np.int64), []
        for key in ("jurisdiction", "field", "item"):
            code, name = pd.factorize(findings[key].take(wanted))
            packed = packed * max(len(name), 1) + code
            names.append([str(one) for one in name])
        row, unique = pd.factorize(packed)
        values = np.zeros((len(unique), len(numbers), len(window.days)))
        values[row, replication[wanted], at] = findings["value"].to_numpy()[wanted]
        row_of = {}
        for number, triple in enumerate(unique.tolist()):
            rest, item = divmod(triple, len(names[2]))
            place, field = divmod(rest, len(names[1]))
            row_of[names[0][place], names[1][field], names[2][item]] = number
        return cls(values, row_of, window)

    @property
    def places(self) -> dict[str, int]:
        """The row of all open cases of each jurisdiction, the total first."""
        found = {place: at for (place, field, item), at in self.row_of.items() if (field, item) == (ALL, ALL)}
        return {ALL: found[ALL], **found} if ALL in found else found

    def together(self, rows: list[int]) -> Floats:
        """Open cases of some rows, shape (replications, days); with a season their means over the year before."""
        whole: Floats = self.values[rows].sum(axis=0)
        if not self.window.has_season:
            return whole
        sums = np.cumsum(np.pad(whole, ((0, 0), (1, 0))), axis=1)
        return np.asarray((sums[:, _YEAR:] - sums[:, :-_YEAR]) / _YEAR)


@dataclass(frozen=True, slots=True)
class _Team:
    """A team, the jurisdictions that it serves, the rows of its cases, and from which use on it is busy."""

    name: str
    places: list[str]
    rows: list[int]
    busy_from: float


def _teams(scenario: Scenario, series: Series) -> list[_Team]:
    fields, every = derive.field_names(scenario), rosters(scenario)
    works = [
        (stage.phase or NO_PHASE, stage)
        for procedure in derive.procedures_in_use(scenario)
        for stage in scenario.procedures[procedure].stages.values()
        if isinstance(stage, Work)
    ]
    found = []
    for name, team in scenario.teams.items():
        called = {name, derive.team_role(scenario, name)}
        mine = [(phase, stage) for phase, stage in works if called & {stage.team, *stage.also}]
        places = team.serves or ([team.jurisdiction] if team.jurisdiction else derive.jurisdiction_names(scenario))
        shown = team.fields if team.fields and len(fields) > 1 else [ALL]
        keys = [(place, field, phase) for place in places for field in shown for phase in {phase for phase, _ in mine}]
        rows = [series.row_of[key] for key in keys if key in series.row_of]
        officers = officers_at(every[name], scenario.period.seconds)
        at_once = max((max(stage.officer_numbers) for _, stage in mine), default=1)
        found.append(_Team(name, places, rows, _busy_from(scenario, name, officers, at_once)))
    return found


def _busy_from(scenario: Scenario, name: str, officers: int, at_once: int) -> float:
    """The use from which on a team is busy: nobody works alone on what takes several, or while away."""
    team = scenario.teams[name]
    is_away = bool(team.absence or team.leave or team.attrition or team.other_duties or team.people)
    whole = at_once * (officers // at_once) / officers if officers >= at_once else 1.0
    return BUSY * whole * (AWAY if is_away else 1.0)


def _loads(scenario: Scenario, findings: pd.DataFrame, window: Window) -> dict[str, Floats]:
    """Hours of work against hours on duty of each team, shape (replications,), over the years of the judged half."""
    replication, numbers = pd.factorize(findings["replication"].to_numpy())
    hours: dict[str, Floats] = {}
    teams = list(scenario.teams)
    for measure in HOURS:
        wanted = np.flatnonzero((findings["measure"] == measure).to_numpy(dtype=np.bool_))
        year = findings["period"].to_numpy()[wanted]
        wanted = wanted[np.isin(year, _judged_years(scenario, np.unique(year), window))]
        team = pd.Index(teams).get_indexer(pd.Index(findings["item"].array.take(wanted)))
        sums = np.zeros((len(teams), len(numbers)))
        np.add.at(sums, (team, replication[wanted]), findings["value"].to_numpy()[wanted])
        hours[measure] = sums
    on_duty = hours["officer_hours"].min(axis=1, initial=math.inf) > 0
    return {name: hours["work_hours"][at] / hours["officer_hours"][at] for at, name in enumerate(teams) if on_duty[at]}


def _judged_years(scenario: Scenario, years: npt.NDArray[np.int64], window: Window) -> list[int]:
    """The years that begin in the judged half, a month early at most; if there is none the last."""
    last = [int(year) for year in years[-1:]]
    if not len(window.days):
        return last
    middle = (window.first + int(window.days[-1])) / 2
    found = [int(y) for y in years if (dt.date(int(y), 1, 1) - scenario.period.start).days >= middle - 31]
    return found or last


def _judged(series: Series, rows: list[int], load: Floats | None, is_busy: bool) -> dict[str, Any]:
    """Verdict, reason, load, growth and open cases of some rows."""
    carried = mean_interval([] if load is None else load)
    told: dict[str, Any] = {"load": carried.mean, "load_low": carried.low, "load_high": carried.high}
    _, replications, days = series.values.shape
    if days < _FEWEST:
        return {**told, "verdict": Verdict.UNCLEAR, "reason": Why.TOO_SHORT}
    if replications < 2:
        return {**told, "verdict": Verdict.UNCLEAR, "reason": Why.TOO_FEW}
    open_cases = series.together(rows)
    found = overload(None if is_busy or load is None else load, open_cases)
    judged = open_cases[:, open_cases.shape[1] // 2 :]
    told["open"] = float(judged.mean())
    a_year = _DAYS / ((judged.shape[1] - 1) * series.window.every)
    told |= {f"growth{end}": getattr(found.growth, of) * a_year for end, of in _ENDS.items()}
    verdict, why = _weighed(found, is_busy or load is None, told["open"])
    return {**told, "verdict": verdict, "reason": why}


_ENDS = {"": "mean", "_low": "low", "_high": "high"}


def _weighed(found: Overload, may_be: bool, open_cases: float) -> tuple[Verdict, Why]:
    """The verdict of the rule, where only a busy team may be overloaded, and why there is none."""
    if found.trend == Trend.GROWS and not may_be:
        return Verdict.UNCLEAR, Why.NOT_BUSY
    is_slow = found.growth.low > 0 and found.growth.mean > max(SLOW * open_cases, 1.0)
    if may_be and is_slow and found.verdict == Verdict.STABLE:
        return Verdict.UNCLEAR, Why.SLOW
    return found.verdict, Why.UNSURE if found.verdict == Verdict.UNCLEAR else Why.NONE


def _or_elsewhere(team: _Team, judged: dict[str, dict[str, Any]], teams: list[_Team]) -> dict[str, Any]:
    """What is judged of a team; stable if it is not busy and its cases wait for another that is overloaded."""
    mine = judged[team.name]
    others = (judged[t.name]["verdict"] == Verdict.OVERLOADED and set(t.rows) & set(team.rows) for t in teams)
    if mine["reason"] == Why.NOT_BUSY and any(others):
        return {**mine, "verdict": Verdict.STABLE, "reason": Why.ELSEWHERE}
    return mine
