"""What may be taken away by its address: only by the session to which it belongs."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from flask import Flask, Response

from ..errors import EnforcementSimError, ResultsError
from ..measures.frame import ALL
from ..measures.tables import places, titles
from .desk import Desk
from .report import report_of
from .results import ClockRow, Row, Spread, clock_rows, known, rows
from .run import Run
from .sessions import Session
from .words import named, say

COLUMNS = ("jurisdiction", "name", "measure", "clock", "year", "side", "mean", "low", "high", "replications")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a text would be taken for a formula by programs that show tables."""


def register(server: Flask, desk: Desk) -> None:
    """Answer the addresses below /download; 404 for what is not there and for what is another session's."""

    @server.get("/download/run/<id_>.csv")
    def _csv(id_: str) -> Response:
        session = desk.sessions.current()
        try:
            run = session.run_of(id_)
        except ResultsError:
            return _gone(session)
        return _file(table_of(run, desk, session).encode("utf-8-sig"), "text/csv", f"run-{run.number}.csv")

    @server.get("/download/run/<id_>.html")
    def _report(id_: str) -> Response:
        session = desk.sessions.current()
        try:
            run = session.run_of(id_)
            if not run.both:
                return _gone(session)
            with tempfile.TemporaryDirectory(dir=desk.settings.aside) as folder:
                path = Path(folder) / "report.html"
                report_of(run, desk.kept, path, session.language)
                content = path.read_bytes()
        except EnforcementSimError:
            return _gone(session)
        return _file(content, "text/html", f"run-{run.number}.html")

    @server.get("/download/saved/<path:path>")
    def _saved(path: str) -> Response:
        try:
            file = desk.saved_file(path)
        except ResultsError:
            return _gone(desk.sessions.current())
        return _file(file.read_bytes(), "application/yaml", file.name)


def table_of(run: Run, desk: Desk, session: Session) -> str:
    """The tables of a run as CSV, a line for each jurisdiction, measure, legal clock and side; shares from 0 to 1."""
    scenario = run.base.scenario
    names = titles(scenario)
    found = known(run, desk.kept)
    sink = io.StringIO()
    lines = csv.writer(sink)
    lines.writerow(COLUMNS)
    where = places(scenario)
    cells: list[tuple[str, str, Row | ClockRow]] = [(row.place, ALL, row) for row in rows(found, where)]
    cells += [(place, row.clock, row) for place in where for row in clock_rows(found, place)]
    for place, clock, row in cells:
        told = [_text(place), _text(named(place, names, session.language)), row.measure, _text(clock), row.year]
        for side, spread in _sides(row):
            values = [_number(value) for value in (spread.mean, spread.low, spread.high)]
            lines.writerow([*told, side, *values, spread.n])
    return sink.getvalue()


def _sides(row: Row | ClockRow) -> list[tuple[str, Spread]]:
    sides = (("base", row.base), ("changed", row.changed), ("difference", row.difference))
    return [(side, spread) for side, spread in sides if spread is not None]


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float) -> str:
    return "" if value != value else f"{value:.10g}"


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _gone(session: Session) -> Response:
    return Response(say("gone", session.language), 404, mimetype="text/plain")
