"""The command that measures what each system and lever does."""

from __future__ import annotations

from pathlib import Path

import typer

from ..errors import ResultsError
from ..files.explain import nearest
from ..studies.disk import write_text
from ..studies.lock import held
from ..studies.systems import effects, systems, systems_table
from .manner import Manner

_PAGE = """# Systems and levers, with what each does

Each row is a system of the model or a lever of the reform: the scenario file that turns it on or changes it, the test
that holds its rule, and one effect beside the scenario that it is compared to (the base, unless its file says
otherwise). Both met the same random cases, {replications} replications each; the interval is that of the paired
difference. Where it holds zero, the scenario without it hardly feels the system (lines are short, limits are far); the
test shows the rule at work. Each run ends with the year that is measured. Written by
`enforcement-sim effects --replications {replications} --write docs/systems.md`; the catalogue is `{catalogue}`.

{table}"""


def measure_systems(
    catalogue: Path,
    only: list[str],
    out: Path,
    replications: int,
    manner: Manner,
    write: Path | None,
) -> None:
    """Run the scenarios of a catalogue, print a line for each system, write the page if asked."""
    listed = systems(catalogue)
    known = {Path(system.scenario).stem for system in listed}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise ResultsError(f"no scenario '{unknown[0]}' in {catalogue}", try_=nearest(unknown[0], known))
    chosen = [system for system in listed if not only or Path(system.scenario).stem in only]
    with held(out), manner.running(out) as (how, told):
        found = effects(catalogue, chosen, folder=out, replications=replications, how=how, progress=told)
    table = systems_table(found)
    manner.say(table)
    if write is not None:
        write_text(write, _PAGE.format(replications=replications, catalogue=catalogue, table=table))
    manner.end(out=str(out), systems=len(found), not_measured=[e.system.system for e in found if not e.is_measured])
    unmeasured = [effect.system.system for effect in found if not effect.is_measured]
    if unmeasured:
        typer.echo(f"no number for: {', '.join(unmeasured)}", err=True)
        raise typer.Exit(1)
