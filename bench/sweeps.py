"""Large sweeps from the command to the page: wall time, how busy the processors were, memory, disk, and reading it all.

    python bench/sweeps.py small            1,000 points of 20 replications of the reconsideration scenario of 2024
    python bench/sweeps.py wenzhou          200 points of 30 replications of the reconsideration base, 16,000 cases each
    python bench/sweeps.py tianjin          200 points of --replications of the enforcement base, 530,000 cases each

Prints one line a figure. Memory is the sum of the resident memory of all processes of the command, looked at twice a
second: its median over the second quarter of the run beside that over the last quarter says whether it grows.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMALL = """
  of: SCENARIOS/backlog/reconsideration_2024.yaml
  uncertain:
    procedures.reconsideration.stages.acceptance.duration.median:
      {family: uniform, low: 0.5 h, high: 2 h, assumed: touch_time}
    procedures.reconsideration.stages.decision.duration.median:
      {family: uniform, low: 3 h, high: 8 h, assumed: touch_time}
  axes:
    teams.office.officers: {from: 9, to: 18, whole: true}
"""
WENZHOU = """
  of: SCENARIOS/wenzhou/base.yaml
  axes:
    procedures.reconsideration.stages.deliberation.duration.mode: {from: 5 days, to: 30 days}
"""
TIANJIN = """
  of: SCENARIOS/tianjin/shift_with_staff.yaml
  axes:
    reform.share.urban: {from: 0.1, to: 1.0}
    reform.staff: {from: 0, to: 0.5}
"""
SWEEPS = {"small": (SMALL, 1_000, 20), "wenzhou": (WENZHOU, 200, 30), "tianjin": (TIANJIN, 200, 30)}
QUERY = (
    "SELECT scenario, avg(value) AS open_cases FROM findings WHERE measure = 'backlog_mean' AND field = 'all' "
    "AND jurisdiction = 'all' AND item = 'all' GROUP BY scenario ORDER BY open_cases"
)


def resident(group: int) -> int:
    """Bytes of resident memory of all processes of a process group."""
    pages = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                pages += int(fields[21])
        except (OSError, ValueError, IndexError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def run(words: list[str]) -> tuple[float, float, list[int], str]:
    """Wall seconds, processor seconds, memory over time and output of a command."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    line = [sys.executable, "-m", "enforcement_sim", *words]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True)
    memory: list[int] = []

    def look() -> None:
        while process.poll() is None:
            memory.append(resident(process.pid))
            time.sleep(0.5)

    watch = threading.Thread(target=look)
    watch.start()
    told = process.communicate()[0]
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(f"{' '.join(line)} ended with {process.returncode}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used, memory, told


def told_memory(memory: list[int]) -> str:
    """The peak, and the medians of the second and the last quarter."""
    quarter = max(1, len(memory) // 4)
    second, last = memory[quarter : 2 * quarter] or memory, memory[-quarter:]
    parts = (max(memory), statistics.median(second), statistics.median(last))
    return "peak {:.2f} GiB; second quarter {:.2f}, last quarter {:.2f}".format(*(part / 2**30 for part in parts))


def main() -> None:
    """Run one of the sweeps and read it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep", choices=SWEEPS)
    parser.add_argument("--points", type=int)
    parser.add_argument("--replications", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    body, points, replications = SWEEPS[given.sweep]
    points, replications = given.points or points, given.replications or replications
    folder = given.out or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    file, out = folder / "large.yaml", folder / "out"
    file.write_text(
        f"sweep:\n  title: {{en: Large, zh: 大}}{body.replace('SCENARIOS', str(ROOT / 'scenarios'))}"
        f"  design: {{kind: latin_hypercube, points: {points}}}\n  replications: {replications}\n",
        encoding="utf-8",
    )
    wall, used, memory, _ = run(["sweep", str(file), "--out", str(out), "--workers", str(given.workers), "--quiet"])
    print(f"{given.sweep}: {points} points of {replications} replications, {given.workers} processes")
    print(f"  wall {wall:.0f} s; {points * replications / wall:.1f} replications a second")
    print(f"  processors {100 * used / wall / (os.cpu_count() or 1):.0f} % busy with it ({used:.0f} s)")
    print(f"  memory {told_memory(memory)}")
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    blocks = sum(path.stat().st_blocks * 512 for path in out.rglob("*") if path.is_file())
    print(f"  disk {size / 2**20:.0f} MiB in files, {blocks / 2**20:.0f} MiB of blocks")
    print(f"  the same command again {run(['sweep', str(file), '--out', str(out), '--quiet'])[0]:.1f} s")
    print(f"  one query over all {run(['query', str(out), QUERY])[0]:.1f} s")
    seconds = run(["report", str(out)])[0]
    pages = {page.name: page.stat().st_size for page in (out / "report").glob("*.html")}
    largest = max(pages, key=pages.__getitem__)
    print(f"  report {seconds:.1f} s, {len(pages)} pages, the largest {largest} with {pages[largest] / 1000:.0f} kB")


if __name__ == "__main__":
    main()
