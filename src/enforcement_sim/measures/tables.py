"""The tables of a report, ready to be shown; views format and draw them and compute nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..files.check_evidence import evidence_of
from ..files.tree import Path_
from ..model.derive import jurisdiction_names, procedures_in_use
from ..model.distributions import Legal
from ..model.figures import Evidence, Title
from ..model.law import LawBook
from ..model.legal import Clock
from ..model.periods import rows_in_use
from ..model.scenario import Scenario
from .frame import ALL
from .intervals import difference, summary
from .overdue import overdue_table
from .overload import overload_table
from .published import published_table
from .start import Start, start_of

RESOLUTION = ("days_mean", "days_median", "days_p90")
STAFF = ("officer_hours", "work_hours", "overtime_hours", "use")
WAITS = ("wait_mean", "wait_p90")


@dataclass(frozen=True)
class ScenarioTables:
    """Everything that a report shows of one scenario.

    All tables have the columns of a summary (measure, jurisdiction, field, item, period, mean, low, high, sd, n)
    except `published`, `assumptions`, `sources`, `law` and `overload` (see `overload_table`). `backlog` has a column
    `date`. Differences are None for the base.
    """

    name: str
    title: Title
    scenario: Scenario
    seed: int
    replications: int
    reform_on: dt.date | None
    start: Start
    backlog: pd.DataFrame
    backlog_change: pd.DataFrame | None
    resolution: pd.DataFrame
    resolution_change: pd.DataFrame | None
    overdue: pd.DataFrame
    staff: pd.DataFrame
    waits: pd.DataFrame
    balance: pd.DataFrame
    yearly: pd.DataFrame
    yearly_change: pd.DataFrame | None
    published: pd.DataFrame
    assumptions: pd.DataFrame
    sources: pd.DataFrame
    law: pd.DataFrame
    overload: pd.DataFrame


def scenario_tables(
    name: str,
    scenario: Scenario,
    seed: int,
    findings: pd.DataFrame,
    base: pd.DataFrame | None,
    total: pd.DataFrame | None = None,
) -> ScenarioTables:
    """The tables of one scenario; `base` are the findings of the scenario that it is compared to, if any.

    `total` is the summary of the findings, from who has it already.
    """
    total = summary(findings) if total is None else total
    change = None if base is None else difference(findings, base)
    return ScenarioTables(
        name=name,
        title=scenario.title,
        scenario=scenario,
        seed=seed,
        replications=int(findings["replication"].nunique()),
        reform_on=None if scenario.reform is None else scenario.reform.on,
        start=start_of(scenario, findings),
        backlog=_not_below_zero(_dated(_part(total, "backlog"), scenario)),
        backlog_change=None if change is None else _dated(_part(change, "backlog"), scenario),
        resolution=_part(total, *RESOLUTION),
        resolution_change=None if change is None else _part(change, *RESOLUTION),
        overdue=overdue_table(findings, total),
        staff=_part(total, *STAFF),
        waits=_part(total, *WAITS),
        balance=_not_below_zero(_part(total, "open_at_start", "filed", "closed", "open_at_end")),
        yearly=_not_below_zero(_part(total, "backlog_mean")),
        yearly_change=None if change is None else _part(change, "backlog_mean"),
        published=published_table(scenario, findings),
        assumptions=assumptions_table(scenario),
        sources=sources_table(scenario),
        law=law_table(scenario),
        overload=overload_table(scenario, findings),
    )


def _part(table: pd.DataFrame, *measures: str) -> pd.DataFrame:
    return table[table["measure"].isin(measures)].reset_index(drop=True)


def _not_below_zero(table: pd.DataFrame) -> pd.DataFrame:
    """Intervals of counts, cut where a count cannot be."""
    return table.assign(low=table["low"].clip(lower=0))


def _dated(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    start = np.datetime64(scenario.period.start)
    return table.assign(date=start + table["period"].to_numpy().astype("timedelta64[D]"))


def assumptions_table(scenario: Scenario) -> pd.DataFrame:
    """Every number that nobody has published: where, value, why assumed, lowest and highest value worth trying."""
    rows = [
        {
            "where": ".".join(str(part) for part in path),
            "value": _value(evidence),
            "why": _why(scenario, evidence.assumed),
            "low": None if evidence.range is None else evidence.range[0],
            "high": None if evidence.range is None else evidence.range[1],
        }
        for path, evidence in own_evidence(scenario)
        if evidence.assumed is not None
    ]
    return pd.DataFrame(rows, columns=["where", "value", "why", "low", "high"])


def own_evidence(scenario: Scenario) -> Iterator[tuple[Path_, Evidence]]:
    """Every number once: not what a procedure takes over from another, nor a procedure that no case follows."""
    procedures = scenario.procedures
    needed = list(procedures_in_use(scenario))
    for name in needed:
        base = procedures[name].extends
        if base in procedures and base not in needed:
            needed.append(base)
    inherited = {
        name: dict(evidence_of(procedures[body.extends], ("procedures", name)))
        for name, body in procedures.items()
        if body.extends in procedures
    }
    for path, evidence in evidence_of(scenario):
        name = str(path[1]) if path[0] == "procedures" else ""
        if not name or (name in needed and inherited.get(name, {}).get(path) != evidence):
            yield path, evidence


def _why(scenario: Scenario, given: str) -> Title:
    return scenario.assumptions.get(given, Title(en=given, zh=given))


def _value(evidence: Evidence) -> str:
    dumped = evidence.model_dump(
        mode="json", exclude={"source", "assumed", "law", "range", "family", "kinds"}, exclude_none=True
    )
    if set(dumped) == {"value"}:
        return str(dumped["value"])
    return ", ".join(f"{key} {value}" for key, value in dumped.items())


def sources_table(scenario: Scenario) -> pd.DataFrame:
    """Every listed source: key, citation, url, date, note, and how many numbers rest on it."""
    used: dict[str, int] = {}
    for _, evidence in evidence_of(scenario):
        if evidence.source is not None:
            used[evidence.source] = used.get(evidence.source, 0) + 1
    for row in scenario.published:
        used[row.source] = used.get(row.source, 0) + 1
    rows = [
        {
            "key": key,
            "citation": body.citation,
            "url": body.url or "",
            "date": body.date or "",
            "note": body.note or "",
            "numbers": used.get(key, 0),
        }
        for key, body in scenario.sources.items()
    ]
    return pd.DataFrame(rows, columns=["key", "citation", "url", "date", "note", "numbers"])


LAW = ("row", "statute", "step", "article", "from", "to", "version", "written", "unit", "evidence", "numbers", "clocks")


def law_table(scenario: Scenario) -> pd.DataFrame:
    """Every row of the law that a scenario rests on: where it stands, since when, and how well it is known.

    Columns as in LAW. `statute` is a Title; `from` and `to` are dates or "", `evidence` is text, page or memory;
    `numbers` and `clocks` count what rests on the row. A clock or a legal period counts for each version of its row
    that is in force inside the period.
    """
    book = scenario.law
    used: dict[str, list[int]] = {}
    if book is not None:
        for _, evidence in own_evidence(scenario):
            if evidence.law is not None:
                legal = isinstance(evidence, Legal)
                for row in rows_in_use(book, evidence.law, scenario.period) if legal else [evidence.law]:
                    used.setdefault(row, [0, 0])[0] += 1
        for row in _rows_of_clocks(scenario):
            for version in rows_in_use(book, row, scenario.period):
                used.setdefault(version, [0, 0])[1] += 1
    rows = [] if book is None else [_law_row(book, row, *used[row]) for row in book.rows() if row in used]
    return pd.DataFrame(rows, columns=list(LAW))


def _rows_of_clocks(scenario: Scenario) -> list[str]:
    """The row of each clock that has one; what a procedure takes over unchanged from another counts once."""
    seen: list[tuple[str, Clock]] = []
    for procedure in procedures_in_use(scenario):
        for one in scenario.procedures[procedure].clocks.items():
            if one not in seen:
                seen.append(one)
    return [clock.law for _, clock in seen if clock.law is not None]


def _law_row(book: LawBook, row: str, numbers: int, clocks: int) -> dict[str, Any]:
    body = book.provision(row)
    assert body is not None
    values = (
        row, book.statute_of(row).title, body.title, body.article, body.starts_on or "", body.ends_on or "",
        body.version or "", body.written, body.unit, body.evidence, numbers, clocks,
    )  # fmt: skip
    return dict(zip(LAW, values, strict=True))


def titles(scenario: Scenario) -> dict[str, Title]:
    """The names of jurisdictions, fields, teams, stages, phases, clocks and registers in both languages, by key."""
    found: dict[str, Title] = {}
    for group in (scenario.jurisdictions, scenario.fields, scenario.teams):
        for key, body in group.items():
            if body.title is not None:
                found[key] = body.title
    for procedure in scenario.procedures.values():
        for key, part in [*procedure.stages.items(), *procedure.clocks.items()]:
            if part.title is not None:
                found.setdefault(key, part.title)
    for name, register in scenario.registers.items():
        named = {name: register.title} | {f"{name}/{key}": credit.title for key, credit in register.classes.items()}
        for key, told in named.items():
            if told is not None:
                found.setdefault(key, told)
    for key, title in scenario.terms.items():
        found.setdefault(key, title)
    return found


def places(scenario: Scenario) -> list[str]:
    """The jurisdictions of a scenario, the total first."""
    return [ALL, *jurisdiction_names(scenario)]
