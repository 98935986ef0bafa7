"""What a report shows of finished results, put together from findings, logs and the table of a sweep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..errors import ResultsError
from ..measures.comparison import compared
from ..measures.pairs import Side
from ..measures.register import dated, register
from ..measures.tables import scenario_tables, titles
from ..measures.visits import visits
from ..model.figures import Title
from ..studies.histories import histories
from ..studies.movement import movements
from ..studies.provenance import code_digest, environment, scenario_digest
from ..studies.replicate import Results, load_results, one_log
from ..studies.store import STUDY_FILE
from ..studies.sureness import sureness
from ..studies.ways_taken import ways_taken
from ..views.pages.shown import Shown, Traced


def of_folder(folder: Path) -> Shown:
    """What is in a folder that `run` or `compare` has written. Raises ResultsError."""
    return of_results([load_results(folder / name) for name in study(folder)])


def study(folder: Path) -> list[str]:
    """The scenarios whose results are in a folder, the base first. Raises ResultsError."""
    try:
        return [str(name) for name in json.loads((folder / STUDY_FILE).read_text(encoding="utf-8"))["scenarios"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"no results in {folder}: {error}", try_="name a folder that `run` has written") from None


def of_results(results: Sequence[Results]) -> Shown:
    """Results of scenarios, the base first, all on the same random cases."""
    base = results[0]
    total = [one.summary for one in results]
    tables = [
        scenario_tables(one.name, one.scenario, one.seed, one.findings, None if one is base else base.findings, summed)
        for one, summed in zip(results, total, strict=True)
    ]
    others = [compared(one.scenario, one.findings, base.scenario, base.findings) for one in results[1:]]
    sure = [
        sureness(one.findings, summed).assign(scenario=at)
        for at, (one, summed) in enumerate(zip(results, total, strict=True))
    ]
    changed = _replayed(results[-1])
    before = _replayed(base) if len(results) > 1 and changed is not None else None
    return Shown(
        title=results[-1].scenario.title if len(results) < 3 else base.scenario.title,
        names=names_of(results),
        tables=tables,
        others=others,
        totals=total,
        traced=None if changed is None else _traced(results[-1], changed),
        movements=None if changed is None else movements(changed, before),
        terms={key: title for one in results for key, title in one.scenario.terms.items()},
        sure=pd.concat(sure, ignore_index=True),
        origin=_origin(results),
    )


def names_of(results: Sequence[Results]) -> dict[str, Title]:
    """The names of everything in some scenarios, outcomes too; the first one's where they differ."""
    names: dict[str, Title] = {}
    for one in results:
        outcomes = (body.outcomes for body in one.scenario.procedures.values())
        names = {key: title for some in outcomes for key, title in some.items()} | titles(one.scenario) | names
    return names


def _replayed(one: Results) -> Side | None:
    """The first replication of a scenario, simulated again: the very log that was kept, or nothing."""
    if not one.log_digests:
        return None
    log, plan = one_log(one.scenario, int(one.findings["replication"].min()), one.seed)
    return Side(log, plan) if log.digest == one.log_digests[0] else None


def _traced(one: Results, side: Side) -> Traced:
    """What a log tells beyond its findings."""
    log, plan = side.log, side.plan
    seen = visits(log)
    missed = register(log, plan, seen)
    told = histories(log, plan, seen, missed)
    listed = dated(missed, one.scenario.period.start)
    ways = ways_taken(log, plan, seen)
    return Traced(log.replication, log.digest, ways, listed, told.cases, told.stays, told.clocks)


def _origin(results: Sequence[Results]) -> dict[str, str]:
    """Facts about where results come from, by word."""
    found = {
        "program": code_digest(),
        "scenarios": "; ".join(f"{one.name} {scenario_digest(one.scenario)}" for one in results),
    }
    found["seed"] = ", ".join(dict.fromkeys(str(one.seed) for one in results))
    found["libraries"] = ", ".join(f"{name} {told}" for name, told in environment().items())
    found["logs"] = "; ".join(f"{one.name} 0: {one.log_digests[0][:16]}" for one in results if one.log_digests)
    return found
