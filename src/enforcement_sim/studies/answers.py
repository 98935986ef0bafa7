"""How each published answer of the validation cases is read off a log; one entry a name that sources use."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from ..journal.log import EventLog
from ..measures.queueing import Floats, Station, lifetimes, station_of
from ..measures.staff import officers_at_work, on_duty
from ..measures.visits import visits
from ..plan.attendance import attendance
from ..plan.tables import Plan
from ..records import DAY, Op, What
from .simulated import READ_SIMULATED

UNIT = DAY
"""The scenario files of queueing cases tell one unit of the source as one day."""


class Answers:
    """The answers of one replication of a case."""

    def __init__(self, case: str, log: EventLog, plan: Plan) -> None:
        self.case, self.log, self.plan = case, log, plan
        self.visits = visits(log)
        self.all = self.of()

    def of(self, *stages: str, ops: tuple[Op, ...] = (Op.WORK,)) -> Station:
        """The station of some stages, or of all work."""
        return station_of(self.visits, self.log, self.plan, UNIT, stages, ops)

    def lives(self) -> Floats:
        """Time from arrival to closing."""
        return lifetimes(self.log, self.plan, UNIT)

    def officers(self, team: str = "") -> int:
        """Officers of a team, or of the first one."""
        number = self.plan.names.teams.index(team) if team else 0
        return int(self.plan.roster[int(self.plan.teams[number]["roster_at"])]["officers"])

    def periodic(self, period: float, offset: float) -> np.ndarray:
        """Seconds of a moment that repeats, inside the window."""
        first = np.ceil(self.plan.warm_up / UNIT / period) * period
        times = (np.arange(first, self.plan.horizon / UNIT - period, period) + offset) * UNIT
        return times.astype(np.int64)

    def after(self, units: int) -> np.ndarray:
        """The second so many units after the warm-up, as an array."""
        return np.array([self.plan.warm_up + units * UNIT], dtype=np.int64)

    def value(self, metric: str) -> float | None:
        """One answer; None if nobody has said how this name is read off a log."""
        for pattern, read in READ:
            match = re.fullmatch(pattern, metric)
            if match is not None:
                return float(read(self, *match.groups()))
        return None


def _util(a: Answers) -> float:
    """Work within office hours over the time that officers are on duty, for the first team."""
    first, last = a.plan.warm_up, a.plan.horizon
    hours = a.plan.work_tables[int(a.plan.teams[0]["calendar"])]
    services = a.visits.services
    start, end = np.clip(services.start, first, last), np.clip(services.end, first, last)
    inside = np.asarray(hours.worked(end)) - np.asarray(hours.worked(start))
    officers = officers_at_work(a.log, a.plan, a.visits)[services.visit]
    return float((inside * officers).sum()) / on_duty(a.plan, 0, first, last)


def _overtime(a: Answers) -> float:
    hours = a.plan.work_tables[int(a.plan.teams[0]["calendar"])]
    rows = (a.all.started >= a.plan.warm_up) & (a.all.left < a.plan.horizon)
    start, end = a.all.started[rows], a.all.left[rows]
    beyond = (end - start) - (np.asarray(hours.worked(end)) - np.asarray(hours.worked(start)))
    return float(beyond.sum()) / ((a.plan.horizon - a.plan.warm_up) / 24)


def _class(a: Answers, which: str) -> Station:
    """The class that a suffix of an answer means: a stage of that name, or the n-th stage."""
    stages = [a.plan.names.stages[n] for n in range(a.plan.outcomes_at)]
    return a.of(which) if which in stages else a.of(stages[int(which) - 1])


def _panel(a: Answers) -> Station:
    return a.of(ops=(Op.GATE,))


def _meetings(a: Answers) -> np.ndarray:
    times = a.plan.meetings["time"]
    return np.asarray(times[(times >= a.plan.warm_up) & (times < a.plan.horizon)])


def _released(a: Answers) -> Floats:
    left, meetings = _panel(a).left, _meetings(a)
    return (
        np.searchsorted(np.sort(left), meetings, "right") - np.searchsorted(np.sort(left), meetings, "left")
    ).astype(float)


def _before(a: Answers) -> Floats:
    # A case that arrives in the very second of a meeting is there in time for it.
    return _panel(a).number_at(_meetings(a) + 1) + _released(a)


def _closed_rate(a: Answers) -> float:
    """Cases closed for each unit of time."""
    times = a.log.time[a.log.rows(What.CLOSED)]
    inside = (times >= a.plan.warm_up) & (times < a.plan.horizon)
    return float(inside.sum()) / ((a.plan.horizon - a.plan.warm_up) / UNIT)


def _present(a: Answers) -> float:
    """Share of time for which the first team's officers are not absent."""
    steps = attendance(a.plan, a.log.replication).rosters[0]
    ends = [*(second for second, _, _ in steps[1:]), a.plan.horizon]
    seconds = np.diff(np.clip([[second for second, _, _ in steps], ends], 0, a.plan.horizon), axis=0)[0]
    return float((seconds * [officers for _, officers, _ in steps]).sum()) / (a.plan.horizon * a.officers())


def _by_first_officer(a: Answers) -> float:
    taken = a.log.team[a.log.rows(What.TAKEN)]
    return float((taken == len(a.plan.names.teams)).mean())


def _orbit(a: Answers) -> Station:
    return a.of("orbit", ops=(Op.WAIT,))


def _busy_on_arrival(a: Answers) -> float:
    rows = (a.visits.nth == 0) & np.isin(a.visits.stage, [a.plan.names.stages.index("counter")])
    rows &= a.visits.entered >= a.plan.warm_up
    return float((a.visits.how[rows] == What.TURNED_AWAY).mean())


def _any_stage(a: Answers) -> Station:
    return a.of(ops=(Op.WORK, Op.WAIT))


def _first_harmonic(a: Answers) -> tuple[float, float]:
    """Amplitude of the daily swing, and its lag behind a sine, in units."""
    hours = np.arange(24)
    means = np.array([_any_stage(a).number_at(a.periodic(24, hour)).mean() for hour in range(24)])
    turn = 2 * np.pi * hours / 24
    sine, cosine = (means * np.sin(turn)).mean() * 2, (means * np.cos(turn)).mean() * 2
    return float(np.hypot(sine, cosine)), float(np.arctan2(-cosine, sine) * 24 / (2 * np.pi))


FLUID = 4
"""Cases of the stochastic scenario that stand for one of the fluid model."""


def _fluid(a: Answers, week: float) -> float:
    return float(a.all.number_at(np.array([a.plan.warm_up + week * UNIT]).astype(np.int64))[0]) / FLUID


def _clear_week(a: Answers) -> float:
    """The first moment after the peak at which nobody waits."""
    weeks = np.arange(30, (a.plan.horizon - a.plan.warm_up) / UNIT, 0.05)
    is_clear = a.all.number_at((a.plan.warm_up + weeks * UNIT).astype(np.int64)) <= a.officers()
    if not is_clear.any():
        raise ValueError("somebody waits to the end: give the case a longer period")
    return float(weeks[np.argmax(is_clear)])


WEEK_HOURS = {"Mon_9h": 9, "Mon_13h": 13, "Mon_17h": 17, "Wed_9h": 57, "Fri_17h": 113}
Read = Callable[..., float]
READ: list[tuple[str, Read]] = [
    (r"rho|util|staff_util|util_onshift|officer_util", lambda a: _util(a)),
    (r"interpreter_util", lambda a: a.of("B").mean_number("officers") / a.officers("interpreter")),
    (r"P_wait", lambda a: (a.all.waits() > 0).mean()),
    (r"Wq|Wq_all|Wq_per_visit", lambda a: a.all.waits().mean()),
    (r"Wq_seconds", lambda a: a.all.waits().mean() * 60),
    (r"Wq_served", lambda a: a.all.waits(served_only=True).mean()),
    (r"Wq_sd", lambda a: a.all.waits().std()),
    (r"W", lambda a: a.all.stays().mean()),
    (r"W_calendar_h", lambda a: a.all.stays().mean()),
    (r"L|avgL|L_station", lambda a: a.all.mean_number()),
    (r"Lq", lambda a: a.all.mean_number("line")),
    (r"P_N<=(\d+)", lambda a, n: 1 - a.all.time_share(int(n) + 1)),
    (r"P_N>=(\d+)", lambda a, n: a.all.time_share(int(n))),
    (r"P_block", lambda a: a.all.share(What.TURNED_AWAY)),
    (r"lost_per_h", lambda a: a.all.rate(What.TURNED_AWAY)),
    (r"P_ab", lambda a: a.all.share(What.GAVE_UP, of_accepted=True)),
    (r"throughput", lambda a: _closed_rate(a) - a.all.rate(What.GAVE_UP)),
    (r"P_up", lambda a: _present(a)),
    (r"mean_delay_first_100", lambda a: a.all.waits().mean()),
    (r"P_no_wait_first_100", lambda a: (a.all.waits() == 0).mean()),
    (r"E_delay_caller_(\d+)", lambda a, n: (a.all.started - a.all.entered)[int(n) - 1] / UNIT),
    (r"share_served_by_Able", lambda a: _by_first_officer(a)),
    (r"W_join|mean_cycle_time", lambda a: a.lives().mean()),
    (r"var_cycle_time", lambda a: a.lives().var(ddof=1)),
    (r"W_branch", lambda a: a.all.stays().mean()),
    (r"orbit", lambda a: _orbit(a).mean_number()),
    (r"W_orbit", lambda a: _orbit(a).mean_number() / _closed_rate(a)),
    (r"P_busy_arrival", lambda a: _busy_on_arrival(a)),
    (r"EL_t(\d+)", lambda a, t: _any_stage(a).number_at(a.periodic(24, int(t))).mean()),
    (r"amplitude", lambda a: _first_harmonic(a)[0]),
    (r"peak_lag_h", lambda a: _first_harmonic(a)[1]),
    (r"x_(\d+)", lambda a, t: _fluid(a, int(t))),
    (r"clear_week", lambda a: _clear_week(a)),
    (r"P_ab(\d)", lambda a, k: _class(a, k).share(What.GAVE_UP)),
    (r"(?:Wq_all|Wq_|Wq)(k\d|A|B|\d)", lambda a, k: _class(a, k).waits().mean()),
    (r"W_(k\d)", lambda a, k: _class(a, k).stays().mean()),
    (r"Lq(\d)", lambda a, k: _class(a, k).mean_number("line")),
    (r"max_busy_staff", lambda a: a.all.most_officers()),
    (r"W_total", lambda a: a.lives().mean()),
    (r"P_W>(\d+)", lambda a, t: (a.lives() > int(t)).mean()),
    (r"mean_visits", lambda a: len(a.all.stays()) / len(a.lives())),
    (r"rate_work", lambda a: a.of("work").rate(What.ENDED)),
    (r"L_work", lambda a: a.of("work").mean_number()),
    (r"L_evidence", lambda a: a.of("evidence", ops=(Op.WAIT,)).mean_number()),
    (r"EL_mon_0h", lambda a: a.all.number_at(a.periodic(7, 0)).mean()),
    (r"EL_sat_0h", lambda a: a.all.number_at(a.periodic(7, 5)).mean()),
    (r"EL_open", lambda a: a.all.number_at(a.periodic(24, 0)).mean()),
    (r"EL_close", lambda a: a.all.number_at(a.periodic(24, 8)).mean()),
    (r"EL_midday", lambda a: a.all.number_at(a.periodic(24, 4)).mean()),
    (r"EL_((?:Mon|Wed|Fri)_\d+h)", lambda a, k: a.all.number_at(a.periodic(168, WEEK_HOURS[k])).mean()),
    (r"overtime_h_per_day", lambda a: _overtime(a)),
    (r"Wq_mean|Wq_weeks|gate_wait", lambda a: _panel(a).waits().mean()),
    (r"Wq_var", lambda a: _panel(a).waits().var()),
    (r"P_Wq>(\d+)", lambda a, t: (_panel(a).waits() > int(t)).mean()),
    (r"mean_released", lambda a: _released(a).mean()),
    (r"var_released", lambda a: _released(a).var(ddof=1)),
    (r"EQ_before", lambda a: _before(a).mean()),
    (r"EX_carried_over", lambda a: (_before(a) - _released(a)).mean()),
    (r"P_panel_full", lambda a: (_released(a) == a.plan.meetings["quota"][0]).mean()),
    (r"W_station", lambda a: a.all.stays().mean()),
    (r"EL_before", lambda a: a.all.number_at(a.periodic(1, 0)).mean()),
    (r"mean_total|var_total", lambda a: len(a.log.cases)),
    (r"(?:mean|var)_hour_7", lambda a: ((a.log.cases["arrived"] // UNIT) == 6).sum()),
    (r"mean_last_hour", lambda a: ((a.log.cases["arrived"] // UNIT) == 17).sum()),
    (r"E_D_(\d+)", lambda a, n: (a.all.started - a.all.entered)[int(n) - 1] / UNIT),
    (r"(?:EL|sdL)_(\d+)", lambda a, t: a.all.number_at(a.after(int(t)))[0]),
    (r"ELq_(\d+)", lambda a, t: a.all.waiting_at(a.after(int(t)))[0]),
    (r"P0_(\d+)", lambda a, t: a.all.number_at(a.after(int(t)))[0] == 0),
    *READ_SIMULATED,
]  # fmt: skip
"""Names of answers (regular expressions) and how they are read; a case asks only for names that fit it."""
