"""An event log as CSV and as XES (IEEE 1849), for spreadsheets and process-mining programs."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from ..records import NONE, What
from .log import EventLog

CSV_COLUMNS = ("time", "case", "what", "stage", "team", "origin", "field", "home", "handler", "kind")

_LIFECYCLE = {
    What.ARRIVED: "assign",
    What.ENTERED: "schedule",
    What.STARTED: "start",
    What.ENDED: "complete",
    What.GAVE_UP: "withdraw",
    What.TURNED_AWAY: "pi_abort",
    What.CLOSED: "complete",
    What.BROKEN_OFF: "suspend",
    What.EXTENDED: "unknown",
    What.RAN_OUT: "unknown",
    What.LAPSED: "pi_abort",
    What.TAKEN: "assign",
    What.RUNNING: "unknown",
}

_OF_CLOCKS = (What.EXTENDED, What.RAN_OUT, What.RUNNING)


def write_csv(log: EventLog, start: dt.date, path: Path) -> None:
    """One row an event; times as local ISO 8601."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(CSV_COLUMNS)
        for time, case, what, stage, team in _rows(log):
            rows.writerow(
                [
                    _iso(start, time),
                    case,
                    What(what).name.lower(),
                    _stage(log, stage),
                    _who(log, what, team),
                    *_case(log, case),
                ]
            )


def write_xes(log: EventLog, start: dt.date, path: Path) -> None:
    """One trace a case, with the standard extensions concept, lifecycle, time and organizational."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="">\n')
        for name, prefix in (
            ("Concept", "concept"),
            ("Lifecycle", "lifecycle"),
            ("Time", "time"),
            ("Organizational", "org"),
        ):
            file.write(
                f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
            )
        file.write('<classifier name="Activity" keys="concept:name lifecycle:transition"/>\n')
        current = NONE
        for time, case, what, stage, team in _by_case(log):
            if case != current:
                file.write("</trace>\n" if current != NONE else "")
                file.write("<trace>\n" + _string("concept:name", str(case)))
                for key, value in zip(CSV_COLUMNS[5:], _case(log, case), strict=True):
                    file.write(_string(key, value))
                current = case
            name = _stage(log, stage) if stage != NONE else "arrived"
            if what in _OF_CLOCKS:
                name = f"{_who(log, what, team)}: {What(what).name.lower().replace('_', ' ')}"
            file.write(
                "<event>" + _string("concept:name", name) + _string("lifecycle:transition", _LIFECYCLE[What(what)])
            )
            file.write(f'<date key="time:timestamp" value="{_iso(start, time)}"/>')
            file.write(
                (_string(*_by_whom(log, what, team)) if team != NONE and what not in _OF_CLOCKS else "") + "</event>\n"
            )
        file.write(("</trace>\n" if current != NONE else "") + "</log>\n")


def _rows(log: EventLog) -> Any:
    return zip(*(getattr(log, name).tolist() for name in ("time", "case", "what", "stage", "team")), strict=True)


def _by_case(log: EventLog) -> Any:
    return sorted(_rows(log), key=lambda row: row[1])


def _iso(start: dt.date, time: int) -> str:
    moment = dt.datetime.combine(start, dt.time()) + dt.timedelta(seconds=time)
    return moment.isoformat(timespec="milliseconds")


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


def _stage(log: EventLog, stage: int) -> str:
    return "" if stage == NONE else str(log.names.stages[stage])


def _who(log: EventLog, what: int, number: int) -> str:
    """The name of the team, of the officer, or of the clock that a row is about."""
    if number == NONE:
        return ""
    if what in _OF_CLOCKS:
        return str(log.names.clock_rows[number])
    teams = len(log.names.teams)
    return str(log.names.teams[number] if number < teams else log.names.people[number - teams])


def _by_whom(log: EventLog, what: int, number: int) -> tuple[str, str]:
    return "org:resource" if what == What.TAKEN else "org:group", _who(log, what, number)


def _case(log: EventLog, case: int) -> list[str]:
    row, names = log.cases[case], log.names
    return [
        names.origins[row["origin"]],
        names.fields[row["field"]],
        names.jurisdictions[row["home"]],
        names.jurisdictions[row["handler"]],
        names.kinds[row["kind"]],
    ]
