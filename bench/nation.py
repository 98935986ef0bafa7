"""A nation on one machine: 333 prefectures with 2,850 counties, three years, about fifteen million cases.

Writes one scenario file for each prefecture, runs them all on two processes with findings for every county kept on
disk, and prints wall time, processor time and peak memory. Run: python bench/nation.py [--prefectures 333] [--out DIR]

Sizes are drawn once from a fixed seed within published ranges, which each file names; nothing is a figure of a real
place. Sources: the yearly enforcement reports of Tianjin's districts (penalties of a county a year: 522 to 7,386, of
which 36 to 73 % in the simple procedure), national returns (2 % of penalties go to reconsideration).
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from string import Template

from enforcement_sim.engines.choice import prepare
from enforcement_sim.files.read import load
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate

PREFECTURES, COUNTIES, CASES_A_YEAR = 333, 2_850, 5_000_000
FEWEST, MOST = 522, 7_386
YEARS = (2023, 2024, 2025)
OFFICE_HOURS, SIMPLE_HOURS, ORDINARY_HOURS, REVIEW_HOURS, OBJECTION_HOURS = 2_000, 1.6, 14.0, 1.7, 11.0
USE = 0.8

MODEL = Template((Path(__file__).parent / "models" / "prefecture.yaml.txt").read_text(encoding="utf-8"))
COUNT = "      - {{year: {year}, jurisdiction: {place}, count: {cases}, assumed: size, range: [100, 7386]}}"
TEAM = (
    "  {place}_{role}: {{title: {{en: {place} {role}, zh: {place}}}, role: {role}, jurisdiction: {place}, "
    "calendar: office, officers: {officers}}}"
)


def officers(cases: float, hours: float, least: int) -> int:
    """Enough officers for so many cases a year."""
    return max(least, math.ceil(cases * hours / (OFFICE_HOURS * USE)))


def sizes(chance: random.Random, prefectures: int) -> list[list[int]]:
    """Cases a year of each county of each prefecture, so that all come to the nation's total."""
    counties = [COUNTIES // PREFECTURES + (1 if n < COUNTIES % PREFECTURES else 0) for n in range(PREFECTURES)]
    for _ in range(2_000):  # some have a few counties, some many
        a, b = chance.randrange(PREFECTURES), chance.randrange(PREFECTURES)
        if a != b and counties[a] > 1 and counties[b] < 22:
            counties[a], counties[b] = counties[a] - 1, counties[b] + 1
    drawn = [[min(MOST, max(FEWEST, chance.lognormvariate(7.3, 0.6))) for _ in range(n)] for n in counties]
    factor = CASES_A_YEAR / sum(map(sum, drawn))
    return [[round(size * factor) for size in places] for places in drawn[:prefectures]]


def text(number: int, places: list[int], chance: random.Random) -> str:
    """The scenario file of one prefecture."""
    simple = round(chance.uniform(0.36, 0.73), 3)
    names = [f"county_{n + 1:02}" for n in range(len(places))]
    teams, counts = [], []
    for name, size in zip(names, places, strict=True):
        ordinary = size * (1 - simple)
        work = size * simple * SIMPLE_HOURS + ordinary * ORDINARY_HOURS
        for role, number_of in (("enforcement", officers(work, 1, 2)), ("review", officers(ordinary, REVIEW_HOURS, 1))):
            staff = f"{{value: {number_of}, assumed: staff, range: [1, {4 * number_of}]}}"
            teams.append(TEAM.format(place=name, role=role, officers=staff))
        for year, cases in ((2022, size // 4), *((year, size) for year in YEARS)):
            counts.append(
                f"      - {{year: {year}, jurisdiction: {name}, count: {cases}, assumed: size, range: [100, 7386]}}"
            )
    objections = officers(sum(places) * (1 - simple) * 0.02, OBJECTION_HOURS, 2)
    return MODEL.substitute(
        serves=", ".join(["prefecture", *names]), number=number, seed=20_240_101 + number, simple=simple,
        teams="\n".join(teams), counts="\n".join(counts),
        objections=f"{{value: {objections}, assumed: staff, range: [1, {4 * objections}]}}",
        places="\n".join(f"  {n}: {{title: {{en: {n}, zh: {n}}}, level: county, parent: prefecture}}" for n in names),
    )  # fmt: skip


def one(given: tuple[Path, Path]) -> tuple[int, int]:
    """Run one prefecture; its cases filed and closed in the three years and the warm-up."""
    file, out = given
    found = replicate(load(file), name=file.stem, replications=1, folder=out / file.stem, how=How(apart=True)).findings
    total = found[(found["jurisdiction"] == "all") & (found["item"] == "cases")].groupby("measure")["value"].sum()
    return int(total["filed"]), int(total["closed"])


def main() -> None:
    """Write, run, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--prefectures", type=int, default=PREFECTURES)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--out", type=Path, default=Path("out/nation"))
    given = asked.parse_args()
    chance = random.Random(20_240_101)
    folder = given.out / "scenarios"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    began = time.perf_counter()
    nation = sizes(chance, given.prefectures)
    for number, places in enumerate(nation, 1):
        files.append(folder / f"prefecture-{number:03}.yaml")
        files[-1].write_text(text(number, places, chance), encoding="utf-8")
    print(
        f"{len(files)} scenario files, {sum(map(len, nation))} counties: written in {time.perf_counter() - began:.1f} s"
    )
    prepare("fast", print)
    began = time.perf_counter()
    with ProcessPoolExecutor(given.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(one, [(file, given.out / "results") for file in files], chunksize=4))
    wall = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    one_worker, parent = used.ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    filed, closed = (sum(column) for column in zip(*done, strict=True))
    print(f"{filed:,} cases filed, {closed:,} closed; findings of every county in {given.out / 'results'}")
    print(f"wall {wall:.0f} s, processor {used.ru_utime + used.ru_stime:.0f} s, {filed / wall:,.0f} cases a second")
    print(
        f"peak memory at most {(given.workers * one_worker + parent) / 2**20:.2f} GiB, "
        f"{one_worker / 2**20:.2f} a worker"
    )


if __name__ == "__main__":
    main()
