"""A part of a study, as the commands run it on one of several machines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import typer

from ..errors import ResultsError
from ..model.scenario import Scenario
from ..studies.parts import Part, run_part
from ..studies.points import Place
from ..studies.store import Folder
from .manner import Manner


def part_of(written: str | None) -> Part | None:
    """The part of a study that is written as K/N. Raises ResultsError."""
    if written is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", written)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise ResultsError(f"--part {written}: this is no part", try_="for example 1/2 and, elsewhere, 2/2")
    return Part(int(found[1]), int(found[2]))


def run_named_part(
    scenarios: Mapping[str, tuple[Scenario, int]], out: Path, replications: int, part: Part, manner: Manner
) -> None:
    """Run a part of scenarios, each with its seed, by name; tell how to go on. Exit code 1 if anything failed."""
    places = [Place(Folder(out / name), name, one, seed) for name, (one, seed) in scenarios.items()]
    label = f"part {part.number} of {part.of}"
    with manner.running(out) as (how, told):
        told.prepare(*(place.scenario for place in places))
        failed = run_part(out, places, replications, part, how, lambda done, total: told(label, done, total))
    for place, replication, error in failed:
        manner.say(f"failed: {place.name}, replication {replication}: {error}")
    manner.say(
        f"{label} is in {out}. When all parts are there: `enforcement-sim merge DIR... --out WHOLE`, "
        "then this command with `--out WHOLE` and without --part: it runs nothing again, and writes the report"
    )
    lost = [{"name": place.name, "replication": number, "why": str(error)} for place, number, error in failed]
    manner.end(out=str(out), part=part.number, of=part.of, failures=lost)
    if failed:
        raise typer.Exit(1)
