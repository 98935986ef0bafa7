"""Questions in SQL about all results in a folder, asked of the shards themselves through DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ..errors import ResultsError
from .disk import is_here
from .folders import in_study
from .machine import FACTS

VIEWS = {
    "scenarios": "scenario, name, seed, key, replications, finished",
    "runs": "scenario, replication, log, rows",
    "times": "scenario, replication, seconds, finished, machine",
    "machines": ", ".join(FACTS),
    "findings": "scenario, replication, measure, jurisdiction, field, item, period, value",
}
"""Names of the views and their columns."""


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the VIEWS of all sound results in a folder.

    Spoilt shards are warned of and left out, and so are points that the sweep there has no more.
    """
    rows: dict[str, list[dict[str, Any]]] = {"scenarios": [], "shards": [], "times": [], "machines": []}
    for place in in_study(folder)[0]:
        told, name = place.manifest(), place.name_in(folder)
        records = place.records(told["key"])
        replications = told["scenario"]["replications"]
        rows["scenarios"].append({**told, "scenario": name, "replications": replications, "finished": len(records)})
        rows["shards"] += [
            {**record, "scenario": name, "file": _named(place.shard(r))} for r, record in records.items()
        ]
        rows["machines"] += [one for one in place.notes.machines() if one not in rows["machines"]]
        rows["times"] += [{**row, "scenario": name} for row in place.notes.times(told["key"])]
    if not rows["shards"]:
        raise ResultsError(f"no finished replication in {folder}", try_="run the same command again")
    base = duckdb.connect()
    if not is_here(folder):
        base.register_filesystem(folder.fs)  # type: ignore[attr-defined]
    _table(base, "scenarios", rows["scenarios"], VIEWS["scenarios"])
    _table(base, "shards", rows["shards"], f"{VIEWS['runs']}, file")
    _table(base, "times", rows["times"], VIEWS["times"])
    _table(base, "machines", rows["machines"], VIEWS["machines"])
    base.execute(f"CREATE VIEW runs AS SELECT {VIEWS['runs']} FROM shards")
    listed = ", ".join("'" + row["file"].replace("'", "''") + "'" for row in rows["shards"])
    base.execute(
        f"CREATE VIEW findings AS SELECT {VIEWS['findings']} "
        f"FROM read_parquet([{listed}], filename = true) found JOIN shards ON found.filename = shards.file"
    )
    return base


def _named(file: Path) -> str:
    """A file as DuckDB names it."""
    return str(file) if is_here(file) else f"{file.protocol}://{file.path}"  # type: ignore[attr-defined]


def _table(base: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], columns: str) -> None:
    frame = pd.DataFrame(rows, columns=columns.split(", "))
    base.register("given", frame)
    base.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    base.unregister("given")


def ask(folder: Path, question: str) -> pd.DataFrame:
    """The answer to a question in SQL; ResultsError says what is wrong with one that cannot be asked."""
    with opened(folder) as base:
        try:
            answer = base.execute(question)
            return pd.DataFrame() if answer.description is None else answer.df()
        except duckdb.Error as error:
            told = "; ".join(f"{name} ({columns})" for name, columns in VIEWS.items())
            raise ResultsError(f"the question cannot be answered: {error}", try_=f"the views {told}") from None
