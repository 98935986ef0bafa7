"""The tables of a report, ready to be shown; views format and draw them and compute nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..files.check_evidence import evidence_of
from ..model.derive import jurisdiction_names
from ..model.figures import Evidence, Title
from ..model.scenario import Scenario
from .frame import ALL
from .intervals import difference, summary
from .published import published_table

RESOLUTION = ("days_mean", "days_median", "days_p90")
STAFF = ("officer_hours", "work_hours", "overtime_hours", "use")
WAITS = ("wait_mean", "wait_p90")


@dataclass(frozen=True)
class ScenarioTables:
    """Everything that a report shows of one scenario.

    All tables have the columns of a summary (measure, jurisdiction, field, item, period, mean, low, high, sd, n)
    except `published`, `assumptions`, `sources`. `backlog` has a column `date`. Differences are None for the base.
    """

    name: str
    title: Title
    scenario: Scenario
    seed: int
    replications: int
    reform_on: dt.date | None
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


def scenario_tables(
    name: str, scenario: Scenario, seed: int, findings: pd.DataFrame, base: pd.DataFrame | None
) -> ScenarioTables:
    """The tables of one scenario; `base` are the findings of the scenario that it is compared to, if any."""
    total = summary(findings)
    change = None if base is None else difference(findings, base)
    return ScenarioTables(
        name=name,
        title=scenario.title,
        scenario=scenario,
        seed=seed,
        replications=int(findings["replication"].nunique()),
        reform_on=None if scenario.reform is None else scenario.reform.on,
        backlog=_not_below_zero(_dated(_part(total, "backlog"), scenario)),
        backlog_change=None if change is None else _dated(_part(change, "backlog"), scenario),
        resolution=_part(total, *RESOLUTION),
        resolution_change=None if change is None else _part(change, *RESOLUTION),
        overdue=_shares(_part(total, "overdue_share")),
        staff=_part(total, *STAFF),
        waits=_part(total, *WAITS),
        balance=_not_below_zero(_part(total, "filed", "closed", "open_at_end")),
        yearly=_not_below_zero(_part(total, "backlog_mean")),
        yearly_change=None if change is None else _part(change, "backlog_mean"),
        published=published_table(scenario, findings),
        assumptions=assumptions_table(scenario),
        sources=sources_table(scenario),
    )


def _part(table: pd.DataFrame, *measures: str) -> pd.DataFrame:
    return table[table["measure"].isin(measures)].reset_index(drop=True)


def _not_below_zero(table: pd.DataFrame) -> pd.DataFrame:
    """Intervals of counts, cut where a count cannot be."""
    return table.assign(low=table["low"].clip(lower=0))


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    """Intervals of shares, cut to what a share can be."""
    return table.assign(low=table["low"].clip(0, 1), high=table["high"].clip(0, 1))


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
        for path, evidence in evidence_of(scenario)
        if evidence.assumed is not None
    ]
    return pd.DataFrame(rows, columns=["where", "value", "why", "low", "high"])


def _why(scenario: Scenario, given: str) -> Title:
    return scenario.assumptions.get(given, Title(en=given, zh=given))


def _value(evidence: Evidence) -> str:
    dumped = evidence.model_dump(
        mode="json", exclude={"source", "assumed", "range", "family", "kinds"}, exclude_none=True
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


def titles(scenario: Scenario) -> dict[str, Title]:
    """The names of jurisdictions, fields, teams, stages, phases and clocks in both languages, by their keys."""
    found: dict[str, Title] = {}
    for group in (scenario.jurisdictions, scenario.fields, scenario.teams):
        for key, body in group.items():
            if body.title is not None:
                found[key] = body.title
    for procedure in scenario.procedures.values():
        for key, part in [*procedure.stages.items(), *procedure.clocks.items()]:
            if part.title is not None:
                found.setdefault(key, part.title)
    for key, title in scenario.terms.items():
        found.setdefault(key, title)
    return found


def places(scenario: Scenario) -> list[str]:
    """The jurisdictions of a scenario, the total first."""
    return [ALL, *jurisdiction_names(scenario)]
