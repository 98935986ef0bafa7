"""Seconds from pressing Run to the first curve in the live application, and to the first interval, through HTTP.

Run: python bench/app.py [--changes 8]. The base is finished before, and the processes are warm. Before each change one
replication is run by itself, from the plan to the findings: what the machine makes of that tells how busy it is.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "dashboard"))

from app_serving import Browser, served  # noqa: E402

from enforcement_sim.files.read import load  # noqa: E402
from enforcement_sim.plan.build import build  # noqa: E402
from enforcement_sim.studies.processes import one  # noqa: E402

SCENARIO = "tianjin/shift_without_staff.yaml"
TEAM = "teams.binhai_urban.officers"
PAUSE = 0.25  # as the page does between two looks
BETWEEN = 3.0  # a planner looks before changing something else


def first_curve(browser: Browser, officers: int, wanted: int, pause: float) -> tuple[float, float, float]:
    """Seconds until the first curve, until an interval, and until all is finished."""
    levers = {TEAM: officers}
    browser.fire('{"path":["ALL"],"type":"lever"}.value', {}, levers)  # the page tells of a change as it is made
    time.sleep(pause)
    began = time.perf_counter()
    browser.fire("run.n_clicks", {"wanted.value": wanted, "run.n_clicks": 1}, levers)
    curve = interval = 0.0
    seen = ""
    while True:
        time.sleep(PAUSE)
        shown = browser.fire("ask.data", {"ask.data": 1, "place.value": "all", "seen.data": seen})
        seen = shown.get("seen.data", seen)
        rests = shown.get("rests.children", "")
        now = time.perf_counter() - began
        if not curve and "Rests" in rests:
            curve = now
        if not interval and "intervals are" in rests:
            interval = now
        if shown.get("tick.disabled"):
            return curve, interval, now


def told(name: str, seconds: list[float]) -> str:
    """Median, and the spread from the quickest to the slowest."""
    return f"{name:24} median {statistics.median(seconds):5.2f} s, from {min(seconds):.2f} to {max(seconds):.2f} s"


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--changes", type=int, default=8)
    asked.add_argument("--pause", type=float, default=0.0, help="seconds between the change and Run")
    asked.add_argument("--replications", type=int, default=4)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        shutil.copytree(ROOT / "scenarios", workspace)
        with served(workspace, workers=0) as (address, _):
            browser = Browser(address)
            browser.fire("scenario.value", {"scenario.value": SCENARIO})
            first_curve(browser, 10, given.replications, 0)  # the number that the file has: the base alone
            plan = build(load(workspace / SCENARIO))
            one(plan, "fast", 0)
            found = []
            for officers in range(11, 11 + given.changes):
                alone = one(plan, "fast", 0).seconds
                found.append((*first_curve(browser, officers, given.replications, given.pause), alone))
                print(f"{officers} officers: " + ", ".join(f"{part:.2f} s" for part in found[-1]), flush=True)
                time.sleep(BETWEEN)
    curves, intervals, wholes, alone_ = (list(column) for column in zip(*found, strict=True))
    for name, column in (("first curve", curves), ("first interval", intervals), ("all finished", wholes)):
        print(told(name, column))
    print(told("a replication by itself", alone_))
    ratios = [curve / alone for curve, alone in zip(curves, alone_, strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"first curve / a replication by itself: median {statistics.median(ratios):.2f}, from {spread}")


if __name__ == "__main__":
    main()
