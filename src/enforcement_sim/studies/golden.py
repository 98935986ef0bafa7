"""Traces that can be followed by hand: what the logs of their scenario files must say, to the second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..journal.log import EventLog
from ..measures.visits import Visits, visits
from ..records import HOUR, What


class Trace:
    """The one log of a hand-made scenario, in hours."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.visits: Visits = visits(log)

    def rows(self, stage: str) -> np.ndarray:
        """Visits to a stage, in order of the cases."""
        return np.flatnonzero(np.array(self.log.names.stages)[self.visits.stage] == stage)

    def start(self, stage: str = "work") -> list[float]:
        """When work began, case by case."""
        return [float(t) / HOUR for t in self.visits.started[self.rows(stage)]]

    def end(self, stage: str = "work") -> list[float]:
        """When the visit ended, case by case."""
        return [float(t) / HOUR for t in self.visits.left[self.rows(stage)]]

    def entered(self, stage: str = "work") -> list[float]:
        """When the visit began, case by case."""
        return [float(t) / HOUR for t in self.visits.entered[self.rows(stage)]]

    def wait(self, stage: str = "work") -> list[float]:
        """Time in line, case by case."""
        return [start - entered for start, entered in zip(self.start(stage), self.entered(stage), strict=True)]

    def of(self, how: What) -> np.ndarray:
        """Which visits ended in a way."""
        return np.flatnonzero(self.visits.how == how)


Traces = Mapping[str, Trace]


def _j01(t: Traces) -> dict[str, Any]:
    one = t["J01"]
    busy = sum(min(end, 31) - min(start, 31) for start, end in zip(one.start(), one.end(), strict=True))
    queue = sum(min(start, 31) - entered for start, entered in zip(one.start(), one.entered(), strict=True))
    return {
        "start": one.start(), "end": one.end(), "wait": one.wait(), "busy_time_0_31": busy,
        "queue_area_0_31": queue, "avg_queue_0_31": queue / 31, "util_0_31": busy / 31,
    }  # fmt: skip


def _j02(t: Traces) -> dict[str, Any]:
    ends = {kind: t[f"J02-{kind}"].end()[0] for kind in ("restart", "resume", "redraw")}
    return {**{f"end_{kind}": end for kind, end in ends.items()}, "last_service_start": ends["restart"] - 10}


def _j03(t: Traces) -> dict[str, Any]:
    new, left = t["J03-new_team"], t["J03-leftovers_count"]
    over = []
    for start, end in zip(new.start(), new.end(), strict=True):
        shift_end = next((change for change in (7, 11) if start < change), None)
        if shift_end is not None:
            over.append(max(0.0, end - shift_end))
    return {
        "variant_new_team": {
            "start": new.start(), "end": new.end(), "overtime_by_server": over, "mean_overtime": sum(over) / len(over),
        },
        "variant_capacity_counts_leftovers": {"start": left.start(), "end": left.end()},
    }  # fmt: skip


def _j07(t: Traces) -> dict[str, Any]:
    one = t["J07"]
    served, gone = one.of(What.ENDED), one.of(What.GAVE_UP)
    hours = {"entered": one.visits.entered / HOUR, "left": one.visits.left / HOUR}
    return {
        "served_arrivals": hours["entered"][served].tolist(), "served_end": hours["left"][served].tolist(),
        "left_arrivals": hours["entered"][gone].tolist(), "left_at": hours["left"][gone].tolist(),
    }  # fmt: skip


def _j08(t: Traces) -> dict[str, Any]:
    one = t["J08"]
    served, gone = one.of(What.ENDED), one.of(What.GAVE_UP)
    return {
        "served_arrival_index": (one.visits.case[served] + 1).tolist(),
        "start": (one.visits.started[served] / HOUR).tolist(), "end": (one.visits.left[served] / HOUR).tolist(),
        "left_index": (one.visits.case[gone] + 1).tolist(), "left_at": (one.visits.left[gone] / HOUR).tolist(),
    }  # fmt: skip


def _j18(t: Traces) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, file in (("strict_fcfs", "J18-strict"), ("skip", "J18-skip")):
        one = t[file]
        found[f"{name}_start"] = one.start("pair") + one.start("single")
        found[f"{name}_end"] = one.end("pair") + one.end("single")
    return found


def _j21(t: Traces) -> dict[str, Any]:
    one = t["J21"]
    entered, start = np.array(one.entered()), np.array(one.start())
    arrived, started = int((entered <= 100).sum()), int((start <= 100).sum())
    return {
        "arrived_at_100": arrived, "started_at_100": started, "waiting_at_100": arrived - started,
        "start_of_case_801": start[800], "wait_of_case_801": start[800] - entered[800],
    }  # fmt: skip


def _j22(t: Traces) -> dict[str, Any]:
    def told(one: Trace) -> dict[str, Any]:
        draft, sign = (list(zip(one.start(s), one.end(s), strict=True)) for s in ("draft", "sign"))
        return {f"case{n + 1}": {"draft": list(draft[n]), "sign": list(sign[n])} for n in range(2)}

    return {**told(t["J22-older_stage_first"]), "fcfs_by_queue_entry": told(t["J22-first_come"])}


def _j17(t: Traces) -> dict[str, Any]:
    log = t["J17"].log
    rows = log.what == What.TAKEN
    taken = dict(zip(log.case[rows].tolist(), log.team[rows].tolist(), strict=True))
    names = [log.names.people[taken[case] - len(log.names.teams)].split("/")[1] for case in sorted(taken)]
    return {"owner": names, "end": t["J17"].end()}


GOLDEN: dict[str, Callable[[Traces], dict[str, Any]]] = {
    "J01": _j01,
    "J02": _j02,
    "J03": _j03,
    "J04": lambda t: {"service_start": t["J04"].start()},
    "J05": lambda t: {"service_start": t["J05"].start()},
    "J07": _j07,
    "J08": _j08,
    "J11": lambda t: {"end": t["J11"].end()},
    "J15": lambda t: {"end": [t["J15"].end(f"work_{job}")[0] for job in "abc"]},
    "J17": _j17,
    "J18": _j18,
    "J19": lambda t: {
        "decided_at": t["J19"].end("panel"),
        "wait": [end - entered for end, entered in zip(t["J19"].end("panel"), t["J19"].entered("panel"), strict=True)],
    },
    "J20": lambda t: {"end": t["J20"].end("c")[-1]},
    "J21": _j21,
    "J22": _j22,
}
"""For each traced case the answers of its scenario files, in the shape in which the source tells them."""


def largest_error(expected: Any, got: Any) -> float:
    """The largest absolute difference between two structures of numbers; infinite where their shapes differ."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping) or set(expected) - set(got):
            return float("inf")
        return max((largest_error(value, got[key]) for key, value in expected.items()), default=0.0)
    if isinstance(expected, (list, tuple)):
        if len(expected) != len(got):
            return float("inf")
        return max((largest_error(a, b) for a, b in zip(expected, got, strict=True)), default=0.0)
    if isinstance(expected, str):
        return 0.0 if expected == got else float("inf")
    return abs(float(expected) - float(got))
