"""A small sweep for the tests of running one: a queue of a hundred hours, one parameter, three levels."""

from __future__ import annotations

from pathlib import Path

BASE = """
format: 1
title: {en: Base, zh: 基线}
purpose: theory
seed: 7
period: {length: 100 h}
teams: {staff: {officers: 2}}
procedures:
  queue:
    stages:
      work: {kind: work, team: staff, duration: {family: exponential, mean: 1 h}, then: closed}
origins:
  cases: {process: poisson, enters: work, rate: 0.5 per h}
"""
SWEEP = """
sweep:
  title: {en: Small, zh: 小}
  of: base.yaml
  axes: {teams.staff.officers: [1, 2, 3]}
  replications: 4
"""


def laid(folder: Path, sweep: str = SWEEP, base: str = BASE) -> Path:
    """Lay the two files into a folder; the sweep file."""
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "sweep.yaml").write_text(sweep, encoding="utf-8")
    return folder / "sweep.yaml"


def shards(out: Path) -> dict[str, bytes]:
    """All shards and records below a folder, by name."""
    files = [*out.rglob("runs/*.parquet"), *out.rglob("runs/*.json")]
    return {str(file.relative_to(out)): file.read_bytes() for file in files}
